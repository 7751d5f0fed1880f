"""Plane geometry of a figure: rectangles, rounded outlines, Bezier curves, and who touches whom.

The layout works in two axes that do not depend on the page: `along` (the direction of the forward
pass) and `across`. Only the last step turns them into x and y, so that left-to-right and top-to-bottom
figures are one algorithm. Lengths are points (1/72 inch).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from math import hypot

import numpy as np
from numpy.typing import NDArray

Point = tuple[float, float]
Curve = tuple[Point, ...]  # a chain of cubic Bezier segments: 3k + 1 points
Segments = NDArray[np.float64]  # one row (x0, y0, x1, y1) a segment
Vector = NDArray[np.float64]

SAMPLES = 14  # straight pieces that stand for one curved Bezier segment


@dataclass(frozen=True, slots=True)
class Rect:
    """An axis-parallel rectangle, left <= right and bottom <= top."""

    left: float
    bottom: float
    right: float
    top: float

    @property
    def width(self) -> float:
        return self.right - self.left

    @property
    def height(self) -> float:
        return self.top - self.bottom

    @property
    def centre(self) -> Point:
        return (self.left + self.right) / 2, (self.bottom + self.top) / 2

    def grow(self, margin: float) -> Rect:
        """The rectangle with `margin` added on each side."""
        return Rect(self.left - margin, self.bottom - margin, self.right + margin, self.top + margin)

    def translate(self, dx: float, dy: float) -> Rect:
        """The rectangle elsewhere."""
        return Rect(self.left + dx, self.bottom + dy, self.right + dx, self.top + dy)

    def scale(self, by: float) -> Rect:
        """The rectangle of a picture that is enlarged or reduced."""
        return Rect(by * self.left, by * self.bottom, by * self.right, by * self.top)

    def overlaps(self, other: Rect) -> bool:
        """Whether the interiors of the two rectangles meet."""
        apart = self.right <= other.left or other.right <= self.left
        return not (apart or self.top <= other.bottom or other.top <= self.bottom)

    def contains(self, other: Rect) -> bool:
        """Whether `other` lies inside, borders included."""
        inside = self.left <= other.left and other.right <= self.right
        return inside and self.bottom <= other.bottom and other.top <= self.top


def bounding(rects: Iterable[Rect]) -> Rect:
    """The smallest rectangle that contains all of `rects`; the empty one at the origin if there is none."""
    found = tuple(rects)
    if not found:
        return Rect(0.0, 0.0, 0.0, 0.0)
    return Rect(
        min(r.left for r in found),
        min(r.bottom for r in found),
        max(r.right for r in found),
        max(r.top for r in found),
    )


def outline_distance(rect: Rect, radius: float, point: Point) -> float:
    """Signed distance from `point` to the outline of a rounded rectangle, negative inside.

    Source: Inigo Quilez, "2D distance functions", rounded box.
    """
    (cx, cy), (x, y) = rect.centre, point
    dx = abs(x - cx) - rect.width / 2 + radius
    dy = abs(y - cy) - rect.height / 2 + radius
    return hypot(max(dx, 0.0), max(dy, 0.0)) + min(max(dx, dy), 0.0) - radius


def exit_point(rect: Rect, radius: float, inside: Point, outside: Point, margin: float) -> Point:
    """Where the line from `inside` to `outside` comes `margin` away from the outline (by bisection)."""
    (x0, y0), (x1, y1) = inside, outside
    low, high = 0.0, 1.0
    for _ in range(28):
        middle = (low + high) / 2
        if outline_distance(rect, radius, (x0 + middle * (x1 - x0), y0 + middle * (y1 - y0))) < margin:
            low = middle
        else:
            high = middle
    return x0 + high * (x1 - x0), y0 + high * (y1 - y0)


def straight(start: Point, end: Point) -> Curve:
    """The straight line as a Bezier curve."""
    (x0, y0), (x1, y1) = start, end
    third, two = ((2 * x0 + x1) / 3, (2 * y0 + y1) / 3), ((x0 + 2 * x1) / 3, (y0 + 2 * y1) / 3)
    return start, third, two, end


def is_straight(segment: Sequence[Point]) -> bool:
    """Whether the four control points of a Bezier segment lie on one line."""
    (x0, y0), *inner, (x1, y1) = segment
    length = hypot(x1 - x0, y1 - y0) or 1.0
    return all(abs((x1 - x0) * (y - y0) - (y1 - y0) * (x - x0)) / length < 0.01 for x, y in inner)


def bezier_segments(curve: Curve) -> tuple[Curve, ...]:
    """The Bezier segments of a curve, four control points each."""
    return tuple(curve[i : i + 4] for i in range(0, len(curve) - 1, 3))


def polyline(curve: Curve, samples: int = SAMPLES) -> tuple[Point, ...]:
    """Points along a curve, close enough together to stand for it; a straight piece needs only its ends."""
    points = [curve[0]]
    for piece in bezier_segments(curve):
        if is_straight(piece):
            points.append(piece[3])
        else:
            points += map(tuple, (_weights(samples) @ np.array(piece)).tolist())
    return tuple(points)


@cache
def _weights(samples: int) -> NDArray[np.float64]:
    """The Bernstein polynomials at 1/samples, 2/samples, …, 1: one row a point."""
    t = np.arange(1, samples + 1) / samples
    return np.stack([(1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t**3], axis=1)


def bezier(piece: Sequence[Point], t: float) -> Point:
    """The point of a cubic Bezier segment at parameter t: sum of (3 choose k) t^k (1-t)^(3-k) P_k."""
    weights = ((1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t**3)
    xs, ys = (sum(w * p[axis] for w, p in zip(weights, piece, strict=True)) for axis in (0, 1))
    return xs, ys


def segments(points: Sequence[Point]) -> Segments:
    """The straight pieces between consecutive points, as rows (x0, y0, x1, y1)."""
    rows = [(*a, *b) for a, b in pairwise(points)]
    return np.array(rows, dtype=np.float64).reshape(-1, 4)


def hits(rect: Rect, lines: Segments) -> bool:
    """Whether any of the segments enters the rectangle."""
    return bool(any_hits(np.array([[rect.left, rect.bottom, rect.right, rect.top]]), lines)[0])


def any_hits(rects: Segments, lines: Segments) -> NDArray[np.bool_]:
    """For each rectangle (left, bottom, right, top) whether any of the segments enters it.

    Two convex sets are disjoint when an axis separates them: here x, y and the segment's normal.
    """
    x0, y0, x1, y1 = lines.T
    left, bottom, right, top = (rects[:, i, None] for i in range(4))
    near = (np.maximum(x0, x1) > left) & (np.minimum(x0, x1) < right)
    near &= (np.maximum(y0, y1) > bottom) & (np.minimum(y0, y1) < top)
    found = np.zeros(len(rects), dtype=np.bool_)
    which, k = np.nonzero(near)
    if len(which):
        dx, dy = (x1 - x0)[k], (y1 - y0)[k]
        left, bottom, right, top = rects[which].T
        side = dx * ((bottom + top) / 2 - y0[k]) - dy * ((left + right) / 2 - x0[k])
        reach = (abs(dx) * (top - bottom) + abs(dy) * (right - left)) / 2
        found[which[abs(side) < reach]] = True
    return found


def crossings(first: Segments, second: Segments) -> int:
    """How often two polylines cross properly; touching ends do not count."""

    def turn(a: Segments, b: Segments, columns: slice) -> Segments:
        px, py = b[None, :, columns].transpose(2, 0, 1)
        x0, y0, x1, y1 = (a[:, None, i] for i in range(4))
        return (x1 - x0) * (py - y0) - (y1 - y0) * (px - x0)

    start, end = slice(0, 2), slice(2, 4)
    across = turn(first, second, start) * turn(first, second, end) < -1e-9
    back = (turn(second, first, start) * turn(second, first, end) < -1e-9).T
    return int((across & back).sum())


def distance_to(points: Sequence[Point], lines: Segments) -> NDArray[np.float64]:
    """The distance of each point to the nearest of the segments; infinite when there is none."""
    if not len(lines):
        return np.full(len(points), np.inf)
    p = np.array(points, dtype=np.float64)[:, None, :]
    start, step = lines[None, :, :2], lines[None, :, 2:] - lines[None, :, :2]
    length = np.maximum((step**2).sum(axis=2), 1e-12)
    t = np.clip(((p - start) * step).sum(axis=2) / length, 0.0, 1.0)
    gap = p - start - t[:, :, None] * step
    nearest: NDArray[np.float64] = np.sqrt((gap**2).sum(axis=2)).min(axis=1)
    return nearest


def extents_across(points: Sequence[Point], starts: Vector, ends: Vector) -> tuple[Vector, Vector]:
    """Lowest and highest second coordinate of a monotone polyline between two first coordinates, for many pairs.

    Beyond its ends the polyline is taken to run on level.
    """
    xs, ys = np.array(points, dtype=np.float64).T
    edges = np.stack([np.interp(starts, xs, ys), np.interp(ends, xs, ys)])
    inside = (xs >= starts[:, None]) & (xs <= ends[:, None])
    low = np.minimum(edges.min(axis=0), np.where(inside, ys, np.inf).min(axis=1))
    high = np.maximum(edges.max(axis=0), np.where(inside, ys, -np.inf).max(axis=1))
    return low, high
