"""The third stage of the layout: how far across each cell stands, so that long edges are straight.

Brandes and Köpf's method: four alignments (from either end, towards either side) of each cell with the median
of its neighbours; each is compacted, and the mean of the middle two positions is taken. Compaction follows
the block graph by longest paths, as dagre does, which avoids the errors of the published class shifts and
takes the real sizes of the cells, which here reach unequally far above and below their line.
Source: Brandes, Köpf, "Fast and simple horizontal coordinate assignment" (2001).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from solgen.figures.layout.layers import Cell, Layered
from solgen.figures.layout.order import Layers, Neighbours, neighbours

PULLS = 6  # rounds in which side leaves are moved
GAP = {("node", "node"): 12.0, ("label", "node"): 8.0, ("lane", "node"): 9.0, ("label", "label"): 6.0,
       ("label", "lane"): 6.0, ("lane", "lane"): 7.0}  # fmt: skip


def separation(first: Cell, second: Cell, spread: float = 1.0) -> float:
    """The least distance between the lines of two cells, `first` directly above `second` in a layer.

    `spread` stretches the gap between their outlines.
    """
    pair = (min(first.kind, second.kind), max(first.kind, second.kind))
    return first.below + spread * GAP[pair] + second.above


@dataclass(frozen=True, slots=True)
class _View:
    """The layers seen from one of the four corners: the alignment always runs forward and to the left.

    `before` are the links that may be straightened.
    """

    layers: Layers
    before: Neighbours
    mirrored: bool
    spread: float


def across(graph: Layered, spread: float = 1.0) -> tuple[float, ...]:
    """A position for each cell, growing downwards; cells of a layer keep their order and `separation`."""
    before, after = neighbours(replace(graph, chains=_main_chains(graph)))
    forward, backward = graph.layers, graph.layers[::-1]
    views = (
        _View(forward, before, mirrored=False, spread=spread),
        _View(tuple(layer[::-1] for layer in forward), before, mirrored=True, spread=spread),
        _View(backward, after, mirrored=False, spread=spread),
        _View(tuple(layer[::-1] for layer in backward), after, mirrored=True, spread=spread),
    )
    solutions = [_assign(graph, view) for view in views]
    if not graph.cells:
        return ()
    spans = [_span(graph, s) for s in solutions]
    narrow = min(spans, key=lambda span: span[1] - span[0])
    for i, (view, (low, high)) in enumerate(zip(views, spans, strict=True)):
        shift = narrow[1] - high if view.mirrored else narrow[0] - low
        solutions[i] = [y + shift for y in solutions[i]]
    ys = [_middle([s[v] for s in solutions]) for v in range(len(graph.cells))]
    _pull_leaves(graph, ys, spread)
    return tuple(ys)


def _pull_leaves(graph: Layered, ys: list[float], spread: float) -> None:
    """Move what the alignment left free, side leaves and their lanes, towards what it is linked with."""
    free = _free(graph)
    before, after = neighbours(graph)
    for _ in range(PULLS):
        for layer in graph.layers:
            for i, v in enumerate(layer):
                links = (*before[v], *after[v])
                if v not in free or not links:
                    continue
                wanted = sum(ys[w] for w in links) / len(links)
                if i:
                    u = layer[i - 1]
                    wanted = max(wanted, ys[u] + separation(graph.cells[u], graph.cells[v], spread))
                if i + 1 < len(layer):
                    w = layer[i + 1]
                    wanted = min(wanted, ys[w] - separation(graph.cells[v], graph.cells[w], spread))
                ys[v] = wanted


def _free(graph: Layered) -> frozenset[int]:
    """Leaves all of whose edges are side edges, and what carries their short edges."""
    sides = [c for c, kept in zip(graph.chains, _main_chains(graph), strict=True) if len(kept) < len(c)]
    bound = {c[0] for c, kept in zip(graph.chains, _main_chains(graph), strict=True) if c == kept}
    return frozenset({c[0] for c in sides} - bound) | {c[1] for c in sides if len(c) == 3}


def _main_chains(graph: Layered) -> tuple[tuple[int, ...], ...]:
    """Each edge's chain, without the last link where a leaf meets a computed value.

    The forward pass should run straight through an operation, and its parameters come from aside. A bare point, where
    a row goes on, stands for what was computed before it.
    """
    points = {v for v, cell in enumerate(graph.cells) if cell.kind == "node" and cell.length == 0.0}
    computed = {chain[-1] for chain in graph.chains} | points
    straight = {chain[-1] for chain in graph.chains if chain[0] in computed}
    return tuple(chain[:-1] if chain[0] not in computed and chain[-1] in straight else chain for chain in graph.chains)


def _middle(values: list[float]) -> float:
    values.sort()
    return (values[1] + values[2]) / 2


def _span(graph: Layered, ys: Sequence[float]) -> tuple[float, float]:
    pairs = list(zip(graph.cells, ys, strict=True))
    return min(y - c.above for c, y in pairs), max(y + c.below for c, y in pairs)


def _assign(graph: Layered, view: _View) -> list[float]:
    root = _align_blocks(graph, view)
    ys = _compact_blocks(graph, view, root)
    return [-y if view.mirrored else y for y in ys]


def _align_blocks(graph: Layered, view: _View) -> list[int]:
    """The root of each cell's block: cells of one block stand on one straight line."""
    root = list(range(len(graph.cells)))
    conflicts = _conflicts(graph, view)
    for upper, layer in pairwise(view.layers):
        place = {v: i for i, v in enumerate(upper)}
        limit = -1
        for v in layer:
            links = sorted(view.before[v], key=place.__getitem__)
            for w in dict.fromkeys(links[(len(links) - 1) // 2 : len(links) // 2 + 1]):
                if root[v] == v and limit < place[w] and (w, v) not in conflicts:
                    root[v], limit = root[w], place[w]
    return root


def _conflicts(graph: Layered, view: _View) -> frozenset[tuple[int, int]]:
    """Links that cross an inner segment of a long edge: they give way, so that it stays straight."""
    found: set[tuple[int, int]] = set()
    for upper, lower in pairwise(view.layers):
        place = {v: i for i, v in enumerate(upper)}
        rows = [(place[u], j, u, v) for j, v in enumerate(lower) for u in view.before[v]]
        inner = [(i, j) for i, j, u, v in rows if "node" not in (graph.cells[u].kind, graph.cells[v].kind)]
        for i, j, u, v in rows:
            outer = "node" in (graph.cells[u].kind, graph.cells[v].kind)
            if outer and any((i - a) * (j - b) < 0 for a, b in inner):
                found.add((u, v))
    return frozenset(found)


def _compact_blocks(graph: Layered, view: _View, root: Sequence[int]) -> list[float]:
    """Each block as far left as the blocks before it allow, then as far right as costs nothing."""
    left: dict[int, dict[int, float]] = {r: {} for r in root}
    right: dict[int, dict[int, float]] = {r: {} for r in root}
    for layer in view.layers:
        for a, b in pairwise(layer):
            first, second = (b, a) if view.mirrored else (a, b)
            gap = separation(graph.cells[first], graph.cells[second], view.spread)
            r, s = root[a], root[b]
            left[s][r] = right[r][s] = max(gap, left[s].get(r, 0.0))
    order = _block_order(left, right)
    at: dict[int, float] = {}
    for r in order:
        at[r] = max((at[s] + gap for s, gap in left[r].items()), default=0.0)
    for r in reversed(order):
        at[r] = max(at[r], min((at[s] - gap for s, gap in right[r].items()), default=at[r]))
    return [at[r] for r in root]


def _block_order(left: Mapping[int, Mapping[int, float]], right: Mapping[int, Mapping[int, float]]) -> list[int]:
    """The blocks, each after all that stand to its left."""
    waiting = {r: len(sides) for r, sides in left.items()}
    order = [r for r, count in waiting.items() if count == 0]
    for r in order:
        for s in right[r]:
            waiting[s] -= 1
            if waiting[s] == 0:
                order.append(s)
    return order
