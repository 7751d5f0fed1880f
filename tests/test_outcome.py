"""Outcomes survive the cache as they are, and are gone when a file of theirs is."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

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


PLACES = {
    "(a) dL/dW": "7", "dL/dW": "7", "(b) dL/dW graph": "figure 2", "(b)": "part (b)", "rule matvec": "rule 3",
    "(c) dy/dx step 4": "9", "forward z": "part (a)", "shape z": "part (a)",
}  # fmt: skip


@pytest.mark.parametrize(("name", "place"), [
    ("(a) dL/dW (2)", "7"), ("dL/dW differences", "7"), ("batch: dL/dW value", "7"), ("(b) expect dL/dW", "7"),
    ("(b) dL/dW graph (1)", "figure 2"), ("rule matvec: chain rule (3)", "rule 3"),
    ("(c) dy/dx step 4 entries (9)", "9"),
    ("(c) dy/dx step 4 g' (2)", "9"), ("batch: forward z", "part (a)"), ("shape z", "part (a)"),
    ("(b) expect shape W", "part (b)"), ("rule outer: statement", ""),
])  # fmt: skip
def test_a_check_is_listed_where_the_page_has_it(name: str, place: str) -> None:
    """Its line's number, else that of what it speaks of, else the figure or the part."""
    report = Report("A", "a.yaml", replace(CHECKS, checks=(Check(name, "", "", "equal", "exact", 0, 1),)))
    (row,) = json.loads(checks_json([report], [PLACES]))
    assert row["checks"]["checks"][0]["equation"] == place


def test_checks_come_in_the_order_of_their_equations() -> None:
    report = Report(
        "A", "a.yaml", replace(CHECKS, checks=tuple(Check(k, "", "", "equal", "exact", 0, 1) for k in "abcd"))
    )
    (row,) = json.loads(checks_json([report], [{"b": "12", "d": "2", "a": "rule 1"}]))
    numbered = [(check["equation"], check["id"]) for check in row["checks"]["checks"]]
    assert numbered == [("2", "d"), ("12", "b"), ("rule 1", "a"), ("", "c")]
