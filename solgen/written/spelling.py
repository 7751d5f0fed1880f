r"""How the names of a file look on paper: the rules of the format, read the other way round.

A name is a letter or a word, with accents, with what stands lower and what stands higher.  Greek names are letters,
`lam` is λ, the suffixes `hat`, `bar`, `tilde` and `prime` are marks, a trailing number and what follows `_` stand
lower; two letters that would read as a product are a letter with a subscript: `Wf` is W with f.  A name that the file
declares in LaTeX is read as that LaTeX.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from unicodedata import normalize

from solgen.written.parser import parse_latex
from solgen.written.signs import GREEK, OVER
from solgen.written.syntax import Accent, Digits, Fence, Items, Letter, Node, Phrase, Scripted, Sign, Word
from solgen.written.unreadable import Unreadable

MARKS = ("hat", "bar", "tilde")
LIKE: Mapping[str, str] = MappingProxyType({"ϕ": "φ", "ϵ": "ε", "ϑ": "θ", "ϱ": "ρ", "ς": "σ"})  # two forms of a letter
SPELT: Mapping[str, str] = MappingProxyType({**GREEK, "lam": "λ", "eps": "ε", "ell": "ℓ"})
PRIME = "′"


@dataclass(frozen=True, slots=True)
class Glyph:
    """A name on paper: its letter or word, marks from the innermost out, what stands lower, what stands higher."""

    letter: str
    marks: tuple[str, ...] = ()
    sub: tuple[str, ...] = ()
    sup: tuple[str, ...] = ()


def plain_letter(letter: str) -> str:
    """The letter in the form under which it is looked up."""
    return LIKE.get(letter, letter)


def glyphs_of(name: str, declared: str = "") -> tuple[Glyph, ...]:
    """How a name may stand on paper, first as we would write it."""
    if declared or any(c in name for c in "\\^{"):
        found = declared_glyph(declared or name)
        return (found,) if found else ()
    return tuple(dict.fromkeys(_spelt(name)))


def declared_glyph(tex: str) -> Glyph | None:
    """What a file's LaTeX looks like; None where it is more than a name."""
    try:
        lines = parse_latex(tex)
    except Unreadable:
        return None
    if len(lines) != 1 or len(lines[0]) != 1 or len(lines[0][0]) != 1:
        return None
    return glyph_of(lines[0][0][0])


def glyph_of(node: Node) -> Glyph | None:
    """The name that a node is, whatever its letters' style; None where it is no name."""
    match node:
        case Letter(text, "double-struck") if text.isalpha():
            return Glyph(f"double-struck {text}")
        case Letter(text) | Word(text) | Phrase(text):
            return Glyph(plain_letter(text))
        case Digits(text):
            return Glyph(text)
        case Accent(mark, (body,)):
            inner = glyph_of(body)
            return replace(inner, marks=(*inner.marks, mark)) if inner and not inner.sub else None
        case Accent(mark, body) if letters := _word(body):
            return Glyph(letters, (mark,))
        case Scripted(base, sub, sup, primes):
            inner, lower, upper = glyph_of(base), atoms(sub), atoms(sup)
            if inner is None or lower is None or upper is None:
                return None
            return replace(inner, sub=(*inner.sub, *lower), sup=(*inner.sup, *(PRIME,) * primes, *upper))
        case _:
            return None


def _word(items: Items) -> str:
    return "".join(item.text for item in items if isinstance(item, Letter)) if len(items) > 1 else ""


def atoms(items: Items) -> tuple[str, ...] | None:
    """A script as letters, words, numbers and signs one after another, commas left out; None where it is more."""
    found: list[str] = []
    for item in items:
        one = atom_text(item)
        if one is None:
            return None
        if one != ",":
            found.append(one)
    return tuple(found)


def atom_text(item: Node) -> str | None:
    """One thing of a script as text."""
    match item:
        case Letter(text) | Word(text) | Phrase(text):
            return plain_letter(text)
        case Digits(text) | Sign(text):
            return text
        case Fence("round" | "square", body):
            inner = atoms(body)
            return f"({','.join(inner)})" if inner else None
        case Accent(mark, (body,)):
            inner_atom = atom_text(body)
            return f"{inner_atom}̂{mark}" if inner_atom else None
        case Scripted(base, sub, sup, primes):
            inner_atom, lower, upper = atom_text(base), atoms(sub), atoms(sup)
            if inner_atom is None or lower is None or upper is None:
                return None
            return f"{inner_atom}_{','.join(lower)}^{','.join(upper)}{PRIME * primes}"
        case _:
            return None


# ---------------------------------------------------------------- from a name to its looks


def _spelt(name: str) -> Iterator[Glyph]:
    stem, _, rest = name.strip("_").partition("_")
    parts = tuple(part for part in rest.split("_") if part)
    marks: tuple[str, ...] = ()
    sup: tuple[str, ...] = ()
    if rest in (*MARKS, "prime"):
        parts = ()
        marks, sup = ((), (PRIME,)) if rest == "prime" else ((rest,), ())
    lower = tuple(plain_letter(SPELT.get(part, part)) for part in parts)
    for glyph in _spell_stem(stem):
        yield Glyph(glyph.letter, (*glyph.marks, *marks), (*glyph.sub, *lower), (*sup, *glyph.sup))


def _spell_stem(stem: str) -> Iterator[Glyph]:
    """A stem without `_`: numbers and marks at its end, then a letter, a Greek letter or a word."""
    if stem in SPELT or not stem.isascii():
        yield Glyph(plain_letter(SPELT.get(stem, stem)))
        apart = normalize("NFD", stem[:1])
        if len(apart) > 1 and all(mark in OVER for mark in apart[1:]):  # ñ looks as n with a tilde
            yield Glyph(apart[0] + stem[1:], tuple(OVER[mark] for mark in apart[1:]))
        return
    letters, digits = _split_number(stem)
    letters, marks, primes = _split_marks(letters)
    if not digits:
        letters, digits = _split_number(letters)
    number = (digits,) if digits else ()
    sup = (PRIME,) * primes
    if letters in SPELT or len(letters) == 1:
        yield Glyph(plain_letter(SPELT.get(letters, letters)), marks, number, sup)
        return
    lowered = Glyph(letters[:1], marks, (*_characters(letters[1:]), *number), sup)
    word = Glyph(letters, marks, number, sup)
    yield from (lowered, word) if len(letters) <= 3 or letters[1:-1].isdigit() else (word,)


def _characters(text: str) -> tuple[str, ...]:
    """`xh` as x, h; `1a` as 1, a."""
    head = text.rstrip("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")
    return ((head,) if head else ()) + tuple(text[len(head) :])


def _split_number(stem: str) -> tuple[str, str]:
    letters = stem.rstrip("0123456789")
    return (letters, stem[len(letters) :]) if letters else (stem, "")


def _split_marks(stem: str) -> tuple[str, tuple[str, ...], int]:
    marks: tuple[str, ...] = ()
    primes = 0
    while stem not in SPELT:
        suffix = next((s for s in (*MARKS, "prime") if stem.endswith(s) and len(stem) > len(s)), "")
        if not suffix:
            break
        stem = stem[: -len(suffix)]
        primes, marks = (primes + 1, marks) if suffix == "prime" else (primes, (suffix, *marks))
    return stem, marks, primes
