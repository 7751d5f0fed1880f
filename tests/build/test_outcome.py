"""Outcomes survive the cache as they are, and are gone when a file of theirs is."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from pathlib import Path
from typing import get_args

import pytest

from solgen.build.cache import Store
from solgen.build.outcome import (
    Outcome,
    PartReport,
    Report,
    checks_json,
    dump_checks,
    dump_outcome,
    gravest,
    load_checks,
    load_outcome,
    outcomes_json,
    report_unmade,
    unread,
)
from solgen.errors import Diagnostic, InputError, Span
from solgen.model.quantity import Computed, Quantity
from solgen.model.step import Kind, StepId, Symbol, gradient, load_step, name_statement
from solgen.model.verdict import Check, Checks, MutantId, Mutants, Refutation, Trial

CHECKS = Checks(
    (
        Check(StepId("a", "gradient", Symbol("W", "L")), "dL/dW", "h @ r.T", "equal", "ball", 60, 3),
        Check(name_statement("operation", "x"), "1", "2", "different", "exact", 0, 1, "no"),
    ),
    Mutants(3, (MutantId(gradient("L", "W"), "transposed"),), (MutantId(gradient("L", "W"), "sign"),)),
    {"m": 3, "n": 4},
    3,
    "5eed",
    60,
    ("relu at x > 0",),
    (Trial(StepId("a", "mistakes", Symbol("W", "L")), (Quantity("x", ("1", "2")),), {"phi": "u^2"}, (
        Refutation(StepId("a", "mistake", Symbol("W", "L"), number=1), "value", "1", "2", (1,)),
    )),),
    (Computed(StepId("a", "example", path="example"), (Quantity("x", "3/7"),), {"L": (Quantity("x", "1"),)}),),
)  # fmt: skip
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
    assert load_outcome(dump_outcome(OUTCOME, store), store) == replace(OUTCOME, reused=True)


def test_an_outcome_whose_file_is_gone_is_gone(tmp_path: Path) -> None:
    store = Store(tmp_path)
    data = dump_outcome(OUTCOME, store)
    store.prune(room=0)
    assert load_outcome(data, store) is None


def test_a_certificate_survives_the_cache() -> None:
    assert load_checks(dump_checks(CHECKS)) == CHECKS


def test_certificates_can_be_read_by_a_program() -> None:
    a, b = json.loads(checks_json(OUTCOME.reports))
    assert a["checks"]["checks"][0]["digits"] == 60 and a["checks"]["seed"] == "5eed" and a["unchecked"] == ["$x$"]
    assert b["checks"] is None and "anew" not in a


def test_a_program_reads_the_printed_names() -> None:
    found = json.loads(checks_json(OUTCOME.reports))[0]["checks"]
    assert [check["id"] for check in found["checks"]] == ["(a) dL/dW", "operation x"]
    assert [*found["checks"][0]][:3] == ["id", "left", "right"]
    assert found["mutants"] == {"killed": 3, "equivalent": ["dL/dW: transposed"], "survived": ["dL/dW: sign"]}
    assert [(t["id"], t["refuted"][0]["id"]) for t in found["trials"]] == [
        ("(a) mistakes dL/dW", "(a) mistakes dL/dW #1")
    ]
    assert [e["id"] for e in found["examples"]] == ["(a) example"]


W, JACOBIAN = Symbol("W", "L"), Symbol("x", "y")
GRAPH, STEP = StepId("b", "gradient", W, within="graph"), StepId("c", "step", JACOBIAN, number=4)
PROOF = StepId(kind="proof", symbol=Symbol("matvec"), path="chain rule")
SUM = StepId("b", "routes", W)
PLACES = {
    StepId("a", "gradient", W): "7", gradient("L", "W"): "7", GRAPH: "figure 2", StepId("b", "part"): "part (b)",
    name_statement("rule", "matvec"): "rule 3", STEP: "9", SUM: "8", name_statement("forward", "z"): "part (a)",
    name_statement("shape", "z"): "part (a)",
}  # fmt: skip


@pytest.mark.parametrize(("step", "name", "place"), [
    (StepId("a", "gradient", W, member=2), "(a) dL/dW (2)", "7"),
    (gradient("L", "W").name_check("differences"), "dL/dW differences", "7"),
    (StepId(symbol=W, within="batch:", check="value"), "batch: dL/dW value", "7"),
    (StepId("b", "expected derivative", W), "(b) expect dL/dW", "7"),
    (StepId("b", "expected derivative", Symbol("W", "L", "[k, :]")), "(b) expect dL/dW[k, :]", "7"),
    (GRAPH.name_check(member=1), "(b) graph dL/dW (1)", "figure 2"),
    (PROOF.name_check(member=3), "rule matvec: chain rule (3)", "rule 3"),
    (STEP.name_check("entries", 9), "(c) dy/dx step 4 entries (9)", "9"),
    (STEP.name_check("g'", 2), "(c) dy/dx step 4 g' (2)", "9"),
    (SUM, "(b) sum of paths", "8"),
    (SUM.name_check("sum"), "(b) sum of paths sum", "part (b)"),
    (StepId(kind="forward", symbol=Symbol("z"), within="batch:"), "batch: forward z", "part (a)"),
    (name_statement("shape", "z"), "shape z", "part (a)"),
    (StepId("b", "expected shape", Symbol("W")), "(b) expect shape W", "part (b)"),
    (StepId(kind="proof", symbol=Symbol("outer"), path="statement"), "rule outer: statement", ""),
    (StepId(symbol=Symbol("x", "L", order=2)), "d2L/dx2", ""),
])  # fmt: skip
def test_a_check_is_listed_where_the_page_has_it(step: StepId, name: str, place: str) -> None:
    """Its line's number, else that of what it speaks of, else the figure or the part."""
    report = Report("A", "a.yaml", replace(CHECKS, checks=(Check(step, "", "", "equal", "exact", 0, 1),)))
    (row,) = json.loads(checks_json([report], [PLACES]))
    assert (row["checks"]["checks"][0]["equation"], row["checks"]["checks"][0]["id"]) == (place, name)


