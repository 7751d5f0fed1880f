r"""Any text is read within a second or refused with its place: never a traceback, never a wait."""

from __future__ import annotations

import random

import pytest

from solgen.written import NotRead, Unreadable, Verdict, compare_latex, compare_terminal, read_latex
from tests.calls import calls_of
from tests.written.support import scope_with
from tests.written.test_reading import SAME

MOST_CALLS = 2_000_000  # of functions: about a second

HOSTILE: dict[str, str] = {
    "brackets": "(" * 199 + "a" + ")" * 199,
    "too many brackets": "(" * 5000,
    "fractions": r"\frac{1}{" * 199 + "a" + "}" * 199,
    "towers": "a^{" * 199 + "a" + "}" * 199,
    "subscripts": "x_{" * 199 + "a" + "}" * 199,
    "terms": "a+" * 9999 + "a",
    "factors": "a " * 9999,
    "slashes": "a/" * 70 + "a",
    "slashes and factors": "a/b " * 12,
    "functions": r"\tanh(" * 199 + "a" + ")" * 199,
    "functions without brackets": r"\log a b " * 60,
    "sums": r"\sum_i c_i " * 1000,
    "sums that could reach on": r"\sum_i c_i + c_i +" * 100 + "a",
    "squares": "x^2" * 20,
    "units": r"\mathbf{e}_1" * 50,
    "identities": r"\mathbf{I}" * 30,
    "ones": "+".join([r"\mathbf{1}"] * 100),
    "entrywise": r"A x\odot v " * 30,
    "bars": "|a" * 5000,
    "relations": "a=" * 5000 + "a",
    "environments": r"\begin{aligned}" * 199,
    "digits": "1" * 19999,
    "too long": "a" * 20001,
    "raised digits": "x¹²",
    "nothing": "",
    "a backslash": "\\",
    "a surrogate": "\ud800",
    "a power of a power": "a^{9^{9^{9^9}}}",
    "the inverse of nothing": "(A-A)^{-1}",
    "a division by nothing": r"\frac{a}{0}",
    "three differentials of two": r"\frac{\partial^2 a}{\partial x\,\partial x\,\partial x}",
    "an order": r"\frac{\partial^{99999999} a}{\partial b}",
}


@pytest.mark.parametrize("name", sorted(HOSTILE))
def test_hostile_text_ends(name: str) -> None:
    found = scope_with("a + b")
    for compare in (compare_latex, compare_terminal):
        assert calls_of(lambda c=compare: c(HOSTILE[name], found.formula("found"), found.names)) < MOST_CALLS


def test_what_is_refused_says_where_and_what_was_expected() -> None:
    found = scope_with("a + b")
    with pytest.raises(Unreadable) as wrong:
        read_latex(r"W x + \frac{a}{b", found.names)
    assert (wrong.value.place, wrong.value.read) == (16, r"W x + \frac{a}{b")
    assert "never closed" in str(wrong.value)
    with pytest.raises(Unreadable) as wrong:
        read_latex(r"W y", found.names)
    assert "the shapes of these factors do not fit" in str(wrong.value)
    with pytest.raises(Unreadable) as wrong:
        read_latex(r"a + \kappa b", found.names)
    assert (wrong.value.place, wrong.value.rest) == (4, r"\kappa b")


PIECES = (
    r"\frac \sum \bm { } ( ) [ ] ^ _ & \\ \left( \right) | \| / , = - + \odot".split()
    + r"\partial \nabla 1 2 x i W \log ' T".split()
)


def mutated(text: str, source: random.Random) -> str:
    for _ in range(source.choice((1, 1, 2, 5))):
        place, kind = source.randrange(len(text) + 1), source.random()
        if kind < 0.3:
            text = text[:place] + text[place + source.randrange(1, 8) :]
        elif kind < 0.8:
            text = text[:place] + source.choice(PIECES) + text[place:]
        else:
            text = text + text[place:]
    return text


def test_mutated_formulas_end_without_a_traceback() -> None:
    source, found = random.Random(7), scope_with("a + b")
    e, refused = found.formula("found"), 0
    for _ in range(300):
        text = mutated(source.choice(SAME)[0], source)
        read: list[Verdict] = []
        assert calls_of(lambda t=text, r=read: r.append(compare_latex(t, e, found.names))) < MOST_CALLS
        refused += isinstance(read[0], NotRead)
    assert refused > 50
