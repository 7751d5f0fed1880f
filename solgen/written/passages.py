r"""The formulas of a text of LaTeX: between dollars, in displays, in macros whose arguments are formulas.

What is left when they are taken out is words; that it holds no mathematics is the caller's to check.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from solgen.written.signs import DISPLAYS

Arguments = tuple[tuple[int, ...], ...]  # of a macro's arguments, those that together are one formula

# what our own documents write: `\step{label}{left}{= right}{reason}{number}`, `\result{left}{= right}{shape}{number}`
OURS: Mapping[str, Arguments] = MappingProxyType({
    "formula": ((0,),), "step": ((1, 2),), "result": ((0, 1), (2,)), "answer": ((0,), (1,)), "shapebeside": ((0,),),
})  # fmt: skip
NUMBERS: Mapping[str, int] = MappingProxyType({"step": 4, "result": 3, "answer": 2})  # which argument is its number
COUNTS: Mapping[str, int] = MappingProxyType({"formula": 1, "step": 5, "result": 4, "answer": 3, "shapebeside": 1})
_OPENING = re.compile(
    r"\\\\|\\[$%#&_{}]|%[^\n]*|\$\$?|\\\[|\\\(|\\begin\{([a-z]+)\*?\}|\\([a-z]+)(?=\{)|\\newcommand|\\renewcommand"
)
_DISPLAYED = DISPLAYS | {"displaymath", "math"}


@dataclass(frozen=True, slots=True)
class FormulaPassage:
    """A formula of a text: its LaTeX, and where in the text it begins and ends.

    `number` is what stands behind it as its number, where a macro has one.
    """

    tex: str
    start: int
    end: int
    number: str = ""


def passages(text: str, macros: Mapping[str, Arguments] = OURS) -> Iterator[FormulaPassage]:
    """The formulas of a text in their order; of a macro each group of arguments that is one."""
    place = 0
    while found := _OPENING.search(text, place):
        place = found.end()
        opening = found[0]
        if opening in _CLOSING:
            end = _closing(text, place, _CLOSING[opening])
            yield FormulaPassage(text[place:end], place, end)
            place = end + len(_CLOSING[opening])
        elif found[1] in _DISPLAYED:
            end = text.find(rf"\end{{{found[1]}", place)
            end = len(text) if end < 0 else end
            yield FormulaPassage(text[place:end], place, end)
            place = end
        elif found[2] in macros:
            arguments, place = _arguments(text, place, COUNTS.get(found[2], 1))
            yield from _of_macro(text, arguments, found[2], macros)


_CLOSING: Mapping[str, str] = MappingProxyType({"$": "$", "$$": "$$", r"\[": r"\]", r"\(": r"\)"})


def _closing(text: str, place: int, closing: str) -> int:
    """Where a formula ends; at the end of the text where it never does."""
    for found in re.compile(r"\\\\|\\[$]|" + re.escape(closing)).finditer(text, place):
        if found[0] == closing:
            return found.start()
    return len(text)


def _arguments(text: str, place: int, count: int) -> tuple[list[tuple[int, int]], int]:
    """The places of so many braced arguments, and where they end."""
    found: list[tuple[int, int]] = []
    while len(found) < count and text.startswith("{", place):
        depth = 0
        for brace in re.compile(r"\\.|[{}]", re.DOTALL).finditer(text, place):
            depth += {"{": 1, "}": -1}.get(brace[0], 0)
            if depth == 0:
                break
        else:
            return found, len(text)
        found.append((place + 1, brace.start()))
        place = brace.end()
    return found, place


def _of_macro(
    text: str, arguments: list[tuple[int, int]], macro: str, macros: Mapping[str, Arguments]
) -> Iterator[FormulaPassage]:
    """The formulas among a macro's arguments, and those within the words of the others."""
    groups, place = macros[macro], NUMBERS.get(macro, len(arguments))
    number = text[slice(*arguments[place])] if place < len(arguments) else ""
    taken = {k for group in groups for k in group}
    for group in groups:
        parts = [arguments[k] for k in group if k < len(arguments)]
        tex = " ".join(text[a:b] for a, b in parts).strip()
        if tex:
            yield FormulaPassage(tex, parts[0][0], parts[-1][1], number if group is groups[0] else "")
    for k, (start, end) in enumerate(arguments):
        if k not in taken:
            for inner in passages(text[start:end], macros):
                yield replace(inner, start=inner.start + start, end=inner.end + start)
