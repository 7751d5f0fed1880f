"""`gradients`: ∂L/∂name for each name, by one reverse sweep or in the forms that are asked for."""

from __future__ import annotations

from dataclasses import replace

from solgen.calculus.engine.adjoints import gradients
from solgen.calculus.engine.batch import per_sample, stack_model
from solgen.calculus.engine.index_form import derive_index_forms
from solgen.calculus.engine.prepare import prepare
from solgen.calculus.question import Question
from solgen.calculus.verbs import Verb
from solgen.model.derivation import Content, Gradients

SAMPLE_FORMS = ("sample", "sum", "batch")


def derive_gradients(q: Question) -> tuple[Content, ...]:
    """Whole names in matrix form share one sweep; entries, rows and other forms are worked one by one."""
    names, options = tuple(n.name for n in q.ask.names), q.ask.options
    prepared, of = prepare(q.model, frozenset(names), q.problem.latex), q.of
    if options.form in ((), ("matrix",)) and not any(n.indices for n in q.ask.names):
        return (gradients(prepared, of, names, q.style, q.where),)
    over_samples = tuple(f for f in options.form if f in SAMPLE_FORMS)
    forms = tuple(f for f in options.form if f not in over_samples)
    found: list[Content] = [_over_samples(f, q) for f in over_samples]
    if forms or not over_samples:
        found += [
            derive_index_forms(prepared, of, name, forms, options.indices, q.style, q.where) for name in q.ask.names
        ]
    return tuple(found)


def _over_samples(form: str, q: Question) -> Gradients:
    """The gradients of one sample's loss, of the sum over samples, or in batch matrices."""
    names, where = tuple(n.name for n in q.ask.names), replace(q.where, within=f"{form}:")
    if form == "sample":
        split, one = per_sample(q.model)
        parted = prepare(split, frozenset(names), q.problem.latex)
        return replace(gradients(parted, one, names, q.style, where), form="sample")
    if form == "sum":
        whole = prepare(q.model, frozenset(names), q.problem.latex)
        return replace(gradients(whole, q.of, names, q.style, where), form="sum")
    stack = stack_model(q.model, q.problem.stack)
    matrices = stack.names(names)
    prepared = prepare(stack.model, frozenset(matrices), q.problem.latex, frozenset(q.model.variables))
    found = gradients(prepared, q.of, matrices, q.style, where)
    return replace(found, form="batch", stacked=stack.stacked)


ROW = Verb(derive_gradients)
