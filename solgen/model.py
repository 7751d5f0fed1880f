"""The nouns that travel between the stages; frozen, so that a stage can only make new ones.

    text → ProblemSet (reader) → Derivation (calculus) → Checks (numeric), Graph (figures) → pages (document)

A `Derivation` holds every statement of a solution as expression trees.  What is typeset, what is
evaluated and what is exported are those same trees; nothing else about the mathematics travels.
Long because it is one vocabulary, in the order of the stages.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Literal

from solgen.errors import Span
from solgen.expr.nodes import Adj, Expr, Idx, Index, Shape, Var
from solgen.expr.ops import Callee
from solgen.expr.size import Size
from solgen.expr.walk import variables
from solgen.notation import DEFAULT, GRADIENTS
from solgen.quantity import Number
from solgen.step import StepId, Symbol
from solgen.verdict import Check as Check
from solgen.verdict import Checks as Checks
from solgen.verdict import MutantId as MutantId
from solgen.verdict import Mutants as Mutants
from solgen.verdict import Refutation as Refutation
from solgen.verdict import Trial as Trial
from solgen.verdict import Verdict as Verdict

# ---------------------------------------------------------------- the model: what the file declares


def symbol_of(gradient: Adj) -> Symbol:
    """What a derivative is called: `dL/dW`, or `d2L/dx2` for a Hessian."""
    return Symbol(gradient.wrt.name, gradient.of.name, order=2 if gradient.twice else 1)


Role = Literal["parameter", "input", "target", "constant"]
FunctionKind = Literal["Elementwise", "Loss"]


@dataclass(frozen=True, slots=True)
class Declaration:
    """A declared variable; `var.kind` is the fact it carries, `var.at` its sample indices.

    `classes` is how many classes a `Label` has.
    """

    var: Var
    role: Role
    span: Span
    classes: Size | None = None


@dataclass(frozen=True, slots=True)
class FunctionDeclaration:
    """A declared function: φ (`Elementwise`) or ℓ (`Loss`)."""

    name: str
    kind: FunctionKind
    span: Span


@dataclass(frozen=True, slots=True)
class Equation:
    """One step of the forward pass, `var = body`, as the file writes it (nothing simplified)."""

    var: Var
    body: Expr
    span: Span


@dataclass(frozen=True, slots=True)
class Model:
    """The forward pass: declarations, functions and equations in the order of the file.

    `order` holds the stated inequalities of sizes (m < n as (m, n)), `fixed` the sizes with a number, `own` the file's
    scalar functions (`f = lambda k: …`).
    """

    declarations: tuple[Declaration, ...] = ()
    functions: tuple[FunctionDeclaration, ...] = ()
    indices: tuple[Idx, ...] = ()
    equations: tuple[Equation, ...] = ()
    order: tuple[tuple[Size, Size], ...] = ()
    fixed: Mapping[str, int] = field(default_factory=dict)
    samples: Literal["", "rows", "columns"] = ""
    own: tuple[Callee, ...] = ()

    @property
    def variables(self) -> dict[str, Var]:
        """Every named value: declared ones, then equations."""
        return {d.var.name: d.var for d in self.declarations} | {q.var.name: q.var for q in self.equations}

    @property
    def output(self) -> Var | None:
        """The left side of the last equation, which `of` defaults to."""
        return self.equations[-1].var if self.equations else None


# ---------------------------------------------------------------- the problem: what the file asks


@dataclass(frozen=True, slots=True)
class NameRef:
    """A name asked for: `z`, an entry `z[k]`, a row `W[k, :]` or a slice; None stands for `:`."""

    name: str
    indices: tuple[str | int | tuple[int | str | None, int | str | None] | None, ...]
    span: Span

    def __str__(self) -> str:
        return f"{self.name}{self.at}"

    @property
    def at(self) -> str:
        """The indices in their brackets, `[k, :]`; empty for the whole."""
        return f"[{', '.join(map(self._shown, self.indices))}]" if self.indices else ""

    @staticmethod
    def _shown(index: str | int | tuple[int | str | None, int | str | None] | None) -> str:
        if isinstance(index, tuple):
            return ":".join("" if end is None else str(end) for end in index)
        return ":" if index is None else str(index)


@dataclass(frozen=True, slots=True)
class Options:
    """The options that any verb may take (FORMAT.md, section 2)."""

    form: tuple[str, ...] = ()
    substitute: tuple[str, ...] = ()
    steps: Literal["full", "short", "none"] = "full"
    indices: Mapping[str, str] = field(default_factory=dict)
    again: bool = False


@dataclass(frozen=True, slots=True)
class Reference:
    """`[[kind target via path]]` in prose; `target` is the text between, already resolved to exist.

    kind: symbol, result, eq, ref, term, shape, value, model, model equations, numbers.  For a derivative, `of` and
    `wrt` name numerator and denominator; otherwise `wrt` is the name alone.
    """

    kind: str
    wrt: NameRef | None
    of: NameRef | None
    via: str
    span: Span

    @property
    def shows_model(self) -> bool:
        """Whether the equations of the model stand here."""
        return self.kind in ("model", "model equations")


Prose = tuple["str | Reference", ...]  # LaTeX of the author's, and references


@dataclass(frozen=True, slots=True)
class Ask:
    """One item of `solve`: the verb and what it takes.

    names: the names asked for; of / wrt: the function differentiated and the variable, where the verb has them;
    say: prose of a `say` item; extra: what only one verb takes (given, backward, at, value, in, values).
    """

    verb: str
    names: tuple[NameRef, ...]
    span: Span
    of: NameRef | None = None
    options: Options = Options()
    say: Prose = ()
    extra: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Expectation:
    """An instructor's own answer, in the model language.

    `answer` is its tree and `span` its place; of a gradient, `symbol` is what it must equal: ∂of/∂wrt, or the entry,
    row, column or block of it that is named.
    """

    of: NameRef | None
    wrt: NameRef | None
    what: Literal["gradient", "parameter_count", "shape"]
    answer: Expr | Size | Shape
    span: Span
    symbol: Expr | None = None


@dataclass(frozen=True, slots=True)
class Notation:
    """How gradients and products are written (FORMAT.md, section 2); `gradient` names a row of `solgen.notation`."""

    gradient: str = DEFAULT
    hadamard: Literal["odot", "circ"] = "odot"
    order: Literal["local-first", "upstream-first"] = "upstream-first"
    vectors: Literal["bold", "plain"] = "bold"

    def __post_init__(self) -> None:
        if self.gradient not in GRADIENTS:
            raise ValueError(f"no notation is called {self.gradient!r}: {', '.join(GRADIENTS)}")


@dataclass(frozen=True, slots=True)
class RubricLine:
    """Points for one thing that an answer shows."""

    points: Fraction
    what: Prose


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a problem; `model` is the problem's with this part's equations added or redefined."""

    id: str
    prompt: Prose
    span: Span
    points: Fraction | None = None
    hint: Prose = ()
    space: str = ""
    say: Prose = ()
    asks: tuple[Ask, ...] = ()
    answer: Prose = ()
    expect: tuple[Expectation, ...] = ()
    rubric: tuple[RubricLine, ...] = ()
    model: Model | None = None
    notation: Notation | None = None


