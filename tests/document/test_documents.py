"""Every document of a set, in every notation, made as `solgen build --notation` makes it: no defect on any page.

A box that sticks out, a reference that leads nowhere and a missing character fail the build itself (`tex.log`), so
its exit code tells of them; bitmap fonts, and a key of more than one page, are looked for in the PDF.  A handful of
sets here; `make documents`, which continuous integration runs, takes everything under problems/ in all four notations.
"""

from __future__ import annotations

import io
import os
from pathlib import Path

import pypdf
import pytest
from pypdf.generic import DictionaryObject, NameObject

from solgen.build.job import Job
from solgen.build.outcome import Outcome
from solgen.build.pipeline import make
from solgen.document.products import PRODUCTS
from solgen.expr.present.notation import GRADIENTS
from solgen.reader.folders import find
from solgen.tex import Engine
from tests.document.paper import font_faults, opened

CHECKOUT = Path(__file__).parent.parent.parent
NOTATIONS = tuple(GRADIENTS)
HANDFUL = (
    ("homework-003", "nabla"),
    ("homework-004", "partial"),
    ("residual-block", "delta"),
    ("tied-autoencoder", "bar"),
)
EVERYTHING = tuple(
    (path.as_posix().removeprefix("problems/"), notation) for path in find([], CHECKOUT) for notation in NOTATIONS
)
CHOSEN = EVERYTHING if os.environ.get("SOLGEN_DOCUMENTS") == "all" else HANDFUL


def built(name: str, notation: str, engine: Engine, cache: Path) -> Outcome:
    source = CHECKOUT / "problems" / name
    return make(Job(source, cache, "a program", typesets=True, engine=engine, notation=notation))  # type: ignore[arg-type]


def test_everything_is_every_set() -> None:
    assert {name for name, _ in HANDFUL} < {name for name, _ in EVERYTHING}
    assert len(EVERYTHING) >= 4 * 14 and ("library/sequences", "delta") in EVERYTHING


@pytest.mark.parametrize(("name", "notation"), CHOSEN)
def test_no_defect_in_any_product(name: str, notation: str, engine: Engine, with_tex: Path) -> None:
    outcome = built(name, notation, engine, with_tex)
    assert [d.text() for d in outcome.diagnostics] == [] and outcome.exit_code == 0
    for product in PRODUCTS:
        pdf = outcome.files[f"{product}.pdf"]
        assert font_faults(pdf) == [], product
    longest = 4 if name.startswith("library/") else 1  # a collection of fifty answers is no homework
    assert len(opened(outcome.files["key.pdf"]).pages) <= longest


def test_a_bitmap_font_would_be_seen() -> None:
    paper = pypdf.PdfWriter()
    paper.add_blank_page(10, 10)
    for kind in ("/Type3", "/Type1"):
        paper._add_object(
            DictionaryObject({NameObject("/Type"): NameObject("/Font"), NameObject("/Subtype"): NameObject(kind)})
        )
    bare = {NameObject("/Type"): NameObject("/FontDescriptor"), NameObject("/FontName"): NameObject("/Pagella")}
    paper._add_object(DictionaryObject(bare))
    found = io.BytesIO()
    paper.write(found)
    assert font_faults(found.getvalue()) == ["a font is a Type 3 font", "/Pagella is not embedded"]


def test_what_a_reader_program_is_told(engine: Engine, with_tex: Path) -> None:
    """Title, author and language; an outline of problems and parts; links that lead somewhere; figures in words."""
    paper = opened(built("homework-004", "bar", engine, with_tex).files["solutions.pdf"])
    root = paper.trailer["/Root"].get_object()
    assert root["/Lang"] == "en" and root["/ViewerPreferences"]["/DisplayDocTitle"]  # type: ignore[index]
    title = "Homework: a residual block and softmax regression (Solutions)"
    assert paper.metadata and paper.metadata["/Title"] == title
    titles = [entry.title for entry in paper.outline if not isinstance(entry, list)]
    assert titles == ["1 A residual block", "2 Softmax regression", "Points", "Rules"]
    targets = {a.get_object()["/A"]["/D"] for page in paper.pages for a in page.get("/Annots", ())}
    assert targets and targets <= set(paper.named_destinations)
    words = b"".join(page.get_contents().get_data() for page in paper.pages)  # type: ignore[union-attr]
    assert b"/Alt(Computational" in words
