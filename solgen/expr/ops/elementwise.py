"""Rows of the elementwise functions: value, textbook derivative, typesetting.

Each derivative is written in the form that a lecturer would print, through the function's own value `y`
where that is shorter (σ′ = σ(1 − σ)); that it equals sympy's derivative is proved in
`tests/expr/test_table.py`.
"""

from __future__ import annotations

from solgen.expr.arith import ONE, ZERO, add, div, fn, mul, neg, num, power, sub
from solgen.expr.nodes import Expr, Num
from solgen.expr.ops.row import FUNC, NEG, POST, SUM, Elementwise, Tex


def _function(name: str) -> Tex:
    return Tex(name.replace("{", "{{").replace("}", "}}") + r"\left({0}\right)", FUNC, (0,))


def _less_one(a: Expr) -> Expr:
    """The exponent a − 1, folded where a is a number."""
    return num(a.value - 1) if isinstance(a, Num) else sub(a, ONE)


ARITHMETIC = (
    Elementwise(
        "add", 0, lambda K, *xs: sum(xs[1:], xs[0]), (lambda *_: ONE,), Tex("{0} + {1}", SUM, (SUM, SUM)),
        "{0} + {1}", "Sum of arrays of one shape.", public=False, rule="sum",
    ),
    Elementwise(
        "neg", 1, lambda K, x: -x, (lambda x, y: num(-1),), Tex("-{0}", NEG, (NEG,)),
        "-{0}", "Negation.", public=False, rule="sum",
    ),
    Elementwise(
        "div", 2, lambda K, a, b: a / b,
        (lambda a, b, y: div(ONE, b), lambda a, b, y: neg(div(y, b))),
        Tex(r"\frac{{{0}}}{{{1}}}", POST, (0, 0)), "{0} / {1}", "Quotient, entry by entry.", "nonzero",
        public=False, rule="quotient",
    ),
    Elementwise(
        "pow", 2, lambda K, x, a: K.pow(x, a),
        (lambda x, a, y: mul(a, power(x, _less_one(a))), lambda x, a, y: mul(y, fn("log", x))),
        Tex("{0}^{{{1}}}", POST, (POST, 0)), "{0} ** {1}", "Power, entry by entry; the exponent may be a variable.",
        "power", public=False, rule="power",
    ),
)  # fmt: skip

