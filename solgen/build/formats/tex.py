"""LaTeX, with the figures that it includes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from solgen.build.formats import Format, Made, Press

if TYPE_CHECKING:
    from solgen.document.pages import Document


def write(document: Document, press: Press) -> Made:
    """The source and its figures, side by side."""
    return Made(source(document))


def source(document: Document) -> dict[str, bytes]:
    """What TeX needs to typeset a document, by name."""
    return {f"{document.pages.product}.tex": document.tex.encode(), **document.assets}


ROW = Format(write, source=True)
