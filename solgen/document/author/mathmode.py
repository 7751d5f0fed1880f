r"""Reading an author's LaTeX just far enough: is this place in mathematics, and is the text balanced?

One scanner serves both questions.  It knows braces, `$`, `$$`, `\(`, `\[`, environments, `\text{…}` inside
mathematics, `\verb`, comments and escapes; it does not expand macros.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

MATH_ENVIRONMENTS = frozenset(
    """
    equation align gather multline flalign alignat eqnarray displaymath math aligned gathered split cases dcases
    matrix pmatrix bmatrix vmatrix Vmatrix smallmatrix subarray
    """.split()
)
TEXT_COMMANDS = frozenset("text mbox textrm textit textbf texttt textup intertext hbox fbox parbox".split())
FORBIDDEN = {
    r"\endinput": "ends the document",
    r"\end{document}": "ends the document",
    r"\begin{document}": "begins a document",
    r"\documentclass": "belongs to the template",
    "^^": "hides a character from whoever reads the file",
}
REDEFINING = frozenset(  # what could make a verified formula read otherwise, or give the PDF an action
    """
    def gdef edef xdef let futurelet mathchardef chardef csname scantokens catcode lccode uccode mathcode makeatletter
    renewcommand renewenvironment DeclareRobustCommand DeclareDocumentCommand RenewDocumentCommand ExplSyntaxOn
    csdef csgdef cslet letcs undef patchcmd pretocmd apptocmd AtBeginDocument AtEndDocument AddToHook
    everymath everydisplay everypar everyhbox everyvbox output shipout special
    """.split()
)
NO_DEFINITIONS = (
    r"\newcommand makes a new command; all else belongs to header.tex.j2 in `templates/` beside the problems"
)
_TOKEN = re.compile(
    r"""(?P<comment>%[^\n]*\n?) | (?P<caret>\^\^)
      | (?P<verb>\\verb\*?(?P<mark>[^A-Za-z\s*])(?:(?!(?P=mark)).)*(?P=mark))
      | (?P<env>\\(?:begin|end)\s*\{[^{}]*\}) | (?P<command>\\[A-Za-z]+\*?) | (?P<escape>\\.) | (?P<dollar>\$\$?)
      | (?P<brace>[{}])""",
    re.VERBOSE | re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class OpenGroup:
    """Something open: its opening, where it stands, and whether its inside is mathematics."""

    opening: str
    at: int
    math: bool


@dataclass(frozen=True, slots=True)
class ProseFault:
    """Why a text is not balanced, and the offset of the culprit."""

    message: str
    offset: int
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Mode:
    """The state between two places of a text: what is open, outermost first; `pending` is a \\text just read."""

    open: tuple[OpenGroup, ...] = ()
    pending: bool = False

    @property
    def math(self) -> bool:
        return bool(self.open) and self.open[-1].math


def advance(mode: Mode, text: str) -> Mode:
    """The mode after a stretch of text; faults are passed over (they are `balanced`'s business)."""
    for state, _ in _scan(mode, text):
        mode = state
    return mode


def balanced(tex: str) -> ProseFault | None:
    """The first thing in a text that would break the page around it; None where there is none."""
    mode = Mode()
    for state, fault in _scan(mode, tex):
        if fault:
            return fault
        mode = state
    if mode.open:
        group = mode.open[-1]
        return ProseFault(f"`{group.opening}` is never closed", group.at)
    return None


def _scan(mode: Mode, text: str) -> Iterator[tuple[Mode, ProseFault | None]]:
    for token in _TOKEN.finditer(text):
        kind, found, at = token.lastgroup or "", token[0], token.start()
        kind = "verb" if kind == "mark" else kind
        if refused := _refused(found, at):
            yield mode, refused
        fault: ProseFault | None = None
        match kind:
            case "brace":
                mode, fault = _brace(mode, found, at)
            case "dollar":
                mode, fault = _toggle(mode, found, at)
            case "env":
                mode, fault = _environment(mode, found, at)
            case "escape":
                mode, fault = _escape(mode, found, at)
            case "command":
                mode = replace(mode, pending=found[1:].rstrip("*") in TEXT_COMMANDS)
            case _:
                pass
        yield mode, fault


def forbidden(tex: str) -> ProseFault | None:
    """The first command of a text that no text of a problem may use; None where there is none."""
    return next((f for token in _TOKEN.finditer(tex) if (f := _refused(token[0], token.start()))), None)


def _refused(found: str, at: int) -> ProseFault | None:
    name = found.removeprefix("\\").rstrip("*")
    if found.replace(" ", "") in FORBIDDEN:
        return ProseFault(f"`{found}` {FORBIDDEN[found.replace(' ', '')]}", at)
    if found.startswith("\\") and (name in REDEFINING or re.fullmatch("pdf[a-z]+", name)):
        return ProseFault(f"`{found}` changes what commands mean, or the PDF itself", at, NO_DEFINITIONS)
    return None


def _brace(mode: Mode, found: str, at: int) -> tuple[Mode, ProseFault | None]:
    if found == "{":
        return Mode((*mode.open, OpenGroup("{", at, mode.math and not mode.pending))), None
    return _close(mode, "{", "}", at)


def _toggle(mode: Mode, found: str, at: int) -> tuple[Mode, ProseFault | None]:
    """A dollar opens mathematics, or closes what it opened; `$$` inside `$…$` is two of them."""
    if mode.open and mode.open[-1].opening in ("$", "$$"):
        if mode.open[-1].opening == found:
            return Mode(mode.open[:-1]), None
        if found == "$$":  # $a$$b$
            return Mode((*mode.open[:-1], OpenGroup("$", at + 1, True))), None
        return mode, ProseFault("`$$` is closed by a single `$`", at)
    if mode.math:
        return mode, ProseFault(f"`{found}` inside `{mode.open[-1].opening}`", at)
    return Mode((*mode.open, OpenGroup(found, at, True))), None


def _environment(mode: Mode, found: str, at: int) -> tuple[Mode, ProseFault | None]:
    name = found[found.index("{") + 1 : -1]
    if found.startswith(r"\begin"):
        math = mode.math or name.rstrip("*") in MATH_ENVIRONMENTS
        return Mode((*mode.open, OpenGroup(rf"\begin{{{name}}}", at, math))), None
    return _close(mode, rf"\begin{{{name}}}", found, at)


def _escape(mode: Mode, found: str, at: int) -> tuple[Mode, ProseFault | None]:
    if found in (r"\(", r"\["):
        if mode.math:
            return mode, ProseFault(f"`{found}` inside mathematics", at)
        return Mode((*mode.open, OpenGroup(found, at, True))), None
    if found in (r"\)", r"\]"):
        return _close(mode, found.replace(")", "(").replace("]", "["), found, at)
    return replace(mode, pending=False), None


def _close(mode: Mode, opening: str, found: str, at: int) -> tuple[Mode, ProseFault | None]:
    if mode.open and mode.open[-1].opening == opening:
        return Mode(mode.open[:-1]), None
    if not mode.open:
        return mode, ProseFault(f"`{found}` closes nothing", at)
    return mode, ProseFault(f"`{found}` stands inside `{mode.open[-1].opening}`", at)
