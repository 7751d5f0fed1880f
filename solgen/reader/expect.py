"""`expect:`: an instructor's own answers, read in the model language, where `bar(z)` is the gradient at z."""

from __future__ import annotations

import ast
from dataclasses import replace

from solgen.expr.arith import fill
from solgen.expr.build import scalar, strip_row
from solgen.expr.nodes import Adj, Entry, Expr, Shape, rank, shape, shape_text
from solgen.expr.size import Size
from solgen.expr.walk import leaves, nodes
from solgen.model.problem import Expectation
from solgen.reader.asks import Context
from solgen.reader.language.answer_parts import AnswerTarget, read_target
from solgen.reader.language.asked_names import NAME, look_up_value, split_derivative
from solgen.reader.language.formula import FormulaReader
from solgen.reader.language.model_text import MAX_COST, MAX_LEAVES
from solgen.reader.language.size_text import BadSize, polynomial, positive
from solgen.reader.language.syntax import Parsed, parse_formula
from solgen.reader.paper_answers import latex_of, read_paper_answer
from solgen.reader.source import nearest_or_all
from solgen.reader.yaml.yaml_nodes import Map, Node, Scalar, TextPiece

INNER = "name the inner values in the model"


def read_expectations(node: Node | None, context: Context) -> tuple[Expectation, ...]:
    """The answers by name; what is wrong is reported."""
    found = (_expectation(name, answer, context) for name, answer in (node.pairs if isinstance(node, Map) else ()))
    return tuple(e for e in found if e is not None)


def _expectation(name: Scalar, node: Node, context: Context) -> Expectation | None:
    target = TextPiece.of(name).part(0, len(name.text))
    if isinstance(node, Map):
        return _as_on_paper(target, node, context)
    if not isinstance(node, Scalar):
        return None
    answer = TextPiece.of(node).part(0, len(node.text))
    if not answer.text:
        context.report.error("bad-value", f"no answer is given to `{target.text}`", name.span, "write a formula")
        return None
    parsed = parse_formula(answer, context.report)
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


def _as_on_paper(target: TextPiece, node: Map, context: Context) -> Expectation | None:
    """A derivative, written in LaTeX; a count or a shape is not."""
    answer = latex_of(node)
    if answer is None and node.pairs:
        return None  # under a key that is reported
    if answer is None or not answer.text:
        hint = "write {latex: '…'}, or the answer alone in the model language"
        context.report.error("missing-key", f"no answer is given to `{target.text}`", target.span, hint)
        return None
    if not split_derivative(target) and not NAME.match(target.text):
        hint = "write dL/dW, dy/dx or W; what else is expected is written in the model language"
        context.report.error("bad-name", f"`{target.text[:40]}` has no answer in LaTeX", target.span, hint)
        return None
    asked = read_target(target, context.output, context.scope, context.report)
    found = read_paper_answer(answer, asked, context) if asked else None
    if asked is None or found is None:
        return None
    if leaves(found) > MAX_LEAVES:
        context.report.error("too-large", "this answer is too long", answer.span, INNER)
        return None
    if any(_same(n, asked) for n in nodes(found)):
        message = f"`{asked.text}` is answered with itself"
        context.report.error("circular", message, answer.span, "write it with the gradients at other values")
        return None
    found = Entry(found, asked.over) if asked.over else found
    return Expectation(asked.of, asked.wrt, "gradient", found, answer.span, asked.symbol)


def _answer(target: TextPiece, parsed: Parsed, tree: ast.expr, context: Context) -> Expectation | None:
    """The answer as a formula, a size or a shape, after what the target is."""
    if target.text == "parameter_count":
        return Expectation(None, None, "parameter_count", _size(tree, parsed, context), parsed.where(tree))
    words = target.text.split()
    if words[:1] == ["shape"] and len(words) == 2:
        found = look_up_value(target.part(len("shape"), len(target.text)), context.scope, context.report)
        shape_ = _shape(tree, parsed, context)
        return Expectation(None, found[0], "shape", shape_, parsed.where(tree)) if found else None
    if not split_derivative(target) and not NAME.match(target.text):
        hint = "write dL/dW, dy/dx, W, parameter_count or shape W"
        context.report.error("bad-name", f"`{target.text[:40]}` names no answer", target.span, hint)
        return None
    asked = read_target(target, context.output, context.scope, context.report)
    return _gradient(asked, parsed, tree, context) if asked else None


def _gradient(target: AnswerTarget, parsed: Parsed, tree: ast.expr, context: Context) -> Expectation | None:
    """An expected derivative, in the shape of what is answered."""
    scope = replace(context.scope, indices=context.scope.indices | target.letters)
    formula = FormulaReader(scope, parsed, context.report, adjoint_of=target.output, adjoint_at=target.at)
    hint = INNER
    if len(list(ast.walk(tree))) > MAX_COST:
        formula.error("too-large", "this answer is too long", tree, hint)
        return None
    answer = formula.read(tree)
    if answer is None:
        return None
    if leaves(answer) > MAX_LEAVES:
        formula.error("too-large", "this answer is too long", tree, hint)
        return None
    if any(_same(n, target) for n in nodes(answer)):
        message = f"`{target.text}` is answered with itself, `bar({target.wrt.name})`"
        formula.error("circular", message, tree, "write it with the gradients at other values, such as bar(z1)")
        return None
    answer = fill(scalar(answer), target.due) if not rank(scalar(answer)) else strip_row(answer)
    if shape(answer) != target.due:
        text = parsed.short(*parsed.bounds(tree))
        due = shape_text(target.due) if target.due else "a scalar"
        message = f"`{text}` is {shape_text(shape(answer))}, but `{target.text}` is {due}"
        formula.error("shape", message, tree, _suggest_mend(target, answer))
        return None
    formula.standings.note_result(tree, target.text)
    answer = Entry(answer, target.over) if target.over else answer
    return Expectation(target.of, target.wrt, "gradient", answer, parsed.where(tree), target.symbol)


def _same(n: Expr, target: AnswerTarget) -> bool:
    """Whether a node is the derivative that is asked for, at any sample."""
    return isinstance(n, Adj) and (n.of.name, n.wrt.name) == (target.output.name, target.wrt.name)


def _suggest_mend(target: AnswerTarget, answer: Expr) -> str:
    """What mends an answer of another shape."""
    found = shape(answer)
    if len(found) == 2 and found[::-1] == target.due:
        return "the transpose has this shape"
    if rank(target.output) and not target.wrt.indices:
        return "row i, column j of a Jacobian is the derivative of entry i by entry j"
    return (
        "a part of a gradient has the shape of that part"
        if target.wrt.indices
        else "a gradient has the shape of its variable"
    )


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
