"""`solgen show --graph`: the computational graphs of a problem as pictures for other documents, with words for who
cannot see them.

The graphs are those that the parts ask for; where none does, that of the model.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from pathlib import Path

from solgen.document.grammar import part_letters
from solgen.document.letters import node_letters
from solgen.errors import Diagnostic, InputError
from solgen.figures.choice import best_layout, graphs_of
from solgen.figures.draw import Format, draw
from solgen.figures.fonts import Fonts, measurer
from solgen.model import Derivation, Graph, GraphAsked, Model, Notation, Paths
from solgen.render.dollars import without_marks
from solgen.render.printer import Printer

Portrait = tuple[str, tuple[Graph, ...]]  # a title, and the ways to draw it


def portraits(derivations: Sequence[Derivation], part: str = "") -> tuple[Portrait, ...]:
    """Every graph that is asked for, in the parts of that letter or id if one is given; else that of each model.

    Raises InputError where there is nothing to draw, Refused where a label cannot be drawn.
    """
    letters = node_letters(derivations)
    found = [one for d, named in zip(derivations, letters, strict=True) for one in _asked(d, named, part) if one[1]]
    if not found and not part:
        with_model = [(d, named) for d, named in zip(derivations, letters, strict=True) if d.forward]
        found = [_portrait(d, named, GraphAsked(d.forward, None)) for d, named in with_model]
    if not found:
        message = f"part ({part}) asks for no graph" if part else "there is no forward pass to draw"
        hint = "leave `--part` out to draw what the other parts ask for, or the model" if part else "give it a `model`"
        raise InputError([Diagnostic("no-graph", message, hint=hint)])
    return tuple(found)


def drawn(found: Portrait, format: Format, fonts: Fonts, dpi: int) -> bytes:
    """One picture as the bytes of a file; an SVG says in words what it shows."""
    title, graphs = found
    plan = best_layout(graphs, measurer(fonts))
    picture = draw(plan, format=format, fonts=fonts, dpi=dpi)
    return _described(picture, title, plan.alt) if format == "svg" else picture


def numbered(file: Path, count: int) -> tuple[Path, ...]:
    """The names of so many pictures: the one that was given, or that name with a number each."""
    if count == 1:
        return (file,)
    return tuple(file.with_stem(f"{file.stem}-{n}") for n in range(1, count + 1))


def _asked(d: Derivation, letters: dict[str, str], part: str) -> Iterator[Portrait]:
    names = part_letters([p.part.id for p in d.parts])
    for name, p in zip(names, d.parts, strict=True):
        for content in p.contents if part in ("", name, p.part.id) else ():
            if isinstance(content, GraphAsked | Paths):
                model, notation = p.part.model or d.problem.model, p.part.notation or d.problem.notation
                yield _portrait(d, letters, content, f", part ({name})", model, notation)


def _portrait(
    d: Derivation, letters: dict[str, str], asked: GraphAsked | Paths, where: str = "", model: Model | None = None,
    notation: Notation | None = None,
) -> Portrait:  # fmt: skip
    printer = Printer({**d.problem.latex, **letters}, notation or d.problem.notation, dialect="mathtext")
    return without_marks(d.problem.title) + where, graphs_of(asked, model or d.problem.model, printer)


def _described(svg: bytes, title: str, alt: str) -> bytes:
    """The picture with a title and a description as its first children, where readers of screens look for them."""
    start = svg.index(b"<svg")
    end = svg.index(b">", start)
    words = f"\n <title>{escape(title, quote=False)}</title>\n <desc>{escape(alt, quote=False)}</desc>"
    return svg[:end] + b' role="img">' + words.encode() + svg[end + 1 :]
