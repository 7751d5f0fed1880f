"""Random edits of what figures show: a string that matplotlib is given changes, or stands in another box.

The pictures are drawn as the product draws them, and what they show is taken from matplotlib's own artists; then one
text is edited as printed text is (`tests.breaks.edits`), or exchanged with one of another node or edge.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

from solgen.build.drawings import places
from solgen.build.read_figures import Misdrawn, Subject, check_drawing
from solgen.calculus.derive import derive
from solgen.expr.present.notation import GRADIENTS
from solgen.figures.drawing.draw import picture_of
from solgen.figures.drawing.fonts import measurer
from solgen.figures.drawing.pagella import pagella
from solgen.model.figure import Drawing, DrawnText
from solgen.reader.set_file import read
from solgen.written import Unreadable
from solgen.written.ink import latex_ink
from tests.breaks.edits import EDITS, Edit, edited, ink, with_numbers

FIGURES = "figures"
ASKED = ("graph", "paths", "shapes")  # what a file with figures asks for
BOX = "another box"
KINDS = (*EDITS, BOX, BOX)  # as often as two kinds of edits of a text
Place = tuple[str, int, int]  # among nodes, edges or notes: which one, and which of its texts


@dataclass(frozen=True, slots=True)
class Picture:
    """A finished picture, and what it should show."""

    subject: Subject
    drawing: Drawing

    def texts(self) -> dict[Place, DrawnText]:
        """Every text of the picture by its place."""
        drawn = self.drawing
        found = {
            (kind, k, j): text
            for kind, several in (("nodes", drawn.nodes), ("edges", drawn.edges))
            for k, one in enumerate(several)
            for j, text in enumerate(one.texts)
        }
        return found | {("notes", 0, j): text for j, text in enumerate(drawn.notes)}

    def with_texts(self, contents: Mapping[Place, str]) -> Picture:
        """The picture with other texts at these places."""
        drawing = self.drawing
        for (kind, k, j), content in contents.items():
            if kind == "notes":
                drawing = replace(drawing, notes=_changed(drawing.notes, j, content))
            else:
                items: list[Any] = list(getattr(drawing, kind))
                items[k] = replace(items[k], texts=_changed(items[k].texts, j, content))
                drawing = replace(drawing, **{kind: tuple(items)})
        return replace(self, drawing=drawing)

    def is_misdrawn(self) -> bool:
        """Whether the product notices something."""
        try:
            check_drawing(self.drawing, self.subject)
        except Misdrawn:
            return True
        return False


def _changed(texts: tuple[DrawnText, ...], j: int, content: str) -> tuple[DrawnText, ...]:
    return (*texts[:j], replace(texts[j], content=content), *texts[j + 1 :])


@cache
def pictures(source: Path, notation: str) -> tuple[Picture, ...]:
    """The figures of a file, drawn in a notation."""
    derivations = [derive(problem) for problem in read(source, notation).problems]
    found = []
    for place in places(derivations, [with_numbers(d) for d in derivations]):
        if (sketch := place.sketch()) is not None:
            _, drawing = picture_of(sketch.plan(measurer(_fonts())), format="pdf", fonts=_fonts())
            found.append(Picture(place.subject, drawing))
    return tuple(found)


@cache
def _fonts() -> Any:
    return pagella(Path(tempfile.mkdtemp(prefix="solgen-figure-edits-")))


def random_figure_edits(count: int, random: Random, files: Sequence[Path], each: int = 20) -> Iterator[Edit]:
    """So many edits of what figures show, `each` of a problem in a notation."""
    made = 0
    with_figures = [f for f in files if any(word in f.read_text(encoding="utf-8") for word in ASKED)]
    while made < count:
        drawn = pictures(random.choice(with_figures), random.choice([*GRADIENTS]))
        for _ in range(min(each, count - made) if drawn else 0):
            edit = one_figure_edit(random.choice(drawn), random)
            if edit is not None:
                made += 1
                yield edit


def one_figure_edit(picture: Picture, random: Random) -> Edit | None:
    """One edit of one text, or of two that change places, with its verdict; None where it would change no ink."""
    texts, kind = picture.texts(), random.choice(KINDS)
    place = random.choice(list(texts))
    was = texts[place].content
    if kind == BOX:
        alike = [p for p, text in texts.items() if text.role == texts[place].role and text.content != was]
        others = [p for p in alike if p[:2] != place[:2]]
        if not others:
            return None
        other = random.choice(others)
        now = texts[other].content
        changed = picture.with_texts({place: now, other: was})
    else:
        text = edited(was.strip("$"), kind, random)
        now = f"${text}$"
        changed = picture.with_texts({place: now})
        if text is None or not text or ink(now) == ink(was):
            return None
    noticed = changed.is_misdrawn()
    return Edit(kind, f"{was} ({texts[place].role})", now, noticed, not noticed and _looks_alike(was, now))


def _looks_alike(was: str, now: str) -> bool:
    """Whether two texts leave the same ink, read as mathematics: the weight of letters says nothing."""
    try:
        return _ink(was) == _ink(now)
    except Unreadable:
        return False


def _ink(text: str) -> list[str]:
    return [sign for sign in latex_ink(text.strip("$").replace(r"\ ", "")) if not sign.isspace()]
