r"""A large forward pass as a graph of blocks: one node an equation, labelled by its right side, `\sigma(W x + b)`.

Names that only the derivation introduced, and that are used once, are written into the block that uses them.  What
belongs to a single block, its weights and its target, stands in its label and is not drawn again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import accumulate, count

from solgen.expr.nodes import Expr, Var
from solgen.expr.present.tree import (
    APPLY,
    MINUS,
    TIMES,
    Accent,
    BigOperator,
    Fence,
    Fraction,
    Identifier,
    Node,
    Number,
    Operator,
    Root,
    Row,
    Script,
    children,
    map_children,
    walk,
)
from solgen.expr.walk import leaves, substitute
from solgen.figures.graph.alt_text import describe_graph
from solgen.figures.graph.labels import SILENT
from solgen.figures.graph.numerals import NO_VALUES, Values, label_value, numeral, spoken_values
from solgen.figures.graph.signals import Signal, Traced, Use, inline, signals, use_as_output, uses_by_name
from solgen.model.derivation import GraphAsked
from solgen.model.figure import Graph, GraphEdge, GraphNode
from solgen.model.problem import Equation, Model
from solgen.render.printer import Printer
from solgen.render.tex_spelling import has_command

WIDE = 11  # letters of a label that is broken where the page is narrow
LONGEST = 14  # symbols of a right side that a block shows; else it shows its name


@dataclass(frozen=True, slots=True)
class EquationBlock:
    """An equation with the introduced ones written into it; `own` are the names of all of them."""

    var: Var
    body: Expr
    own: tuple[str, ...]


def _as_it_is(label: Node) -> Node:
    return label


def block_graph(asked: GraphAsked, model: Model, printer: Printer, values: Values = NO_VALUES) -> Graph:
    """The graph with one node an equation."""
    return traced_blocks(asked, model, printer, values).graph


def narrow_block_graph(asked: GraphAsked, model: Model, printer: Printer, values: Values = NO_VALUES) -> Graph:
    """The graph with one node an equation, long labels in two lines."""
    return traced_blocks(asked, model, printer, values, in_two_lines).graph


def traced_blocks(
    asked: GraphAsked,
    model: Model,
    printer: Printer,
    values: Values = NO_VALUES,
    arranged: Callable[[Node], Node] = _as_it_is,
) -> Traced:
    """The graph with one node an equation, its label `arranged`, and what each edge is passed by."""
    found = uses_by_name(asked.forward)
    parts = equation_blocks(asked.forward, frozenset(model.variables), found)
    drawn = _leaves(model, parts, found)
    roles = {d.var.name: d.role for d in model.declarations if d.var.name in found}
    back = {use: s for use, s in signals(asked.forward, asked.backward).items() if roles.get(use[0]) not in SILENT}
    nodes = [GraphNode(f"leaf {name}", roles[name], printer.expr(var)) for name, var in drawn.items()]
    edges: list[GraphEdge] = []
    passed: list[frozenset[Use]] = []
    boxed = frozenset(drawn)
    for part in parts:
        target = f"block {part.var.name}"
        nodes.append(GraphNode(target, "block", _label(part, printer, arranged)))
        for name, var in drawn.items():
            if mine := [use for use in found.get(name, ()) if use[1] in part.own]:
                signal = _signal(mine, len(found[name]), back, asked, var, printer, values)
                edges.append(_edge(var, target, name in boxed, edges, signal, printer, values))
                passed.append(frozenset(mine))
        drawn[part.var.name] = part.var
    for part in parts:
        if part.var.name not in found:
            nodes.append(GraphNode(f"value {part.var.name}", "value", printer.expr(part.var)))
            edges.append(_result(part.var, asked, printer, values))
            passed.append(frozenset({use_as_output(part.var)}))
    alt = describe_graph(asked.forward, roles, found, asked.backward) + spoken_values(values)
    return Traced(Graph(tuple(nodes), tuple(edges), alt), tuple(passed))


def _leaves(model: Model, parts: Iterable[EquationBlock], found: Mapping[str, list[Use]]) -> dict[str, Var]:
    """The declared names that are nodes: inputs, and what several blocks share."""
    home = {name: part.var.name for part in parts for name in part.own}
    users = {d.var.name: {home[use[1]] for use in found.get(d.var.name, ())} for d in model.declarations}
    return {
        d.var.name: d.var
        for d in model.declarations
        if users[d.var.name] and (d.role == "input" or len(users[d.var.name]) > 1)
    }


def _result(var: Var, asked: GraphAsked, printer: Printer, values: Values) -> GraphEdge:
    """The edge to a value that nothing uses; the loss sends back 1."""
    one = "1" if asked.backward is not None and asked.backward.of == var else ""
    return GraphEdge(f"block {var.name}", f"value {var.name}", *label_value(var, values, printer, symbol=False), one)


def equation_blocks(
    forward: Iterable[Equation], given: frozenset[str], found: Mapping[str, list[Use]]
) -> tuple[EquationBlock, ...]:
    """The equations as blocks; `given` are the names of the file."""
    inside: dict[Expr, Expr] = {}
    members: dict[str, tuple[str, ...]] = {}
    result: list[EquationBlock] = []
    for q in forward:
        body = substitute(q.body, inside)
        own = (q.var.name, *(n for use in found.values() for name, consumer, _ in use if consumer == q.var.name
                             for n in members.get(name, ())))  # fmt: skip
        if q.var.name not in given and len(found.get(q.var.name, ())) == 1:
            inside[q.var], members[q.var.name] = body, own
        else:
            result.append(EquationBlock(q.var, body, own))
    return tuple(result)


def in_two_lines(label: Node) -> Node:
    r"""A sum broken before the sign that is nearest to its middle, `\tanh(W h` and `+ U x)`; a short one as it is."""
    parts = list(_parts(label))
    ends = list(accumulate(size for size, _ in parts))
    signs = [end - size for end, (size, breaks) in zip(ends, parts, strict=True) if breaks]
    if ends[-1] < WIDE or not signs or any(isinstance(n, Fence) and n.kind == "norm" for n in walk(label)):
        return label
    nearest = min(range(len(signs)), key=lambda k: abs(2 * signs[k] - ends[-1]))
    return _broken_before(label, count(), nearest, 0)


def _parts(node: Node, depth: int = 0) -> Iterator[tuple[int, bool]]:
    """What stands in a line: how much room each part takes, and whether a line may begin with it."""
    match node:
        case Row(items):
            for item in items:
                yield from _parts(item, depth)
        case Fence(body, kind):
            yield from ((1, False), *_parts(body, depth + (kind == "round")), (1, False))
        case Script(base):
            yield from _parts(base, depth)
            yield sum(map(room, children(node)[1:])), False
        case _:
            yield room(node), _begins_line(node, depth)


def _begins_line(node: Node, depth: int) -> bool:
    """Whether it is a sign of a sum, in one bracket at most."""
    return isinstance(node, Operator) and node.sign in ("+", MINUS) and node.spacing == "binary" and depth <= 1


def _broken_before(node: Node, passed: Iterator[int], sign: int, depth: int) -> Node:
    """The tree with a new line before one of its signs."""
    match node:
        case Operator() if _begins_line(node, depth):
            return replace(node, spacing="newline") if next(passed) == sign else node
        case Row():
            return map_children(node, lambda child: _broken_before(child, passed, sign, depth))
        case Fence(_, kind):
            inside = depth + (kind == "round")
            return map_children(node, lambda child: _broken_before(child, passed, sign, inside))
        case Script(base):
            return replace(node, base=_broken_before(base, passed, sign, depth))
        case _:
            return node


def room(node: Node) -> int:
    """About how many letters wide a node is: a bold letter counts twice."""
    match node:
        case Identifier(letters, variant):
            single = len(letters) == 1 or has_command(letters)
            return (1 if single else 1 + len(letters)) + (variant not in ("italic", "function"))
        case Number(digits):
            return len(digits)
        case Operator(sign, spacing):
            return int(sign not in (TIMES, APPLY) or (sign == TIMES and spacing == "thin"))
        case Fraction() | Root() | Accent() | BigOperator():
            return 1 + sum(map(room, children(node)))
        case Fence(body):
            return 2 + room(body)
        case Row() | Script():
            return sum(map(room, children(node)))
        case _:
            return 1


def _label(part: EquationBlock, printer: Printer, arranged: Callable[[Node], Node]) -> str:
    return printer.write(arranged(printer.inline(part.body if leaves(part.body) <= LONGEST else part.var)))


def _edge(
    var: Var, target: str, boxed: bool, edges: list[GraphEdge], signal: str, printer: Printer, values: Values
) -> GraphEdge:
    """The use of a name by a block; the symbol and the shape of a leaf are told once."""
    source = f"leaf {var.name}" if boxed else f"block {var.name}"
    again = boxed and any(e.source == source for e in edges)
    label, size = ("", "") if again else label_value(var, values, printer, symbol=not boxed)
    return GraphEdge(source, target, label, size, signal)


def _signal(
    mine: list[Use],
    count: int,
    back: Mapping[Use, Signal],
    asked: GraphAsked,
    var: Var,
    printer: Printer,
    values: Values,
) -> str:
    """What comes back to a name from one block: that of its one use, or, from the only block, its whole gradient."""
    known = [back[use] for use in mine if use in back]
    if len(mine) == len(known) == 1:
        return known[0].text(printer, values)
    if known and len(mine) == count and asked.backward is not None:
        symbols = (b.symbol for b in asked.backward.blocks if b.symbol.wrt == var)
        return next((numeral(symbol, values) or inline(symbol, printer) for symbol in symbols), "")
    return ""
