"""Every symbol that stands on a page is defined there: a name of the problem, a sign with its sentence, or known.

The pages are taken as they are, sign by sign, in each product: what is no name of the problem or of the page, no index,
nothing that the document's conventions show and nothing that everybody knows stops the build.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from solgen.document.blocks import Pages, TableRow
from solgen.document.definitions import KNOWN, definable, shown_in, signs_on
from solgen.document.key import says_stacks
from solgen.document.pages import ToldSet
from solgen.document.telling import Telling
from solgen.document.voice import taken_in
from solgen.errors import Diagnostic, Span
from solgen.expr.nodes import Adj, Entry, Expr, Idx, Position, Stack, Sum, Var
from solgen.expr.nodes import Delta as KroneckerDelta
from solgen.expr.present.declared import symbol
from solgen.expr.present.letters import APPLIED
from solgen.expr.present.signs import taken_letters
from solgen.expr.present.tree import BigOperator, Identifier, Node, Row, walk
from solgen.model.noun_walk import found
from solgen.model.problem import Problem
from solgen.render.chains import EQUALS, Chain, Equality
from solgen.render.terminal import one_line
from solgen.render.words import Formula, Words

HINT = "this is a mistake in solgen; nothing of the problem was typeset"


def undefined_in_set(told: ToldSet, shown: Sequence[Pages]) -> Iterator[Diagnostic]:
    """An error for each symbol of a product that its document does not define."""
    told_of = tuple(zip(told.problem_set.problems, told.letters, strict=True))
    for pages in shown:
        said = frozenset(signs_on(pages.conventions))
        for page, (problem, letters) in zip(pages.problems, told_of, strict=True):
            yield from _find_undefined(page, problem, letters, said, f"the {pages.product_title.lower()}")


def undefined_in_telling(problem: Problem, told: Telling) -> Iterator[Diagnostic]:
    """The same of a problem that is told outside of a document."""
    page, said = (told.statement, told.parts), frozenset(signs_on(told.where))
    yield from _find_undefined(page, problem, told.letters, said, "what is shown")


def _find_undefined(
    page: object, problem: Problem, nodes: Mapping[str, str], said: frozenset[Node], product: str
) -> Iterator[Diagnostic]:
    formulas = tuple(shown_in(page))
    nouns = tuple(found(page, (BigOperator, Chain, Equality, Formula, TableRow, Words)))
    yield from _find_unexplained(nouns, formulas, problem, product)
    letters = taken_in(problem, problem.notation) | _given_letters(formulas, problem) | _announced_letters(nouns)
    letters |= taken_letters(nodes, nodes)
    for sign in dict.fromkeys(signs_on(page)):
        if sign in said or sign in KNOWN or _is_name(sign, letters):
            continue
        if isinstance(sign, Identifier) or definable(sign):
            message = f"{product} shows {one_line(sign)}, which nothing on its pages defines"
            yield Diagnostic("undefined", message, Span(problem.file, 1, 1, 1), HINT)


def _find_unexplained(
    nouns: Sequence[object], formulas: Sequence[Expr], problem: Problem, product: str
) -> Iterator[Diagnostic]:
    """The names of ours that no equation of the page explains."""
    lefts = [noun.left for noun in nouns if isinstance(noun, Equality | Chain | TableRow) and noun.left is not None]
    heads = (*lefts, *_sentence_heads(nouns))
    explained = {part.shows.name for head in heads for part in walk(head) if isinstance(part.shows, Var)}
    stacked = (noun for noun in nouns if isinstance(noun, Words) and says_stacks(noun))
    explained |= {e.name for words in stacked for e in shown_in(words) if isinstance(e, Var)}
    explained |= {*_all(problem), *_parameters(problem), *problem.stack.values()}
    names = dict.fromkeys(e.name for e in formulas if isinstance(e, Var))
    for name in names:
        if name not in explained:
            message = f"{product} shows `{name}`, which no equation on its pages explains"
            yield Diagnostic("undefined", message, Span(problem.file, 1, 1, 1), HINT)


def _is_name(sign: Node, letters: frozenset[str]) -> bool:
    return isinstance(sign, Identifier) and sign.letters in letters


def _announced_letters(nouns: Sequence[object]) -> frozenset[str]:
    """The letters that a sentence gives a meaning, g = eˣ, those beneath the sign of a sum, a function's argument."""
    sums = [noun.under for noun in nouns if isinstance(noun, BigOperator) and noun.under is not None]
    lefts = (noun.left for noun in nouns if isinstance(noun, Equality))
    functions = [left for left in lefts if isinstance(left, Row) and APPLIED in left.items]  # φ(u) = …
    given = (part for head in (*_sentence_heads(nouns), *sums, *functions) for part in walk(head))
    return frozenset(part.letters for part in given if isinstance(part, Identifier))


def _sentence_heads(nouns: Sequence[object]) -> tuple[Node, ...]:
    """The left sides of the equations in sentences."""
    sides = (noun.node for noun in nouns if isinstance(noun, Formula))
    return tuple(node.items[0] for node in sides if isinstance(node, Row) and EQUALS in node.items[1:2])


def _given_letters(formulas: Sequence[Expr], problem: Problem) -> frozenset[str]:
    """The letters of indices and of names in the formulas, with the letters and words of their scripts."""
    names = tuple(dict.fromkeys(name for e in formulas for name in _names(e)))
    known = dict.fromkeys((*names, *problem.latex, *_all(problem)))
    written = (symbol(name, problem.latex.get(name, "")).node() for name in known)
    scripts = {part.letters for node in written for part in walk(node) if isinstance(part, Identifier)}
    return taken_letters(names, problem.latex) | scripts


def _all(problem: Problem) -> tuple[str, ...]:
    return tuple(name for model in problem.models for name in model.names)


def _parameters(problem: Problem) -> frozenset[str]:
    """What the file's own functions call their argument."""
    own = (callee.parameter for model in problem.models for callee in model.own)
    return frozenset(parameter.name for parameter in own if isinstance(parameter, Var))


def _names(e: Expr) -> Iterator[str]:
    match e:
        case Var(name=name, at=at):
            yield from (name, *(i.name for i in at if isinstance(i, Idx | Var)))
        case Adj(of=of, wrt=wrt):
            yield from (n for v in (of, wrt) for n in _names(v))
        case Sum(index=i) | Stack(index=i) | Position(index=i):
            yield i.name
        case Entry(indices=indices):
            yield from (i.name for i in indices if isinstance(i, Idx | Var))
        case KroneckerDelta(left=left, right=right):
            yield from (i.name for i in (left, right) if isinstance(i, Idx | Var))
        case _:
            return
