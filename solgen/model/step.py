"""What a step of a solution is called: typed, so that nobody has to read a name to know what it speaks of.

A name is data, `StepId("b", "contribution", Symbol("W", "L"), "h", 1)`, and becomes text only where a person or a
program reads it, `(b) dL/dW via h #1`.  It holds no formula, so that certificates are kept and told without loading
any mathematics.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any, Literal


@dataclass(frozen=True, slots=True)
class Symbol:
    """A name, or the derivative of one name by another: `z`, `dL/dW`, `dL/dW[k, :]` where `at` is an entry of it, and
    `d2L/dx2` where `order` is 2."""

    name: str = ""
    of: str = ""
    at: str = ""
    order: int = 1

    def __str__(self) -> str:
        if self.order == 2:
            return f"d2{self.of}/d{self.name}2"
        return f"d{self.of}/d{self.name}{self.at}" if self.of else f"{self.name}{self.at}"


Kind = Literal[
    "part", "answer", "gradient", "contribution", "route", "routes", "step", "stage", "result", "slope", "rule",
    "proof", "mistakes", "mistake", "example", "value", "forward", "shape", "parameters", "count", "operation",
    "expected derivative", "expected shape", "expected count", "typed", "condition",
]  # fmt: skip

WORDS: Mapping[Kind, str] = MappingProxyType({
    "part": "",
    "answer": "{path}",  # the verb of a question
    "gradient": "{symbol}",
    "contribution": "{symbol} via {path} #{number}",
    "route": "path {number} of {symbol}",
    "routes": "sum of paths",
    "step": "{symbol} step {number}",
    "stage": "{symbol} stage {number}",
    "result": "{symbol} {path}",
    "slope": "{symbol}' {path}",
    "rule": "rule {symbol}",
    "proof": "rule {symbol}: {path}",
    "mistakes": "mistakes {symbol}",
    "mistake": "mistakes {symbol} #{number}",
    "example": "{path}",
    "value": "{path} {symbol}",  # of an example
    "forward": "forward {symbol}",
    "shape": "shape {symbol}",
    "parameters": "parameters {symbol}",
    "count": "parameter_count",
    "operation": "operation {symbol}",
    "expected derivative": "expect {symbol}",
    "expected shape": "expect shape {symbol}",
    "expected count": "expect parameter_count",
    "typed": "typed at {path}",  # a formula in prose: line and column
    "condition": "assumption #{number}: {path}",  # a condition on values
})  # fmt: skip
EXPECTED: frozenset[Kind] = frozenset({"expected derivative", "expected shape", "expected count"})
OF_A_DERIVATIVE: frozenset[Kind] = frozenset({"gradient", "contribution", "step", "result", "expected derivative"})
OF_NO_LINE = frozenset({"sum", "meaning"})  # that all routes add up, what a function is: no equation that is numbered
READ_TWICE = "read twice"  # what is checked of an equation whose text is read a second time
OF_A_NAME: frozenset[Kind] = frozenset({"forward", "shape", "parameters", "count"})


@dataclass(frozen=True, slots=True)
class StepId:
    """One step: a line of a derivation, a claim, or what is checked of one.

    part: the id of the part that it belongs to, empty for what parts share.  path: the equation by which a contribution
    comes, or which stage of its kind a step is.  within: which derivation of the part the step is taken from, where
    the part shows several (`graph`, `batch:`, `example 2:`).  check: what is checked of the line, beside its own
    equality; member: which of several equalities, counted from 1.
    """

    part: str = ""
    kind: Kind = "gradient"
    symbol: Symbol = Symbol()
    path: str = ""
    number: int = 0
    within: str = ""
    check: str = ""
    member: int = 0

    def __str__(self) -> str:
        words = WORDS[self.kind].format(symbol=self.symbol, path=self.path, number=self.number)
        pieces = (f"({self.part})" if self.part else "", self.within, words, self.check)
        return " ".join(piece for piece in pieces if piece) + (f" ({self.member})" if self.member else "")

    def step(self, kind: Kind, symbol: Symbol = Symbol(), path: str = "", number: int = 0) -> StepId:
        """A step of the same derivation."""
        return StepId(self.part, kind, symbol, path, number, self.within)

    @property
    def line(self) -> StepId:
        """The step itself, whatever is checked of it."""
        return replace(self, check="", member=0)

    def name_check(self, what: str = "", member: int = 0) -> StepId:
        """The name of something that is checked of this step."""
        return replace(self, check=" ".join(filter(None, (self.check, what))), member=member)

    @property
    def subject(self) -> StepId | None:
        """What a step speaks of, whichever part it stands in: a gradient, a name's shape, a rule; None for the rest."""
        if self.kind in ("rule", "proof"):
            return StepId(kind="rule", symbol=self.symbol)
        if self.kind in OF_A_NAME:
            return StepId(kind=self.kind, symbol=self.symbol)
        if self.kind == "expected count":
            return StepId(kind="count")
        if self.kind in OF_A_DERIVATIVE and self.symbol.of and self.symbol.order == 1:
            return gradient(self.symbol.of, self.symbol.name)
        return None

    def generalise(self) -> Iterator[StepId]:
        """The line that a step belongs to, then what it speaks of, then its part; first lines of its own, if any."""
        if self.check not in OF_NO_LINE:
            yield from (replace(self, member=0), self.line) if self.check else (self.line,)
        if self.subject is not None:
            yield self.subject
        if self.part:
            yield StepId(self.part, "part")


def gradient(of: str, wrt: str) -> StepId:
    """The gradient of one name by another, as all parts share it."""
    return StepId(kind="gradient", symbol=Symbol(wrt, of))


def name_statement(kind: Kind, name: str) -> StepId:
    """What is stated of a name, as all parts share it: its equation, its shape, its parameters, a rule."""
    return StepId(kind=kind, symbol=Symbol(name))


def load_step(row: Mapping[str, Any]) -> StepId:
    """A name that was kept as data."""
    return StepId(**{**row, "symbol": Symbol(**row["symbol"])})
