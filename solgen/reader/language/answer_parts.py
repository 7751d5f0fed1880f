"""What an expected answer is an answer to: a derivative such as `dL/dW`, or an entry, row, column or block of one.

`dL/dW[k, :]` is a row of a gradient; `dy[i]/dx[j]` an entry of a Jacobian, and so is `dy/dx[i, j]`: where there are
more places than the variable has axes, they are places in the Jacobian.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import count

from solgen.errors import Span
from solgen.expr.nodes import Adj, Entry, Expr, Idx, Index, Kind, Shape, Var, rank, shape, shape_text
from solgen.expr.ops import ShapeError
from solgen.expr.size import Size
from solgen.model.problem import NameRef
from solgen.reader.language.asked_names import RefIndex, look_up_value, name_ref, split_derivative
from solgen.reader.language.brackets import Place, pick_part
from solgen.reader.language.scope import Scope
from solgen.reader.source import Defects
from solgen.reader.yaml.yaml_nodes import TextPiece

MOST_AXES = 2  # of an answer


@dataclass(frozen=True, slots=True)
class AnswerTarget:
    """`symbol` is what the answer must equal, of shape `due`; `letters` are the free indices that it may use.

    `of` and `wrt` are as written; `bar(z)` is the gradient of `output` at z, of its entry `at` where there is one.
    A derivative of more than two axes is compared entry by entry, with the answer's axes at `over`.
    """

    of: NameRef | None
    wrt: NameRef
    output: Var
    symbol: Expr
    due: Shape
    letters: dict[str, Idx]
    at: tuple[Index, ...] = ()
    over: tuple[Idx, ...] = ()

    @property
    def text(self) -> str:
        return f"d{self.of or self.output.name}/d{self.wrt}"


class _Bad(ValueError):
    """A place that does not suit: what is wrong, where, and what mends it."""

    def __init__(self, message: str, hint: str, code: str = "bad-name") -> None:
        self.message, self.hint, self.code = message, hint, code
        super().__init__(message)


def read_target(target: TextPiece, default: Var | None, scope: Scope, report: Defects) -> AnswerTarget | None:
    """The derivative that a text names, `default` by a variable alone; None where something was reported."""
    quotient = split_derivative(target)
    of = _read_name(quotient[0], scope, report) if quotient else None
    wrt = _read_name(quotient[1] if quotient else target, scope, report)
    if wrt is None or (quotient and of is None):
        return None
    output = of[1] if of else default
    if output is None:
        message, hint = f"`{target.text}`: the model has no equation to differentiate", "add one, such as L = …"
        report.error("no-output", message, target.span, hint)
        return None
    try:
        return _Places(scope, of[0] if of else None, wrt[0]).target(output, wrt[1])
    except (_Bad, ShapeError) as bad:
        told = bad if isinstance(bad, _Bad) else _Bad(str(bad), "positions count from 0, the end is left out")
        report.error(told.code, f"`{target.text}`: {told.message}", _within(target, quotient), told.hint)
        return None


def _within(target: TextPiece, quotient: tuple[TextPiece, TextPiece] | None) -> Span:
    """The place that is told: the denominator, if it alone has places in brackets."""
    return quotient[1].span if quotient and "[" not in quotient[0].text else target.span


def _read_name(piece: TextPiece, scope: Scope, report: Defects) -> tuple[NameRef, Var] | None:
    """A name with its places, which are looked at later, and its variable."""
    ref = name_ref(piece, report)
    if ref is None:
        return None
    bare = piece.part(0, piece.text.find("[") if "[" in piece.text else len(piece.text))
    found = look_up_value(bare, scope, report)
    return (ref, found[1]) if found and found[1] is not None else None


class _Places:
    """The places of one target, read against the axes that they stand at."""

    def __init__(self, scope: Scope, of: NameRef | None, wrt: NameRef) -> None:
        self.scope, self.of, self.wrt = scope, of, wrt
        self.letters: dict[str, Idx] = {}

    def target(self, output: Var, var: Var) -> AnswerTarget:
        """The target with its symbol; raises _Bad or ShapeError."""
        given = self.of.indices if self.of else ()
        own = self.wrt.indices
        if not given and len(own) > len(var.at) + rank(var) and not (var.at or output.at):
            given, own = own[: rank(output)], own[rank(output) :]
        output, first = self._split(given, output)
        var, second = self._split(own, var)
        var, output = _of_one_sample(output, var, bool(given), bool(own))
        if var.kind is Kind.LABEL or output.kind is Kind.LABEL:
            raise _Bad("a class label has no derivative", "leave it out", "not-a-value")
        target = self._pick_part(Adj(output, var), (*first, *second))
        at = tuple(p for p in first if not isinstance(p, tuple))
        return replace(target, at=at if rank(output) and len(at) == rank(output) else ())

    def _split(self, given: Sequence[RefIndex], var: Var) -> tuple[Var, list[Place]]:
        """The member of a family that the first places choose, and a place for each axis of it."""
        if len(given) > len(var.at) + rank(var):
            known = shape_text(var.shape_) if rank(var) else "a scalar"
            raise _Bad(f"too many places: `{var.name}` is {known}", "leave places out")
        samples = [self._place(g, i.size) if isinstance(i, Idx) else i for g, i in zip(given, var.at, strict=False)]
        if any(isinstance(p, tuple) for p, g in zip(samples, given, strict=False) if g is not None):
            raise _Bad("the samples of a family are answered one at a time", f"write `{var.name}[i]`", "not-supported")
        chosen = tuple(i if isinstance(p, tuple) else p for p, i in zip(samples, var.at, strict=False))
        member = replace_at(var, (*chosen, *var.at[len(chosen) :]))
        rest = (*given[len(var.at) :], *(None,) * rank(var))
        return member, [self._place(g, size) for g, size in zip(rest, var.shape_, strict=False)]

    def _place(self, given: RefIndex, size: Size) -> Place:
        match given:
            case None:
                return Size.of(0), size
            case (start, stop):
                return self._bound(start, size, Size.of(0)), self._bound(stop, size, size)
            case int():
                return self._inside(Size.of(given), size)
            case str():
                return self._letter(given, size)

    def _bound(self, given: int | str | None, size: Size, otherwise: Size) -> Size:
        if isinstance(given, str) and given not in self.scope.sizes:
            raise _Bad(f"`{given}` is not a dimension of the model", "write a number or a dimension")
        found = otherwise if given is None else Size.of(given)
        return size + found if found.constant is not None and found.constant < 0 else found

    def _inside(self, found: Size, size: Size) -> Size:
        place = size + found if found.constant is not None and found.constant < 0 else found
        if any(n is not None and n < 0 for n in (place.constant, (size - 1 - place).constant)):
            raise _Bad(f"{found} lies outside an axis of size {size}", f"0 to {size - 1}, as in Python")
        return place

    def _letter(self, name: str, size: Size) -> Index:
        """A declared index or label, a dimension, or a free index, the same wherever its letter stands."""
        scope = self.scope
        if name in scope.variables:
            var = scope.variables[name]
            if var.kind is not Kind.LABEL or var.at:
                raise _Bad(f"`{name}` is a variable, not an index", "use a letter that is not declared")
            if scope.labels[name] != size:
                raise _Bad(
                    f"the label {name} has {scope.labels[name]} classes, this axis has {size}", "check the sizes"
                )
            return var
        if name in scope.sizes:
            return self._inside(Size.of(name), size)
        index = scope.indices.get(name) or self.letters.setdefault(name, Idx(name, size))
        if index.size != size:
            raise _Bad(f"the index {name} runs over {index.size}, this axis has {size}", "use another letter")
        return index

    def _pick_part(self, whole: Adj, places: tuple[Place, ...]) -> AnswerTarget:
        """The part of a derivative; of one with more than two axes, by a fresh letter for each axis that is left."""
        axes = tuple(zip(places, shape(whole), strict=True))
        if all(_full(p, n) for p, n in axes):
            target = AnswerTarget(self.of, self.wrt, whole.of, whole, shape(whole), self.letters)
        elif rank(whole) <= MOST_AXES:
            symbol = pick_part(whole, places)
            target = AnswerTarget(self.of, self.wrt, whole.of, symbol, shape(symbol), self.letters)
        else:
            fresh = _fresh(self.letters.keys() | set(self.scope.names()))
            if any(isinstance(p, tuple) and not _full(p, n) for p, n in axes):
                hint = "answer it entry by entry, at letters"
                raise _Bad(f"a slice of {rank(whole)} axes cannot be compared", hint, "not-supported")
            over = {k: Idx(next(fresh), n) for k, (p, n) in enumerate(axes) if isinstance(p, tuple)}
            at = tuple(over[k] if isinstance(p, tuple) else p for k, (p, _) in enumerate(axes))
            due = tuple(i.size for i in over.values())
            target = AnswerTarget(
                self.of, self.wrt, whole.of, Entry(whole, at), due, self.letters, (), tuple(over.values())
            )
        if len(target.due) > MOST_AXES:
            hint = "answer its entries, as in `dz[i]/dW[j, k]`, or what is left of it at a letter, `dz[i]/dW`"
            message = f"it has {len(target.due)} axes, {shape_text(target.due)}, and a formula at most {MOST_AXES}"
            raise _Bad(message, hint, "not-supported")
        return target


def _full(place: Place, size: Size) -> bool:
    """Whether a place is all of its axis."""
    return place == (Size.of(0), size)


def replace_at(var: Var, at: tuple[Index, ...]) -> Var:
    """The member of the family at `at`."""
    return Var(var.name, var.shape_, var.kind, at)


def _of_one_sample(output: Var, var: Var, first: bool, second: bool) -> tuple[Var, Var]:
    """Where both are families, both of one sample: the one that is named, else the declared letter."""
    if not (output.at and var.at) or output.at == var.at:
        return var, output
    if first and second:
        hint = "write one letter for both: no sample's value depends on another's"
        raise _Bad("the samples differ", hint, "not-supported")
    return (replace_at(var, output.at), output) if first else (var, replace_at(output, var.at))


def _fresh(taken: Iterable[str]) -> Iterator[str]:
    taken = set(taken)
    return (f"a{k}" for k in count(1) if f"a{k}" not in taken)
