"""How each operation is written (until its row says so)."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from solgen.expr.ops.presentation import (
    Around,
    Composed,
    Directed,
    Function,
    Indicator,
    Infix,
    Presentation,
    Textbook,
)

PRESENTATIONS: Mapping[str, Presentation] = MappingProxyType({
    "add": Textbook.SUM, "neg": Textbook.NEGATION, "div": Textbook.QUOTIENT, "pow": Textbook.POWER,
    "relu": Function("ReLU"), "leaky_relu": Function("LeakyReLU", subscript=1), "elu": Function("ELU"),
    "sigmoid": Function("σ"), "tanh": Function("tanh", powers=True), "swish": Function("swish"),
    "gelu": Function("GELU"), "softplus": Function("softplus"), "exp": Textbook.EXPONENTIAL,
    "log": Textbook.LOGARITHM, "sqrt": Textbook.ROOT, "sin": Function("sin", powers=True),
    "cos": Function("cos", powers=True), "tan": Function("tan", powers=True), "arcsin": Function("arcsin"),
    "arccos": Function("arccos"), "arctan": Function("arctan"), "arctanh": Function("artanh"),
    "sinh": Function("sinh", powers=True), "cosh": Function("cosh", powers=True), "abs": Around("bars"),
    "sign": Function("sign"), "square": Textbook.SQUARE, "step": Indicator(">", "<"),
    "reaches": Indicator("≥", "≤"), "normcdf": Function("Φ"), "normpdf": Function("ϕ"),
    "maximum": Function("max"), "minimum": Function("min"),
    "matmul": Textbook.MATRIX_PRODUCT, "matvec": Textbook.MATRIX_PRODUCT, "vecmat": Textbook.ROW_TIMES_MATRIX,
    "dot": Textbook.INNER_PRODUCT, "outer": Textbook.OUTER_PRODUCT, "mul": Textbook.ENTRYWISE_PRODUCT,
    "scale": Textbook.SCALAR_MULTIPLE, "transpose": Textbook.TRANSPOSE, "as_row": Textbook.UNCHANGED,
    "row": Textbook.AS_ROW, "unrow": Textbook.ROW_AS_VECTOR, "col": Textbook.UNCHANGED, "uncol": Textbook.UNCHANGED,
    "item": Textbook.UNCHANGED, "unitem": Textbook.UNCHANGED, "tr": Function("tr"), "diag": Function("diag"),
    "diagpart": Function("diagpart"), "sum": Textbook.TOTAL, "sum_rows": Textbook.TOTAL_OF_ROWS,
    "sum_cols": Textbook.TOTAL_OF_COLUMNS, "fill": Textbook.SPREAD, "rows": Textbook.SAME_ROWS,
    "cols": Textbook.SAME_COLUMNS, "eye": Textbook.IDENTITY,
    "inv": Textbook.INVERSE, "det": Function("det"), "logdet": Textbook.LOG_DETERMINANT,
    "matpow": Textbook.MATRIX_POWER,
    "softmax": Directed(("softmax",)), "log_softmax": Directed(("log", "softmax")),
    "logsumexp": Directed(("logsumexp",)), "cross_entropy": Textbook.CROSS_ENTROPY,
    "softmax_cross_entropy": Composed("CE", "softmax"), "max": Function("max"), "attains": Textbook.MAXIMAL,
    "norm2sq": Around("norm", above=2), "norm": Around("norm"), "norm1": Around("norm", below=1),
    "slice": Textbook.SLICE, "pad": Function("pad"), "pick": Textbook.ENTRY, "pick_row": Textbook.ONE_ROW,
    "pick_col": Textbook.ONE_COLUMN, "basis": Textbook.BASIS, "vec": Function("vec"),
    "unvec": Function("vec", inverse=True), "flip": Function("flip"), "concat": Textbook.JOINED,
    "kron": Infix("⊗", loose=True), "kron_left": Function("tr", index=2), "kron_right": Function("tr", index=1),
    "conv1d": Infix("⋆"), "convfull": Infix("∗"),
    "call": Textbook.CALL, "loss": Textbook.CALL, "loss_grad": Textbook.CALL_GRADIENT,
})  # fmt: skip