@dataclass(frozen=True, slots=True)
class Problem:
    """One problem file, read and checked; `text` is its whole source (the seed is its SHA-256)."""

    id: str
    title: str
    file: str
    text: str
    model: Model
    parts: tuple[Part, ...]
    number: str = ""
    points: Fraction | None = None
    statement: Prose = ()
    notation: Notation = Notation()
    latex: Mapping[str, str] = field(default_factory=dict)
    nodes: Literal["names", "letters"] = "names"
    numbers: Mapping[str, Number] = field(default_factory=dict)
    stack: Mapping[str, str] = field(default_factory=dict)  # how the batch of a family is called
    vary: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # what a variant may change
    tags: tuple[str, ...] = ()
    source: str = ""


@dataclass(frozen=True, slots=True)
class ProblemSet:
    """A folder of problems, or a file alone: one document, named `name` in the output."""

    name: str
    problems: tuple[Problem, ...]
    title: str = ""
    course: str = ""
    term: str = ""
    due: str = ""
    author: str = ""
    folder: str = ""


# ---------------------------------------------------------------- derivations: what calculus makes


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
    facts, substitute, sample, sum, batch, rewrite.  `names` are the parts that the sentence speaks of.
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
        symbol = symbol_of(step.symbol) if isinstance(step.symbol, Adj) else Symbol(step.id)
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


# ---------------------------------------------------------------- figures

NodeKind = Literal["parameter", "input", "target", "constant", "operation", "value", "block"]


@dataclass(frozen=True, slots=True)
class GraphNode:
    """A vertex of a computational graph; `label` is mathtext without dollars."""

    id: str
    kind: NodeKind
    label: str


@dataclass(frozen=True, slots=True)
class GraphEdge:
    """A value flowing forward from `source` to `target`, and the gradient flowing back along it.

    `routes` are the highlighted routes that take the edge, by number; `mark` is what is written of them.
    """

    source: str
    target: str
    label: str = ""
    shape: str = ""
    gradient: str = ""
    routes: tuple[int, ...] = ()
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Graph:
    """A computational graph to be drawn; `alt` says in words what it shows; so many `routes` are highlighted."""

    nodes: tuple[GraphNode, ...]
    edges: tuple[GraphEdge, ...]
    alt: str = ""
    routes: int = 0


@dataclass(frozen=True, slots=True)
class Figure:
    """A drawn figure: vector PDF, with its alternative text."""

    name: str
    pdf: bytes
    alt: str
    width_pt: float
