"""What flows back along the edges: for each use of a name, what that use adds to the name's gradient.

A name that is used once carries its whole gradient; one that is used several times carries on each edge what that use
contributes, so that the edges that leave a name always sum to its gradient.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from solgen.expr.nodes import Adj, Expr, Var
from solgen.expr.present.inline import slash_derivative
from solgen.expr.walk import children, leaves, nodes
from solgen.figures.graph.numerals import NO_VALUES, Values, gradient_value
from solgen.model.derivation import AdjointBlock, Gradients
from solgen.model.figure import Graph
from solgen.model.problem import Equation
from solgen.render.printer import Printer

WIDEST = 5  # symbols of what is written on an edge
AT_MOST = 8  # of what has no shorter name

Use = tuple[str, str, int]  # name, the equation that uses it, which of its occurrences there (in reading order)


def use_as_output(var: Var) -> Use:
    """The value of a name as it leaves the graph."""
    return var.name, "", 0


@dataclass(frozen=True, slots=True)
class Traced:
    """A graph, and for each of its edges the uses of names that lead along it."""

    graph: Graph
    passed: tuple[frozenset[Use], ...]


@dataclass(frozen=True, slots=True)
class Signal:
    """A gradient that flows back along an edge, in several equal forms; `symbol` is its name where it has one."""

    forms: tuple[Expr, ...]
    symbol: Adj | None = None

    def text(self, printer: Printer, values: Values = NO_VALUES) -> str:
        """The form for an edge: a short one without further gradients, else the symbol, else what is short; or nothing.

        A known value comes first.  Where the notation names error signals (z̄, δ_z), a gradient is always its name.
        """
        if number := gradient_value(self.forms, self.symbol, values):
            return number
        if self.symbol is not None:
            closed = [f for f in self.forms if leaves(f) <= WIDEST and not _has_symbol(f)]
            written_out = closed and printer.gradient.shows_output
            return printer.expr(closed[0]) if written_out else inline(self.symbol, printer)
        shortest = min(self.forms, key=lambda f: (leaves(f) > WIDEST, -self.forms.index(f)))
        return printer.expr(shortest) if leaves(shortest) <= AT_MOST else ""


def inline(symbol: Adj, printer: Printer) -> str:
    """The symbol of a gradient on one line, ∂L/∂z: a fraction is too tall for an edge."""
    return printer.write(slash_derivative(printer.inline(symbol)))


def _has_symbol(e: Expr) -> bool:
    return any(isinstance(n, Adj) for n in nodes(e))


def occurrences(e: Expr) -> Iterator[Var]:
    """The names in e in reading order, each as often as it stands there."""
    if isinstance(e, Var):
        yield e
    for child in children(e):
        yield from occurrences(child)


def uses_by_name(equations: Iterable[Equation]) -> dict[str, list[Use]]:
    """Every use of every name: one edge each."""
    found: dict[str, list[Use]] = {}
    for q in equations:
        count: dict[str, int] = {}
        for var in occurrences(q.body):
            k = count.get(var.name, 0)
            found.setdefault(var.name, []).append((var.name, q.var.name, k))
            count[var.name] = k + 1
    return found


def signals(forward: tuple[Equation, ...], backward: Gradients | None) -> Mapping[Use, Signal]:
    """The signal on each use of a name that the loss depends on."""
    if backward is None:
        return {}
    found, result = uses_by_name(forward), dict[Use, Signal]()
    for block in backward.blocks:
        edges = found.get(block.symbol.wrt.name, [])
        if not block.contributions:
            continue
        if len(edges) == 1:
            result[edges[0]] = Signal(tuple(dict.fromkeys((block.value, block.closed))), block.symbol)
        else:
            result |= _share_contributions(edges, block)
    return result


def _share_contributions(edges: list[Use], block: AdjointBlock) -> dict[Use, Signal]:
    """Each use with its contribution; one that enters a fused loss comes by the loss's equation instead."""
    result: dict[Use, Signal] = {}
    rest = list(block.contributions)
    for consumer in dict.fromkeys(use[1] for use in edges):
        own = [c for c in block.contributions if c.via.name == consumer]
        places = [use for use in edges if use[1] == consumer]
        if len(own) == len(places):
            result |= {use: Signal(c.line.chain) for use, c in zip(places, own, strict=True)}
            rest = [c for c in rest if c.via.name != consumer]
    silent = [use for use in edges if use not in result]
    if len(silent) == len(rest) == 1:
        result[silent[0]] = Signal(rest[0].line.chain)
    return result
