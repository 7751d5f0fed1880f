"""Presentation trees as one line of Unicode, `W⁽¹⁾ᵀ z̄₁`: what a terminal shows of a formula.

What stands in two dimensions on a page stands in one here, so a fraction gets the brackets that its bar was:
x/(2(v + 1)).  A line is made of marks; before some of them it may break (`solgen.render.terminal_chains`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import assert_never

from solgen.expr.present.gradient_symbols import PARTIAL
from solgen.expr.present.letters import CLOSE
from solgen.expr.present.piece import leading
from solgen.expr.present.tree import (
    APPLY,
    MINUS,
    TIMES,
    Accent,
    Authored,
    BigOperator,
    Cases,
    CrossReference,
    Direction,
    Dots,
    Fence,
    FenceKind,
    Fitted,
    Fraction,
    Framed,
    Identifier,
    Node,
    Number,
    Operator,
    Root,
    RouteMark,
    Row,
    Script,
    Shaped,
    Space,
    Table,
    Text,
)
from solgen.render.author import author_formula
from solgen.render.glyphs import SIGNS, VULGAR, add_accent, compose_letters, letters_of, lower_leaves, raise_leaves
from solgen.render.marks import GAP, BreakPlace, Mark, Marks, text_of, trim_gaps

FENCES: Mapping[FenceKind, tuple[str, str]] = MappingProxyType(
    {"round": ("(", ")"), "square": ("[", "]"), "curly": ("{", "}"), "bars": ("|", "|"), "norm": ("‖", "‖"),
     "angle": ("⟨", "⟩")}
)  # fmt: skip
DOTS: Mapping[Direction, str] = MappingProxyType(
    {"low": "…", "between": "⋯", "across": "⋯", "down": "⋮", "diagonal": "⋱"}
)
WEAKEST: Mapping[str, int] = MappingProxyType({"+": 0, MINUS: 0, "⊙": 1, "⊘": 1, "∘": 1, "·": 1, "×": 1})
TIGHTEST = 2  # the rank of a place between factors, and before any other sign


def one_line(node: Node) -> str:
    """The formula in one line."""
    return text_of(marks_of(node))


def marks_of(node: Node) -> Marks:
    """The line as marks, with one gap at most between two of them and none around."""
    return trim_gaps(_marks(node, 0))


def flat_items(node: Node) -> tuple[Node, ...]:
    """What stands side by side in a row, and in the rows in it; a shape beneath a factor is left out."""
    match node:
        case Row(items):
            return tuple(inner for item in items for inner in flat_items(item))
        case Shaped(body) | Framed(body) | Fitted(body):
            return flat_items(body)
        case _:
            return (node,)


# ---------------------------------------------------------------- nodes


def _marks(node: Node, depth: int) -> Iterator[Mark]:
    match node:
        case Identifier():
            yield Mark(letters_of(node))
        case Number(digits):
            yield Mark(digits)
        case Operator():
            yield from _operator(node, depth)
        case Text(words):
            yield Mark(words)
        case Space(width):
            yield Mark("") if width == "negative" else GAP
        case Dots(direction):
            yield from (GAP, Mark(DOTS[direction]), GAP) if direction == "between" else (Mark(DOTS[direction]),)
        case Authored(tex):
            yield Mark(author_formula(tex))
        case CrossReference(kind, number):
            yield Mark(f"({number})" if kind == "equation" else f"rule {number}")
        case RouteMark():
            yield Mark("")
        case Row() | Shaped() | Framed() | Fitted():
            yield from beside(flat_items(node), depth)
        case Fraction():
            yield from _fraction(node, depth)
        case Root(body):
            yield from (Mark("√"), *_wrap(body, depth, _is_one(body)))
        case Script(base, sub, sup):
            yield from _attach_scripts(base, sub, sup, depth)
        case Accent(body, mark):
            yield Mark(add_accent(one_line(body), mark))
        case Fence(body, kind):
            left, right = FENCES[kind]
            yield from (Mark(left), *trim_gaps(_marks(body, depth + 1)), Mark(right))
        case BigOperator(sign, under, over):
            yield from (Mark(SIGNS[sign] + _below(under) + _above(over)), GAP)
        case Table(cells, kind):
            left, right = FENCES[kind]
            yield Mark(left + " ; ".join(" ".join(map(one_line, row)) for row in cells) + right)
        case Cases(lines):
            yield Mark("{ " + " ; ".join(f"{one_line(value)} {one_line(condition)}" for value, condition in lines))
        case _:
            assert_never(node)


def beside(items: Sequence[Node], depth: int) -> Iterator[Mark]:
    """Nodes side by side; a fraction among factors stands in brackets."""
    for k, item in enumerate(items):
        before, after = items[k - 1] if k else None, items[k + 1] if k + 1 < len(items) else None
        if isinstance(item, Fraction) and not _stands_alone(item, before, after):
            yield from (Mark("("), *trim_gaps(_marks(item, depth + 1)), Mark(")"))
        elif item == CLOSE and _would_join(before, after):
            yield GAP
        elif not (isinstance(item, Operator) and item.sign == APPLY and _is_bare_operator(before)):
            yield from _marks(item, depth)


def _would_join(before: Node | None, after: Node | None) -> bool:
    """Whether two letters without a space between them would be one name: ȳx."""
    numeral = isinstance(before, Number) or (isinstance(before, Fraction) and _vulgar(before) is not None)
    opens = after is not None and isinstance(leading(after), Fence)
    return not numeral and not opens


def _stands_alone(item: Fraction, before: Node | None, after: Node | None) -> bool:
    """Whether a fraction needs no brackets: at the end of a term, as ½, and as ∂y/∂x where no factor follows."""
    if is_partial_derivative(item):
        return not (isinstance(after, Operator) and after.sign == TIMES)
    return (_ends(before) and _ends(after)) or is_unit(item)


def _ends(node: Node | None) -> bool:
    """Whether a term ends here: at a plus, a relation, a comma, and where the row does."""
    match node:
        case None:
            return True
        case Operator(sign, spacing):
            return spacing in ("relation", "comma") or sign in ("+", MINUS, ",", ";", ":")
        case _:
            return False


def _is_bare_operator(node: Node | None) -> bool:
    """∂ and ∇ stand close to what they are applied to."""
    return isinstance(node, Identifier) and node.letters in "∂∇"


def _operator(node: Operator, depth: int) -> Iterator[Mark]:
    """A sign with its room; the line may break before it."""
    sign = SIGNS.get(node.sign, node.sign)
    match node.spacing:
        case "none":
            yield Mark(sign)
        case "thin":
            yield GAP
            if node.sign == TIMES:
                yield Mark("", BreakPlace(depth, TIGHTEST))
        case "binary" | "relation" | "newline":
            yield from (GAP, Mark(sign, BreakPlace(depth, WEAKEST.get(node.sign, TIGHTEST))), GAP)
        case "comma":
            yield from (Mark(sign), GAP)
        case _:
            assert_never(node.spacing)


# ---------------------------------------------------------------- fractions and roots


def is_partial_derivative(node: Fraction) -> bool:
    """Whether it is ∂y/∂x, which people write and read without brackets."""
    return all(_begins_with_partial(side) for side in (node.top, node.bottom))


def _begins_with_partial(node: Node) -> bool:
    return leading(node) == PARTIAL


def is_unit(node: Fraction) -> bool:
    """Whether the fraction needs no brackets among factors: ½, ∂y/∂x."""
    return is_partial_derivative(node) or _vulgar(node) is not None


def _vulgar(node: Fraction) -> str | None:
    match node:
        case Fraction(Number(top), Number(bottom)):
            return VULGAR.get((top, bottom))
        case _:
            return None


def _fraction(node: Fraction, depth: int) -> Iterator[Mark]:
    found = _vulgar(node)
    if found is not None:
        yield Mark(found)
    elif is_partial_derivative(node):
        sides = (_marks(side, depth) for side in (node.top, node.bottom))
        yield Mark("/".join("".join(m.text for m in side if m != GAP) for side in sides))
    else:
        yield from _wrap(node.top, depth, _is_close(node.top))
        yield Mark("/")
        yield from _wrap(node.bottom, depth, _is_one(node.bottom))


def _wrap(node: Node, depth: int, bare: bool) -> Iterator[Mark]:
    """The node, in parentheses unless it is fit to stand without."""
    if bare:
        yield from trim_gaps(_marks(node, depth))
    else:
        yield from (Mark("("), *trim_gaps(_marks(node, depth + 1)), Mark(")"))


def _is_one(node: Node) -> bool:
    """Whether a reader takes it for one thing wherever it stands: a name, a number, what is in brackets, f(x)."""
    items = flat_items(node)
    match items:
        case (Fraction() as only,):
            return _vulgar(only) is not None
        case (Cases() | BigOperator(),):
            return False
        case () | (_,) | (_, Operator(sign="\N{FUNCTION APPLICATION}", spacing="none"), Fence()):
            return True
        case _:
            return False


def _is_close(node: Node) -> bool:
    """Whether nothing in it stands apart: one thing, or factors without a space, 2x."""
    items = flat_items(node)
    close = (item for item in items if isinstance(item, Operator))
    loose = any(op.spacing != "none" for op in close) or items[:1] == (Operator(MINUS, "none"),)
    parts = [item for item in items if not isinstance(item, Operator)]
    return not loose and (_is_one(node) or all(_is_one(part) for part in parts))


# ---------------------------------------------------------------- scripts


def _attach_scripts(base: Node, sub: Node | None, sup: Node | None, depth: int) -> Iterator[Mark]:
    """A base with its scripts; a fraction or a row of factors is raised in parentheses."""
    yield from _wrap(base, depth, _is_one(base))
    yield Mark(scripts_of(sub, sup))


def scripts_of(sub: Node | None, sup: Node | None) -> str:
    """A subscript and a superscript, as they follow their base."""
    return _below(sub) + _above(sup)


def _below(node: Node | None) -> str:
    if node is None:
        return ""
    leaves = _leaves(node)
    known = lower_leaves(leaves) if leaves is not None else None
    if known is not None:
        return known
    items = flat_items(node)
    if any(isinstance(item, Operator) and item.sign in (",", ":") for item in items):
        return f"[{''.join(', ' if item == COMMA else _tight(item) for item in items)}]"
    return f"_{_tight(node)}" if _is_short(node) else f"_({_tight(node)})"


def _above(node: Node | None) -> str:
    if node is None:
        return ""
    leaves = _leaves(node)
    known = raise_leaves(leaves) if leaves is not None else None
    if known is not None:
        return known
    return f"^{_tight(node)}" if _is_short(node) else f"^({_tight(node)})"


COMMA = Operator(",", "none")


def _leaves(node: Node) -> tuple[str, ...] | None:
    """The letters, digits and signs of a script that has nothing else; None of one that has."""
    match node:
        case Identifier():
            return (letters_of(node),)
        case Number(digits):
            return (digits,)
        case Authored(tex):
            return (author_formula(tex),)
        case Operator(sign):
            return (SIGNS.get(sign, sign),)
        case Space():
            return ()
        case Row(items):
            found = [_leaves(item) for item in items]
            return None if None in found else tuple(leaf for leaves in found if leaves for leaf in leaves)
        case Fence(body, "round"):
            inside = _leaves(body)
            return None if inside is None else ("(", *inside, ")")
        case _:
            return None


def _tight(node: Node) -> str:
    """A script without its gaps."""
    return compose_letters("".join(mark.text for mark in marks_of(node) if mark != GAP))


def _is_short(node: Node) -> bool:
    """Whether a script that stays on the line needs no parentheses: one thing, with a sign before it perhaps."""
    items = flat_items(node)
    match items:
        case (Operator(spacing="none"), Identifier() | Number()):
            return True
        case _:
            return all(not isinstance(item, Operator | Fraction | Fence) for item in items)
