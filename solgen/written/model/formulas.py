"""The value of one formula, where the names of its model have values."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import reduce
from types import MappingProxyType

import numpy as np
from flint import arb

from solgen.written.model import array_functions as arrays
from solgen.written.model.definitions import Definitions, elements
from solgen.written.model.lengths import ZERO, AxisLength, whole_length
from solgen.written.model.scalar_functions import FUNCTIONS_OF_NUMBERS, Number, number, real_power
from solgen.written.model.statements import Unclear
from solgen.written.model.values import BallArray, each, make_value, multiply_matrices, transpose_value

OF_SIZES = frozenset({"eye", "ones", "zeros", "basis"})
OVER_AN_INDEX = frozenset({"sum", "mean"})

ENTRYWISE: Mapping[type[ast.operator], Callable[[Number, Number], Number]] = MappingProxyType(
    {
        ast.Add: lambda a, b: a + b,
        ast.Sub: lambda a, b: a - b,
        ast.Mult: lambda a, b: a * b,
        ast.Div: lambda a, b: a / b,
        ast.Pow: real_power,
    }
)


@dataclass(frozen=True, slots=True)
class FormulaScope:
    """What names mean inside a formula: those of the model; where index letters stand; parameters' values."""

    known: Definitions
    places: Mapping[str, int] = field(default_factory=dict)
    parameters: Mapping[str, BallArray] = field(default_factory=dict)

    def value(self, node: ast.expr) -> BallArray:
        """The value of a syntax node; raises Unclear."""
        match node:
            case ast.Constant(value=Fraction() as rational):
                return make_value(number(rational))
            case ast.Name(id=name):
                return self._name(name)
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                return each(lambda x: -x, self.value(operand))
            case ast.UnaryOp(op=ast.UAdd(), operand=operand):
                return self.value(operand)
            case ast.BinOp(left=left, op=ast.MatMult(), right=right):
                return multiply_matrices(self.value(left), self.value(right))
            case ast.BinOp(left=left, op=operator, right=right) if type(operator) in ENTRYWISE:
                return each(ENTRYWISE[type(operator)], self.value(left), self.value(right))
            case ast.Attribute(value=inner, attr="T"):
                return transpose_value(self.value(inner))
            case ast.Subscript():
                return self._part(node)
            case ast.Call(func=ast.Name(id=name)):
                return self._call(name, node)
            case _:
                raise Unclear(f"`{ast.unparse(node)}` is not in the language")

    def _name(self, name: str) -> BallArray:
        if name in self.parameters:
            return self.parameters[name]
        if name in self.known.values and name not in self.known.families and name not in self.known.labels:
            return self.known.values[name]
        if name in self.known.given.sizes and name not in self.known.values:
            return make_value(arb(self.known.given.sizes[name]))
        if name == "pi" and name not in self.known.values:
            return make_value(arb.pi())
        raise Unclear(f"`{name}` has no value")

    def _position(self, node: ast.expr, axis: AxisLength) -> int:
        """Where an index letter stands, what a label says, or a number, which counts from the end where negative."""
        match node:
            case ast.Name(id=letter) if letter in self.places:
                if self.known.index(letter) != axis:
                    raise Unclear(f"the index `{letter}` runs over another length")
                return self.places[letter]
            case ast.Name(id=label) if label in self.known.labels and label not in self.known.families:
                return int(float(self.known.values[label].array[()]))
            case ast.Subscript(value=ast.Name(id=label)) if label in self.known.labels:
                return int(float(self._member(label, elements(node.slice))[0].array[()]))
            case ast.Name(id=name) if name in self.parameters:
                raise Unclear(f"the parameter `{name}` is no position")
        found = self.known.from_the_start(node, axis).count
        if not 0 <= found < axis.count:
            raise Unclear(f"there is no position {found}")
        return found

    def _part(self, node: ast.Subscript) -> BallArray:
        """Members of a family, entries, rows, columns, slices: a place for each axis, all of those that have none."""
        places = elements(node.slice)
        match node.value:
            case ast.Name(id=name) if name in self.known.families and name not in self.parameters:
                base, places = self._member(name, places)
            case inner:
                base = self.value(inner)
        if len(places) > base.rank:
            raise Unclear("there are more positions than axes")
        at: list[int | slice] = []
        axes: list[AxisLength] = []
        for place, axis in zip(places, base.axes, strict=False):
            if isinstance(place, ast.Slice):
                start, stop = self._span(place, axis)
                at.append(slice(start.count, stop.count))
                axes.append(stop - start)
            else:
                at.append(self._position(place, axis))
        return make_value(base.array[tuple(at)], (*axes, *base.axes[len(places) :]))

    def _span(self, node: ast.Slice, axis: AxisLength) -> tuple[AxisLength, AxisLength]:
        """From the first position up to the last, which is left out."""
        if node.step is not None:
            raise Unclear("a slice has no step")
        start = ZERO if node.lower is None else self.known.from_the_start(node.lower, axis)
        stop = axis if node.upper is None else self.known.from_the_start(node.upper, axis)
        if not 0 <= start.count < stop.count <= axis.count:
            raise Unclear("the slice does not lie within")
        return start, stop

    def _member(self, name: str, places: list[ast.expr]) -> tuple[BallArray, list[ast.expr]]:
        """One sample of a family, and the places that are left."""
        count, family = self.known.families[name], self.known.values[name]
        if len(places) < count:
            raise Unclear(f"`{name}` takes {count} indices")
        at = tuple(self._position(p, axis) for p, axis in zip(places, family.axes[:count], strict=False))
        return make_value(family.array[at], family.axes[count:]), places[count:]

    # ------------------------------------------------------------ calls

    def _call(self, name: str, node: ast.Call) -> BallArray:
        if name in self.parameters:
            raise Unclear(f"`{name}` is no function")
        if name in self.known.declared:
            (x,) = (self.value(argument) for argument in node.args)
            found = self.known.given.functions[name](x.array)
            return make_value(found, x.axes if self.known.declared[name] == "Elementwise" else ())
        if name in self.known.own:
            return self._own(self.known.own[name], [self.value(argument) for argument in node.args])
        if name in OF_SIZES:
            return self._of_sizes(name, node.args)
        if name in OVER_AN_INDEX and len(node.args) == 2:
            return self._over_index(name, node)
        arguments = [self.value(argument) for argument in node.args]
        if name in FUNCTIONS_OF_NUMBERS:
            arity, function = FUNCTIONS_OF_NUMBERS[name]
            _expect(arity, arguments, node)
            return each(function, *arguments)
        return self._of_arrays(name, node, arguments)

    def _of_arrays(self, name: str, node: ast.Call, arguments: list[BallArray]) -> BallArray:
        axis = self._axis(name, node, arguments[0]) if arguments else None
        if name in arrays.FUNCTIONS_OF_ARRAYS:
            arity, function = arrays.FUNCTIONS_OF_ARRAYS[name]
            _expect(arity, arguments, node)
            return function(arguments, axis)
        if name not in self.known.given.others:
            raise Unclear(f"`{name}` is no function")
        found = self.known.given.others[name](*(x.array for x in arguments), axis=axis)
        known = {length.count: length for x in arguments for length in x.axes}
        return make_value(found, tuple(known.get(n, whole_length(n)) for n in np.shape(found)))

    def _axis(self, name: str, node: ast.Call, x: BallArray) -> int | None:
        """The axis that is said, by its number or its dimension's name; else per sample, for softmax and its kin."""
        if not node.keywords:
            if name not in arrays.ALONG or x.rank < 2:
                return None
            if not self.known.given.samples:
                raise Unclear(f"`{name}` of a matrix needs an axis")
            return 0 if self.known.columns else 1
        (keyword,) = node.keywords
        if keyword.arg != "axis":
            raise Unclear(f"`{name}` has no option `{keyword.arg}`")
        match keyword.value:
            case ast.Constant() | ast.UnaryOp():
                place = self.known.polynomial(keyword.value).count
                return place if place >= 0 else x.rank + place
        named = self.known.length(keyword.value)
        fits = [k for k, axis in enumerate(x.axes) if axis == named]
        if len(fits) != 1:
            raise Unclear(f"`axis` names {len(fits)} axes")
        return fits[0]

    def _of_sizes(self, name: str, arguments: list[ast.expr]) -> BallArray:
        if name == "basis":
            place, size = arguments
            length = self.known.length(size)
            return arrays.unit_vector(self._position(place, length), length)
        lengths = tuple(map(self.known.length, arguments))
        return arrays.identity_matrix(*lengths) if name == "eye" else make_value(arb(int(name == "ones")), lengths)

    def _over_index(self, name: str, node: ast.Call) -> BallArray:
        """The sum or mean of what stands first, over all places of the index that stands second."""
        term, index = node.args
        if not isinstance(index, ast.Name):
            raise Unclear(f"`{ast.unparse(index)}` is no index")
        places = range(self.known.index(index.id).count)
        terms = [replace(self, places={**self.places, index.id: k}).value(term) for k in places]
        found = reduce(lambda left, right: each(ENTRYWISE[ast.Add], left, right), terms)
        return found if name == "sum" else each(lambda x: x / len(terms), found)

    def _own(self, function: ast.Lambda, arguments: list[BallArray]) -> BallArray:
        """A function of the file: its body with its parameters' values; a constant one is applied entry by entry."""
        parameters = [parameter.arg for parameter in function.args.args]
        bound = dict(zip(parameters, arguments, strict=True))
        found = replace(self, parameters=bound).value(function.body)
        if len(parameters) == 1 and not found.rank and self._is_of_numbers(function):
            return make_value(found.array[()], arguments[0].axes)
        return found

    def _is_of_numbers(self, function: ast.Lambda) -> bool:
        """Whether it is a function of a number: its body names no other value, and no function of arrays."""
        (parameter,) = function.args.args
        called = {id(node.func) for node in ast.walk(function.body) if isinstance(node, ast.Call)}
        for node in ast.walk(function.body):
            match node:
                case ast.Name(id=name) if id(node) in called:
                    own = name in self.known.own and self._is_of_numbers(self.known.own[name])
                    if not (name in FUNCTIONS_OF_NUMBERS or self.known.declared.get(name) == "Elementwise" or own):
                        return False
                case ast.Name(id=name) if name != parameter.arg and name in self.known.values:
                    return False
                case ast.Subscript() | ast.Attribute():
                    return False
        return True


def _expect(arity: int, arguments: Sequence[BallArray], node: ast.Call) -> None:
    if arity not in (arrays.MANY, len(arguments)):
        raise Unclear(f"`{ast.unparse(node)}` has another number of arguments")
