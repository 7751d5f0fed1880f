"""Points at which derivatives are defined: of determinants and inverses of Gram matrices, and of what has no slope."""

from __future__ import annotations

from pathlib import Path

import pytest

from solgen.document.narration import narrate
from solgen.document.telling import telling
from solgen.errors import InputError
from solgen.model.derivation import Derivation
from solgen.model.verdict import Checks
from solgen.numeric.points.slopes import slopes
from solgen.numeric.points.test_sizes import Conditions, smaller_sizes
from solgen.numeric.verify import verify
from tests.numeric.models import M, N
from tests.numeric.texts import derived

CASES = Path(__file__).parents[1] / "cases/faults"
TEXT = "title: A problem\nmodel: |\n  {model}\nparts:\n  - prompt: Solve.\n    solve: [{asks}]\n"
TALL = {
    "tall": ("X: R[m, n]\n  L = det(X.T @ X)",
             "{gradients: X}, {paths: X}, {jacobian: L, wrt: X}, {mistakes: X}, graph"),
    "logdet": ("X: R[m, n]\n  L = logdet(X.T @ X)", "{gradients: X}"),
    "log of det": ("X: R[m, n]\n  L = log(det(X.T @ X))", "{gradients: X}"),
    "root of det": ("X: R[m, n]\n  L = sqrt(det(X.T @ X))", "{gradients: X}, {mistakes: X}"),
    "inverse": ("X: R[m, n]\n  a: R[n]\n  L = a @ inv(X.T @ X) @ a", "{gradients: 'X, a'}"),
    "trace of the inverse": ("X: R[m, n]\n  L = tr(inv(X.T @ X))", "{gradients: X}, {mistakes: X}"),
    "projection": ("X: R[m, n]\n  y: R[m]\n  b = inv(X.T @ X) @ X.T @ y\n  L = norm2sq(y - X @ b)",
                   "{gradients: 'X, y'}"),
    "weighted": ("X: R[m, n]\n  S: PosDef[m]\n  L = logdet(X.T @ S @ X)", "{gradients: 'X, S'}"),
    "inverse of an inverse": ("X: R[m, n]\n  A: PosDef[m]\n  L = logdet(inv(X.T @ inv(A) @ X))", "{gradients: 'X, A'}"),
    "entries": ("X: R[m, n]\n  L = det(X.T @ X)", "{gradients: X, form: [index, matrix]}"),
}  # fmt: skip
WIDE = {
    "wide": ("X: R[m, n]\n  L = det(X @ X.T)", "{gradients: X}"),
    "inverse": ("X: R[m, n]\n  a: R[m]\n  L = a @ inv(X @ X.T) @ a", "{gradients: 'X, a'}"),
    "ridge": ("X: R[m, n]\n  lam: Positive\n  L = logdet(X @ X.T + lam * eye(m))", "{gradients: 'X, lam'}"),
}
NOWHERE = {
    "arccos at -1": ("x: R\n  f = arccos(-x / x)", "{gradients: x}", "arccos", "undefined at -1, which"),
    "a vector": ("x: R[n]\n  f = arccos(x / x)", "{jacobian: f, wrt: x}", "arccos", "undefined at 1, which"),
    "a root of 0": ("x: R[n]\n  f = sqrt(dot(x, x) - norm2sq(x))", "{gradients: x}", "sqrt", "undefined at 0, which"),
    "a norm of 0": ("x: R[n]\n  f = norm(x - x)", "{paths: x, of: f}", "norm", "undefined at 0, which"),
    "mistakes": ("x: R[n]\n  f = sum(arcsin(x / x))", "{mistakes: x}", "arcsin", "undefined at 1, which"),
    "a graph": ("x: R[n]\n  f = arccos(dot(x, x) / norm2sq(x))", "graph", "arccos", "undefined at 1, which"),
    "a wide Gram matrix": ("X: R[n, n + 2]\n  L = det(X.T @ X)", "{gradients: X}", "det", "undefined at every point"),
    "one of two": ("x: R[n]\n  y: R[n]\n  f = arccos(dot(x, x) / norm2sq(x)) * sum(y)", "{gradients: 'y, x'}",
                   "arccos", "at 1, which"),
}  # fmt: skip


