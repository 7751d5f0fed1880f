"""A Python module on sympy, entry by entry, at stated sizes.

An equation of the forward pass, and each derivative, is a statement with an expression an entry: the tree that was
checked, evaluated over sympy with a symbol for each entry of what stands before it.  An unspecified φ is a sympy
function whose derivative is φ′, so that `sympy.diff` of a value can be compared with what was derived.  The text is run
over float64 and compared with the trees before it is returned.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from itertools import pairwise
from types import SimpleNamespace
from typing import Any

import numpy as np
import sympy as sp

from solgen.errors import Refused
from solgen.expr.nodes import Adj, Expr, Index, Kind, Var
from solgen.model.derivation import Derivation
from solgen.model.problem import FunctionDeclaration
from solgen.model.verdict import Checks
from solgen.numeric.code.formulas import PythonNames, gradient_name
from solgen.numeric.code.interpret import run_statements
from solgen.numeric.code.label_places import one_hot_of, without_labels
from solgen.numeric.code.requested import VERBS, View, needed_blocks, needed_equations, ordered_equations, views
from solgen.numeric.code.rerun import HIGHEST, agree, keyword_arguments
from solgen.numeric.code.stated_sizes import points_at, stated_sizes
from solgen.numeric.code.targets import Target
from solgen.numeric.values.evaluator import Evaluator, Value, key_of
from solgen.numeric.values.fields import Array, NotExact, Undefined
from solgen.numeric.values.point import sample_axes
from solgen.numeric.values.run_forward import Point, family_value
from solgen.numeric.values.stand_ins import Function
from solgen.numeric.values.symbolic import Expressions, Open, OpenLoss, write_nested

RESERVED = ("sp", "itertools", "entries", "inputs", "forward", "gradients", "jacobians", "hessians")
HEAD = '''import itertools

import sympy as sp


def entries(name, *shape, kind="real"):
    """An array with a symbol an entry: W_{1,2} at [0, 1]."""
    places = (",".join(map(str, place)) for place in itertools.product(*(range(1, n + 1) for n in shape)))
    return sp.Array([sp.Symbol(f"{name}_{{{place}}}", **{kind: True}) for place in places], shape)


'''


def write_entries(derivation: Derivation, checks: Checks, sizes: Mapping[str, int]) -> str:
    """The module of one problem, at the sizes given and small ones for the others.

    Raises InputError for sizes that the problem cannot have, Refused for what has no expression an entry,
    VerificationError where the text disagrees with the trees.
    """
    found = views(derivation)
    chosen = stated_sizes(found, sizes)
    bodies: list[str] = []
    defined: set[str] = set()
    for view, at in zip(found, chosen, strict=True):
        module = _Entries(view, at, defined)
        bodies.append(module.source())
        agree(module.results, view, points_at(view, at))
    told = ", ".join(f"{name} = {n}" for name, n in sorted({pair for at in chosen for pair in at.items()}))
    title = " ".join(derivation.problem.title.split()).replace("\\", "\\\\").replace('"', "'")
    about = f'"""{title}: its values and derivatives, entry by entry{f", at {told}" if told else ""}."""'
    return f"{about}\n\n{HEAD}" + "\n".join(bodies)


class _Entries:
    """The statements of one model, which add to the dictionaries that are `defined` by the models before."""

    def __init__(self, view: View, sizes: Mapping[str, int], defined: set[str]) -> None:
        self.view, self.defined = view, defined
        self.model = view.derivation.problem.model
        self.names = PythonNames([*self.model.variables, *(q.var.name for q in view.derivation.forward)], RESERVED)
        functions = {f.name: self._function(f) for f in self.model.functions}
        self.run = Evaluator(Expressions(), sizes, {}, functions)

    def source(self) -> str:
        """The statements: functions, inputs, values, derivatives, then what is to be found by name."""
        jacobians = [found for verb in VERBS for found in self.view.jacobians[verb].values()]
        blocks = tuple(needed_blocks(self.view))
        needed = needed_equations(self.view, [*(b.value for b in blocks), *(j.value for j in jacobians)])
        wanted = {q.var.name for q in (*self.model.equations, *needed)}
        lines = [self._input(d.var) for d in self.model.declarations]
        lines += [self._value(q.var, q.body) for q in ordered_equations(self.view) if q.var.name in wanted]
        for block in blocks:
            self.run.adjoints.setdefault((block.symbol.of.name,) * 2, self.run.constant(1))
            lines.append(self._derivative(block.symbol, block.value, sample_axes(block.symbol)))
        lines += [self._derivative(found.symbol, found.value, found.over) for found in jacobians]
        lines += self._dictionaries()
        functions = [text for f in self.model.functions for text in self._define_classes(f, "\n".join(lines))]
        self.text = "\n".join([*functions, *lines]) + "\n"
        return self.text

    def results(self, point: Point) -> Mapping[str, Mapping[str, Any]]:
        """What the text gives at a point, run over float64."""
        given = {self.names.of(name): value for name, value in keyword_arguments(point, self.model).items()}
        for f in self.model.functions:
            if f.kind == "Loss":
                value, gradient = (self.names.of(name) for name in (f.name, f"{f.name}_grad"))
                given[value], given[gradient] = _spread(given[value]), _spread_gradient(given[gradient])
        before: dict[str, Any] = {name: {} for name in self.defined}
        return run_statements(self.text, given, {"sp": FLOATS, **before})

    # ------------------------------------------------------------ statements

    def _input(self, var: Var) -> str:
        kind = {Kind.LABEL: "integer", Kind.POSITIVE: "positive"}.get(var.kind, "real")
        spelt = self.names.of(var.name)
        lengths = tuple(map(self.run.dimension, var.axes))
        symbols = self._symbols(spelt, lengths, kind)
        self.run.names[var.name] = Value((), symbols)
        if var.kind is Kind.LABEL:
            classes = next(d.classes for d in self.model.declarations if d.var == var)
            assert classes is not None
            self.run.names[one_hot_of(var, classes).name] = self._one_hot(symbols, self.run.dimension(classes))
        fact = "" if var.kind is Kind.REAL else f"  # {var.kind.value}"
        if not lengths:
            return f'{spelt} = sp.Symbol("{var.name}", {kind}=True){fact}'
        stated = "" if kind == "real" else f', kind="{kind}"'
        return f'{spelt} = entries("{var.name}", {", ".join(map(str, lengths))}{stated}){fact}'

    def _one_hot(self, labels: Array, classes: int) -> Value:
        entries = [sp.KroneckerDelta(label, k) for label in labels.flat for k in range(classes)]
        return Value((), np.array(entries, dtype=object).reshape(*labels.shape, classes))

    def _value(self, var: Var, body: Expr) -> str:
        entries = self._entries(body, var.at)
        spelt = self.names.of(var.name)
        self.run.names[var.name] = Value((), self._symbols(spelt, entries.shape, "real"))
        return self._assign(spelt, entries)

    def _derivative(self, symbol: Adj, value: Expr, over: tuple[Index, ...]) -> str:
        entries = self._entries(value, over)
        spelt = self.names.of(gradient_name(symbol))
        self.run.adjoints[key_of(symbol)] = Value((), self._symbols(spelt, entries.shape, "real"))
        return self._assign(spelt, entries)

    def _entries(self, e: Expr, over: tuple[Index, ...]) -> Array:
        """The formula for all values of the indices `over`, an expression an entry."""
        try:
            return family_value(self.run, self.run.value(without_labels(e, self.model)), over).array
        except (Undefined, NotExact) as wrong:
            raise Refused(f"it has no expression for each entry: {wrong}") from wrong

    def _assign(self, spelt: str, entries: Array) -> str:
        nested = write_nested(entries.tolist())
        return f"{spelt} = sp.Array({nested})" if entries.ndim else f"{spelt} = {nested}"

    def _symbols(self, spelt: str, lengths: tuple[int, ...], kind: str) -> Array:
        """A symbol an entry, which is spelt as the source reaches it."""
        symbols = np.empty(lengths, dtype=object)
        for place in np.ndindex(*lengths):
            at = f"[{', '.join(map(str, place))}]" if place else ""
            symbols[place] = sp.Symbol(f"{spelt}{at}", **{kind: True})
        return symbols

    # ------------------------------------------------------------ functions of the file, results by name

    def _function(self, f: FunctionDeclaration) -> Function:
        if f.kind == "Loss":
            return OpenLoss(0, False, self.names.of(f.name), self.names.of(f"{f.name}_grad"))
        return Open(tuple(self.names.of(f.name + "_prime" * order) for order in range(HIGHEST)))

    def _define_classes(self, f: FunctionDeclaration, text: str) -> Iterator[str]:
        """A class for each function that the text calls, whose derivative is the next; that of the last is a symbol."""
        loss = f.kind == "Loss"
        called = [f.name, f"{f.name}_grad"] if loss else [f.name + "_prime" * order for order in range(HIGHEST)]
        spelt = list(map(self.names.of, called))
        last = 1 if loss else max((k for k, name in enumerate(spelt) if f"{name}(" in text), default=0) + 1
        for name, slope in pairwise(spelt[: last + 1]):
            body = f"{slope}(argindex - 1, *self.args)" if loss else f"{slope}(self.args[0])"
            yield f"class {name}(sp.Function):\n    def fdiff(self, argindex=1):\n        return {body}\n\n"
        yield f'{spelt[last]} = sp.Function("{spelt[last]}")'

    def _dictionaries(self) -> Iterator[str]:
        declared = {d.var.name: self.names.of(d.var.name) for d in self.model.declarations}
        yield self._dictionary("inputs", declared)
        yield self._dictionary("forward", {q.var.name: self.names.of(q.var.name) for q in self.view.values})
        yield self._dictionary("gradients", self._name_results(self.view.gradients))
        for verb in VERBS:
            if asked := self.view.jacobians[verb]:
                yield self._dictionary(
                    f"{verb}s", self._name_results({key: found.symbol for key, found in asked.items()})
                )

    def _name_results(self, symbols: Mapping[str, Adj]) -> dict[str, str]:
        return {key: self.names.of(gradient_name(symbol)) for key, symbol in symbols.items()}

    def _dictionary(self, name: str, entries: Mapping[str, str]) -> str:
        before = [f"**{name}"] if name in self.defined else []
        self.defined.add(name)
        items = [*before, *(f'"{key}": {spelt}' for key, spelt in entries.items())]
        return f"{name} = {{{', '.join(items)}}}"


# ---------------------------------------------------------------- the text over float64


def _spread(function: Callable[[Array], Any]) -> Callable[..., Any]:
    """A loss of an array as one of its entries."""
    return lambda *entries: function(np.array(entries))


def _spread_gradient(function: Callable[[Array], Any]) -> Callable[..., Any]:
    """The gradient of a loss as a function of a position and the entries."""
    return lambda k, *entries: function(np.array(entries))[k]


FLOATS = SimpleNamespace(
    Array=lambda nested: np.array(nested, dtype=float), Rational=lambda p, q: p / q, pi=math.pi, E=math.e,
    exp=np.exp, log=np.log, sqrt=np.sqrt, sin=np.sin, cos=np.cos, tan=np.tan, asin=np.arcsin, acos=np.arccos,
    atan=np.arctan, atanh=np.arctanh, sinh=np.sinh, cosh=np.cosh, tanh=np.tanh, erf=math.erf, Abs=np.abs, sign=np.sign,
    Max=max, Min=min, Heaviside=lambda x, at_zero: np.heaviside(x, at_zero),
    KroneckerDelta=lambda left, right: float(left == right),
)  # fmt: skip

ROW = Target(write_entries, sizes=True)
