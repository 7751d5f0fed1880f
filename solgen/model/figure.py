"""What is drawn: a computational graph as data, and a finished picture."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

NodeKind = Literal["parameter", "input", "target", "constant", "operation", "value", "block"]


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
class Figure:
    """A drawn figure: vector PDF, with its alternative text."""

    name: str
    pdf: bytes
    alt: str
    width_pt: float
