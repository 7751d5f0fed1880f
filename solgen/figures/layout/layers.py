"""The first stage of the layout: a layer for every node, and cells for what edges carry through the layers.

Sugiyama's scheme with two additions. Leaves are pulled to the layer before their first use. Layers are
doubled: nodes live in even layers, and each labelled edge gets a *label cell* in one odd layer, as large as
its labels, so that space for them is reserved like space for nodes (as in Eclipse's ELK). The rest of a
long edge are *lane* cells without length.
Source: Sugiyama, Tagawa, Toda, "Methods for visual understanding of hierarchical system structures" (1981).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from solgen.model.figure import Graph

CellKind = Literal["node", "label", "lane"]


@dataclass(frozen=True, slots=True)
class Cell:
    """What a layer holds: its length along the flow, and how far it reaches above and below its line."""

    kind: CellKind
    length: float
    above: float
    below: float


LANE = Cell("lane", 0.0, 0.0, 0.0)


@dataclass(frozen=True, slots=True)
class Layered:
    """Cells by number (the graph's nodes first, in order), the order of each layer, and each edge's chain."""

    cells: tuple[Cell, ...]
    layers: tuple[tuple[int, ...], ...]
    chains: tuple[tuple[int, ...], ...]


@dataclass(frozen=True, slots=True)
class Links:
    """The graph by number: each node's predecessors and successors (repeated if so), a topological order."""

    before: tuple[tuple[int, ...], ...]
    after: tuple[tuple[int, ...], ...]
    order: tuple[int, ...]


def resolve_links(graph: Graph) -> Links:
    """Resolve the ids of a graph; raises ValueError for a repeated or unknown id and for a cycle."""
    number = {node.id: i for i, node in enumerate(graph.nodes)}
    if len(number) != len(graph.nodes):
        raise ValueError("two nodes of the graph have the same id")
    unknown = {end for e in graph.edges for end in (e.source, e.target)} - number.keys()
    if unknown:
        raise ValueError(f"an edge names no node: {', '.join(sorted(unknown))}")
    before: list[list[int]] = [[] for _ in graph.nodes]
    after: list[list[int]] = [[] for _ in graph.nodes]
    for edge in graph.edges:
        before[number[edge.target]].append(number[edge.source])
        after[number[edge.source]].append(number[edge.target])
    return Links(tuple(map(tuple, before)), tuple(map(tuple, after)), _topological(before, after))


def _topological(before: Sequence[Sequence[int]], after: Sequence[Sequence[int]]) -> tuple[int, ...]:
    waiting = [len(p) for p in before]
    order = [v for v, count in enumerate(waiting) if count == 0]
    for v in order:
        for w in after[v]:
            waiting[w] -= 1
            if waiting[w] == 0:
                order.append(w)
    if len(order) < len(before):
        raise ValueError("the graph has a cycle")
    return tuple(order)


def ranks(found: Links) -> tuple[int, ...]:
    """A layer for each node, from 0: values as late as their use allows, results as early as possible.

    A node with more computed operands than consumers is pulled back to its operands, since that
    shortens the picture; leaves always stand one layer before their first use.
    """
    before, after, order = found.before, found.after, found.order
    rank = [0] * len(order)
    for v in order:
        rank[v] = max((rank[p] + 1 for p in before[v]), default=0)
    for v in reversed(order):
        rank[v] = min((rank[s] - 1 for s in after[v]), default=rank[v])
    for v in order:
        computed = {p for p in before[v] if before[p]}
        if len(computed) > len(set(after[v])) > 0:
            rank[v] = max(rank[p] + 1 for p in computed)
    for v in order:
        if after[v] and not before[v]:
            rank[v] = min(rank[s] for s in after[v]) - 1
    first = min(rank, default=0)
    return tuple(r - first for r in rank)


def layer_graph(
    found: Links, nodes: Sequence[Cell], labels: Sequence[Cell | None], ends: Sequence[tuple[int, int]]
) -> Layered:
    """Double the layers and give every edge its chain of cells.

    `nodes` are the cells of the nodes, `labels` those of the edges' labels (None: no label), `ends` the
    numbers of each edge's source and target.
    """
    rank = ranks(found)
    cells, chains = list(nodes), []
    layers: list[list[int]] = [[] for _ in range(2 * max(rank, default=0) + 1)]
    for v, r in enumerate(rank):
        layers[2 * r].append(v)
    homes = _label_layers(rank, labels, ends)
    for (source, target), label, home in zip(ends, labels, homes, strict=True):
        chain = [source]
        for layer in range(2 * rank[source] + 1, 2 * rank[target]):
            chain.append(len(cells))
            layers[layer].append(len(cells))
            cells.append(label if label is not None and layer == home else LANE)
        chains.append((*chain, target))
    return Layered(tuple(cells), tuple(map(tuple, layers)), tuple(chains))


def _label_layers(
    rank: Sequence[int], labels: Sequence[Cell | None], ends: Sequence[tuple[int, int]]
) -> tuple[int, ...]:
    """The odd layer that holds each edge's label: a long edge takes the one that must grow least."""
    room: dict[int, float] = {}
    homes = [2 * rank[source] + 1 for source, _ in ends]
    spans = [rank[target] - rank[source] for source, target in ends]
    for edge in sorted(range(len(ends)), key=lambda e: (spans[e], e)):
        label = labels[edge]
        if label is not None:
            first, last = homes[edge], homes[edge] + 2 * spans[edge] - 2
            growth = [
                (max(0.0, label.length - room.get(layer, 0.0)), abs(2 * layer - first - last), layer)
                for layer in range(first, last + 1, 2)
            ]
            homes[edge] = min(growth)[2]
            room[homes[edge]] = max(room.get(homes[edge], 0.0), label.length)
    return tuple(homes)
