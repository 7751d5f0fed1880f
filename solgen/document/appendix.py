"""The appendix: every rule that the document cites, stated once and proved in index form by the engine's own lines."""

from __future__ import annotations

from collections.abc import Sequence

from solgen.document.blocks import Row, RulePage, Steps
from solgen.document.escape import Tex, escape_title
from solgen.document.grammar import rule_name, sentence
from solgen.document.voice import EQUALS, Voice
from solgen.model import Line, Rule

DEFINITION = "definition"


def rule_pages(voice: Voice, rules: Sequence[Rule]) -> tuple[RulePage, ...]:
    """The cited rules in the order of their numbers."""
    return tuple(_page(voice, rule) for rule in rules)


def _page(voice: Voice, rule: Rule) -> RulePage:
    """The operation, its definition entry by entry, the rule; then the lines that prove it."""
    chain = rule.statement.chain
    stated: list[str] = [voice.plain_equation(rule.equation)]
    stated += [_defined(voice, line) for line in rule.proof if line.reason == DEFINITION]
    stated.append(f"{voice.expr(chain[0])} {voice.chain(chain[1:])}")
    rows = tuple(_row(voice, line) for line in rule.proof if line.reason != DEFINITION)
    statement = Tex(r",\apart ".join(rf"\formula{{{s}}}" for s in dict.fromkeys(stated)))
    name, note = sentence(rule_name(rule.name)), rule_name(rule.note)
    note = note if " = " in note else sentence(note)  # a formula keeps its first letter
    number = str(voice.ledger.cite(rule.key))
    return RulePage(number, name, statement, Steps(rows), escape_title(note), escape_title(rule.source))


def _defined(voice: Voice, line: Line) -> str:
    return " = ".join(map(voice.expr, line.chain))


def _row(voice: Voice, line: Line) -> Row:
    right = Tex(r" \brkeq ".join(EQUALS + side for side in map(voice.side, line.chain[1:])))
    return Row(voice.expr(line.chain[0]), right, escape_title(line.reason))
