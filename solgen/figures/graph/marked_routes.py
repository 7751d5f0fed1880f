"""The routes from a name to the loss, marked in the graph as the terms of their sum are in the text.

Where routes part, each branch bears the numbers of those that take it.  Few routes are shown within the whole graph;
of many, only what they touch is drawn.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

from solgen.figures.graph.alt_text import use_ordinal
from solgen.figures.graph.equations import traced_blocks
from solgen.figures.graph.operations import MOST_NODES, traced_operations
from solgen.figures.graph.signals import Traced, Use, use_as_output, uses_by_name
from solgen.model.derivation import GraphAsked, Paths, PathTerm
from solgen.model.figure import Graph
from solgen.model.problem import Model
from solgen.render.printer import Printer

FEW = 4  # routes that are told apart by their lines, within the whole graph


def route_graphs(p: Paths, model: Model, printer: Printer) -> tuple[Graph, ...]:
    """Ways to draw the routes, the one that shows most first: the whole graph, what the routes touch, blocks."""
    asked = GraphAsked(p.forward, None)
    taken = routes_taken(p)
    alt = " ".join(("Computational graph with the routes.", *_read_routes(p)))
    whole_graph = highlight_routes(traced_operations(asked, model, printer), taken, alt)
    touched = on_routes(whole_graph)
    wide = (whole_graph,) if len(taken) <= FEW and len(whole_graph.nodes) <= MOST_NODES else ()
    small = (touched,) if len(touched.nodes) <= MOST_NODES else ()
    if wide and small:
        return wide + small
    return (*small, on_routes(highlight_routes(traced_blocks(asked, model, printer), taken, alt)))


def routes_taken(p: Paths) -> tuple[frozenset[Use], ...]:
    """The uses of names along each route.

    A name that a fused loss passed over, the probabilities between logits and cross-entropy, is on the way too.
    """
    found = uses_by_name(p.forward)
    return tuple(frozenset((*_along(term, found), use_as_output(p.of))) for term in p.terms)


def _along(term: PathTerm, found: Mapping[str, Sequence[Use]]) -> Iterable[Use]:
    counts = term.uses or (0,) * (len(term.route) - 1)
    for (name, after), k in zip(pairwise(term.route), counts, strict=True):
        direct = [use for use in found.get(name.name, ()) if use[1] == after.name]
        yield from (direct[min(k, len(direct) - 1)],) if direct else _through(name.name, after.name, found)


def _through(start: str, end: str, found: Mapping[str, Sequence[Use]]) -> tuple[Use, ...]:
    """The uses on the way from one name to another, through names in between; none where there is no way."""
    ways: dict[str, tuple[Use, ...]] = {start: ()}
    queue = [start]
    for name in queue:  # grows
        for use in found.get(name, ()):
            if use[1] not in ways:
                ways[use[1]] = (*ways[name], use)
                queue.append(use[1])
    return ways.get(end, ())


def highlight_routes(traced: Traced, taken: Sequence[frozenset[Use]], alt: str) -> Graph:
    """The graph with the routes on its edges; shapes and gradients are left out, the routes are what it shows."""
    edges = [
        replace(e, shape="", gradient="", routes=tuple(n for n, way in enumerate(taken, 1) if way & passed))
        for e, passed in zip(traced.graph.edges, traced.passed, strict=True)
    ]
    count = Counter(e.source for e in edges if e.routes)
    marked = tuple(replace(e, mark=ranges(e.routes)) if e.routes and count[e.source] > 1 else e for e in edges)
    return Graph(traced.graph.nodes, marked, alt, len(taken))


def on_routes(graph: Graph) -> Graph:
    """The part of a graph that its routes touch."""
    edges = tuple(e for e in graph.edges if e.routes)
    touched = {end for e in edges for end in (e.source, e.target)}
    return replace(graph, nodes=tuple(n for n in graph.nodes if n.id in touched), edges=edges)


def ranges(numbers: Sequence[int]) -> str:
    """`1, 3–5` for 1, 3, 4, 5, as mathtext."""
    runs: list[list[int]] = []
    for n in numbers:
        if runs and runs[-1][-1] == n - 1:
            runs[-1].append(n)
        else:
            runs.append([n])
    told = [str(r[0]) if len(r) == 1 else f"{r[0]}{',' if len(r) == 2 else '–'}{r[-1]}" for r in runs]
    return rf"\mathrm{{{','.join(told)}}}"


def _read_routes(p: Paths) -> Iterable[str]:
    """Each route as a list of names; which use, where a name enters an equation more than once."""
    routes = [tuple(v.name for v in term.route) for term in p.terms]
    for n, (term, names) in enumerate(zip(p.terms, routes, strict=True), 1):
        again = routes.count(names) > 1
        counts = term.uses or (0,) * len(names)
        steps = [f"{a} ({use_ordinal(k)} use)" if again and _several(p, i, n - 1) else a
                 for i, (a, k) in enumerate(zip(names, counts, strict=False))]  # fmt: skip
        yield f"Route {n}: {', '.join((*steps, names[-1]))}."


def _several(p: Paths, step: int, route: int) -> bool:
    """Whether routes with these stops differ in which use they take at this step."""
    own = p.terms[route]
    alike = (t for t in p.terms if t.route == own.route and t.uses)
    return len({t.uses[step] for t in alike}) > 1
