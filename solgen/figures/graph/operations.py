"""A forward pass as a computational graph: leaves, operations, the values on the edges, the gradients that come back.

Every operation of an equation is a node, except constant factors, which belong to their operation (½‖·‖²), the sign
of a difference, and changes of form that no reader sees.  The value of an equation travels on the edge that leaves its
last operation; each use of a name is an edge of its own, so that a shared variable fans out.  Labels are printed by
the printer that sets the text.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from solgen.errors import Refused
from solgen.expr.arith import ONE, ZERO, div, is_negation, is_quotient, is_sum, num, product, strip_sign
from solgen.expr.nodes import Apply, Expr, Num, Var, shape
from solgen.expr.ops import TABLE, Trait, having
from solgen.expr.walk import variables
from solgen.figures.graph.alt_text import describe_graph
from solgen.figures.graph.equations import block_graph
from solgen.figures.graph.labels import SILENT, box_size
from solgen.figures.graph.numerals import NO_VALUES, Values, label_value, spoken_values
from solgen.figures.graph.signals import Signal, Traced, Use, signals, use_as_output, uses_by_name
from solgen.figures.graph.signs import UNDRAWN, is_subtracted, operands, sign_label, subtracts, underlying_name
from solgen.model.derivation import GraphAsked
from solgen.model.figure import Graph, GraphEdge, GraphNode, NodeKind
from solgen.model.problem import Equation, Model
from solgen.render.printer import Printer

TIMES, RAISED, TRANSPOSES = having(Trait.TIMES), having(Trait.RAISED), having(Trait.TRANSPOSES)
MOST_NODES = 25  # of a graph of operations; a larger one is drawn as blocks


def graph_of(asked: GraphAsked, model: Model, printer: Printer, values: Values = NO_VALUES) -> Graph:
    """The graph of a forward pass, with the backward signals where they were asked for; a large one in blocks.

    `values` are the numbers of a worked example, which then stand on the edges.

    `printer` writes mathtext in the notation of the document.  Raises Refused where there is nothing to draw.
    """
    if not asked.forward:
        raise Refused("there is no computational graph to draw", "the model has no equations")
    whole = operation_graph(asked, model, printer, values)
    if len(whole.nodes) <= MOST_NODES:
        return whole
    return min(whole, block_graph(asked, model, printer, values), key=lambda graph: len(graph.nodes))


def operation_graph(asked: GraphAsked, model: Model, printer: Printer, values: Values = NO_VALUES) -> Graph:
    """The graph with one node an operation."""
    return traced_operations(asked, model, printer, values).graph


def traced_operations(asked: GraphAsked, model: Model, printer: Printer, values: Values = NO_VALUES) -> Traced:
    """The graph with one node an operation, and what each edge is passed by."""
    found = uses_by_name(asked.forward)
    builder = _Builder(printer, signals(asked.forward, asked.backward), values)
    roles = {d.var.name: d.role for d in model.declarations if d.var.name in found}
    for d in model.declarations:
        if d.var.name in roles:
            builder.leaf(d.var, d.role)
    for equation in asked.forward:
        builder.equation(equation)
    for q in asked.forward:
        if q.var.name not in found:
            builder.output(q.var, asked.backward is not None and q.var == asked.backward.of)
    alt = describe_graph(asked.forward, roles, found, asked.backward) + spoken_values(values)
    return Traced(Graph(tuple(builder.vertices), tuple(builder.edges), alt), tuple(builder.passed))


@dataclass(slots=True)
class _Builder:
    """The growing graph, one owner; `at` says which vertex a name's value leaves from.

    `passed` are, for each edge, the uses of names that lead along it; `beneath`, those that lead to a vertex within
    its equation.
    """

    printer: Printer
    signals: Mapping[Use, Signal]
    values: Values
    vertices: list[GraphNode] = field(default_factory=list)
    edges: list[GraphEdge] = field(default_factory=list)
    passed: list[frozenset[Use]] = field(default_factory=list)
    beneath: dict[str, frozenset[Use]] = field(default_factory=dict)
    at: dict[str, str] = field(default_factory=dict)
    kinds: dict[str, NodeKind] = field(default_factory=dict)
    met: Counter[tuple[str, str]] = field(default_factory=Counter)

    def leaf(self, var: Var, role: NodeKind) -> None:
        self.vertices.append(GraphNode(f"leaf {var.name}", role, self.printer.expr(var)))
        self.at[var.name], self.kinds[var.name] = f"leaf {var.name}", role

    def equation(self, q: Equation) -> None:
        """The operations of one equation; a bare copy is a node of its own, and so is a constant."""
        body = q.body
        while isinstance(body, Apply) and body.op in UNDRAWN and underlying_name(body) is None and variables(body):
            body = body.args[0]
        if not variables(body):
            source = self.vertex(self.printer.expr(body))
        elif (inner := underlying_name(body)) is not None:
            changed = TABLE[body.op].sign if isinstance(body, Apply) else ""
            source = self.add_vertex((inner,), changed or "=", q.var)
        else:
            source = self.operation(body, q.var)
        self.at[q.var.name] = source

    def output(self, var: Var, is_loss: bool) -> None:
        """A value that nothing uses, in a box; the loss sends back 1."""
        target = f"value {var.name}"
        self.vertices.append(GraphNode(target, "value", self.printer.expr(var)))
        number, size = label_value(var, self.values, self.printer, symbol=False)
        self.edges.append(GraphEdge(self.at[var.name], target, number, size, "1" if is_loss else ""))
        self.passed.append(frozenset({use_as_output(var)}))

    def vertex(self, label: str) -> str:
        name = f"op {len(self.vertices)}"
        self.vertices.append(GraphNode(name, "operation", label))
        return name

    def operation(self, e: Expr, consumer: Var) -> str:
        """The vertex of a compound expression, with everything that leads to it."""
        while isinstance(e, Apply) and e.op in UNDRAWN:
            e = e.args[0]
        pair = weighted_log(e)
        if pair is not None:  # −Σ y log p is one step to every reader
            return self.add_vertex(pair, self.printer.expr(e), consumer)
        factor, inner = _outer_factor(e, self.printer)
        label = factor + sign_label(inner, self.printer)
        terms = operands(inner)
        if is_sum(inner) and (subtracts(terms) or len(terms) == 1):
            return self.add_vertex(tuple(map(strip_sign, terms)), label, consumer, first=int(is_subtracted(terms[0])))
        return self.add_vertex(terms, label, consumer)

    def add_vertex(self, parts: tuple[Expr, ...], label: str, consumer: Var, first: int = 0) -> str:
        """A vertex with its operands' vertices before it; `first` is the operand whose edge comes first."""
        drawn = [self.operand(part, consumer) for part in parts]
        vertex = self.vertex(label)
        first %= len(parts)
        for source, value, size, signal, passing in (*drawn[first:], *drawn[:first]):
            self.edges.append(GraphEdge(source, vertex, value, size, signal))
            self.passed.append(passing)
        self.beneath[vertex] = frozenset[Use]().union(*(passing for *_, passing in drawn))
        return vertex

    def operand(self, e: Expr, consumer: Var) -> tuple[str, str, str, str, frozenset[Use]]:
        """Where an operand comes from, the texts on its edge (label, shape, gradient), and which uses pass there."""
        var = underlying_name(e)
        if var is None:
            source = self.operation(e, consumer)
            text = self.printer.expr(e) if _short(e) else ""
            size = "" if self.values else box_size(e, self.printer)  # beside numbers it would be read as one
            return source, text, size, "", self.beneath.get(source, frozenset())
        leaf = self.kinds.get(var.name)
        k = self.met[var.name, consumer.name]
        self.met[var.name, consumer.name] += 1
        again = leaf is not None and sum(n for (name, _), n in self.met.items() if name == var.name) > 1
        signal = None if leaf in SILENT else self.signals.get((var.name, consumer.name, k))
        label, size = label_value(var, self.values, self.printer, symbol=leaf is None)
        return (
            self.at[var.name],
            "" if again else label,
            "" if again else size,
            signal.text(self.printer, self.values) if signal else "",
            frozenset({(var.name, consumer.name, k)}),
        )


