r"""How one problem is written: its presenters, its forward pass, and the small phrases every verb uses.

A `Voice` is what the verbs' expositions share: formulas with and without shapes, chains of equalities with their break
points, reasons that cite rules by number.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from solgen.document.counters import Ledger
from solgen.document.english import rule_name
from solgen.document.witness import Witness
from solgen.expr.nodes import Expr, Var, shape
from solgen.expr.present.breaks import without_breaks
from solgen.expr.present.inline import slash_derivative
from solgen.expr.present.notation import gradient_letters
from solgen.expr.present.presenter import Presenter
from solgen.expr.present.signs import taken_letters
from solgen.expr.present.sizes import shape_node
from solgen.expr.present.tree import CrossReference, Node
from solgen.expr.walk import variables
from solgen.model.derivation import Derivation, Line, Rule
from solgen.model.problem import Equation, Notation, Options, Part, Problem, Prose
from solgen.render.chains import Equality, Side, Sides, equate
from solgen.render.words import Cited, Formula, Words, join_words, typed_words, words

PLAIN = Options()  # of an item of `solve` that sets none
NAMED = 2  # so many rules are cited by name, each with its number behind it
WIDE = 44  # characters of the names of several rules


@dataclass(frozen=True, slots=True)
class Voice:
    """One problem's way of writing; `prefix` makes its places unique.

    witness: what it has printed so far; part: the id of the part for which it writes;
    cited: names of the equations that prose refers to by number; letters: what the nodes of the graph are called;
    named: the presenter by the model's own names, where `presenter` writes letters; witness: every formula that its
    presenters have made, with the part in which it stands.
    """

    presenter: Presenter
    ledger: Ledger
    rules: Mapping[str, Rule]
    prefix: str
    cited: frozenset[str] = frozenset()
    letters: Mapping[str, str] = field(default_factory=dict)
    named: Presenter | None = None
    witness: Witness = field(default_factory=Witness)

    def math(self, e: Expr) -> Formula:
        """The expression in a sentence; a derivative as ∂L/∂W."""
        return Formula(slash_derivative(self.presenter.inline(e)))

    def inline(self, e: Expr) -> Node:
        """The expression where no line may break."""
        return self.presenter.inline(e)

    def within(self, part: Part) -> Voice:
        """The voice of a part, in the part's own notation where it has one."""
        notation = part.notation or self.presenter.notation
        return self.heard(part.id, replace(self.presenter, notation=notation))

    def heard(self, part: str, presenter: Presenter | None = None) -> Voice:
        """The voice whose witness hears each formula as one of that part, by another presenter where one is given."""

        def hear(e: Expr) -> None:
            self.witness.saw(part, (e,))

        return replace(self, presenter=replace(presenter or self.presenter, hears=hear))

    @property
    def lettered(self) -> Voice:
        """The voice that calls nodes by their letters, as the graph does; itself where they have none."""
        if not self.letters or self.named:
            return self
        names = {**self.presenter.names, **self.letters}
        return replace(self, presenter=replace(self.presenter, names=names), named=self.presenter)

    def chain(self, chain: Sequence[Expr], shapes_last: bool = True) -> Sides:
        """`= a = b = …`, the last with shapes."""
        last = replace(self.presenter, shapes=True) if shapes_last else self.presenter
        return (*(Side(self.presenter.formula(e)) for e in chain[:-1]), Side(last.formula(chain[-1])))

    def answer(self, forms: Sequence[Expr]) -> Sides:
        """The forms of an answer without shapes; where nodes have letters, the last also by the model's names."""
        shown = self.chain(forms, shapes_last=False)
        if self.named is None:
            return shown
        spelled = Side(self.named.formula(forms[-1]))
        return shown if shown[-1] == spelled else (*shown, spelled)

    def equation(self, q: Equation) -> Equality:
        """A step of the forward pass with shapes, written as a row where the file writes one: `a = h = W x`."""
        left, right = replace(self.presenter, shapes=True).chain((q.var, q.body))
        if self.named and self.named.inline(q.var) != self.inline(q.var):
            left = equate(self.inline(q.var), replace(self.named, shapes=True).formula(q.var))
        return Equality(left, right, breaks=True)

    def cited_number(self, name: str) -> str:
        """The number of an equation of the forward pass that prose refers to, at its first display; else empty."""
        if name not in self.cited or not self.ledger.first(self.place("numbered", name)):
            return ""
        return self.ledger.number_of(self.place(name)) or self.ledger.number(self.place(name))

    def plain_equation(self, q: Equation) -> Node:
        """A step of the forward pass without shapes."""
        return equate(*self.plain_sides(q))

    def breakable_equation(self, q: Equation) -> Node:
        """A step of the forward pass without shapes on a line of its own, which may break."""
        return equate(*self.presenter.chain((q.var, q.body)))

    def plain_sides(self, q: Equation) -> tuple[Node, ...]:
        """Both sides of a step of the forward pass."""
        return tuple(map(without_breaks, self.presenter.chain((q.var, q.body))))

    def shape_of(self, e: Expr) -> Node | None:
        """The shape of a value; a number has none."""
        return shape_node(shape(e)) if shape(e) else None

    def place(self, *what: object) -> tuple[object, ...]:
        return (self.prefix, *what)

    def reason(self, line: Line, brief: bool = False) -> Words:
        """The line's own reason, or the rules that it cites by name, each with its number.

        One rule is named in full; of more, the operations, unless they are many or it is to be brief: then
        the numbers alone.
        """
        cited = [self.rules[key] for key in line.rules if key in self.rules]
        if line.reason:
            return words(typed_words(line.reason), *([self.citation(cited)] if cited else []))
        if len(cited) > NAMED:
            return words(self.citation(cited, "by")) if brief else self._gather_rules(cited)
        names = [rule.name if len(cited) == 1 else rule.operation for rule in cited]
        told = [words(typed_words(rule_name(n)), self.citation([r])) for n, r in zip(names, cited, strict=True)]
        return join_words(told, ", ")

    def citation(self, cited: Sequence[Rule], by: str = "") -> Cited:
        """The rules by number: `by R1 and R2`, or in parentheses behind what they are called."""
        numbers = tuple(str(self.ledger.cite(rule.key)) for rule in cited)
        return Cited(numbers, tuple(rule_name(rule.operation) for rule in cited), by)

    def _gather_rules(self, cited: Sequence[Rule]) -> Words:
        """`transpose, matrix product, squared norm (R1, R2, R3)`, or `by R1, R2, R3 and R4`."""
        names = ", ".join(dict.fromkeys(rule_name(rule.operation) for rule in cited))
        if len(names) > WIDE:
            return words(self.citation(cited, "by"))
        return words(typed_words(names), self.citation(cited))


