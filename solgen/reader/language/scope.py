"""What names mean while a model is read: variables, sizes, indices, functions, and names whose line has an error."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field

from solgen.errors import Span
from solgen.expr.nodes import Expr, Idx, Var
from solgen.expr.ops import Callee
from solgen.expr.size import Size
from solgen.model.problem import FunctionDeclaration
from solgen.reader.language.builtins import RESERVED
from solgen.reader.language.model_slips import ABSENT, ELSEWHERE
from solgen.reader.language.syntax import Parsed
from solgen.reader.source import Defects, nearest


@dataclass(frozen=True, slots=True)
class Own:
    """A function of the file: `name = lambda parameters: body`.

    `callee` is there when it is a scalar function of one parameter, which is applied entry by entry and kept by
    name; any other is written out where it is called.  `order` is its place: a body sees earlier functions only.
    """

    name: str
    parameters: tuple[str, ...]
    body: ast.expr
    parsed: Parsed
    order: int
    cost: int
    callee: Callee | None = None


@dataclass(slots=True)
class Scope:
    """The names of one model; it grows line by line while the model is read.

    `blind` when the file's model could not be read at all: then nothing is said of unknown names.
    """

    samples: str = ""
    variables: dict[str, Var] = field(default_factory=dict)
    sizes: dict[str, Span] = field(default_factory=dict)
    indices: dict[str, Idx] = field(default_factory=dict)
    labels: dict[str, Size] = field(default_factory=dict)
    declared: dict[str, FunctionDeclaration] = field(default_factory=dict)
    own: dict[str, Own] = field(default_factory=dict)
    places: dict[str, Span] = field(default_factory=dict)
    broken: set[str] = field(default_factory=set)
    pool: dict[Expr, Expr] = field(default_factory=dict)
    blind: bool = False

    @property
    def functions(self) -> list[str]:
        return [*self.declared, *self.own]

    @property
    def values(self) -> list[str]:
        """Names that may be asked for."""
        return [*self.variables, *self.broken]

    def names(self) -> Iterator[str]:
        """Every name that means something, but the built-in functions."""
        for known in (self.variables, self.broken, self.sizes, self.indices, self.declared, self.own):
            yield from known

    def what(self, name: str) -> str:
        """What a name is, in words; empty for an unknown one."""
        kinds = (
            (self.variables, "a variable"), (self.sizes, "a dimension"), (self.indices, "an index"),
            (self.declared, "a function"), (self.own, "a function"), (RESERVED, "a function"),
        )  # fmt: skip
        return next((words for known, words in kinds if name in known), "")

    def report_unknown(self, name: str, span: Span, report: Defects) -> None:
        """Reports a name that means nothing, with what may have been meant."""
        if "·" in name:
            left, right = name.split("·", 1)
            report.error("unknown-name", f"`{name}` is read as one name", span, f"use @: `{left} @ {right}`")
        elif name not in self.broken and not self.blind:
            transposed = name[-1] in "Tt" and name[:-1].rstrip("_") in self.variables
            dotted = f"for a transpose write `{name[:-1].rstrip('_')}.T`" if transposed else ""  # ᵀ is a T after NFKC
            hint = dotted or nearest(name, list(self.names())) or "declare it: `" + name + ": R[n]`"
            report.error("unknown-name", f"unknown name `{name}`", span, hint)

    def not_a_value(self, name: str, span: Span, report: Defects) -> None:
        """Reports a name that stands for a function or an index where a value is due."""
        hint = f"an index stands in brackets: `x[{name}]`" if name in self.indices else f"call it: `{name}(x)`"
        report.error("not-a-value", f"`{name}` is {self.what(name)}, not a value", span, hint)

    def unknown_function(self, name: str, span: Span, report: Defects) -> None:
        """Reports a call of something that is no function."""
        if name in self.variables or name in self.sizes:
            hint = f"write `{name} @ …` for the matrix product, `{name} * …` entry by entry"
            report.error("not-a-function", f"`{name}` is {self.what(name)}, not a function", span, hint)
        elif name not in self.broken:
            near = nearest(name, [*RESERVED, *self.functions])
            hint = (
                ELSEWHERE.get(name)
                or ABSENT.get(name)
                or near
                or f"define it: `{name} = lambda k: …`, or declare `{name}: Elementwise`"
            )
            report.error("unknown-function", f"unknown function `{name}`", span, hint)
