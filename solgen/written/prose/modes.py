r"""Reading LaTeX just far enough: is this place in mathematics?

One scanner knows braces, `$`, `$$`, `\(`, `\[`, environments, `\text{…}` inside mathematics, `\verb`, comments and
escapes; it expands nothing.  What is wrong with a text is the business of `check`, which finds it before this is asked.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from solgen.written.prose.commands import COMMAND, ENVIRONMENT

TOKEN = re.compile(
    r"""(?P<comment>%[^\n]*\n?)
      | (?P<verb>\\verb\*?(?P<mark>[^A-Za-z\s*])(?:(?!(?P=mark)).)*(?P=mark))
      | (?P<env>\\(?:begin|end)\s*\{[^{}]*\}) | (?P<command>\\[A-Za-z]+\*?) | (?P<escape>\\.) | (?P<dollar>\$\$?)
      | (?P<brace>[{}])""",
    re.VERBOSE | re.DOTALL,
)
CLOSES = {r"\)": r"\(", r"\]": r"\["}


@dataclass(frozen=True, slots=True)
class OpenGroup:
    """Something open: its opening, and whether its inside is mathematics."""

    opening: str
    math: bool


@dataclass(frozen=True, slots=True)
class Mode:
    """The state between two places of a text: what is open, outermost first; `pending` is a \\text just read."""

    open: tuple[OpenGroup, ...] = ()
    pending: bool = False

    @property
    def math(self) -> bool:
        return bool(self.open) and self.open[-1].math

    def inside(self, opening: str, math: bool) -> Mode:
        return Mode((*self.open, OpenGroup(opening, math)))

    def outside(self, opening: str) -> Mode:
        """The mode after a closing; one that closes something else is passed over."""
        return Mode(self.open[:-1]) if self.open and self.open[-1].opening == opening else replace(self, pending=False)


def advance_mode(mode: Mode, text: str) -> Mode:
    """The mode after a stretch of text."""
    for token in TOKEN.finditer(text):
        kind = token.lastgroup or ""
        mode = _after(mode, "verb" if kind == "mark" else kind, token[0])
    return mode


def _after(mode: Mode, kind: str, found: str) -> Mode:
    match kind:
        case "brace":
            return mode.inside("{", mode.math and not mode.pending) if found == "{" else mode.outside("{")
        case "dollar":
            return _toggle(mode, found)
        case "env":
            name = found[found.index("{") + 1 : -1]
            if found.startswith(r"\end"):
                return mode.outside(rf"\begin{{{name}}}")
            group = ENVIRONMENT.get(name)
            return mode.inside(rf"\begin{{{name}}}", group.inside == "mathematics" if group else mode.math)
        case "escape":
            if found in CLOSES.values():
                return mode.inside(found, math=True)
            return mode.outside(CLOSES[found]) if found in CLOSES else replace(mode, pending=False)
        case "command":
            group_ = COMMAND.get(found[1:]) or COMMAND.get(found[1:].rstrip("*"))
            return replace(mode, pending=group_ is not None and group_.inside == "text")
        case _:
            return mode


def _toggle(mode: Mode, found: str) -> Mode:
    """A dollar opens mathematics, or closes what it opened; `$$` inside `$…$` is two of them."""
    if mode.open and mode.open[-1].opening in ("$", "$$"):
        if mode.open[-1].opening == found:
            return Mode(mode.open[:-1])
        return Mode(mode.open[:-1]).inside("$", math=True) if found == "$$" else mode
    return mode if mode.math else mode.inside(found, math=True)
