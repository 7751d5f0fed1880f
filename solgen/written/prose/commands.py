"""The rows of the list of what prose may use, by name."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

from solgen.written.prose.allowed import COMMANDS, ENVIRONMENTS, Check, CommandGroup, EnvironmentGroup

COMMAND: Mapping[str, CommandGroup] = MappingProxyType({name: group for group in COMMANDS for name in group.names})
ENVIRONMENT: Mapping[str, EnvironmentGroup] = MappingProxyType(
    {name: group for group in ENVIRONMENTS for name in group.names}
)
LISTS = frozenset("itemize enumerate description".split())
DISPLAYS = frozenset("equation align gather multline flalign alignat eqnarray displaymath".split())
TALL = next(group.names for group in COMMANDS if group.what.startswith("sums"))
TAKE_LIMITS = frozenset(TALL) | frozenset("lim limsup liminf max min sup inf det gcd Pr operatorname* mathop }".split())
DELIMITERS = frozenset("( ) [ ] | / . < >".split()) | frozenset(
    rf"\{name}"
    for name in """{ } | langle rangle lfloor rfloor lceil rceil lvert rvert lVert rVert vert Vert lbrace rbrace lbrack
    rbrack lgroup rgroup ulcorner urcorner llcorner lrcorner uparrow downarrow Uparrow Downarrow updownarrow Updownarrow
    backslash""".split()
)
_UNITS = r"(?:pt|em|ex|cm|mm|in|pc|bp|\\linewidth|\\textwidth|\\baselineskip|\\fill)"
_LENGTH = re.compile(rf"\s*(-?)(\d{{0,4}}(?:\.\d{{0,4}})?)\s*({_UNITS})\s*\Z")
_CENTIMETRES = {"pt": 0.035, "em": 0.39, "ex": 0.18, "cm": 1, "mm": 0.1, "in": 2.54, "pc": 0.42, "bp": 0.035}
_FULL = {r"\linewidth": 15.0, r"\textwidth": 15.0, r"\baselineskip": 0.48, r"\fill": 1.0}
_CHECKS = {
    "colour": (re.compile(r"[A-Za-z]+(?:!\d{1,3}(?:![A-Za-z]+)?)?\Z"), "a colour by name: red, blue!50"),
    "address": (re.compile(r"(?:https?://|mailto:)(?:[A-Za-z0-9./?=:@~+,;!()*'_-]|\\[%#&_])+\Z"), "https://… or mailto:…"),  # noqa: E501
    "columns": (re.compile(r"(?:[lcr|\s]|@\{\}|p\{\d{1,2}(?:\.\d+)?(?:cm|mm|em|in)\}){1,60}\Z"), "letters l, c, r, | or p{3cm}"),  # noqa: E501
    "count": (re.compile(r"\d{1,2}(?:-\d{1,2})?\Z"), "a number"),
}  # fmt: skip
LONGEST, BACK = 20.0, 0.4  # centimetres


def unlike(check: Check, argument: str) -> str:
    """What an argument should be, where it is something else; empty where it is right."""
    if not check:
        return ""
    if check == "length":
        return "" if _is_fair(argument) else "a length from -1em to 20cm"
    pattern, what = _CHECKS[check]
    return "" if pattern.match(argument) else what


def _is_fair(length: str) -> bool:
    """Whether a length is one, and neither so long nor so far back that it reaches what others typed."""
    found = _LENGTH.match(length)
    if not found or not (found[2].strip(".") or (found[3].startswith("\\") and not found[2])):
        return False
    size = float(found[2] or 1) * ({**_CENTIMETRES, **_FULL}[found[3]])
    return size <= (BACK if found[1] else LONGEST)
