r"""Every fault of a text that a person typed, before any TeX: what is not allowed, not closed, or cannot be set.

One pass over the tokens with a stack of what is open.  Nothing is expanded: whatever is not on the list of
`allowed` is refused, so no text can define, repeat, read, write, or change what stands outside it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from difflib import get_close_matches

from solgen.written.prose.allowed import (
    ACCENT_ESCAPES,
    ESCAPES_ANYWHERE,
    ESCAPES_OF_MATHEMATICS,
    ESCAPES_OF_TEXT,
)
from solgen.written.prose.command_rules import HOW, read_command, refuse_paragraph, skip_argument
from solgen.written.prose.commands import COMMAND, ENVIRONMENT, LISTS, unlike
from solgen.written.prose.faults import ProseFault
from solgen.written.prose.glyphs import SET_IN_TITLES, describe, is_set, suggest_mend
from solgen.written.prose.scripts import follow_scripts
from solgen.written.prose.state import BALANCE, MOST_FAULTS, Opened, Pass

MOST_LISTS = 4
LONGEST_SYMBOL, MOST_BRACKETS = 400, 60  # characters of a symbol, and brackets in it
TOKEN = re.compile(
    r"""(?P<verb>\\verb\b\*?) | (?P<environment>\\(?:begin|end)\s*\{[^{}\n]*\}) | (?P<command>\\[A-Za-z]+\*?)
      | (?P<escape>\\(?:.|\n)) | (?P<backslash>\\) | (?P<caret>\^\^) | (?P<dollar>\$\$?) | (?P<brace>[{}])
      | (?P<paragraph>\n[ \t]*\n\s*) | (?P<space>[ \t\n]+) | (?P<special>[%\#&~^_]) | (?P<character>.)""",
    re.VERBOSE | re.DOTALL,
)


# ---------------------------------------------------------------- one token


def _verbatim(check: Pass, token: str, start: int) -> None:
    found = re.compile(r"([^A-Za-z\s*])([ -~]*?)\1").match(check.text, check.at)
    braced = any(group.opening == "{" for group in check.stack)
    if not found or found[1] not in "|!+/@=:;.,?\"'" or check.macro or check.plain or braced or check.math:
        check.fault("`\\verb` cannot stand here", start, check.at, "write \\texttt{…}")
    check.at = found.end() if found else check.at


def _environment(check: Pass, token: str, start: int) -> None:
    name = token[token.index("{") + 1 : -1].strip()
    opening = rf"\begin{{{name}}}"
    if token.startswith(r"\end"):
        if check.stack and check.stack[-1].opening == opening and name in LISTS and not check.stack[-1].begun:
            check.fault(f"`{name}` has no item", start, check.at, r"write \item before each")
        check.close(opening, token, start)
        return
    group = ENVIRONMENT.get(name)
    if group is None or check.plain:
        near = get_close_matches(name, ENVIRONMENT, 1, 0.7)
        hint = f"did you mean `{near[0]}`?" if near and not check.plain else HOW
        check.fault(f"`{name}` is no environment that prose may use", start, check.at, hint)
        check.open(opening, start, check.math, name)
        return
    if check.due[0]:
        check.fault(f"put braces around the argument of `{check.due[0]}`", start, check.at)
        check.due = ("", 0, 0)
    if (group.where == "mathematics") != check.math:
        where = "in mathematics only" if group.where == "mathematics" else "outside mathematics only"
        hint = "put it between $…$ or \\[…\\]" if group.where == "mathematics" else "close the mathematics before it"
        check.fault(f"`{name}` stands {where}", start, check.at, hint)
    if name in LISTS and sum(g.name in LISTS for g in check.stack) == MOST_LISTS:
        check.fault("lists more than four within each other", start, check.at, "write fewer levels")
    check.open(opening, start, group.inside == "mathematics", name)
    if group.arguments:
        skip_argument(check, rf"\begin{{{name}}}", group.check, start)
    elif name in LISTS and (options := re.compile(r"\s*\[[^\]]*\]").match(check.text, check.at)):
        _options(check, options[0], check.at)


def _options(check: Pass, options: str, start: int) -> None:
    r"""The options of a list, which set its labels and spaces: `[label=(\roman*)]`."""
    signs = r"[A-Za-z0-9(),.=\s*:{}-]|\\(?:roman|Roman|alph|Alph|arabic|textbf|textit|emph|bfseries|itshape)\b"
    allowed = rf"\s*\[(?:{signs})*\]"
    if not re.fullmatch(allowed, options) or re.search(r"\d{3}", options) or options.count("{") != options.count("}"):
        hint = r"such as [label=(\alph*)]"
        check.fault("these options of a list are not allowed", start, start + len(options), hint)
    if re.search(r"-\s*\d|resume|series|leftmargin\s*=\s*-|before|after|format|font|ref", options):
        check.fault("these options reach beyond the list", start, start + len(options), r"such as [label=(\alph*)]")
    check.at = start + len(options)


def _escape(check: Pass, token: str, start: int) -> None:
    sign = token[1]
    if token in (r"\(", r"\["):
        if check.math or check.plain:
            check.fault(f"`{token}` inside mathematics", start, check.at, BALANCE)
        check.open(token, start, math=True)
    elif token in (r"\)", r"\]"):
        check.close(token.replace(")", "(").replace("]", "["), token, start)
    elif sign in ACCENT_ESCAPES and not check.math:
        check.due = (token, 1, start)
    elif sign == "\\":
        _row(check, start)
    elif sign not in ESCAPES_ANYWHERE | (ESCAPES_OF_MATHEMATICS if check.math else ESCAPES_OF_TEXT):
        check.fault(f"`{token}` is no command that prose may use", start, check.at, HOW)
    elif check.due[0]:
        check.take()


def _row(check: Pass, start: int) -> None:
    """The end of a line, with the room after it."""
    check.refuse_missing_argument(start)
    if check.plain:
        check.fault("`\\\\` cannot stand here", start, check.at, "write LaTeX as inside $…$")
    if check.stack and check.stack[-1].name:
        check.stack[-1] = replace(check.stack[-1], begun=True)
    room = re.compile(r"\*?\s*\[([^\]\n]*)\]").match(check.text, check.at)
    if room and (wanted := unlike("length", room[1])):
        check.fault(f"`\\\\[…]` takes {wanted}", start, room.end(), "a bracket that begins a line: write \\\\{} [")
    check.at = room.end() if room else check.at


def _dollar(check: Pass, token: str, start: int) -> None:
    check.refuse_missing_argument(start)
    opened = check.stack[-1].opening if check.stack else ""
    if opened in ("$", "$$"):
        if opened == token:
            check.stack.pop()
        elif token == "$$":  # $a$$b$
            check.stack.pop()
            check.open("$", start + 1, math=True)
        else:
            check.fault("`$$` is closed by a single `$`", start, check.at, BALANCE)
            check.give_up()
    elif check.math or check.plain:
        inside = f" inside `{opened}`" if opened else ""
        check.fault(f"`{token}`{inside} is one too many", start, check.at, BALANCE)
        check.give_up()
    else:
        check.open(token, start, math=True)


def _brace(check: Pass, token: str, start: int) -> None:
    if token == "}":
        check.close("{", token, start)
        return
    command = check.due[0].removeprefix("\\")
    inside = COMMAND[command].inside if command in COMMAND else ""
    check.open("{", start, check.math if not inside else inside == "mathematics")


def _space(check: Pass, token: str, start: int) -> None:
    pass


SPECIAL = {
    "%": ("TeX drops what follows `%` on its line", "write \\%"),
    "#": ("`#` is a sign of TeX", "write \\#"),
    "&": ("`&` stands in no row of a table or an aligned formula", "write \\&"),
    "^": ("`^` stands outside mathematics", "write $x^2$, or \\textasciicircum{} for the sign"),
    "_": ("`_` stands outside mathematics", "write $x_1$, or \\_ for the sign"),
}


def _sign(check: Pass, token: str, start: int) -> None:
    top = check.stack[-1] if check.stack else None
    if token == "&" and top and top.name in ENVIRONMENT and ENVIRONMENT[top.name].columns:
        check.refuse_missing_argument(start)
        check.stack[-1] = replace(top, begun=True)
    elif token in "^_" and check.math:
        check.refuse_missing_argument(start)
        check.due = (token, 1, start)
    elif token in SPECIAL:
        message, hint = SPECIAL[token]
        check.fault(message, start, check.at, hint)
    elif check.due[0]:
        check.take()


def _character(check: Pass, token: str, start: int) -> None:
    top = check.stack[-1] if check.stack else None
    if token == "]" and top and top.opening == "[":
        check.close("[", token, start)
        return
    if not is_set(token, check.math):
        where = "in mathematics" if check.math else "in text"
        check.fault(f"the page cannot set {describe(token)} {where}", start, check.at, suggest_mend(token, check.math))
    if top and top.name in LISTS and not top.begun:
        check.fault(f"text before the first item of `{top.name}`", start, check.at, r"write \item before it")
        check.stack[-1] = replace(top, begun=True)
    if top and top.name in ("tabular", "array"):
        check.stack[-1] = replace(top, begun=True)
    if check.due[0]:
        check.take()


def _caret(check: Pass, token: str, start: int) -> None:
    check.fault("`^^` hides a character from whoever reads the file", start, check.at, "type the character itself")


def _backslash(check: Pass, token: str, start: int) -> None:
    check.fault("a backslash ends the text", start, check.at, "write \\textbackslash{} for the sign")


READ: dict[str, Callable[[Pass, str, int], None]] = {
    "verb": _verbatim,
    "environment": _environment,
    "command": read_command,
    "escape": _escape,
    "backslash": _backslash,
    "caret": _caret,
    "dollar": _dollar,
    "brace": _brace,
    "paragraph": refuse_paragraph,
    "space": _space,
    "special": _sign,
    "character": _character,
}


# ---------------------------------------------------------------- what is asked


def find_faults(check: Pass) -> tuple[ProseFault, ...]:
    """The faults of a text, in its order."""
    while check.at < len(check.text) and len(check.faults) < MOST_FAULTS:
        found = TOKEN.match(check.text, check.at)
        if found is None:
            break
        kind, token, start = found.lastgroup or "", found[0], check.at
        argument, depth = bool(check.due[0]), len(check.stack)
        check.at = found.end()
        READ[kind](check, token, start)
        if kind not in ("space", "paragraph"):
            check.before = token
            follow_scripts(check, token, start, len(check.stack) - depth, argument)
    check.refuse_missing_argument(len(check.text))
    for group in reversed(check.stack):
        if group.opening:
            check.fault(f"`{group.opening}` is never closed", group.at, group.at + len(group.opening), BALANCE)
    return tuple(sorted(check.faults, key=lambda fault: fault.start))


def prose_faults(text: str, known: frozenset[str] = frozenset(), macro: bool = False) -> tuple[ProseFault, ...]:
    """The faults of a text; `known`: commands of the course, macro: whether it is set as a command's argument."""
    return find_faults(Pass(text, known, macro=macro))


def symbol_faults(text: str, known: frozenset[str] = frozenset()) -> tuple[ProseFault, ...]:
    """The faults of the LaTeX of one symbol, as inside `$…$`; one that no reader could read back is too long."""
    brackets = sum(c in "([{|" for c in text)
    if len(text) > LONGEST_SYMBOL or brackets > MOST_BRACKETS:
        at = min(len(text), LONGEST_SYMBOL) - 1
        return (ProseFault("this is too long", at, at + 1, "a symbol is a letter or a word with its marks"),)
    return find_faults(Pass(text, known, plain=True, stack=[Opened("", 0, math=True)]))


def name_faults(name: str) -> tuple[ProseFault, ...]:
    """The letters of a name that the page cannot set."""
    return tuple(
        ProseFault(f"the page cannot set {describe(letter)}", k, k + 1, suggest_mend(letter, math=False))
        for k, letter in enumerate(name)
        if letter not in SET_IN_TITLES
    )


def plain_faults(text: str, known: frozenset[str] = frozenset()) -> tuple[ProseFault, ...]:
    """The faults of plain text in which `$…$` is mathematics; a dollar without its partner is a dollar."""
    found: list[ProseFault] = []
    pieces = re.split(r"((?<!\\)\$(?:[^$\\]|\\.)+\$)", text)
    at = 0
    for piece in pieces:
        if piece.startswith("$") and piece.endswith("$") and len(piece) > 1:
            found += (replace(f, start=f.start + at + 1, end=f.end + at + 1) for f in symbol_faults(piece[1:-1], known))
        else:
            found += (replace(f, start=f.start + at, end=f.end + at) for f in name_faults(piece))
        at += len(piece)
    return tuple(found[:MOST_FAULTS])
