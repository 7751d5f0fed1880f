"""The verb `mistakes`: each likely wrong answer, what went wrong in a sentence, and the numbers that refute it.

A wrong answer stands behind ≠, never behind = and never in a frame.  What is printed here was refuted: an answer that
the certificate does not refute is left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from solgen.document.blocks import Block, Formulas, Paragraph
from solgen.document.forward_pass import forward_blocks
from solgen.document.quantities import quantity_node
from solgen.document.voice import Voice, equation_number
from solgen.expr.nodes import Expr, Var
from solgen.expr.present.inline import slash_derivative
from solgen.expr.present.letters import APPLIED, LISTED, join_row, row
from solgen.expr.present.sizes import whole_number
from solgen.expr.present.tree import Authored, Fence, Identifier, Operator
from solgen.expr.size import Size
from solgen.model.derivation import Mistakes, WrongAnswer
from solgen.model.in_numbers import Place
from solgen.model.problem import Model
from solgen.model.quantity import Quantity
from solgen.model.verdict import Refutation, Trial
from solgen.render.chains import Equality, equate
from solgen.render.words import NOTHING, Code, Formula, Gap, Words, filled_words, listed_words, words

MARK = words(Formula(Operator("×", "none")), Gap())
LEAD = "Likely mistakes."
NONE_LEFT = "No likely mistake was found that a run tells from the right answer."
ENTRIES = 36  # of a point that is printed; a larger one is left to checks.json


def mistake_blocks(
    voice: Voice, m: Mistakes, model: Model, trial: Trial | None, cited: bool = True
) -> tuple[Block, ...]:
    """The refuted answers to one question; `trial` is what the certificate says of them: without one, nothing is said.

    cited: the right answer is given by its number, where it has one.
    """
    if trial is None:
        return ()
    found = {r.id: r for r in trial.refuted}
    shown = [(w, found[w.id]) for w in m.wrong if w.id in found]
    right = _right(voice, m, cited)
    if not shown:
        return (Paragraph(words(right, f" {NONE_LEFT}"), LEAD),)
    announced = forward_blocks(voice, m.forward, m.introduced) if m.introduced else []
    point = _point(voice, model, trial) if any(r.how == "value" for _, r in shown) else (NOTHING, ())
    opening = Paragraph(words(right, point[0]), LEAD)
    items = [Paragraph(_tell_mistake(voice, m, w, r, first)) for first, w, r in _first_values(shown)]
    return (*announced, opening, *point[1], *items)


def _first_values(shown: list[tuple[WrongAnswer, Refutation]]) -> Iterator[tuple[bool, WrongAnswer, Refutation]]:
    """Each with whether it is the first whose numbers are compared."""
    first = True
    for wrong, refutation in shown:
        yield first and refutation.how == "value", wrong, refutation
        first = first and refutation.how != "value"


def _right(voice: Voice, m: Mistakes, cited: bool) -> Words:
    """The right answer, by its number where it was derived before."""
    number = voice.ledger.number_of(voice.place(m.symbol)) if cited else ""
    if number:
        return words("The right answer for ", voice.math(m.symbol), " is ", equation_number(number), ".")
    answer = equate(slash_derivative(voice.inline(m.symbol)), voice.inline(m.right))
    return words("The right answer is ", Formula(answer), ".")


# ---------------------------------------------------------------- the point


def _point(voice: Voice, model: Model, trial: Trial) -> tuple[Words, tuple[Block, ...]]:
    """Where the numbers below were computed, once as long as it is the same: a sentence, and what follows it."""
    if not voice.ledger.first(voice.place("trial", str(trial.given))):
        return NOTHING, ()
    if sum(len(q.values) for q in trial.given) > ENTRIES:
        return words(" The numbers below are those at the point listed in ", Code("checks.json"), "."), ()
    known = {d.var.name: d.var for d in model.declarations}
    values = [item for q in trial.given for item in _value(voice, known[q.name], q)]
    functions = [
        Equality(row(voice.presenter.name(f).node(), APPLIED, Fence(Identifier("u"))), Authored(text))
        for f, text in trial.functions.items()
    ]
    return words(" The numbers below are those at the point"), (Formulas((*values, *functions)),)


def _value(voice: Voice, var: Var, q: Quantity) -> Iterator[Equality]:
    """x = (1, 2)ᵀ; of a family each sample."""
    if not q.over or isinstance(q.entries, str):
        yield Equality(voice.inline(var), quantity_node(q))
        return
    for k in range(len(q.entries)):
        at = (Size.of(k), *var.at[1:])
        yield from _value(voice, Var(var.name, var.shape_, var.kind, at), q.sample({q.over[0]: k}))


# ---------------------------------------------------------------- one wrong answer


def _tell_mistake(voice: Voice, m: Mistakes, wrong: WrongAnswer, found: Refutation, first: bool) -> Words:
    """`× W̄ ≠ h̄ xᵀ: this omits the slope … Entry (1, 2) would be 4; finite differences give 1.`"""
    formula = row(slash_derivative(voice.inline(m.symbol)), Operator("≠", "relation"), voice.inline(wrong.answer))
    says = filled_words(SENTENCES[wrong.kind], _name_parts(voice, wrong))
    return words(MARK, Formula(formula), ": this ", says, _evidence(voice, m, wrong, found, first))


def _evidence(voice: Voice, m: Mistakes, wrong: WrongAnswer, found: Refutation, first: bool) -> Words:
    """The numbers, or the shapes, that refute it."""
    if found.how == "value":
        where = words("Entry ", _place(found.entry)) if found.entry else words("It")
        given, truth = _number(found.wrong), _number(found.right)
        if first:
            return words(". ", where, " would be ", given, "; finite differences give ", truth, ".")
        return words(". ", where, " would be ", given, ", not ", truth, ".")
    if found.how == "shape":
        return words(
            "; it is ", _tell_shape(voice, wrong.answer), ", but the gradient is ", _tell_shape(voice, m.symbol), "."
        )
    assert wrong.clash is not None
    left, right = wrong.clash
    one, other = (words(voice.math(e), " is ", _tell_shape(voice, e)) for e in (left, right))
    return words(". But ", one, " and ", other, f", so there is no such {found.how}.")


def _place(entry: tuple[int, ...]) -> Formula:
    inside = join_row(tuple(map(whole_number, entry)), LISTED)
    return Formula(Fence(inside, shows=Place(entry)) if len(entry) > 1 else inside)


def _tell_shape(voice: Voice, e: Expr) -> Formula | str:
    found = voice.shape_of(e)
    return Formula(found) if found else "a number"


def _number(text: str) -> Formula:
    mantissa, _, exponent = text.partition("e")
    return Formula(quantity_node(Quantity("", mantissa, power=int(exponent or 0))))


# ---------------------------------------------------------------- what went wrong, a sentence a kind


def _name_parts(voice: Voice, wrong: WrongAnswer) -> dict[str, Words]:
    """The parts of a sentence in mathematics, by the names that the slip gave them; `via` is its equation."""
    named: dict[str, list[Formula]] = {"via": [voice.math(wrong.via)]}
    for key, e in wrong.names:
        named.setdefault(key, []).append(voice.math(e))
    return {key: listed_words(parts) for key, parts in named.items()}


SENTENCES: Mapping[str, str] = MappingProxyType({
    "path": "forgets that {own} also enters {via}: this path adds {dropped}",
    "occurrence": "counts {own} once in {via}, where it stands more than once; the other place adds {dropped}",
    "path above": "forgets, on the way, that {own} also enters {via}",
    "occurrence above": "counts {own} once in {via}, where it stands more than once",
    "minus": "loses the minus sign with which {own} enters {via}",
    "alone": "follows {own} through {via} alone; it also enters {missed}",
    "slope": "omits the slope {slope}, and passes the signal at {value} on to {at} unchanged",
    "node": "takes the slope at {value} instead of at {at}, to which the function is applied",
    "formula": "has {written} for the slope; in terms of the function's own value it is {slope}",
    "coefficient": "forgets the factor {factor} that the derivative of {applied} brings down",
    "untransposed": "multiplies by {other} instead of {turned}",
    "order": "exchanges the factors of a matrix product",
    "transposed": "is the transpose of the gradient",
    "before": "multiplies by {written}, the value before the activation; {weight} is multiplied by {other}",
    "constant": "drops the factor {factor} of {applied}",
    "undivided": "drops the factor {factor} of {applied}",
    "own": "keeps {own} itself instead of the other factor of the product, {other}",
    "factor": "forgets that {own} is multiplied by {other}",
    "unsummed scalar": "is not summed, although the one number {own} multiplies every entry",
    "quotient sign": "loses a sign: a quotient falls when its denominator {own} grows",
    "quotient square": "divides by {own} once; the derivative by the denominator has its square",
    "undivided norm": "is the gradient of half the square of {applied}; of {applied} itself, it is still to be divided",
    "unsummed": "is not summed, although {own} is repeated in {via}, and its gradient adds up what all copies receive",
    "axis": "sums over the wrong axis",
    "diagonal": "takes softmax entry by entry, with slope {kept}; but each entry of {value} depends on all of {at}",
    "sign": "has the opposite sign: softmax with cross-entropy gives {value} minus {target}",
    "stopped": "stops at {value}, before the step through softmax to {at}",
    "inverse": "lacks the transposes: the transposed inverse of {at} belongs on both sides",
    "inverse sign": "loses the minus sign in the derivative of an inverse",
    "transpose": "has the inverse of {at} instead of its transpose",
    "determinant": "forgets the factor {factor}",
    "gate": "omits the transpose: {at} enters {via} transposed",
    "inner": "lacks the inner derivative, the share of each exponential in {applied}",
})  # fmt: skip