def weighted_log(e: Expr) -> tuple[Expr, Expr] | None:
    """y and p of −Σ y log p, in the order in which they are written."""
    match e:
        case (
            Apply(op="neg", args=(Apply(op="sum", args=(Apply(op="mul", args=(a, b)),)),))
            | Apply(op="neg", args=(Apply(op="dot", args=(a, b)),))
        ):
            if (p := _logarithm(b)) is not None and underlying_name(a) is not None:
                return a, p
            if (p := _logarithm(a)) is not None and underlying_name(b) is not None:
                return p, b
    return None


def _logarithm(e: Expr) -> Var | None:
    return underlying_name(e.args[0]) if isinstance(e, Apply) and e.op == "log" else None


def _outer_factor(e: Expr, printer: Printer) -> tuple[str, Expr]:
    """A sign and constant factors in front of an operation, as text with a gap behind them, and the operation."""
    number, above, below = Fraction(1), list[Expr](), list[Expr]()
    while isinstance(e, Apply):
        match e:
            case Apply(op=op, args=(c, inner)) if op in TIMES and _takes_factor(c, inner):
                number, e = number * _number(c, above), inner
            case Apply(args=(inner, c)) if is_quotient(e) and _takes_factor(c, inner):
                number, e = number / _number(c, below), inner
            case Apply(args=(inner,)) if is_negation(e) and _absorbs(inner):
                number, e = -number, inner
            case _:
                break
    top, bottom = _times(abs(number.numerator), above), _times(number.denominator, below)
    whole = top if bottom == ONE else div(top, bottom)
    text = "" if whole == ONE else rf"{printer.expr(whole)}\,"
    return ("-" if number < 0 else "") + text, e


def _takes_factor(c: Expr, inner: Expr) -> bool:
    """Whether an operation takes a constant factor into its node."""
    return _constant(c) and _absorbs(inner)


def _number(c: Expr, symbols: list[Expr]) -> Fraction:
    """A constant factor if it is a number; else it joins the symbols."""
    if isinstance(c, Num):
        return c.value
    symbols.append(c)
    return Fraction(1)


def _times(number: int, symbols: list[Expr]) -> Expr:
    return product((*(() if number == 1 and symbols else (num(number),)), *symbols))


def _constant(e: Expr) -> bool:
    """A number, not zero, that does not depend on the data."""
    return not variables(e) and not shape(e) and e != ZERO


def _absorbs(e: Expr) -> bool:
    """Whether a factor may stand in the node of an operation: not of a name, nor where it would bind wrongly."""
    if underlying_name(e) is not None or not isinstance(e, Apply):
        return False
    return e.op not in RAISED and not is_sum(e)


def _short(e: Expr) -> bool:
    """An unnamed value short enough to be written on its edge: Wᵀ."""
    return isinstance(e, Apply) and e.op in TRANSPOSES and isinstance(e.args[0], Var)
