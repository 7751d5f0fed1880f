"""Problem → Derivation: every verb of every part carried out, the rules they cite collected and proved.

Parts that do not change the model share one naming of the forward pass, so that a name means one thing on a page.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from types import MappingProxyType

from solgen.calculus.assumptions import assumptions
from solgen.calculus.engine.adjoints import Detail, gradients
from solgen.calculus.engine.prepare import Prepared, prepare
from solgen.calculus.expected import with_expected
from solgen.calculus.question import Question
from solgen.calculus.verbs import TABLE, Verb
from solgen.calculus.verbs.evaluate import cited_example
from solgen.calculus.wanted import kept_names, wanted_by_part, wanted_by_problem
from solgen.errors import Refused, blaming
from solgen.model.derivation import (
    AdjointBlock,
    Content,
    Derivation,
    Example,
    Gradients,
    PartDerivation,
    Paths,
    Rule,
    Worked,
)
from solgen.model.problem import Ask, Model, Part, Problem
from solgen.model.step import StepId

VERBS: Mapping[str, Verb] = MappingProxyType({name: TABLE.load(name) for name in TABLE.names})


def derive(problem: Problem) -> Derivation:
    """Everything that the problem's solution states; raises Refused where a part cannot be derived."""
    parts = tuple(_part(problem, part) for part in problem.parts)
    model = problem.model
    prepared = prepare(model, kept_names(problem, problem.parts), problem.latex)
    adjoints = _adjoints(prepared, model, wanted_by_problem(problem), StepId(within="cited"))
    shared = tuple(p for p in parts if p.part.model is None)
    cited = cited_example(problem, model, (problem.statement,), shared, StepId(kind="example", path="example"))
    return Derivation(problem, prepared.shown, parts, _rules(parts), adjoints, example=cited)


def _rules(parts: Iterable[PartDerivation]) -> tuple[Rule, ...]:
    """Each rule that a line cites, once, in the order of citation."""
    contents = [c for part in parts for c in part.contents if isinstance(c, Gradients | Paths | Worked)]
    contents += [g for part in parts for c in part.contents if isinstance(c, Example) for g in c.gradients]
    return tuple({rule.key: rule for content in contents for rule in content.rules}.values())


def _part(problem: Problem, part: Part) -> PartDerivation:
    contents: list[Content] = []
    asks: list[Ask] = []
    for ask in part.asks:
        try:
            with blaming(part.id, f"part ({part.id}), {ask.verb}", ask.span):
                contents.extend(_answer(Question(problem, part, ask)))
            asks += [ask] * (len(contents) - len(asks))
        except Refused as refusal:
            raise Refused(refusal.reason, refusal.hint, part.id, ask.verb) from refusal
    contents = list(with_expected(contents, part))
    assumed = tuple(assumptions(content) for content in contents)
    if part.model is None:
        return PartDerivation(part, tuple(contents), asks=tuple(asks), assumptions=assumed)
    prepared = prepare(part.model, kept_names(problem, (part,)), problem.latex)
    adjoints = _adjoints(prepared, part.model, wanted_by_part(part, part.model), StepId(part.id, within="cited"))
    own = PartDerivation(part, tuple(contents), prepared.shown, adjoints, tuple(asks), assumptions=assumed)
    called = StepId(part.id, "example", path="cited")
    return replace(own, example=cited_example(problem, part.model, (), (own,), called))


def _answer(question: Question) -> tuple[Content, ...]:
    verb = question.ask.verb
    if verb not in VERBS:
        raise Refused(f"`{verb}` cannot be derived yet", f"what can be derived: {', '.join(VERBS)}")
    found = VERBS[verb].derive(question)
    return found if isinstance(found, tuple) else (found,)


def _adjoints(
    prepared: Prepared, model: Model, wanted: Iterable[tuple[str, str]], where: StepId
) -> tuple[AdjointBlock, ...]:
    """Blocks for all gradients that are asked for or cited, each output swept once."""
    grouped: dict[str, dict[str, None]] = {}
    for of, name in wanted:
        grouped.setdefault(of, {})[name] = None
    names = model.variables
    return tuple(
        block
        for of, asked in grouped.items()
        for block in gradients(prepared, names[of], asked, Detail(), where).blocks
    )
