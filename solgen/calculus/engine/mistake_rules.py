"""The slips that people make at one step of the chain rule: wrong vector-Jacobian products, and how likely each is.

Each function below looks at one application on the way back and yields what is wrongly written in the place of the
right vector-Jacobian product; `solgen.calculus.verbs.mistakes` carries it to the name that is asked for.  The
weights are a teacher's judgement; nothing here decides whether a slip is wrong at all, which only a run can tell.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from solgen.calculus.engine.user_functions import derive_callee
from solgen.expr import applied
from solgen.expr.arith import ONE, add, div, fill, mul, neg, num, power
from solgen.expr.build import matmul, strip_row, transpose
from solgen.expr.nodes import Apply, Expr, Num, Shape, SizeNum, Var, rank, shape
from solgen.expr.ops import TABLE, Called, Callee, Elementwise, ShapeError
from solgen.expr.walk import nodes, substitute, variables

Names = tuple[tuple[str, Expr], ...]


@dataclass(frozen=True, slots=True)
class Step:
    """One application on the way back: the gradient `up` that arrives, and `right`, which leaves for argument k.

    `out` is the name of its value, or the application itself; `activation` maps a value of the forward pass to what
    its activation was applied to.
    """

    node: Apply
    k: int
    up: Expr
    right: Expr
    out: Expr
    activation: Mapping[Expr, Expr]

    @property
    def arg(self) -> Expr:
        return self.node.args[self.k]

    @property
    def other(self) -> Expr:
        """The other of two arguments."""
        return self.node.args[1 - self.k]


@dataclass(frozen=True, slots=True)
class WrongStep:
    """What is written for `Step.right`; `names` are what the sentence about it speaks of.

    `clash` holds the factors of a product that does not exist; `value` then stands for it.
    """

    kind: str
    weight: int
    value: Expr
    names: Names = ()
    clash: tuple[Expr, Expr] | None = None


Slips = Callable[[Step], Iterator[WrongStep]]


@dataclass(frozen=True, slots=True)
class Known:
    """What is likely written wrongly at the applications of some operations."""

    ops: tuple[str, ...]
    slips: Slips


def at(*ops: str) -> Callable[[Slips], Known]:
    """A function that yields slips, as those of the operations."""
    return lambda slips: Known(ops, slips)


def slips(step: Step) -> Iterator[WrongStep]:
    """The likely wrong products at one step."""
    row = TABLE[step.node.op]
    if step.node.op in BY_OP:
        yield from BY_OP[step.node.op](step)
    elif (isinstance(row, Elementwise) and len(step.node.args) == 1) or (isinstance(row, Called) and not row.scalar):
        yield from _activation(step, row)


def not_there(to: Shape) -> Var:
    """What stands for a product that does not exist, until it is written."""
    return Var("no product", to)


# ---------------------------------------------------------------- functions entry by entry


def _activation(step: Step, row: object) -> Iterator[WrongStep]:
    """The slope forgotten, taken at the value instead of the argument, or by the wrong formula."""
    slope = _slope(step, row)
    names = (("slope", slope), ("applied", step.node), ("at", step.arg), ("value", step.out))
    if slope != ONE:
        yield WrongStep("slope", 95, step.up, names)
    if not isinstance(step.out, Var):
        return
    if any(n == step.out for n in nodes(slope)):  # σ′ = h(1 − h): the formula, but with z
        wrong = substitute(slope, {step.out: step.arg})
        yield WrongStep("formula", 75, mul(step.up, wrong), (*names, ("written", wrong)))
    elif any(n == step.arg for n in nodes(slope)):
        wrong = substitute(slope, {step.arg: step.out})
        yield WrongStep("node", 80, mul(step.up, wrong), (*names, ("written", wrong)))


def _slope(step: Step, row: object) -> Expr:
    if isinstance(row, Elementwise):
        return row.partials[0](*step.node.args, step.out)
    callee = step.node.params[0]
    assert isinstance(callee, Callee)
    return applied.call(derive_callee(callee), step.arg)


@at("pow")
def _power(step: Step) -> Iterator[WrongStep]:
    """The exponent not brought down, or not lowered."""
    base, exponent = step.node.args
    if step.k == 0 and isinstance(exponent, Num) and exponent.value != 1:
        lowered = power(base, exponent.value - 1)
        names = (("factor", exponent), ("applied", step.node), ("at", base))
        yield WrongStep("coefficient", 70, mul(step.up, lowered), names)


@at("square")
def _square(step: Step) -> Iterator[WrongStep]:
    yield WrongStep("coefficient", 70, mul(step.up, step.arg), (("factor", num(2)), ("applied", step.node)))


# ---------------------------------------------------------------- products


@at("matmul", "matvec")
def _matrix_product(step: Step) -> Iterator[WrongStep]:
    """The transpose forgotten, the factors exchanged, the neighbour before the activation."""
    other, first = step.other, step.k == 0
    turned = transpose(other)
    pairs = ((other, step.up), (step.up, turned)) if not first else ((step.up, other), (turned, step.up))
    if rank(other) == 2:
        names = (("other", other), ("turned", turned), ("up", step.up))
        yield from _product("untransposed", 85, *pairs[0], shape(step.arg), names)
        if rank(step.up) == 2:
            yield from _product("order", 45, *pairs[1], shape(step.arg), names)
    if rank(step.arg) == 2:
        yield from _beside(step)


@at("vecmat")
def _outer_side(step: Step) -> Iterator[WrongStep]:
    """xᵀ W: as for W x, with the sides exchanged."""
    if step.k == 1:
        yield from _beside(step)
        return
    turned = transpose(step.other)
    names = (("other", turned), ("turned", step.other), ("up", step.up))
    yield from _product("untransposed", 85, turned, step.up, shape(step.arg), names)


def _beside(step: Step) -> Iterator[WrongStep]:
    """z₁ᵀ for h₁ᵀ: the value before the activation beside the signal."""
    before = step.activation.get(step.other)
    if before is not None and shape(before) == shape(step.other):
        names = (("written", before), ("other", step.other), ("weight", step.arg))
        yield WrongStep("before", 60, substitute(step.right, {step.other: before}), names)


def _product(kind: str, weight: int, left: Expr, right: Expr, to: Shape, names: Names) -> Iterator[WrongStep]:
    """left @ right, which may not exist; where it exists in another shape, only its shape is wrong."""
    try:
        yield WrongStep(kind, weight, matmul(left, right), names)
    except ShapeError:
        yield WrongStep(kind, weight - 15, not_there(to), names, (left, strip_row(right)))


@at("mul")
def _hadamard(step: Step) -> Iterator[WrongStep]:
    """Of a ⊙ b the wrong factor kept, or none."""
    other = step.other
    if not variables(other):
        yield from _constant(step)
        return
    names = (("applied", step.node), ("other", other), ("own", step.arg))
    if shape(other) == shape(step.arg):
        yield WrongStep("own", 50, mul(step.up, step.arg), names)
    if shape(step.up) == shape(step.arg):
        yield WrongStep("factor", 66, step.up, names)


@at("scale")
def _scale(step: Step) -> Iterator[WrongStep]:
    """c X: the constant or the factor c forgotten; for c itself, not summed."""
    if step.k == 1:
        yield from _constant(step) if not variables(step.other) else _factor(step)
    elif shape(step.other):
        names = (("applied", step.node), ("own", step.arg))
        yield WrongStep("unsummed scalar", 50, mul(step.up, step.other), names)


@at("neg")
def _minus(step: Step) -> Iterator[WrongStep]:
    yield WrongStep("minus", 58, step.up, (("own", step.arg),))


def _constant(step: Step) -> Iterator[WrongStep]:
    if shape(step.up) == shape(step.arg):
        yield WrongStep("constant", 68, step.up, (("factor", step.other), ("applied", step.node)))


def _factor(step: Step) -> Iterator[WrongStep]:
    if shape(step.up) == shape(step.arg):
        yield WrongStep("factor", 64, step.up, (("applied", step.node), ("other", step.other), ("own", step.arg)))


@at("div")
def _quotient(step: Step) -> Iterator[WrongStep]:
    """Of a / b: the division forgotten; the sign, or the square, of the denominator's part."""
    top, bottom = step.node.args
    names = (("applied", step.node), ("own", step.arg), ("other", step.other), ("factor", div(ONE, bottom)))
    if step.k == 0:
        if shape(step.up) == shape(step.arg):
            yield WrongStep("constant" if isinstance(bottom, Num | SizeNum) else "undivided", 68, step.up, names)
        return
    yield WrongStep("quotient sign", 72, neg(step.right), names)
    if rank(step.up) == rank(top) == rank(bottom):
        yield WrongStep("quotient square", 58, neg(div(mul(step.up, top), bottom)), names)


