"""The model language as syntax: lines to bounded syntax trees with places; nothing is ever evaluated.

Each statement is parsed by itself, so that one slip hides no other.  Size and nesting are bounded before and
after `ast.parse`, which by itself would exhaust the stack on `((((…`.
"""

from __future__ import annotations

import ast
import re
import warnings
from dataclasses import dataclass
from keyword import iskeyword

from solgen.errors import Span
from solgen.reader.language.model_slips import PYTHON_SLIPS, keyword_hint
from solgen.reader.source import Defects
from solgen.reader.yaml.yaml_nodes import TextPiece

MAX_MODEL = 200_000
MAX_STATEMENT = 8_000
MAX_DEPTH = 80
BEGINS = re.compile(r"(?!axis\s*=)[^\W\d][\w·]*\s*(?:\[[^\[\]]*\]\s*)?(?::|=(?!=))")


@dataclass(frozen=True, slots=True)
class Parsed:
    """One statement, or one expression, with its syntax tree."""

    piece: TextPiece
    tree: ast.AST
    lines: tuple[str, ...]
    starts: tuple[int, ...]

    def bounds(self, node: ast.AST) -> tuple[int, int]:
        """Where a syntax node begins and ends in the statement's text."""
        start = self._offset(getattr(node, "lineno", 1), getattr(node, "col_offset", 0))
        stop = getattr(node, "end_lineno", None)
        end = self._offset(stop, node.end_col_offset) if stop else len(self.piece.text)  # type: ignore[attr-defined]
        return start, end

    def where(self, node: ast.AST) -> Span:
        return self.piece.at(*self.bounds(node))

    def text(self, node: ast.AST) -> str:
        """The source of a node on one line, shortened where it is long."""
        return self.short(*self.bounds(node))

    def short(self, start: int, end: int) -> str:
        """A stretch of the statement on one line, shortened in the middle where it is long."""
        words = " ".join(self.piece.text[start:end].split())
        return words if len(words) <= 48 else f"{words[:30]} … {words[-12:]}"

    def operand(self, start: int, end: int) -> str:
        """A stretch as `short`, with the parentheses that stand around it, or that close after it."""
        text = self.piece.text
        for _ in range(text.count("(", start, end) - text.count(")", start, end)):
            after = text[end:]
            end += len(after) - len(after.lstrip()) + 1 if after.lstrip().startswith(")") else 0
        shown = self.short(start, end)
        return f"({shown})" if text[:start].endswith("(") and text[end:].startswith(")") else shown

    def operator_span(self, start: int, end: int, symbol: str) -> Span:
        """The place of an operator between two operands."""
        found = self.piece.text.find(symbol, start, end) if symbol else -1
        return self.piece.at(found, found + len(symbol)) if found >= 0 else self.piece.at(start, end)

    def _offset(self, line: int, byte: int) -> int:
        """Python counts bytes of UTF-8; places count characters."""
        text = self.lines[min(line, len(self.lines)) - 1]
        column = byte if text.isascii() else len(text.encode()[:byte].decode(errors="replace"))
        return self.starts[min(line, len(self.lines)) - 1] + column


def statements(model: TextPiece) -> tuple[TextPiece, ...]:
    """The model's statements: lines, joined while a bracket is open; comments and empty lines are left out.

    A line that begins like a statement begins one all the same: then a bracket was forgotten.
    """
    found: list[TextPiece] = []
    depth, begin, position = 0, 0, 0
    for line in model.text.split("\n"):
        if depth and BEGINS.match(line):
            found.append(model.part(begin, position))
            depth = 0
        if not depth:
            begin = position
        code = line.split("#", 1)[0]
        depth = max(depth + sum((c in "[({") - (c in "])}") for c in code), 0)
        stop = position + len(code)
        if not depth and model.text[begin:stop].strip():
            found.append(model.part(begin, stop))
        position += len(line) + 1
    return (*found, model.part(begin, len(model.text))) if depth else tuple(found)


def parse_statement(piece: TextPiece, report: Defects) -> Parsed | None:
    """The syntax of one statement or expression; what is wrong is reported."""
    return _parse(piece, piece.text, report)


def parse_formula(piece: TextPiece, report: Defects) -> Parsed | None:
    """The syntax of a formula, which may go over several lines."""
    return _parse(piece, piece.text.replace("\n", " "), report)


def _parse(piece: TextPiece, text: str, report: Defects) -> Parsed | None:
    """The syntax of `text`, which stands at the piece."""
    if len(text) > MAX_STATEMENT or _is_too_nested(text):
        report.error(
            "too-deep",
            "this line is too long or nested too deeply",
            piece.at(0, 1),
            "name the inner values in equations of their own",
        )
        return None
    first = re.match(r"\s*(\w+)\s*(?:[:=\[]|$)", text)
    if first and iskeyword(first.group(1)):
        place = piece.at(*first.span(1))
        report.error(
            "keyword", f"`{first.group(1)}` is a keyword and cannot be a name", place, keyword_hint(first.group(1))
        )
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", SyntaxWarning)  # `2x(` and its kin are our errors anyway
            tree = ast.parse(text)
    except SyntaxError as error:
        _syntax_error(piece, text, error, report)
        return None
    except (ValueError, RecursionError, MemoryError):
        report.error("too-deep", "this line cannot be read: too deep, or too long a number", piece.span, "split it")
        return None
    return _check_tree(piece, text, tree, report)


def _check_tree(piece: TextPiece, text: str, tree: ast.Module, report: Defects) -> Parsed | None:
    if _depth(tree) > MAX_DEPTH:
        report.error(
            "too-deep",
            "this line is nested too deeply",
            piece.at(0, 1),
            "name the inner values in equations of their own",
        )
        return None
    if len(tree.body) != 1:
        report.error("syntax", "one statement a line", piece.span, "put each equation on its own line, without `;`")
        return None
    lines = tuple(text.split("\n"))
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line) + 1)
    return Parsed(piece, tree.body[0], lines, tuple(starts))


def _is_too_nested(text: str) -> bool:
    """Whether brackets or signs are stacked higher than the parser of Python bears."""
    depth = highest = 0
    for c in text:
        depth += (c in "[({") - (c in "])}")
        highest = max(highest, depth)
    return highest > MAX_DEPTH or bool(
        re.search(r"(?:[-+~]\s*){40}|(?:\bnot\s+){40}|(?:lambda\s*\w*\s*:\s*){20}", text)
    )


def _depth(tree: ast.AST) -> int:
    """The height of a syntax tree, found without recursion."""
    level, height = [tree], 0
    while level:
        level = [child for node in level for child in ast.iter_child_nodes(node)]
        height += 1
    return height


def _syntax_error(piece: TextPiece, text: str, error: SyntaxError, report: Defects) -> None:
    for slip in PYTHON_SLIPS:
        found = re.search(slip.pattern, piece.text)
        if found:
            report.error(
                "syntax",
                slip.message.format(*found.groups()),
                piece.at(*found.span()),
                slip.hint.format(*found.groups()),
            )
            return
    lines = text.split("\n")
    row = min(max((error.lineno or 1) - 1, 0), len(lines) - 1)
    column = min(max((error.offset or 1) - 1, 0), max(len(lines[row]) - 1, 0))
    start = sum(len(line) + 1 for line in lines[:row]) + column
    hint = "a line is a declaration `x: R[n]` or an equation `z = W @ x + b`"
    report.error("syntax", f"this line cannot be read: {error.msg}", piece.at(start, start + 1), hint)
