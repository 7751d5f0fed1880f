"""The signs of ours that are letters, and the second spelling of each: where a name of the file is that letter, ours
gives way.

What is taken is worked out once for a problem (`taken_letters`) and travels with its presenter, so that every page,
format and figure of the problem writes alike.  How a function gives way stands in its row (`presentation.otherwise`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from solgen.expr.present.declared import strip_style, symbol
from solgen.expr.present.tree import Authored, Identifier

_FORMS: Mapping[str, str] = {"φ": "ϕ", "ε": "ϵ"}  # two forms of one letter: what takes one takes the other


@dataclass(frozen=True, slots=True)
class LetterSign:
    """A letter that stands for something of ours, and the word that stands for it where the letter is a name."""

    letter: Identifier
    word: Identifier

    def beside(self, taken: frozenset[str]) -> Identifier:
        """The letter, or the word where names have taken the letter."""
        return self.word if self.letter.letters in taken else self.letter


IDENTITY = LetterSign(Identifier("I", "bold"), Identifier("Id", "upright"))
UNIT = LetterSign(Identifier("e", "bold"), Identifier("basis", "upright"))
PI = LetterSign(Identifier("π"), Identifier("pi", "upright"))
EXPONENTIAL = LetterSign(Identifier("e"), Identifier("exp", "function"))
KRONECKER = LetterSign(Identifier("δ"), Identifier("1", "double-struck"))
CROSS_ENTROPY = LetterSign(Identifier("CE", "function"), Identifier("crossentropy", "function"))


def taken_letters(names: Iterable[str], latex: Mapping[str, str]) -> frozenset[str]:
    """The letters and words that names are, whatever stands over, above and beneath them; an accent makes another."""
    return frozenset(form for name in names for letter in _letters(name, latex) for form in _both_forms(letter))


def _letters(name: str, latex: Mapping[str, str]) -> Iterator[str]:
    written = symbol(name, latex.get(name, ""))
    if written.accents:
        return
    match written.letter:
        case Identifier(letters):
            yield letters
        case Authored(tex):
            yield tex
            if styled := strip_style(tex):
                yield from _letters(styled, {styled: styled})


def _both_forms(letter: str) -> Iterator[str]:
    yield letter
    yield from (other for one, other in (*_FORMS.items(), *((b, a) for a, b in _FORMS.items())) if one == letter)
