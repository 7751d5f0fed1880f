"""The second stage of the layout: the order of the cells within each layer, with few crossings.

Barycentre sweeps in both directions, then transposition of neighbours while that helps. Several
starting orders are tried, shuffled ones (with fixed seeds) among them, and the first best is kept, so a graph
has one picture.
Source: Gansner, Koutsofios, North, Vo, "A technique for drawing directed graphs" (1993), section 3.
"""

from __future__ import annotations

from bisect import bisect_right, insort
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from random import Random

from solgen.figures.layout.layers import Layered

SWEEPS = 8
SHUFFLES = 24  # further starting orders of a small graph
SMALL = 150  # cells

Layers = tuple[tuple[int, ...], ...]
Neighbours = tuple[tuple[int, ...], ...]


def neighbours(graph: Layered) -> tuple[Neighbours, Neighbours]:
    """For each cell, the cells it is linked with in the layer before and in the layer after."""
    before: list[list[int]] = [[] for _ in graph.cells]
    after: list[list[int]] = [[] for _ in graph.cells]
    for chain in graph.chains:
        for a, b in pairwise(chain):
            after[a].append(b)
            before[b].append(a)
    return tuple(map(tuple, before)), tuple(map(tuple, after))


def crossing_count(layers: Layers, after: Neighbours) -> int:
    """Number of crossings between consecutive layers: inversions of the links sorted by their start."""
    total = 0
    for upper, lower in pairwise(layers):
        place = {v: i for i, v in enumerate(lower)}
        seen: list[int] = []
        for v in upper:
            ends = sorted(place[w] for w in after[v])
            total += sum(len(seen) - bisect_right(seen, end) for end in ends)
            for end in ends:
                insort(seen, end)
    return total


def order_layers(graph: Layered) -> Layered:
    """The same layers, each in an order with few crossings."""
    before, after = neighbours(graph)
    best, fewest = graph.layers, crossing_count(graph.layers, after)
    for start in _starts(graph, before):
        if fewest == 0 and best is not graph.layers:
            break
        layers = start
        for sweep in range(SWEEPS):
            layers = _swap_neighbours(_sweep(layers, before, after, forward=sweep % 2 == 1), before, after)
            count = crossing_count(layers, after)
            if count < fewest or (count == fewest and best is graph.layers):
                best, fewest = layers, count
            if count == 0:
                break
    return replace(graph, layers=best)


def _starts(graph: Layered, before: Neighbours) -> tuple[Layers, ...]:
    """Starting orders: operands in reading order seen from the results, the given order, and others."""
    seen: dict[int, None] = {}
    for layer in reversed(graph.layers):
        stack = list(reversed(layer))
        while stack:
            v = stack.pop()
            if v not in seen:
                seen[v] = None
                stack += reversed(before[v])
    visit = {v: i for i, v in enumerate(seen)}
    depth_first = tuple(tuple(sorted(layer, key=visit.__getitem__)) for layer in graph.layers)
    shuffled = (_shuffle(depth_first, seed) for seed in range(SHUFFLES if len(graph.cells) <= SMALL else 2))
    return (depth_first, graph.layers, tuple(layer[::-1] for layer in depth_first), *shuffled)


def _shuffle(layers: Layers, seed: int) -> Layers:
    random = Random(seed)
    return tuple(tuple(random.sample(layer, len(layer))) for layer in layers)


def _sweep(layers: Layers, before: Neighbours, after: Neighbours, *, forward: bool) -> Layers:
    """Sort each layer by the mean place of the neighbours in the layer just done."""
    links, sequence = (before, layers) if forward else (after, layers[::-1])
    done = [sequence[0]]
    for layer in sequence[1:]:
        place = {v: i for i, v in enumerate(done[-1])}
        done.append(_by_barycentre(layer, links, place))
    return tuple(done if forward else done[::-1])


def _by_barycentre(layer: Sequence[int], links: Neighbours, place: dict[int, int]) -> tuple[int, ...]:
    """Cells without a neighbour keep their place; the others are sorted into the remaining ones."""
    mean = {v: sum(place[w] for w in links[v]) / len(links[v]) for v in layer if links[v]}
    moving = iter(sorted(mean, key=mean.__getitem__))
    return tuple(next(moving) if v in mean else v for v in layer)


def _swap_neighbours(layers: Layers, before: Neighbours, after: Neighbours) -> Layers:
    """Swap neighbours within a layer while that removes crossings (each swap removes one, so it ends)."""
    rows = [list(layer) for layer in layers]
    place = {v: i for row in rows for i, v in enumerate(row)}

    def cost(a: int, b: int) -> int:
        pairs = ((place[x], place[y]) for side in (before, after) for x in side[a] for y in side[b])
        return sum((x > y) - (x < y) for x, y in pairs)

    better = True
    while better:
        better = False
        for row in rows:
            for i in range(len(row) - 1):
                if cost(row[i], row[i + 1]) > 0:
                    row[i], row[i + 1] = row[i + 1], row[i]
                    place[row[i]], place[row[i + 1]] = i, i + 1
                    better = True
    return tuple(map(tuple, rows))
