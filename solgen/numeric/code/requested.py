"""What an export is asked for: gradients, Jacobians and Hessians by key, each with the formula that computes it.

A gradient comes from the sweep of the whole problem, whatever form the page shows (of one sample, in batch matrices, an
entry, a row); a Jacobian from its matrix form, else from its index form, evaluated at all values of its indices.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TypeVar

from solgen.errors import Refused
from solgen.expr.nodes import Adj, Entry, Expr, Idx, Var
from solgen.expr.walk import free_indices, nodes, substitute
from solgen.model.derivation import AdjointBlock, Derivation, Example, Gradients, PartDerivation, Worked
from solgen.model.problem import Equation
from solgen.numeric.values.point import sample_axes

VERBS = ("jacobian", "hessian")
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Jacobian:
    """∂y/∂x or ∂²y/∂x² as a formula; `over` are the free indices that are its first axes, in order."""

    symbol: Adj
    value: Expr
    over: tuple[Idx, ...]


@dataclass(frozen=True, slots=True)
class View:
    """What one model answers: the problem's, or that of a part with a model of its own, as a derivation by itself.

    `values` are the equations whose values it gives; `jacobians` holds the answers of each verb.
    """

    derivation: Derivation
    values: tuple[Equation, ...]
    gradients: Mapping[str, Adj]
    jacobians: Mapping[str, Mapping[str, Jacobian]]


def views(derivation: Derivation) -> tuple[View, ...]:
    """The problem's own model first, then each part's, with what earlier ones do not answer.

    Raises Refused where no form of a Jacobian can be written without symbols of further derivatives.
    """
    alone = _alone(derivation)
    gradients = _key_symbols(tuple(_gradients(d) for d in alone))
    jacobians = {verb: _key_symbols(tuple(_jacobians(d, verb) for d in alone)) for verb in VERBS}
    found: list[View] = []
    known: set[str] = set()
    for k, single in enumerate(alone):
        values = tuple(q for q in single.problem.model.equations if q.var.name not in known)
        known |= {q.var.name for q in values}
        own = View(single, values, gradients[k], {verb: jacobians[verb][k] for verb in VERBS})
        if not k or values or own.gradients or any(own.jacobians.values()):
            found.append(own)
    return tuple(found)


def asked_gradients(derivation: Derivation) -> dict[str, Adj]:
    """What each key of `gradients` stands for: the name, or `dy/dx` where a name is asked for with several outputs."""
    return {key: symbol for view in views(derivation) for key, symbol in view.gradients.items()}


def closed_gradients(derivation: Derivation) -> dict[str, Expr]:
    """The value of each key of `gradients`, every gradient symbol in it written out."""
    found = views(derivation)
    return {
        key: known_blocks(view.derivation)[symbol].closed for view in found for key, symbol in view.gradients.items()
    }


def asked_jacobians(derivation: Derivation, verb: str) -> dict[str, Jacobian]:
    """What each key of `jacobians` (verb `jacobian`) or `hessians` (verb `hessian`) stands for."""
    return {key: found for view in views(derivation) for key, found in view.jacobians[verb].items()}


def _alone(derivation: Derivation) -> tuple[Derivation, ...]:
    """The derivation of what shares the problem's model, and one for each part that changes it."""
    shared = replace(derivation, parts=tuple(p for p in derivation.parts if not p.forward))
    own = (p for p in derivation.parts if p.forward and p.part.model is not None)
    return (shared, *(_of_part(derivation, p) for p in own))


def _of_part(derivation: Derivation, part: PartDerivation) -> Derivation:
    assert part.part.model is not None
    problem = replace(derivation.problem, model=part.part.model)
    return replace(derivation, problem=problem, forward=part.forward, adjoints=part.adjoints, parts=(part,))


def _key_symbols(found: tuple[Mapping[Adj, T], ...]) -> tuple[dict[str, T], ...]:
    """Each symbol once, in the first model that has it, under its key: the name, or `dy/dx` where there are several."""
    owners: dict[Adj, int] = {}
    for k, symbols in enumerate(found):
        for symbol in symbols:
            owners.setdefault(symbol, k)
    outputs: dict[str, set[str]] = {}
    for symbol in owners:
        outputs.setdefault(symbol.wrt.name, set()).add(symbol.of.name)
    return tuple(
        {_key(s, len(outputs[s.wrt.name]) > 1): value for s, value in symbols.items() if owners[s] == k}
        for k, symbols in enumerate(found)
    )


