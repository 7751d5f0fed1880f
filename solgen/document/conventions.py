"""The conventions of a document, stated once: layout, gradients, what the grey marks mean; only what it uses.

What its signs mean is said in `solgen.document.definitions`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import assert_never

from solgen.document.english import join_items, part_letters
from solgen.expr.arith import is_filled, is_sum, strip_sign
from solgen.expr.nodes import Adj, Apply, Entry, Expr, Idx, Var
from solgen.expr.present.declared import symbol
from solgen.expr.present.inline import slash_derivative
from solgen.expr.present.notation import GRADIENTS, GradientNotation
from solgen.expr.present.presenter import Presenter
from solgen.expr.present.symbols import WrittenName
from solgen.expr.size import Size
from solgen.expr.walk import nodes
from solgen.model.derivation import (
    Content,
    Count,
    Derivation,
    Example,
    Gradients,
    GraphAsked,
    Mistakes,
    PartDerivation,
    Paths,
    Said,
    Shapes,
    Worked,
)
from solgen.model.problem import Notation
from solgen.render.words import Formula, Words, words

VARIABLE = Var("v_", (Size.of("n"),))  # written v, also where a problem's v is written otherwise
X, Y = (Var(name, (Size.of("n"),)) for name in "xy")
ROW, COLUMN = (Idx(name, Size.of("n")) for name in "ij")
LAYOUT = "(denominator layout)."


@dataclass(frozen=True, slots=True)
class LossName:
    """What is differentiated: its name, and the LaTeX that the file declares for it."""

    name: str
    tex: str

    @property
    def symbol(self) -> WrittenName:
        return symbol(self.name, self.tex)


def conventions(derivations: Iterable[Derivation], notation: Notation) -> tuple[Words, ...]:
    """Sentences; those about other notations with their places.

    notation: the document's.
    """
    derivations = tuple(derivations)
    formulas = [e for d in derivations for e in _formulas(d)]
    if not formulas:
        return ()
    used = {n for e in formulas for n in nodes(e)}
    sentences = [words("Vectors are columns.")]
    losses = tuple(dict.fromkeys(loss for d in derivations for loss in _losses(d)))
    if losses:
        sentences.append(_gradient(notation.gradient, losses))
        sentences += _others(derivations, notation)
    if any(_is_jacobian(c) for d in derivations for p in d.parts for c in p.contents):
        sentences.append(_jacobian())
    if any(_derives(p) for d in derivations for p in d.parts):
        sentences.append(words("The grey mark beneath a factor is its shape."))
    return (*sentences, *_spreads({n for n in used if isinstance(n, Apply)}))


def _jacobian() -> Words:
    """Which entry of a Jacobian stands where."""
    whole, entry = Adj(Y, X), Entry(Adj(Y, X), (ROW, COLUMN))
    jacobian, one = (Formula(slash_derivative(Presenter().inline(e))) for e in (whole, entry))
    row, column = (Formula(Presenter().indices((i,))) for i in (ROW, COLUMN))
    return words("The Jacobian ", jacobian, " has ", one, " in row ", row, ", column ", column, ".")


def _gradient(gradient: str, losses: Sequence[LossName]) -> Words:
    """How a gradient is written, and its shape; a loss that the document calls by several names is `the loss`."""
    row, one = GRADIENTS[gradient], len(losses) == 1
    if row.shows_output and not one:
        return words(f"A gradient has the shape of its variable {LAYOUT}")
    symbol, variable = _symbol(row, losses[0]), Formula(Presenter().inline(VARIABLE))
    match row.introduced:
        case "shape":
            return words("The gradient ", symbol, " has the shape of ", variable, f" {LAYOUT}")
        case "meaning":
            of = Formula(losses[0].symbol.node()) if one else "the loss"
            meant = words(" is the gradient of ", of, " with respect to ", variable)
            return words(symbol, meant, ", in the shape of ", variable, f" {LAYOUT}")
        case unknown:
            assert_never(unknown)


def _symbol(row: GradientNotation, loss: LossName) -> Formula:
    """The gradient of a loss with respect to a vector, in running text."""
    presenter = Presenter({loss.name: loss.tex} if loss.tex else {}, Notation(row.name))
    return Formula(slash_derivative(presenter.inline(Adj(Var(loss.name, ()), VARIABLE))))


def _losses(d: Derivation) -> Iterator[LossName]:
    """What is differentiated into gradients, as the page writes it."""
    for content in (c for p in d.parts for c in p.contents):
        match content:
            case Gradients(of=of) | Paths(of=of) | Worked(verb="gradients", symbol=Adj(of=of)) if not of.shape_:
                yield LossName(of.name, d.problem.latex.get(of.name, ""))
            case Gradients() | Paths() | Worked() | Shapes() | Count() | GraphAsked() | Mistakes() | Example() | Said():
                pass
            case _:
                assert_never(content)


def _is_jacobian(c: Content) -> bool:
    return isinstance(c, Worked) and c.verb == "jacobian" and isinstance(c.symbol, Adj) and bool(c.symbol.of.shape_)


def _spreads(applied: set[Apply]) -> Iterator[Words]:
    """That a number beside an array in a sum is one in every entry."""
    if any(is_sum(n) and any(_spread(a) for a in n.args) for n in applied):
        yield words("A number that is added to an array is added to each of its entries.")


def _others(derivations: Sequence[Derivation], notation: Notation) -> Iterator[Words]:
    """Where another notation of gradients is used: in whole problems, or in parts."""
    problems: dict[str, list[str]] = {}
    places: dict[str, list[str]] = {}
    losses: dict[str, list[LossName]] = {}
    for n, d in enumerate(derivations, 1):
        of_problem = d.problem.notation.gradient
        number = d.problem.number or str(n)
        if of_problem != notation.gradient and any(map(_derives, d.parts)):
            problems.setdefault(of_problem, []).append(number)
        letters = part_letters(len(d.parts))
        for letter, p in zip(letters, d.parts, strict=True):
            own = p.part.notation.gradient if p.part.notation else of_problem
            losses.setdefault(own, []).extend(_losses(replace(d, parts=(p,))))
            if own != of_problem and _derives(p):
                where = f"part ({letter})" + (f" of problem {number}" if len(derivations) > 1 else "")
                places.setdefault(own, []).append(where)
    for gradient in sorted({*problems, *places} - {notation.gradient}):
        numbers = problems.get(gradient, [])
        whole = [f"problem{'s' if len(numbers) > 1 else ''} {join_items(numbers)}"] if numbers else []
        for loss in losses[gradient][:1]:
            where = join_items([*whole, *places.get(gradient, [])])
            yield words(f"In {where} it is written ", _symbol(GRADIENTS[gradient], loss), ".")


def _derives(p: PartDerivation) -> bool:
    return any(isinstance(c, Gradients | Paths | Worked) for c in p.contents)


def _spread(e: Expr) -> bool:
    return is_filled(strip_sign(e))


def _formulas(d: Derivation) -> Iterator[Expr]:
    """Every formula of a problem's forward passes, parts and prose."""
    contents = [c for p in d.parts for c in p.contents]
    for q in (*d.forward, *(q for c in contents if isinstance(c, Gradients | Paths | Worked) for q in c.forward)):
        yield q.body
    for block in (*d.adjoints, *(b for c in contents if isinstance(c, Gradients) for b in c.blocks)):
        yield from (block.value, *block.final)
        for c in block.contributions:
            yield from c.line.chain
