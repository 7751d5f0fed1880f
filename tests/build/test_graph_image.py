"""`solgen show --graph`: which graphs are drawn, into which files, and what a picture says to who cannot see it."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import pytest

from solgen.build.graph_image import draw_picture, number_files, portraits
from solgen.calculus.derive import derive
from solgen.errors import InputError
from solgen.model.derivation import Derivation
from solgen.reader.set_file import read

ROOT = Path(__file__).parents[2]
PLAIN = (
    "title: Plain & <simple>\nmodel: |\n  x: R[n]\n  L = norm2sq(x)\nparts:\n  - prompt: p\n    solve: {gradients: x}\n"
)


def derived(path: Path) -> list[Derivation]:
    return [derive(problem) for problem in read(path).problems]


def test_an_svg_has_a_title_a_description_and_no_letters_that_need_a_font() -> None:
    (found,) = portraits(derived(ROOT / "problems/residual-block"))
    root = ElementTree.fromstring(draw_picture(found, "svg", (), 200))
    space = "{http://www.w3.org/2000/svg}"
    assert [child.tag for child in root][:2] == [f"{space}title", f"{space}desc"] and root.get("role") == "img"
    assert root[0].text == "A residual block, part (c)" and "x is used twice" in (root[1].text or "")
    assert not root.findall(f".//{space}text") and root.findall(f".//{space}path")


def test_without_a_graph_in_a_part_the_model_is_drawn(tmp_path: Path) -> None:
    (tmp_path / "p.yaml").write_text(PLAIN)
    (found,) = portraits(derived(tmp_path / "p.yaml"))
    assert found.title == "Plain & <simple>" and found.graphs[0].nodes
    picture = draw_picture(found, "svg", (), 200)
    assert b"<title>Plain &amp; &lt;simple&gt;</title>" in picture
    with pytest.raises(InputError, match="asks for no graph"):
        portraits(derived(tmp_path / "p.yaml"), "a")


def test_a_png_is_as_fine_as_was_asked() -> None:
    (found,) = portraits(derived(ROOT / "problems/residual-block"))
    small, large = (draw_picture(found, "png", (), dpi) for dpi in (100, 200))
    widths = [int.from_bytes(png[16:20]) for png in (small, large)]
    assert small.startswith(b"\x89PNG") and abs(widths[1] - 2 * widths[0]) <= 2
    assert draw_picture(found, "pdf", (), 200).startswith(b"%PDF-")


def test_several_pictures_are_numbered() -> None:
    assert number_files(Path("a/g.svg"), 1) == (Path("a/g.svg"),)
    assert number_files(Path("a/g.svg"), 2) == (Path("a/g-1.svg"), Path("a/g-2.svg"))


def test_a_part_is_drawn_by_itself() -> None:
    several = derived(ROOT / "problems/tied-autoencoder")
    titles = [one.title for one in portraits(several)]
    assert len(titles) > 1 and all("part (" in title for title in titles)
    letter = titles[0][-2]
    assert [one.title for one in portraits(several, letter)] == [t for t in titles if t.endswith(f"({letter})")]
