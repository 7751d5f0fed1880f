"""What is drawn: a computational graph as data, a finished picture, and what that picture shows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

NodeKind = Literal["parameter", "input", "target", "constant", "operation", "value", "block"]
TextRole = Literal["node", "label", "shape", "gradient", "mark"]
Box = tuple[float, float, float, float]  # left, bottom, right, top, in points


@dataclass(frozen=True, slots=True)
class GraphNode:
    """A vertex of a computational graph; `label` is mathtext without dollars."""

    id: str
    kind: NodeKind
    label: str


@dataclass(frozen=True, slots=True)
class GraphEdge:
    """A value flowing forward from `source` to `target`, and the gradient flowing back along it.

    `routes` are the highlighted routes that take the edge, by number; `mark` is what is written of them.
    """

    source: str
    target: str
    label: str = ""
    shape: str = ""
    gradient: str = ""
    routes: tuple[int, ...] = ()
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Graph:
    """A computational graph to be drawn; `alt` says in words what it shows; so many `routes` are highlighted."""

    nodes: tuple[GraphNode, ...]
    edges: tuple[GraphEdge, ...]
    alt: str = ""
    routes: int = 0


@dataclass(frozen=True, slots=True)
class DrawnText:
    """A text of a finished picture: what matplotlib was given, dollars included, its role, and what it covers."""

    content: str
    role: TextRole
    box: Box


@dataclass(frozen=True, slots=True)
class DrawnNode:
    """A node of a finished picture, with the texts that stand in it, line by line."""

    kind: NodeKind
    box: Box
    texts: tuple[DrawnText, ...]


@dataclass(frozen=True, slots=True)
class DrawnEdge:
    """An edge of a finished picture, from node to node by number: those at which its line begins and ends."""

    source: int
    target: int
    texts: tuple[DrawnText, ...]


@dataclass(frozen=True, slots=True)
class Drawing:
    """What a finished picture shows: a graph; or rectangles (`panes`) and what is written beside them."""

    nodes: tuple[DrawnNode, ...] = ()
    edges: tuple[DrawnEdge, ...] = ()
    panes: tuple[Box, ...] = ()
    notes: tuple[DrawnText, ...] = ()


@dataclass(frozen=True, slots=True)
class Figure:
    """A drawn figure: vector PDF, with its alternative text, and what it shows."""

    name: str
    pdf: bytes
    alt: str
    width_pt: float
    drawing: Drawing = Drawing()
