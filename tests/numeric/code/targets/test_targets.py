"""The table of export targets: each file is one, the command line offers them and no other."""

from __future__ import annotations

import ast
import json
import shutil
from pathlib import Path

import pytest

from solgen.build.export import export
from solgen.numeric.code.targets import DEFAULT_TARGET, TABLE, TARGETS, Target
from solgen.places import FileTable

PROBLEM = Path(__file__).parents[3] / "cases/problems/tanh-net.yaml"


def test_every_target_says_how_it_is_written() -> None:
    assert {"json", DEFAULT_TARGET} <= set(TARGETS) and all(callable(TABLE.load(name).write) for name in TARGETS)
    assert TABLE.docs["json"] == "Rows of results for a program"


def test_what_the_targets_of_the_house_are() -> None:
    module = ast.parse(export(PROBLEM))
    assert {"forward", "gradients"} <= {f.name for f in module.body if isinstance(f, ast.FunctionDef)}
    assert all(row["checked"] for row in json.loads(export(PROBLEM, "json")))


def test_the_command_line_offers_them_and_no_other(solgen) -> None:
    shutil.copy(PROBLEM, "p.yaml")
    assert solgen("export", "p.yaml", "--to", "json").out == export(Path("p.yaml"), "json")
    assert solgen("export", "p.yaml").out == export(Path("p.yaml"), DEFAULT_TARGET)
    ran = solgen("export", "p.yaml", "--to", "jason")
    assert ran.code == 2 and f"'jason' is not one of {', '.join(map(repr, TARGETS))}" in ran.err


def test_a_file_without_a_row_is_said() -> None:
    calculus = FileTable("solgen.calculus", Path("solgen/calculus"), Target)
    with pytest.raises(TypeError, match=r"solgen\.calculus\.derive should hold ROW, a Target"):
        calculus.load("derive")
