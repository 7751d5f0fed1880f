"""What the calculus makes of a problem: lines, rules, the content of each verb, and the whole of a derivation."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from solgen.expr.nodes import Adj, Expr, Idx, Index, Var
from solgen.expr.size import Size
from solgen.expr.walk import variables
from solgen.model.problem import Ask, Equation, Model, Part, Problem, Prose, derivative_symbol
from solgen.model.quantity import Number
from solgen.model.step import StepId, Symbol


@dataclass(frozen=True, slots=True)
class Line:
    """A chain of equal expressions, `chain[0] = chain[1] = …`, and why.

    `rules` are keys of the rules that it cites; `reason` is a short phrase; `id` is unique in the derivation and
    is what a failed check names.
    """

    id: StepId
    chain: tuple[Expr, ...]
    rules: tuple[str, ...] = ()
    reason: str = ""
    label: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """A cited rule: its statement and its proof in index form, derived by the engine, each line checked.

    `operation` is what it is about, `place` the factor of a product; `equation` is the operation on placeholders,
    Y = f(A, B).  To check the lines, the placeholders and the upstream gradient Adj(L, Y) take any values; Adj(Y, A)
    is the Jacobian of the equation by differences of its right side, and Adj(L, A) the contraction of the two: no
    derivative rule takes part.
    """

    key: str
    operation: str
    place: str
    statement: Line
    proof: tuple[Line, ...]
    equation: Equation
    placeholders: tuple[Var, ...]
    source: str = ""
    note: str = ""

    @property
    def name(self) -> str:
        """The operation, and of a product the place of the factor: `matrix product, left factor`."""
        return ", ".join(filter(None, (self.operation, self.place)))


@dataclass(frozen=True, slots=True)
class Contribution:
    """What one use of a name adds to its gradient.

    `via` is the equation that uses it; the line's chain runs from the rule applied to upstream symbols to its
    shortest form.
    """

    via: Var
    line: Line


@dataclass(frozen=True, slots=True)
class AdjointBlock:
    """The gradient at one name: its contributions, their sum, and the answer with names substituted.

    `symbol` is ∂of/∂wrt.  `value` is the short form, over forward names and upstream gradient symbols; `closed` is
    the same with every gradient symbol written out; `final` are further forms to print in the box, each equal, of which
    the last, `expected`, are the instructor's own.
    No contributions: no path leads from wrt to the loss, and value is 0.
    """

    symbol: Adj
    contributions: tuple[Contribution, ...]
    total: Line
    value: Expr
    closed: Expr
    asked: bool
    final: tuple[Expr, ...] = ()
    expected: tuple[Expr, ...] = ()


@dataclass(frozen=True, slots=True)
class Gradients:
    """Backpropagation from `of`: forward pass with the names that were introduced, then one block a node.

    `rules` are those that its lines cite.  `form` says of a family of samples whether one sample's gradients are
    shown, their sum, or batch matrices; the forward pass of `batch` is its own: first each matrix as the stack of its
    samples (`stacked`), then the equations in matrices.
    """

    of: Var
    forward: tuple[Equation, ...]
    introduced: tuple[Var, ...]
    blocks: tuple[AdjointBlock, ...]
    rules: tuple[Rule, ...] = ()
    form: Literal["", "sample", "sum", "batch"] = ""
    stacked: tuple[Equation, ...] = ()


@dataclass(frozen=True, slots=True)
class ShapeLine:
    """The shape of one name, and the reason: given, from an equation, or because it must conform."""

    var: Var
    equation: Equation | None
    reason: str
    asked: bool


@dataclass(frozen=True, slots=True)
class Shapes:
    """A deduction of shapes, line by line."""

    lines: tuple[ShapeLine, ...]

    @property
    def told(self) -> tuple[ShapeLine, ...]:
        """The lines that are asked for or lead to one that is; what was given or chosen stays.

        A line follows from its equation, and so from the lines before it of the names that stand there.
        """
        needed = {line.var.name for line in self.lines if line.asked}
        kept: list[ShapeLine] = []
        for line in reversed(self.lines):
            if line.equation is None or line.var.name in needed:
                kept.append(line)
                if line.equation is not None:
                    needed |= {v.name for v in (line.equation.var, *variables(line.equation.body))}
        return tuple(reversed(kept))


@dataclass(frozen=True, slots=True)
class Count:
    """How many parameters: of each, and in total."""

    rows: tuple[tuple[Var, Size], ...]
    total: Size


@dataclass(frozen=True, slots=True)
class PathTerm:
    """One route from a name to the loss, and what it contributes to the gradient.

    `uses` says of each step which of the name's occurrences in the next equation it takes, counted from 0.
    """

    route: tuple[Var, ...]
    line: Line
    uses: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Paths:
    """Every route from `wrt` to `of`; `total` is their sum, equal to the gradient."""

    of: Var
    wrt: Var
    forward: tuple[Equation, ...]
    terms: tuple[PathTerm, ...]
    total: Line
    rules: tuple[Rule, ...] = ()


@dataclass(frozen=True, slots=True)
class GraphAsked:
    """A drawing of the forward pass; the gradients are written on it when `backward`."""

    forward: tuple[Equation, ...]
    backward: Gradients | None


@dataclass(frozen=True, slots=True)
class Said:
    """Prose between computed items."""

    prose: Prose


@dataclass(frozen=True, slots=True)
class Where:
    """A condition on free indices under which lines hold: i = j, or i ≠ j."""

    left: Index
    right: Index
    equal: bool


@dataclass(frozen=True, slots=True)
class Grid:
    """A matrix displayed entry by entry with dots: `entry` at row and column; `symbol` is what it displays.

    With `minor` the columns are the entries of a matrix, row after row: (column, minor).
    """

    symbol: Expr
    row: Idx
    column: Idx
    entry: Expr
    minor: Idx | None = None


@dataclass(frozen=True, slots=True)
class NamedPart:
    """A part of a quotient, a product or a composition by its letter, g, or with primes a derivative of it, g′."""

    letter: str
    value: Expr
    primes: int = 0


@dataclass(frozen=True, slots=True)
class Passage:
    """One stage of a worked derivation: what is done, the lines, the conditions on their free indices.

    `kind` chooses the sentence: definition, quotient, product, chain, case, merge, index, entries, matrix, value,
    facts, substitute, sample, sum, batch, rewrite, independent (nothing leads from the variable to what is
    differentiated).  `names` are the parts that the sentence speaks of.
    """

    kind: str
    lines: tuple[Line, ...]
    where: tuple[Where, ...] = ()
    names: tuple[NamedPart, ...] = ()
    grid: Grid | None = None


@dataclass(frozen=True, slots=True)
class Worked:
    """What one verb works out stage by stage: a Jacobian, a Hessian, a scalar derivative, a rewriting ….

    `symbol` is the left side of the answer: ∂y/∂x, or an entry of it; `results` are the forms to box, in the order
    asked, each equal to `symbol` (an index form holds for all values of `indices`).
    """

    verb: str
    symbol: Expr
    forward: tuple[Equation, ...]
    passages: tuple[Passage, ...]
    results: tuple[Line, ...]
    indices: tuple[Idx, ...] = ()
    rules: tuple[Rule, ...] = ()


@dataclass(frozen=True, slots=True)
class ExampleStep:
    """One line of a worked example, `symbol = formula`; `operands` are the parts of the formula that numbers replace.

    `id` is the name of its value, `z` or `dL/dW`.  A sample index that is free stands for every sample.
    """

    id: str
    symbol: Expr
    formula: Expr
    operands: tuple[Expr, ...]
    asked: bool


@dataclass(frozen=True, slots=True)
class Example:
    """A worked example: `model` as far as it is needed, run at the given numbers, then the gradients on the way.

    `sizes` follow from the numbers.  `gradients` are derived as in any other item; their values are computed by the
    numeric room, which files them under `id`.
    """

    id: StepId
    model: Model
    numbers: Mapping[str, Number]
    sizes: Mapping[str, int]
    forward: tuple[Equation, ...]
    introduced: tuple[Var, ...]
    steps: tuple[ExampleStep, ...]
    gradients: tuple[Gradients, ...] = ()

    def value_id(self, step: ExampleStep) -> StepId:
        """What the value of one step is called."""
        symbol = derivative_symbol(step.symbol) if isinstance(step.symbol, Adj) else Symbol(step.id)
        return self.id.step("value", symbol, self.id.path)

    def runs(self, forward: Iterable[Equation]) -> bool:
        """Whether every name of a forward pass has a value here that is one for all samples."""
        known = {d.var for d in self.model.declarations if d.var.name in self.numbers} | {s.symbol for s in self.steps}
        names = {v for q in forward for v in (q.var, *variables(q.body))}
        return names <= known and not any(v.at for v in names)


@dataclass(frozen=True, slots=True)
class WrongAnswer:
    """A likely wrong answer: one slip on the way, everything else right.

    `kind` chooses the sentence about it, `names` are what that sentence speaks of, `via` is the equation in which the
    slip was made.  `clash` holds the factors of a product in `answer`, or the parts of a sum, that does not exist.
    """

    id: StepId
    kind: str
    answer: Expr
    via: Var
    names: tuple[tuple[str, Expr], ...] = ()
    clash: tuple[Expr, Expr] | None = None
    joined: Literal["product", "sum"] = "product"


@dataclass(frozen=True, slots=True)
class Mistakes:
    """The gradient `symbol`, its right value, and the likeliest wrong ones, the likeliest first.

    Only those that a run refutes (`Checks.trials`) are shown, and of these the first few.
    """

    id: StepId
    symbol: Adj
    right: Expr
    wrong: tuple[WrongAnswer, ...]
    forward: tuple[Equation, ...]
    introduced: tuple[Var, ...]


Content = Gradients | Shapes | Count | Paths | GraphAsked | Said | Worked | Mistakes | Example


@dataclass(frozen=True, slots=True)
class Assumption:
    """What a content takes for granted: the value `of` is invertible, or not zero, the function `text` differentiable,
    or the convention that `text` states holds (a derivative at a kink).
    """

    kind: Literal["invertible", "nonzero", "differentiable", "convention"]
    text: str = ""
    of: Expr | None = None


@dataclass(frozen=True, slots=True)
class PartDerivation:
    """The contents of one part; `forward` and `adjoints` are its own where the part changes the model, else empty.

    `asks` and `assumptions` hold, for each content, the item of `solve` that it answers and what it takes for granted;
    `example` is what prose and figures cite of `numbers:`, where the part changes the model.
    """

    part: Part
    contents: tuple[Content, ...]
    forward: tuple[Equation, ...] = ()
    adjoints: tuple[AdjointBlock, ...] = ()
    asks: tuple[Ask, ...] = ()
    example: Example | None = None
    assumptions: tuple[tuple[Assumption, ...], ...] = ()

    @property
    def conditions(self) -> tuple[tuple[StepId, Assumption], ...]:
        """The assumptions that are conditions on values, each once, with the name under which it is checked."""
        found = dict.fromkeys(a for assumed in self.assumptions for a in assumed if a.of is not None)
        return tuple((StepId(self.part.id, "condition", path=a.kind, number=n), a) for n, a in enumerate(found, 1))


@dataclass(frozen=True, slots=True)
class Derivation:
    """Everything that a problem's solution says: the parts, the rules they cite, the forward pass they share.

    `forward` has the introduced names; `adjoints` holds, in an order in which each needs only earlier ones, every
    gradient symbol used anywhere (prose included) with its value; `example` runs the model at `numbers:`, as far as
    prose and figures cite its values.
    """

    problem: Problem
    forward: tuple[Equation, ...]
    parts: tuple[PartDerivation, ...]
    rules: tuple[Rule, ...]
    adjoints: tuple[AdjointBlock, ...]
    example: Example | None = None

    @property
    def runs(self) -> tuple[Example, ...]:
        """The runs with numbers: those of its parts, then that of `numbers:`."""
        own = tuple(c for p in self.parts for c in (*p.contents, p.example) if isinstance(c, Example))
        return (*own, self.example) if self.example else own