# ---------------------------------------------------------------- norms, sums, softmax, functions of a matrix


@at("norm2sq")
def _norm_squared(step: Step) -> Iterator[WrongStep]:
    yield WrongStep("coefficient", 60, mul(step.up, step.arg), (("factor", num(2)), ("applied", step.node)))


@at("norm")
def _norm(step: Step) -> Iterator[WrongStep]:
    yield WrongStep("undivided norm", 82, mul(step.up, step.arg), (("applied", step.node), ("at", step.arg)))


@at("rows", "cols")
def _spread(step: Step) -> Iterator[WrongStep]:
    """A vector added to every row: its gradient is a sum over the rows."""
    yield WrongStep("unsummed", 84, step.up, (("own", step.arg), ("up", step.up)))
    along = 1 if step.node.op == "rows" else 0
    yield WrongStep("axis", 56, applied.sum_along(step.up, along), (("own", step.arg), ("up", step.up)))


@at("softmax")
def _softmax(step: Step) -> Iterator[WrongStep]:
    """Treated as if it worked entry by entry: only the diagonal p(1 − p) of its Jacobian."""
    p = step.out
    own = mul(p, add(ONE, neg(p)))
    yield WrongStep("diagonal", 88, mul(step.up, own), (("value", p), ("at", step.arg), ("kept", own)))


