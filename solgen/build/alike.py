"""Names and gradients that a page would write alike: x̄ a mean and a gradient, δ_z a name and a gradient.

Two names of a file that look alike are refused where it is read.  A gradient's symbol depends on the notation, which a
part or the command line may choose, and on the gradients that a solution shows: it is compared with the names where the
pages are told, before a reader is left to wonder.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType

from solgen.build.read_back.section import Section
from solgen.document.voice import presenter_for
from solgen.errors import Diagnostic, InputError, Span
from solgen.expr.nodes import Adj, Expr, Var
from solgen.expr.present.presenter import Presenter
from solgen.expr.present.tree import Authored, Identifier, Node, Variant, map_children
from solgen.expr.text import text
from solgen.expr.walk import KEPT, nodes
from solgen.model.noun_walk import parts
from solgen.model.problem import Part, Problem
from solgen.render.terminal import one_line

UNMARKED: Mapping[Variant, Variant] = MappingProxyType({"bold italic": "italic", "bold": "upright"})
FORMS = {"φ": "ϕ", "ε": "ϵ"}  # two forms of one letter, which a terminal writes alike
HINT = "rename {0}, typeset it otherwise under `latex:`, or choose another notation than `{1}`"


def refuse_alike(sections: Iterable[Section]) -> None:
    """Raises InputError where a gradient that a problem shows is written as one of its names is."""
    found = tuple(dict.fromkeys(d for section in sections if section.problem for d in _alike(section, section.problem)))
    if found:
        raise InputError(found)


def _alike(section: Section, problem: Problem) -> Iterator[Diagnostic]:
    notation = problem.notation_of(section.part)
    presenter = presenter_for(problem, notation)
    known = {look_of(presenter.inline(named.var)): named for named in _names(problem)}
    for symbol in dict.fromkeys(_meant(tuple(_gradients(section.pages)), problem, presenter)):
        named = known.get(look_of(presenter.inline(symbol)))
        if named is not None:
            yield _report_alike(problem, section.part, symbol, named, presenter)


def _meant(shown: Sequence[Adj], problem: Problem, presenter: Presenter) -> Iterator[Adj]:
    """The gradients that are shown; where the notation names them by the variable alone, those of all variables: the
    page says that a bar means a gradient."""
    yield from shown
    losses = dict.fromkeys(one.of for one in shown if not one.twice and one.of.name == presenter.loss)
    if not presenter.gradient.shows_output:
        yield from (Adj(loss, named.var) for loss in losses for named in _names(problem))


def _report_alike(problem: Problem, part: Part | None, symbol: Adj, named: _Named, presenter: Presenter) -> Diagnostic:
    name, notation = named.var.name, presenter.notation.gradient
    where = f"part ({part.id})" if part else "the page"
    written = one_line(presenter.inline(symbol))
    message = f"in {where} {written} is the gradient {text(symbol)}, and `{name}` is written {written} too"
    lines, span = problem.text.splitlines(), named.span
    source = lines[span.line - 1] if 0 < span.line <= len(lines) else ""
    return Diagnostic("alike", message, span, HINT.format(name, notation), source)


def look_of(node: Node) -> Node:
    """A symbol without what sets arrays apart from numbers: a reader says x̄ whether it is bold or not."""
    if isinstance(node, Identifier):
        return Identifier(FORMS.get(node.letters, node.letters), UNMARKED.get(node.variant, node.variant))
    return Authored(node.tex) if isinstance(node, Authored) else map_children(node, look_of)


@dataclass(frozen=True, slots=True)
class _Named:
    """A name of a file and where it stands."""

    var: Var
    span: Span


def _names(problem: Problem) -> Iterator[_Named]:
    for model in problem.models:
        yield from (_Named(declared.var, declared.span) for declared in model.declarations)
        yield from (_Named(equation.var, equation.span) for equation in model.equations)


def _gradients(page: object) -> Iterator[Adj]:
    """Every gradient's symbol in the formulas that stand in a page."""
    shows = getattr(page, "shows", None)
    if isinstance(shows, Expr):
        yield from _gradients_in(shows)
        return
    for inner in parts(page):
        yield from _gradients(inner)


@lru_cache(maxsize=KEPT)
def _gradients_in(e: Expr) -> tuple[Adj, ...]:
    return tuple(node for node in nodes(e) if isinstance(node, Adj))
