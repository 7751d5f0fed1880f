"""The letters and signs that formulas are made of, as nodes."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from solgen.expr.present.tree import APPLY, MINUS, TIMES, Identifier, Node, Number, Operator, Row

_LOWER = {
    "alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "epsilon": "ϵ", "varepsilon": "ε", "zeta": "ζ", "eta": "η",
    "theta": "θ", "iota": "ι", "kappa": "κ", "lambda": "λ", "mu": "μ", "nu": "ν", "xi": "ξ", "pi": "π", "rho": "ρ",
    "sigma": "σ", "tau": "τ", "upsilon": "υ", "phi": "ϕ", "varphi": "φ", "chi": "χ", "psi": "ψ", "omega": "ω",
}  # fmt: skip
_CAPITAL = {
    "Gamma": "Γ", "Delta": "Δ", "Theta": "Θ", "Lambda": "Λ", "Xi": "Ξ", "Pi": "Π", "Sigma": "Σ", "Upsilon": "Υ",
    "Phi": "Φ", "Psi": "Ψ", "Omega": "Ω",
}  # fmt: skip
GREEK: Mapping[str, str] = MappingProxyType(_LOWER | _CAPITAL)

TOP = Operator("⊤", "none")
PRIME = Operator("′", "none")
PREFIX_MINUS = Operator(MINUS, "none")
APPLIED = Operator(APPLY, "none")  # f of (x): the brackets show it
APPLIED_BARE = Operator(APPLY, "thin")  # log x
CLOSE = Operator(TIMES, "none")  # 2x: nothing between a number and what it multiplies
APART = Operator(TIMES, "thin")  # a b: a thin space, where a line cannot break
COLON = Operator(":", "none")
COMMA = Operator(",", "none")  # within a subscript
LISTED = Operator(",", "comma")  # between arguments
ONE = Number("1")


def row(*items: Node) -> Node:
    """The nodes side by side; one alone is itself."""
    return items[0] if len(items) == 1 else Row(items)


def join_row(items: tuple[Node, ...], between: Operator) -> Node:
    """The nodes side by side, with a sign between each and the next."""
    spread = [part for item in items for part in (between, item)]
    return row(*spread[1:])


def function_name(name: str) -> Identifier:
    """The sign of a function: one letter in italics, a word upright."""
    return Identifier(name) if len(name) == 1 else Identifier(name, "function")


def is_letter(node: Node) -> bool:
    """Whether a node is one Latin letter, so that another may stand right beside it: `W_{ij}`."""
    match node:
        case Identifier(letters, "italic"):
            return len(letters) == 1 and letters.isascii() and letters.isalpha()
        case _:
            return False
