"""From a problem's derivation to the blocks of its solution: each verb's content by its own exposition, in order.

Computed content is set first, so that every equation has its number before prose refers to it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import assert_never

from solgen.document.author.prose import Citable, prose
from solgen.document.blocks import PAGE_WIDTH, Aside, Block, Paragraph, Picture
from solgen.document.earlier import scope
from solgen.document.english import count_times, rule_name
from solgen.document.forward_pass import forward_blocks, introduced_names
from solgen.document.verbs.evaluate import example_blocks
from solgen.document.verbs.gradients import gradient_blocks
from solgen.document.verbs.mistakes import mistake_blocks
from solgen.document.verbs.paths import path_blocks
from solgen.document.verbs.shapes import count_blocks, shape_blocks
from solgen.document.verbs.worked import worked_blocks
from solgen.document.voice import Voice, used_in
from solgen.errors import Diagnostic, InputError, blaming
from solgen.expr.nodes import Adj, Var
from solgen.expr.walk import variables
from solgen.model.derivation import (
    AdjointBlock,
    Assumption,
    Content,
    Count,
    Derivation,
    Example,
    Gradients,
    GraphAsked,
    Mistakes,
    PartDerivation,
    Paths,
    Said,
    Shapes,
    Worked,
)
from solgen.model.figure import Figure
from solgen.model.problem import Model, Options
from solgen.model.quantity import Computed
from solgen.model.verdict import Checks
from solgen.render.words import Formula, Words, join_words, listed_words, typed_words, words

OF_FUNCTIONS = "About functions:"


def figure_key(problem: str, part: str, position: int) -> str:
    """The key of the figure for content number `position` (from 0) of a part; also its file's stem."""
    return f"{problem}-{part}-{position}"


@dataclass(frozen=True, slots=True)
class Exposition:
    """One problem told: its voice, its derivation and the figures drawn for it."""

    voice: Voice
    derivation: Derivation
    figures: Mapping[str, Figure]
    checks: Checks | None = None

    def model(self, p: PartDerivation) -> Model:
        return p.part.model or self.derivation.problem.model

    @property
    def shown(self) -> dict[Adj, AdjointBlock]:
        """Gradients as the parts show them: what prose cites of them reads as it does there."""
        contents = (c for p in self.derivation.parts if p.part.model is None for c in p.contents)
        return {b.symbol: b for c in contents if isinstance(c, Gradients) for b in c.blocks}

    def source(self, p: PartDerivation | None = None) -> Citable:
        """What prose may cite: the problem's values, or those of a part that changes the model."""
        d = self.derivation
        adjoints = {b.symbol: b for b in d.adjoints} | self.shown
        adjoints |= {b.symbol: b for b in p.adjoints} if p else {}
        forward = (p.forward if p else ()) or d.forward
        voice = self.voice.within(p.part) if p else self.voice
        model = self.model(p) if p else d.problem.model
        cited = p.example if p and p.part.model is not None else d.example
        values = self.values(cited) if cited else None
        return Citable(voice, model, forward, adjoints, d.problem.numbers, values)

    def tell_contents(self, p: PartDerivation) -> tuple[tuple[Block, ...] | Said, ...]:
        """A part's contents as blocks; prose is left for later."""
        options = [a.options for a in p.asks] or [Options()] * len(p.contents)
        told: list[tuple[Block, ...] | Said] = []
        for k, (c, o) in enumerate(zip(p.contents, options, strict=True)):
            with blaming(p.part.id, f"part ({p.part.id}), as it is told", p.asks[k].span if p.asks else p.part.span):
                told.append(self._content(c, p, k, o))
        return tuple(told)

    def solution(self, p: PartDerivation, computed: tuple[tuple[Block, ...] | Said, ...]) -> tuple[Block, ...]:
        """The computed blocks with the author's prose before, between and after."""
        source = self.source(p)
        blocks: list[Block] = [Paragraph(prose(p.part.say, source))] if p.part.say else []
        for content in computed:
            blocks += [Paragraph(prose(content.prose, source))] if isinstance(content, Said) else content
        if p.part.answer:
            blocks.append(Paragraph(prose(p.part.answer, source)))
        return tuple(blocks)

    def _tell_assumptions(self, voice: Voice, p: PartDerivation, position: int) -> tuple[Block, ...]:
        """What a content takes for granted, as far as the problem has not said it yet: conditions on values, those that
        were found to be needed; apart from them what functions are and do."""
        found = p.assumptions[position] if p.assumptions else ()
        needed = {c.step for c in self.checks.checks} if self.checks else {step for step, _ in p.conditions}
        unneeded = {a for step, a in p.conditions if step not in needed}
        fresh = [a for a in found if a not in unneeded and voice.ledger.first(voice.place("assumed", a))]
        kinds = (
            ("Assumed:", [a for a in fresh if a.of is not None]),
            (OF_FUNCTIONS, [a for a in fresh if a.of is None]),
        )
        return tuple(
            Aside(words(join_words([_assumption(voice, a) for a in told], "; "), "."), lead)
            for lead, told in kinds
            if told
        )

    def _content(self, c: Content, p: PartDerivation, position: int, o: Options) -> tuple[Block, ...] | Said:
        voice = self.voice.within(p.part)
        match c:
            case Gradients():
                told = gradient_blocks(voice.lettered, c, o, scope(self.model(p), c))
                return (*told, *self._tell_assumptions(voice.lettered, p, position))
            case Paths():
                figure = self._figure(p, position)
                told = path_blocks(voice.lettered, c, self.model(p), o, figure)
                return (*told, *self._tell_assumptions(voice.lettered, p, position))
            case Shapes():
                return shape_blocks(voice, c, self._figure(p, position) if o.steps == "full" else None)
            case Count():
                return count_blocks(voice, c)
            case GraphAsked():
                return self._graph(c, p, position)
            case Worked():
                return (*worked_blocks(voice.lettered, c, o), *self._tell_assumptions(voice.lettered, p, position))
            case Mistakes():
                trials = self.checks.trials if self.checks else ()
                trial = next((t for t in trials if t.id == c.id), None)
                return mistake_blocks(voice.lettered, c, self.model(p), trial, self._is_derived_last(c.symbol, p))
            case Example():
                return example_blocks(voice, c, self.values(c), self._states_numbers(c, p))
            case Said():
                return c
            case _:
                assert_never(c)

    def values(self, e: Example) -> Computed:
        """The verified values of a worked example; raises InputError where it was not verified."""
        found = next((c for c in (self.checks.examples if self.checks else ()) if c.id == e.id), None)
        if found is None:
            raise InputError([Diagnostic("unverified", f"the numbers of {e.id} were not computed")])
        return found

    def _states_numbers(self, e: Example, p: PartDerivation) -> bool:
        """Whether the question prints the numbers of an example already."""
        problem = self.derivation.problem
        texts = (*problem.statement, *p.part.prompt)
        told = any(not isinstance(piece, str) and piece.kind == "numbers" for piece in texts)
        return told and all(problem.numbers.get(name) == number for name, number in e.numbers.items())

    def _figure(self, p: PartDerivation, position: int) -> Figure | None:
        return self.figures.get(figure_key(self.derivation.problem.id, p.part.id, position))

    def _is_derived_last(self, symbol: Adj, p: PartDerivation) -> bool:
        """Whether the last derivation of a gradient, up to this part, is for this part's model."""
        upto = self.derivation.parts[: self.derivation.parts.index(p) + 1]
        models = [self.model(q) for q in upto for c in q.contents if symbol in _derives(c)]
        return bool(models) and models[-1] == self.model(p)

    def _graph(self, g: GraphAsked, p: PartDerivation, position: int) -> tuple[Block, ...]:
        """The figure and what to see in it; names that the model lacks are announced first."""
        introduced = introduced_names(g.forward, self.model(p))
        voice = self.voice.heard(p.part.id).lettered
        blocks = forward_blocks(voice, g.forward, introduced) if introduced or voice.named else []
        figure = self._figure(p, position)
        if figure is None:
            return tuple(blocks)
        example = p.example if p.part.model else self.derivation.example
        caption = _caption(voice, g, example is not None and example.runs(g.forward))
        number = self.voice.ledger.figure()
        width = min(figure.width_pt, PAGE_WIDTH)
        return (*blocks, Picture(figure.name, width, number, caption, figure.alt))


