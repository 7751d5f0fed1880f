"""What the signs of a document mean: a sentence for each sign of ours that stands on its pages, in every product.

The signs are found on the pages themselves, in their presentation trees, so that the handout and the key define what
they use.  What everybody reads alike needs none (`KNOWN`); a sign that neither is known nor has a sentence here stops
the build (`solgen.build.undefined`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from solgen.expr.defined import VECTORS, definition_of, placeholders
from solgen.expr.nodes import Apply, Delta, Expr, Idx, Position, Var
from solgen.expr.ops import ROWS, TABLE, Trait
from solgen.expr.ops.presentation import Around, Directed, Infix, NamedFunction, Textbook
from solgen.expr.ops.row import Elementwise
from solgen.expr.ops.row import Row as Operation
from solgen.expr.ops.structure import basis
from solgen.expr.present.function_forms import INDICATOR
from solgen.expr.present.letters import APPLIED, LISTED, ONE, PREFIX_MINUS, function_name, join_row
from solgen.expr.present.ones import ONES, ZEROS
from solgen.expr.present.presenter import Presenter
from solgen.expr.present.signs import CROSS_ENTROPY, EXPONENTIAL, IDENTITY, KRONECKER, PI, UNIT
from solgen.expr.present.tree import (
    BigOperator,
    Datum,
    Fence,
    Identifier,
    Node,
    Number,
    Operator,
    Row,
    Script,
    Shows,
    Space,
    map_children,
    showing,
)
from solgen.expr.size import Size
from solgen.expr.walk import nodes
from solgen.model.noun_walk import is_noun, parts
from solgen.render.words import Formula, Words, words

Sign = Node  # an identifier, a sign between operands, the bars of a norm, a name with its direction
EVERYBODYS: frozenset[Node] = frozenset(
    {*map(Identifier, "∂∇"), Identifier("R", "double-struck"), EXPONENTIAL.letter, PI.letter, PI.word,
     Identifier("ln", "function")}
)  # fmt: skip
ABOVE = Operator(";", "none")
NORM = Fence(Row(()), "norm")
INVERSE = Row((PREFIX_MINUS, ONE))  # raised above a function: the function that undoes it
DIRECTIONS = {"rows": "row", "cols": "column"}
BETWEEN: Mapping[str, str] = MappingProxyType(
    {"⊙": "is the entrywise product", "∘": "is the entrywise product", "⊘": "is the entrywise quotient"}
)
CALLED = (Textbook.EXPONENTIAL, Textbook.LOGARITHM, Textbook.ROOT)
EACH_ENTRY = words("Functions of a number act on each entry of an array.")
N = Size.of("n")


@dataclass(frozen=True, slots=True)
class DefinitionPlace:
    """A problem whose signs are defined: its number, its page, the letters that its names take."""

    number: str
    page: object
    taken: frozenset[str]


def definitions(places: Iterable[DefinitionPlace]) -> tuple[Words, ...]:
    """A sentence for each sign that stands in these places; where another place has a name that is written so, the
    sentence says where it holds."""
    places = tuple(places)
    taken = frozenset(letter for place in places for letter in place.taken)
    found: dict[Words, list[DefinitionPlace]] = {}
    signs: dict[Words, Sign] = {}
    for place in places:
        for sign in _close_over(signs_on(place.page), place.taken, taken):
            for sentence in _sentences(sign, place.taken, taken):
                found.setdefault(sentence, []).append(place)
                signs[sentence] = sign
    said = tuple(_name_problems(sentence, signs[sentence], found[sentence], places) for sentence in found)
    return (*said, EACH_ENTRY) if any(_spreads(place.page) for place in places) else said


def _spreads(thing: object) -> bool:
    """Whether a scalar function of an array stands on a page: tanh(z) of a vector."""
    return any(
        isinstance(e, Apply) and e.shape_ and isinstance(row := TABLE[e.op], Elementwise) and _is_called(row)
        for e in shown_in(thing)
    )


def _is_called(row: Elementwise) -> bool:
    return isinstance(row.presentation, NamedFunction) or row.presentation in CALLED


def _name_problems(
    sentence: Words, sign: Sign, own: list[DefinitionPlace], places: tuple[DefinitionPlace, ...]
) -> Words:
    contested = isinstance(sign, Identifier) and any(sign.letters in place.taken for place in places)
    numbers = [place.number for place in own if place.number]
    if not contested or not numbers:
        return sentence
    plural = "s" if len(numbers) > 1 else ""
    return words(f"In problem{plural} {', '.join(numbers)} ", sentence)


def _close_over(signs: Iterable[Sign], own: frozenset[str], taken: frozenset[str]) -> tuple[Sign, ...]:
    """The signs with those by which they are defined."""
    found: dict[Sign, None] = {}
    waiting = list(dict.fromkeys(signs))
    while waiting:
        sign = waiting.pop(0)
        if sign in found or sign in KNOWN or (isinstance(sign, Identifier) and sign.letters in own):
            continue
        found[sign] = None
        waiting += [inner for sentence in _sentences(sign, own, taken) for inner in signs_on(sentence)]
    return tuple(found)


# ---------------------------------------------------------------- the signs of a page


def signs_on(thing: object) -> Sequence[Sign]:
    """The signs in all trees of a page, in reading order, each as often as it stands there."""
    signs: list[Sign] = []
    _gather(thing, signs)
    return signs


def _gather(thing: object, signs: list[Sign]) -> None:
    """Append the signs of a thing."""
    match thing:
        case str() | int() | None | Expr() | Datum() | Size():
            return
        case tuple():
            for item in thing:
                _gather(item, signs)
        case Identifier():
            signs.append(Identifier(thing.letters, thing.variant))
        case Operator(sign):
            signs.append(Operator(sign, "none"))
        case Script():
            _gather_script(thing, signs)
        case Fence(body, kind):
            if kind == NORM.kind:
                signs.append(NORM)
            _gather(body, signs)
        case _ if is_noun(thing):
            for part in parts(thing):
                _gather(part, signs)
        case _:
            return


def _gather_script(script: Script, signs: list[Sign]) -> None:
    """Append the signs of a base with its scripts; a function with its direction, number or inverse is one sign."""
    match script:
        case Script(Identifier(variant="function") as name, Identifier(letters, "upright") as way, above) if (
            letters in DIRECTIONS
        ):
            signs += [Script(name, way), name]
            _gather(above, signs)
        case Script(Identifier(variant="function") as name, Number() as below, above):
            signs.append(Script(name, below))
            _gather(above, signs)
        case Script(Identifier(variant="function") as name, None, above) if above == INVERSE:
            signs.append(Script(name, None, INVERSE))
        case Script(Fence(body, NORM.kind), Number() as below, above):
            signs.append(Script(NORM, below))
            _gather((body, above), signs)
        case _:
            for part in parts(script):
                _gather(part, signs)


def shown_in(thing: object) -> Iterator[Expr]:
    """The formulas that stand on a page, and what is in them, each once, as far as its trees say what they show."""
    found: dict[Expr, None] = {}
    for one in _formulas_on(thing):
        if one not in found:
            found.update(dict.fromkeys(nodes(one)))
    return iter(found)


def _formulas_on(thing: object) -> Iterator[Expr]:
    """The formulas that the trees of a page show."""
    if isinstance(thing, Shows) and isinstance(thing.shows, Expr):
        yield thing.shows
    elif not isinstance(thing, str | Datum):
        for part in parts(thing):
            yield from _formulas_on(part)


# ---------------------------------------------------------------- what a sign means


def _sentences(sign: Sign, own: frozenset[str], taken: frozenset[str]) -> Iterator[Words]:
    """What is said of a sign; nothing of what is no sign of ours."""
    presenter = Presenter(taken=own)
    match sign:
        case Operator(between) if between in BETWEEN:
            yield words(Formula(sign), f" {BETWEEN[between]}.")
        case Script(name, Identifier(way)) if way in DIRECTIONS:
            yield words(Formula(Script(name, Identifier(way, "upright"))), f" acts on one {DIRECTIONS[way]} at a time.")
        case _ if sign in _LETTERS:
            yield words(*_LETTERS[sign](presenter, taken))
        case _:
            for row in _NAMED.get(sign, ()):
                yield _define(row, presenter, taken)


def _define(row: Operation, presenter: Presenter, taken: frozenset[str]) -> Words:
    """`σ(u) = 1/(1 + e⁻ᵘ).`, or `diag(v) is the diagonal matrix with these entries.`"""
    app = placeholders(row, taken)
    found = None if row.means else definition_of(row, app, taken)
    if found is None:
        means = row.means or f"{row.doc[:1].lower()}{row.doc[1:].rstrip('.')}"
        return words(Formula(showing(presenter.inline(app), None)), f" is {means}.")  # a sign, no claim
    left, right = (without_ranges(presenter.inline(e)) for e in found)
    return words(Formula(Row((left, Operator("=", "relation"), right))), ".")


def without_ranges(node: Node) -> Node:
    """Sums over all entries without first and last, so that a definition needs no size of its own."""
    match node:
        case BigOperator(sign, Row((below, Operator("="), _)), over) if over is not None:
            return BigOperator(sign, below)
        case _:
            return map_children(node, without_ranges)


def _ones(presenter: Presenter, taken: frozenset[str]) -> tuple[Formula | str, ...]:
    return Formula(ONES), " is a vector of ones."


def _zeros(presenter: Presenter, taken: frozenset[str]) -> tuple[Formula | str, ...]:
    return Formula(ZEROS), " is a vector or a matrix of zeros."


def _identity(presenter: Presenter, taken: frozenset[str]) -> tuple[Formula | str, ...]:
    return Formula(IDENTITY.beside(presenter.taken)), " is the identity matrix."


def _unit(presenter: Presenter, taken: frozenset[str]) -> tuple[Formula | str, ...]:
    place = Idx(_free(taken, "kijlpq"), N)
    unit, letter = showing(presenter.inline(basis(Position(place), N)), None), presenter.indices((place,))
    return Formula(unit), " is the unit vector with its 1 in place ", Formula(letter), "."


def _kronecker(presenter: Presenter, taken: frozenset[str]) -> tuple[Formula | str, ...]:
    first = Idx(_free(taken, "ijklpq"), N)
    second = Idx(_free(taken | {first.name}, "ijklpq"), N)
    equal = Row((presenter.indices((first,)), Operator("=", "relation"), presenter.indices((second,))))
    return Formula(presenter.inline(Delta(first, second))), " is 1 where ", Formula(equal), ", else 0."


def _indicator(presenter: Presenter, taken: frozenset[str]) -> tuple[Formula | str, ...]:
    bracketed = Row((INDICATOR, APPLIED, Fence(Operator("·", "none"), "square")))
    return Formula(bracketed), " is 1 where the condition in its brackets holds, else 0."


def _cross_entropy(presenter: Presenter, taken: frozenset[str]) -> tuple[Formula | str, ...]:
    first = _free(taken, VECTORS)
    p, t = (Var(name, (N,)) for name in (first, _free(taken | {first}, VECTORS)))
    row = TABLE["cross_entropy"]
    found = definition_of(row, placeholders(row, taken), taken)
    assert found is not None
    sign = CROSS_ENTROPY.beside(presenter.taken)
    called = Row((sign, APPLIED, Fence(join_row((presenter.inline(p), presenter.inline(t)), LISTED))))
    meant = without_ranges(presenter.inline(found[1]))
    return Formula(called), " is the cross-entropy ", Formula(meant), "; of matrices, the vector of the samples'."


def _above(presenter: Presenter, taken: frozenset[str]) -> tuple[Formula | str, ...]:
    first = _free(taken, VECTORS)
    upper, lower = (Formula(presenter.inline(Var(n, (N,)))) for n in (first, _free(taken | {first}, VECTORS)))
    both = Fence(Row((upper.node, ABOVE, Space("thin"), lower.node)), "square")
    return Formula(both), " is ", upper, " above ", lower, "."


def _free(taken: frozenset[str], letters: str) -> str:
    """The first letter that no name of the document is."""
    return next((c for c in letters if c not in taken), letters[0])


_LETTERS = MappingProxyType({
    ONES: _ones, ZEROS: _zeros, IDENTITY.letter: _identity, IDENTITY.word: _identity, UNIT.letter: _unit,
    UNIT.word: _unit, KRONECKER.letter: _kronecker, INDICATOR: _indicator, CROSS_ENTROPY.letter: _cross_entropy,
    CROSS_ENTROPY.word: _cross_entropy, ABOVE: _above,
})  # fmt: skip


def _operations_by_sign() -> Mapping[Node, tuple[Operation, ...]]:
    """The operations whose sign a page shows by itself."""
    found: dict[Node, list[Operation]] = {}
    for row in ROWS:
        for sign in _signs_of(row):
            if sign not in KNOWN and sign not in _LETTERS:
                found.setdefault(sign, []).append(row)
    return MappingProxyType({sign: tuple(rows) for sign, rows in found.items()})


def _signs_of(row: Operation) -> Iterator[Node]:
    match row.presentation:
        case NamedFunction(name=name, index=int() as index):
            yield Script(function_name(name), Number(str(index)))
        case NamedFunction(name=name, inverse=True):
            yield Script(function_name(name), None, INVERSE)
        case NamedFunction(name=name, otherwise=otherwise):
            yield from (function_name(one) for one in (name, otherwise) if one)
        case Directed(names=(name,)):
            yield function_name(name)
        case Infix(sign=sign):
            yield Operator(sign, "none")
        case Around(NORM.kind, below=below, above=None):
            yield Script(NORM, Number(str(below))) if below is not None else NORM
        case _:
            return


KNOWN = EVERYBODYS | {
    sign for row in ROWS if Trait.FAMILIAR in row.traits for sign in (*_signs_of(row), Identifier(row.name, "function"))
}
_NAMED = _operations_by_sign()


def definable(sign: Sign) -> bool:
    """Whether a sign that is no letter has a meaning of its own, which a page must say."""
    match sign:
        case Operator(between):
            return between in BETWEEN or sign in _NAMED or sign in _LETTERS
        case _:
            return sign in _NAMED or isinstance(sign, Script)
