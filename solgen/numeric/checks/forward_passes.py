"""The forward passes that a problem shows: one that its parts share, and one of its own for a sample or a batch.

A batch is a forward pass in matrices.  What ties it to the file's own: each matrix is the stack of its samples, and
what is no family has the same value in both.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import assert_never

from solgen.expr.nodes import Adj, Expr, Idx, Stack, Var, rank
from solgen.expr.walk import nodes
from solgen.model.derivation import (
    AdjointBlock,
    Content,
    Count,
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
from solgen.model.problem import Equation, Model
from solgen.model.step import StepId, name_statement
from solgen.numeric.checks.statements import (
    Statement,
    block_forms,
    block_lines,
    content_forms,
    content_lines,
    distinct_statements,
    forward_statements,
)
from solgen.numeric.values.point import PassSetting, derived_gradients


@dataclass(frozen=True, slots=True)
class ModelScope:
    """What shares one model: the problem, or a part with a model of its own."""

    name: str
    model: Model
    forward: tuple[Equation, ...]
    adjoints: tuple[AdjointBlock, ...]
    parts: tuple[PartDerivation, ...]

    @property
    def contents(self) -> tuple[Content, ...]:
        return tuple(content for part in self.parts for content in part.contents)


@dataclass(frozen=True, slots=True)
class ShownPass:
    """One forward pass as it is shown, and what is stated over it; `form` begins the names of its checks.

    In a batch `stacked` says what each matrix is made of; the file's own equations are run first.
    """

    form: str
    model: Model
    forward: tuple[Equation, ...]
    contents: tuple[Content, ...]
    adjoints: tuple[AdjointBlock, ...] = ()
    stacked: tuple[Equation, ...] = ()
    introduced: tuple[Var, ...] = ()

    @property
    def equations(self) -> tuple[Equation, ...]:
        return self.stacked + self.forward

    def setting(self, sizes: dict[str, int]) -> PassSetting:
        """How every name and gradient symbol of this forward pass gets its value."""
        before = self.model.equations if self.form == "batch" else ()
        return PassSetting(sizes, self.equations, derived_gradients(self._symbols()), before=before)

    @property
    def names(self) -> tuple[Var, ...]:
        """Every value that a slip might put in another's place."""
        declared = (d.var for d in self.model.declarations if not (self.form == "batch" and d.var.at))
        return tuple(dict.fromkeys((*declared, *(q.var for q in self.equations))))

    def statements(self) -> tuple[Statement, ...]:
        """The printed lines; then what ties them together, and the gradients that prose cites."""
        lines = [s for content in self.contents for s in content_lines(content)]
        ties = list(self._ties())
        ties += [s for content in self.contents for s in content_forms(content)]
        ties += [s for block in self.adjoints for s in (*block_lines(block), *block_forms(block))]
        return distinct_statements(lines, (_of_form(tie, self.form) for tie in ties))

    def gradients(self) -> tuple[tuple[Adj, Expr], ...]:
        """Every value that is given to a gradient, and the sums over paths by their last form."""
        pairs: list[tuple[Adj, Expr]] = [(b.symbol, b.value) for b in self.adjoints]
        for content in self.contents:
            pairs += [(b.symbol, b.value) for b in adjoint_blocks(content)]
            if isinstance(content, Paths):
                pairs.append((Adj(content.of, content.wrt), content.total.chain[-1]))
        return tuple(dict.fromkeys(pairs))

    def find_asked(self) -> tuple[AdjointBlock, ...]:
        """The blocks of the gradients asked for, each symbol once."""
        found = [b for c in self.contents if isinstance(c, Gradients) for b in c.blocks if b.asked]
        return tuple({b.symbol: b for b in found}.values())

    def _symbols(self) -> tuple[AdjointBlock, ...]:
        """One block a gradient symbol, each after those that it needs."""
        found: dict[Adj, AdjointBlock] = {}
        for block in (*(b for content in self.contents for b in adjoint_blocks(content)), *self.adjoints):
            found.setdefault(block.symbol, block)
        return tuple(found.values())

    def _ties(self) -> Iterator[Statement]:
        if self.form != "batch":
            yield from forward_statements(self.model.equations, self.forward)
            return
        introduced = set(self.introduced)
        own = [q for q in self.forward if q.var not in introduced]
        for given, matrix in zip(self.model.equations, own, strict=True):
            yield Statement(name_statement("forward", matrix.var.name), matrix.var, self._stack_samples(given))

    def _stack_samples(self, given: Equation) -> Expr:
        """All samples of one equation side by side; the right side itself where it is no family."""
        if not given.var.at:
            return given.body
        index = given.var.at[0]
        assert isinstance(index, Idx) and len(given.var.at) == 1
        return Stack(index, given.var, self.model.samples == "columns" and rank(given.var) == 1)


