"""Rows of the functions of a square matrix: inverse, determinant, powers.

Source of the derivatives: Petersen & Pedersen, The Matrix Cookbook (2012), equations 40, 49, 57 and 59.
"""

from __future__ import annotations

from typing import Any

from solgen.expr.arith import add, entry, mul, neg
from solgen.expr.nodes import SCALAR, Apply, Expr, Kind, Shape, shape
from solgen.expr.ops.example import on
from solgen.expr.ops.presentation import NamedFunction, Textbook
from solgen.expr.ops.row import Indices, ShapeError, Special
from solgen.expr.ops.trait import Trait
from solgen.expr.ops.written import Barred, Form, Named

Params = tuple[object, ...]
INVERTIBLE = (Kind.INVERTIBLE,)


def _square(shapes: tuple[Shape, ...], params: Params) -> Shape:
    if len(shapes) != 1 or len(shapes[0]) != 2:
        raise ShapeError("needs one matrix")
    if shapes[0][0] != shapes[0][1]:
        raise ShapeError(f"needs a square matrix: sizes {shapes[0][0]} and {shapes[0][1]} differ")
    return shapes[0]


def _to_scalar(shapes: tuple[Shape, ...], params: Params) -> Shape:
    _square(shapes, params)
    return SCALAR


def inverse(x: Expr) -> Expr:
    """x⁻¹."""
    return Apply("inv", (x,), (), shape(x))


def matrix_power(x: Expr, k: int) -> Expr:
    """x to the k-th power, k ≥ 0, as a factor of a derivative."""
    if k == 0:
        return Apply("eye", (), (shape(x)[0],), shape(x))
    return x if k == 1 else Apply("matpow", (x,), (k,), shape(x))


def exponent(params: Params) -> int:
    """The k of a matrix power."""
    (k,) = params
    assert isinstance(k, int)
    return k


def _inv_partial(args: tuple[Expr, ...], y: Expr, o: Indices, i: Indices, params: Params) -> Expr:
    """∂(X⁻¹)_ab/∂X_pq = −(X⁻¹)_ap (X⁻¹)_qb, from 0 = d(X X⁻¹) = dX X⁻¹ + X dX⁻¹."""
    return neg(mul(entry(y, (o[0], i[0])), entry(y, (i[1], o[1]))))


def _det_partial(args: tuple[Expr, ...], y: Expr, o: Indices, i: Indices, params: Params) -> Expr:
    """∂det X/∂X_pq is the cofactor of X_pq, det(X) (X⁻¹)_qp."""
    return mul(y, entry(inverse(args[0]), (i[1], i[0])))


def _logdet_partial(args: tuple[Expr, ...], y: Expr, o: Indices, i: Indices, params: Params) -> Expr:
    return entry(inverse(args[0]), (i[1], i[0]))


def _matpow_partial(args: tuple[Expr, ...], y: Expr, o: Indices, i: Indices, params: Params) -> Expr:
    """The product rule on X X … X: Σ_r (Xʳ)_ap (Xᵏ⁻¹⁻ʳ)_qb."""
    k, x = exponent(params), args[0]
    terms = [
        mul(entry(matrix_power(x, r), (o[0], i[0])), entry(matrix_power(x, k - 1 - r), (i[1], o[1]))) for r in range(k)
    ]
    return terms[0] if len(terms) == 1 else add(*terms)


def _matpow_value(K: Any, params: Params, x: Any) -> Any:
    result = x
    for _ in range(exponent(params) - 1):
        result = result @ x
    return result


MATRIX = (
    Special(
        "inv", 1, shape_rule=_square, value=lambda K, params, x: K.inv(x), partials=(_inv_partial,),
        presentation=Textbook.INVERSE, code={"numpy": "np.linalg.inv({0})"}, doc="Inverse of a square matrix.",
        domain="invertible", assumes="invertible", rule="inverse", traits=Trait.RAISED | Trait.KEEPS_SYMMETRY,
        proof=r"$0 = d(X X^{-1}) = dX\, X^{-1} + X\, d(X^{-1})$, so $d(X^{-1}) = -X^{-1}\, dX\, X^{-1}$.",
        source="MC 60", examples=(on("nn", kinds=INVERTIBLE),), spoken="the inverse",
        written=(Form.INVERSE,),
    ),
    Special(
        "det", 1, traits=Trait.FAMILIAR, shape_rule=_to_scalar, value=lambda K, params, x: K.det(x),
        partials=(_det_partial,),
        presentation=NamedFunction("det"), code={"numpy": "np.linalg.det({0})"}, doc="Determinant.",
        assumes="invertible", rule="determinant",
        proof=(
            r"Expanding along row $p$, $\det X = \sum_q X_{pq} C_{pq}$ with cofactors $C_{pq}$ free of row $p$; and "
            r"$C = \det(X)\, X^{-\top}$."
        ),
        source="MC 49", examples=(on("nn", kinds=INVERTIBLE),), spoken="the determinant",
        written=(Named(("det",)), Barred("single")),
    ),
    Special(
        "logdet", 1, shape_rule=_to_scalar, value=lambda K, params, x: K.log(K.det(x) ** 2) / 2,
        partials=(_logdet_partial,), presentation=Textbook.LOG_DETERMINANT, code={"numpy": "np.linalg.slogdet({0})[1]"},
        doc="log |det X|.", domain="invertible", assumes="invertible", rule="log-determinant",
        proof=r"$d\log|\det X| = d(\det X)/\det X = \operatorname{tr}(X^{-1}\, dX)$.", source="MC 57",
        examples=(on("nn", kinds=INVERTIBLE),), spoken="the log determinant",
        written=(Named(("log det", "ln det", "logdet")),),
    ),
    Special(
        "matpow", 1, shape_rule=_square, value=_matpow_value, partials=(_matpow_partial,),
        presentation=Textbook.MATRIX_POWER, code={"numpy": "np.linalg.matrix_power({0}, {k})"}, text="matpow({0}, {k})",
        doc="The k-th power of a square matrix, k a whole number ≥ 1.", rule="matrix power",
        traits=Trait.RAISED | Trait.KEEPS_SYMMETRY,
        proof=r"The product rule on $X X \cdots X$.", source="MC 91", examples=(on("nn", 3), on("nn", 1)),
        written=(Form.POWER,),
    ),
)  # fmt: skip
