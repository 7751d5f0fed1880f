"""From one sample to all: a family z_i = W x_i + b as matrices, Z = X Wᵀ + 1 bᵀ, or with the samples as columns.

Each family becomes the matrix of its samples, each equation the same equation on matrices; the ordinary sweep then
derives the batch form.  Nothing is assumed: each matrix equation is checked against the stack of the samples.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from solgen.errors import Refused
from solgen.expr import applied
from solgen.expr.arith import add, fill, is_sum, mul
from solgen.expr.build import apply
from solgen.expr.nodes import Apply, Expr, Idx, Stack, Sum, Var, rank, shape
from solgen.expr.ops import ENTRYWISE, Trait, having
from solgen.expr.size import Size
from solgen.expr.walk import free_indices
from solgen.model.problem import Equation, Model

TIMES = having(Trait.TIMES)

ALONG_AXIS = having(Trait.ALONG_AXIS)


@dataclass(frozen=True, slots=True)
class Batch:
    """The model in matrices: `stacked` says what each matrix is made of, `model` is the forward pass over them."""

    model: Model
    stacked: tuple[Equation, ...]
    matrices: Mapping[str, Var]

    def names(self, asked: tuple[str, ...]) -> tuple[str, ...]:
        """What the asked names are called in matrices."""
        return tuple(self.matrices[n].name if n in self.matrices else n for n in asked)


def stack_model(model: Model, names: Mapping[str, str]) -> Batch:
    """The model with every family stacked; `names` are the file's own names for the matrices.

    Raises Refused for an operation on a sample that has no form on the matrix of all samples.
    """
    families = {v.name: v for v in model.variables.values() if v.at}
    if not families:
        raise Refused("the model has no family of samples", "declare `i: Index[n]` and values `x[i]`")
    stacker = _Stacker(model.samples == "columns", _matrices(model, families, names))
    declared = tuple(d for d in model.declarations if d.var.at)
    stacked = tuple(Equation(stacker.matrices[d.var.name], stacker.stack(d.var), d.span) for d in declared)
    equations = tuple(
        Equation(stacker.matrices.get(q.var.name, q.var), stacker.equation(q), q.span) for q in model.equations
    )
    plain = tuple(d for d in model.declarations if not d.var.at)
    own = tuple(type(d)(stacker.matrices[d.var.name], d.role, d.span) for d in declared)
    return Batch(
        Model(plain + own, model.functions, (), equations, model.order, model.fixed, model.samples),
        stacked,
        stacker.matrices,
    )


def _matrices(model: Model, families: Mapping[str, Var], names: Mapping[str, str]) -> dict[str, Var]:
    """The matrix of each family: the file's name for it, or the capital letter."""
    taken = set(model.variables) | {f.name for f in model.functions}
    taken |= {s for v in model.variables.values() for n in v.shape_ for s in n.symbols}
    found: dict[str, Var] = {}
    for name, var in families.items():
        index = var.at[0]
        if len(var.at) != 1 or not isinstance(index, Idx) or rank(var) > 1:
            raise Refused(f"`{name}` is not one vector or one number for each sample", "ask for form: sum")
        wish = names.get(name) or (name[0].upper() + name[1:] if rank(var) else name)
        chosen = next(c for c in (wish, f"{wish}_all", *(f"{wish}_{n}" for n in range(1, 99))) if c not in taken)
        taken.add(chosen)
        columns = model.samples == "columns" and rank(var) == 1
        sizes = (*var.shape_, index.size) if columns else (index.size, *var.shape_)
        found[name] = Var(chosen, sizes, var.kind.by_columns if columns else var.kind)
    return found


