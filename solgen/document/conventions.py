"""The conventions of a document, stated once: layout, signs, what the grey marks mean; only what it uses."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from solgen.document.escape import Tex
from solgen.expr.nodes import Apply, Expr
from solgen.expr.walk import nodes
from solgen.model import Derivation, Gradients, Notation, Paths, Worked

SYMBOLS = {
    "partial": r"$\partial L/\partial\bm{v}$ has the shape of $\bm{v}$ (denominator layout)",
    "nabla": r"$\nabla_{\!\bm{v}} L$ is the gradient of $L$ with respect to $\bm{v}$, in the shape of $\bm{v}$",
    "bar": r"$\bar{\bm{v}}$ stands for $\partial L/\partial\bm{v}$, in the shape of $\bm{v}$",
    "delta": r"$\bm{\delta}_{\bm{v}}$ stands for $\partial L/\partial\bm{v}$, in the shape of $\bm{v}$",
}


def conventions(derivations: Iterable[Derivation], notation: Notation) -> tuple[Tex, ...]:
    """Sentences; those about signs only where the sign occurs."""
    derivations = tuple(derivations)
    formulas = [e for d in derivations for e in _formulas(d)]
    if not formulas:
        return ()
    used = {n for e in formulas for n in nodes(e)}
    sentences = [Tex("Vectors are columns.")]
    if any(isinstance(c, Gradients | Paths | Worked) for d in derivations for p in d.parts for c in p.contents):
        sentences += [Tex(f"The gradient {SYMBOLS[notation.gradient]}."), Tex("Grey marks beneath factors are shapes.")]
    if any(isinstance(n, Apply) and n.op == "mul" and n.shape_ for n in used):
        sentences.append(Tex(rf"$\{notation.hadamard}$ is the entrywise product."))
    if any(isinstance(n, Apply) and n.op == "div" and n.shape_ and n.args[1] in used and _arrays(n) for n in used):
        sentences.append(Tex(r"$\oslash$ is the entrywise quotient."))
    if any(isinstance(n, Apply) and n.op == "add" and any(_spread(a) for a in n.args) for n in used):
        sentences.append(Tex("In a sum with an array, a number stands for itself in every entry."))
    return tuple(sentences)


def _arrays(e: Apply) -> bool:
    return isinstance(e.args[1], Apply) and bool(e.args[1].shape_)


def _spread(e: Expr) -> bool:
    if isinstance(e, Apply) and e.op == "neg":
        e = e.args[0]
    return isinstance(e, Apply) and e.op == "fill"


def _formulas(d: Derivation) -> Iterator[Expr]:
    """Every formula of a problem's parts."""
    for q in d.forward:
        yield q.body
    for block in d.adjoints:
        yield from (block.value, *block.final)
        for c in block.contributions:
            yield from c.line.chain
