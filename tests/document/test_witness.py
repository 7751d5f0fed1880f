"""What pages print is recorded, and a formula that nothing checked stands behind stops the build and the terminal."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from solgen.build.job import Job
from solgen.build.pipeline import make
from solgen.calculus.derive import derive
from solgen.cli.shown import write_solutions
from solgen.document import entry_grids
from solgen.document.pages import tell_in_full
from solgen.document.telling import telling
from solgen.document.voice import Voice
from solgen.errors import VerificationError
from solgen.expr.arith import neg
from solgen.expr.nodes import Adj, Var
from solgen.model.derivation import Derivation
from solgen.model.verdict import Checks
from solgen.numeric.checks.founded import find_unfounded, is_symbol
from solgen.numeric.verify import verify
from solgen.reader.set_file import read
from solgen.tex import Engine

TEXT = """\
title: A layer
statement: Let [[eq h]].
model: |
  x: R[n]
  W: R[n, n]
  z = W @ x
  h = softmax(z)
  L = norm2sq(h)
parts:
  - prompt: Derive [[symbol dL/dW]].
    solve: {gradients: 'W, x'}
  - prompt: Derive it entry by entry.
    solve: {jacobian: h, wrt: z, form: [index, entries]}
    answer: Hence [[dL/dz]].
"""
NO_ENGINE = Engine(("pdflatex",), (), "system", "", "", ())


@pytest.fixture(scope="module")
def solved(tmp_path_factory: pytest.TempPathFactory) -> tuple[Derivation, Checks]:
    file = tmp_path_factory.mktemp("p") / "p.yaml"
    file.write_text(TEXT)
    made = derive(read(file).problems[0])
    return made, verify(made)


def negated(patch: pytest.MonkeyPatch) -> None:
    """The last side of every chain printed with the other sign."""
    chain = Voice.chain
    patch.setattr(
        Voice, "chain", lambda self, sides, *given, **named: chain(self, (*sides[:-1], neg(sides[-1])), *given, **named)
    )


def test_every_formula_is_recorded_with_its_part(solved: tuple[Derivation, Checks]) -> None:
    made, checks = solved
    printed = telling(made, checks=checks).printed
    assert {part for part, _ in printed} == {"", "a", "b"}
    z, h = (q for q in made.problem.model.equations if q.var.name in "hz")
    assert ("", z.body) not in printed and {("a", z.body), ("", h.body)} <= set(printed)
    assert find_unfounded(made, checks, printed) == []


@pytest.mark.parametrize("patch_of", ["chain", "cell", "equation"])
def test_a_formula_that_was_made_up_is_named(
    patch_of: str, solved: tuple[Derivation, Checks], monkeypatch: pytest.MonkeyPatch
) -> None:
    made, checks = solved
    if patch_of == "chain":
        negated(monkeypatch)
    elif patch_of == "cell":
        corner = entry_grids.corner
        monkeypatch.setattr(entry_grids, "corner", lambda entry, at: neg(corner(entry, at)))
    else:
        equation = Voice.equation
        monkeypatch.setattr(Voice, "equation", lambda self, q: equation(self, replace(q, body=neg(q.body))))
    found = find_unfounded(made, checks, telling(made, checks=checks).printed)
    assert found and all(part in ("a", "b") for part, _ in found)


def test_the_terminal_does_not_show_it(solved: tuple[Derivation, Checks], monkeypatch: pytest.MonkeyPatch) -> None:
    negated(monkeypatch)
    with pytest.raises(VerificationError, match=r"error\[unverified\]: part \(a\) prints `-"):
        write_solutions([solved], "", "markdown")


@pytest.mark.parametrize("part", ["a", "b"])
def test_the_build_stops_with_the_part_and_the_formula(
    part: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("p.yaml").write_text(TEXT)
    negated(monkeypatch)
    outcome = make(Job(Path("p.yaml"), tmp_path / "cache", "program", typesets=True, engine=NO_ENGINE))
    assert outcome.exit_code == 1 and not outcome.files
    told_ = [d for d in outcome.diagnostics if d.message.startswith(f"part ({part}) prints `")]
    assert told_ and {d.code for d in told_} == {"unverified"}
    assert {d.span.line for d in told_ if d.span} == {{"a": 10, "b": 12}[part]}


def test_the_appendix_is_asked_too(solved: tuple[Derivation, Checks]) -> None:
    made, checks = solved
    problem_set = read(Path(made.problem.file))
    own, appendix = tell_in_full(problem_set, [made], [checks], {}).printed
    assert appendix and find_unfounded(made, checks, appendix) == []
    assert find_unfounded(made, checks, [("", neg(e)) for _, e in appendix if not is_symbol(e)])
    assert set(own).isdisjoint(appendix)


def test_a_certificate_without_a_check_stands_behind_nothing_more(solved: tuple[Derivation, Checks]) -> None:
    made, checks = solved
    printed = telling(made, checks=checks).printed
    assert find_unfounded(made, Checks((), checks.mutants, {}, 0, "", 0), printed)


def test_names_state_nothing() -> None:
    x, loss = Var("x"), Var("L")
    assert is_symbol(x) and is_symbol(Adj(loss, x)) and not is_symbol(neg(x))
