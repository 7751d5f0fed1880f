"""Rows of the multilinear operations: each is its index definition, and nothing else about it is stated.

The result's entry is the product of the arguments' entries, summed over every index that the result
lacks; shape, value and derivative follow (see `row.Multilinear` and `solgen.calculus.engine.cited_rules`).
"""

from __future__ import annotations

from solgen.expr.ops.presentation import NamedFunction, Textbook
from solgen.expr.ops.row import ENTRYWISE, Multilinear
from solgen.expr.ops.trait import Trait
from solgen.expr.ops.written import Between, Form, Lettered, Named

INNER = "the inner sizes of a product agree, the outer ones remain"

MULTILINEAR = (
    Multilinear(
        "matmul", "ik <- ij, jk", presentation=Textbook.MATRIX_PRODUCT, code={"numpy": "{0} @ {1}"}, text="{0} @ {1}",
        doc="Product of two matrices.", rule="matrix product", source="MC 100, 101",
        traits=Trait.PRODUCT | Trait.CHAINED | Trait.SPELT_OUT, sign=r"\times", reads="{0} times {1}",
        shape_reason=INNER,
        written=(Form.PRODUCT,),
    ),
    Multilinear(
        "matvec", "i <- ij, j", presentation=Textbook.MATRIX_PRODUCT, code={"numpy": "{0} @ {1}"}, text="{0} @ {1}",
        doc="Matrix times column vector.", rule="matrix product", source="MC 70",
        traits=Trait.PRODUCT | Trait.CHAINED | Trait.SPELT_OUT, sign=r"\times", reads="{0} times {1}",
        shape_reason=INNER,
        written=(Form.PRODUCT,),
    ),
    Multilinear(
        "vecmat", "j <- i, ij", presentation=Textbook.ROW_TIMES_MATRIX, code={"numpy": "{0} @ {1}"}, text="{0} @ {1}",
        doc="Row vector times matrix.", rule="matrix product", source="MC 70",
        traits=Trait.PRODUCT | Trait.CHAINED | Trait.SPELT_OUT | Trait.AS_ROW, sign=r"\times",
        reads="{0} transposed times {1}",
        shape_reason=INNER,
        written=(Form.PRODUCT,),
    ),
    Multilinear(
        "dot", "<- *, *", presentation=Textbook.INNER_PRODUCT, code={"numpy": "np.sum({0} * {1})"},
        doc="Inner product: the sum of the products of all entries.", public=True, rule="inner product", source="MC 69",
        traits=Trait.PRODUCT | Trait.COMMUTES | Trait.SPELT_OUT, sign=r"\langle\cdot,\cdot\rangle",
        spoken="the inner product", shape_reason=INNER,
        written=(Form.PRODUCT,),
    ),
    Multilinear(
        "outer", "ij <- i, j", presentation=Textbook.OUTER_PRODUCT, code={"numpy": "np.outer({0}, {1})"},
        doc="Outer product of two vectors, a bᵀ.", public=True, rule="outer product",
        traits=Trait.PRODUCT | Trait.SPELT_OUT | Trait.STRUCTURED, sign=r"\otimes", reads="{0} outer product with {1}",
        written=(Form.PRODUCT, Between(("⊗",))),
    ),
    Multilinear(
        "mul", "* <- *, *", presentation=Textbook.ENTRYWISE_PRODUCT, code={"numpy": "{0} * {1}"}, text="{0} * {1}",
        doc="Hadamard (entrywise) product.", rule="Hadamard product", scalar_rule="product",
        traits=Trait.FACTOR | Trait.COMMUTES | Trait.SPELT_OUT | Trait.TIMES | Trait.EACH_ENTRY, sign=r"\odot",
        reads="{0} times {1}", shape_reason=ENTRYWISE,
        written=(Between(("⊙", "∘")), Form.PRODUCT),
    ),
    Multilinear(
        "scale", "* <- ., *", presentation=Textbook.SCALAR_MULTIPLE, code={"numpy": "{0} * {1}"}, text="{0} * {1}",
        doc="Scalar times array.", rule="scalar multiple",
        traits=Trait.SCALES | Trait.FACTOR | Trait.SPELT_OUT | Trait.TIMES | Trait.KEEPS_SYMMETRY,
        sign=r"\times", reads="{0} times {1}", shape_reason=ENTRYWISE,
        written=(Form.PRODUCT,),
    ),
    Multilinear(
        "transpose", "ji <- ij", presentation=Textbook.TRANSPOSE, code={"numpy": "{0}.T"}, text="{0}.T",
        doc="Transpose of a matrix.", rule="transpose", traits=Trait.TRANSPOSES | Trait.RAISED | Trait.UNNAMED,
        sign=r"\top", reads="{0} transposed",
        written=(Form.TRANSPOSE,),
    ),
    Multilinear(
        "as_row", "i <- i", presentation=Textbook.UNCHANGED, code={"numpy": "{0}"}, text="{0}.T",
        doc="A vector written as a row; the same value.", rule="transpose",
        traits=Trait.LINES_UP | Trait.UNCITED | Trait.AS_ROW | Trait.UNNAMED, sign=r"\top",
        written=(Form.UNSEEN,),
    ),
    Multilinear(
        "tr", "<- ii", presentation=NamedFunction("tr"), code={"numpy": "np.trace({0})"}, doc="Trace.", public=True,
        means="the trace, the sum of the entries on the diagonal",
        rule="trace", source="MC 99", traits=Trait.PRODUCT, spoken="the trace",
        written=(Named(("tr", "Tr", "trace")),),
    ),
    Multilinear(
        "diag", "ii <- i", presentation=NamedFunction("diag"), code={"numpy": "np.diag({0})"},
        doc="The diagonal matrix of a vector.", public=True,
        means="the diagonal matrix with these entries", rule="diagonal matrix", spoken="the diagonal matrix",
        traits=Trait.DIAGONAL | Trait.ONE_SIGN,
        written=(Named(("diag", "Diag")),),
    ),
    Multilinear(
        "diagpart", "i <- ii", presentation=NamedFunction("diagpart"), code={"numpy": "np.diag({0})"},
        doc="The diagonal of a square matrix, as a vector.", public=True,
        means="the diagonal, as a vector", rule="diagonal", spoken="the diagonal",
        traits=Trait.ONE_SIGN,
        written=(Named(("diagpart", "diag")),),
    ),
    Multilinear(
        "sum", "<- *", presentation=Textbook.TOTAL, code={"numpy": "np.sum({0})"}, doc="Sum of all entries.",
        rule="sum of entries", traits=Trait.TOTALS | Trait.SUMMED, sign=r"\Sigma", spoken="the sum",
        written=(Form.TOTAL, Named(("sum",))),
    ),
    Multilinear(
        "sum_rows", "j <- ij", presentation=Textbook.TOTAL_OF_ROWS, code={"numpy": "np.sum({0}, axis=0)"},
        text="sum({0}, axis=0)", doc="Sum over the rows: a vector of column sums.", rule="sum of rows",
        traits=Trait.TOTALS, across="sum_cols", sign=r"\Sigma_{\mathrm{rows}}", spoken="the sum over rows",
        shape_reason=INNER,
        written=(Form.TOTAL,),
    ),
    Multilinear(
        "sum_cols", "i <- ij", presentation=Textbook.TOTAL_OF_COLUMNS, code={"numpy": "np.sum({0}, axis=1)"},
        text="sum({0}, axis=1)", doc="Sum over the columns: a vector of row sums.", rule="sum of columns",
        traits=Trait.TOTALS, across="sum_rows", sign=r"\Sigma_{\mathrm{columns}}", spoken="the sum over columns",
        shape_reason=INNER,
        written=(Form.TOTAL,),
    ),
    Multilinear(
        "fill", "* <- .", presentation=Textbook.SPREAD, code={"numpy": "np.full({shape}, {0})"}, text="{0}",
        doc="A scalar in every entry.", rule="broadcasting", traits=Trait.REPEATS | Trait.SPELT_OUT | Trait.STRUCTURED,
        written=(Form.SPREAD,),
    ),
    Multilinear(
        "rows", "ij <- j", presentation=Textbook.SAME_ROWS, code={"numpy": "np.broadcast_to({0}, {shape})"},
        text="row({0})", doc="A vector repeated as every row.", rule="broadcasting",
        traits=Trait.REPEATS | Trait.STRUCTURED, across="cols",
        written=(Form.SPREAD,),
    ),
    Multilinear(
        "cols", "ij <- i", presentation=Textbook.SAME_COLUMNS,
        code={"numpy": "np.broadcast_to(({0})[:, None], {shape})"}, text="col({0})",
        doc="A vector repeated as every column.", rule="broadcasting", traits=Trait.REPEATS | Trait.STRUCTURED,
        across="rows",
        written=(Form.SPREAD,),
    ),
    Multilinear(
        "row", "1j <- j", presentation=Textbook.AS_ROW, code={"numpy": "({0})[None, :]"},
        doc="A vector as a 1 × k matrix.", public=True, rule="row", undoes="unrow", traits=Trait.LINES_UP, sign=r"\top",
        written=(Form.TRANSPOSE,),
    ),
    Multilinear(
        "col", "i1 <- i", presentation=Textbook.UNCHANGED, code={"numpy": "({0})[:, None]"},
        doc="A vector as a k × 1 matrix.", public=True, rule="column", undoes="uncol", traits=Trait.LINES_UP,
        written=(Form.UNSEEN,),
    ),
    Multilinear(
        "unrow", "j <- 1j", presentation=Textbook.ROW_AS_VECTOR, code={"numpy": "({0})[0, :]"}, text="{0}",
        doc="A 1 × k matrix as a vector.", rule="row", undoes="row", traits=Trait.LINES_UP, sign=r"\top",
        written=(Form.TRANSPOSE,),
    ),
    Multilinear(
        "uncol", "i <- i1", presentation=Textbook.UNCHANGED, code={"numpy": "({0})[:, 0]"}, text="{0}",
        doc="A k × 1 matrix as a vector.", rule="column", undoes="col", traits=Trait.LINES_UP,
        written=(Form.UNSEEN,),
    ),
    Multilinear(
        "item", "<- 1", presentation=Textbook.UNCHANGED, code={"numpy": "({0})[0]"}, text="{0}",
        doc="The only entry of a vector of size 1.", rule="scalar", undoes="unitem",
        traits=Trait.BOXES | Trait.UNCITED | Trait.UNNAMED,
        shape_reason="a single number",
        written=(Form.UNSEEN,),
    ),
    Multilinear(
        "unitem", "1 <- .", presentation=Textbook.UNCHANGED, code={"numpy": "np.reshape({0}, (1,))"}, text="{0}",
        doc="A scalar as a vector of size 1.", rule="scalar", undoes="item", traits=Trait.BOXES | Trait.UNCITED,
        shape_reason="a single number",
        written=(Form.UNSEEN,),
    ),
    Multilinear(
        "eye", "ii <- ", presentation=Textbook.IDENTITY, code={"numpy": "np.eye({size})"}, text="eye({k})",
        doc="The identity matrix.", public=True, rule="identity", traits=Trait.STRUCTURED | Trait.DIAGONAL,
        written=(Lettered(("I", "Id")),),
    ),
)  # fmt: skip
