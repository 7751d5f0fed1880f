"""Pictures: the same bytes each time, TrueType text, no dates, and what text measures is what it covers."""

import re
import struct
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest

from solgen.errors import Refused
from solgen.figures.drawing.draw import LOOKS, draw, draw_many
from solgen.figures.drawing.fonts import measurer, readable
from solgen.figures.layout.fit import layout
from solgen.figures.layout.picture import Layout
from solgen.model.figure import Graph, GraphNode


@pytest.fixture(scope="module")
def fonts() -> tuple[Path, ...]:
    """A face of four files that every matplotlib has, standing for the document's."""
    from matplotlib import get_data_path

    names = (
        "DejaVuSerif.ttf",
        "DejaVuSerif-Bold.ttf",
        "DejaVuSerif-Italic.ttf",
        "DejaVuSerif-BoldItalic.ttf",
    )
    return tuple(Path(get_data_path(), "fonts", "ttf", name) for name in names)


@pytest.fixture(scope="module")
def picture(graphs: dict[str, Callable[[], Graph]]) -> Layout:
    return layout(graphs["autoencoder"](), measurer())


def content(pdf: bytes) -> bytes:
    streams = re.findall(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL)
    inflated = []
    for stream in streams:
        try:
            inflated.append(zlib.decompress(stream))
        except zlib.error:
            inflated.append(stream)
    return b"\n".join(inflated)


@pytest.mark.parametrize("format", ["pdf", "svg", "png"])
def test_pictures_repeat_to_the_byte(picture: Layout, format: str) -> None:
    first, second = draw_many([picture, picture], format=format)  # type: ignore[arg-type]
    assert first == second == draw(picture, format=format)  # type: ignore[arg-type]


def test_the_pdf_has_the_size_of_the_layout_and_no_date(picture: Layout) -> None:
    pdf = draw(picture, format="pdf")
    box = re.search(rb"/MediaBox \[ 0 0 ([\d.]+) ([\d.]+) \]", pdf)
    assert box and float(box[1]) == pytest.approx(picture.width, abs=0.01)
    assert float(box[2]) == pytest.approx(picture.height, abs=0.01)
    assert b"CreationDate" not in pdf and b"Producer" not in pdf


def test_text_is_truetype_in_the_given_face(graphs: dict[str, Callable[[], Graph]], fonts: tuple[Path, ...]) -> None:
    pdf = draw(layout(graphs["residual"](), measurer(fonts)), format="pdf", fonts=fonts)
    assert b"/Type3" not in pdf and b"/Subtype /Type3" not in pdf
    assert b"DejaVuSerif" in pdf and b"/FontFile2" in pdf


def test_without_fonts_text_is_stix(picture: Layout) -> None:
    pdf = draw(picture, format="pdf")
    assert b"STIX" in pdf and b"DejaVu" not in pdf and b"/Type3" not in pdf


def test_png_is_drawn_at_its_resolution(picture: Layout) -> None:
    png = draw(picture, format="png")
    width, height = struct.unpack(">II", png[16:24])
    assert width == pytest.approx(picture.width * 200 / 72, abs=2)
    assert height == pytest.approx(picture.height * 200 / 72, abs=2)


def test_svg_carries_the_description(picture: Layout) -> None:
    svg = draw(picture, format="svg").decode()
    assert picture.alt and picture.alt in svg and "<dc:date>" not in svg


def test_every_value_gradient_and_shape_is_coloured(picture: Layout) -> None:
    painted = content(draw(picture, format="pdf"))
    for red, green, blue in ((0x1D, 0x1F, 0x2B), (0x7B, 0x7F, 0x8A), (0xB3, 0x39, 0x2A)):
        colour = rb" ".join(rb"%.3f" % (c / 255) for c in (red, green, blue))
        assert re.search(colour[:4] + rb"\d* ", painted)


def test_measured_text_holds_its_ink(fonts: tuple[Path, ...]) -> None:
    for face in ((), fonts):
        measure = measurer(face)
        small, large = measure(r"\mathbfit{W}^{\top}", 8.0), measure(r"\mathbfit{W}^{\top}", 16.0)
        assert large.width == pytest.approx(2 * small.width, rel=0.1)
        assert measure("yy", 10.0).width > measure("y", 10.0).width
        assert measure("y", 10.0).descent > measure("x", 10.0).descent
        for symbol in (r"\odot", r"\top", r"\Vert", r"\mathbfit{\delta}", r"\hat{\mathbfit{x}}", r"\circ"):
            assert measure(symbol, 10.0).width > 1.0


def test_a_label_that_cannot_be_read_is_refused() -> None:
    with pytest.raises(Refused, match="cannot show the label") as refusal:
        measurer()(r"\notacommand{x}", 9.0)
    assert refusal.value.hint == r"Unknown symbol: \notacommand; see `latex:` of the problem"


@pytest.mark.parametrize(
    ("tex", "mathtext"),
    [
        (r"\bm{W}_{\text{enc}} \ge 0", r"\mathbfit {W}_{\text{enc}} \geq  0"),
        (r"\bigl(\tfrac{1}{2}\bigr)", r" (\frac {1}{2} )"),
        (r"\lVert x\rVert", r"\Vert  x\Vert "),
        (r"\operatorname*{argmax}", r"\operatorname{argmax}"),
        (r"\sum\nolimits_{i} x", r"\sum _{i} x"),
        (r"\left(\geq\right)", r"\left(\geq\right)"),
    ],
)
def test_labels_may_use_the_words_of_tex(tex: str, mathtext: str) -> None:
    assert readable(tex) == mathtext
    assert measurer()(tex, 9.0).width > 0


def test_words_of_tex_are_drawn_as_they_are_measured() -> None:
    graph = Graph((GraphNode("W", "parameter", r"\bm{W}_{\text{enc}}"),), ())
    same = Graph((GraphNode("W", "parameter", r"\mathbfit{W}_{\text{enc}}"),), ())
    measure = measurer()
    assert draw(layout(graph, measure), format="png") == draw(layout(same, measure), format="png")


def test_kinds_differ_without_colour() -> None:
    leaves = [(LOOKS[k].border, LOOKS[k].dashes) for k in ("parameter", "input", "target", "constant", "value")]
    assert len(set(leaves)) == len(leaves)


def test_every_kind_can_be_drawn() -> None:
    graph = Graph(tuple(GraphNode(kind, kind, "a") for kind in LOOKS), ())
    assert draw(layout(graph, measurer()), format="svg").startswith(b"<?xml")