@dataclass(frozen=True, slots=True)
class _Stacker:
    """Formulas of one sample as formulas of all samples."""

    columns: bool
    matrices: dict[str, Var]

    def stack(self, var: Var) -> Expr:
        index = var.at[0]
        assert isinstance(index, Idx)
        return Stack(index, var, self.columns and rank(var) == 1)

    def equation(self, q: Equation) -> Expr:
        if not q.var.at:
            return self.total(q.body)
        index = q.var.at[0]
        assert isinstance(index, Idx)
        return self.all(q.body, index)

    def total(self, e: Expr) -> Expr:
        """A formula of no sample: sums over samples become sums over an axis."""
        match e:
            case Sum(index=i, body=Apply(op="norm2sq", args=(v,))):  # Σ ‖x_i‖² = ‖X‖²
                return applied.norm2sq(self.all(v, i))
            case Sum(index=i, body=body):
                return self.stack_sum(self.all(body, i), body)
            case Apply():
                return Apply(e.op, tuple(self.total(a) for a in e.args), e.params, e.shape_)
            case _:
                return e

    def stack_sum(self, stacked: Expr, body: Expr) -> Expr:
        if rank(body) == 0:
            return applied.sum(stacked)
        if rank(body) == 1:
            return applied.sum_along(stacked, int(self.columns))
        raise Refused("a sum of matrices over the samples has no batch form")

    def all(self, e: Expr, i: Idx) -> Expr:
        """The value of e for every sample: a vector for a number, a matrix for a vector."""
        if i not in free_indices(e):
            return self.spread(self.total(e), i.size)
        match e:
            case Var(name=name):
                if e.at != (i,):
                    raise Refused(f"`{name}` is taken at another sample than its neighbours")
                return self.matrices[name]
            case Apply():
                return self.operation(e, i)
            case _:
                raise Refused(f"a {type(e).__name__.lower()} for each sample has no batch form")

    def spread(self, e: Expr, n: Size) -> Expr:
        """What is the same for all samples."""
        if rank(e) == 0:
            return fill(e, (n,))
        if rank(e) == 1:
            return applied.repeat(e, n, int(self.columns))
        raise Refused("a matrix for each sample has no batch form")

    def operation(self, e: Apply, i: Idx) -> Expr:
        moving = [i in free_indices(a) for a in e.args]
        match e.op, e.args:
            case "matvec", (a, v) if not moving[0]:
                v = self.all(v, i)
                return applied.matmul(a, v) if self.columns else applied.matmul(v, applied.transpose(a))
            case "vecmat", (v, a) if not moving[1]:
                v = self.all(v, i)
                return applied.matmul(applied.transpose(a), v) if self.columns else applied.matmul(v, a)
            case "dot", (a, b):
                return self.inner(a, b, moving, i)
            case "norm2sq", (v,):
                of_each = self.all(v, i)
                return self.over(mul(of_each, of_each)) if rank(v) == 1 else applied.square(of_each)
            case "sum", (v,) if rank(v) == 1:
                return self.over(self.all(v, i))
            case "scale", (s, v):
                return self.stack_multiples(s, v, moving, i)
            case "fill", (s,) if rank(e) == 1:
                return applied.repeat(self.all(s, i), e.shape_[0], int(not self.columns))
            case "as_row", (v,):
                return self.all(v, i)
            case "item", (v,):  # one entry a sample: a matrix of one row or column becomes a vector
                return applied.unrow(self.all(v, i)) if self.columns else applied.uncol(self.all(v, i))
            case _:
                return self.entrywise(e, moving, i)

    def inner(self, a: Expr, b: Expr, moving: list[bool], i: Idx) -> Expr:
        if all(moving):
            return self.over(mul(self.all(a, i), self.all(b, i)))
        v, same = (a, b) if moving[0] else (b, a)
        matrix = self.all(v, i)
        return applied.matvec(applied.transpose(matrix) if self.columns else matrix, same)

    def over(self, matrix: Expr) -> Expr:
        """The sum over the entries of each sample."""
        return applied.sum_along(matrix, int(not self.columns))

    def stack_multiples(self, s: Expr, v: Expr, moving: list[bool], i: Idx) -> Expr:
        if not moving[0]:
            return mul(s, self.all(v, i))
        matrix, weights = self.all(v, i), applied.diag(self.all(s, i))
        return applied.matmul(matrix, weights) if self.columns else applied.matmul(weights, matrix)

    def entrywise(self, e: Apply, moving: list[bool], i: Idx) -> Expr:
        if e.op in ALONG_AXIS:
            args = tuple(self.all(a, i) for a in e.args)
            return apply(e.op, *args, params=(0 if self.columns else 1,))
        if is_sum(e):
            return add(*(self.all(a, i) for a in e.args))
        if e.op in ENTRYWISE:
            ranks = {rank(a) for a in e.args}
            if len(ranks) > 1 and any(m and rank(a) == 0 for m, a in zip(moving, e.args, strict=True)):
                raise Refused(f"`{e.op}` mixes a number and a vector of each sample")
            args = tuple(self.all(a, i) if m or rank(a) else self.total(a) for m, a in zip(moving, e.args, strict=True))
            return mul(*args) if e.op in TIMES else apply(e.op, *args, params=e.params)
        raise Refused(f"`{e.op}` on each sample has no batch form")


def per_sample(model: Model) -> tuple[Model, Var]:
    """The model with the loss of one sample as an equation of its own, and that loss.

    Raises Refused where the output is no sum over samples.
    """
    last = model.equations[-1] if model.equations else None
    found = next((n for n in _sums(last.body)), None) if last else None
    if last is None or found is None:
        raise Refused("the output is no sum or mean over samples")
    if isinstance(found.body, Var):
        return model, found.body
    name = next(c for c in ("l", "ell", "L_i", "l1") if c not in model.variables)
    one = Var(name, shape(found.body), at=(found.index,))
    total = Sum(found.index, one)
    equations = (
        *model.equations[:-1],
        Equation(one, found.body, last.span),
        Equation(last.var, _swap(last.body, found, total), last.span),
    )
    indices = model.indices
    return Model(model.declarations, model.functions, indices, equations, model.order, model.fixed, model.samples), one


def _sums(e: Expr) -> list[Sum]:
    match e:
        case Sum():
            return [e]
        case Apply(args=args):
            return [s for a in args for s in _sums(a)]
        case _:
            return []


def _swap(e: Expr, old: Expr, new: Expr) -> Expr:
    if e == old:
        return new
    return Apply(e.op, tuple(_swap(a, old, new) for a in e.args), e.params, e.shape_) if isinstance(e, Apply) else e
