"""Where in a file a typed formula stands: its text is looked for as the file may write it.

YAML folds lines, doubles backslashes and quotes, and a sign such as ∂ may stand for its command.
"""

from __future__ import annotations

import re

from solgen.document.author.typed import TypedFormula
from solgen.errors import Span
from solgen.model.problem import Problem
from solgen.written.prose.glyphs import COMMANDS

_SIGNS = {command.strip(): "".join(s for s, c in COMMANDS.items() if c == command) for command in COMMANDS.values()}


def _command(command: str) -> str:
    return re.escape(command) + (r"(?![A-Za-z])" if command[-1].isalpha() else "")


_TOKEN = re.compile("|".join((*map(_command, sorted(_SIGNS, key=len, reverse=True)), r"\s+", r".")))


def place_of(formula: TypedFormula, problem: Problem, after: int) -> tuple[Span, int]:
    """The first line of it in the file, and where to look for the next; else the line of its part."""
    found = re.compile(_pattern(formula)).search(problem.text, after)
    found = found or re.compile(_pattern(formula)).search(problem.text)
    if found is None:
        line = formula.part.span.line if formula.part else 1
        return Span(problem.file, line, 1, 2), after
    start = found.start()
    line, column = problem.text.count("\n", 0, start) + 1, start - problem.text.rfind("\n", 0, start)
    width = len(found[0].split("\n")[0].rstrip())
    return Span(problem.file, line, column, column + width), found.end()


def _pattern(formula: TypedFormula) -> str:
    return "".join(_pattern_of(piece) if isinstance(piece, str) else r"\[\[[^\n]*?\]\]+" for piece in formula.pieces)


def _pattern_of(text: str) -> str:
    return "".join(map(_token_pattern, _TOKEN.findall(text)))


def _token_pattern(token: str) -> str:
    if token.isspace():
        return r"\s*"
    spelled = "".join(_character(c) for c in token)
    return f"(?:{spelled}|[{_SIGNS[token]}])" if token in _SIGNS else spelled


def _character(c: str) -> str:
    match c:
        case "\\":
            return r"\\\\?"
        case "'":
            return "''?"
        case "*":
            return r"\*?\s*"  # `align*` for the `align` that is typed
        case _:
            return re.escape(c)