def solved(model: str, asks: str, folder: Path) -> tuple[Derivation, Checks]:
    found = derived(TEXT.format(model=model, asks=asks), folder)
    return found, verify(found)


def told(found: Derivation, checks: Checks) -> str:
    return "\n".join(line.plain for line in narrate(telling(found, checks=checks), 110))


@pytest.mark.parametrize("name", TALL)
def test_a_tall_matrix_is_tried_where_its_gram_matrix_is_singular_else(name: str, tmp_path: Path) -> None:
    _, checks = solved(*TALL[name], tmp_path)
    assert not checks.failures and checks.sizes["m"] > checks.sizes["n"]


@pytest.mark.parametrize("name", WIDE)
def test_a_wide_matrix_stays_wide(name: str, tmp_path: Path) -> None:
    _, checks = solved(*WIDE[name], tmp_path)
    assert not checks.failures and checks.sizes["m"] < checks.sizes["n"]


def test_nested_gram_matrices_and_products_of_two(tmp_path: Path) -> None:
    _, nested = solved("X: R[m, n]\n  Y: R[n, k]\n  L = det(Y.T @ X.T @ X @ Y)", "{gradients: 'X, Y'}", tmp_path)
    assert not nested.failures and nested.sizes["k"] < min(nested.sizes["m"], nested.sizes["n"])
    _, two = solved("X: R[m, n]\n  Y: R[k, m]\n  L = det(X.T @ X) * det(Y @ Y.T)", "{gradients: 'X, Y'}", tmp_path)
    assert not two.failures and two.sizes["n"] < two.sizes["m"] > two.sizes["k"]


@pytest.mark.parametrize(("model", "size"), [
    ("X: R[2, n]\n  L = det(X.T @ X)", {"n": 2}),
    ("X: R[m, 2]\n  L = det(X @ X.T)", {"m": 2}),
])  # fmt: skip
def test_a_size_is_small_where_the_file_fixes_the_other(model: str, size: dict[str, int], tmp_path: Path) -> None:
    _, checks = solved(model, "{gradients: X}", tmp_path)
    assert not checks.failures and checks.sizes == size


def test_smaller_sizes_are_as_different_as_they_can_be() -> None:
    conditions = Conditions((M, N), ((M, N),), {}, frozenset())
    found = list(smaller_sizes(conditions, {"m": 3, "n": 4}))
    assert found[0] == {"m": 3, "n": 4} and all(sizes["m"] < sizes["n"] for sizes in found)


def test_the_answer_and_what_it_assumes(tmp_path: Path) -> None:
    text = (CASES / "det-of-a-gram.yaml").read_text()
    found = derived(text, tmp_path)
    shown = told(found, verify(found))
    assert "2 L X(Xᵀ X)⁻¹" in shown and "Assumed: R is invertible." in shown and "R = Xᵀ X" in shown


@pytest.mark.parametrize("name", NOWHERE)
def test_a_slope_that_is_nowhere_defined_is_an_error_with_its_place(name: str, tmp_path: Path) -> None:
    model, asks, operation, where = NOWHERE[name]
    with pytest.raises(InputError) as caught:
        solved(model, asks, tmp_path)
    (found,) = caught.value.diagnostics
    assert found.code == "undefined-derivative" and found.span is not None
    assert found.span.line == 2 + len(model.splitlines())
    assert f"the derivative of `{operation}` in" in found.message and where in found.message


def test_a_slope_that_nobody_asks_for_need_not_exist(tmp_path: Path) -> None:
    model = "x: R[n]\n  y: R[n]\n  f = arccos(dot(x, x) / norm2sq(x)) + dot(y, y)"
    _, checks = solved(model, "{gradients: y}", tmp_path)
    assert not checks.failures


def test_only_slopes_on_the_way_are_needed(tmp_path: Path) -> None:
    found = derived(TEXT.format(model="x: R[n]\n  y: R\n  f = sqrt(y) * sum(sqrt(x))", asks="{gradients: x}"), tmp_path)
    (block,) = [b.symbol for b in found.adjoints]
    assert [(s.operation, s.argument) for s in slopes(found.forward, [block])] == [("sqrt", block.wrt)]
