r"""An author's prose with its references filled in: `[[W1]]`, `[[dL/dW1]]`, `[[eq z1]]`, inside and outside `$…$`.

Outside mathematics a reference brings its own dollars; inside it does not.  Everything a reference prints comes
from the derivation's trees, so prose cannot disagree with the solution.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import NoReturn, assert_never

from solgen.document.forward_pass import declarations
from solgen.document.quantities import in_line_node
from solgen.document.verbs.evaluate import given_values, stated_value
from solgen.document.voice import Voice, equation_number
from solgen.errors import Diagnostic, InputError
from solgen.expr import applied
from solgen.expr.nodes import Adj, Entry, Expr, Idx, Index, Var, shape
from solgen.expr.present.inline import slash_derivative
from solgen.expr.present.letters import join_row
from solgen.expr.present.sizes import shape_node
from solgen.expr.present.tree import Node, Operator, Row
from solgen.expr.size import Size
from solgen.expr.walk import position, variables
from solgen.model.derivation import AdjointBlock, Contribution
from solgen.model.problem import Equation, Model, NameRef, Prose, Reference
from solgen.model.quantity import Computed, Number
from solgen.render.chains import equate
from solgen.render.words import Display, Formula, Gathered, Inserted, Phrase, Typed, Words
from solgen.written.prose import Mode, advance_mode

ONE = Size.of(1)
Place = str | int | tuple[int | str | None, int | str | None] | None  # an index as the file writes it


@dataclass(frozen=True, slots=True)
class Citable:
    """What references may cite: a voice, the model, the forward pass with introduced names, the gradients.

    `numbers` are those that the file gives, `values` what was computed from them.
    """

    voice: Voice
    model: Model
    forward: tuple[Equation, ...]
    adjoints: Mapping[Adj, AdjointBlock]
    numbers: Mapping[str, Number] = field(default_factory=dict)
    values: Computed | None = None

    @property
    def variables(self) -> dict[str, Var]:
        return {q.var.name: q.var for q in self.forward} | self.model.variables


def prose(pieces: Prose, source: Citable) -> Words:
    """The text with every reference filled in; raises InputError, with the place, where one leads nowhere."""
    mode = Mode()
    out: list[Phrase] = []
    for piece in _strip(pieces):
        if isinstance(piece, str):
            out += _after(out.pop() if out else None, piece)
            mode = advance_mode(mode, piece)
        else:
            shown = _fill_reference(piece, source, mode.math, out[-1] if out else None)
            source.voice.ledger.record_reference(piece.span, Words(shown))
            out += shown
    return Words(tuple(phrase for phrase in out if phrase != Typed("")))


def _strip(pieces: Prose) -> Prose:
    """The text without the space around it."""
    if not pieces:
        return ()
    *before, last = pieces
    ended = (*before, last.rstrip() if isinstance(last, str) else last)
    first, *rest = ended
    return (first.lstrip() if isinstance(first, str) else first, *rest)


def _after(before: Phrase | None, text: str) -> tuple[Phrase, ...]:
    """A text behind what stands before it; a mark that ends the sentence stands in a display, not on a line alone."""
    match before:
        case None:
            return (Typed(text),)
        case Display(items) if mark := re.match(r"[.,;:]", text):
            return Display(items, mark[0]), Typed(text[1:])
        case _:
            return before, Typed(text)


# ---------------------------------------------------------------- one reference


def _fill_reference(r: Reference, s: Citable, math: bool, before: Phrase | None) -> tuple[Phrase, ...]:
    match r.kind:
        case "ref":
            return (_number(r, s),)
        case "model" | "model equations":
            return _model(r, s, math)
        case "numbers":
            return _numbers(s, math)
        case "value":
            return (_number_of(r, s, math, before),)
        case _:
            left, *right = _formula(r, s)
            if math:
                return (Inserted(equate(left, *right)),)
            slash = right or r.kind == "symbol"
            return (Formula(equate(slash_derivative(left) if slash else left, *right)),)


def _formula(r: Reference, s: Citable) -> tuple[Node, ...]:
    """A formula, or the two sides of an equation."""
    match r.kind:
        case "symbol":
            return (s.voice.inline(_part_of(_symbol(r, s), _wrt(r).indices)) if r.of else _name(r, s),)
        case "result":
            return (s.voice.inline(_answer(_block(r, s))),)
        case "eq":
            return _equation(r, s)
        case "term":
            return (_term(r, s),)
        case "shape":
            return (shape_node(shape(_value(_wrt(r), s)) or (ONE, ONE)),)
        case _:
            _nowhere(r, f"`{r.kind}` is not something this document computes")


def _equation(r: Reference, s: Citable) -> tuple[Node, ...]:
    """Both sides: of a step of the forward pass, or of a result."""
    if r.of:
        block = _block(r, s)
        return tuple(map(s.voice.inline, (block.symbol, _answer(block))))
    equation = next((q for q in s.model.equations if q.var.name == _wrt(r).name), None)
    equation = equation or next((q for q in s.forward if q.var.name == _wrt(r).name), None)
    if equation is None:
        _nowhere(r, f"`{_wrt(r).name}` is declared, so it has no equation")
    return s.voice.plain_sides(equation)


def _term(r: Reference, s: Citable) -> Node:
    """What the paths through a name contribute, in the shortest form."""
    block = _block(r, s)
    found = _through(r.via, block, s)
    if not found:
        ways = ", ".join(f"`{q.var.name}`" for q in s.model.equations if _through(q.var.name, block, s))
        message = f"the paths from `{_wrt(r).name}` through `{r.via}` have no term of their own"
        _nowhere(r, message, f"there is a term via {ways}" if ways else "")
    return join_row(tuple(s.voice.inline(c.line.chain[-1]) for c in found), Operator("+"))


def _through(via: str, block: AdjointBlock, s: Citable) -> list[Contribution]:
    """The contributions of the uses in `via`; else of the uses from which every path runs through `via`."""
    direct = [c for c in block.contributions if c.via.name == via]
    of, past = block.symbol.of.name, _leading_to(block.symbol.of.name, s.forward, without=via)
    if direct or via == of:
        return direct
    before = _leading_to(via, s.forward)
    leading = [c for c in block.contributions if c.via.name in before]
    return [] if any(c.via.name in past for c in leading) else leading


def _leading_to(name: str, forward: tuple[Equation, ...], without: str = "") -> set[str]:
    """The names from which a path leads to this one, itself among them; not past `without`."""
    found = {name}
    for equation in reversed(forward):
        if equation.var.name in found:
            found |= {v.name for v in variables(equation.body)} - {without}
    return found


def _number(r: Reference, s: Citable) -> Phrase:
    place = s.voice.place(_symbol(r, s)) if r.of else s.voice.place(_wrt(r).name)
    number = s.voice.ledger.number_of(place)
    if not number and r.of:
        _nowhere(r, "no numbered line of the document derives this", "ask for it in a `gradients` item")
    if not number:
        shown = "show the forward pass with `[[model equations]]`, or derive a gradient of it"
        _nowhere(r, "the document does not display this equation", shown)
    return equation_number(number)


def _model(r: Reference, s: Citable, math: bool) -> tuple[Phrase, ...]:
    """The forward pass as a display; with what is declared, if asked."""
    if math:
        return (Gathered(tuple(map(s.voice.plain_equation, s.model.equations))),)
    equations = tuple(map(s.voice.breakable_equation, s.model.equations))
    lines = (_display(declarations(s.voice, s.model)),) if r.kind == "model" else ()
    numbers = tuple(s.voice.cited_number(q.var.name) for q in s.model.equations)
    return (*lines, Display(tuple(zip(equations, numbers, strict=True))))


def _numbers(s: Citable, math: bool) -> tuple[Phrase, ...]:
    """The values that the file gives, as a display."""
    items = tuple(item.node for item in given_values(s.voice, s.model, s.numbers))
    return (Gathered(items) if math else _display(items),)


def _display(items: tuple[Node, ...]) -> Display:
    return Display(tuple((item, "") for item in items))


def _number_of(r: Reference, s: Citable, math: bool, before: Phrase | None) -> Phrase:
    """A value of the worked example; a rounded one is never said to be equal to anything."""
    name = _wrt(r)
    found = (s.values.by_name if s.values else {}).get(f"d{r.of}/d{name}" if r.of else name.name)
    if found is None and name.name in s.numbers and not r.of:
        found = stated_value(s.variables[name.name], s.numbers[name.name])
    if found is None:
        _nowhere(r, "this value was not computed")
    for i, length in zip(name.indices, found.extent, strict=False):
        found = found.entry(i % length) if isinstance(i, int) else found
    equal = isinstance(before, Typed) and before.tex.rstrip().endswith("=")
    if math and not found.exact and equal:
        _nowhere(r, "this value is rounded, so nothing is equal to it", r"write \approx before it")
    node = in_line_node(found)
    if math:
        return Inserted(node)
    return Formula(node if found.exact else Row((Operator("≈", "relation"), node)))


# ---------------------------------------------------------------- what a reference names


def _wrt(r: Reference) -> NameRef:
    if r.wrt is None:
        _nowhere(r, "this reference names nothing")
    return r.wrt


def _name(r: Reference, s: Citable) -> Node:
    """The symbol of a value, an entry of it, a function, a size or an index."""
    name = _wrt(r)
    if name.name in s.variables:
        return s.voice.inline(_value(name, s))
    return s.voice.presenter.name(name.name).node()


def _value(name: NameRef, s: Citable) -> Expr:
    """A value, a part of it, or a family's value at one sample: `x[i]` is x_i, `x[i, k]` its entry k."""
    var = s.variables[name.name]
    samples = len(var.at) if len(name.indices) in (len(var.at), len(var.at) + len(var.shape_)) else 0
    if samples:
        sizes = [i.size if isinstance(i, Idx) else Size.of(1) for i in var.at]
        chosen = zip(name.indices[:samples], sizes, var.at, strict=True)
        var = replace(var, at=tuple(_index(g, size) or own for g, size, own in chosen))
    return _part_of(var, name.indices[samples:])


