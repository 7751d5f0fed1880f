"""The appendix: every rule that the document cites, stated once and proved in index form by the engine's own lines."""

from __future__ import annotations

from collections.abc import Sequence

from solgen.document.blocks import Row, RulePage, Steps
from solgen.document.escape import Tex, escape_title
from solgen.document.grammar import sentence
from solgen.document.voice import EQUALS, Voice
from solgen.model import Line, Rule


def rule_pages(voice: Voice, rules: Sequence[Rule]) -> tuple[RulePage, ...]:
    """The cited rules in the order of their numbers."""
    return tuple(_page(voice, rule) for rule in rules)


def _page(voice: Voice, rule: Rule) -> RulePage:
    equation = voice.printer.equation(rule.equation.var, rule.equation.body)
    chain = rule.statement.chain
    statement = rf"\formula{{{equation}}}\apart\formula{{{voice.printer.expr(chain[0])} {voice.chain(chain[1:])}}}"
    rows = tuple(_row(voice, line) for line in rule.proof)
    notes = "; ".join(n for n in (rule.source, rule.note) if n)
    return RulePage(str(voice.ledger.cite(rule.key)), sentence(rule.name), Tex(statement), Steps(rows), sentence(notes))


def _row(voice: Voice, line: Line) -> Row:
    right = Tex(r" \brkeq ".join(EQUALS + side for side in map(voice.broken.expr, line.chain[1:])))
    return Row(Tex(voice.printer.expr(line.chain[0])), right, escape_title(line.reason))
