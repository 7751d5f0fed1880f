"""Which form an operation has: what its row says of it, made with its arguments."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import assert_never

from solgen.expr.nodes import Apply
from solgen.expr.ops import TABLE
from solgen.expr.ops.presentation import Around, Composed, Directed, Function, Indicator, Infix, Textbook
from solgen.expr.present import arrays, fractions, functions, ones, powers, products, sums
from solgen.expr.present.maker import Maker
from solgen.expr.present.piece import Piece

Form = Callable[[Maker, Apply], Piece]


def present_operation(m: Maker, e: Apply) -> Piece:
    """An operation with its arguments."""
    match TABLE[e.op].presentation:
        case Textbook() as form:
            return TEXTBOOK[form](m, e)
        case Function() as sign:
            return functions.function(m, e, sign)
        case Composed() as names:
            return functions.composed(m, e, names)
        case Infix() as infix:
            return functions.infix_sign(m, e, infix)
        case Around() as bars:
            return functions.around(m, e, bars)
        case Indicator() as signs:
            return functions.indicator(m, e, signs)
        case Directed() as directed:
            return functions.directed(m, e, directed)
        case other:
            assert_never(other)


def _unchanged(m: Maker, e: Apply) -> Piece:
    """A change of form that paper does not show: v.T where the surroundings want a column, a vector of one entry."""
    return m.piece(e.args[0])


def _as_row(m: Maker, e: Apply) -> Piece:
    return m.row(e.args[0])


TEXTBOOK: Mapping[Textbook, Form] = MappingProxyType(
    {
        Textbook.SUM: sums.sum_form,
        Textbook.NEGATION: sums.negation_form,
        Textbook.QUOTIENT: fractions.quotient,
        Textbook.POWER: powers.power,
        Textbook.SQUARE: powers.square,
        Textbook.INVERSE: arrays.inverse,
        Textbook.MATRIX_POWER: arrays.matrix_power,
        Textbook.ROOT: powers.root,
        Textbook.EXPONENTIAL: powers.exponential,
        Textbook.LOGARITHM: powers.logarithm,
        Textbook.LOG_DETERMINANT: functions.log_determinant,
        Textbook.MAXIMAL: functions.maximal,
        Textbook.CROSS_ENTROPY: functions.cross_entropy,
        Textbook.CALL: functions.call,
        Textbook.CALL_GRADIENT: functions.call_gradient,
        Textbook.MATRIX_PRODUCT: products.matrix_product,
        Textbook.ROW_TIMES_MATRIX: products.row_times_matrix,
        Textbook.INNER_PRODUCT: products.inner_product,
        Textbook.OUTER_PRODUCT: products.outer_product,
        Textbook.ENTRYWISE_PRODUCT: products.entrywise_product,
        Textbook.SCALAR_MULTIPLE: products.scalar_multiple,
        Textbook.TRANSPOSE: products.transpose,
        Textbook.UNCHANGED: _unchanged,
        Textbook.AS_ROW: _as_row,
        Textbook.ROW_AS_VECTOR: products.row_as_vector,
        Textbook.TOTAL: ones.total,
        Textbook.TOTAL_OF_ROWS: ones.total_of_rows,
        Textbook.TOTAL_OF_COLUMNS: ones.total_of_columns,
        Textbook.SPREAD: ones.spread,
        Textbook.SAME_ROWS: ones.same_rows,
        Textbook.SAME_COLUMNS: ones.same_columns,
        Textbook.IDENTITY: arrays.identity,
        Textbook.ENTRY: arrays.entry,
        Textbook.ONE_ROW: arrays.one_row,
        Textbook.ONE_COLUMN: arrays.one_column,
        Textbook.BASIS: arrays.basis,
        Textbook.SLICE: arrays.array_slice,
        Textbook.JOINED: arrays.stacked,
    }
)