def _derives(c: Content) -> tuple[Adj, ...]:
    """The gradients to which a content gives a number."""
    match c:
        case Gradients(blocks=blocks):
            return tuple(b.symbol for b in blocks)
        case Paths(of=of, wrt=wrt):
            return (Adj(of, wrt),)
        case Worked() | Shapes() | Count() | GraphAsked() | Mistakes() | Example() | Said():
            return ()
        case _:
            assert_never(c)


def _assumption(voice: Voice, a: Assumption) -> Words:
    """One assumption as a clause: `S is invertible`, `φ is differentiable`, `ReLU′(0) = 0`."""
    if a.of is not None:
        return words(voice.math(a.of), " is invertible" if a.kind == "invertible" else " is not zero")
    if a.kind == "differentiable":
        return words(Formula(voice.presenter.name(a.text).node()), " is differentiable")
    return typed_words(rule_name(a.text, voice.presenter.taken))


def _caption(voice: Voice, g: GraphAsked, numbers: bool) -> Words:
    """How to read the drawing, and which names fan out in it; `numbers` of a worked example may stand in it."""
    values = f"Values run along the arrows (black, {'at the given numbers' if numbers else 'with their shapes'})"
    how = f"{values}; gradients run back (red)." if g.backward else f"{values}."
    shared = [(v, used_in(v, g.forward)) for v in _names(g)]
    told = [_tell_shared_name(voice, v, users) for v, users in shared if len(users) > 1]
    return join_words([how, *told], " ")


def _names(g: GraphAsked) -> tuple[Var, ...]:
    return tuple(dict.fromkeys(v for q in g.forward for v in variables(q.body)))


def _tell_shared_name(voice: Voice, v: Var, users: tuple[Var, ...]) -> Words:
    """`W enters twice, in h and in x̂.`"""
    return words(
        voice.math(v), f" enters {count_times(len(users))}, in ", listed_words([voice.math(u) for u in users]), "."
    )