def _part_of(array: Expr, positions: tuple[Place, ...]) -> Expr:
    """An entry, a row or a column of a value or of a gradient; the whole where no position is fixed."""
    sizes = shape(array)
    if len(positions) != len(sizes):
        return array
    kept = tuple(_index(i, size) for i, size in zip(positions, sizes, strict=True))
    match kept:
        case (row, None) if row is not None:
            return applied.pick_row(array, position(row))
        case (None, column) if column is not None:
            return applied.pick_col(array, position(column))
        case _:
            fixed = tuple(i for i in kept if i is not None)
            return Entry(array, fixed) if fixed and len(fixed) == len(sizes) else array


def _index(i: Place, size: Size) -> Index | None:
    match i:
        case int():
            return Size.of(i)
        case str():
            return Idx(i, size)
        case tuple() | None:
            return None
        case _:
            assert_never(i)


def _symbol(r: Reference, s: Citable) -> Adj:
    known = s.variables
    name, of = _wrt(r).name, r.of.name if r.of else ""
    if name not in known or of not in known:
        _nowhere(r, f"`{name if name not in known else of}` is not a name of the model")
    return Adj(known[of], known[name])


def _block(r: Reference, s: Citable) -> AdjointBlock:
    symbol = _symbol(r, s)
    found = s.adjoints.get(symbol)
    if found is None:
        _nowhere(r, f"the gradient of `{symbol.of.name}` at `{symbol.wrt.name}` was not derived")
    return found


def _answer(block: AdjointBlock) -> Expr:
    """The form prose cites: names only, where that is short enough to have been printed."""
    return block.final[0] if block.final else block.value


def _nowhere(r: Reference, message: str, hint: str = "") -> NoReturn:
    raise InputError([Diagnostic("dangling-reference", message, r.span, hint)])
