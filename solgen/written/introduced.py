"""What a line introduces before its first sign: a letter or a word that is no name yet, f(x), ∂J/∂v, ∇J, dW.

It has no value here, and is said to be new: who reads on knows that nothing is checked of it.
"""

from __future__ import annotations

from solgen.written.calls import is_bracket
from solgen.written.data import NewName
from solgen.written.derivatives import is_derivative, is_nabla
from solgen.written.reads import Reads
from solgen.written.spelling import glyph_of
from solgen.written.syntax import Fraction, Items, Letter, Node, Scripted, Sign


def read_new_name(r: Reads, items: Items) -> NewName | None:
    """The new name that stands there; None of anything else."""
    match items:
        case (node,) if new := _new(r, node):
            return NewName(new)
        case (node, bracket) if is_bracket(bracket) and (new := _new(r, node)):
            return NewName(f"{new}(…)")
        case (Fraction(top, bottom), *_) if is_derivative(top, bottom):
            return _derivative(r, top, (*top[1:], *items[1:]))
        case (Sign("∂"), *above, Sign("/"), Sign("∂"), _) if above:
            return _derivative(r, items, tuple(above))
        case (nabla, node, *rest) if is_nabla(nabla) and all(map(is_bracket, rest)):
            return NewName(f"∇{new}") if (new := _new(r, node)) else None
        case (_, _, *_) if all(isinstance(_letter(item), Letter) for item in items):
            return NewName("".join(map(_text, items))) if any(_new(r, item) for item in items) else None
        case _:
            return None


def _derivative(r: Reads, signs: Items, of: Items) -> NewName | None:
    """A derivative of a new name, or of a formula that is no name."""
    if len(of) == 1 and glyph_of(of[0]) is not None:
        new = _new(r, of[0])
        return NewName(f"{_sign_of(signs[0])}{new}") if new else None
    return NewName(f"{_sign_of(signs[0])}(…)") if of else None


def _sign_of(node: Node) -> str:
    return "∂" if isinstance(_letter(node), Sign) else "d"


def _new(r: Reads, node: Node) -> str:
    """How a node is called that is no name of the document; empty where it is one, or nothing that could be one."""
    glyph = glyph_of(node)
    if glyph is None or not glyph.letter[:1].isalpha():
        return ""
    looks = r.names.at(glyph.letter, glyph.marks)
    if any((look.sub, look.sup) == (glyph.sub, glyph.sup) for look in looks):
        return ""
    return glyph.letter + "".join(glyph.sub) + "".join(glyph.sup)


def _letter(node: Node) -> Node:
    return node.base if isinstance(node, Scripted) else node


def _text(node: Node) -> str:
    inner = _letter(node)
    return inner.text if isinstance(inner, Letter) else ""
