r"""What stands in the node of an operation: +, ×, σ, ½‖·‖², max(·, 0).

An operation of one moving operand is printed by the text's own printer with a dot for that operand, so that node and
text share one notation; `\sigma(\cdot)` is shortened to `\sigma`.  That of several operands is in the row.
"""

from __future__ import annotations

from dataclasses import replace

from solgen.expr.arith import is_negation, is_sum
from solgen.expr.nodes import Apply, Entry, Expr, Sum, Var, shape
from solgen.expr.ops import TABLE, Trait, having
from solgen.expr.present.piece import without_minus
from solgen.expr.present.style import Plain
from solgen.expr.present.tree import APPLY, Authored, Fence, Node, Operator, Row, Script
from solgen.expr.walk import variables
from solgen.render.printer import Printer

TIMES = having(Trait.TIMES)
UNDRAWN = having(Trait.FORM | Trait.REPEATS)  # changes of form
DOT = "operand of a node"  # not a name that a file can have
DOTTED = Authored(r"\cdot")


def underlying_name(e: Expr) -> Var | None:
    """The name behind changes of form that are not drawn; None for anything computed."""
    while isinstance(e, Apply) and e.op in UNDRAWN and len(e.args) == 1:
        e = e.args[0]
    return e if isinstance(e, Var) else None


def operands(e: Expr) -> tuple[Expr, ...]:
    """The moving operands of an operation, in reading order; a + b + c and a ⊙ b ⊙ c are one operation each."""
    match e:
        case Apply(op=op) if op in TIMES or is_sum(e):
            return tuple(t for t in chain_operands(e) if variables(t))
        case Apply(args=args):
            return tuple(a for a in args if variables(a))
        case Entry(array=array, indices=indices):
            return (array, *(i for i in indices if isinstance(i, Var)))
        case Sum(body=body):
            return (body,)
        case _:
            return ()


def chain_operands(e: Apply) -> tuple[Expr, ...]:
    """The operands of a chain of sums, or of products with numbers and entrywise products."""
    alike = TIMES if e.op in TIMES else {e.op}
    flat: list[Expr] = []
    for arg in e.args:
        joins = isinstance(arg, Apply) and arg.op in alike and shape(arg) == shape(e)
        flat.extend(chain_operands(arg) if isinstance(arg, Apply) and joins else (arg,))
    return tuple(flat)


def is_subtracted(e: Expr) -> bool:
    """Whether a term of a sum is subtracted."""
    return is_negation(e)


def sign_label(e: Expr, printer: Printer) -> str:
    """The label of the node of an operation, as mathtext."""
    moving = operands(e)
    if isinstance(e, Sum):
        return rf"\Sigma_{{{printer.write_name(e.index.name)}}}"
    if is_sum(e):
        return _sum(e, moving, printer)
    if isinstance(e, Apply) and e.op in TIMES:
        return _product(e, moving, printer)
    if isinstance(e, Apply) and len(moving) > 1 and TABLE[e.op].sign:
        return TABLE[e.op].sign
    return _function(e, printer)


def subtracts(terms: tuple[Expr, ...]) -> bool:
    """Whether a sum is drawn as a difference: of two terms, exactly one negative."""
    return len(terms) == 2 and is_subtracted(terms[0]) != is_subtracted(terms[1])


def _sum(e: Apply, moving: tuple[Expr, ...], printer: Printer) -> str:
    """+ , − for a difference; constants are written with dots for what moves: 1 − · ."""
    constants = [t for t in chain_operands(e) if not variables(t)]
    if not constants:
        return "-" if subtracts(moving) else "+"
    dots = "".join((r"-\cdot" if is_subtracted(t) and len(moving) == 1 else r"+\cdot") for t in moving)
    first, *rest = (printer.inline(_unspread(t)) for t in constants)
    signed = "".join(("+" if without_minus(t) is None else "") + printer.write(t) for t in rest)
    return printer.write(first) + signed + dots


def _unspread(e: Expr) -> Expr:
    """A constant without the change of form that spreads it over an array: 1 for a vector of ones."""
    while isinstance(e, Apply) and e.op in UNDRAWN:
        e = e.args[0]
    return e


def _product(e: Apply, moving: tuple[Expr, ...], printer: Printer) -> str:
    """⊙ between arrays, × where one is a number; constant factors stand before."""
    front = r"\,".join(printer.expr(t) for t in chain_operands(e) if not variables(t))
    if len(moving) == 1:
        return rf"{front}\,\cdot" if front else r"\cdot"
    between = printer.write(printer.hadamard) if all(shape(t) == shape(e) and shape(t) for t in moving) else r"\times"
    return rf"{front}\,{between}" if front else between


def _function(e: Expr, printer: Printer) -> str:
    """A function without its moving operand: σ, ‖·‖², max(·, 0)."""
    if isinstance(e, Apply) and TABLE[e.op].sign and len(e.args) == len(operands(e)):
        return TABLE[e.op].sign
    plain = replace(printer, names={DOT: r"\cdot"} | dict(printer.names), notation=_plain(printer))
    return printer.write(_without_argument(plain.inline(_dot_operands(e))))


def _without_argument(node: Node) -> Node:
    """σ for σ(·), log for log ·; a dot with a script in parentheses: (·)²."""
    match node:
        case Row((name, Operator(sign), Fence(body))) if sign == APPLY and body == DOTTED:
            return name
        case Row((name, Operator(sign), argument)) if sign == APPLY and argument == DOTTED:
            return name
        case Script(base) if base == DOTTED:
            return replace(node, base=Fence(base))
        case _:
            return node


def _picks(e: Apply) -> bool:
    """Whether an entry, a row or a column is taken at a label."""
    return len(e.args) == 2 and Trait.PART in TABLE[e.op].traits


def _plain(printer: Printer) -> Plain:
    return Plain(printer.notation.gradient, printer.notation.hadamard, "plain")


def _dot_operands(e: Expr) -> Expr:
    """The operation with a dot in place of each moving operand."""
    match e:
        case Apply(op=op, args=(array, at), params=params, shape_=found) if _picks(e):
            return Apply(op, (Var(DOT, shape(array)), at), params, found)
        case Apply(op=op, args=args, params=params, shape_=found):
            return Apply(op, tuple(Var(DOT, shape(a)) if variables(a) else a for a in args), params, found)
        case Entry(array=array, indices=indices):
            return Entry(Var(DOT, shape(array)), indices)
        case _:
            return e