def test_checks_come_in_the_order_of_their_equations() -> None:
    """Equations, then rules, figures, parts, each in order, 10 after 9; last what no page shows."""
    steps = {name: name_statement("operation", name) for name in "abcdefghi"}
    checks = tuple(Check(step, "", "", "equal", "exact", 0, 1) for step in steps.values())
    places = dict(
        zip(steps.values(), "rule 10,12,,2,part (b),figure 2,rule 9,part (a),figure 10".split(","), strict=True)
    )
    known = {step: place for step, place in places.items() if place}
    (row,) = json.loads(checks_json([Report("A", "a.yaml", replace(CHECKS, checks=checks))], [known]))
    assert [check["equation"] for check in row["checks"]["checks"]] == [
        "2", "12", "rule 9", "rule 10", "figure 2", "figure 10", "part (a)", "part (b)", "",
    ]  # fmt: skip
    assert row["checks"]["checks"][-1]["id"] == "operation c"


@pytest.mark.parametrize("kind", get_args(Kind))
def test_a_name_survives_as_data_and_tells_all_that_it_holds(kind: Kind) -> None:
    step = StepId("b", kind, Symbol("W", "L", "[k, :]"), "h", 3, "graph", "entries", 2)
    assert load_step(json.loads(json.dumps(asdict(step)))) == step
    assert str(step).startswith("(b) graph") and str(step).endswith(" entries (2)")
    assert step.line == StepId("b", kind, Symbol("W", "L", "[k, :]"), "h", 3, "graph")


@pytest.mark.parametrize(("codes", "worst"), [
    ([], 0), ([0, 0], 0), ([0, 1], 1), ([1, 3], 3), ([3, 2, 1], 2), ([0, 2], 2),
])  # fmt: skip
def test_the_gravest_exit_code_is_that_of_all(codes: list[int], worst: int) -> None:
    """What the machine or the input did wrong comes before what TeX did, and that before a failed check."""
    assert gravest(codes) == worst


def test_a_problem_failed_where_it_or_a_part_of_it_is_wrong() -> None:
    assert not Report("A", "a.yaml", CHECKS, parts=(PartReport("a", 7),)).failed
    assert Report("A", "a.yaml", CHECKS, parts=PARTS).failed
    assert Report("A", "a.yaml", None, wrong=(BAD,)).failed


def test_a_set_that_cannot_be_read_says_why() -> None:
    wrong = InputError([BAD])
    assert unread(Path("problems/p"), wrong) == Outcome(Path("problems/p"), "p", diagnostics=(BAD,), exit_code=2)


def test_a_set_that_the_machine_stopped_names_the_file() -> None:
    found = report_unmade(Path("problems/p"), OSError(28, "No space left on device", "output/p.pdf"))
    (told,) = found.diagnostics
    assert told.message == "problems/p was not finished: output/p.pdf: No space left on device"
    assert (found.name, found.exit_code) == ("p", 2)
    (told,) = report_unmade(Path("p"), OSError("gone")).diagnostics
    assert told.message == "p was not finished: gone"


def test_outcomes_can_be_read_by_a_program() -> None:
    a, b = json.loads(outcomes_json([OUTCOME, unread(Path("q"), InputError([BAD]))]))
    assert (a["set"], a["source"], a["exit_code"], len(a["problems"])) == ("p", "problems/p", 2, 2)
    assert [d["code"] for d in a["diagnostics"]] == ["bad", "worse"]
    assert a["diagnostics"][0]["span"] == {"file": "a.yaml", "line": 1, "column": 2, "end": 3}
    assert (b["set"], b["problems"], b["exit_code"]) == ("q", [], 2)
