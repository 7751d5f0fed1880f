"""Which form an operation has: what its row says of it, made with its arguments."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import assert_never

from solgen.expr.nodes import Apply
from solgen.expr.ops import TABLE
from solgen.expr.ops.presentation import Around, Composed, Directed, Indicator, Infix, NamedFunction, Textbook
from solgen.expr.present import array_forms, function_forms, ones, power_forms, product_forms, quotient_forms, sum_forms
from solgen.expr.present.maker import Maker
from solgen.expr.present.piece import Piece
from solgen.expr.present.tree import showing

Form = Callable[[Maker, Apply], Piece]


def present_operation(m: Maker, e: Apply) -> Piece:
    """An operation with its arguments."""
    match TABLE[e.op].presentation:
        case Textbook() as form:
            return TEXTBOOK[form](m, e)
        case NamedFunction() as sign:
            return function_forms.function(m, e, sign)
        case Composed() as names:
            return function_forms.composition_form(m, e, names)
        case Infix() as infix:
            return function_forms.infix_sign(m, e, infix)
        case Around() as bars:
            return function_forms.around(m, e, bars)
        case Indicator() as signs:
            return function_forms.indicator(m, e, signs)
        case Directed() as directed:
            return function_forms.directed_form(m, e, directed)
        case other:
            assert_never(other)


def _plain_form(m: Maker, e: Apply) -> Piece:
    """A change of form that paper does not show: v.T where the surroundings want a column, a vector of one entry."""
    return m.piece(e.args[0])


def _as_row(m: Maker, e: Apply) -> Piece:
    """A matrix of one row: on paper the vector as a row, but what it shows is the matrix."""
    piece = m.row(e.args[0])
    return Piece(showing(piece.node, e), piece.level, piece.height, piece.symbol)


TEXTBOOK: Mapping[Textbook, Form] = MappingProxyType(
    {
        Textbook.SUM: sum_forms.sum_form,
        Textbook.NEGATION: sum_forms.negation_form,
        Textbook.QUOTIENT: quotient_forms.quotient_form,
        Textbook.POWER: power_forms.power_form,
        Textbook.SQUARE: power_forms.square,
        Textbook.INVERSE: array_forms.inverse_form,
        Textbook.MATRIX_POWER: array_forms.matrix_power,
        Textbook.ROOT: power_forms.root,
        Textbook.EXPONENTIAL: power_forms.exponential,
        Textbook.LOGARITHM: power_forms.logarithm,
        Textbook.LOG_DETERMINANT: function_forms.log_determinant,
        Textbook.MAXIMAL: function_forms.maximal,
        Textbook.CROSS_ENTROPY: function_forms.cross_entropy,
        Textbook.CALL: function_forms.call_form,
        Textbook.CALL_GRADIENT: function_forms.call_gradient,
        Textbook.MATRIX_PRODUCT: product_forms.matrix_product_form,
        Textbook.ROW_TIMES_MATRIX: product_forms.row_times_matrix,
        Textbook.INNER_PRODUCT: product_forms.inner_product,
        Textbook.OUTER_PRODUCT: product_forms.outer_product,
        Textbook.ENTRYWISE_PRODUCT: product_forms.entrywise_product,
        Textbook.SCALAR_MULTIPLE: product_forms.scalar_multiple,
        Textbook.TRANSPOSE: product_forms.transpose,
        Textbook.UNCHANGED: _plain_form,
        Textbook.AS_ROW: _as_row,
        Textbook.ROW_AS_VECTOR: product_forms.row_as_vector,
        Textbook.TOTAL: ones.total_form,
        Textbook.TOTAL_OF_ROWS: ones.total_of_rows,
        Textbook.TOTAL_OF_COLUMNS: ones.total_of_columns,
        Textbook.SPREAD: ones.spread_form,
        Textbook.SAME_ROWS: ones.same_rows,
        Textbook.SAME_COLUMNS: ones.same_columns,
        Textbook.IDENTITY: array_forms.identity_form,
        Textbook.ENTRY: array_forms.entry,
        Textbook.ONE_ROW: array_forms.one_row,
        Textbook.ONE_COLUMN: array_forms.one_column,
        Textbook.BASIS: array_forms.basis_form,
        Textbook.SLICE: array_forms.array_slice,
        Textbook.JOINED: array_forms.concatenation_form,
        Textbook.PADDED: array_forms.padding_form,
    }
)
