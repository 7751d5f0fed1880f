"""One item of `solve` with the problem and part that it stands in, and what verbs read off it."""

from __future__ import annotations

from dataclasses import dataclass

from solgen.calculus.engine.adjoints import Detail
from solgen.calculus.engine.prepare import Prepared, prepare
from solgen.calculus.wanted import kept_names
from solgen.errors import Refused
from solgen.expr.nodes import Var
from solgen.expr.present.notation import GRADIENTS
from solgen.model.problem import Ask, Model, NameRef, Part, Problem
from solgen.model.step import StepId


@dataclass(frozen=True, slots=True)
class Question:
    """What a verb is asked; `ask` is one of the part's."""

    problem: Problem
    part: Part
    ask: Ask

    @property
    def model(self) -> Model:
        """The model that it is about: the part's own, else the problem's."""
        return self.part.model or self.problem.model

    @property
    def where(self) -> StepId:
        """Where its lines stand."""
        return StepId(self.part.id)

    @property
    def of(self) -> Var:
        """What is differentiated; raises Refused where there is no equation, or where it is an entry of one."""
        if self.ask.of and self.ask.of.indices:
            reason = f"what is differentiated is an entry, `{self.ask.of}`, and has no name"
            raise Refused(reason, f"give it a name of its own, as in `a = {self.ask.of}`, and ask for that")
        of = self.model.variables[self.ask.of.name] if self.ask.of else self.model.output
        if of is None:
            raise Refused("the model has no equation to differentiate")
        return of

    @property
    def names(self) -> tuple[str, ...]:
        """The names asked for; raises Refused where one is an entry or a slice."""
        for name in self.ask.names:
            if name.indices:
                reason = f"the gradient at `{name}` alone cannot be derived yet"
                raise Refused(reason, f"ask for `{name.name}` as a whole")
        return tuple(name.name for name in self.ask.names)

    @property
    def style(self) -> Detail:
        """Where the notation names error signals (z̄, δ_z), the names stay; ∂L/∂z and ∇_z L are written out."""
        notation = self.part.notation or self.problem.notation
        named = not GRADIENTS[notation.gradient].shows_output
        return Detail(0 if named else 3, not named, self.ask.options.substitute, notation.order == "local-first")

    @property
    def prepared(self) -> Prepared:
        """The forward pass of its model, with names for what the part asks for."""
        return prepare(self.model, kept_names(self.problem, (self.part,)), self.problem.latex)

    def variable(self, option: str) -> Var | None:
        """The variable that an option names, if it is given."""
        name = self.ask.extra.get(option)
        return self.model.variables[name.name] if isinstance(name, NameRef) else None

    def names_of(self, option: str) -> tuple[str, ...]:
        """The names that an option lists."""
        given = self.ask.extra.get(option, ())
        assert isinstance(given, tuple)
        return tuple(name.name for name in given)
