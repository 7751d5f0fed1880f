"""An instructor's own answers: printed as the last form of what was derived, and so verified as one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from solgen.expr.nodes import Adj, Expr
from solgen.model import AdjointBlock, Content, Gradients, Line, Model, Part, Worked

Answers = dict[Adj, Expr]


def with_expected(contents: Iterable[Content], part: Part, model: Model) -> tuple[Content, ...]:
    """The contents of a part with each expected derivative beside the derived one; entries stay comparisons alone."""
    answers = _answers(part, model)
    return tuple(_content(content, answers, f"({part.id})") for content in contents)


def _answers(part: Part, model: Model) -> Answers:
    known, found = model.variables, Answers()
    for expected in part.expect:
        of = known[expected.of.name] if expected.of else model.output
        named = expected.wrt
        if of is None or named is None or named.indices or not isinstance(expected.answer, Expr):
            continue
        found[Adj(of, known[named.name])] = expected.answer
    return found


def _content(content: Content, answers: Answers, where: str) -> Content:
    match content:
        case Gradients(form="" | "sum", blocks=blocks):
            return replace(content, blocks=tuple(_block(block, answers) for block in blocks))
        case Worked(verb="jacobian", symbol=symbol, results=results):
            answer = next((a for s, a in answers.items() if s in (symbol, *(line.chain[0] for line in results))), None)
            if answer is None or any(line.chain[-1] == answer for line in results):
                return content
            whole = next(s for s, a in answers.items() if a == answer)
            own = Line(f"{where} d{whole.of.name}/d{whole.wrt.name} as expected", (whole, answer))
            return replace(content, results=(*results, own))
        case _:
            return content


def _block(block: AdjointBlock, answers: Answers) -> AdjointBlock:
    """The gradient with the expected answer as its last form, unless it is one already."""
    answer = answers.get(block.symbol)
    if answer is None or not block.asked or answer in (block.value, block.closed, block.total.chain[-1], *block.final):
        return block
    return replace(block, final=(*block.final, answer))
