"""The nouns of a laid-out figure, in page coordinates: x to the right, y upwards, points of 1/72 inch."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Protocol

from solgen.figures.layout.geometry import Curve, Rect
from solgen.model.figure import NodeKind, TextRole


@dataclass(frozen=True, slots=True)
class Extent:
    """The size of a set text: width, and reach above and below its baseline."""

    width: float
    ascent: float
    descent: float

    @property
    def height(self) -> float:
        return self.ascent + self.descent

    def scale(self, by: float) -> Extent:
        """The size of the same text, larger or smaller."""
        return Extent(by * self.width, by * self.ascent, by * self.descent)


class Measure(Protocol):
    """Measures mathtext (without dollars) at a size in points."""

    def __call__(self, text: str, size: float) -> Extent: ...


@dataclass(frozen=True, slots=True)
class PlacedText:
    """A piece of mathtext; (x, y) is the left end of its baseline, `box` what it covers (of a mark, its disc)."""

    content: str
    role: TextRole
    size: float
    x: float
    y: float
    box: Rect

    def translate(self, dx: float, dy: float) -> PlacedText:
        return replace(self, x=self.x + dx, y=self.y + dy, box=self.box.translate(dx, dy))

    def scale(self, by: float) -> PlacedText:
        return PlacedText(self.content, self.role, by * self.size, by * self.x, by * self.y, self.box.scale(by))


@dataclass(frozen=True, slots=True)
class NodeBox:
    """A node: a rectangle with rounded corners (a circle when the radius is half of both sides) around its label."""

    id: str
    kind: NodeKind
    rect: Rect
    radius: float
    texts: tuple[PlacedText, ...]

    def scale(self, by: float) -> NodeBox:
        texts = tuple(t.scale(by) for t in self.texts)
        return NodeBox(self.id, self.kind, self.rect.scale(by), by * self.radius, texts)


@dataclass(frozen=True, slots=True)
class EdgeRoute:
    """An edge: its curve from source to target (the arrow's tip), and the texts beside it.

    `wraps`: it leads from the end of a row to the beginning of the next, as far as point number `trunk` together with
    other edges from the same value; `routes`: the highlighted routes that take it.
    """

    source: str
    target: str
    curve: Curve
    texts: tuple[PlacedText, ...]
    wraps: bool = False
    trunk: int = 0
    routes: tuple[int, ...] = ()

    def scale(self, by: float) -> EdgeRoute:
        curve = tuple((by * x, by * y) for x, y in self.curve)
        return replace(self, curve=curve, texts=tuple(t.scale(by) for t in self.texts))


@dataclass(frozen=True, slots=True)
class Layout:
    """A figure ready to be drawn; `turned`: the forward pass runs downwards; so many `routes` are highlighted.

    `panes` and `notes` are rectangles and texts that belong to no graph.
    """

    width: float
    height: float
    size: float
    turned: bool
    nodes: tuple[NodeBox, ...]
    edges: tuple[EdgeRoute, ...]
    alt: str
    routes: int = 0
    panes: tuple[Rect, ...] = ()
    notes: tuple[PlacedText, ...] = ()

    def scale(self, by: float) -> Layout:
        """The same figure, smaller or larger; strokes and arrow tips keep their size."""
        if by == 1.0:
            return self
        nodes = tuple(node.scale(by) for node in self.nodes)
        edges = tuple(edge.scale(by) for edge in self.edges)
        width, height, size = by * self.width, by * self.height, by * self.size
        panes, notes = tuple(r.scale(by) for r in self.panes), tuple(t.scale(by) for t in self.notes)
        return replace(self, width=width, height=height, size=size, nodes=nodes, edges=edges, panes=panes, notes=notes)
