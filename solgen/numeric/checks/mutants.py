"""Deliberately wrong answers: the points are good enough only if each of them is told apart from the right one.

Of every answer: transposed, wrong sign, twice, half and 1.0001 times it, one entry off by a millionth; each
summand dropped or its sign changed, each factor dropped, products in the other order, a square matrix
transposed or left with its diagonal alone, a neighbour of the same shape in a variable's place, a size doubled or
dropped, the other axis, a mask on another term or outside the product that it stands in.  A mutant that agrees
everywhere, at new points too, exactly or in balls, is equal to the answer for this problem and recorded as equivalent.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from solgen.expr import applied
from solgen.expr.arith import is_negation, is_quotient, is_sum, mul, neg, num
from solgen.expr.nodes import Apply, Delta, Entry, Expr, Kind, SizeNum, Var, shape
from solgen.expr.ops import TABLE, Special, Trait, having
from solgen.expr.text import text
from solgen.expr.walk import free_indices, leaves, nodes, reindex, substitute
from solgen.model.derivation import AdjointBlock
from solgen.model.step import StepId
from solgen.model.verdict import MutantId, Mutants
from solgen.numeric.values.evaluator import Unknown
from solgen.numeric.values.fields import NotExact, Undefined
from solgen.numeric.values.point import EvaluationPoint

LONGEST = 60  # symbols; of a longer answer the short form is mutated
MOST = 60  # mutants of one answer
RETRIES = 5  # new points for mutants that agree
COMMUTATIVE = having(Trait.COMMUTES)
NEIGHBOURS = 2  # other names tried in place of one
MASKS = having(Trait.MASK)


@dataclass(frozen=True, slots=True)
class Mutant:
    """A wrong answer; `nudged` changes one entry of the value instead of the formula."""

    label: str
    answer: Expr
    nudged: bool = False


def mutate(
    answers: Sequence[tuple[StepId, Expr]],
    names: Sequence[Var],
    benches: Sequence[EvaluationPoint],
    fresh: Callable[[int], Sequence[EvaluationPoint]],
) -> Mutants:
    """All mutants of the answers to these steps, tried at the points and, where they agree, at `fresh` ones."""
    tried = [(MutantId(step, m.label), answer, m) for step, answer in answers for m in mutants_of(answer, names)]
    outcomes = [(t, _try_mutant(t[1], t[2], benches)) for t in tried]
    pending = [(t, outcome) for t, outcome in outcomes if outcome != "different"]
    for attempt in range(RETRIES):
        if not pending:
            break
        more = fresh(attempt)
        pending = [(t, _worse(before, _try_mutant(t[1], t[2], more))) for t, before in pending]
        pending = [(t, outcome) for t, outcome in pending if outcome != "different"]
    return Mutants(
        len(tried) - len(pending),
        tuple(label for (label, _, _), outcome in pending if outcome == "equal"),
        tuple(label for (label, _, _), outcome in pending if outcome != "equal"),
    )


def answer_of(block: AdjointBlock) -> Expr:
    """The form that is mutated: the one without gradient symbols, unless it is long."""
    return block.closed if leaves(block.closed) <= LONGEST else block.value


def mutants_of(answer: Expr, names: Sequence[Var]) -> list[Mutant]:
    """The mutants of one answer, at most MOST, spread over the formula."""
    whole = list(_whole(answer))
    inner = {m.answer: m for m in _inner(answer, names) if m.answer != answer and shape(m.answer) == shape(answer)}
    found = list(inner.values())
    stride = max(1, -(-len(found) // (MOST - len(whole))))
    return whole + found[::stride]


def _whole(answer: Expr) -> Iterator[Mutant]:
    yield Mutant("sign", neg(answer))
    for factor in (Fraction(2), Fraction(1, 2), Fraction(10001, 10000)):
        yield Mutant(f"{float(factor):g} times", mul(num(factor), answer))
    yield Mutant("one entry", answer, nudged=True)
    yield from _of_square(answer)


def _of_square(answer: Expr) -> Iterator[Mutant]:
    """A square matrix, or its entry at two free indices: transposed, and without what lies off the diagonal."""
    if _square(answer):
        yield Mutant("transposed", applied.transpose(answer))
        yield Mutant("off-diagonal dropped", mul(answer, applied.eye(shape(answer)[0])))
        return
    free = sorted(free_indices(answer), key=lambda i: i.name)
    if shape(answer) == () and len(free) == 2 and free[0].size == free[1].size:
        i, j = free
        yield Mutant("transposed", reindex(answer, {i: j, j: i}))
        yield Mutant("off-diagonal dropped", mul(answer, Delta(i, j)))


def _inner(answer: Expr, names: Sequence[Var]) -> Iterator[Mutant]:
    for node in nodes(answer):
        for label, changed in _variants(node, names):
            if shape(changed) == shape(node):
                yield Mutant(label, substitute(answer, {node: changed}))


def _variants(node: Expr, names: Sequence[Var]) -> Iterator[tuple[str, Expr]]:
    match node:
        case Apply(args=args) if is_sum(node) and len(args) > 1:
            for k, dropped in enumerate(args):
                rest = (*args[:k], *args[k + 1 :])
                yield f"term {text(dropped)} dropped", _same(node, rest) if len(rest) > 1 else rest[0]
                yield f"sign of {text(dropped)}", _same(node, (*args[:k], neg(dropped), *args[k + 1 :]))
        case Apply(args=(inner,)) if is_negation(node):
            yield f"sign of {text(inner)}", inner
        case Apply(args=(a, b)) if is_quotient(node):
            yield f"division by {text(b)} dropped", a
            yield f"{text(b)} doubled", _same(node, (a, mul(num(2), b)))
        case Apply(op="transpose", args=(inner,)):
            yield f"transpose of {text(inner)} dropped", inner
        case Apply(args=(a, b)) if node.op not in ("pow", "maximum", "minimum"):
            yield f"factor {text(a)} dropped", b
            yield f"factor {text(b)} dropped", a
            if shape(a) == shape(b) and node.op not in COMMUTATIVE:
                yield f"order of {text(node)}", _same(node, (b, a))
        case Entry(array=array, indices=(i, j)) if i != j and len(set(shape(array))) == 1:
            yield f"indices of {text(node)} exchanged", Entry(array, (j, i))
        case SizeNum(size=size):
            yield f"{size} dropped", num(1)
            yield f"{size} doubled", SizeNum(size * 2)
        case Var():
            yield from _rename_neighbours(node, names)
        case _:
            pass
    if isinstance(node, Apply) and isinstance(TABLE[node.op], Special) and node.params in ((0,), (1,)):
        yield f"axis of {text(node)}", Apply(node.op, node.args, (1 - int(node.params == (1,)),), node.shape_)
    if isinstance(node, Apply):
        yield from _move_mask(node)
        across = TABLE[node.op].across
        if across and len({*shape(node), *shape(node.args[0])}) == 1:
            yield f"axis of {text(node)}", Apply(across, node.args, node.params, node.shape_)
    if _square(node) and isinstance(node, Var):
        yield f"{text(node)} transposed", applied.transpose(node)


def _move_mask(node: Apply) -> Iterator[tuple[str, Expr]]:
    """A mask on the next term of a sum, or on a product instead of on its factor."""
    for k, arg in enumerate(node.args):
        for bare, mask in _split_mask(arg):
            if is_sum(node) and len(node.args) > 1:
                n = (k + 1) % len(node.args)
                changed = {k: bare, n: mul(node.args[n], mask)}
                yield f"{text(mask)} moved", _same(node, tuple(changed.get(j, a) for j, a in enumerate(node.args)))
            elif node.op in ("matvec", "matmul") and shape(mask) == shape(node) == shape(arg):
                rest = _same(node, (*node.args[:k], bare, *node.args[k + 1 :]))
                yield f"{text(mask)} moved", mul(rest, mask)


def _split_mask(e: Expr) -> Iterator[tuple[Expr, Expr]]:
    """(rest, mask) of an entrywise product with a mask."""
    if isinstance(e, Apply) and e.op == "mul":
        for mask, rest in (e.args, e.args[::-1]):
            if isinstance(mask, Apply) and mask.op in MASKS:
                yield rest, mask


def _rename_neighbours(node: Var, names: Sequence[Var]) -> Iterator[tuple[str, Expr]]:
    alike = [v for v in names if v != node and v.shape_ == node.shape_ and len(v.at) == len(node.at)]
    others = [v for v in alike if (v.kind is Kind.LABEL) == (node.kind is Kind.LABEL)]
    for other in others[:NEIGHBOURS]:
        yield f"{other.name} for {node.name}", Var(other.name, other.shape_, other.kind, node.at)


def _same(node: Apply, args: tuple[Expr, ...]) -> Expr:
    return Apply(node.op, args, node.params, node.shape_)


def _square(e: Expr) -> bool:
    s = shape(e)
    return len(s) == 2 and s[0] == s[1] and not s[0].is_one


def _try_mutant(answer: Expr, mutant: Mutant, benches: Sequence[EvaluationPoint]) -> str:
    """'different' as soon as one point tells the mutant from the answer."""
    outcome = "equal"
    for bench in benches:
        found = _nudge(bench, answer) if mutant.nudged else _apart(bench, answer, mutant.answer)
        if found == "different":
            return found
        outcome = _worse(outcome, found)
    return outcome


def _apart(bench: EvaluationPoint, answer: Expr, wrong: Expr) -> str:
    """A mutant that has no value where the answer has one is told apart too."""
    found, _ = bench.compare(answer, wrong)
    if found.verdict == "undecided" and bench.is_defined(answer) and not bench.is_defined(wrong):
        return "different"
    return found.verdict


def _nudge(bench: EvaluationPoint, answer: Expr) -> str:
    """The value with its largest entry changed by one part in a million."""
    try:
        run = bench.balls(bench.setting.bits[0])
        value = run.value(answer).array
    except (Undefined, NotExact, Unknown):
        return "undecided"
    with run.field.working():
        largest = max(value.flat, key=lambda x: float(abs(x)))
        changed = largest * (1 + run.field.number(Fraction(1, 10**6)))
        return "equal" if (changed - largest).contains(0) else "different"


def _worse(left: str, right: str) -> str:
    for verdict in ("different", "undecided"):
        if verdict in (left, right):
            return verdict
    return "equal"
