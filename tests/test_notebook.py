"""The notebook in docs/, run: each cell in its order, and what it shows compared with what is stored."""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
NOTEBOOK = ROOT / "docs/solgen.ipynb"
PREFACE = """\
import contextlib, io, json, sys
cells, names = [], {}

def show(value):
    if value is not None:
        data = {"text/plain": repr(value)}
        if hasattr(value, "_repr_latex_"):
            data["text/latex"] = value._repr_latex_()
        cells[-1]["data"] = data
"""


def code_cells(notebook: Path) -> list[dict[str, Any]]:
    return [cell for cell in json.loads(notebook.read_text(encoding="utf-8"))["cells"] if cell["cell_type"] == "code"]


def script(cells: list[dict[str, Any]]) -> str:
    """The cells as one script that prints, as JSON, what each of them writes and shows."""
    lines = [PREFACE]
    for cell in cells:
        body = ast.parse("".join(cell["source"])).body
        if isinstance(body[-1], ast.Expr):
            body[-1].value = ast.Call(ast.Name("show"), [body[-1].value], [])
        source = ast.unparse(ast.fix_missing_locations(ast.Module(body, [])))
        lines.append("cells.append({'data': {}})\nwritten = io.StringIO()\nwith contextlib.redirect_stdout(written):")
        lines.append("\n".join(f"    {line}" for line in source.splitlines()))
        lines.append("cells[-1]['stdout'] = written.getvalue()")
    return "\n".join([*lines, "print(json.dumps(cells))"])


def run(cells: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What the cells write and show, in a Python of their own."""
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-W", "error", "-c", script(cells)]
    done = subprocess.run(command, cwd=ROOT / "docs", env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    found: list[dict[str, Any]] = json.loads(done.stdout)
    return found


def stored(cell: dict[str, Any]) -> dict[str, Any]:
    """What a cell has written and shown, as the notebook keeps it."""
    outputs = cell["outputs"]
    data = [output["data"] for output in outputs if output["output_type"] == "execute_result"]
    text = "".join(line for output in outputs if output["output_type"] == "stream" for line in output["text"])
    return {"data": {kind: "".join(lines) for kind, lines in data[0].items()} if data else {}, "stdout": text}


def test_every_cell_shows_what_is_stored() -> None:
    cells = code_cells(NOTEBOOK)
    assert len(cells) >= 8 and all(cell["outputs"] for cell in cells)
    assert run(cells) == list(map(stored, cells))


def test_a_cell_that_shows_something_else_is_noticed() -> None:
    (first, *_) = cells = code_cells(NOTEBOOK)
    first["source"] = ["".join(first["source"]).replace("W @ x + b", "W @ x - b")]
    assert run(cells[:1]) != list(map(stored, cells[:1]))
