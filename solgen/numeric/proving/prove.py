"""One claim proved: sympy differentiates the model entry by entry, and our answer is the same in every region.

The forward pass is written out by the file's own equations, over symbols for the entries of what is differentiated by;
sympy takes scalar derivatives of that alone.  The answer is written out in the same entries, values that it names put
in.  Both are then rational functions of the entries and of transcendental atoms, and their difference is 0.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import combinations_with_replacement
from typing import Any

import numpy as np
import sympy as sp

from solgen.expr.nodes import Adj, Var
from solgen.numeric.checks.oracle import Flow
from solgen.numeric.checks.worked_lines import per_sample
from solgen.numeric.points.sample import label_ranges
from solgen.numeric.proving.atoms import Atoms, count_atoms
from solgen.numeric.proving.claims import Claim
from solgen.numeric.proving.inputs import Inputs
from solgen.numeric.proving.layout import Layout, cut, whole
from solgen.numeric.proving.opaque import transparent
from solgen.numeric.proving.rational import Ratio
from solgen.numeric.proving.reach import Disproved, OutOfReach
from solgen.numeric.proving.regions import Choices, Kinked, Masks, Region, go_through
from solgen.numeric.proving.unspecified import open_functions
from solgen.numeric.proving.witness import differs
from solgen.numeric.values.compare import align_arrays
from solgen.numeric.values.evaluator import Evaluator, Unknown, Value, key_of
from solgen.numeric.values.fields import Array, NotExact, Undefined
from solgen.numeric.values.point import restrict_values
from solgen.numeric.values.run_forward import evaluate_equations

MOST = 400  # entries of one derivative
SPARE = 128  # generators for the arguments of kinks, beside those of the entries


def prove(claim: Claim, sizes: Mapping[str, int]) -> int:
    """In how many regions a claim was proved; raises Disproved, OutOfReach.

    First all regions at once, with what takes few values as a free number: over the values next to what is
    differentiated by, then over all that is declared; then case by case, then region by region.
    """
    all_ = whole(claim)
    for layout, kind, cases in ((cut(claim), Masks, False), (all_, Masks, False), (all_, Masks, True)):
        if layout is not None:
            try:
                return _prove_at(claim, layout, sizes, kind, cases)
            except OutOfReach:
                continue
    return _prove_at(claim, all_, sizes, Region, cases=True)


def _prove_at(claim: Claim, layout: Layout, sizes: Mapping[str, int], kind: type[Kinked], cases: bool) -> int:
    """The number of regions that were gone through, each label and case in turn."""
    found = [0]

    def run(choices: Choices) -> None:
        written = _WrittenOut(claim, layout, sizes, choices, kind, cases)
        try:
            written.prove()
        except Undefined as error:
            raise OutOfReach(f"{error} at these sizes") from None
        except (NotExact, Unknown) as error:
            raise OutOfReach(f"{error} has no expression for each entry") from None
        except ZeroDivisionError:
            raise OutOfReach("it divides by 0 at these sizes") from None
        found[0] += written.field.regions

    go_through(run)
    return found[0]


class _WrittenOut:
    """One claim written out: the forward pass, sympy's derivatives, and what is left of the difference."""

    def __init__(
        self, claim: Claim, layout: Layout, sizes: Mapping[str, int], choices: Choices, kind: type[Kinked], cases: bool
    ) -> None:
        self.claim, self.layout, self.cases = claim, layout, cases
        model = claim.scope.model
        equations = (*model.equations, *claim.given, *claim.shown)
        self.inputs = Inputs(sizes, choices, label_ranges(equations, sizes), cases)
        names = {v.name: Value((), self.inputs.of(v)) for v in layout.free}
        self.meaning: dict[Any, Any] = {}
        self.field = kind(choices, Atoms(len(self.inputs.ranges) + SPARE, self.meaning, self.inputs.positive))
        self.run = Evaluator(self.field, sizes, names, open_functions(model.functions))

    def prove(self) -> None:
        """Raises Disproved or OutOfReach where a difference is left."""
        self._forward()
        for symbol in self.claim.symbols:
            self.run.adjoints[key_of(symbol)] = Value((), self._derivative(symbol))
        pairs = list(self._pairs())
        count = count_atoms((e for pair in pairs for e in pair), self.meaning)
        atoms = Atoms(count, self.meaning, self.inputs.positive, self.field.masks)
        left = [(pair, d) for pair in pairs if not atoms.vanishes(d := _difference(atoms, *pair))]
        if left:
            self._judge(left, atoms)

    def _forward(self) -> None:
        """The values of all names."""
        if self.layout.before:
            evaluate_equations(self.run, self.layout.before)
            self.run = Evaluator(self.field, self.run.sizes, self.run.names, self.run.functions)
        evaluate_equations(self.run, self.layout.equations)

    # ------------------------------------------------------------ sympy's derivatives

    def _derivative(self, symbol: Adj) -> Array:
        """∂of/∂wrt by sympy, an entry at a time; the axes as the symbol has them."""
        values, over = self._over_fresh(symbol.of, symbol.wrt)
        order = 2 if symbol.twice else 1
        if values.size * over.size**order > MOST:
            raise OutOfReach(f"the derivative has more than {MOST} entries at these sizes")
        array = np.empty((values.size, *(over.size,) * order), dtype=object)
        for row, value in enumerate(values.flat):
            for places in combinations_with_replacement(range(over.size), order):
                found = sp.diff(value, *(over.flat[k] for k in places))
                array[(row, *places)] = array[(row, *places[::-1])] = found
        array = array.reshape(values.shape + over.shape * order)
        return array if symbol.twice else np.asarray(per_sample(array, symbol), dtype=object)

    def _over_fresh(self, of: Var, wrt: Var) -> tuple[Array, Array]:
        """The value that is differentiated, over fresh symbols for the entries of what it is differentiated by."""
        base = self._value(wrt.name, self.run)
        fresh = np.empty(base.shape, dtype=object)
        for place in np.ndindex(*base.shape):
            actual = sp.sympify(base[place], strict=True)
            fresh[place] = sp.Dummy(wrt.name)
            self.meaning[fresh[place]] = actual
        again = Evaluator(
            self.field, self.run.sizes, {**self.run.names, wrt.name: Value((), fresh)}, self.run.functions
        )
        own = {q.var.name for q in self.claim.given} | {d.var.name for d in self.claim.scope.model.declarations}
        introduced = {of.name, wrt.name} - own - {self.claim.parameter.name if self.claim.parameter else ""}
        evaluate_equations(
            again, Flow(self.claim.shown if introduced else self.claim.given).equations_between(wrt.name, of.name)
        )
        return self._value(of.name, again), fresh

    def _value(self, name: str, run: Evaluator) -> Array:
        found = run.names.get(name)
        if found is None:
            raise Unknown(f"`{name}`")
        return np.asarray(found.array, dtype=object)

    # ------------------------------------------------------------ the difference

    def _pairs(self) -> Iterator[tuple[Any, Any]]:
        """Both sides of every equality, an entry at a time, each pair once."""
        seen: set[tuple[Any, Any]] = set()
        for s in self.claim.statements:
            both = align_arrays(*restrict_values(self.run, s.left, s.right, s.where))
            if both is None:
                raise Disproved(f"`{s.right}` has another shape")
            for pair in zip(both[0].flat, both[1].flat, strict=True):
                a, b = (sp.sympify(side, strict=True) for side in pair)
                if a != b and (a, b) not in seen:
                    seen.add((a, b))
                    yield a, b

    def _judge(self, left: list[tuple[tuple[Any, Any], Ratio]], atoms: Atoms) -> None:
        """What is left is not 0 at a point of the region, or sympy simplifies it to 0, or nobody knows."""
        if not self.cases:
            raise OutOfReach("it does not hold for all values at once")
        other = differs(atoms, self.inputs.ranges, self.field, [d for _, d in left])
        if other:
            raise Disproved("sympy's derivative of the model is another")
        if other is None:
            raise OutOfReach("no point was found in one of its regions")
        if self.field.masks:
            raise OutOfReach("it does not hold in all regions at once")
        for (a, b), _ in left:
            if sp.simplify(transparent(a - b).xreplace(self.meaning)) != 0:
                raise OutOfReach("the difference could not be brought to 0")


def _difference(atoms: Atoms, a: Any, b: Any) -> Ratio:
    return atoms.field.add(atoms.of(a), atoms.field.number(-1)._replace(num=-atoms.of(b).num, den=atoms.of(b).den))