def _gradients(derivation: Derivation) -> dict[Adj, Adj]:
    names = derivation.problem.model.variables
    last = derivation.problem.model.output
    asked: dict[Adj, Adj] = {}
    for ask in (ask for part in derivation.parts for ask in part.part.asks):
        if ask.verb not in ("gradients", "paths"):
            continue
        of = names[ask.of.name] if ask.of else last
        if of is not None:
            symbols = (Adj(of, names[n.name]) for n in ask.names)
            asked.update((symbol, symbol) for symbol in symbols)
    examples = (g for part in derivation.parts for c in part.contents if isinstance(c, Example) for g in c.gradients)
    asked.update((b.symbol, b.symbol) for g in examples for b in g.blocks if b.asked)
    return asked


def _jacobians(derivation: Derivation, verb: str) -> dict[Adj, Jacobian]:
    found: dict[Adj, Jacobian] = {}
    for content in (c for part in derivation.parts for c in part.contents):
        if isinstance(content, Worked) and content.verb == verb:
            jacobian = _jacobian(content)
            found.setdefault(jacobian.symbol, jacobian)
    return found


def known_blocks(derivation: Derivation) -> dict[Adj, AdjointBlock]:
    """One block a gradient symbol of one model, each after those that it needs."""
    contents = [c for p in derivation.parts for c in p.contents]
    whole = [c for c in contents if isinstance(c, Gradients) and c.form in ("", "sum")]
    whole += [g for c in contents if isinstance(c, Example) for g in c.gradients]
    shown = [b for g in whole for b in g.blocks]
    found: dict[Adj, AdjointBlock] = {}
    for block in (*shown, *derivation.adjoints):
        found.setdefault(block.symbol, block)
    return found


def needed_blocks(view: View) -> Iterator[AdjointBlock]:
    """The gradients asked for and those that they are made of, each after what it needs."""
    blocks = known_blocks(view.derivation)
    wanted = set(view.gradients.values())
    for symbol in reversed(list(blocks)):
        if symbol in wanted:
            wanted |= {n for n in nodes(blocks[symbol].value) if isinstance(n, Adj)}
    missing = [s for s in wanted if s not in blocks and s.of != s.wrt]
    if missing:
        raise Refused(f"the gradient of {missing[0].of.name} with respect to {missing[0].wrt.name} was not derived")
    return (b for s, b in blocks.items() if s in wanted)


def ordered_equations(view: View) -> tuple[Equation, ...]:
    """The file's own equations, with the introduced ones before what they stand in."""
    own = {q.var.name: q for q in view.derivation.problem.model.equations}
    ordered = [own.get(q.var.name, q) for q in view.derivation.forward]
    return (*ordered, *(q for q in own.values() if q not in ordered))


def needed_equations(view: View, formulas: Iterable[Expr]) -> tuple[Equation, ...]:
    """The equations that the formulas need, each after what it needs."""
    ordered = ordered_equations(view)
    used = {n.name for e in formulas for n in nodes(e) if isinstance(n, Var)}
    for q in reversed(ordered):
        if q.var.name in used:
            used |= {n.name for n in nodes(q.body) if isinstance(n, Var)}
    return tuple(q for q in ordered if q.var.name in used)


def _key(symbol: Adj, several: bool) -> str:
    return f"d{symbol.of.name}/d{symbol.wrt.name}" if several else symbol.wrt.name


def _jacobian(worked: Worked) -> Jacobian:
    """The first form of the answer that can be written; of a family, the samples come first."""
    symbol = next(n for n in nodes(worked.symbol) if isinstance(n, Adj))
    inner = _inner(worked)
    for line in sorted(worked.results, key=lambda line: isinstance(line.chain[0], Entry)):
        value = _written_out(line.chain[-1], inner)
        samples = tuple(i for i in sample_axes(symbol) if isinstance(i, Idx))
        own = worked.indices if isinstance(line.chain[0], Entry) else ()
        if not any(isinstance(n, Adj) for n in nodes(value)) and free_indices(value) <= {*samples, *own}:
            return Jacobian(symbol, value, samples + own)
    raise Refused(f"no form of d{symbol.of.name}/d{symbol.wrt.name} can be written in numpy", "ask for form: matrix")


def _inner(worked: Worked) -> dict[Expr, Expr]:
    """The derivatives on the way, each with its last form."""
    lines = [line for passage in worked.passages if not passage.where for line in passage.lines]
    return {line.chain[0]: line.chain[-1] for line in lines if isinstance(line.chain[0], Adj)}


def _written_out(e: Expr, inner: dict[Expr, Expr]) -> Expr:
    """e with derivatives on the way written out, innermost ones too; each is written out at most once a level."""
    for _ in range(len(inner) + 1):
        wide = substitute(e, inner)
        if wide == e:
            break
        e = wide
    return e
