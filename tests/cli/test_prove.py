"""`solgen check --prove`: what it says, what is kept, and what later runs say of it."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from solgen.build.cache import Store
from solgen.build.proofs import Kept, keep_proofs
from solgen.document.certificate import certificate
from solgen.model.step import gradient
from solgen.model.verdict import Checks, Mutants, Proof
from solgen.render.terminal_words import terminal_words

TANH_NET = (Path(__file__).parents[2] / "tests/cases/problems/tanh-net.yaml").read_text()


def put(text: str, name: str = "p.yaml") -> str:
    Path(name).write_text(text)
    return name


def proofs_of(printed: str) -> list[dict[str, object]]:
    (row,) = json.loads(printed)
    (problem,) = row["problems"]
    found: list[dict[str, object]] = problem["checks"]["proofs"]
    return found


def test_answers_are_proved_and_later_runs_say_so(solgen) -> None:
    before = solgen("check", put(TANH_NET), "--json")
    assert proofs_of(before.out) == []
    assert "proved" not in solgen("check", "p.yaml").out
    ran = solgen("check", "p.yaml", "--prove")
    assert ran.code == 0
    assert "proved by sympy at d = 3, k = 3, h = 3: 4 answers" in ran.out and "4 of 4 answers proved" in ran.out
    later = solgen("check", "p.yaml")
    assert later.code == 0, later.err  # what the page says of it is read back
    assert "proved by sympy at d = 3, k = 3, h = 3: 4 answers" in later.out
    rows = proofs_of(solgen("check", "p.yaml", "--json").out)
    assert {row["id"] for row in rows} == {"dL/dW2", "dL/db2", "dL/dW1", "dL/db1"}
    assert all(row["verdict"] == "proved" and row["sizes"] == {"d": 3, "k": 3, "h": 3} for row in rows)
    reworded = solgen("check", put(TANH_NET.replace("all parameters", "every parameter")))
    assert reworded.code == 0 and "4 answers" in reworded.out


def test_a_disproof_that_is_kept_fails_every_check(solgen, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("solgen.build.pipeline.proofs_key", lambda problem, program: "k")
    wrong = Proof(gradient("L", "W1"), "disproved", {"d": 2}, why="sympy's derivative of the model is another")
    keep_proofs("k", Kept(10.0, (wrong,)), Store(Path(".cache").absolute() / "made"))
    for _ in range(2):
        ran = solgen("check", put(TANH_NET))
        assert ran.code == 1
        assert "error[disproved]: dL/dW1: sympy's derivative of the model is another (at d = 2)" in ran.err
        assert "p.yaml:15:5" in ran.err and "FAILED" in ran.out


def test_seconds_alone_are_wrong_usage(solgen) -> None:
    ran = solgen("check", put(TANH_NET), "--seconds", "5")
    assert ran.code == 2 and "--prove" in ran.err


def test_the_certificate_says_what_is_proved_at_which_sizes() -> None:
    step = gradient("L", "W")
    proofs = (
        Proof(step, "proved", {"n": 3, "d": 3}), Proof(step, "proved", {"n": 3, "d": 3}, 8), Proof(step, "proved", {}),
        Proof(step, "out of reach", {"n": 2}, why="10 s were not enough"),
    )  # fmt: skip
    checks = Checks((), Mutants(1), {}, 3, "", 0)
    assert "roved" not in " ".join(map(terminal_words, certificate(checks, "solgen check")))
    made = certificate(replace(checks, proofs=proofs), "solgen check")
    told = [terminal_words(sentence).replace("\u00a0", " ") for sentence in made]
    assert told[-3:-1] == [
        "Proved by symbolic differentiation for n = 3, d = 3: 2 answers.",
        "Proved by symbolic differentiation: 1 answer.",
    ]
