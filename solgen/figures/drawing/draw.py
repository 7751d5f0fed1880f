"""Layouts to pictures: vector PDF with TrueType text, SVG, or PNG, the same bytes for the same layout.

Values and operations differ in form, the kinds of leaves in tint and in border, so that a print in black and
white stays readable: a parameter has a heavy border, an input a thin one, a target a dashed and a
constant a dotted one.  Highlighted routes differ in colour and in dashes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from math import hypot
from typing import TYPE_CHECKING, Literal

from solgen.figures.drawing.fonts import Fonts, properties, readable, settings
from solgen.figures.drawing.shown import placed_texts, shown_by
from solgen.figures.layout.geometry import Curve, Point, Rect, bezier_segments
from solgen.figures.layout.picture import Layout, NodeBox, PlacedText
from solgen.model.figure import Drawing, NodeKind, TextRole

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from matplotlib.transforms import Transform

Format = Literal["pdf", "svg", "png"]

INK, GREY, RED, WHITE = "#1d1f2b", "#7b7f8a", "#b3392a", "#ffffff"
TEXT_COLOUR: Mapping[TextRole, str] = {"node": INK, "label": INK, "shape": GREY, "gradient": RED, "mark": WHITE}
ROLES: Mapping[str, TextRole] = {INK: "label", GREY: "shape", RED: "gradient", WHITE: "mark"}
PNG_DPI = 200
EDGE_WIDTH = 0.75
TIP_LENGTH, TIP_WIDTH = 4.6, 3.7
CIRCLE = 0.5523  # 4/3 (sqrt 2 - 1): control points of a cubic that stands for a quarter of a circle


@dataclass(frozen=True, slots=True)
class Look:
    """How a kind of node is drawn: fill, border width, dashes (on, off, in points; none: solid)."""

    fill: str
    border: float
    dashes: tuple[float, ...] = ()


LOOKS: Mapping[NodeKind, Look] = {
    "parameter": Look("#f3e3c3", 1.2),
    "input": Look("#e4ecf7", 0.6),
    "target": Look("#e3f0e4", 0.8, (3.0, 1.8)),
    "constant": Look("#f1f1f1", 0.8, (0.8, 1.5)),
    "operation": Look("#ffffff", 0.75),
    "value": Look("#ffffff", 0.75),
    "block": Look("#efeff4", 0.75),
}


@dataclass(frozen=True, slots=True)
class LineLook:
    """How an edge is drawn: colour, width, dashes (on, off, in points; none: solid)."""

    colour: str
    width: float
    dashes: tuple[float, ...] = ()


PLAIN, SHARED, ASIDE = LineLook(INK, EDGE_WIDTH), LineLook(INK, 1.7), LineLook("#a3a7b1", 0.6)
ROUTES = (  # few routes are told apart by their lines, in black and white too; text has the same colours
    LineLook("#1f4e9c", 1.4),
    LineLook("#b0461b", 1.4, (3.2, 1.3)),
    LineLook("#2c7146", 1.5, (1.1, 1.1)),
    LineLook("#6d3d91", 1.4, (4.6, 1.2, 1.1, 1.2)),
)


def line_of(routes: Sequence[int], count: int) -> LineLook:
    """The line of an edge that these routes take, of `count` in the figure."""
    if not count:
        return PLAIN
    if not routes:
        return ASIDE
    return ROUTES[routes[0] - 1] if len(routes) == 1 and count <= len(ROUTES) else SHARED


def draw(layout: Layout, *, format: Format, fonts: Fonts = (), dpi: int = PNG_DPI) -> bytes:
    """The picture of one layout; see `picture_of`."""
    return picture_of(layout, format=format, fonts=fonts, dpi=dpi)[0]


def draw_many(layouts: Iterable[Layout], *, format: Format, fonts: Fonts = (), dpi: int = PNG_DPI) -> tuple[bytes, ...]:
    """The pictures of several layouts, in one warm process; see `picture_of`."""
    return tuple(draw(layout, format=format, fonts=fonts, dpi=dpi) for layout in layouts)


def picture_of(layout: Layout, *, format: Format, fonts: Fonts = (), dpi: int = PNG_DPI) -> tuple[bytes, Drawing]:
    """The picture of one layout, and what it shows once it is finished.

    `fonts` are the TrueType files of a face (regular, bold, italic, bold italic); without them, STIX.  `dpi` is the
    resolution of a PNG.
    """
    from matplotlib import rc_context

    with rc_context(settings(fonts)):
        figure = _figure(layout, fonts)
        made = _save_figure(figure, layout, format, dpi)
        return made, shown_by(figure, layout, ROLES)


def _figure(layout: Layout, fonts: Fonts) -> Figure:
    from matplotlib.figure import Figure
    from matplotlib.transforms import Affine2D

    figure = Figure(figsize=(max(layout.width, 1.0) / 72, max(layout.height, 1.0) / 72))
    figure.patch.set_visible(False)
    points = Affine2D().scale(1 / 72) + figure.dpi_scale_trans
    for edge in layout.edges:
        line = line_of(edge.routes, layout.routes)
        if edge.trunk:
            together = {n for e in layout.edges if e.source == edge.source and e.trunk for n in e.routes}
            common = line_of(sorted(together), layout.routes)
            _draw_curve(figure, edge.curve[: edge.trunk + 1], common, points)
        _draw_edge(figure, edge.curve[edge.trunk :], line, points)
        for text in edge.texts:
            if text.role == "mark":
                _draw_disc(figure, text, line.colour, points)
    for pane in layout.panes:
        _draw_pane(figure, pane, points)
    for node in layout.nodes:
        _draw_node(figure, node, points)
    for text in placed_texts(layout):
        _draw_text(figure, text, points, fonts)
    return figure


def _save_figure(figure: Figure, layout: Layout, format: Format, dpi: int) -> bytes:
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.backends.backend_pdf import FigureCanvasPdf
    from matplotlib.backends.backend_svg import FigureCanvasSVG

    out = BytesIO()
    if format == "pdf":
        nothing = {"Creator": None, "Producer": None, "CreationDate": None}
        FigureCanvasPdf(figure).print_pdf(out, metadata=nothing)
    elif format == "svg":
        described = {"Date": None, "Creator": None, "Description": layout.alt or None}
        FigureCanvasSVG(figure).print_svg(out, metadata=described)
    else:
        figure.set_dpi(dpi)
        figure.patch.set_visible(True)
        FigureCanvasAgg(figure).print_png(out, metadata={"Software": None})
    return out.getvalue()


def _draw_text(figure: Figure, text: PlacedText, points: Transform, fonts: Fonts) -> None:
    from matplotlib.text import Text as Artist

    artist = Artist(
        text.x,
        text.y,
        f"${readable(text.content)}$",
        color=TEXT_COLOUR[text.role],
        fontproperties=properties(fonts, text.size),
        verticalalignment="baseline",
        transform=points,
        zorder=4,
    )
    figure.add_artist(artist)


def _draw_node(figure: Figure, node: NodeBox, points: Transform) -> None:
    from matplotlib.patches import PathPatch
    from matplotlib.path import Path as Outline

    look = LOOKS[node.kind]
    points_of, codes = _outline(node.rect, node.radius)
    patch = PathPatch(
        Outline(points_of, [getattr(Outline, code) for code in codes]),
        facecolor=look.fill,
        edgecolor=INK,
        linewidth=look.border,
        linestyle=(0.0, look.dashes) if look.dashes else "solid",
        capstyle="butt",
        transform=points,
        zorder=3,
    )
    figure.add_artist(patch)


def _outline(rect: Rect, r: float) -> tuple[tuple[Point, ...], tuple[str, ...]]:
    """The rounded rectangle as lines and cubic corners, counter-clockwise from the middle of the right."""
    x, y = rect.centre
    points: list[Point] = [(rect.right, y)]
    codes = ["MOVETO"]
    for sx, sy in ((1, 1), (-1, 1), (-1, -1), (1, -1)):
        corner = (x + sx * rect.width / 2, y + sy * rect.height / 2)
        ends = [(corner[0], corner[1] - sy * r), (corner[0] - sx * r, corner[1])]
        if sx != sy:
            ends.reverse()
        controls = [tuple(e + CIRCLE * (c - e) for e, c in zip(end, corner, strict=True)) for end in ends]
        points += [ends[0], (controls[0][0], controls[0][1]), (controls[1][0], controls[1][1]), ends[1]]
        codes += ["LINETO", "CURVE4", "CURVE4", "CURVE4"]
    return (*points, points[0]), (*codes, "CLOSEPOLY")


def _draw_pane(figure: Figure, rect: Rect, points: Transform) -> None:
    from matplotlib.patches import Rectangle

    look = LOOKS["block"]
    sides = (rect.left, rect.bottom), rect.width, rect.height
    pane = Rectangle(*sides, facecolor=look.fill, edgecolor=INK, linewidth=look.border, transform=points, zorder=3)
    figure.add_artist(pane)


def _draw_disc(figure: Figure, text: PlacedText, colour: str, points: Transform) -> None:
    from matplotlib.patches import PathPatch
    from matplotlib.path import Path as Outline

    points_of, codes = _outline(text.box, text.box.height / 2)
    outline = Outline(points_of, [getattr(Outline, code) for code in codes])
    figure.add_artist(PathPatch(outline, facecolor=colour, edgecolor="none", transform=points, zorder=3))


def _draw_edge(figure: Figure, curve: Curve, line: LineLook, points: Transform) -> None:
    from matplotlib.patches import Polygon

    shortened, tip = _with_tip(curve)
    _draw_curve(figure, shortened, line, points)
    figure.add_artist(Polygon(tip, closed=True, facecolor=line.colour, edgecolor="none", transform=points, zorder=2))


def _draw_curve(figure: Figure, curve: Curve, line: LineLook, points: Transform) -> None:
    from matplotlib.patches import PathPatch
    from matplotlib.path import Path as Outline

    codes = [Outline.MOVETO] + [Outline.CURVE4] * (len(curve) - 1)
    stroke = PathPatch(
        Outline(curve, codes),
        facecolor="none",
        edgecolor=line.colour,
        linewidth=line.width,
        linestyle=(0.0, line.dashes) if line.dashes else "solid",
        capstyle="butt",
        transform=points,
        zorder=1,
    )
    figure.add_artist(stroke)


def _with_tip(curve: Curve) -> tuple[Curve, tuple[Point, ...]]:
    """The curve shortened to make room for its arrow tip, and the tip as a triangle along its end."""
    *_, (ax, ay), (x, y) = bezier_segments(curve)[-1]
    length = hypot(x - ax, y - ay) or 1.0
    ux, uy = (x - ax) / length, (y - ay) / length
    bx, by = x - TIP_LENGTH * ux, y - TIP_LENGTH * uy
    side = TIP_WIDTH / 2
    tip = ((x, y), (bx - side * uy, by + side * ux), (bx + side * uy, by - side * ux))
    cut = 0.8 * TIP_LENGTH
    shortened = (x - cut * ux, y - cut * uy)
    control = (ax, ay) if length > cut else shortened
    return (*curve[:-2], control, shortened), tip
