"""A name and a gradient that a page would write alike are an error, whichever way the notation was chosen."""

from __future__ import annotations

from pathlib import Path

import pytest

CASES = Path(__file__).parents[1] / "cases/print"
MODEL = "model: |\n  x: R[n]\n  xbar = tanh(x)\n  L = norm2sq(x - xbar)\n"
BAR = f"title: P\n{{0}}{MODEL}parts:\n  - prompt: G\n    {{1}}solve: {{2}}\n"
GRADIENTS = "{gradients: [x, xbar]}"


def _file(tmp_path: Path, text: str) -> str:
    (tmp_path / "p.yaml").write_text(text)
    return str(tmp_path / "p.yaml")


@pytest.mark.parametrize("command", [("check",), ("show",)])
@pytest.mark.parametrize(
    ("case", "says", "line"),
    [
        ("bar-is-a-mean-and-a-gradient", "in part (a) x̄ is the gradient dL/dx, and `xbar` is written x̄ too", 7),
        (
            "delta-is-a-name-and-a-gradient",
            "in part (a) δ_z is the gradient dL/dz, and `delta_z` is written δ_z too",
            5,
        ),
    ],
)
def test_the_cases(solgen, command: tuple[str, ...], case: str, says: str, line: int) -> None:
    ran = solgen(*command, str(CASES / f"{case}.yaml"))
    assert ran.code == 2 and says in ran.err and f"{case}.yaml:{line}:3: error[alike]" in ran.err
    assert "mistake in solgen" not in ran.err


@pytest.mark.parametrize(
    ("top", "part", "options"),
    [("notation: bar\n", "", ()), ("", "notation: bar\n    ", ()), ("", "", ("--notation", "bar"))],
)
def test_whoever_chose_the_notation(solgen, tmp_path: Path, top: str, part: str, options: tuple[str, ...]) -> None:
    ran = solgen("show", _file(tmp_path, BAR.format(top, part, GRADIENTS)), *options)
    assert ran.code == 2 and "`xbar` is written x̄ too" in ran.err and "than `bar`" in ran.err


@pytest.mark.parametrize(
    ("top", "solve"),
    [
        ("", GRADIENTS),  # ∂L/∂x stands there, and no bar
        ("notation: bar\n", "{shapes: [xbar]}"),  # no gradient stands there
        ("notation: bar\nlatex: {xbar: u}\n", GRADIENTS),
    ],
)
def test_what_is_told_apart_is_no_error(solgen, tmp_path: Path, top: str, solve: str) -> None:
    assert solgen("check", _file(tmp_path, BAR.format(top, "", solve))).code == 0


@pytest.mark.parametrize(
    ("declared", "latex"),
    [
        ("phi: R\nvarphi: R", ""),
        ("eps: R\nepsilon: R", ""),
        ("h1: R\nh_1: R", ""),
        ("x: R[n]\ny: R[n]", "{y: '\\bm{x}'}"),
    ],
)
def test_two_names_that_look_alike(solgen, tmp_path: Path, declared: str, latex: str) -> None:
    first, second = (line.partition(":")[0] for line in declared.splitlines())
    lines = "".join(f"  {line}\n" for line in (*declared.splitlines(), f"L = sum({first}) + sum({second})"))
    top = f"latex: {latex}\n" if latex else ""
    ran = solgen("check", _file(tmp_path, f"title: P\n{top}model: |\n{lines}parts: []\n"))
    assert ran.code == 2 and f"`{second}` and `{first}` are both typeset" in ran.err
