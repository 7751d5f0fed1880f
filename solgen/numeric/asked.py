"""What an export is asked for: gradients, Jacobians and Hessians by key, each with the formula that computes it.

A gradient comes from the sweep of the whole problem, whatever form the page shows (of one sample, in batch matrices, an
entry, a row); a Jacobian from its matrix form, else from its index form, evaluated at all values of its indices.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from solgen.errors import Refused
from solgen.expr.nodes import Adj, Entry, Expr, Idx
from solgen.expr.walk import free_indices, nodes, substitute
from solgen.model import AdjointBlock, Ask, Derivation, Gradients, PartDerivation, Worked
from solgen.numeric.bench import sample_axes


@dataclass(frozen=True, slots=True)
class Jacobian:
    """∂y/∂x or ∂²y/∂x² as a formula; `over` are the free indices that are its first axes, in order."""

    symbol: Adj
    value: Expr
    over: tuple[Idx, ...]


def asked_gradients(derivation: Derivation) -> dict[str, Adj]:
    """What each key of `gradients` stands for: the name, or `dy/dx` where a name is asked for with several outputs."""
    names = derivation.problem.model.variables
    last = derivation.problem.model.output
    asked: dict[Adj, None] = {}
    for ask in _asks(derivation):
        if ask.verb not in ("gradients", "paths"):
            continue
        of = names[ask.of.name] if ask.of else last
        if of is not None:
            asked.update((Adj(of, names[n.name]), None) for n in ask.names)
    return keyed(asked)


def asked_jacobians(derivation: Derivation, verb: str) -> dict[str, Jacobian]:
    """What each key of `jacobians` (verb `jacobian`) or `hessians` (verb `hessian`) stands for.

    Raises Refused where no form of the answer can be written without symbols of further derivatives.
    """
    found: dict[Adj, Jacobian] = {}
    for part in _own(derivation):
        for content in part.contents:
            if isinstance(content, Worked) and content.verb == verb:
                jacobian = _jacobian(content)
                found.setdefault(jacobian.symbol, jacobian)
    return {key: found[symbol] for key, symbol in keyed(found).items()}


def keyed(symbols: Iterable[Adj]) -> dict[str, Adj]:
    """Each symbol under its variable's name, or under `dy/dx` where that variable has several outputs."""
    symbols = tuple(symbols)
    outputs: dict[str, set[str]] = {}
    for symbol in symbols:
        outputs.setdefault(symbol.wrt.name, set()).add(symbol.of.name)
    return {_key(symbol, len(outputs[symbol.wrt.name]) > 1): symbol for symbol in symbols}


def known_blocks(derivation: Derivation) -> dict[Adj, AdjointBlock]:
    """One block a gradient symbol, each after those that it needs, over the forward pass that the parts share."""
    contents = [c for p in _own(derivation) for c in p.contents]
    shown = [b for c in contents if isinstance(c, Gradients) and c.form in ("", "sum") for b in c.blocks]
    found: dict[Adj, AdjointBlock] = {}
    for block in (*shown, *derivation.adjoints):
        found.setdefault(block.symbol, block)
    return found


def _key(symbol: Adj, several: bool) -> str:
    return f"d{symbol.of.name}/d{symbol.wrt.name}" if several else symbol.wrt.name


def _own(derivation: Derivation) -> Iterator[PartDerivation]:
    """The parts that share the problem's model; names of a part's own model mean something else."""
    return (part for part in derivation.parts if not part.forward)


def _asks(derivation: Derivation) -> Iterator[Ask]:
    return (ask for part in _own(derivation) for ask in part.part.asks)


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