FUNCTIONS = (
    Elementwise(
        "relu", 1, lambda K, x: K.maximum(x, 0), (lambda x, y: fn("step", x),), _function(r"\operatorname{ReLU}"),
        "np.maximum({0}, 0.0)", "max(x, 0).", convention="relu′(0) = 0",
    ),
    Elementwise(
        "leaky_relu", 2, lambda K, x, a: K.maximum(x, 0) + a * K.minimum(x, 0),
        (lambda x, a, y: add(fn("step", x), mul(a, fn("step", neg(x)))), lambda x, a, y: fn("minimum", x, ZERO)),
        Tex(r"\operatorname{{LeakyReLU}}_{{{1}}}\left({0}\right)", FUNC, (0, 0)),
        "(np.maximum({0}, 0.0) + {1} * np.minimum({0}, 0.0))", "x for x > 0, a·x for x < 0.",
        convention="leaky_relu′(0) = 0",
    ),
    Elementwise(
        "elu", 1, lambda K, x: K.maximum(x, 0) + K.exp(K.minimum(x, 0)) - 1,
        (lambda x, y: add(fn("step", x), mul(fn("step", neg(x)), fn("exp", x))),),
        _function(r"\operatorname{ELU}"), "(np.maximum({0}, 0.0) + np.expm1(np.minimum({0}, 0.0)))",
        "x for x > 0, eˣ − 1 for x < 0.", convention="elu′(0) = 0",
    ),
    Elementwise(
        "sigmoid", 1, lambda K, x: 1 / (1 + K.exp(-x)), (lambda x, y: mul(y, sub(ONE, y)),), _function(r"\sigma"),
        "(0.5 * (1.0 + np.tanh(0.5 * ({0}))))", "1 / (1 + e⁻ˣ).",
    ),
    Elementwise(
        "tanh", 1, lambda K, x: K.tanh(x), (lambda x, y: sub(ONE, power(y, 2)),), _function(r"\tanh"),
        "np.tanh({0})", "Hyperbolic tangent.",
    ),
    Elementwise(
        "swish", 1, lambda K, x: x / (1 + K.exp(-x)),
        (lambda x, y: add(y, mul(fn("sigmoid", x), sub(ONE, y))),), _function(r"\operatorname{swish}"),
        "({0} * (0.5 * (1.0 + np.tanh(0.5 * ({0})))))", "x·σ(x).",
    ),
    Elementwise(
        "gelu", 1, lambda K, x: x * K.normcdf(x),
        (lambda x, y: add(fn("normcdf", x), mul(x, fn("normpdf", x))),), _function(r"\operatorname{GELU}"),
        "({0} * _normcdf({0}))", "x·Φ(x), exact.",
    ),
    Elementwise(
        "softplus", 1, lambda K, x: K.log(1 + K.exp(x)), (lambda x, y: fn("sigmoid", x),),
        _function(r"\operatorname{softplus}"), "np.logaddexp(0.0, {0})", "log(1 + eˣ).",
    ),
    Elementwise("exp", 1, lambda K, x: K.exp(x), (lambda x, y: y,), _function(r"\exp"), "np.exp({0})", "eˣ."),
    Elementwise(
        "log", 1, lambda K, x: K.log(x), (lambda x, y: div(ONE, x),), _function(r"\log"), "np.log({0})",
        "Natural logarithm.", "positive",
    ),
    Elementwise(
        "sqrt", 1, lambda K, x: K.sqrt(x), (lambda x, y: div(ONE, mul(num(2), y)),), Tex(r"\sqrt{{{0}}}", POST, (0,)),
        "np.sqrt({0})", "Square root.", "positive",
    ),
    Elementwise(
        "sin", 1, lambda K, x: K.sin(x), (lambda x, y: fn("cos", x),), _function(r"\sin"),
        "np.sin({0})", "Sine.",
    ),
    Elementwise(
        "cos", 1, lambda K, x: K.cos(x), (lambda x, y: neg(fn("sin", x)),), _function(r"\cos"), "np.cos({0})",
        "Cosine.",
    ),
    Elementwise(
        "tan", 1, lambda K, x: K.tan(x), (lambda x, y: add(ONE, power(y, 2)),), _function(r"\tan"), "np.tan({0})",
        "Tangent.",
    ),
    Elementwise(
        "arcsin", 1, lambda K, x: K.asin(x), (lambda x, y: div(ONE, fn("sqrt", sub(ONE, power(x, 2)))),),
        _function(r"\arcsin"), "np.arcsin({0})", "Inverse sine.", "unit",
    ),
    Elementwise(
        "arccos", 1, lambda K, x: K.acos(x), (lambda x, y: neg(div(ONE, fn("sqrt", sub(ONE, power(x, 2))))),),
        _function(r"\arccos"), "np.arccos({0})", "Inverse cosine.", "unit",
    ),
    Elementwise(
        "arctan", 1, lambda K, x: K.atan(x), (lambda x, y: div(ONE, add(ONE, power(x, 2))),), _function(r"\arctan"),
        "np.arctan({0})", "Inverse tangent.",
    ),
    Elementwise(
        "arctanh", 1, lambda K, x: K.atanh(x), (lambda x, y: div(ONE, sub(ONE, power(x, 2))),),
        _function(r"\operatorname{artanh}"), "np.arctanh({0})", "Inverse hyperbolic tangent.", "unit",
    ),
    Elementwise(
        "sinh", 1, lambda K, x: K.sinh(x), (lambda x, y: fn("cosh", x),), _function(r"\sinh"), "np.sinh({0})",
        "Hyperbolic sine.",
    ),
    Elementwise(
        "cosh", 1, lambda K, x: K.cosh(x), (lambda x, y: fn("sinh", x),), _function(r"\cosh"), "np.cosh({0})",
        "Hyperbolic cosine.",
    ),
    Elementwise(
        "abs", 1, lambda K, x: K.abs(x), (lambda x, y: fn("sign", x),), Tex(r"\left|{0}\right|", POST, (0,)),
        "np.abs({0})", "Absolute value.", convention="abs′(0) = 0",
    ),
    Elementwise(
        "sign", 1, lambda K, x: K.sign(x), (lambda x, y: ZERO,), _function(r"\operatorname{sign}"), "np.sign({0})",
        "−1, 0 or 1; its derivative is taken as 0.", convention="sign(0) = 0, sign′ = 0",
    ),
    Elementwise(
        "square", 1, lambda K, x: x * x, (lambda x, y: mul(num(2), x),), Tex("{0}^{{2}}", POST, (POST,)),
        "({0}) ** 2", "x².",
    ),
    Elementwise(
        "step", 1, lambda K, x: K.step(x), (lambda x, y: ZERO,), Tex(r"\mathbb{{1}}\left[{0} > 0\right]", FUNC, (0,)),
        "np.where({0} > 0, 1.0, 0.0)", "The indicator of x > 0; its derivative is taken as 0.",
        convention="step(0) = 0, step′ = 0",
    ),
    Elementwise(
        "reaches", 1, lambda K, x: 1 - K.step(-x), (lambda x, y: ZERO,),
        Tex(r"\mathbb{{1}}\left[{0} \ge 0\right]", FUNC, (0,)),
        "np.where({0} >= 0, 1.0, 0.0)",
        "The indicator of x ≥ 0: the second branch of maximum and minimum, ties included.",
        convention="its derivative is taken as 0", public=False, rule="indicator",
    ),
    Elementwise(
        "normcdf", 1, lambda K, x: K.normcdf(x), (lambda x, y: fn("normpdf", x),), _function(r"\Phi"),
        "_normcdf({0})", "Distribution function of the standard normal.",
    ),
    Elementwise(
        "normpdf", 1, lambda K, x: K.exp(-x * x / 2) / K.sqrt(2 * K.pi), (lambda x, y: neg(mul(x, y)),),
        _function(r"\phi"), "(np.exp(-0.5 * ({0}) ** 2) / np.sqrt(2.0 * np.pi))",
        "Density of the standard normal.",
    ),
    Elementwise(
        "maximum", 2, lambda K, a, b: K.maximum(a, b),
        (lambda a, b, y: fn("step", sub(a, b)), lambda a, b, y: fn("reaches", sub(b, a))),
        Tex(r"\max\left({0}, {1}\right)", FUNC, (0, 0)), "np.maximum({0}, {1})", "The larger, entry by entry.",
        convention="at a tie, maximum takes the second argument's branch",
    ),
    Elementwise(
        "minimum", 2, lambda K, a, b: K.minimum(a, b),
        (lambda a, b, y: fn("step", sub(b, a)), lambda a, b, y: fn("reaches", sub(a, b))),
        Tex(r"\min\left({0}, {1}\right)", FUNC, (0, 0)), "np.minimum({0}, {1})", "The smaller, entry by entry.",
        convention="at a tie, minimum takes the second argument's branch",
    ),
)  # fmt: skip


ELEMENTWISE = ARITHMETIC + FUNCTIONS
