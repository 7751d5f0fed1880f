"""Figures without matplotlib: a graph as what a picture of it would show, and such pictures with one text edited."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from random import Random

from solgen.build.read_figures import Subject
from solgen.calculus.derive import derive
from solgen.document.node_letters import node_letters
from solgen.document.voice import taken_in
from solgen.figures.drawing.fonts import readable
from solgen.figures.pictures import graphs_of
from solgen.model.derivation import GraphAsked, Paths
from solgen.model.figure import Drawing, DrawnEdge, DrawnNode, DrawnText, Graph, GraphEdge, TextRole
from solgen.reader.set_file import read
from solgen.render.printer import Printer

NOWHERE = (0.0, 0.0, 0.0, 0.0)
PIECE = re.compile(r"\\[A-Za-z]+\s*|\\.|.")
EDITS = ("drop", "swap", "digit", "sign", "letter")
Place = tuple[str, int, int]  # nodes or edges, which, and which of its texts


def drawing_of(graph: Graph) -> Drawing:
    """What a picture of a graph would show."""
    number = {node.id: k for k, node in enumerate(graph.nodes)}
    nodes = [
        DrawnNode(n.kind, NOWHERE, tuple(t for line in n.label.splitlines() for t in _text(line, "node")))
        for n in graph.nodes
    ]
    edges = [DrawnEdge(number[e.source], number[e.target], (*_texts(e),)) for e in graph.edges]
    return Drawing(tuple(nodes), tuple(edges))


def _texts(e: GraphEdge) -> Iterator[DrawnText]:
    yield from _text(e.label, "label")
    yield from _text("" if e.mark else e.shape, "shape")
    yield from _text(e.gradient, "gradient")
    yield from _text(e.mark, "mark")


def _text(content: str, role: TextRole) -> tuple[DrawnText, ...]:
    return (DrawnText(f"${readable(content)}$", role, NOWHERE),) if content else ()


def subjects(file: Path, notation: str | None = None) -> Iterator[Subject]:
    """What the figures of a file must show, those that its parts ask for."""
    problems = read(file, notation).problems
    derivations = [derive(problem) for problem in problems]
    for d, letters in zip(derivations, node_letters(derivations), strict=True):
        for p in d.parts:
            model = p.part.model or d.problem.model
            asked = (c for c in p.contents if isinstance(c, GraphAsked | Paths))
            yield from (Subject(d.problem, p.part, model, content, letters, {}) for content in asked)


def graphs(subject: Subject) -> tuple[Graph, ...]:
    """The ways to draw it."""
    problem, notation = subject.problem, (subject.part and subject.part.notation) or subject.problem.notation
    names, taken = {**problem.latex, **subject.letters}, taken_in(problem, notation)
    assert isinstance(subject.content, GraphAsked | Paths)
    return graphs_of(subject.content, subject.model, Printer(names, notation, taken=taken, dialect="mathtext"))


def texts(drawing: Drawing) -> Iterator[tuple[Place, DrawnText]]:
    """Every text of a picture, with its place."""
    for kind in ("nodes", "edges"):
        for k, one in enumerate(getattr(drawing, kind)):
            yield from (((kind, k, j), text) for j, text in enumerate(one.texts))


def with_text(drawing: Drawing, place: Place, content: str) -> Drawing:
    """The picture with another text at a place."""
    kind, k, j = place
    items = list(getattr(drawing, kind))
    inside = list(items[k].texts)
    inside[j] = replace(inside[j], content=f"${content}$")
    items[k] = replace(items[k], texts=tuple(inside))
    return replace(drawing, **{kind: tuple(items)})


def edited(text: str, random: Random) -> str:
    """A text with one piece dropped, two swapped, or a digit, a sign or a letter changed."""
    pieces = PIECE.findall(text)
    match random.choice(EDITS):
        case "drop":
            del pieces[random.randrange(len(pieces))]
        case "swap" if len(pieces) > 1:
            k = random.randrange(len(pieces) - 1)
            pieces[k : k + 2] = pieces[k + 1], pieces[k]
        case "digit":
            _change(pieces, "0123456789", "0123456789", random)
        case "letter":
            _change(pieces, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ", "abcdxyzWnm", random)
        case _:
            if not _change(pieces, "+-", "+-", random):
                pieces.insert(0, "-")
    return "".join(pieces)


def _change(pieces: list[str], among: str, by: str, random: Random) -> bool:
    places = [k for k, piece in enumerate(pieces) if piece in among]
    if places:
        k = random.choice(places)
        pieces[k] = random.choice([c for c in by if c != pieces[k]])
    return bool(places)


def shown(text: str) -> str:
    """A text without what leaves no ink: braces around one thing, spaces, and the weight of letters."""
    return re.sub(r"\\mathbfit|\\mathit|\\mathrm|\\operatorname|\\,|\\;|[{}\s]", "", text)
