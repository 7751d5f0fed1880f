"""Worked examples as lines: which names are needed, what numbers replace, what prose and graphs cite."""

from __future__ import annotations

from pathlib import Path

import pytest

from solgen.calculus import derive
from solgen.errors import Refused
from solgen.expr.text import text
from solgen.model import Derivation, Example
from solgen.reader import read

NET = "x: R[n]\nt: R\nW: R[h, n]\nv: R[h]\nz = W @ x\na = tanh(z)\ny = v @ a\nL = (y - t)**2\nr = sum(a)\n"
NUMBERS = "numbers: {x: [1, 2], t: 1, W: [[1, 0], [0, 1]], v: [1, -1]}\n"


@pytest.fixture
def solved(tmp_path: Path):
    def make(model: str, more: str, solve: str, part: str = "") -> Derivation:
        body = "".join(f"  {line}\n" for line in model.strip().splitlines())
        solution = f"parts:\n  - prompt: P\n    solve: {solve}\n{part}"
        (tmp_path / "p.yaml").write_text(f"title: T\n{more}model: |\n{body}{solution}", encoding="utf-8")
        return derive(read(tmp_path / "p.yaml").problems[0])

    return make


def lines(derivation: Derivation) -> dict[str, str]:
    (example,) = (c for c in derivation.parts[0].contents if isinstance(c, Example))
    return {s.id: f"{text(s.formula)} | {', '.join(map(text, s.operands))}" for s in example.steps}


def test_only_what_is_needed_is_run(solved) -> None:
    found = lines(solved(NET, NUMBERS, "{evaluate: [a, dL/dW]}"))
    assert found == {
        "z": "W @ x | W, x", "a": "tanh(z) | z", "y": "dot(v, a) | v, a", "L": "(y - t) ** 2 | y, t",
        "dL/dy": "2 * (y - t) | y, t", "dL/da": "dL/dy * v | dL/dy, v",
        "dL/dz": "dL/da * (1 - a ** 2) | dL/da, a ** 2", "dL/dW": "outer(dL/dz, x) | dL/dz, x",
    }  # fmt: skip


def test_an_entry_is_read_off_its_array(solved) -> None:
    derivation = solved(NET, NUMBERS, "{evaluate: 'a[-1]'}")
    assert list(lines(derivation).items())[-1] == ("a[-1]", "a[1] | ")


def test_bare_it_shows_everything_and_the_gradients_of_the_last_equation(solved) -> None:
    derivation = solved(NET, NUMBERS + "parameters: [W]\n", "evaluate")
    (example,) = derivation.parts[0].contents
    assert isinstance(example, Example)
    assert [s.id for s in example.steps if s.asked] == ["r", "dr/dW"] and "L" in lines(derivation)
    assert example.sizes == {"n": 2, "h": 2}


def test_sizes_follow_from_any_axis_that_settles_them(solved) -> None:
    model, numbers = "x: R[n + k]\nw: R[n]\ny = sum(x) / k + sum(w)", "numbers: {x: [1, 2, 3], w: [1]}\n"
    (example,) = solved(model, numbers, "{evaluate: y}").parts[0].contents
    assert isinstance(example, Example) and example.sizes == {"n": 1, "k": 2}


def test_a_given_value_is_no_question(solved) -> None:
    with pytest.raises(Refused, match="`x` is given"):
        solved(NET, NUMBERS, "{evaluate: x}")


def test_prose_and_graphs_cite_a_run_of_the_numbers(solved) -> None:
    drawn = solved(NET.replace("r = sum(a)\n", ""), NUMBERS, "graph")
    assert drawn.example is not None
    assert {"y", "L", "dL/dy", "dL/dv", "dL/dx"} <= {s.id for s in drawn.example.steps}
    said = solved(NET, NUMBERS, "graph", "    answer: So [[value dL/dv]].\n    model: 'r = sum(z)'\n")
    cited = said.parts[0].example
    assert cited is not None and said.example is None and "dL/dv" in {s.id for s in cited.steps}
    assert solved(NET, "", "graph").example is None


def test_a_graph_whose_part_changes_a_shape_has_no_numbers(solved) -> None:
    other = "    model: 'x: R'\n"
    derivation = solved("x: R[n]\ny = sum(2 * x)", "numbers: {x: [1, 2]}\n", "graph", other)
    assert derivation.parts[0].example is None
