"""Rows of the elementwise functions: value, textbook derivative, typesetting.

Each derivative is written in the form that a lecturer would print, through the function's own value `y`
where that is shorter (σ′ = σ(1 − σ)); that it equals sympy's derivative is proved in
`tests/expr/test_table.py`.
"""

from __future__ import annotations

from solgen.expr.arith import ONE, ZERO, add, div, fn, mul, neg, num, power, sub
from solgen.expr.nodes import Expr, Num
from solgen.expr.ops.convention import Kink, Tie
from solgen.expr.ops.presentation import Around, Indicator, NamedFunction, Textbook
from solgen.expr.ops.row import Elementwise
from solgen.expr.ops.trait import Trait
from solgen.expr.ops.written import Barred, Between, Compared, Form, Named


def _less_one(a: Expr) -> Expr:
    """The exponent a − 1, folded where a is a number."""
    return num(a.value - 1) if isinstance(a, Num) else sub(a, ONE)


ARITHMETIC = (
    Elementwise(
        "add", 0, value=lambda K, *xs: sum(xs[1:], xs[0]), partials=(lambda *_: ONE,), presentation=Textbook.SUM,
        code={"numpy": "{0} + {1}"}, doc="Sum of arrays of one shape.", public=False, rule="sum",
        traits=Trait.JOINS_TERMS | Trait.UNCITED | Trait.SPELT_OUT | Trait.KEEPS_SYMMETRY, sign="+",
        shape_reason="the terms of a sum have one shape",
        written=(Form.SUM,),
    ),
    Elementwise(
        "neg", 1, value=lambda K, x: -x, partials=(lambda x, y: num(-1),), presentation=Textbook.NEGATION,
        code={"numpy": "-{0}"}, text="-{0}", doc="Negation.", public=False, rule="sum",
        traits=Trait.JOINS_TERMS | Trait.FACTOR | Trait.UNCITED | Trait.SPELT_OUT | Trait.KEEPS_SYMMETRY
        | Trait.UNNAMED, sign="-", reads="minus {0}",
        written=(Form.MINUS,),
    ),
    Elementwise(
        "div", 2, value=lambda K, a, b: a / b, partials=(lambda a, b, y: div(ONE, b), lambda a, b, y: neg(div(y, b))),
        presentation=Textbook.QUOTIENT, code={"numpy": "{0} / {1}"}, text="{0} / {1}", doc="Quotient, entry by entry.",
        domain="nonzero", public=False, rule="quotient", traits=Trait.FACTOR | Trait.SPELT_OUT | Trait.DIVIDES,
        sign=r"\div",
        reads="{0} over {1}",
        written=(Form.QUOTIENT, Between(("⊘",))),
    ),
    Elementwise(
        "pow", 2, value=lambda K, x, a: K.pow(x, a),
        partials=(lambda x, a, y: mul(a, power(x, _less_one(a))), lambda x, a, y: mul(y, fn("log", x))),
        presentation=Textbook.POWER, code={"numpy": "{0} ** {1}"}, text="{0} ** {1}",
        doc="Power, entry by entry; the exponent may be a variable.", domain="power", public=False, rule="power",
        traits=Trait.FACTOR | Trait.RAISED, sign=r"(\cdot)^{(\cdot)}", reads="{0} to the power {1}",
        written=(Form.POWER,),
    ),
)  # fmt: skip

