r"""The LaTeX that an author declared for a name, taken apart as far as it comes: letter, accent and scripts.

`W^{(1)}` has letter W and superscript (1), so that its transpose is `W^{(1)\top}` and its entries are `(W^{(1)})_{ij}`.
What does not come apart stays whole, and a letter that is no plain letter stays LaTeX.
"""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from typing import get_args

from solgen.expr.present.letters import GREEK, PRIME, row
from solgen.expr.present.symbols import WrittenName, symbol_of
from solgen.expr.present.tree import AccentMark, Authored, Fence, Identifier, Node, Number

_HEAD = re.compile(r"\\(?P<mark>hat|bar|tilde|widehat|widetilde|overline|vec|dot|ddot)\s*\{(?P<inner>[^{}]+)\}")
_MARKS: dict[str, AccentMark] = {mark: mark for mark in get_args(AccentMark)}
_PLAIN = re.compile(r"[A-Za-z]|\\[A-Za-z]+(?:\{[^{}]*\})?")
_WORD = re.compile(r"\\mathit\{([A-Za-z0-9]+)\}")
_BOLD = re.compile(r"\\(bm|mathbf|mathbfit|boldsymbol|mathbb)\b")
_SEVERAL = re.compile(r"\\math(it|rm)\{")
_NUMBERED = re.compile(r"\((\d+)\)")
_STYLED = re.compile(r"\\(?:bm|boldsymbol|math(?:bf|rm|it|bfit|sf)|operatorname)\{(\\?\w+)\}")
_LATEX = re.compile(r"[\\^{]")


@cache
def symbol(name: str, override: str = "") -> WrittenName:
    """The symbol of a plain name, or of its LaTeX override.

    A name that is LaTeX itself (a file may call the batch of a family `H^{(1)}`) is read as such.
    """
    return split_symbol(override or name) if override or _LATEX.search(name) else symbol_of(name)


def split_symbol(tex: str) -> WrittenName:
    """An author's LaTeX taken apart into letter and scripts."""
    tex = tex.strip()
    head = _HEAD.match(tex)
    if head:
        base, rest = replace(_letter_alone(head["inner"].strip()), accents=(_MARKS[head["mark"]],)), tex[head.end() :]
    elif plain := _PLAIN.match(tex):
        base, rest = _letter_alone(plain[0]), tex[plain.end() :]
    else:
        return _letter_alone(tex)
    scripts = _scripts(rest)
    return _letter_alone(tex) if scripts is None else replace(base, sub=scripts[0], sup=scripts[1])


def strip_style(tex: str) -> str:
    r"""The letter or word inside `\mathbf{…}` and its kin; nothing where there is no style that leaves it the same."""
    found = _STYLED.match(tex)
    return found[1] if found else ""


def _letter_alone(tex: str) -> WrittenName:
    return WrittenName(_letter(tex), wide=bool(_SEVERAL.search(tex)), fixed=bool(_BOLD.search(tex)))


def _letter(tex: str) -> Identifier | Authored:
    """A letter, a Greek letter, a word in italics or upright; else LaTeX."""
    if len(tex) == 1 and tex.isascii() and tex.isalpha():
        return Identifier(tex)
    if tex[1:] in GREEK and tex[0] == "\\":
        return Identifier(GREEK[tex[1:]])
    if tex == r"\ell":
        return Identifier("ℓ")
    if word := _WORD.fullmatch(tex):
        return Identifier(word[1])
    return Authored(tex)


def _scripts(rest: str) -> tuple[tuple[Node, ...], tuple[Node, ...]] | None:
    """Subscript and superscripts of what follows a letter; None where something else follows."""
    found: dict[str, list[Node]] = {"_": [], "^": []}
    rest = rest.strip().replace("'", r"^{\prime}")
    while rest:
        mark = rest[0]
        if mark not in found or len(rest) < 2:
            return None
        body, rest = _argument(rest[1:].lstrip())
        if not body:
            return None
        found[mark].append(_script(body))
        rest = rest.strip()
    return (row(*found["_"]),) if found["_"] else (), tuple(found["^"])


def _argument(text: str) -> tuple[str, str]:
    """The first TeX argument of a text, and what follows it."""
    if not text.startswith("{"):
        token = re.match(r"\\[A-Za-z]+|.", text)
        return (token[0], text[token.end() :]) if token else ("", "")
    depth = 0
    for position, character in enumerate(text):
        depth += {"{": 1, "}": -1}.get(character, 0)
        if depth == 0:
            return text[1:position], text[position + 1 :]
    return "", text


def _script(tex: str) -> Node:
    """A script that is a number, one in parentheses, a letter or a prime; else LaTeX."""
    if tex.isdigit():
        return Number(tex)
    if numbered := _NUMBERED.fullmatch(tex):
        return Fence(Number(numbered[1]))
    return PRIME if tex == r"\prime" else _letter(tex)
