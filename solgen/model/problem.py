"""What a problem file declares and asks: model, parts, questions; frozen, so that a stage can only make new ones."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Literal

from solgen.errors import Diagnostic, Span
from solgen.expr.nodes import Adj, Expr, Idx, Shape, Var
from solgen.expr.ops import Callee
from solgen.expr.present.notation import DEFAULT, GRADIENTS
from solgen.expr.size import Size
from solgen.model.quantity import Number
from solgen.model.step import Symbol


def derivative_symbol(gradient: Adj) -> Symbol:
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
    scalar functions (`f = lambda k: …`).  `texts` is what all this was read from, a problem's model and then a part's;
    empty for a model that comes from no file.
    """

    declarations: tuple[Declaration, ...] = ()
    functions: tuple[FunctionDeclaration, ...] = ()
    indices: tuple[Idx, ...] = ()
    equations: tuple[Equation, ...] = ()
    order: tuple[tuple[Size, Size], ...] = ()
    fixed: Mapping[str, int] = field(default_factory=dict)
    samples: Literal["", "rows", "columns"] = ""
    own: tuple[Callee, ...] = ()
    texts: tuple[str, ...] = field(default=(), compare=False)

    @property
    def variables(self) -> dict[str, Var]:
        """Every named value: declared ones, then equations."""
        return {d.var.name: d.var for d in self.declarations} | {q.var.name: q.var for q in self.equations}

    @property
    def names(self) -> tuple[str, ...]:
        """Everything that the model names: values, functions, indices, sizes."""
        values = self.variables
        called = (*(f.name for f in self.functions), *(f.name for f in self.own))
        sizes = (s for v in values.values() for n in v.axes for s in n.symbols)
        return tuple(dict.fromkeys((*values, *called, *(i.name for i in self.indices), *sizes)))

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
        return f"[{', '.join(map(self._show_index, self.indices))}]" if self.indices else ""

    @staticmethod
    def _show_index(index: str | int | tuple[int | str | None, int | str | None] | None) -> str:
        if isinstance(index, tuple):
            return ":".join("" if end is None else str(end) for end in index)
        return ":" if index is None else str(index)


@dataclass(frozen=True, slots=True)
class Options:
    """The options that any verb may take (docs/format.md, section 2)."""

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
    """How gradients and products are written (docs/format.md, section 2).

    `gradient` names a row of `solgen.expr.present.notation`.
    """

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

    @property
    def prose(self) -> tuple[Prose, ...]:
        """All that is typed for people, in the order of the file."""
        rubric = (line.what for line in self.rubric)
        return self.prompt, self.hint, self.say, *(ask.say for ask in self.asks), self.answer, *rubric


@dataclass(frozen=True, slots=True)
class Problem:
    """One problem file, read and checked; `text` is its whole source.

    `notes` are what its author may have meant otherwise.
    """

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
    notes: tuple[Diagnostic, ...] = field(default=(), compare=False)

    @property
    def models(self) -> tuple[Model, ...]:
        """The model of the problem, and those of parts that have one of their own."""
        return self.model, *(part.model for part in self.parts if part.model)

    @property
    def prose(self) -> tuple[Prose, ...]:
        """All that is typed for people, in the order of the file."""
        return self.statement, *(text for part in self.parts for text in part.prose)

    def model_of(self, part: Part | None) -> Model:
        """The model that a part is about: its own, or the problem's."""
        return (part.model if part else None) or self.model

    def notation_of(self, part: Part | None) -> Notation:
        """The notation in which a part is written: its own, or the problem's."""
        return (part.notation if part else None) or self.notation


@dataclass(frozen=True, slots=True)
class ProblemSet:
    """A folder of problems, or a file alone: one document, named `name` in the output.

    `templates` are the folders in which its course has templates of its own, the nearest first.
    """

    name: str
    problems: tuple[Problem, ...]
    title: str = ""
    course: str = ""
    term: str = ""
    due: str = ""
    author: str = ""
    folder: str = ""
    templates: tuple[str, ...] = ()