FUNCTIONS = (
    Elementwise(
        "relu", 1, value=lambda K, x: K.maximum(x, 0), partials=(lambda x, y: fn("step", x),),
        presentation=NamedFunction("ReLU", otherwise="relu"), code={"numpy": "np.maximum({0}, 0.0)"}, doc="max(x, 0).",
        conventions=(Kink("relu"),), english="ReLU",
        written=(Named(("ReLU", "relu")),),
    ),
    Elementwise(
        "leaky_relu", 2, value=lambda K, x, a: K.maximum(x, 0) + a * K.minimum(x, 0),
        partials=(
            lambda x, a, y: add(fn("step", x), mul(a, fn("reaches", neg(x)))),
            lambda x, a, y: fn("minimum", x, ZERO),
        ),
        presentation=NamedFunction("LeakyReLU", subscript=1, otherwise="leakyrelu"),
        code={"numpy": "(np.maximum({0}, 0.0) + {1} * np.minimum({0}, 0.0))"}, doc="x for x > 0, a·x for x < 0.",
        conventions=(Kink("leaky_relu", value="left"),), english="leaky ReLU",
        written=(Named(("LeakyReLU", "LReLU", "leakyrelu"), below=1),),
    ),
    Elementwise(
        "elu", 1, value=lambda K, x: K.maximum(x, 0) + K.exp(K.minimum(x, 0)) - 1,
        partials=(lambda x, y: fn("exp", fn("minimum", x, ZERO)),),
        presentation=NamedFunction("ELU", otherwise="elu"),
        code={"numpy": "(np.maximum({0}, 0.0) + np.expm1(np.minimum({0}, 0.0)))"},
        doc="x for x > 0, eˣ − 1 for x < 0.", english="ELU",
        written=(Named(("ELU", "elu")),),
    ),
    Elementwise(
        "sigmoid", 1, value=lambda K, x: 1 / (1 + K.exp(-x)), partials=(lambda x, y: mul(y, sub(ONE, y)),),
        presentation=NamedFunction("σ", otherwise="sigmoid"),
        code={"numpy": "(0.5 * (1.0 + np.tanh(0.5 * ({0}))))"}, doc="1 / (1 + e⁻ˣ).",
        written=(Named(("σ", "sigmoid", "logistic")),),
    ),
    Elementwise(
        "tanh", 1, traits=Trait.FAMILIAR, value=lambda K, x: K.tanh(x), partials=(lambda x, y: sub(ONE, power(y, 2)),),
        presentation=NamedFunction("tanh", powers=True), code={"numpy": "np.tanh({0})"}, doc="Hyperbolic tangent.",
        written=(Named(("tanh",)),),
    ),
    Elementwise(
        "swish", 1, value=lambda K, x: x / (1 + K.exp(-x)),
        partials=(lambda x, y: add(y, mul(fn("sigmoid", x), sub(ONE, y))),), presentation=NamedFunction("swish"),
        code={"numpy": "({0} * (0.5 * (1.0 + np.tanh(0.5 * ({0})))))"}, doc="x·σ(x).",
        written=(Named(("swish", "SiLU")),),
    ),
    Elementwise(
        "gelu", 1, value=lambda K, x: x * K.normcdf(x),
        partials=(lambda x, y: add(fn("normcdf", x), mul(x, fn("normpdf", x))),),
        presentation=NamedFunction("GELU", otherwise="gelu"),
        code={"numpy": "({0} * _normcdf({0}))"}, doc="x·Φ(x), exact.", english="GELU",
        written=(Named(("GELU", "gelu")),),
    ),
    Elementwise(
        "softplus", 1, value=lambda K, x: K.log(1 + K.exp(x)), partials=(lambda x, y: fn("sigmoid", x),),
        presentation=NamedFunction("softplus"), code={"numpy": "np.logaddexp(0.0, {0})"}, doc="log(1 + eˣ).",
        written=(Named(("softplus",)),),
    ),
    Elementwise(
        "exp", 1, traits=Trait.FAMILIAR, value=lambda K, x: K.exp(x), partials=(lambda x, y: y,),
        presentation=Textbook.EXPONENTIAL,
        code={"numpy": "np.exp({0})"}, doc="eˣ.", sign=r"\exp", english="exponential",
        written=(Named(("exp",), raised="e"),),
    ),
    Elementwise(
        "log", 1, traits=Trait.FAMILIAR, value=lambda K, x: K.log(x), partials=(lambda x, y: div(ONE, x),),
        presentation=Textbook.LOGARITHM,
        code={"numpy": "np.log({0})"}, doc="Natural logarithm.", domain="positive", english="logarithm",
        written=(Named(("log", "ln")),),
    ),
    Elementwise(
        "sqrt", 1, value=lambda K, x: K.sqrt(x), partials=(lambda x, y: div(ONE, mul(num(2), y)),),
        presentation=Textbook.ROOT, code={"numpy": "np.sqrt({0})"}, doc="Square root.", domain="positive",
        spoken="the square root", english="square root",
        written=(Named(("√", "sqrt")),),
    ),
    Elementwise(
        "sin", 1, traits=Trait.FAMILIAR, value=lambda K, x: K.sin(x), partials=(lambda x, y: fn("cos", x),),
        presentation=NamedFunction("sin", powers=True), code={"numpy": "np.sin({0})"}, doc="Sine.",
        written=(Named(("sin",)),),
    ),
    Elementwise(
        "cos", 1, traits=Trait.FAMILIAR, value=lambda K, x: K.cos(x), partials=(lambda x, y: neg(fn("sin", x)),),
        presentation=NamedFunction("cos", powers=True), code={"numpy": "np.cos({0})"}, doc="Cosine.",
        written=(Named(("cos",)),),
    ),
    Elementwise(
        "tan", 1, traits=Trait.FAMILIAR, value=lambda K, x: K.tan(x), partials=(lambda x, y: add(ONE, power(y, 2)),),
        presentation=NamedFunction("tan", powers=True), code={"numpy": "np.tan({0})"}, doc="Tangent.",
        written=(Named(("tan",)),),
    ),
    Elementwise(
        "arcsin", 1, traits=Trait.FAMILIAR, value=lambda K, x: K.arcsin(x),
        partials=(lambda x, y: div(ONE, fn("sqrt", sub(ONE, power(x, 2)))),),
        presentation=NamedFunction("arcsin"), code={"numpy": "np.arcsin({0})"}, doc="Inverse sine.", domain="unit",
        written=(Named(("arcsin",)), Named(("sin",), inverse=True)),
    ),
    Elementwise(
        "arccos", 1, traits=Trait.FAMILIAR, value=lambda K, x: K.arccos(x),
        partials=(lambda x, y: neg(div(ONE, fn("sqrt", sub(ONE, power(x, 2))))),), presentation=NamedFunction("arccos"),
        code={"numpy": "np.arccos({0})"}, doc="Inverse cosine.", domain="unit",
        written=(Named(("arccos",)), Named(("cos",), inverse=True)),
    ),
    Elementwise(
        "arctan", 1, traits=Trait.FAMILIAR, value=lambda K, x: K.arctan(x),
        partials=(lambda x, y: div(ONE, add(ONE, power(x, 2))),),
        presentation=NamedFunction("arctan"), code={"numpy": "np.arctan({0})"}, doc="Inverse tangent.",
        written=(Named(("arctan",)), Named(("tan",), inverse=True)),
    ),
    Elementwise(
        "arctanh", 1, traits=Trait.FAMILIAR, value=lambda K, x: K.arctanh(x),
        partials=(lambda x, y: div(ONE, sub(ONE, power(x, 2))),),
        presentation=NamedFunction("artanh", otherwise="arctanh"),
        code={"numpy": "np.arctanh({0})"}, doc="Inverse hyperbolic tangent.",
        domain="unit",
        written=(Named(("artanh", "arctanh")), Named(("tanh",), inverse=True)),
    ),
    Elementwise(
        "sinh", 1, traits=Trait.FAMILIAR, value=lambda K, x: K.sinh(x), partials=(lambda x, y: fn("cosh", x),),
        presentation=NamedFunction("sinh", powers=True), code={"numpy": "np.sinh({0})"}, doc="Hyperbolic sine.",
        written=(Named(("sinh",)),),
    ),
    Elementwise(
        "cosh", 1, traits=Trait.FAMILIAR, value=lambda K, x: K.cosh(x), partials=(lambda x, y: fn("sinh", x),),
        presentation=NamedFunction("cosh", powers=True), code={"numpy": "np.cosh({0})"}, doc="Hyperbolic cosine.",
        written=(Named(("cosh",)),),
    ),
    Elementwise(
        "abs", 1, value=lambda K, x: K.abs(x), partials=(lambda x, y: fn("sign", x),), presentation=Around("bars"),
        code={"numpy": "np.abs({0})"}, doc="Absolute value.", conventions=(Kink("abs"),), english="absolute value",
        written=(Barred("single"), Named(("abs",))),
    ),
    Elementwise(
        "sign", 1, value=lambda K, x: K.sign(x), partials=(lambda x, y: ZERO,), presentation=NamedFunction("sign"),
        code={"numpy": "np.sign({0})"}, doc="−1, 0 or 1; its derivative is taken as 0.",
        means="the sign: −1, 0 or 1",
        conventions=(Kink("sign", order=0), Kink("sign", at=None)), traits=Trait.MASK,
        written=(Named(("sign", "sgn")),),
    ),
    Elementwise(
        "square", 1, value=lambda K, x: x * x, partials=(lambda x, y: mul(num(2), x),), presentation=Textbook.SQUARE,
        code={"numpy": "({0}) ** 2"}, doc="x².", spoken="the square",
        written=(Form.POWER,),
    ),
    Elementwise(
        "step", 1, value=lambda K, x: K.step(x), partials=(lambda x, y: ZERO,), presentation=Indicator(">", "<"),
        code={"numpy": "np.where({0} > 0, 1.0, 0.0)"}, doc="The indicator of x > 0; its derivative is taken as 0.",
        conventions=(Kink("step", order=0), Kink("step", at=None)), traits=Trait.MASK,
        written=(Compared(">"), Named(("step",))),
    ),
    Elementwise(
        "reaches", 1, value=lambda K, x: 1 - K.step(-x), partials=(lambda x, y: ZERO,),
        presentation=Indicator("≥", "≤"), code={"numpy": "np.where({0} >= 0, 1.0, 0.0)"}, text="(1 - step(-({0})))",
        doc="The indicator of x ≥ 0: the second branch of maximum and minimum, ties included.",
        conventions=(Kink("", at=None),), public=False, rule="indicator", traits=Trait.MASK,
        written=(Compared("≥"),),
    ),
    Elementwise(
        "normcdf", 1, value=lambda K, x: K.normcdf(x), partials=(lambda x, y: fn("normpdf", x),),
        presentation=NamedFunction("Φ", otherwise="normcdf"), code={"numpy": "_normcdf({0})"},
        doc="Distribution function of the standard normal.",
        means="the distribution function of the standard normal distribution",
        written=(Named(("Φ", "normcdf")),),
    ),
    Elementwise(
        "normpdf", 1, value=lambda K, x: K.exp(-(x * x) / 2) / K.sqrt(2 * K.pi), partials=(lambda x, y: neg(mul(x,
        y)),),
        presentation=NamedFunction("ϕ", otherwise="normpdf"),
        code={"numpy": "(np.exp(-0.5 * ({0}) ** 2) / np.sqrt(2.0 * np.pi))"},
        doc="Density of the standard normal.",
        written=(Named(("ϕ", "φ", "normpdf")),),
    ),
    Elementwise(
        "maximum", 2, traits=Trait.FAMILIAR, value=lambda K, a, b: K.maximum(a, b),
        partials=(lambda a, b, y: fn("step", sub(a, b)), lambda a, b, y: fn("reaches", sub(b, a))),
        presentation=NamedFunction("max"), code={"numpy": "np.maximum({0}, {1})"}, doc="The larger, entry by entry.",
        conventions=(Tie("maximum"),), sign=r"\max", spoken="the maximum",
        written=(Named(("max",)),),
    ),
    Elementwise(
        "minimum", 2, traits=Trait.FAMILIAR, value=lambda K, a, b: K.minimum(a, b),
        partials=(lambda a, b, y: fn("step", sub(b, a)), lambda a, b, y: fn("reaches", sub(a, b))),
        presentation=NamedFunction("min", otherwise="minimum"), code={"numpy": "np.minimum({0}, {1})"},
        doc="The smaller, entry by entry.",
        conventions=(Tie("minimum"),), sign=r"\min", spoken="the minimum",
        written=(Named(("min", "minimum")),),
    ),
)  # fmt: skip


ELEMENTWISE = ARITHMETIC + FUNCTIONS
