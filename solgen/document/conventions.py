"""The conventions of a document, stated once: layout, signs, what the grey marks mean; only what it uses."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import (
    assert_never,
)

from solgen.document.escape import Tex
from solgen.document.grammar import listed, part_letters
from solgen.document.voice import printer_for
from solgen.expr.nodes import Adj, Apply, Expr, Var, rank
from solgen.expr.size import Size
from solgen.expr.walk import nodes
from solgen.model import (
    Content,
    Count,
    Derivation,
    Example,
    Gradients,
    GraphAsked,
    Mistakes,
    Notation,
    PartDerivation,
    Paths,
    Said,
    Shapes,
    Worked,
)
from solgen.notation import GRADIENTS, GradientNotation, Quotient
from solgen.render.printer import Printer

VARIABLE = Var("v", (Size.of("n"),))
MEANT = "the gradient of {0} with respect to {1}"
JACOBIAN = r"The Jacobian $\partial\bm{y}/\partial\bm{x}$ has $\partial y_i/\partial x_j$ in row $i$, column $j$."


def conventions(derivations: Iterable[Derivation], notation: Notation) -> tuple[Tex, ...]:
    """Sentences; those about signs only where the sign occurs, those about other notations with their places.

    notation: the document's.
    """
    derivations = tuple(derivations)
    formulas = [e for d in derivations for e in _formulas(d)]
    if not formulas:
        return ()
    used = {n for e in formulas for n in nodes(e)}
    sentences = [Tex("Vectors are columns.")]
    losses = tuple(dict.fromkeys(symbol for d in derivations for symbol in _losses(d)))
    if losses:
        sentences.append(_gradient(notation.gradient, losses))
        sentences += _others(derivations, notation)
    if any(_is_jacobian(c) for d in derivations for p in d.parts for c in p.contents):
        sentences.append(Tex(JACOBIAN))
    if any(_derives(p) for d in derivations for p in d.parts):
        sentences.append(Tex("Grey marks beneath factors are shapes."))
    return (*sentences, *_signs({n for n in used if isinstance(n, Apply)}, used, notation))


def _gradient(gradient: str, losses: Sequence[str]) -> Tex:
    """How a gradient is written, and its shape; a loss that the document calls by several names is `the loss`."""
    row, one = GRADIENTS[gradient], len(losses) == 1
    if row.shows_output and not one:
        return Tex("A gradient has the shape of its variable (denominator layout).")
    symbol, variable = _symbol(row, losses[0]), f"${Printer().expr(VARIABLE)}$"
    match row.introduced:
        case "shape":
            return Tex(f"The gradient {symbol} has the shape of {variable} (denominator layout).")
        case "meaning":
            meant = MEANT.format(f"${losses[0]}$" if one else "the loss", variable)
            return Tex(f"{symbol} is {meant}, in the shape of {variable} (denominator layout).")
        case unknown:
            assert_never(unknown)


def _symbol(row: GradientNotation, loss: str) -> str:
    """The gradient of a loss, named by its LaTeX, with respect to a vector, in running text."""
    printer = Printer({"L": loss}, Notation(row.name))
    if isinstance(row.symbol, Quotient):
        return rf"$\partial {loss}/\partial{printer.expr(VARIABLE)}$"
    return f"${printer.expr(Adj(Var('L', ()), VARIABLE))}$"


def _losses(d: Derivation) -> Iterator[str]:
    """What is differentiated into gradients, as the page writes it."""
    printer = printer_for(d.problem, d.problem.notation)
    for content in (c for p in d.parts for c in p.contents):
        match content:
            case Gradients(of=of) | Paths(of=of) | Worked(verb="gradients", symbol=Adj(of=of)) if not of.shape_:
                yield printer.write_name(of.name)
            case Gradients() | Paths() | Worked() | Shapes() | Count() | GraphAsked() | Mistakes() | Example() | Said():
                pass
            case _:
                assert_never(content)


def _is_jacobian(c: Content) -> bool:
    return isinstance(c, Worked) and c.verb == "jacobian" and isinstance(c.symbol, Adj) and bool(c.symbol.of.shape_)


def _signs(applied: set[Apply], used: set[Expr], notation: Notation) -> Iterator[Tex]:
    """What the signs of this document mean."""
    if any(n.op == "mul" and n.shape_ for n in applied):
        yield Tex(rf"$\{notation.hadamard}$ is the entrywise product.")
    if any(n.op == "div" and n.shape_ and n.args[1] in used and _arrays(n) for n in applied):
        yield Tex(r"$\oslash$ is the entrywise quotient.")
    if any(n.op == "add" and any(_spread(a) for a in n.args) for n in applied):
        yield Tex("In a sum with an array, a number stands for itself in every entry.")
    ways = {n.params for n in applied if n.op in ("softmax", "log_softmax") and rank(n) == 2}
    for way in sorted("row" if way == (1,) else "column" for way in ways):
        sign = {"row": "rows", "column": "cols"}[way]
        yield Tex(rf"$\operatorname{{softmax}}_{{\mathrm{{{sign}}}}}$ acts on one {way} at a time.")
    if any(n.op == "cross_entropy" and rank(n) == 1 for n in applied):
        yield Tex(r"$\operatorname{CE}(\bm{P}, \bm{Y})$ is the vector of the samples' cross-entropies.")


def _others(derivations: Sequence[Derivation], notation: Notation) -> Iterator[Tex]:
    """Where another notation of gradients is used: in whole problems, or in parts."""
    problems: dict[str, list[str]] = {}
    places: dict[str, list[str]] = {}
    losses: dict[str, list[str]] = {}
    for n, d in enumerate(derivations, 1):
        of_problem = d.problem.notation.gradient
        number = d.problem.number or str(n)
        if of_problem != notation.gradient and any(map(_derives, d.parts)):
            problems.setdefault(of_problem, []).append(number)
        letters = part_letters([p.part.id for p in d.parts])
        for letter, p in zip(letters, d.parts, strict=True):
            own = p.part.notation.gradient if p.part.notation else of_problem
            losses.setdefault(own, []).extend(_losses(replace(d, parts=(p,))))
            if own != of_problem and _derives(p):
                where = f"part ({letter})" + (f" of problem {number}" if len(derivations) > 1 else "")
                places.setdefault(own, []).append(where)
    for gradient in sorted({*problems, *places} - {notation.gradient}):
        numbers = problems.get(gradient, [])
        whole = [f"problem{'s' if len(numbers) > 1 else ''} {listed(numbers)}"] if numbers else []
        for loss in losses[gradient][:1]:
            where = listed([*whole, *places.get(gradient, [])])
            yield Tex(f"In {where} it is written {_symbol(GRADIENTS[gradient], loss)}.")


def _derives(p: PartDerivation) -> bool:
    return any(isinstance(c, Gradients | Paths | Worked) for c in p.contents)


def _arrays(e: Apply) -> bool:
    return isinstance(e.args[1], Apply) and bool(e.args[1].shape_)


def _spread(e: Expr) -> bool:
    if isinstance(e, Apply) and e.op == "neg":
        e = e.args[0]
    return isinstance(e, Apply) and e.op == "fill"


def _formulas(d: Derivation) -> Iterator[Expr]:
    """Every formula of a problem's forward passes, parts and prose."""
    contents = [c for p in d.parts for c in p.contents]
    for q in (*d.forward, *(q for c in contents if isinstance(c, Gradients | Paths | Worked) for q in c.forward)):
        yield q.body
    for block in (*d.adjoints, *(b for c in contents if isinstance(c, Gradients) for b in c.blocks)):
        yield from (block.value, *block.final)
        for c in block.contributions:
            yield from c.line.chain
