"""From the safe draft to the picture: edges become straight or gently curved where nothing is in the way.

Each edge tries simpler curves, best first. A curve is taken only when it keeps off boxes, other labels and
other edges, adds no crossing, and leaves a free spot for the edge's own labels; otherwise the edge keeps
what it had. So every state between draft and result is free of overlaps.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from math import hypot

import numpy as np

from solgen.figures.layout.draft import LABEL_PAD, TIP_GAP, Draft, DraftStyle, Labels, Shape, join_stops, orient_page
from solgen.figures.layout.geometry import (
    Curve,
    Point,
    Rect,
    exit_point,
    extents_across,
    is_straight,
    polyline,
    straight,
)
from solgen.figures.layout.label_sizes import TextBlock
from solgen.figures.layout.scene import Scene, Spots, Surroundings

ROUNDS = 2
POSITIONS = 25  # tried along an edge for each label
AIR = (0.0, 2.0, 4.0)  # more distance than a label must keep: needed, wanted
LABEL_WEIGHT = 0.08  # of a label's badness beside that of a curve
DRAFT_BADNESS = 4.0
GOOD = 1.0  # a curve at most this bad is worth moving the neighbours' labels
STEEPEST_BOW = 1.7  # at the ends of an arc
STEEPEST = 3.0  # a straight edge may rise this many times its length


def refine_draft(found: Draft) -> tuple[Draft, float]:
    """The same figure with straighter edges and better placed labels, and its badness."""
    scene = Scene.of([s.rect for s in found.shapes], found.ends, found.curves, found.spots)
    by_length = sorted(range(len(found.ends)), key=lambda e: (_reach(found, e), e))
    badness = [DRAFT_BADNESS] * len(found.ends)
    for _ in range(ROUNDS):
        for edge in by_length:
            badness[edge] = _improve_edge(found, scene, edge, badness[edge])
    for edge in by_length:
        placed = _place_labels(scene.curves[edge], found.labels[edge], found.style, scene.around(edge))
        if placed is not None:
            scene.change(edge, scene.curves[edge], placed[0])
            badness[edge] += placed[1]
    return replace(found, curves=tuple(scene.curves), spots=tuple(scene.spots)), sum(badness)


def _reach(found: Draft, edge: int) -> float:
    source, target = found.ends[edge]
    return found.shapes[target].rect.left - found.shapes[source].rect.right


def _improve_edge(found: Draft, scene: Scene, edge: int, badness: float) -> float:
    """Give the edge the first better curve that fits; the badness of the curve that it then has."""
    if badness == 0.0:
        return badness
    around = scene.around(edge)
    most = around.crossing_count(scene.curves[edge])
    for cost, curve in _simpler(found, edge):
        if cost < badness and around.admits_curve(curve, most):
            moving = scene.under(edge, curve)
            groups = (moving, moving | scene.beside(edge)) if cost <= GOOD else (moving,)
            if any(_try_curve(found, scene, edge, curve, group) for group in groups):
                return cost
    return badness


def _try_curve(found: Draft, scene: Scene, edge: int, curve: Curve, moving: frozenset[int]) -> bool:
    """Give the edge a curve, and new spots to its labels and those of the `moving` edges, if all find one."""
    group = (edge, *sorted(moving))
    before = [(e, scene.curves[e], scene.spots[e]) for e in group]
    for e, old, _ in before:
        scene.change(e, curve if e == edge else old, (None, None))
    for e in group:
        placed = _place_labels(scene.curves[e], found.labels[e], found.style, scene.around(e))
        if placed is None:
            for old_edge, old, spots in before:
                scene.change(old_edge, old, spots)
            return False
        scene.change(e, scene.curves[e], placed[0])
    return True


def _simpler(found: Draft, edge: int) -> Iterator[tuple[float, Curve]]:
    """Curves to try with their badness: a line, arcs through the edge's channel, bends, gentle ones first."""
    source, target = (found.shapes[v] for v in found.ends[edge])
    for aim in dict.fromkeys((_facing(source, target), target.rect.centre)):
        start = source.rect.centre
        if abs(aim[1] - start[1]) <= STEEPEST * max(target.rect.left - source.rect.right, 1.0):
            tip = exit_point(target.rect, target.radius, aim, start, TIP_GAP)
            yield 0.0, straight(_leave(source, aim), tip)
    channel = found.channels[edge]
    yield from ((1.0, curve) for curve in _arcs(source, target, channel))
    first, last = found.curves[edge][0], found.curves[edge][-1]
    yield 1.2, _aim(join_stops((first, last)), target)
    for gentle in (2.5, 1.4, 0.8):
        for level in (channel, first[1], last[1]):
            yield 2.0 + 1.0 / gentle, _aim(_through(first, last, level, gentle), target)


