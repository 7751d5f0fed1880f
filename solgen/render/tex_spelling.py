r"""What LaTeX and the mathtext of figures share: the names of letters and signs, and the space around signs.

σ is `\sigma`, ⊙ is `\odot`; a command that a letter would follow needs a space between.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import assert_never

from solgen.expr.present.letters import GREEK
from solgen.expr.present.tree import (
    APPLY,
    TIMES,
    Dots,
    Fence,
    Identifier,
    Node,
    Operator,
    Row,
    Space,
    Table,
    Text,
    Width,
)

LETTERS: Mapping[str, str] = MappingProxyType(
    {letter: f"\\{name}" for name, letter in GREEK.items()} | {"ℓ": r"\ell", "∂": r"\partial", "∇": r"\nabla"}
)
COMMANDS: Mapping[str, str] = MappingProxyType({
    "⊙": r"\odot", "∘": r"\circ", "⊘": r"\oslash", "⊗": r"\otimes", "⋆": r"\star", "∗": r"\ast", "·": r"\cdot",
    "×": r"\times", "⊤": r"\top", "′": r"\prime", "≥": r"\ge", "≤": r"\le", "≠": r"\ne", "≈": r"\approx", "∈": r"\in",
    "→": r"\to", "∑": r"\sum",
})  # fmt: skip
SIGNS: Mapping[str, str] = MappingProxyType(
    {**COMMANDS, **{c: c for c in "+=<>,;:/"}, "#": r"\#", "−": "-", TIMES: "", APPLY: ""}
)
FUNCTIONS = frozenset(
    r"\sin \cos \tan \arcsin \arccos \arctan \sinh \cosh \tanh \exp \log \max \min \det".split()
)  # that TeX has
SPACES: Mapping[Width, str] = MappingProxyType({"negative": r"\!", "thin": r"\, ", "thick": r"\;", "quad": r"\quad "})


def letter(letters: str) -> str:
    """A letter, a Greek letter, or a word, in italics."""
    if letters in LETTERS:
        return LETTERS[letters]
    if letters.isascii():
        return letters if len(letters) == 1 else rf"\mathit{{{letters}}}"
    return rf"\text{{\textit{{{letters}}}}}"


def spell_function(letters: str) -> str:
    """The upright name of a function, by its command where TeX has one."""
    return f"\\{letters}" if has_command(letters) else rf"\operatorname{{{letters}}}"


def has_command(letters: str) -> bool:
    """Whether TeX has a command for a function of this name."""
    return f"\\{letters}" in FUNCTIONS


def is_function(node: Node) -> bool:
    r"""Whether a power of this stands before an argument; it is written as people do, `\\tanh^2(x)`."""
    return isinstance(node, Identifier) and node.variant == "function"


def operator(node: Operator, before: str = "") -> str:
    """A sign with the space around it; `before` stands directly before the sign."""
    match node.spacing:
        case "none":
            return before + SIGNS[node.sign]
        case "thin":
            return (" " if node.sign == APPLY else r"\,") + before
        case "binary" | "relation":
            sign = SIGNS[node.sign]
            return f"{before} {sign} " if node.sign in COMMANDS else f" {before}{sign} "
        case "newline":
            return f"\n{{}}{SIGNS[node.sign]} "
        case "comma":
            return f"{SIGNS[node.sign]} "
        case _:
            assert_never(node.spacing)


def beside(items: Sequence[Node], texts: Sequence[str]) -> str:
    """The texts of nodes side by side, with a space where a command would swallow what follows, and before a matrix."""
    out = list(texts[:1])
    for left, right, text in zip(items, items[1:], texts[1:], strict=False):
        swallows = _ends_in_command(left) and not isinstance(right, Operator | Space | Fence)
        if swallows or (isinstance(right, Table) and not isinstance(left, Operator)):
            out.append(" ")
        out.append(text)
    return "".join(out)


def _ends_in_command(node: Node) -> bool:
    match node:
        case Identifier(letters, "italic"):
            return letters in LETTERS
        case Identifier(letters, "function"):
            return has_command(letters)
        case Operator(sign, "none"):
            return sign in COMMANDS
        case Row((*_, last)):
            return _ends_in_command(last)
        case Dots(direction):
            return direction != "between"
        case Text():
            return True
        case _:
            return False
