r"""LaTeX as TeX reads it: one text for all sources that differ in nothing but spaces that TeX ignores.

Two ways to write one thing are one too: `\ne` and `\neq`, `x'` and `x^{\prime}`, `x_i` and `x_{i}`.

What is ignored: a space after a control word, the second of two, one before an argument, every space in mathematics, a
comment.  Which arguments of a macro are mathematics is said in `ARGUMENTS`, as templates/macros.tex.j2 defines them; a
group of anything else is in the mode around it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

TEXT, MATH = "t", "m"
ARGUMENTS = {
    "formula": "m", "step": "tmmtt", "result": "mmt", "answer": "mmt", "shapebeside": "m", "gridfit": "m", "ans": "m",
    "ensuremath": "m", "text": "t", "mbox": "t", "textbf": "t", "textit": "t", "hbox": "t", "tag": "t",
}  # fmt: skip
BREAKS = frozenset({r"\begin", r"\step", r"\formulas", r"\result", r"\answer", r"\parthead", r"\item", r"\par"})
PARAGRAPH = "¶"
ALIKE = {r"\neq": r"\ne", r"\leq": r"\le", r"\geq": r"\ge"}
TOKEN = re.compile(
    r"(?P<word>\\[A-Za-z@]+\*?)(?:[ \t]*\n(?![ \t]*\n))?[ \t]*"
    r"|(?P<comment>%[^\n]*(?:\n[ \t]*(?!\n))?)|(?P<space>\s+)|\\.|.",
    re.DOTALL,
)


def canonical(source: str) -> list[str]:
    """The tokens of a source as lines, broken where a reader of differences wants them to be."""
    lines, line = [], ""
    for token in tokens(source):
        if token in BREAKS or token == PARAGRAPH:
            lines.append(line)
            line = ""
        apart = token[:1].isalpha() and re.search(r"\\[A-Za-z@]+$", line)
        line += f" {token}" if apart else token
        if token == r"\\":
            lines.append(line)
            line = ""
    return [*lines, line]


def tokens(source: str) -> Iterator[str]:
    """The tokens that TeX makes of a source; `PARAGRAPH` where a line is empty."""
    modes, pending = [TEXT], [""]  # a level for each open group; pending: the modes of a macro's arguments to come
    script = False  # whether what follows is raised or lowered
    for found in TOKEN.finditer(source):
        token = found["word"] or found[0]
        if found["space"]:
            if token.count("\n") > 1:
                yield PARAGRAPH
            elif modes[-1] == TEXT and not pending[-1]:
                yield " "
        elif not found["comment"]:
            _enter(token, modes, pending)
            yield from _spelt(ALIKE.get(token, token), script and token != "{", modes[-1])
            script = modes[-1] == MATH and token in ("_", "^")


def _spelt(token: str, script: bool, mode: str) -> tuple[str, ...]:
    """A token as a longer spelling has it: a script in braces, a prime as a superscript."""
    if mode == MATH and token == "'":
        return "^", "{", r"\prime", "}"
    return ("{", token, "}") if script else (token,)


def _enter(token: str, modes: list[str], pending: list[str]) -> None:
    """What a token does to the modes of its group and of those around it."""
    if token in ("{", r"\[", r"\("):
        around = MATH if token != "{" else modes[-1]
        modes.append(pending[-1][:1] or around)
        pending[-1] = pending[-1][1:]
        pending.append("")
    elif token in ("}", r"\]", r"\)"):
        if len(modes) > 1:
            modes.pop()
            pending.pop()
    else:
        pending[-1] = ARGUMENTS.get(token[1:], "")
        if token == "$":
            modes[-1] = TEXT if modes[-1] == MATH else MATH
