"""`expect:`: an instructor's own answers, read in the model language, where `bar(z)` is the gradient at z."""

from __future__ import annotations

import ast
from dataclasses import replace

from solgen.expr.arith import fill
from solgen.expr.build import scalar
from solgen.expr.nodes import Idx, Shape, Var, rank, shape, shape_text
from solgen.expr.size import Size
from solgen.expr.walk import leaves
from solgen.model import Expectation, NameRef
from solgen.reader.asks import Context
from solgen.reader.formula import Formula
from solgen.reader.grammar import Parsed, parse
from solgen.reader.names import NAME, derivative, value
from solgen.reader.nodes import Map, Node, Piece, Scalar
from solgen.reader.program import MAX_COST, MAX_LEAVES
from solgen.reader.sizes import BadSize, polynomial, positive
from solgen.reader.source import nearest_or_all


def read_expectations(node: Node | None, context: Context) -> tuple[Expectation, ...]:
    """The answers by name; what is wrong is reported."""
    found = (_expectation(name, answer, context) for name, answer in (node.pairs if isinstance(node, Map) else ()))
    return tuple(e for e in found if e is not None)


def _expectation(name: Scalar, node: Node, context: Context) -> Expectation | None:
    if not isinstance(node, Scalar):
        return None
    target, answer = Piece.of(name).part(0, len(name.text)), Piece.of(node).part(0, len(node.text))
    parsed = parse(answer, context.report)
    if parsed is None:
        return None
    if not isinstance(parsed.tree, ast.Expr):
        hint = "write the right side only"
        context.report.error("syntax", "an expected answer is a formula, not an equation", answer.span, hint)
        return None
    try:
        return _answer(target, parsed, parsed.tree.value, context)
    except BadSize as bad:
        context.report.error("size", bad.message, parsed.where(bad.node), bad.hint)
        return None


def _answer(target: Piece, parsed: Parsed, tree: ast.expr, context: Context) -> Expectation | None:
    """The answer as a formula, a size or a shape, after what the target is."""
    if target.text == "parameter_count":
        return Expectation(None, None, "parameter_count", _size(tree, parsed, context), target.span)
    words = target.text.split()
    if words[:1] == ["shape"] and len(words) == 2:
        found = value(target.part(len("shape"), len(target.text)), context.scope, context.report)
        return Expectation(None, found[0], "shape", _shape(tree, parsed, context), target.span) if found else None
    quotient = derivative(target)
    if len(words) > 1 and quotient is None and not NAME.match(target.text):
        hint = "write dL/dW, dy/dx, W, parameter_count or shape W"
        context.report.error("bad-name", f"`{target.text[:40]}` names no answer", target.span, hint)
        return None
    of = value(quotient[0], context.scope, context.report) if quotient else None
    wrt = value(quotient[1] if quotient else target, context.scope, context.report)
    if wrt is None or (quotient and of is None):
        return None
    output = of[1] if of else context.output
    if not _comparable(of[0] if of else None, wrt, output, context):
        return None
    return _gradient(of[0] if of else None, wrt, output, parsed, tree, context)


def _comparable(of: NameRef | None, wrt: tuple[NameRef, Var | None], output: Var | None, context: Context) -> bool:
    """Whether an answer to it can be compared: the whole, or one entry of a gradient; else that is reported."""
    name, var = wrt
    given = name.indices or (of is not None and of.indices)
    if var is None or output is None or not given:
        return True
    due = len(var.at) or len(var.shape_)
    whole = all(isinstance(i, int | str) for i in name.indices) and len(name.indices) == due
    if whole and not output.shape_ and not (of is not None and of.indices and not output.at):
        return True
    what = f"d{of}/d{name}" if of else f"{name}"
    hint = f"expect the whole, `{f'd{of.name}/d' if of else ''}{name.name}`, or an entry of a gradient, `W[k, j]`"
    message = f"`{what}`: of parts, an expected answer can only be an entry of a gradient yet"
    context.report.error("not-supported", message, name.span, hint)
    return False


def _letters(named: tuple[NameRef, Var | None]) -> dict[str, Idx]:
    """The free indices of a target, which its answer may use: k and j of `W[k, j]`."""
    name, var = named
    if var is None or len(name.indices) != len(var.shape_):
        return {}
    return {i: Idx(i, size) for i, size in zip(name.indices, var.shape_, strict=True) if isinstance(i, str)}


def _gradient(
    of: NameRef | None,
    wrt: tuple[NameRef, Var | None],
    output: Var | None,
    parsed: Parsed,
    tree: ast.expr,
    context: Context,
) -> Expectation | None:
    """An expected derivative, whose shape must be the output's followed by the variable's."""
    letters = _letters(wrt) | (_letters((of, output)) if of else {})
    scope = replace(context.scope, indices=context.scope.indices | letters) if letters else context.scope
    formula = Formula(scope, parsed, context.report, adjoint_of=output)
    if len(list(ast.walk(tree))) > MAX_COST:
        formula.error("too-large", "this answer is too long", tree, "name the inner values in the model")
        return None
    answer = formula.read(tree)
    ref, var = wrt
    if answer is None or var is None or output is None:
        return None
    if leaves(answer) > MAX_LEAVES:
        formula.error("too-large", "this answer is too long", tree, "name the inner values in the model")
        return None
    if not ref.indices and (of is None or not of.indices):
        due = output.shape_ + var.shape_
        if len(due) <= 2 and not rank(scalar(answer)):
            answer = fill(scalar(answer), due)
        if len(due) > 2 or shape(answer) != due:
            text = parsed.short(*parsed.bounds(tree))
            message = f"`{text}` is {shape_text(shape(answer))}, the answer must be {shape_text(due)}"
            formula.error("shape", message, tree, "a gradient has the shape of its variable")
            return None
    return Expectation(of, ref, "gradient", answer, ref.span)


def _size(tree: ast.expr, parsed: Parsed, context: Context) -> Size:
    size = polynomial(tree)
    for symbol in sorted(size.symbols - context.scope.sizes.keys()) if not context.scope.blind else ():
        hint = nearest_or_all(symbol, context.scope.sizes, "dimensions of the model")
        context.report.error("unknown-name", f"`{symbol}` is not a dimension of the model", parsed.where(tree), hint)
    return size


def _shape(tree: ast.expr, parsed: Parsed, context: Context) -> Shape:
    """`(d, d)`, `[d]`, `d`; `()` or `scalar` for a scalar."""
    match tree:
        case ast.Tuple(elts=elements) | ast.List(elts=elements):
            pass
        case ast.Name(id="scalar"):
            elements = []
        case _:
            elements = [tree]
    return tuple(positive(e, _size(e, parsed, context)) for e in elements)
