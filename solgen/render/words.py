"""What a sentence is made of, in no format: plain text, formulas, references, code, and what an author typed.

Each format writes each kind once: plain text is escaped, a formula is written from its presentation tree, and LaTeX
that a person typed is passed on or, where there is no LaTeX, read as far as it goes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from string import Formatter

from solgen.expr.present.tree import CrossReference, Node, RouteMark
from solgen.render.dollars import in_turns


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula in a sentence."""

    node: Node


@dataclass(frozen=True, slots=True)
class Code:
    """A command or the name of a file, in the type of a typewriter."""

    text: str


@dataclass(frozen=True, slots=True)
class Gap:
    """A space wider than between words: after a mark that stands before a sentence."""


@dataclass(frozen=True, slots=True)
class Cited:
    """Rules that a line rests on, by number and by name: `by R1 and R2`, or, where words stand before, `(R1, R2)`.

    Where no appendix proves the rules, their names alone stand in place of `by R1 and R2`.
    """

    numbers: tuple[str, ...]
    names: tuple[str, ...]
    by: str = ""

    def by_name(self) -> Words:
        """What stands where no appendix proves the rules."""
        return listed_words(tuple(dict.fromkeys(self.names))) if self.by else NOTHING


@dataclass(frozen=True, slots=True)
class Typed:
    """LaTeX that a person typed, as typed; mathematics that it opens may be closed by a later piece."""

    tex: str


@dataclass(frozen=True, slots=True)
class Inserted:
    """A formula within mathematics that a person typed."""

    node: Node


@dataclass(frozen=True, slots=True)
class Gathered:
    """Formulas under each other within mathematics that a person typed."""

    nodes: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Display:
    """Formulas on lines of their own, some with a number; `end` is the mark that ends the sentence before."""

    items: tuple[tuple[Node, str], ...]
    end: str = ""


Phrase = str | Formula | CrossReference | RouteMark | Code | Gap | Cited | Typed | Inserted | Gathered | Display


@dataclass(frozen=True, slots=True)
class Words:
    """A sentence, or several: phrases side by side; no two plain texts stand beside each other, none is empty."""

    phrases: tuple[Phrase, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.phrases)


NOTHING = Words()


def words(*parts: Words | Phrase) -> Words:
    """Sentences and phrases in one."""
    joined: list[Phrase] = []
    for phrase in (p for part in parts for p in (part.phrases if isinstance(part, Words) else (part,))):
        if isinstance(phrase, str) and joined and isinstance(before := joined[-1], str):
            joined[-1] = before + phrase
        elif phrase != "":
            joined.append(phrase)
    return Words(tuple(joined))


def join_words(items: Iterable[Words | Phrase], between: str) -> Words:
    """The items with a text between each and the next."""
    spread = [part for item in items for part in (between, item)]
    return words(*spread[1:])


def listed_words(items: Sequence[Words | Phrase], last: str = "and") -> Words:
    """`a`, `a and b`, `a, b and c`."""
    if len(items) < 2:
        return words(*items)
    return words(join_words(items[:-1], ", "), f" {last} ", items[-1])


def filled_words(template: str, parts: Mapping[str, Words]) -> Words:
    """A sentence of ours with the parts in the place of their names: `forgets that {own} enters {via}`."""
    found: list[Words | Phrase] = []
    for text, name, _, _ in Formatter().parse(template):
        found += [text, *([parts[name]] if name is not None else [])]
    return words(*found)


def typed_words(text: str) -> Words:
    """Plain text of a person in which `$…$` is mathematics (docs/format.md, section 1): titles, reasons, remarks."""
    return words(*(Typed(f"${piece}$") if math else piece for piece, math in in_turns(text)))


def capitalise(text: Words) -> Words:
    """The sentence with a capital first letter; a formula at the beginning stays as it is."""
    match text.phrases:
        case (str(first), *rest):
            return Words((first[:1].upper() + first[1:], *rest))
        case (Cited(by=by) as first, *rest) if by:
            return Words((replace(first, by=by[:1].upper() + by[1:]), *rest))
        case _:
            return text
