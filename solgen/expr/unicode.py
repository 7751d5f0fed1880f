r"""Formulas in a terminal: the printer's LaTeX read as Unicode, `W^{(1)\top}\,\bar{z}_{1}` as `W⁽¹⁾ᵀ z̄₁`.

The LaTeX is the printer's own, a small and regular dialect, so one page of mathematics has one set of rules
whether it is typeset or shown in a terminal.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

from solgen.expr.latex import Printer
from solgen.expr.nodes import Expr
from solgen.expr.symbols import GREEK

_TOKEN = re.compile(r"\\[A-Za-z]+|\\.|[{}^_]|\s+|.", re.DOTALL)
_NAMES = (
    "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu "
    "nu xi pi rho sigma tau upsilon phi chi psi omega"
).split()
_LOWER = dict(zip(_NAMES, "αβγδεζηθικλμνξπρστυφχψω", strict=True))
_SIGNS = {
    "odot": "⊙", "circ": "∘", "oslash": "⊘", "cdot": "·", "times": "×", "partial": "∂", "nabla": "∇", "sum": "Σ",
    "top": "ᵀ", "prime": "′", "ell": "ℓ", "to": "→", "in": "∈", "langle": "⟨", "rangle": "⟩", "lVert": "‖",
    "rVert": "‖", "lvert": "|", "rvert": "|", "ne": "≠", "le": "≤", "ge": "≥", "dots": "…", "cdots": "⋯", "infty": "∞",
}  # fmt: skip
SIGNS: Mapping[str, str] = MappingProxyType(
    _SIGNS | _LOWER | {name.capitalize(): greek.upper() for name, greek in _LOWER.items() if name.capitalize() in GREEK}
)
ACCENTS: Mapping[str, str] = MappingProxyType(
    {"hat": "\u0302", "bar": "\u0304", "tilde": "\u0303", "overline": "\u0305", "dot": "\u0307", "vec": "\u20d7"}
)
_PLAIN_RAISED = "0123456789+-−=()abcdefghijklmnoprstuvwxyzTᵀ′"
_AS_RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻᵀᵀ′"
RAISED: Mapping[str, str] = MappingProxyType(dict(zip(_PLAIN_RAISED, _AS_RAISED, strict=True)))
LOWERED: Mapping[str, str] = MappingProxyType(
    dict(zip("0123456789+-−=()aehijklmnoprstuvx,", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ,", strict=True))
)
_BINARY = frozenset("odot circ oslash cdot times to in ne le ge".split())
_KEPT = frozenset("bm mathbf mathbfit mathit mathrm operatorname text textit boldsymbol mathbb ensuremath".split())
_SILENT = frozenset("left right limits nolimits brk brkin brkp brkeq displaystyle".split())


def unicode(e: Expr, printer: Printer | None = None) -> str:
    """An expression as terminal text; shapes and break marks are left to the caller."""
    return from_latex((printer or Printer()).expr(e))


def from_latex(tex: str) -> str:
    """The printer's LaTeX as Unicode text; a command it does not know keeps its name."""
    text = _Reader(_TOKEN.findall(tex)).sequence()
    return re.sub(r" +", " ", text).replace("( ", "(").replace(" )", ")").strip()


class _Reader:
    """Reads a list of tokens from the left."""

    def __init__(self, tokens: list[str]) -> None:
        self.tokens, self.at = tokens, 0

    def sequence(self) -> str:
        """Everything up to the closing brace of this group."""
        parts: list[str] = []
        while self.at < len(self.tokens) and self.tokens[self.at] != "}":
            parts.append(self._item())
        return "".join(parts)

    def _item(self) -> str:
        token = self._next()
        if token == "{":
            return self._rest_of_group()
        if token in "^_":
            return _script(self._argument(), token)
        if token.startswith("\\"):
            return self._command(token[1:])
        return " " if token.isspace() else "−" if token == "-" else token

    def _command(self, name: str) -> str:
        if name in ACCENTS:
            return _accented(self._argument(), ACCENTS[name])
        if name in ("frac", "tfrac", "dfrac"):
            return _fraction(self._argument(), self._argument())
        if name == "sqrt":
            return f"√{_wrapped(self._argument())}"
        if name == "sh":  # a factor with its shape
            factor, _ = self._argument(), self._argument()
            return factor
        if name in _KEPT:
            return self._argument()
        if name in SIGNS:
            self._skip_space()
            return SIGNS[name] + (" " if name in _BINARY else "")
        return self._plain_command(name)

    def _plain_command(self, name: str) -> str:
        spaced = name.isalpha() and self._skip_space()
        if name in _SILENT or re.fullmatch(r"(?:big|Big|bigg)[lr]", name) or name == "!":
            return ""
        if name == "|":
            return "‖"
        if name.isalpha():  # a function's name: log p
            return f"{name} " if spaced else name
        return name if name in "{}#%&_$" else " "

    def _argument(self) -> str:
        self._skip_space()
        return self._item() if self.at < len(self.tokens) else ""

    def _skip_space(self) -> bool:
        """TeX reads no space after a command's name; whether there was one."""
        before = self.at
        while self.at < len(self.tokens) and self.tokens[self.at].isspace():
            self.at += 1
        return self.at > before

    def _rest_of_group(self) -> str:
        inside = self.sequence()
        self.at += 1
        return inside

    def _next(self) -> str:
        self.at += 1
        return self.tokens[self.at - 1]


def _script(text: str, mark: str) -> str:
    """Raised or lowered characters where Unicode has them all; `^(…)` or `_…` otherwise."""
    known = RAISED if mark == "^" else LOWERED
    tight = text.replace(" ", "")
    if all(c in known for c in tight):
        return "".join(known[c] for c in tight)
    return f"{mark}{tight}" if len(tight) <= 2 else f"{mark}({tight})"


def _accented(text: str, accent: str) -> str:
    return "".join(c + accent for c in text) if accent == ACCENTS["overline"] else text + accent


def _fraction(top: str, bottom: str) -> str:
    """½, ∂L/∂W, and anything else in parentheses, since what follows multiplies the whole."""
    if top.startswith("∂") and bottom.startswith("∂"):
        return f"{top}/{bottom}"
    known = {("1", "2"): "½", ("1", "3"): "⅓", ("1", "4"): "¼"}
    return known.get((top, bottom), f"({_wrapped(top)}/{_wrapped(bottom)})")


def _wrapped(text: str) -> str:
    """Parentheses around anything with an operator or a space outside parentheses."""
    return f"({text})" if re.search(r"[ +−·⊙]", re.sub(r"\([^()]*\)", "", text)) else text
