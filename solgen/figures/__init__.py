"""Graphs to pictures: a layered layout of our own, routed edges, placed labels, and the drawing of them."""

from __future__ import annotations

from solgen.figures.render import Wish, picture, render, render_many

__all__ = ["Wish", "picture", "render", "render_many"]
