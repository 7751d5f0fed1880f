r"""How a name is written: letter, accents, subscript and superscript kept apart, so that more can be added to each.

docs/format.md, section 3: Greek names, `lam`, a trailing number or `_part` as subscript, the suffixes `hat`, `bar`,
`tilde` and `prime`; the `latex:` key of a problem overrides.  Two letters side by side would read as a product, so what
follows the letter in `Wf`, `bf`, `Wxh` and `h1a` is a subscript too; words (`loss`, `logits`) stay words.

A bar over `W^{(1)}` is `\bar{W}^{(1)}`, its transpose `W^{(1)\top}`: both need the parts.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from solgen.expr.present.greek import greek_name
from solgen.expr.present.letters import COMMA, GREEK, PRIME, join_row, row
from solgen.expr.present.tree import Accent, AccentMark, Authored, Identifier, Node, Number, Script, Variant

SUFFIXES: tuple[AccentMark, ...] = ("hat", "bar", "tilde")
_GREEK_NAMES = GREEK.keys() - {"varepsilon", "varphi"}
_SPELT = {"lam": "λ", "eps": "ε", "varepsilon": "ε", "varphi": "φ", "ell": "ℓ"}
_LOWERED = re.compile(r"([A-Za-z])([A-Za-z]|\d+[A-Za-z])|([WU])([a-z]{2})")
_WORDS = frozenset({"CE", "KL", "NN", "LN", "BN", "ce", "kl", "lr"})  # of two letters, and no letter with a subscript
_BOLD: dict[Variant, Variant] = {"italic": "bold italic", "upright": "bold"}


@dataclass(frozen=True, slots=True)
class WrittenName:
    """A name as it is written: a letter, accents from the innermost outwards, subscripts, superscripts.

    wide: whether a bar over it must be long, as over a word; fixed: whether the author chose how bold the letter is.
    """

    letter: Identifier | Authored
    accents: tuple[AccentMark, ...] = ()
    sub: tuple[Node, ...] = ()
    sup: tuple[Node, ...] = ()
    wide: bool = False
    fixed: bool = False

    def in_bold(self) -> WrittenName:
        """The letter in bold; a letter that is bold already stays."""
        if self.fixed:
            return self
        match self.letter:
            case Identifier(letters, variant):
                return replace(self, letter=Identifier(letters, _BOLD.get(variant, variant)))
            case Authored(tex):
                return replace(self, letter=Authored(tex, bold=True))

    def with_accent(self, mark: AccentMark, over_word: AccentMark) -> WrittenName:
        """A mark over the letter, or the one that stretches over all letters of a word."""
        return replace(self, accents=(*self.accents, over_word if self.wide else mark))

    def with_superscript(self, *more: Node) -> WrittenName:
        return replace(self, sup=(*self.sup, *more))

    def with_subscript(self, more: Node) -> WrittenName:
        return replace(self, sub=(*self.sub, more))

    def node(self) -> Node:
        """The symbol as a presentation tree."""
        node: Node = self.letter
        for mark in self.accents:
            node = Accent(node, mark)
        if not self.sub and not self.sup:
            return node
        return Script(node, join_row(self.sub, COMMA) if self.sub else None, row(*self.sup) if self.sup else None)


def symbol_of(name: str) -> WrittenName:
    r"""The symbol of a plain name: `xhat1` is x̂₁, `sigma_w` is σ with subscript w."""
    stem, _, part = name.strip("_").partition("_")
    accents: list[AccentMark] = []
    primes = 0
    while part in (*SUFFIXES, "prime"):  # x_hat is x̂
        primes, accents = (primes + 1, accents) if part == "prime" else (primes, [*accents, _mark(part)])
        part = ""
    stem, number = _trailing_number(stem)
    stem, more, ticks = _suffixes(stem)
    if not number:
        stem, number = _trailing_number(stem)
    stem, lowered = _split_subscript(stem)
    sub = (*_letters(lowered), *((Number(number),) if number else ()), *_parts(part))
    letter = letter_of(stem)
    wide = len(letter.letters) > 1 and letter.letters.isascii()
    return WrittenName(letter, (*more, *accents), sub, (PRIME,) * (primes + ticks), wide)


def _mark(name: str) -> AccentMark:
    return next(mark for mark in SUFFIXES if mark == name)


def _suffixes(stem: str) -> tuple[str, tuple[AccentMark, ...], int]:
    """The stem without its accents' names; a name that is nothing but a suffix keeps it."""
    accents: tuple[AccentMark, ...] = ()
    ticks = 0
    while stem not in _GREEK_NAMES:
        suffix = next((s for s in (*SUFFIXES, "prime") if stem.endswith(s) and len(stem) > len(s)), "")
        if not suffix:
            break
        stem = stem[: -len(suffix)]
        if suffix == "prime":
            ticks += 1
        else:
            accents = (_mark(suffix), *accents)
    return stem, accents, ticks


def _trailing_number(stem: str) -> tuple[str, str]:
    letters = stem.rstrip("0123456789")
    return (letters, stem[len(letters) :]) if letters else (stem, "")


def _split_subscript(stem: str) -> tuple[str, str]:
    """`Wf` as W with subscript f; a word and a Greek name as they are."""
    found = _LOWERED.fullmatch(stem)
    if not found or stem in _GREEK_NAMES or stem in _WORDS:
        return stem, ""
    letter, rest = found[1] or found[3], found[2] or found[4]
    return letter, rest


def _letters(lowered: str) -> tuple[Node, ...]:
    """The subscript of `Wxh`, `h1a`: letters side by side, a number before one."""
    if not lowered:
        return ()
    digits, last = lowered[:-1], Identifier(lowered[-1])
    return (row(*((Number(digits),) if digits.isdigit() else map(Identifier, digits)), last),)


def letter_of(stem: str) -> Identifier:
    """A letter, a Greek letter by its name, or a word."""
    if stem in _GREEK_NAMES:
        return Identifier(GREEK[stem])
    if not stem.isascii():
        return Identifier(_normal(stem))
    return Identifier(_SPELT.get(stem, stem))


def _normal(stem: str) -> str:
    """A Greek letter typed as itself, in the form in which its name is written; anything else as it is."""
    return GREEK.get(greek_name(stem) if len(stem) == 1 else "", stem)


def _parts(part: str) -> tuple[Node, ...]:
    """Subscripts: a number or a letter in italics, a Greek letter by name, a word upright."""
    return tuple(_part(p) for p in part.split("_") if p)


def _part(part: str) -> Node:
    if part.isdigit():
        return Number(part)
    named = len(part) == 1 or part in _GREEK_NAMES or part in ("lam", "eps")
    return letter_of(part) if named else Identifier(part, "upright")
