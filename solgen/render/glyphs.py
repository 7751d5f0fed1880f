"""Letters, signs and scripts as a terminal shows them: one character a letter wherever Unicode has it.

A subscript or superscript that Unicode lacks is written as people type it: `x_rows`, `W[k, :]`, `x^(a + b)`.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from types import MappingProxyType
from typing import assert_never

from solgen.expr.present.tree import APPLY, TIMES, AccentMark, Identifier

ACCENTS: Mapping[AccentMark, str] = MappingProxyType({
    "hat": "\u0302", "bar": "\u0304", "tilde": "\u0303", "overline": "\u0305", "vec": "\u20d7", "dot": "\u0307",
    "ddot": "\u0308", "widehat": "\u0302", "widetilde": "\u0303", "underline": "", "check": "\u030c", "breve": "\u0306",
})  # fmt: skip
SIGNS: Mapping[str, str] = MappingProxyType({"⊤": "ᵀ", "∑": "Σ", "∏": "Π", "∗": "*", TIMES: "", APPLY: ""})
LETTERS: Mapping[str, str] = MappingProxyType({"ϵ": "ε", "ϕ": "φ"})  # the forms that every font of a terminal has
_PLAIN_RAISED = "0123456789+-−=()abcdefghijklmnoprstuvwxyzABDEGHIJKLMNOPRTUVWᵀ′*⋆†×βγδφχ"
_AS_RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻᴬᴮᴰᴱᴳᴴᴵᴶᴷᴸᴹᴺᴼᴾᴿᵀᵁⱽᵂᵀ′*⋆†ˣᵝᵞᵟᵠᵡ"
RAISED: Mapping[str, str] = MappingProxyType(dict(zip(_PLAIN_RAISED, _AS_RAISED, strict=True)))
LOWERED: Mapping[str, str] = MappingProxyType(
    dict(zip("0123456789+-−=()aehijklmnoprstuvx,βγρφχ", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ,ᵦᵧᵨᵩᵪ", strict=True))
)
DOUBLE: Mapping[str, str] = MappingProxyType(dict(zip("RNZQCEP1", "ℝℕℤℚℂ𝔼ℙ𝟙", strict=True)))
BOLD: Mapping[str, str] = MappingProxyType({"1": "𝟏", "0": "𝟎"})
VULGAR: Mapping[tuple[str, str], str] = MappingProxyType(
    {("1", "2"): "½", ("1", "3"): "⅓", ("2", "3"): "⅔", ("1", "4"): "¼", ("3", "4"): "¾", ("1", "8"): "⅛"}
)
WORD = 3  # so many letters of a subscript are a word, which stays on the line


def letters_of(node: Identifier) -> str:
    """A letter or a word; bold and italics are not shown, but for the 1 and the 0 of arrays of them."""
    match node.variant:
        case "italic" | "bold italic" | "upright" | "function":
            return LETTERS.get(node.letters, node.letters)
        case "bold":
            return BOLD.get(node.letters, node.letters)
        case "double-struck":
            return "".join(DOUBLE.get(c, c) for c in node.letters)
        case _:
            assert_never(node.variant)


def add_accent(letters: str, mark: AccentMark) -> str:
    """The accent above the letter; a bar above all letters of a longer name, other marks above the first."""
    single = sum(not unicodedata.combining(c) for c in letters) == 1  # x̂ is one letter with its mark
    if single:
        return compose_letters(letters + ACCENTS[mark])
    if mark in ("overline", "bar"):
        return compose_letters("".join(c + ACCENTS["overline"] for c in letters))
    return compose_letters(letters[:1] + ACCENTS[mark] + letters[1:])


def compose_letters(text: str) -> str:
    """Letters and their accents in one character where there is one."""
    return unicodedata.normalize("NFC", text)


def raise_leaves(leaves: tuple[str, ...]) -> str | None:
    """The leaves of a superscript as raised characters; None where Unicode lacks one."""
    return _map_leaves(leaves, RAISED)


def lower_leaves(leaves: tuple[str, ...]) -> str | None:
    """The leaves of a subscript as lowered characters; None for a word, and where Unicode lacks one."""
    word = all(leaf.isascii() and leaf.isalpha() for leaf in leaves) and sum(map(len, leaves)) >= WORD
    return None if word else _map_leaves(leaves, LOWERED)


def _map_leaves(leaves: tuple[str, ...], known: Mapping[str, str]) -> str | None:
    found = [known.get(c) for leaf in leaves for c in leaf]
    return None if None in found else "".join(c for c in found if c is not None)