def equation_number(number: str) -> CrossReference:
    """A reference to a numbered line."""
    return CrossReference("equation", number)


def voice_for(
    derivation: Derivation,
    notation: Notation,
    ledger: Ledger,
    prefix: str,
    letters: Mapping[str, str] | None = None,
) -> Voice:
    """The voice of one problem in a notation; `letters` name its nodes."""
    problem = derivation.problem
    rules = {r.key: r for r in derivation.rules}
    presenter = presenter_for(problem, notation)
    return Voice(presenter, ledger, rules, prefix, cited_equations(problem), letters or {}).heard("")


def cited_equations(problem: Problem) -> frozenset[str]:
    """Names of the forward equations that the prose of a problem refers to by number."""
    texts = [text for p in problem.parts for text in (p.say, p.answer, *(a.say for a in p.asks))]
    texts += [line.what for part in problem.parts for line in part.rubric]
    return questioned_equations(problem) | _find_cited(texts)


def questioned_equations(problem: Problem) -> frozenset[str]:
    """Those to which its questions refer: of the others the handout knows nothing."""
    return _find_cited([problem.statement, *(text for part in problem.parts for text in (part.prompt, part.hint))])


def _find_cited(texts: Iterable[Prose]) -> frozenset[str]:
    cited = (p for text in texts for p in text if not isinstance(p, str) and p.kind == "ref" and p.of is None)
    return frozenset(p.wrt.name for p in cited if p.wrt)


def presenter_for(problem: Problem, notation: Notation) -> Presenter:
    """The presenter of a problem's names; bars and deltas belong to the gradients of its last equation."""
    output = problem.model.output
    loss = output.name if output else None
    return Presenter(dict(problem.latex), notation, loss=loss, taken=taken_in(problem, notation))


def taken_in(problem: Problem, notation: Notation) -> frozenset[str]:
    """The letters that names of a problem are, of all its models, and those of its gradients' symbols."""
    notations = [notation, *(part.notation for part in problem.parts if part.notation)]
    names = dict.fromkeys(name for model in problem.models for name in model.names)
    own = gradient_letters(one.gradient for one in notations)
    return taken_letters([*names, *problem.stack.values()], problem.latex) | own


def used_in(var: Var, forward: Sequence[Equation]) -> tuple[Var, ...]:
    """The left sides of the equations that use a name."""
    return tuple(q.var for q in forward if any(v.name == var.name for v in variables(q.body)))
