r"""What a command asks of its place and of what follows it: `\item` a list, `\left` a bracket, `\hspace` a length."""

from __future__ import annotations

import re
from dataclasses import replace
from difflib import get_close_matches

from solgen.written.prose.allowed import CommandGroup
from solgen.written.prose.commands import COMMAND, DELIMITERS, DISPLAYS, LISTS, TAKE_LIMITS, unlike
from solgen.written.prose.state import Opened, Pass

HOW = "docs/format.md, section 4, lists what prose may use; a course's own are defined in templates/header.tex.j2"
LONG = frozenset("footnote parbox".split())  # whose argument may hold paragraphs


def read_command(check: Pass, token: str, start: int) -> None:
    """A command: whether it is allowed, and here; then its arguments are due."""
    name = token[1:]
    if name not in COMMAND and name.endswith("*") and name != "*":
        name, check.at = name[:-1], check.at - 1
    group = COMMAND.get(name)
    if name in check.known:
        check.take() if check.due[0] else None
        return
    if group is None:
        _report_unknown(check, name, start)
        return
    if check.plain and group.what.startswith(("a note", "an address", "words that", "items", "spaces of", "a box")):
        check.fault(f"`\\{name}` cannot stand here", start, check.at, "write LaTeX as inside $…$")
        return
    if not _stands(group, check.math):
        where = "in mathematics only" if group.where == "mathematics" else "in text only"
        hint = f"write $\\{name}$" if group.where == "mathematics" else "close the mathematics before it"
        check.fault(f"`\\{name}` stands {where}", start, check.at, hint)
    if check.due[0]:
        if group.arguments:
            check.fault(f"put braces around the argument of `{check.due[0]}`", start, check.at, "such as {…}")
            check.due = ("", 0, 0)
        else:
            check.take()
    _special(check, name, start)
    if group.check:
        skip_argument(check, f"\\{name}", group.check, start)
    if group.arguments > bool(group.check):
        check.due = (f"\\{name}", group.arguments - bool(group.check), start)
        _skip_optional(check, name)


def _report_unknown(check: Pass, name: str, start: int) -> None:
    hint = HOW
    if name in ("ref", "eqref", "pageref", "label", "cite", "autoref"):
        hint = "equations typed by hand have no number; [[ref z]] cites the number of an equation of the model"
        message = f"`\\{name}` refers to no label" if name != "label" else "`\\label` names an equation without number"
        check.fault(message, start, start + len(name) + 1, hint)
        return
    if near := get_close_matches(name, COMMAND, 1, 0.65):
        hint = f"did you mean `\\{near[0]}`? {HOW}"
    check.fault(f"`\\{name}` is no command that prose may use", start, start + len(name) + 1, hint)


def _stands(group: CommandGroup, math: bool) -> bool:
    return group.where == "anywhere" or (group.where == "mathematics") == math


def _special(check: Pass, name: str, start: int) -> None:
    """What only some commands ask of the place at which they stand."""
    top = check.stack[-1] if check.stack else None
    if name == "item":
        if top is None or top.name not in LISTS:
            check.fault("`\\item` stands in no list", start, check.at, r"begin one: \begin{itemize}")
        else:
            check.stack[-1] = replace(top, begun=True)
            if label := re.compile(r"\s*\[").match(check.text, check.at):
                check.at = label.end()
                check.stack.append(Opened("[", start, math=False))
    elif name == "par":
        refuse_paragraph(check, "\\par", start)
    elif name in ("hline", "toprule", "midrule", "bottomrule", "cline", "multicolumn"):
        cell = top is not None and top.name in ("tabular", "array")
        first = cell and (
            not check.stack[-1].begun or check.before == "\\\\" or check.before == "&" or _is_rule(check.before)
        )
        if not first:
            check.fault(f"`\\{name}` stands at no beginning of a row or cell", start, check.at, "put it behind \\\\")
    elif name in ("left", "middle") or (
        name.startswith(("big", "Big", "right")) and COMMAND[name].what.startswith("brackets of")
    ):
        _bracket(check, name, start)
    elif name in ("limits", "nolimits") and check.before.lstrip("\\") not in TAKE_LIMITS:
        check.fault(f"`\\{name}` stands behind no sum", start, check.at, "write it right behind \\sum, \\max …")
    elif name in ("tag", "tag*", "notag", "nonumber", "intertext", "shortintertext"):
        _in_display(check, name, start)


def _is_rule(token: str) -> bool:
    return token in ("\\hline", "\\toprule", "\\midrule", "\\bottomrule", "\\cline")


def _in_display(check: Pass, name: str, start: int) -> None:
    top = check.stack[-1] if check.stack else None
    if top is None or (top.name.rstrip("*") not in DISPLAYS and top.opening != r"\["):
        check.fault(f"`\\{name}` stands in no equation of its own", start, check.at, "delete it")
    if name.startswith("tag"):
        mark = re.compile(r"\s*\{([^{}]*)\}").match(check.text, check.at)
        if mark and re.fullmatch(r"[\s()]*\d+[\s()]*", mark[1]):
            hint = r"the numbers of the document are solgen's; mark it with a sign: \tag{$*$}"
            check.fault("an equation typed by hand takes no number", start, check.at + len(mark[0]), hint)


def _bracket(check: Pass, name: str, start: int) -> None:
    found = re.compile(r"\s*(\\[A-Za-z]+|\\[{}|]|[^\\\s])").match(check.text, check.at)
    if not found or found[1] not in DELIMITERS:
        check.fault(f"no bracket follows `\\{name}`", start, check.at, "write \\left( … \\right), or \\left. for none")
        return
    check.at = found.end()
    if name == "left":
        check.open(r"\left", start, math=True)
    elif name == "right":
        check.close(r"\left", r"\right", start)
    elif name == "middle" and (not check.stack or check.stack[-1].opening != r"\left"):
        check.fault("`\\middle` stands between no \\left and \\right", start, check.at, "delete it")


def _skip_optional(check: Pass, name: str) -> None:
    r"""The root's index, `\sqrt[3]{x}`: only a number or a letter."""
    if name == "sqrt" and (found := re.compile(r"\s*\[[0-9A-Za-z]{1,3}\]").match(check.text, check.at)):
        check.at = found.end()


def skip_argument(check: Pass, name: str, kind: str, start: int) -> None:
    """An argument that is no text: a length, a colour, an address, the columns of a table."""
    found = re.compile(r"\s*(?:\[[bct]\])?\s*\{((?:[^{}]|\{[^{}]*\})*)\}").match(check.text, check.at)
    if not found:
        check.fault(f"`{name}` lacks its argument", start, check.at, f"write {name}{{…}}")
        return
    if wanted := unlike(kind, found[1]):  # type: ignore[arg-type]
        check.fault(
            f"`{name}` takes {wanted}", found.start(1), max(found.end(1), found.start(1) + 1), f"write {name}{{…}}"
        )
    check.at = found.end()


def refuse_paragraph(check: Pass, token: str, start: int) -> None:
    """The end of a paragraph, which no formula holds and hardly any argument."""
    short = next((g for g in check.stack if g.argument_of and g.argument_of.lstrip("\\") not in LONG), None)
    opened = next((g for g in check.stack if g.math), None)
    if opened or check.plain:
        what = opened.opening if opened and opened.opening else "a formula"
        hint = "delete the blank line: TeX ends the formula there"
        check.fault(f"a blank line within `{what}`", start, start + len(token.rstrip(" \t")), hint)
    elif short:
        hint = f"close `{short.argument_of}` before the paragraph ends"
        check.fault(f"a paragraph ends within `{short.argument_of}`", start, start + 1, hint)
