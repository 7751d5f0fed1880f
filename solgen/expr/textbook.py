r"""Operations whose printed form depends on their arguments: products, signs, fractions, sums, broadcasting.

What a lecturer writes differs from the tree in small, lawful ways: `a + (-b)` is `a - b`, (p − y)/n is
`\frac{1}{n}(p - y)`, a number spread over an array is the number.  Each function below takes the printer and
the node; all other operations are printed from their rows.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from fractions import Fraction
from types import MappingProxyType
from typing import TYPE_CHECKING

from solgen.expr.nodes import Adj, Apply, Expr, Kind, Num, SizeNum, Sum, Var, rank, shape
from solgen.expr.ones import turned
from solgen.expr.ops import TABLE
from solgen.expr.ops.row import ATOM, FUNC, NEG, POST, SUM, Called, Callee, Elementwise, Special
from solgen.expr.piece import BREAK, HAD, TAIL, Piece, at_least, fence, negated, powered, raised, times
from solgen.expr.symbols import Symbol
from solgen.expr.walk import leaves, nodes

if TYPE_CHECKING:
    from solgen.expr.latex import Printer

Form = Callable[["Printer", Apply], Piece]

LINEAR = frozenset({"add", "neg", "scale"})
ABOVE = 14  # so many symbols fit above a bar
CIRCULAR = frozenset({"sin", "cos", "tan", "sinh", "cosh", "tanh"})
WHOLE = (Num(Fraction(2)), Num(Fraction(3)))  # exponents that stand between a function and its argument
TURNS = frozenset({"transpose", "as_row", "row", "col", "unrow", "uncol"})


def is_leaf(e: Expr) -> bool:
    """Whether a reader sees one symbol with one shape: a name, its transpose, a function of names."""
    match e:
        case Var() | Adj():
            return bool(shape(e))
        case Apply(op="eye" | "fill"):
            return False
        case Apply(op=op, args=args) if shape(e):
            return _one_sign(op) and all(not shape(a) or is_leaf(a) for a in args)
        case _:
            return False


def _one_sign(op: str) -> bool:
    """Whether an operation is typeset as one sign around its argument."""
    row = TABLE[op]
    listed = op in TURNS or op in ("pow", "diag", "diagpart", "slice", "pick_row", "pick_col", "basis")
    return (
        listed
        or isinstance(row, Special | Called)
        or (isinstance(row, Elementwise) and row.tex.level >= FUNC and op != "div")
    )


def is_row(e: Expr) -> bool:
    """Whether a vector is written as a row in its equation: x.T, x @ W, and sums of such."""
    match e:
        case Apply(op="as_row" | "vecmat"):
            return True
        case Apply(op=op, args=args) if op in LINEAR:
            return any(is_row(a) for a in args)
        case _:
            return False


def row_line(p: Printer, e: Expr) -> Piece:
    """One side of an equation between rows: a sum of rows, term by term."""
    match e:
        case Apply(op="add", args=args):
            return _sum_of([row_line(p, _unspread(a)) if shape(_unspread(a)) else p.piece(_unspread(a)) for a in args])
        case Apply(op="neg", args=(inner,)):
            return negated(row_line(p, inner))
        case Apply(op="scale", args=(factor, inner)):
            return times(p.piece(factor), row_line(p, inner), _gap(p.piece(factor)))
        case _:
            return p.row(e)


def reads_whole(e: Apply) -> bool:
    """A scalar function of names, such as ‖r‖², is read as one thing: no shapes inside."""
    return not shape(e) and _one_sign(e.op) and all(is_leaf(a) or not shape(a) for a in e.args)


# ---------------------------------------------------------------- sums and signs


def _add(p: Printer, e: Apply) -> Piece:
    apart = any(_is_identity(a) for a in e.args)  # I − (1/n) 11ᵀ: a bare number would read as a multiple of I
    inner = e.args if apart else tuple(_unspread(a) for a in e.args)
    if shape(e) and not any(map(shape, inner)):  # nothing but spread numbers: (a + b) 1
        return p.piece(Apply("fill", (Apply("add", inner, (), ()),), shape(e), shape(e)))
    return _sum_of([p.piece(a) for a in inner])


def _is_identity(e: Expr) -> bool:
    """Whether e is a multiple of the identity, or another matrix that is 0 off its diagonal."""
    while isinstance(e, Apply) and e.op in LINEAR and e.op != "add":
        e = e.args[-1]
    return isinstance(e, Apply) and e.op in ("eye", "diag")


def _unspread(e: Expr) -> Expr:
    """A scalar spread over an array is the scalar, in a sum with arrays: 1 − h."""
    match e:
        case Apply(op="fill", args=(inner,)):
            return inner
        case Apply(op="neg", args=(Apply(op="fill", args=(inner,)),)):
            return Apply("neg", (inner,), (), ())
        case _:
            return e


def _sum_of(pieces: list[Piece]) -> Piece:
    text = pieces[0].text
    for piece in pieces[1:]:
        if piece.negative:
            text += f" {BREAK}- {piece.text[1:].lstrip()}"
        else:
            text += f" {BREAK}+ {piece.text}"
    return Piece(text, SUM, max(piece.height for piece in pieces))


def _neg(p: Printer, e: Apply) -> Piece:
    return negated(p.piece(e.args[0]))


# ---------------------------------------------------------------- products


def _matrix(p: Printer, e: Apply) -> Piece:
    return times(_leading(p, e.args[0]), p.piece(e.args[1]))


def _leading(p: Printer, e: Expr) -> Piece:
    """A product that another factor follows; a prefix form at its end is kept apart: A (∇_B L) C, 2 (∇_y L) x."""
    product = isinstance(e, Apply) and (e.op in ("matmul", "scale") or (e.op == "mul" and not shape(e)))
    if isinstance(e, Apply) and product and p.piece(e).level == TAIL:
        left = _leading(p, e.args[0])
        between = r"\," if e.op == "matmul" else _gap(left)
        return times(left, at_least(p.piece(e.args[1]), FUNC), between)
    return p.piece(e)


def _vecmat(p: Printer, e: Apply) -> Piece:
    """x @ W as a column: Wᵀx."""
    x, w = e.args
    return times(p.piece(turned(w)), p.piece(x))


def _vecmat_row(p: Printer, e: Apply) -> Piece:
    x, w = e.args
    return times(p.row(x), p.piece(w))


def _matvec_row(p: Printer, e: Apply) -> Piece:
    """(Aᵀ x)ᵀ is written xᵀ A, and (S x)ᵀ with a symmetric S is xᵀ S; another product keeps its parentheses: (A x)ᵀ."""
    a, x = e.args
    if isinstance(a, Apply) and a.op == "transpose":
        return times(p.row(x), p.piece(a.args[0]))
    inner = a.args[0] if isinstance(a, Apply) and a.op == "inv" else a
    if isinstance(inner, Var) and inner.kind in (Kind.SYM, Kind.POSDEF):
        return times(p.row(x), p.piece(a))
    return raised(p.piece(e), r"\top")


def _dot(p: Printer, e: Apply) -> Piece:
    left, right = e.args
    if rank(left) == 1:
        return times(p.row(left), p.piece(right))
    inner = f"{p.piece(left).text}, {p.piece(right).text}"
    return Piece(rf"\langle {inner} \rangle", ATOM)


def _outer(p: Printer, e: Apply) -> Piece:
    return times(p.piece(e.args[0]), p.row(e.args[1]))


def _mul(p: Printer, e: Apply) -> Piece:
    left, right = e.args
    if not shape(e):
        number = right.args[0] if isinstance(right, Apply) and right.op == "neg" else right
        apart = isinstance(number, Num) or left == Num(Fraction(1))  # 1 · x and x · (−1), as a rule leaves them
        return times(_leading(p, left), p.piece(right), r" \cdot " if apart else r"\,")
    a, b = (at_least(p.piece(_unspread(x)), HAD if _is_mul(x) else FUNC) for x in (left, right))
    return Piece(f"{a.text}{BREAK}{p.hadamard}{b.text}", HAD, max(a.height, b.height))


def _is_mul(e: Expr) -> bool:
    return isinstance(e, Apply) and e.op == "mul" and bool(shape(e))


def _scale(p: Printer, e: Apply) -> Piece:
    """A scalar multiple; a scalar that is itself a matrix product is kept apart by parentheses."""
    factor, array = e.args
    left, right = _leading(p, factor), p.piece(array)
    if factor == Num(Fraction(-1)):
        return negated(right)
    if isinstance(factor, Apply) and factor.op in ("dot", "sum"):
        left = at_least(left, FUNC)
    if right.level == HAD:  # 2 a ⊙ b needs no parentheses
        joined = times(left, replace(right, level=ATOM), _gap(left))
        return joined if joined.negative else replace(joined, level=HAD)
    apart = p.piece(factor).level == TAIL  # 2 (∇_y L) x ends in a parenthesis
    return times(left, right, r"\," if apart else _gap(left))


def _gap(left: Piece) -> str:
    """A number stands close to what it multiplies."""
    return "" if left.numeral or (left.negative and left.text[1:].isdigit()) else r"\,"


# ---------------------------------------------------------------- transposes


def _transpose(p: Printer, e: Apply) -> Piece:
    inner = e.args[0]
    if isinstance(inner, Apply) and inner.op == "inv":
        return raised(p.piece(inner.args[0]), r"-\top")  # (X⁻¹)ᵀ
    return raised(p.piece(inner), r"\top")


def _as_column(p: Printer, e: Apply) -> Piece:
    """v.T where the surroundings want a column: the same value."""
    return p.piece(e.args[0])


def _unrow(p: Printer, e: Apply) -> Piece:
    """A 1 × k matrix as a vector: of row(v), v itself."""
    inner = e.args[0]
    if isinstance(inner, Apply) and inner.op == "row":
        return p.piece(inner.args[0])
    return raised(p.piece(inner), r"\top")


def _unrow_row(p: Printer, e: Apply) -> Piece:
    inner = e.args[0]
    return p.row(inner.args[0]) if isinstance(inner, Apply) and inner.op == "row" else p.piece(inner)


def _as_row(p: Printer, e: Apply) -> Piece:
    return p.row(e.args[0])


# ---------------------------------------------------------------- fractions and powers


def _div(p: Printer, e: Apply) -> Piece:
    top, bottom = e.args
    if shape(bottom):
        a, b = at_least(p.piece(_unspread(top)), FUNC), at_least(p.piece(bottom), FUNC)
        return Piece(rf"{a.text}{BREAK} \oslash {b.text}", HAD, max(a.height, b.height))
    return _fraction(p, top, bottom)


def _fraction(p: Printer, top: Expr, bottom: Expr) -> Piece:
    """A scalar stands above the bar, unless it is a sum over an index or too long; that follows 1/n as a factor."""
    above, below, small = p.plain.piece(top), p.plain.piece(bottom).text, isinstance(bottom, Num)
    stacked = r"\frac" in above.text  # a fraction above a bar is hard to read
    sign, text = ("-", above.text[1:].lstrip()) if above.negative else ("", above.text)
    if isinstance(top, Apply) and top.op in ("scale", "mul") and not shape(top.args[0]) and _comes_apart(top, stacked):
        factor, array = top.args  # α x / n, 2 (∂L/∂v) / n
        return times(_fraction(p, factor, bottom), p.piece(array))
    if isinstance(top, Num) or (not shape(top) and not small and not stacked and _is_short(top, bottom)):
        body = p.fraction(text, below, small)
        return Piece(sign + body.text, NEG, body.height) if sign else body
    return times(p.fraction("1", below, small), p.piece(top), "" if small and above.level >= FUNC else r"\,")


def _comes_apart(top: Apply, stacked: bool) -> bool:
    """Whether the first factor of a numerator alone stands above the bar."""
    number = isinstance(top.args[0], Num)
    return stacked and number if top.op == "mul" else not number or stacked


def _is_short(top: Expr, bottom: Expr) -> bool:
    """Whether a numerator can stand above the bar, where no line can break; means are written with 1/n in front."""
    body = top.args[0] if isinstance(top, Apply) and top.op == "neg" else top
    summed = _sums(body) or (isinstance(bottom, SizeNum) and any(map(_sums, nodes(top))))
    return not summed and leaves(top) <= ABOVE


def _sums(e: Expr) -> bool:
    return isinstance(e, Sum) or (isinstance(e, Apply) and e.op in ("sum", "norm2sq", "cross_entropy"))


def _pow(p: Printer, e: Apply) -> Piece:
    """A power; of a circular or hyperbolic function, tanh²(x)."""
    base, exponent = e.args
    row = TABLE[base.op] if isinstance(base, Apply) else None
    if isinstance(base, Apply) and isinstance(row, Elementwise) and base.op in CIRCULAR and exponent in WHOLE:
        template = row.tex.template.replace(r"\left(", rf"^{p.piece(exponent).text}\left(")
        return p.from_row(base, replace(row.tex, template=template))
    body = p.plain.piece(base) if not shape(e) else p.piece(base)
    if exponent == Num(Fraction(1)):  # as a rule for powers leaves it
        return body
    if exponent == Num(Fraction(1, 2)):
        return Piece(rf"\sqrt{{{body.text}}}", POST, body.height)
    entrywise = rf"\{p.notation.hadamard} " if shape(e) else ""
    return powered(body, entrywise + p.plain.piece(exponent).text)


def _square(p: Printer, e: Apply) -> Piece:
    return powered(p.piece(e.args[0]), rf"\{p.notation.hadamard} 2" if shape(e) else "2")


# ---------------------------------------------------------------- functions


def _exp(p: Printer, e: Apply) -> Piece:
    """eˣ for a short scalar, exp(…) otherwise."""
    body = p.piece(e.args[0])
    if not shape(e) and body.height == 0 and body.level >= NEG:
        return Piece(f"e^{{{p.plain.piece(e.args[0]).text}}}", POST)
    return Piece(rf"\exp{fence(body.text, body.height)}", FUNC, body.height)


def _log(p: Printer, e: Apply) -> Piece:
    """log p of a symbol needs no parentheses; it is a prefix form then."""
    body = p.piece(e.args[0])
    if body.level >= POST or isinstance(e.args[0], Sum):
        return Piece(rf"\log {body.text}", TAIL, body.height)
    return Piece(rf"\log{fence(body.text, body.height)}", FUNC, body.height)


def _step(p: Printer, e: Apply) -> Piece:
    r"""The indicator, read as a comparison: 1[a > b] for step(a − b), 1[x < 0] for step(−x); ≥ where a tie counts."""
    above, below = (">", "<") if e.op == "step" else (r"\ge", r"\le")
    match e.args[0]:
        case Apply(op="neg", args=(x,)):
            inside, height = f"{p.piece(x).text} {below} 0", p.piece(x).height
        case Apply(op="add", args=(a, Apply(op="neg", args=(b,)))):
            left, right = p.piece(_unspread(a)), p.piece(_unspread(b))
            inside, height = f"{left.text} {above} {right.text}", max(left.height, right.height)
        case x:
            inside, height = f"{p.piece(x).text} {above} 0", p.piece(x).height
    return Piece(rf"\mathbb{{1}}{fence(inside, height, '[', ']')}", FUNC, height)


def _softmax(p: Printer, e: Apply) -> Piece:
    r"""softmax, with the direction that sums to 1 for a matrix."""
    name = r"\log\operatorname{softmax}" if e.op == "log_softmax" else rf"\operatorname{{{e.op}}}"
    if rank(e.args[0]) == 2:
        name += rf"_{{\mathrm{{{'rows' if e.params == (1,) else 'cols'}}}}}"
    body = p.piece(e.args[0])
    return Piece(name + fence(body.text, body.height), FUNC, body.height)


def _cross_entropy(p: Printer, e: Apply) -> Piece:
    """−yᵀ log p of vectors; CE(P, Y) of matrices, by samples."""
    q, y = e.args
    if rank(q) == 1:
        return negated(times(p.row(y), p.piece(Apply("log", (q,), (), shape(q)))))
    return Piece(rf"\operatorname{{CE}}({p.piece(q).text}, {p.piece(y).text})", FUNC)


def _call(p: Printer, e: Apply) -> Piece:
    body = p.piece(e.args[0])
    return Piece(_function(p, e) + fence(body.text, body.height), FUNC, body.height)


def _loss_grad(p: Printer, e: Apply) -> Piece:
    body, nabla = p.piece(e.args[0]), r"\nabla " if e.shape_ else ""  # of a loss of one number it is ℓ′
    return Piece(nabla + _function(p, e) + fence(body.text, body.height), FUNC, body.height)


def _function(p: Printer, e: Apply) -> str:
    """φ, φ′, φ″, φ⁽³⁾; a name of several letters is set upright, a function of the table by its own sign: σ′."""
    callee = e.params[0]
    assert isinstance(callee, Callee)
    name = p.name(callee.name)
    row = TABLE.get(callee.name)
    if isinstance(row, Elementwise) and r"\left(" in row.tex.template:
        name = Symbol(row.tex.template.partition(r"\left(")[0].format())
    elif name.letter.startswith(r"\mathit{"):
        name = replace(name, letter=name.letter.replace(r"\mathit", r"\operatorname", 1))
    order = 1 if e.op == "loss_grad" and not e.shape_ else callee.order
    if order == 0:
        return name.text()
    mark = r"\prime" * order if order < 3 else f"({order})"
    return name.raised(mark).text()


FORMS: Mapping[str, Form] = MappingProxyType({
    "add": _add, "neg": _neg, "matmul": _matrix, "matvec": _matrix, "vecmat": _vecmat, "dot": _dot,
    "outer": _outer, "mul": _mul, "scale": _scale, "transpose": _transpose, "as_row": _as_column,
    "row": _as_row, "unrow": _unrow, "col": _as_column, "uncol": _as_column, "item": _as_column,
    "unitem": _as_column, "div": _div, "pow": _pow, "square": _square, "exp": _exp, "log": _log,
    "step": _step, "reaches": _step, "softmax": _softmax, "log_softmax": _softmax, "logsumexp": _softmax,
    "cross_entropy": _cross_entropy, "call": _call, "loss": _call, "loss_grad": _loss_grad,
})  # fmt: skip

ROW_FORMS: Mapping[str, Form] = MappingProxyType({
    "as_row": _as_row, "matvec": _matvec_row, "vecmat": _vecmat_row, "unrow": _unrow_row,
})  # fmt: skip
