"""Rows of the multilinear operations: each is its index definition, and nothing else about it is stated.

The result's entry is the product of the arguments' entries, summed over every index that the result
lacks; shape, value and derivative follow (see `row.Multilinear` and `solgen.calculus.rules`).
"""

from __future__ import annotations

from solgen.expr.ops.row import ATOM, FUNC, POST, PROD, Multilinear, Tex

MULTILINEAR = (
    Multilinear(
        "matmul", "ik <- ij, jk", tex=Tex(r"{0}\,{1}", PROD, (PROD, PROD)), code={"numpy": "{0} @ {1}"},
        doc="Product of two matrices.", rule="matrix product", source="MC 100, 101",
    ),
    Multilinear(
        "matvec", "i <- ij, j", tex=Tex(r"{0}\,{1}", PROD, (PROD, PROD)), code={"numpy": "{0} @ {1}"},
        doc="Matrix times column vector.", rule="matrix product", source="MC 70",
    ),
    Multilinear(
        "vecmat", "j <- i, ij", tex=Tex(r"{0}^{{\top}}{1}", PROD, (PROD, PROD)), code={"numpy": "{0} @ {1}"},
        doc="Row vector times matrix.", rule="matrix product", source="MC 70",
    ),
    Multilinear(
        "dot", "<- *, *", tex=Tex(r"{0}^{{\top}}{1}", PROD, (POST, PROD)), code={"numpy": "np.sum({0} * {1})"},
        doc="Inner product: the sum of the products of all entries.", rule="inner product", public=True, source="MC 69",
    ),
    Multilinear(
        "outer", "ij <- i, j", tex=Tex(r"{0}\,{1}^{{\top}}", PROD, (PROD, POST)), code={"numpy": "np.outer({0}, {1})"},
        doc="Outer product of two vectors, a bᵀ.", rule="outer product", public=True,
    ),
    Multilinear(
        "mul", "* <- *, *", tex=Tex(r"{0} \odot {1}", PROD, (PROD, PROD)), code={"numpy": "{0} * {1}"},
        doc="Hadamard (entrywise) product.", rule="Hadamard product",
    ),
    Multilinear(
        "scale", "* <- ., *", tex=Tex(r"{0}\,{1}", PROD, (PROD, PROD)), code={"numpy": "{0} * {1}"},
        doc="Scalar times array.", rule="scalar multiple",
    ),
    Multilinear(
        "transpose", "ji <- ij", tex=Tex(r"{0}^{{\top}}", POST, (POST,)), code={"numpy": "{0}.T"},
        doc="Transpose of a matrix.", rule="transpose",
    ),
    Multilinear(
        "as_row", "i <- i", tex=Tex(r"{0}^{{\top}}", POST, (POST,)), code={"numpy": "{0}"},
        doc="A vector written as a row; the same value.", rule="transpose",
    ),
    Multilinear(
        "tr", "<- ii", tex=Tex(r"\operatorname{{tr}}\left({0}\right)", FUNC, (0,)), code={"numpy": "np.trace({0})"},
        doc="Trace.", rule="trace", public=True, source="MC 99",
    ),
    Multilinear(
        "diag", "ii <- i", tex=Tex(r"\operatorname{{diag}}\left({0}\right)", FUNC, (0,)),
        code={"numpy": "np.diag({0})"}, doc="The diagonal matrix of a vector.", rule="diagonal matrix", public=True,
    ),
    Multilinear(
        "diagpart", "i <- ii", tex=Tex(r"\operatorname{{diagpart}}\left({0}\right)", FUNC, (0,)),
        code={"numpy": "np.diag({0})"}, doc="The diagonal of a square matrix, as a vector.", rule="diagonal",
        public=True,
    ),
    Multilinear(
        "sum", "<- *", tex=Tex(r"\sum\nolimits {0}", PROD, (POST,)), code={"numpy": "np.sum({0})"},
        doc="Sum of all entries.", rule="sum of entries",
    ),
    Multilinear(
        "sum_rows", "j <- ij", tex=Tex(r"{0}^{{\top}}\mathbf{{1}}", PROD, (POST,)),
        code={"numpy": "np.sum({0}, axis=0)"}, doc="Sum over the rows: a vector of column sums.", rule="sum of rows",
    ),
    Multilinear(
        "sum_cols", "i <- ij", tex=Tex(r"{0}\,\mathbf{{1}}", PROD, (PROD,)), code={"numpy": "np.sum({0}, axis=1)"},
        doc="Sum over the columns: a vector of row sums.", rule="sum of columns",
    ),
    Multilinear(
        "fill", "* <- .", tex=Tex(r"{0}\,\mathbf{{1}}", PROD, (PROD,)), code={"numpy": "np.full({shape}, {0})"},
        doc="A scalar in every entry.", rule="broadcasting",
    ),
    Multilinear(
        "rows", "ij <- j", tex=Tex(r"\mathbf{{1}}\,{0}^{{\top}}", PROD, (POST,)),
        code={"numpy": "np.broadcast_to({0}, {shape})"}, doc="A vector repeated as every row.", rule="broadcasting",
    ),
    Multilinear(
        "cols", "ij <- i", tex=Tex(r"{0}\,\mathbf{{1}}^{{\top}}", PROD, (PROD,)),
        code={"numpy": "np.broadcast_to(({0})[:, None], {shape})"}, doc="A vector repeated as every column.",
        rule="broadcasting",
    ),
    Multilinear(
        "row", "1j <- j", tex=Tex(r"{0}^{{\top}}", POST, (POST,)), code={"numpy": "({0})[None, :]"},
        doc="A vector as a 1 × k matrix.", rule="row", public=True,
    ),
    Multilinear(
        "col", "i1 <- i", tex=Tex("{0}", ATOM, (ATOM,)), code={"numpy": "({0})[:, None]"},
        doc="A vector as a k × 1 matrix.", rule="column", public=True,
    ),
    Multilinear(
        "unrow", "j <- 1j", tex=Tex(r"{0}^{{\top}}", POST, (POST,)), code={"numpy": "({0})[0, :]"},
        doc="A 1 × k matrix as a vector.", rule="row",
    ),
    Multilinear(
        "uncol", "i <- i1", tex=Tex("{0}", ATOM, (ATOM,)), code={"numpy": "({0})[:, 0]"},
        doc="A k × 1 matrix as a vector.", rule="column",
    ),
    Multilinear(
        "item", "<- 1", tex=Tex("{0}", ATOM, (ATOM,)), code={"numpy": "({0})[0]"},
        doc="The only entry of a vector of size 1.", rule="scalar",
    ),
    Multilinear(
        "unitem", "1 <- .", tex=Tex("{0}", ATOM, (ATOM,)), code={"numpy": "np.reshape({0}, (1,))"},
        doc="A scalar as a vector of size 1.", rule="scalar",
    ),
    Multilinear(
        "eye", "ii <- ", tex=Tex(r"\mathbf{{I}}", ATOM), code={"numpy": "np.eye({size})"}, doc="The identity matrix.",
        rule="identity", public=True,
    ),
)  # fmt: skip