@at("softmax_cross_entropy")
def _cross_entropy_of_softmax(step: Step) -> Iterator[WrongStep]:
    """Sign, and the chain stopped at the probabilities."""
    if step.k != 0:
        return
    z, y = step.node.args
    p = applied.softmax(z, step.node.params)
    yield WrongStep("sign", 70, neg(step.right), (("at", z), ("value", p), ("target", y)))
    if shape(step.up) == ():
        names = (("at", z), ("value", p), ("target", y))
        yield WrongStep("stopped", 65, mul(step.up, neg(div(y, p))), names)


@at("inv")
def _inverse(step: Step) -> Iterator[WrongStep]:
    y = applied.inv(step.arg)
    names = (("at", step.arg), ("applied", step.node))
    yield WrongStep("inverse", 84, neg(matmul(matmul(y, step.up), y)), names)
    yield WrongStep("inverse sign", 70, neg(step.right), names)


@at("logdet")
def _log_determinant(step: Step) -> Iterator[WrongStep]:
    names = (("at", step.arg), ("applied", step.node))
    yield WrongStep("transpose", 84, mul(step.up, applied.inv(step.arg)), names)


@at("det")
def _determinant(step: Step) -> Iterator[WrongStep]:
    names = (("at", step.arg), ("applied", step.node), ("factor", step.out))
    yield WrongStep("determinant", 78, mul(step.up, transpose(applied.inv(step.arg))), names)
    yield WrongStep("transpose", 70, mul(mul(step.up, step.out), applied.inv(step.arg)), names)


@at("transpose")
def _transpose(step: Step) -> Iterator[WrongStep]:
    yield WrongStep("gate", 76, step.up, (("at", step.arg), ("up", step.up)))


@at("logsumexp")
def _log_sum_exp(step: Step) -> Iterator[WrongStep]:
    """log Σ eᶻ without the softmax: 1 / Σ eᶻ."""
    if rank(step.arg) == 1 and not shape(step.up):
        total = applied.exp(step.node)
        one = fill(div(ONE, total), shape(step.arg))
        yield WrongStep("inner", 66, mul(step.up, one), (("at", step.arg), ("applied", step.node)))


SLIPS = (
    _matrix_product,
    _outer_side,
    _minus,
    _hadamard,
    _scale,
    _quotient,
    _power,
    _square,
    _norm_squared,
    _norm,
    _spread,
    _softmax,
    _cross_entropy_of_softmax,
    _inverse,
    _log_determinant,
    _determinant,
    _transpose,
    _log_sum_exp,
)
BY_OP: Mapping[str, Slips] = MappingProxyType({op: known.slips for known in SLIPS for op in known.ops})
