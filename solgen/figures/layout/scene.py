"""What is on the figure at a moment of its refinement, and the questions a new curve or label must pass."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from solgen.figures.layout.geometry import (
    Curve,
    Point,
    Rect,
    Segments,
    any_hits,
    bezier,
    bezier_segments,
    crossings,
    distance_to,
    hits,
    polyline,
    segments,
)

BOX_CLEARANCE = 3.5  # of an edge from a box it does not belong to
EDGE_CLEARANCE = 2.6  # of a label from another edge
LABEL_CLEARANCE = 2.0  # of a label from a box or another label, and of an edge from another edge's label
EDGE_DISTANCE = 4.0  # between two edges that run beside each other

Spots = tuple[Rect | None, Rect | None]


@dataclass(frozen=True)
class Surroundings:
    """All of the figure but one edge: the boxes, the two it joins (`ends`), other edges' lines and labels."""

    boxes: tuple[Rect, ...]
    ends: tuple[int, int]
    lines: Segments
    labels: tuple[Rect, ...]

    @cached_property
    def obstacles(self) -> Segments:
        """Boxes other than the edge's own, with the room that an edge leaves around them."""
        return _rows([b.grow(BOX_CLEARANCE) for i, b in enumerate(self.boxes) if i not in self.ends])

    @cached_property
    def rects(self) -> Segments:
        """All boxes and labels, as rows (left, bottom, right, top)."""
        return _rows((*self.boxes, *self.labels))

    def admits_curve(self, curve: Curve, most_crossings: int) -> bool:
        """Whether a curve keeps off boxes and other edges, and crosses at most that many; labels may move."""
        line = segments(polyline(curve))
        if any_hits(self.obstacles, line).any():
            return False
        if self.crossing_count(curve) > most_crossings:
            return False
        return int((distance_to(_inner(curve), self.lines) < EDGE_DISTANCE).sum()) < 2

    def crossing_count(self, curve: Curve) -> int:
        """How many crossings a curve has with the other edges."""
        return crossings(segments(polyline(curve)), self.lines)

    def crowding(self, spots: Segments, airs: Sequence[float]) -> NDArray[np.int_]:
        """For each spot of a label (left, bottom, right, top) how crowded it is.

        0: it keeps off all boxes, other edges and their labels by the largest of `airs` (ascending, the first 0) more
        than it must; one more for each distance that it does not keep; the number of `airs` where it must not stand.
        """
        gap = np.full(len(spots), np.inf)
        if self.rects.size:
            left, bottom, right, top = (spots[:, i, None] for i in range(4))
            beside = np.maximum(self.rects[:, 0] - right, left - self.rects[:, 2])
            over = np.maximum(self.rects[:, 1] - top, bottom - self.rects[:, 3])
            gap = np.maximum(beside, over).min(axis=1)
        count = np.zeros(len(spots), dtype=np.int_)
        for air in airs:
            margin = EDGE_CLEARANCE + air
            touched = any_hits(spots + np.array([-margin, -margin, margin, margin]), self.lines)
            count += touched | (gap < LABEL_CLEARANCE + air)
        return count


def _rows(rects: Sequence[Rect]) -> Segments:
    """Rectangles as rows (left, bottom, right, top)."""
    return np.array([(r.left, r.bottom, r.right, r.top) for r in rects], dtype=np.float64).reshape(-1, 4)


def _inner(curve: Curve) -> tuple[Point, ...]:
    """A few points of the middle part of a curve."""
    parts = bezier_segments(curve)
    if len(parts) == 1:
        return tuple(bezier(parts[0], t) for t in (0.25, 0.4, 0.5, 0.6, 0.75))
    return tuple(bezier(part, 0.5) for part in parts)


@dataclass(slots=True)
class Scene:
    """Boxes that stand, curves and label spots that refinement moves; one owner, local to one call."""

    boxes: tuple[Rect, ...]
    ends: tuple[tuple[int, int], ...]
    curves: list[Curve]
    spots: list[Spots]
    lines: list[Segments]

    @classmethod
    def of(
        cls,
        boxes: Sequence[Rect],
        ends: Sequence[tuple[int, int]],
        curves: Sequence[Curve],
        spots: Sequence[Spots],
    ) -> Scene:
        """A scene of the given parts, its lines worked out from the curves."""
        lines = [segments(polyline(curve)) for curve in curves]
        return cls(tuple(boxes), tuple(ends), list(curves), list(spots), lines)

    def around(self, edge: int) -> Surroundings:
        """Everything but the given edge and its labels."""
        others = [line for e, line in enumerate(self.lines) if e != edge]
        labels = tuple(r for e, pair in enumerate(self.spots) if e != edge for r in pair if r is not None)
        lines = np.concatenate(others) if others else segments(())
        return Surroundings(self.boxes, self.ends[edge], lines, labels)

    def under(self, edge: int, curve: Curve) -> frozenset[int]:
        """The other edges one of whose labels the curve would touch."""
        line = segments(polyline(curve))
        return frozenset(
            e
            for e, pair in enumerate(self.spots)
            if e != edge and any(r is not None and hits(r.grow(EDGE_CLEARANCE), line) for r in pair)
        )

    def beside(self, edge: int) -> frozenset[int]:
        """The other edges that share an end with this one."""
        return frozenset(e for e, pair in enumerate(self.ends) if e != edge and set(pair) & set(self.ends[edge]))

    def change(self, edge: int, curve: Curve, spots: Spots) -> None:
        """Replace an edge's curve and label spots."""
        self.curves[edge], self.spots[edge] = curve, spots
        self.lines[edge] = segments(polyline(curve))