def _of_form(statement: Statement, form: str) -> Statement:
    """The statement under a name that says which forward pass it speaks of."""
    return statement if statement.id.part else replace(statement, id=step_within(statement.id, form))


def step_within(step: StepId, form: str) -> StepId:
    """A step that parts share, as a step of the forward pass of this form."""
    return replace(step, within=f"{form}:") if form else step


def stages(scope: ModelScope) -> tuple[ShownPass, ...]:
    """The forward pass that the parts share, first; then each other that an item shows."""
    found: dict[tuple[object, ...], list[Content]] = {}
    for content in scope.contents:
        found.setdefault(_pass_key(content, scope.forward), []).append(content)
    main = ("", scope.forward, (), ())
    shared = ShownPass("", scope.model, scope.forward, tuple(found.pop(main, ())), scope.adjoints)
    return (shared, *(_own(scope.model, contents) for contents in found.values()))


def _pass_key(content: Content, shared: tuple[Equation, ...]) -> tuple[object, ...]:
    """What tells one forward pass from another."""
    match content:
        case Gradients(form="sample" | "batch" as form):
            return (form, content.forward, content.stacked, content.introduced)
        case Gradients(forward=forward) | Paths(forward=forward) | GraphAsked(forward=forward):
            return ("", forward, (), ())
        case Example(gradients=(Gradients(forward=forward), *_)):
            return ("", forward, (), ())
        case Example() | Worked() | Mistakes() | Shapes() | Count() | Said():
            return ("", shared, (), ())
        case _:
            assert_never(content)


def _own(model: Model, contents: Iterable[Content]) -> ShownPass:
    contents = tuple(contents)
    first = contents[0].gradients[0] if isinstance(contents[0], Example) else contents[0]
    assert isinstance(first, Gradients | Paths | GraphAsked)
    if not isinstance(first, Gradients):
        return ShownPass("", model, first.forward, contents)
    form = first.form if first.form in ("sample", "batch") else ""
    return ShownPass(form, model, first.forward, contents, (), first.stacked, first.introduced)


def find_derivatives(scope: ModelScope) -> tuple[Adj, ...]:
    """Every derivative that the contents of a scope state, each once."""
    found = [block.symbol for block in scope.adjoints]
    for content in scope.contents:
        found += [block.symbol for block in adjoint_blocks(content)]
        match content:
            case Paths(of=of, wrt=wrt):
                found.append(Adj(of, wrt))
            case Mistakes(symbol=symbol):
                found.append(symbol)
            case Worked(symbol=symbol):
                found += [n for n in nodes(symbol) if isinstance(n, Adj)]
            case Gradients() | GraphAsked() | Example() | Shapes() | Count() | Said():
                pass
            case _:
                assert_never(content)
    return tuple(dict.fromkeys(found))


def adjoint_blocks(content: Content) -> tuple[AdjointBlock, ...]:
    """The gradients that one item of a part shows."""
    match content:
        case Gradients(blocks=found) | GraphAsked(backward=Gradients(blocks=found)):
            return found
        case Example(gradients=several):
            return tuple(block for each in several for block in each.blocks)
        case GraphAsked() | Paths() | Worked() | Mistakes() | Shapes() | Count() | Said():
            return ()
        case _:
            assert_never(content)
