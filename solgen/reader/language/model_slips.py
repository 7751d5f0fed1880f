"""Typical slips in the model language, as tables; each row is a test by its example.

`PYTHON_SLIPS` explain what Python's grammar refuses, in order of preference; the other tables explain what the
grammar takes and the language does not have.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class ModelSlip:
    """`pattern` is searched in the line; its groups fill the message and the hint."""

    pattern: str
    message: str
    hint: str
    example: str


NAME = r"[^\W\d]\w*"

PYTHON_SLIPS = (
    ModelSlip(
        r"[=+\-*/@(,]\s*(lambda|is|as|in|for|from|with|class|pass|del|try|and|or|not|if|while|raise)\b\s*(?:[-+*/@),]|$)",
        "`{0}` is a keyword and cannot be a name",
        "use another name; lam is typeset as λ",
        "y = lambda * x",
    ),
    ModelSlip(r"([−–—])", "`{0}` is a typographic minus", "use -", "y = x − b"),
    ModelSlip(
        r"([×⋅∗⊙∘])", "`{0}` is not an operator here", "use @ for the matrix product, * entry by entry", "y = W × x"
    ),
    ModelSlip(r"([²³⁴])", "`{0}` is a typographic exponent", "use **", "y = x²"),
    ModelSlip(r"(⊤|\^\s*\\top|\^\s*\{{?T)", "`{0}` does not transpose here", "write .T", "y = W⊤ @ x"),
    ModelSlip(
        r"([∇∂∑∏√‖½∈ℝ])",
        "`{0}` has no meaning here",
        "write functions by name, such as sum(x), sqrt(x), norm(x)",
        "L = ‖x‖",
    ),
    ModelSlip(rf"({NAME})\s*(?:∈|\bin\b)\s*({NAME}\S*)", "`in` declares nothing", "write `{0}: {1}`", "x in R[d]"),
    ModelSlip(
        r"(\\[a-zA-Z]+)",
        "`{0}` is LaTeX",
        "use names and functions of the model language; typeset names under `latex:`",
        "y = \\sigma(x)",
    ),
    ModelSlip(r"(\$)", "`{0}` has no meaning here", "write the line without dollars, as in Python", "$y = x$"),
    ModelSlip(
        r"(?<=:)\s*(?:R|\\mathbb\s*\{{?R\}}?)\s*\^",
        "sizes stand in square brackets",
        "write R[n] for a vector, R[m, n] for a matrix",
        "W: R^{m x n}",
    ),
    ModelSlip(r":=", "`:=` is not used here", "write = for an equation, : for a declaration", "L := x @ x"),
    ModelSlip(r"->|=>", "an arrow is not used here", "write = for an equation", "y -> W @ x"),
    ModelSlip(
        rf"^\s*({NAME}(?:\s*,\s*{NAME})+)\s*:",
        "several names in one declaration",
        "declare {0} each on its own line",
        "a, b: R[n]",
    ),
    ModelSlip(
        rf"({NAME})'",
        "a prime cannot stand in a name",
        "write {0}prime, which is typeset so; for a transpose {0}.T",
        "y = x' @ x",
    ),
    ModelSlip(r"\b(\d+\.?\d*)([^\W\d]\w*)", "a product needs its sign", "write {0}*{1}", "y = 2x"),
    ModelSlip(
        rf"({NAME}|\))\s+({NAME})\s*(?:[-+@*/)\]]|$)",
        "a product needs its sign",
        "write `{0} @ {1}` for the matrix product, `{0} * {1}` entry by entry",
        "y = W x",
    ),
    ModelSlip(r"\|([^|]+)\|", "bars do not mean an absolute value or norm", "write abs({0}) or norm({0})", "y = |x|"),
    ModelSlip(r"=\s*$", "the right side is missing", "write `name = …`", "y ="),
    ModelSlip(r":\s*$", "the kind is missing", "write `name: R[n]`", "y :"),
    ModelSlip(r"(['\"“”])", "quotes have no meaning here", "write names without quotes", "y = “x"),
    ModelSlip(r"^[^(\[]*[)\]]", "a bracket is closed that was never opened", "delete it, or open it before", "y = x)"),
    ModelSlip(r"[(\[][^)\]]*$", "a bracket is never closed", "close it", "y = (x"),
    ModelSlip(
        r"([@*/+-])\s*$",
        "an operand is missing after `{0}`",
        "add it, or keep a long equation in parentheses",
        "y = W @",
    ),
    ModelSlip(r"=\s*([@*/])", "an operand is missing before `{0}`", "add it", "y = @ x"),
)

# What Python's grammar has and the language does not: by the syntax node's type.
FOREIGN: Mapping[type[ast.AST], tuple[str, str]] = MappingProxyType(
    {
        ast.BitXor: ("`^` is not a power", "use **"),
        ast.FloorDiv: ("`//` is not in the language", "use /"),
        ast.Mod: ("`%` is not in the language", "use / or * instead"),
        ast.BitOr: ("`|` is not in the language", "for an absolute value write abs(x), for a norm norm(x)"),
        ast.BitAnd: ("`&` is not in the language", "for a product of masks use *"),
        ast.LShift: ("`<<` is not in the language", "use * and **"),
        ast.RShift: ("`>>` is not in the language", "use / and **"),
        ast.Invert: ("`~` is not in the language", "for the complement of a mask m write 1 - m"),
        ast.Not: ("`not` is not in the language", "for the complement of a mask m write 1 - m"),
        ast.Compare: ("a comparison is not a value here", "for the indicator of x > 0 write step(x)"),
        ast.BoolOp: ("`and` and `or` are not in the language", "use * for masks, maximum, minimum"),
        ast.IfExp: ("`if` is not in the language", "use step(x), relu(x), maximum(a, b)"),
        ast.Lambda: ("a function must have a name", "define it on a line of its own: `f = lambda k: …`"),
        ast.NamedExpr: ("`:=` is not in the language", "give the value an equation of its own"),
        ast.ListComp: (
            "a comprehension is not in the language",
            "for a sum over samples declare `i: Index[n]`, write sum(z[i], i)",
        ),
        ast.GeneratorExp: (
            "a comprehension is not in the language",
            "for a sum over samples declare `i: Index[n]`, write sum(z[i], i)",
        ),
        ast.SetComp: ("a comprehension is not in the language", "declare an `i: Index[n]`"),
        ast.DictComp: ("a comprehension is not in the language", "declare an `i: Index[n]`"),
        ast.List: ("a list is not a value here", "declare a variable; its numbers go under `numbers:`"),
        ast.Tuple: ("several values where one is due", "write one equation a line"),
        ast.Set: ("a set is not a value here", "declare a variable"),
        ast.Dict: ("a dictionary is not a value here", "declare a variable"),
        ast.JoinedStr: ("a text is not a value here", "write names without quotes"),
        ast.Starred: ("`*` before an argument is not in the language", "write the arguments out"),
        ast.Await: ("`await` is not in the language", "write a formula"),
        ast.Yield: ("`yield` is not in the language", "write a formula"),
        ast.YieldFrom: ("`yield` is not in the language", "write a formula"),
    }
)

# Attributes that people bring from numpy and torch; `{0}` is the expression before the dot.
ATTRIBUTES: Mapping[str, str] = MappingProxyType(
    {
        "t": "write `{0}.T`",
        "transpose": "write `{0}.T`",
        "mT": "write `{0}.T`",
        "H": "write `{0}.T`",
        "sum": "write `sum({0})`",
        "mean": "write `mean({0})`",
        "dot": "write `{0} @ …`",
        "matmul": "write `{0} @ …`",
        "norm": "write `norm({0})`",
        "trace": "write `tr({0})`",
        "diag": "write `diag({0})`",
        "exp": "write `exp({0})`",
        "log": "write `log({0})`",
        "shape": "a size may be used as a number: write n",
        "inv": "write `inv({0})`",
    }
)

# Functions by the names they have elsewhere.
ELSEWHERE: Mapping[str, str] = MappingProxyType(
    {
        "ln": "write log(x)",
        "trace": "write tr(X)",
        "transpose": "write X.T",
        "inverse": "write inv(X)",
        "norm2": "write norm(x), or norm2sq(x) for its square",
        "logistic": "write sigmoid(x)",
        "expit": "write sigmoid(x)",
        "sigma": "write sigmoid(x)",
        "silu": "write swish(x)",
        "ReLU": "write relu(x)",
        "matmul": "write A @ B",
        "hadamard": "write a * b",
        "multiply": "write a * b",
        "mse": "write norm2sq(y - t) / n",
        "softmax_rows": "write softmax(X, axis=1)",
        "atan": "write arctan(x)",
        "asin": "write arcsin(x)",
        "acos": "write arccos(x)",
        "atanh": "write arctanh(x)",
        "sgn": "write sign(x)",
        "heaviside": "write step(x)",
        "indicator": "write step(x)",
        "identity": "write eye(n)",
        "I": "write eye(n)",
        "Id": "write eye(n)",
        "min": "write minimum(a, b)",
        "CE": "write cross_entropy(p, y)",
        "cross": "there is no cross product here; the cross-entropy is cross_entropy(p, y)",
        "frobenius": "write norm(X)",
        "power": "write x ** a",
        "pow": "write x ** a",
        "lrelu": "write leaky_relu(x, a)",
        "inner": "write dot(a, b)",
        "transposed": "write X.T",
        "erf": "write 2*normcdf(sqrt(2)*x) - 1",
        "logdet2": "write logdet(X)",
        "lse": "write logsumexp(x)",
    }
)

# Functions that people know from elsewhere and that are none here: what there is instead.
ABSENT: Mapping[str, str] = MappingProxyType(
    {
        **dict.fromkeys(
            ("expm", "logm", "sqrtm"),
            "there are no functions of matrices here; `exp(X)` is entry by entry, `matpow(X, k)` a power",
        ),
        **dict.fromkeys(("clip", "clamp"), "write `minimum(maximum(x, a), b)`"),
        "hardtanh": "write `minimum(maximum(x, -1), 1)`",
        "relu6": "write `minimum(relu(x), 6)`",
        **dict.fromkeys(
            ("sort", "argsort", "topk", "median", "quantile"), "nothing here sorts; `max(x)` is the largest entry"
        ),
        **dict.fromkeys(
            ("argmax", "argmin"),
            "a class index is declared, `k: Label[C]`, and `p[k]` is its entry; `max(x)` is the largest entry",
        ),
        "pinv": "write it out: `inv(X.T @ X) @ X.T`, for a matrix of full column rank",
        **dict.fromkeys(("solve", "lstsq"), "write `inv(A) @ b`"),
        **dict.fromkeys(
            (
                "eig",
                "eigh",
                "eigvals",
                "eigvalsh",
                "svd",
                "svdvals",
                "qr",
                "lu",
                "cholesky",
                "rank",
                "matrix_rank",
                "schur",
            ),
            "there are no decompositions here; there are `det(X)`, `logdet(X)`, `tr(X)` and `inv(X)`",
        ),
        **dict.fromkeys(
            ("reshape", "flatten", "ravel", "view", "squeeze", "unsqueeze", "swapaxes", "permute"),
            "shapes change by `vec(X)`, `row(x)`, `col(x)` and `X.T` alone",
        ),
        "var": "write `mean(square(x - mean(x)))`",
        "variance": "write `mean(square(x - mean(x)))`",
        "std": "write `sqrt(mean(square(x - mean(x))))`",
        "cov": "write `X.T @ X / n`, of rows that have mean 0",
        **dict.fromkeys(("where", "piecewise", "select"), "write `step(x) * a + (1 - step(x)) * b`"),
        **dict.fromkeys(
            ("einsum", "tensordot", "matvec", "bmm", "mm"),
            "write the products with `@`, `outer(a, b)` and `sum(X, axis=0)`",
        ),
        **dict.fromkeys(("prod", "cumprod"), "write `exp(sum(log(x)))`, for positive entries"),
        "cumsum": "write `A @ x` with a triangular matrix A of ones",
        **dict.fromkeys(("stack", "vstack"), "write `concat(a, b)`, of matrices `concat(A, B, axis=0)`"),
        "hstack": "write `concat(A, B, axis=1)`",
        **dict.fromkeys(("tile", "repeat", "broadcast", "broadcast_to", "expand"), "write `outer(x, ones(n))`"),
        **dict.fromkeys(("ones_like", "full"), "write `ones(n)` or `ones(m, n)`"),
        "zeros_like": "write `zeros(n)` or `zeros(m, n)`",
        **dict.fromkeys(("dropout", "bernoulli"), "declare the mask: `m: Binary[n]`, then `m * x`"),
        **dict.fromkeys(
            ("rand", "randn", "normal", "random", "sample"), "nothing here is random: declare the value, `e: R[n]`"
        ),
        **dict.fromkeys(
            ("floor", "ceil", "round", "trunc", "mod"),
            "functions that are constant but for jumps are not here, but for `step(x)` and `sign(x)`",
        ),
        **dict.fromkeys(("fft", "ifft", "rfft"), "numbers are real here; a transform is a matrix, `F @ x`"),
        **dict.fromkeys(
            ("conv", "conv2d", "convolve", "correlate"), "write `conv1d(x, w)`, a correlation without padding"
        ),
        **dict.fromkeys(
            ("gamma", "lgamma", "beta", "digamma"), "declare it as a function of its own: `lgamma: Elementwise`"
        ),
        **dict.fromkeys(
            ("grad", "gradient", "diff", "derivative", "jacobian", "hessian"),
            "derivatives are asked for in `solve:` of a part, not in a model",
        ),
        **dict.fromkeys(("kl", "kl_div", "KL"), "write `sum(p * log(p / q))`"),
        **dict.fromkeys(("bce", "nll", "nll_loss"), "write `cross_entropy(p, y)`, or out: `-log(p[k])`"),
        **dict.fromkeys(
            ("layer_norm", "layernorm", "batch_norm", "normalize"),
            "write it out: `(x - mean(x)) / sqrt(mean(square(x - mean(x))) + eps)`",
        ),
        **dict.fromkeys(
            ("argwhere", "nonzero", "any", "all", "count", "len", "range", "enumerate"),
            "a model has formulas alone; `solgen functions` lists what there is",
        ),
    }
)

# Kinds by the names they have elsewhere.
KINDS_ELSEWHERE: Mapping[str, str] = MappingProxyType(
    {
        "Real": "write R, R[n] or R[m, n]",
        "float": "write R",
        "Scalar": "write R",
        "Vector": "write R[n]",
        "Matrix": "write R[m, n]",
        "Tensor": "write R[m, n]",
        "Array": "write R[n]",
        "int": "for a class index write Label[C]",
        "Function": "write Elementwise, or Loss for a scalar value",
        "Activation": "write Elementwise",
        "Symmetric": "write Sym[n]",
        "SPD": "write PosDef[n]",
        "Probability": "write Unit, or Simplex[C]",
        "Mask": "write Binary[n]",
        "Bool": "write Binary[n]",
        "bool": "write Binary[n]",
        "Integer": "for a class index write Label[C]",
        "N": "write R",
        "Z": "write R",
        "C": "write R",
        "ndarray": "write R[n]",
        "Onehot": "write OneHot[C]",
    }
)


def keyword_hint(word: str) -> str:
    """What to call a name that is a keyword of Python."""
    return "use lam, which is typeset as λ" if word == "lambda" else f"use another name, such as {word}_1"
