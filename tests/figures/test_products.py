"""Products as rectangles: to scale, inner sizes agree, nothing overlaps, and on the page."""

import tempfile
import textwrap
from itertools import combinations, pairwise
from pathlib import Path

import pytest

from solgen.calculus.derive import derive
from solgen.figures.drawing.fonts import measurer
from solgen.figures.graph.rectangles import DrawnProduct, describe_rectangles, product_layout, products
from solgen.figures.layout.fit import Page
from solgen.model.derivation import Shapes
from solgen.reader.set_file import read
from solgen.render.printer import Printer

NET = "x: R[d]\nW1: R[h, d]\nW2: R[C, h]\nz = W1 @ x\na = relu(z)\ny = W2 @ a\nL = norm2sq(y)"
ROWS = "u: R[n]\nW: R[n, m]\nV: R[m, k]\nr = u.T @ W @ V\nG = outer(u, r)\nL = sum(G)"
BATCH = "X: R[n, d]\nW: R[d, k]\nV: R[k, k]\nY = X @ W @ V\nL = norm2sq(Y)"
SCALARS = "x: R[d]\ny: R[d]\ns = dot(x, y)\nL = s**2"


def found(model: str, asked: str, more: str = "") -> tuple[DrawnProduct, ...]:
    source = f"title: shapes\nmodel: |\n{textwrap.indent(model, '  ')}\n{more}parts:\n  - prompt: Shapes?\n"
    source += f"    solve: {{shapes: [{asked}]}}\n"
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "p.yaml")
        path.write_text(source, encoding="utf-8")
        (problem,) = read(path).problems
    (content,) = derive(problem).parts[0].contents
    assert isinstance(content, Shapes)
    return products(content, problem.model, Printer(dialect="mathtext"))


@pytest.mark.parametrize(("model", "asked"), [(NET, "z, y"), (ROWS, "r, G"), (BATCH, "Y")])
def test_inner_sizes_agree_and_outer_ones_remain(model: str, asked: str) -> None:
    rows = found(model, asked)
    assert rows
    for product in rows:
        assert all(a.width == b.height for a, b in pairwise(product.factors))
        assert product.result.height == product.factors[0].height
        assert product.result.width == product.factors[-1].width


def test_a_symbol_has_one_length_and_a_vector_stands() -> None:
    first, second = found(NET, "z, y")
    assert [f.dims for f in first.factors] == [r"h\times d", r"d\times 1"]
    assert first.result.height == second.factors[0].width and first.result.width < 5.0
    assert first.factors[0].height != first.factors[0].width


def test_a_vector_as_a_row_lies_and_is_transposed() -> None:
    row = next(f for p in found(ROWS, "r, G") for f in p.factors if f.dims == r"1\times n")
    assert row.height < row.width and row.symbol.endswith(r"^{\top}")


def test_a_chain_is_one_product() -> None:
    (product,) = found(BATCH, "Y")
    assert len(product.factors) == 3
    assert describe_rectangles((product,)) == (
        "Products as rectangles to scale: n by d times d by k times k by k makes n by k."
    )


def test_stated_inequalities_are_respected() -> None:
    for order, longer in (("[d < h]", "h"), ("[h < d]", "d")):
        first, _ = found(NET, "z, y", f"sizes: {order}\n")
        assert (first.factors[0].height > first.factors[0].width) == (longer == "h")


def test_no_picture_without_a_matrix_product() -> None:
    assert found(SCALARS, "s") == ()


@pytest.mark.parametrize(("model", "asked"), [(NET, "z, y"), (ROWS, "r, G"), (BATCH, "Y")])
@pytest.mark.parametrize("width", [400.0, 160.0])
def test_nothing_overlaps_and_all_is_on_the_page(model: str, asked: str, width: float) -> None:
    plan = product_layout(found(model, asked), measurer(), Page(width=width))
    boxes = [*plan.panes, *(t.box for t in plan.notes)]
    assert not any(a.overlaps(b) for a, b in combinations(boxes, 2))
    assert plan.width <= width
    assert all(r.left >= 0.0 and r.right <= plan.width and r.bottom >= 0.0 and r.top <= plan.height for r in boxes)
    if width == 400.0:
        assert all(8.0 <= t.size <= 10.0 for t in plan.notes)