def _through(first: Point, last: Point, level: float, gentle: float) -> Curve:
    """Bend to a level, run flat, bend to the last point; bends are `gentle` times as long as high."""
    room = last[0] - first[0]
    out, back = gentle * abs(level - first[1]), gentle * abs(last[1] - level)
    scale = min(1.0, room / (out + back)) if out + back else 1.0
    return join_stops((first, (first[0] + scale * out, level), (last[0] - scale * back, level), last))


def _aim(curve: Curve, target: Shape) -> Curve:
    """The curve with its end turned towards the centre of the target, where it comes from that side."""
    *rest, start, _, _, end = curve
    centre = target.rect.centre
    away = (end[0] - centre[0], end[1] - centre[1])
    if is_straight(curve[-4:]) or away[1] * (start[1] - end[1]) <= 0:
        return curve
    reach = (end[0] - start[0]) / 2 / hypot(*away)
    control = (end[0] + reach * away[0], end[1] + reach * away[1])
    return (*rest, start, curve[-3], control, end)


def _facing(source: Shape, target: Shape) -> Point:
    """The point on the target's axis nearest to the source's height: a flat side may be met anywhere."""
    (x, y), reach = target.rect.centre, target.rect.height / 2 - target.radius
    return x, min(max(source.rect.centre[1], y - reach), y + reach)


def _arcs(source: Shape, target: Shape, channel: float) -> Iterator[Curve]:
    """Cubics whose control points stand at one height, so chosen that a bow passes its middle at the channel.

    Both ends aim at the centres of their nodes; a bow that would leave a node too steeply is left out.
    """
    (x0, y0), (x1, y1) = source.rect.centre, target.rect.centre
    between = min(y0, y1) <= channel <= max(y0, y1)
    height = channel if between else (8 * channel - y0 - y1) / 6
    for bend in (0.3, 0.42, 0.2):
        reach = bend * (x1 - x0)
        if max(abs(height - y0), abs(height - y1)) <= STEEPEST_BOW * reach:
            first, second = (x0 + reach, height), (x1 - reach, height)
            yield _leave(source, first), first, second, _enter(target, second)


def _leave(shape: Shape, towards: Point) -> Point:
    return exit_point(shape.rect, shape.radius, shape.rect.centre, towards, 0.0)


def _enter(shape: Shape, origin: Point) -> Point:
    return exit_point(shape.rect, shape.radius, shape.rect.centre, origin, TIP_GAP)


def _place_labels(curve: Curve, labels: Labels, style: DraftStyle, around: Surroundings) -> tuple[Spots, float] | None:
    """Free spots for both labels of an edge and their badness, or None when one of them finds none."""
    points = polyline(curve)
    spots: list[Rect | None] = [None, None]
    badness = 0.0
    for i, (block, side) in enumerate(((labels.upper, 1), (labels.lower, -1))):
        if block is not None:
            best = _best_spot(points, block, style, side, around)
            if best is None:
                return None
            badness += best[0]
            spots[i] = best[1]
    return (spots[0], spots[1]), LABEL_WEIGHT * badness


def _best_spot(
    points: tuple[Point, ...], block: TextBlock, style: DraftStyle, side: int, around: Surroundings
) -> tuple[float, Rect] | None:
    """The free spot beside a curve that is nearest to its middle and to the curve, with air around it."""
    along, size = orient_page(block.width, block.height, style)
    away = np.linspace(-1.0, 1.0, POSITIONS)
    start, end = points[0][0], points[-1][0]
    middle = (start + end) / 2 + (end - start) / 2 * away
    low, high = extents_across(points, middle - along / 2, middle + along / 2)
    near = high + LABEL_PAD if side > 0 else low - LABEL_PAD - size
    spots = np.stack([middle - along / 2, near, middle + along / 2, near + size], axis=1)
    crowded = around.crowding(spots, AIR)
    cost = 6.0 * away**2 + 0.35 * (high - low) + 3.0 * crowded
    cost[crowded == len(AIR)] = np.inf
    best = int(cost.argmin())
    if not np.isfinite(cost[best]):
        return None
    left, bottom, right, top = map(float, spots[best])
    return float(cost[best]), Rect(left, bottom, right, top)
