"""`graph`: the computational graph of the forward pass, with the gradients on it."""

from __future__ import annotations

from dataclasses import replace

from solgen.calculus.engine.adjoints import gradients
from solgen.calculus.engine.sweep import on_path
from solgen.calculus.question import Question
from solgen.calculus.verbs import Verb
from solgen.expr.nodes import Kind, rank
from solgen.model.derivation import GraphAsked


def derive_graph(q: Question) -> GraphAsked:
    """With backward signals unless they are switched off or there is no scalar to differentiate."""
    prepared, out = q.prepared, q.model.output
    if q.ask.extra.get("backward") is False or out is None or rank(out):
        return GraphAsked(prepared.shown, None)
    reaching = on_path(prepared.equations, out.name, set(prepared.variables))  # not a softmax that was fused
    known = prepared.variables.values()
    names = tuple(v.name for v in known if v.name in reaching and v.name != out.name and v.kind is not Kind.LABEL)
    where = replace(q.where, within="graph")
    backward = gradients(prepared, out, names, q.style, where)
    return GraphAsked(prepared.shown, replace(backward, rules=()))  # a graph cites none


ROW = Verb(derive_graph)
