"""What a finished picture shows, taken from matplotlib's own artists: every text that it sets, and where it stands.

A text belongs to the node in whose outline it stands, else to the edge beside which the layout put it; an edge leads
from the node at which its line begins to the node at which it ends.  What a text is, its colour says.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from math import hypot
from typing import TYPE_CHECKING

from solgen.figures.layout.geometry import Point, Rect
from solgen.figures.layout.picture import Layout, PlacedText
from solgen.model.figure import Box, Drawing, DrawnEdge, DrawnNode, DrawnText, TextRole

if TYPE_CHECKING:
    from matplotlib.figure import Figure

DIGITS = 3  # behind the point of a place, in points of text
Owner = tuple[str, int]  # a node, an edge, or nothing, by number


def shown_by(figure: Figure, layout: Layout, roles: Mapping[str, TextRole]) -> Drawing:
    """What a picture shows; `roles` says what the texts of each colour are, outside of nodes."""
    found = list(_owned_texts(figure, layout, roles))
    nodes = tuple(
        DrawnNode(node.kind, _box(node.rect), tuple(text for owner, text in found if owner == ("node", k)))
        for k, node in enumerate(layout.nodes)
    )
    edges = tuple(
        DrawnEdge(*_ends(edge.curve, layout), tuple(text for owner, text in found if owner == ("edge", k)))
        for k, edge in enumerate(layout.edges)
    )
    notes = tuple(text for owner, text in found if owner[0] == "note")
    return Drawing(nodes, edges, tuple(map(_box, layout.panes)), notes)


def _owned_texts(figure: Figure, layout: Layout, roles: Mapping[str, TextRole]) -> Iterator[tuple[Owner, DrawnText]]:
    """The texts of the picture from its top down, each with what it belongs to."""
    from matplotlib.text import Text

    beside = {_place(text): k for k, edge in enumerate(layout.edges) for text in edge.texts}
    boxes = {_place(text): text.box for text in placed_texts(layout)}
    artists = [artist for artist in figure.findobj(Text) if isinstance(artist, Text) and artist.get_text()]
    for artist in sorted(artists, key=lambda one: -one.get_position()[1]):
        x, y = (round(float(c), DIGITS) for c in artist.get_position())
        box = boxes[x, y]
        inside = next((k for k, node in enumerate(layout.nodes) if node.rect.contains(box)), None)
        owner = ("node", inside) if inside is not None else ("edge", beside[x, y]) if (x, y) in beside else ("note", 0)
        role = "node" if inside is not None else roles[str(artist.get_color())]
        yield owner, DrawnText(artist.get_text(), role, _box(box))


def placed_texts(layout: Layout) -> tuple[PlacedText, ...]:
    """Every text of a layout: those in nodes, those beside edges, and those that belong to neither."""
    inside = [text for node in layout.nodes for text in node.texts]
    return (*inside, *(text for edge in layout.edges for text in edge.texts), *layout.notes)


def _place(text: PlacedText) -> Point:
    return round(text.x, DIGITS), round(text.y, DIGITS)


def _box(rect: Rect) -> Box:
    return rect.left, rect.bottom, rect.right, rect.top


def _ends(curve: tuple[Point, ...], layout: Layout) -> tuple[int, int]:
    """The nodes at which a line begins and ends."""
    return _nearest(curve[0], layout), _nearest(curve[-1], layout)


def _nearest(point: Point, layout: Layout) -> int:
    return min(range(len(layout.nodes)), key=lambda k: _distance(point, layout.nodes[k].rect))


def _distance(point: Point, rect: Rect) -> float:
    """How far a point is from a rectangle."""
    dx = max(rect.left - point[0], point[0] - rect.right, 0.0)
    dy = max(rect.bottom - point[1], point[1] - rect.top, 0.0)
    return hypot(dx, dy)
