"""Rows of the multilinear operations: each is its index definition, and nothing else about it is stated.

The result's entry is the product of the arguments' entries, summed over every index that the result
lacks; shape, value and derivative follow (see `row.Multilinear` and `solgen.calculus.rules`).
"""

from __future__ import annotations

from solgen.expr.ops.row import ATOM, FUNC, POST, PROD, Multilinear, Tex

MULTILINEAR = (
    Multilinear(
        "matmul", "ik <- ij, jk", Tex(r"{0}\,{1}", PROD, (PROD, PROD)), "{0} @ {1}", "Product of two matrices.",
        "matrix product", source="MC 100, 101",
    ),
    Multilinear(
        "matvec", "i <- ij, j", Tex(r"{0}\,{1}", PROD, (PROD, PROD)), "{0} @ {1}", "Matrix times column vector.",
        "matrix product", source="MC 70",
    ),
    Multilinear(
        "vecmat", "j <- i, ij", Tex(r"{0}^{{\top}}{1}", PROD, (PROD, PROD)), "{0} @ {1}", "Row vector times matrix.",
        "matrix product", source="MC 70",
    ),
    Multilinear(
        "dot", "<- *, *", Tex(r"{0}^{{\top}}{1}", PROD, (POST, PROD)), "np.sum({0} * {1})",
        "Inner product: the sum of the products of all entries.", "inner product", public=True,
        source="MC 69",
    ),
    Multilinear(
        "outer", "ij <- i, j", Tex(r"{0}\,{1}^{{\top}}", PROD, (PROD, POST)), "np.outer({0}, {1})",
        "Outer product of two vectors, a bᵀ.", "outer product", public=True,
    ),
    Multilinear(
        "mul", "* <- *, *", Tex(r"{0} \odot {1}", PROD, (PROD, PROD)), "{0} * {1}", "Hadamard (entrywise) product.",
        "Hadamard product",
    ),
    Multilinear(
        "scale", "* <- ., *", Tex(r"{0}\,{1}", PROD, (PROD, PROD)), "{0} * {1}", "Scalar times array.",
        "scalar multiple",
    ),
    Multilinear(
        "transpose", "ji <- ij", Tex(r"{0}^{{\top}}", POST, (POST,)), "{0}.T", "Transpose of a matrix.",
        "transpose",
    ),
    Multilinear(
        "as_row", "i <- i", Tex(r"{0}^{{\top}}", POST, (POST,)), "{0}",
        "A vector written as a row; the same value.", "transpose",
    ),
    Multilinear(
        "tr", "<- ii", Tex(r"\operatorname{{tr}}\left({0}\right)", FUNC, (0,)), "np.trace({0})",
        "Trace.", "trace", public=True, source="MC 99",
    ),
    Multilinear(
        "diag", "ii <- i", Tex(r"\operatorname{{diag}}\left({0}\right)", FUNC, (0,)), "np.diag({0})",
        "The diagonal matrix of a vector.", "diagonal matrix", public=True,
    ),
    Multilinear(
        "diagpart", "i <- ii", Tex(r"\operatorname{{diagpart}}\left({0}\right)", FUNC, (0,)), "np.diag({0})",
        "The diagonal of a square matrix, as a vector.", "diagonal", public=True,
    ),
    Multilinear(
        "sum", "<- *", Tex(r"\sum\nolimits {0}", PROD, (POST,)), "np.sum({0})", "Sum of all entries.",
        "sum of entries",
    ),
    Multilinear(
        "sum_rows", "j <- ij", Tex(r"{0}^{{\top}}\mathbf{{1}}", PROD, (POST,)), "np.sum({0}, axis=0)",
        "Sum over the rows: a vector of column sums.", "sum of rows",
    ),
    Multilinear(
        "sum_cols", "i <- ij", Tex(r"{0}\,\mathbf{{1}}", PROD, (PROD,)), "np.sum({0}, axis=1)",
        "Sum over the columns: a vector of row sums.", "sum of columns",
    ),
    Multilinear(
        "fill", "* <- .", Tex(r"{0}\,\mathbf{{1}}", PROD, (PROD,)), "np.full({shape}, {0})",
        "A scalar in every entry.", "broadcasting",
    ),
    Multilinear(
        "rows", "ij <- j", Tex(r"\mathbf{{1}}\,{0}^{{\top}}", PROD, (POST,)), "np.broadcast_to({0}, {shape})",
        "A vector repeated as every row.", "broadcasting",
    ),
    Multilinear(
        "cols", "ij <- i", Tex(r"{0}\,\mathbf{{1}}^{{\top}}", PROD, (PROD,)),
        "np.broadcast_to(({0})[:, None], {shape})",
        "A vector repeated as every column.", "broadcasting",
    ),
    Multilinear(
        "row", "1j <- j", Tex(r"{0}^{{\top}}", POST, (POST,)), "({0})[None, :]",
        "A vector as a 1 × k matrix.", "row", public=True,
    ),
    Multilinear(
        "col", "i1 <- i", Tex("{0}", ATOM, (ATOM,)), "({0})[:, None]", "A vector as a k × 1 matrix.",
        "column", public=True,
    ),
    Multilinear(
        "unrow", "j <- 1j", Tex(r"{0}^{{\top}}", POST, (POST,)), "({0})[0, :]",
        "A 1 × k matrix as a vector.", "row",
    ),
    Multilinear("uncol", "i <- i1", Tex("{0}", ATOM, (ATOM,)), "({0})[:, 0]", "A k × 1 matrix as a vector.", "column"),
    Multilinear(
        "item", "<- 1", Tex("{0}", ATOM, (ATOM,)), "({0})[0]", "The only entry of a vector of size 1.",
        "scalar",
    ),
    Multilinear(
        "unitem", "1 <- .", Tex("{0}", ATOM, (ATOM,)), "np.reshape({0}, (1,))",
        "A scalar as a vector of size 1.", "scalar",
    ),
    Multilinear(
        "eye", "ii <- ", Tex(r"\mathbf{{I}}", ATOM), "np.eye({size})", "The identity matrix.",
        "identity", public=True,
    ),
)  # fmt: skip
