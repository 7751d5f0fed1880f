"""The appendix: every rule that the document cites, stated once and proved in index form by the engine's own lines."""

from __future__ import annotations

from collections.abc import Sequence

from solgen.document.blocks import RulePage, Steps, TableRow
from solgen.document.english import rule_name, sentence
from solgen.document.voice import Voice
from solgen.expr.present.tree import Node
from solgen.model.derivation import Line, Rule
from solgen.render.chains import Beside, Chain, equate
from solgen.render.words import typed_words

DEFINITION = "definition"


def rule_pages(voice: Voice, rules: Sequence[Rule]) -> tuple[RulePage, ...]:
    """The cited rules in the order of their numbers."""
    return tuple(_page(voice, rule) for rule in rules)


def _page(voice: Voice, rule: Rule) -> RulePage:
    """The operation, its definition entry by entry, the rule; then the lines that prove it."""
    chain = rule.statement.chain
    stated: list[Node | Chain] = [voice.plain_equation(rule.equation)]
    stated += [equate(*map(voice.inline, line.chain)) for line in rule.proof if line.reason == DEFINITION]
    stated.append(Chain(voice.inline(chain[0]), voice.chain(chain[1:])))
    rows = tuple(_row(voice, line) for line in rule.proof if line.reason != DEFINITION)
    name, note = sentence(rule_name(rule.name)), rule_name(rule.note)
    number = str(voice.ledger.cite(rule.key))
    statement = Beside(tuple(dict.fromkeys(stated)))
    return RulePage(number, name, statement, Steps(rows), typed_words(note), typed_words(rule.source))


def _row(voice: Voice, line: Line) -> TableRow:
    return TableRow(
        voice.inline(line.chain[0]), voice.chain(line.chain[1:], shapes_last=False), typed_words(line.reason)
    )
