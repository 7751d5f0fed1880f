"""`rewrite`: a value simplified in stages until only the names that are asked for remain.

Each stage does one thing: a name is written out, a logarithm taken apart (log(a/b) = log a − log b, log eˣ = x), a
sum split, a declared fact used (Σ y = 1).  Neighbouring stages are one equality, checked like every other.
"""

from __future__ import annotations

from dataclasses import replace

from solgen.calculus.engine.bound_indices import kept_apart, taken_names
from solgen.calculus.engine.entrywise import Letters, push_entry
from solgen.calculus.engine.prepare import Prepared
from solgen.calculus.question import Question
from solgen.calculus.textbook.facts import Facts
from solgen.calculus.textbook.patterns import is_op
from solgen.calculus.textbook.simplify import tidy
from solgen.calculus.verbs import Verb
from solgen.errors import Refused
from solgen.expr import applied
from solgen.expr.arith import add, fill, is_filled, is_negation, is_quotient, is_sum, mul, neg, strip_sign
from solgen.expr.nodes import Apply, Expr, Num, Sum, Var, rank, shape
from solgen.expr.ops import Trait, having
from solgen.expr.walk import children, substitute, transform, variables
from solgen.model.derivation import Line, Passage, Worked
from solgen.model.problem import Equation
from solgen.model.step import StepId, Symbol

TIMES = having(Trait.TIMES)

Stage = tuple[str, str, Expr]  # kind, reason, value


def rewrite(prepared: Prepared, of: Var, keep: frozenset[str], where: StepId, forms: tuple[str, ...] = ()) -> Worked:
    """The stages from the definition of `of` to a formula in the names of `keep` (none: in the declared names).

    With `index` among the forms, that formula is also written entry by entry.  Raises Refused for a declared name.
    """
    prepared = in_given_names(prepared)
    body = next((q.body for q in prepared.shown if q.var == of), None)
    if body is None:
        raise Refused(
            f"`{of.name}` is declared, so there is nothing to rewrite", "name a value that an equation defines"
        )
    start, called = _entropies(body), Symbol(of.name)  # printed alike
    stage = tidy(start)
    passages = [Passage("definition", (Line(where.step("stage", called), _distinct(of, start, stage)),))]
    for kind, reason, changed in _stages(prepared, of, stage, keep):
        label = where.step("stage", called, number=len(passages))
        passages.append(Passage(kind, (Line(label, (stage, changed), reason=reason),)))
        stage = changed
    results = [Line(where.step("result", called, "rewritten"), (of, stage))] if forms != ("index",) else []
    if "index" in forms or "both" in forms:
        spelled = push_entry(stage, (), Letters(taken_names(prepared)))
        label = where.step("stage", called, number=len(passages))
        passages.append(Passage("index", (Line(label, _distinct(stage, spelled)),)))
        results.append(Line(where.step("result", called, "rewritten in entries"), (of, spelled)))
    return Worked("rewrite", of, prepared.shown, tuple(passages), tuple(results))


def in_given_names(prepared: Prepared) -> Prepared:
    """The forward pass in the names that the file gives: those of ours are written out, for no line introduces them."""
    taken, known, shown = taken_names(prepared), dict[Expr, Expr](), list[Equation]()
    for q in prepared.shown:
        body = kept_apart(substitute(q.body, known), taken, q.var)
        if q.var in prepared.introduced:
            known[q.var] = body
        else:
            shown.append(replace(q, body=body))
    return replace(prepared, shown=tuple(shown), introduced=())


def _distinct(*chain: Expr) -> tuple[Expr, ...]:
    return tuple(dict.fromkeys(chain))


def _stages(prepared: Prepared, of: Var, start: Expr, keep: frozenset[str]) -> list[Stage]:
    """Every change, until nothing more is to be done."""
    facts, found = Facts(prepared.shown), list[Stage]()
    stage = _rewrite_in_stages(found, start, facts)
    for q in reversed(prepared.shown):
        if q.var.name in keep or q.var not in variables(stage):
            continue
        stage = kept_apart(_entropies(substitute(stage, {q.var: q.body})), taken_names(prepared), of)
        found.append(("substitute", q.var.name, stage))
        stage = _rewrite_in_stages(found, stage, facts)
    return found


