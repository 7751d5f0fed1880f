r"""The characters that the page can set: in text those of the T1 fonts, in mathematics signs that have a command.

A character that has a command is set by it wherever a formula holds it: `α` is `\alpha`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from types import MappingProxyType

from solgen.written.prose.modes import Mode, advance_mode

_RANGES = (
    (0x20, 0x7E), (0xA1, 0xAC), (0xAE, 0x107), (0x10A, 0x111), (0x114, 0x115), (0x118, 0x11F), (0x139, 0x13E),
    (0x141, 0x148), (0x14A, 0x14B), (0x150, 0x155), (0x158, 0x15B), (0x15E, 0x165), (0x16A, 0x16B), (0x16E, 0x171),
    (0x178, 0x17E), (0x218, 0x21B), (0x1E9E, 0x1E9E), (0x2010, 0x2014), (0x2018, 0x201A), (0x201C, 0x201E),
    (0x2020, 0x2022), (0x2026, 0x2026), (0x2030, 0x2030), (0x2039, 0x203A), (0x20AC, 0x20AC), (0x2122, 0x2122),
)  # fmt: skip
SET_IN_TEXT = frozenset(
    ("\u00a0", "\n", "\t", *(chr(code) for first, last in _RANGES for code in range(first, last + 1)))
)
_LETTERS = (
    "alpha beta gamma delta varepsilon zeta eta theta iota kappa lambda mu nu xi o pi rho varsigma sigma tau upsilon "
    "varphi chi psi omega"
).split()
_CAPITALS = "A B Gamma Delta E Z H Theta I K Lambda M N Xi O Pi P - Sigma T Upsilon Phi X Psi Omega".split()
_GREEK = {chr(0x3B1 + k): name for k, name in enumerate(_LETTERS)} | {
    chr(0x391 + k): name for k, name in enumerate(_CAPITALS) if name != "-"
}
_OTHER_LETTERS = {
    "ϵ": "epsilon", "ϕ": "phi", "ϑ": "vartheta", "ϱ": "varrho", "ϖ": "varpi", "ϰ": "varkappa", "ℓ": "ell",
    "∂": "partial", "∇": "nabla", "∞": "infty", "∅": "emptyset", "ℏ": "hbar", "ℝ": "mathbb{R}", "ℕ": "mathbb{N}",
    "ℤ": "mathbb{Z}", "ℚ": "mathbb{Q}", "ℂ": "mathbb{C}", "𝟙": "mathbb{1}", "⊤": "top", "⊥": "perp", "′": "prime",
    "µ": "mu", "…": "dots", "⋯": "cdots", "⋮": "vdots", "⋱": "ddots",
}  # fmt: skip
_OPERATORS = {
    "×": "times", "·": "cdot", "⋅": "cdot", "±": "pm", "∓": "mp", "÷": "div", "⊙": "odot", "∘": "circ", "⊗": "otimes",
    "⊕": "oplus", "⊘": "oslash", "⋆": "star", "∗": "ast", "•": "bullet", "−": "", "≤": "le", "≥": "ge", "≠": "ne",
    "≈": "approx", "≡": "equiv", "∼": "sim", "∝": "propto", "∈": "in", "∉": "notin", "⊂": "subset", "⊆": "subseteq",
    "∪": "cup", "∩": "cap", "∧": "wedge", "∨": "vee", "¬": "neg", "∀": "forall", "∃": "exists", "→": "to", "←": "gets",
    "↔": "leftrightarrow", "⇒": "Rightarrow", "⇐": "Leftarrow", "⇔": "Leftrightarrow", "↦": "mapsto", "∑": "sum",
    "∏": "prod", "∫": "int", "√": "surd", "‖": "Vert", "∥": "parallel", "⟨": "langle", "⟩": "rangle", "⌊": "lfloor",
    "⌋": "rfloor", "⌈": "lceil", "⌉": "rceil", "≪": "ll", "≫": "gg", "≔": "coloneqq", "∖": "setminus",
}  # fmt: skip
COMMANDS: Mapping[str, str] = MappingProxyType(
    {c: f"{{{name if len(name) == 1 else chr(92) + name}}}" for c, name in (_GREEK | _OTHER_LETTERS).items()}
    | {c: rf"\{name} " if name else "-" for c, name in _OPERATORS.items()}
)
SET_IN_TITLES = SET_IN_TEXT | frozenset(_GREEK) | frozenset("×−·′≤≥≠→∂∇Σᵀ⁰¹²³⁴⁵⁶⁷⁸⁹⁻ϵϕϑϱ")
_SIGNS = re.compile(f"([{''.join(COMMANDS)}])")
_ALIKE = dict(zip("аесорхуіјѕԛԝһАВЕКМНОРСТХУІЈЅ", "aecopxyijsqwhABEKMHOPCTXYIJS", strict=True))
_WRITTEN = r"^\top ^2 ^3 ^1 ^- _0 _1 _2 _3 _i _j \frac12"
_QUOTED = dict(zip("ᵀ²³¹⁻₀₁₂₃ᵢⱼ½", _WRITTEN.split(), strict=True))


def is_set(character: str, math: bool) -> bool:
    """Whether the page has a glyph for a character, in mathematics or in text."""
    if math:
        return character in COMMANDS or character in "\n\t\u00a0" or " " <= character <= "~"
    return character in SET_IN_TEXT


def as_commands(mode: Mode, text: str) -> tuple[str, Mode]:
    """The text with a command for every sign within mathematics that has one, and the mode behind it."""
    out = []
    for piece in _SIGNS.split(text):
        mathematical = piece in COMMANDS and mode.math
        mode = mode if piece in COMMANDS else advance_mode(mode, piece)
        out.append(COMMANDS[piece] if mathematical else piece)
    return "".join(out), mode


def describe(character: str) -> str:
    """A character as a message calls it: itself where it shows, and its name."""
    name = unicodedata.name(character, f"U+{ord(character):04X}")
    shows = unicodedata.category(character)[0] not in "CMZ"
    return f"`{character}` ({name})" if shows else name


def suggest_mend(character: str, math: bool) -> str:
    """What would help where a character cannot be set."""
    if character in _ALIKE:
        return f"this is the Cyrillic letter; type the Latin {_ALIKE[character]}"
    if math and character in _QUOTED:
        return f"in mathematics write {_QUOTED[character]}"
    if not math and character in COMMANDS:
        return f"set it in mathematics: ${character}$"
    if unicodedata.combining(character):
        return "type the letter with its accent as LaTeX does, such as \\'e, or leave the accent out"
    if unicodedata.category(character) in ("Cf", "Cc", "Co", "Cn", "Zl", "Zp", "Zs"):
        return "delete this character: nothing of it shows"
    plain = unicodedata.normalize("NFKC", character)
    if plain != character and plain.isascii():
        return f"type {plain}"
    where = "a formula takes ASCII, Greek letters and signs of mathematics" if math else "the page has Latin letters"
    return f"{where}: write it with those, or as a LaTeX command"
