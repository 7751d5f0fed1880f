"""Outcomes survive the cache as they are, and are gone when a file of theirs is."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

from solgen.cache import Store
from solgen.errors import Diagnostic, Span
from solgen.outcome import Outcome, PartReport, Report, checks_json, dump, dump_checks, load, load_checks
from solgen.verdict import Check, Checks, Mutants

CHECKS = Checks(
    (
        Check("(a) dL/dW", "dL/dW", "h @ r.T", "equal", "ball", 60, 3),
        Check("x", "1", "2", "different", "exact", 0, 1, "no"),
    ),
    Mutants(3, ("transposed",), ("sign",)),
    {"m": 3, "n": 4},
    3,
    "5eed",
    60,
    ("relu at x > 0",),
)
BAD = Diagnostic("bad", "message", Span("a.yaml", 1, 2, 3), "hint", "line")
PARTS = (PartReport("a", 7), PartReport("b", 9, (BAD,)))
OUTCOME = Outcome(
    Path("problems/p"), "p", "Title",
    (Report("A", "a.yaml", CHECKS, ("$x$",), PARTS), Report("B", "b.yaml", None)),
    (BAD, Diagnostic("worse", "no place")),
    2, {"solutions.pdf": b"%PDF-\x00", "a.tex": b"\\relax"},
)  # fmt: skip


def test_an_outcome_survives_the_cache(tmp_path: Path) -> None:
    store = Store(tmp_path)
    assert load(dump(OUTCOME, store), store) == replace(OUTCOME, reused=True)


def test_an_outcome_whose_file_is_gone_is_gone(tmp_path: Path) -> None:
    store = Store(tmp_path)
    data = dump(OUTCOME, store)
    store.prune(room=0)
    assert load(data, store) is None


def test_a_certificate_survives_the_cache() -> None:
    assert load_checks(dump_checks(CHECKS)) == CHECKS


def test_certificates_can_be_read_by_a_program() -> None:
    a, b = json.loads(checks_json(OUTCOME.reports))
    assert a["checks"]["checks"][0]["digits"] == 60 and a["checks"]["seed"] == "5eed" and a["unchecked"] == ["$x$"]
    assert b["checks"] is None and "anew" not in a


def test_checks_come_in_the_order_of_their_equations() -> None:
    report = Report(
        "A", "a.yaml", replace(CHECKS, checks=tuple(Check(k, "", "", "equal", "exact", 0, 1) for k in "abcd"))
    )
    (row,) = json.loads(checks_json([report], [{"b": "12", "d": "2", "a": "rule 1"}]))
    numbered = [(check["equation"], check["id"]) for check in row["checks"]["checks"]]
    assert numbered == [("2", "d"), ("12", "b"), ("rule 1", "a"), ("", "c")]
