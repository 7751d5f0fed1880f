"""A sample of `make mutants`: the same few mutants each time, each noticed; and a blind check is noticed too."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from solgen.expr.arith import ONE
from solgen.expr.ops import TABLE, Elementwise
from tests.mutants import rows, source
from tests.mutants.judge import Verdict
from tests.mutants.mutant import Mutant
from tests.mutants.report import bad, report

ROOT = Path(__file__).parents[1]
RULE = Mutant("a rule", "broken", lambda: None)


def run(*arguments: str, before: str = "") -> subprocess.CompletedProcess[str]:
    """`python -m tests.mutants`, after a line that breaks something else."""
    program = f"{before}\nimport sys\nfrom tests.mutants.__main__ import main\nsys.exit(main({list(arguments)!r}))"
    return subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False)


def test_a_sample_is_noticed() -> None:
    done = run("--sample", "30", "--quick")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "30 mutants of the engine" in done.stdout and "0 survived, 0 never run" in done.stdout


@pytest.mark.parametrize("room", ["reader"])
def test_a_sample_of_a_room_is_noticed(room: str) -> None:
    done = run("--slice", room, "--sample", "8", "--quick", "--workers", "1")
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"8 mutants of {room}" in done.stdout and "0 never run" in done.stdout


def test_a_function_whose_first_expression_changes_is_broken_too() -> None:
    """Code is paired by name and line: `f(x) if c else x` without its condition begins in another column."""
    code = "import json\nfrom solgen.build.outcome import _as_tuples\nimport solgen.build.outcome as outcome\n"
    code += "from pathlib import Path\nfrom tests.mutants import source\nsource.living()\n"
    code += "found = [m for m in source.of_file(Path(outcome.__file__)) if m.group == 'outcome._as_tuples']\n"
    code += "next(m for m in found if 'always `entries`' in m.label).install()\nprint(_as_tuples([1]))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout == "[1]\n"


def test_a_check_that_sees_nothing_lets_them_survive() -> None:
    blind = (
        "import dataclasses, solgen.numeric.verify as n\n"
        "whole = n.verify\n"
        "n.verify = lambda d, mutants=True: dataclasses.replace(whole(d, mutants=False), checks=())"
    )
    done = run("--only", "row sin: derivative 1: sign", "--quick", before=blind)
    assert done.returncode == 1 and "SURVIVED: row sin: derivative 1: sign" in done.stdout, done.stdout + done.stderr


def test_every_row_and_every_function_of_rules_is_broken() -> None:
    groups = {m.group for m in rows.mutants()}
    without = {name for name, row in TABLE.items() if f"row {name}" not in groups}
    assert without == set() or without <= {"loss_grad"}
    of_source = list(source.mutants())
    broken = {m.group for m in of_source}
    assert {"matrix_rules._matmul", "sum_rules._trace", "fuse._of", "sweep.uses", "readback._assemble"} <= broken
    assert len({m.name for m in of_source}) > 1000


def test_a_broken_row_is_another_row() -> None:
    row = TABLE["sin"]
    assert isinstance(row, Elementwise)
    labels = {m.label for m in rows.mutants() if m.op == "sin"}
    assert {"derivative 1: sign", "derivative 1: twice", "derivative 1: zero", "value: sign"} <= labels
    assert row.partials[0](ONE, ONE) == TABLE["sin"].partials[0](ONE, ONE)  # nothing is broken by listing


@pytest.mark.parametrize("outcome", ["SURVIVED", "NEVER RUN"])
def test_what_must_not_be_is_listed(outcome: str) -> None:
    results = [(RULE, Verdict(outcome, "", "a problem")), (RULE, Verdict("KILLED", "differences", "a problem"))]
    assert bad(results) == results[:1]
    assert f"{outcome}: a rule: broken" in report(results)
