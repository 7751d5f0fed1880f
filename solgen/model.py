"""The nouns that travel between the stages; frozen, so that a stage can only make new ones."""

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
    """A value flowing forward from `source` to `target`, and the gradient flowing back along it."""

    source: str
    target: str
    label: str = ""
    shape: str = ""
    gradient: str = ""


@dataclass(frozen=True, slots=True)
class Graph:
    """A computational graph to be drawn; `alt` says in words what it shows."""

    nodes: tuple[GraphNode, ...]
    edges: tuple[GraphEdge, ...]
    alt: str = ""