def _rewrite_in_stages(found: list[Stage], stage: Expr, facts: Facts) -> Expr:
    """Logarithms apart, sums split, facts used: each a stage of its own where it changes something.

    Like terms are collected, and factors put in front, in the stage that brings them together.
    """
    if found and tidy(stage) != stage:
        kind, reason, _ = found.pop()
        stage = tidy(stage)
        found.append((kind, reason, stage))
    for kind, reason, step in (
        ("rewrite", "the logarithm of a quotient is a difference", _logarithms),
        ("rewrite", "the sum is expanded", _splits),
        ("facts", "the entries of a one-hot vector or of a distribution sum to 1", facts.simplify),
    ):
        changed = tidy(step(stage))
        if changed == stage:
            continue
        if kind == "facts" and not _uses_fact(stage, changed):
            if not found:
                continue
            kind, reason, _ = found.pop()
        found.append((kind, reason, changed))
        stage = changed
    return stage


def _uses_fact(before: Expr, after: Expr) -> bool:
    """Whether a sum of entries has become 1."""
    return _sums(before) > _sums(after)


def _sums(e: Expr) -> int:
    own = int(is_op(e, "sum") and isinstance(e.args[0], Var))
    return own + sum(map(_sums, children(e)))


def _entropies(e: Expr) -> Expr:
    def step(n: Expr) -> Expr:
        match n:
            case Apply(op="cross_entropy", args=(p, y)) if rank(p) == 1:
                return neg(applied.dot(y, applied.log(p)))
            case _:
                return n

    return transform(e, step)


def _logarithms(e: Expr) -> Expr:
    """log of products, quotients, powers, exponentials and softmax taken apart, everywhere in e."""
    return transform(e, lambda n: _log(n.args[0]) if is_op(n, "log") else n)


def _log(e: Expr) -> Expr:
    match e:
        case Apply(op="exp", args=(a,)):
            return a
        case Apply(op="softmax", args=(x,)) if rank(x) == 1:
            return add(x, neg(fill(applied.logsumexp(x), shape(x))))
        case Apply(op="pick", args=(Apply(op="softmax", args=(x,)), k)):
            return add(applied.pick(x, k), neg(applied.logsumexp(x)))
        case Apply(args=(a, b)) if is_quotient(e):
            return add(_log(a), neg(_log(b)))
        case Apply(op=op, args=(a, b)) if op in TIMES:
            return add(_log(a), _log(b))
        case Apply(op="pow", args=(a, Num() as k)):
            return mul(k, _log(a))
        case Apply(args=(a,)) if is_filled(e):
            return fill(_log(a), shape(e))
        case _:
            return applied.log(e)


def _splits(e: Expr) -> Expr:
    """Σ (a + b) = Σ a + Σ b, and yᵀ(a + b) = yᵀ a + yᵀ b; signs move out."""

    def step(n: Expr) -> Expr:
        match n:
            case Apply(op="sum", args=(Apply(op="mul", args=(a, b)),)):
                whole = applied.dot(a, b)
                return n if step(whole) == whole else step(whole)
            case Apply(op="sum", args=(a,)) if is_sum(a):
                return add(*(step(applied.sum(t)) for t in a.args))
            case Apply(op="dot", args=(y, a)) if is_sum(a):
                return add(*(step(applied.dot(y, t)) for t in a.args))
            case Apply(op="dot", args=(a, y)) if is_sum(a):
                return add(*(step(applied.dot(y, t)) for t in a.args))
            case Apply(op="dot", args=(y, a)) if is_negation(a):
                return neg(step(applied.dot(y, strip_sign(a))))
            case Apply(op="dot", args=(y, a)) if is_filled(a):
                return mul(a.args[0], applied.sum(y))
            case Apply(args=(a,)) if is_negation(n) and is_sum(a) and not rank(n):
                return add(*(strip_sign(t) if is_negation(t) else neg(t) for t in a.args))
            case Sum(index=i, body=body) if is_sum(body):
                return add(*(Sum(i, t) for t in body.args))
            case _:
                return n

    return transform(e, step)


# ---------------------------------------------------------------- the verb


def derive_rewriting(q: Question) -> Worked:
    """Stage by stage, down to the names of `in`."""
    return rewrite(q.prepared, q.of, frozenset(q.names_of("in")), q.where, q.ask.options.form)


ROW = Verb(derive_rewriting)
