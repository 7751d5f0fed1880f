"""What a YAML file is made of here: scalars, lists and mappings, each with its place.

`Scalar.at` maps an offset of the text that YAML made of a scalar back to the file, through block indentation,
folding and escapes, so that a mistake inside `model: |` is shown on its true line and column.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from itertools import islice
from typing import (
    Literal,
    assert_never,
)

from solgen.errors import Span
from solgen.reader.source import Source, line_starts

Style = Literal["plain", "single", "double", "literal", "folded"]

# YAML 1.2 core schema: what an unquoted scalar is, if not a text.
NULL = re.compile(r"(?:~|null|Null|NULL)?\Z")
FLAG = re.compile(r"(?:true|True|TRUE|false|False|FALSE)\Z")
WHOLE = re.compile(r"[-+]?[0-9]+\Z")
NUMBER = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?\Z")

INK = re.compile(r"\S")
SINGLE = re.compile(r"''|\S")
DOUBLE = re.compile(r"\\(?:x..|u.{4}|U.{8}|.)|\S")


@dataclass(frozen=True, slots=True)
class Node:
    """A stretch of the file, `start` to `end` as offsets."""

    source: Source
    start: int
    end: int

    @property
    def span(self) -> Span:
        return self.source.span(self.start, self.end)


@dataclass(frozen=True, slots=True)
class LiteralBlock:
    """Where the lines of a literal block are: they are lines of the file, but for their indentation."""

    source: Source
    header: int
    starts: tuple[int, ...]
    indent: int

    @staticmethod
    def of(source: Source, start: int, text: str) -> LiteralBlock:
        """The block of this text whose `|` stands at `start`."""
        header = bisect_right(source.starts, start)  # also the index of the line that follows
        lines = text.split("\n")
        first = next((k for k, line in enumerate(lines) if line.strip()), 0)
        return LiteralBlock(source, header, line_starts(text), len(source.line(header + 1 + first)) - len(lines[first]))

    def offset(self, position: int) -> int:
        """The file offset of a character of the text."""
        row = bisect_right(self.starts, position) - 1
        line = min(self.header + row, len(self.source.starts) - 1)
        return self.source.starts[line] + self.indent + position - self.starts[row]


@dataclass(frozen=True, slots=True)
class Scalar(Node):
    """A text, number, truth value or nothing; `text` is what YAML made of it."""

    text: str
    style: Style
    block: LiteralBlock | None = None

    @property
    def plain(self) -> bool:
        return self.style == "plain"

    @property
    def empty(self) -> bool:
        return self.plain and bool(NULL.match(self.text))

    def at(self, start: int, end: int | None = None) -> Span:
        """The place in the file of text[start:end]."""
        first = self._offset(start)
        stop = start + 1 if end is None else max(end, start + 1)
        return self.source.span(first, self._offset(stop - 1) + 1)

    def _offset(self, position: int) -> int:
        """The file offset of a character of the text."""
        if self.block is not None:
            return self.block.offset(position)
        seen = sum(1 for c in self.text[:position] if not c.isspace())
        blank = self.text[position : position + 1].isspace()
        return self._ink(seen - 1) + 1 if blank and seen else self._ink(seen)

    def _ink(self, n: int) -> int:
        """The offset of the n-th character that is not a space; the last of the scalar past its end.

        Folding and quoting change the spaces only, so the n-th mark of the text is the n-th of the file.
        """
        start = self.start
        if self.style == "folded":
            start = self.source.text.find("\n", start) + 1 or self.end
        elif self.style in ("single", "double"):
            start += 1
        marks = {"single": SINGLE, "double": DOUBLE}.get(self.style, INK)
        found = next(islice(marks.finditer(self.source.text, start, self.end), max(n, 0), None), None)
        return found.start() if found else max(self.end - 1, self.start)


@dataclass(frozen=True, slots=True)
class TextPiece:
    """A stretch of a scalar's text, with its place."""

    scalar: Scalar
    start: int
    end: int

    @staticmethod
    def of(scalar: Scalar) -> TextPiece:
        return TextPiece(scalar, 0, len(scalar.text))

    @property
    def text(self) -> str:
        return self.scalar.text[self.start : self.end]

    @property
    def span(self) -> Span:
        return self.scalar.at(self.start, self.end)

    def at(self, start: int, end: int) -> Span:
        """The place of text[start:end]."""
        return self.scalar.at(self.start + start, self.start + end)

    def part(self, start: int, end: int) -> TextPiece:
        """text[start:end] without the spaces around it."""
        inner = self.text[start:end]
        lead = len(inner) - len(inner.lstrip())
        first = self.start + start + lead
        return TextPiece(self.scalar, first, first + len(inner.strip()))

    def split(self, at: str) -> tuple[TextPiece, ...]:
        """The parts between separators that stand outside brackets."""
        depth, begin, parts = 0, 0, []
        for k, c in enumerate(self.text):
            depth += (c in "[({") - (c in "])}")
            if c == at and depth == 0:
                parts.append(self.part(begin, k))
                begin = k + 1
        return (*parts, self.part(begin, len(self.text)))


@dataclass(frozen=True, slots=True)
class Seq(Node):
    """A list."""

    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Map(Node):
    """A mapping, keys in the order of the file."""

    pairs: tuple[tuple[Scalar, Node], ...]

    def get(self, key: str) -> Node | None:
        return next((value for name, value in self.pairs if name.text == key), None)


def kind(node: Node) -> str:
    """What a node is, in words: `a list`, `a number` …"""
    match node:
        case Seq():
            return "a list"
        case Map():
            return "a mapping"
        case Scalar(style="plain", text=t):
            names = ((NULL, "nothing"), (FLAG, "true or false"), (NUMBER, "a number"))
            return next((name for pattern, name in names if pattern.match(t)), "a text")
        case Scalar():
            return "a text"
        case _:
            assert_never(node)  # type: ignore[arg-type]
