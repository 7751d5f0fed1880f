"""Mutants of the table: each row's index definition, value, derivative, adjoint and kink, one thing at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from functools import partial
from typing import Any

from solgen.calculus.engine import partials as local
from solgen.calculus.engine.vjp import vjp
from solgen.expr.arith import ONE, ZERO, add, delta, fill, fn, mul, neg, num
from solgen.expr.nodes import Apply, Expr, rank, shape
from solgen.expr.ops import ROWS, Called, Elementwise, Multilinear, Paired, Row, Special
from solgen.expr.walk import transform
from tests.mutants.mutant import Mutant, replace_everywhere, set_field

Change = Callable[[Expr], Expr]
LETTERS = "ijk"


def mutants() -> Iterator[Mutant]:
    """All of them, row after row."""
    for row in ROWS:
        yield from _of(row)
        if not isinstance(row, Called):
            yield from _values(row)


def _of(row: Row) -> Iterator[Mutant]:
    match row:
        case Elementwise():
            yield from _elementwise(row)
        case Multilinear():
            yield from _indices(row)
            yield from _derived(row, _arity(row))
        case Special():
            yield from _special(row)
        case Paired():
            yield from _paired(row)
        case Called():
            yield from _derived(row, 1)


def _mutant(row: Row, label: str, install: Callable[[], None], defines: bool = False) -> Mutant:
    return Mutant(f"row {row.name}", label, install, row.name, defines)


# ---------------------------------------------------------------- what is done to a formula

SLIPS: Mapping[str, Change] = {
    "sign": neg,
    "twice": lambda e: mul(num(2), e),
    "1.0001 times": lambda e: mul(num(Fraction(10001, 10000)), e),
    "zero": lambda e: fill(ZERO, shape(e)),
    "one": lambda e: fill(ONE, shape(e)),
}


def _exchanged(name: str, other: str) -> Change:
    """One function in place of another, wherever it stands."""
    return lambda e: transform(e, lambda n: fn(other, *n.args) if isinstance(n, Apply) and n.op == name else n)


# ---------------------------------------------------------------- elementwise rows


def _elementwise(row: Elementwise) -> Iterator[Mutant]:
    for k, slope in enumerate(row.partials):
        for label, change in SLIPS.items():
            yield _slope(row, k, label, _after(slope, change))
        yield _slope(row, k, "at the value, not at the argument", _at_the_value(slope))
        yield _slope(row, k, "the value in place of the argument's", _through_argument(slope))
        yield _slope(row, k, "argument shifted by 1", _shifted(slope))
        yield _slope(row, k, "that of another function", _after(slope, lambda e: mul(e, fn("tanh", e))))
    if len(row.partials) == 2:
        yield _mutant(row, "derivatives exchanged", partial(set_field, row, "partials", row.partials[::-1]))


def _slope(row: Elementwise, k: int, label: str, broken: Callable[..., Expr]) -> Mutant:
    changed = (*row.partials[:k], broken, *row.partials[k + 1 :])
    return _mutant(row, f"derivative {k + 1}: {label}", partial(set_field, row, "partials", changed))


def _after(slope: Callable[..., Expr], change: Change) -> Callable[..., Expr]:
    return lambda *args: change(slope(*args))


def _at_the_value(slope: Callable[..., Expr]) -> Callable[..., Expr]:
    return lambda *args: slope(*(args[-1] if rank(a) == rank(args[-1]) else a for a in args[:-1]), args[-1])


def _through_argument(slope: Callable[..., Expr]) -> Callable[..., Expr]:
    return lambda *args: slope(*args[:-1], args[0])


def _shifted(slope: Callable[..., Expr]) -> Callable[..., Expr]:
    return lambda *args: slope(*(add(a, ONE) for a in args[:-1]), args[-1])


# ---------------------------------------------------------------- multilinear rows


def _indices(row: Multilinear) -> Iterator[Mutant]:
    """Every letter of the index definition replaced by another one, and the operands exchanged."""
    seen = {row.index}
    for n, letter in enumerate(row.index):
        for other in LETTERS if letter in LETTERS else ():
            changed = row.index[:n] + other + row.index[n + 1 :]
            if _alike(changed) not in {_alike(s) for s in seen}:
                seen.add(changed)
                yield _mutant(row, f"index {changed}", partial(set_field, row, "index", changed), defines=True)
    left, right = (side.strip() for side in row.index.split("<-"))
    sides = [s.strip() for s in right.split(",")]
    if len(sides) == 2 and sides[0] != sides[1]:
        changed = f"{left} <- {sides[1]}, {sides[0]}"
        yield _mutant(row, f"index {changed}", partial(set_field, row, "index", changed), defines=True)


def _alike(index: str) -> str:
    """The definition with its letters in order of appearance: ji <- ji and ij <- ij are one."""
    order: dict[str, str] = {}
    return "".join(order.setdefault(c, f"<{len(order)}>") if c in LETTERS else c for c in index)


def _arity(row: Multilinear) -> int:
    right = row.index.split("<-")[1].strip()
    return len(right.split(",")) if right else 0


def _derived(row: Row, arity: int) -> Iterator[Mutant]:
    """The partial derivative that is formed for one argument, and the gradient read back from it."""
    for k in range(arity):
        for label, change in SLIPS.items():
            yield _mutant(row, f"argument {k + 1}: {label}", partial(_break_partial, row.name, k, change))
        yield _mutant(row, f"argument {k + 1}: indices exchanged", partial(_break_frames, row.name, k))
        yield _mutant(row, f"argument {k + 1}: gradient transposed", partial(_break_vjp, row.name, k))
        yield _mutant(row, f"argument {k + 1}: for the other argument", partial(_break_choice, row.name, k, arity))


def _break_partial(op: str, k: int, change: Change) -> None:
    whole = local.partial

    def broken(app: Apply, n: int, o: Any, i: Any, out: Expr) -> Expr:
        found = whole(app, n, o, i, out)
        return change(found) if (app.op, n) == (op, k) else found

    replace_everywhere(whole, broken)


def _break_frames(op: str, k: int) -> None:
    whole = local.partial

    def broken(app: Apply, n: int, o: Any, i: Any, out: Expr) -> Expr:
        return whole(app, n, o, i[::-1] if (app.op, n) == (op, k) else i, out)

    replace_everywhere(whole, broken)


def _break_choice(op: str, k: int, arity: int) -> None:
    whole = local.partial

    def broken(app: Apply, n: int, o: Any, i: Any, out: Expr) -> Expr:
        return whole(app, (n + 1) % arity if (app.op, n) == (op, k) else n, o, i, out)

    replace_everywhere(whole, broken)


def _break_vjp(op: str, k: int) -> None:
    def broken(app: Apply, n: int, upstream: Expr, out: Expr) -> Expr:
        found = vjp(app, n, upstream, out)
        turned = (app.op, n) == (op, k) and rank(found) == 2
        return Apply("transpose", (found,), (), shape(found)[::-1]) if turned else found

    replace_everywhere(vjp, broken)


# ---------------------------------------------------------------- special and paired rows


def _special(row: Special) -> Iterator[Mutant]:
    for k, stated in enumerate(row.partials):
        for label, broken in _stated(stated):
            changed = (*row.partials[:k], broken, *row.partials[k + 1 :])
            yield _mutant(row, f"derivative {k + 1}: {label}", partial(set_field, row, "partials", changed))
    if row.definition is not None:
        for label in ("sign", "twice"):
            changed_to = _after(row.definition, SLIPS[label])
            yield _mutant(row, f"definition: {label}", partial(set_field, row, "definition", changed_to))


def _stated(stated: Callable[..., Expr]) -> Iterator[tuple[str, Callable[..., Expr]]]:
    """∂out[o]/∂arg[i] with a slip."""
    for label, change in SLIPS.items():
        yield label, _after(stated, change)
    yield "result and argument exchanged", lambda a, y, o, i, p: stated(a, y, i, o, p)
    yield "argument's indices exchanged", lambda a, y, o, i, p: stated(a, y, o, i[::-1], p)
    yield "result's indices exchanged", lambda a, y, o, i, p: stated(a, y, o[::-1], i, p)
    yield "off-diagonal dropped", lambda a, y, o, i, p: mul(_meets(o, i), stated(a, y, o, i, p))
    yield "axis", lambda a, y, o, i, p: stated(a, y, o, i, (1 - p[0],) if p in ((0,), (1,)) else p)
    yield "value for argument", lambda a, y, o, i, p: stated((y, *a[1:]) if shape(y) == shape(a[0]) else a, y, o, i, p)
    yield "arguments exchanged", lambda a, y, o, i, p: stated(a[::-1], y, o, i, p)
    yield "exponent", lambda a, y, o, i, p: stated(a, y, o, i, (p[0] + 1,) if p and p not in ((0,), (1,)) else p)


def _meets(o: Any, i: Any) -> Expr:
    return delta(o[0], i[0]) if o and i else ONE


def _paired(row: Paired) -> Iterator[Mutant]:
    for k, adjoint in enumerate(row.adjoints[:4]):
        if adjoint is None:
            continue
        for label, broken in _adjoints(row, k, adjoint):
            changed = (*row.adjoints[:k], broken, *row.adjoints[k + 1 :])
            yield _mutant(row, f"adjoint {k + 1}: {label}", partial(set_field, row, "adjoints", changed))


def _adjoints(row: Paired, k: int, adjoint: Callable[..., Expr]) -> Iterator[tuple[str, Callable[..., Expr]]]:
    for label, change in SLIPS.items():
        yield label, _after(adjoint, change)
    yield "transposed", _after(adjoint, _turned)
    yield "reversed", _after(adjoint, lambda e: Apply("flip", (e,), (), shape(e)) if rank(e) == 1 else e)
    other = row.adjoints[1 - k] if len(row.adjoints) == 2 else None
    if other is not None:
        yield "that of the other argument", other
    yield "upstream for argument", lambda a, up, p: adjoint(a, a[0] if shape(a[0]) == shape(up) else neg(up), p)


def _turned(e: Expr) -> Expr:
    return Apply("transpose", (e,), (), shape(e)[::-1]) if rank(e) == 2 else e


# ---------------------------------------------------------------- values


def _values(row: Elementwise | Multilinear | Special | Paired) -> Iterator[Mutant]:
    """The forward value over every field, and the text that is exported: each against the other."""
    if row.name != "add":  # written with + and -, whatever its row says
        yield from _texts(row)
    if isinstance(row, Multilinear):
        return
    for label, change in VALUES.items():
        changed = _valued(row.value, change)
        yield _mutant(row, f"value: {label}", partial(set_field, row, "value", changed), defines=True)


def _texts(row: Elementwise | Multilinear | Special | Paired) -> Iterator[Mutant]:
    for target, text in row.code.items():
        yield _text(row, target, "sign", f"(-({text}))")
        yield _text(row, target, "twice", f"(2.0 * ({text}))")
        if "{1}" in text and "{0}" in text and row.name not in COMMUTATIVE:
            exchanged = text.replace("{1}", "{x}").replace("{0}", "{1}").replace("{x}", "{0}")
            yield _text(row, target, "arguments exchanged", exchanged)


def _text(row: Row, target: str, label: str, text: str) -> Mutant:
    changed = {**row.code, target: text}
    return _mutant(row, f"{target} text: {label}", partial(set_field, row, "code", changed), defines=True)


# Exchanged arguments change no value: a b = b a, also entry by entry and in a convolution that is not cut.
COMMUTATIVE = frozenset({"mul", "scale", "dot", "maximum", "minimum", "convfull"})

VALUES: Mapping[str, Callable[[Any], Any]] = {
    "sign": lambda x: -x,
    "twice": lambda x: x + x,
    "shifted": lambda x: x + 1,
    "transposed": lambda x: x.T if getattr(x, "ndim", 0) == 2 else x[::-1] if getattr(x, "ndim", 0) == 1 else x + x,
}


def _valued(value: Callable[..., Any], change: Callable[[Any], Any]) -> Callable[..., Any]:
    return lambda *args: change(value(*args))
