r"""What a formula that was read says: which values it holds to be equal, and whether that is a claim about them.

An equality is a condition where it gives an input, or a value, a number: `x = 0`, `n = 3`, `A^\top A = I`; and where
it gives an input by other inputs, `A x = b`.  All else that is built of names of the problem alone is a claim.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from solgen.expr.nodes import Adj, Apply, Entry, Expr, Position, SizeNum, Var, shape
from solgen.expr.ops import TABLE, Trait, having
from solgen.expr.ops.row import Called
from solgen.expr.walk import nodes
from solgen.model.problem import Model
from solgen.written import Reading, RelationSide, meanings
from solgen.written.data import DataTable, NewName, ValueSpace
from solgen.written.typed import TypedValue, of_rank, spread_typed, transpose_typed

EQUAL = frozenset("=≡≔")
FORMS = having(Trait.TRANSPOSES | Trait.AS_ROW | Trait.LINES_UP | Trait.BOXES)  # one value in another form


@dataclass(frozen=True, slots=True)
class Link:
    """Two sides of one relation sign."""

    left: RelationSide
    sign: str
    right: RelationSide

    @property
    def says_shape(self) -> bool:
        """Whether it says where a value lies, and it has that shape."""
        match self.left.readings, self.right.data:
            case ((one,), ValueSpace(shape=axes)) if self.sign in "∈:":
                return shape(one.e) == axes
            case _:
                return False

    @property
    def unread(self) -> str:
        """Why it is no equality of two values; empty where it is one."""
        if self.sign not in EQUAL:
            return f"no check reads the relation {self.sign}"
        for side in (self.left, self.right):
            if isinstance(side.data, NewName):
                return f"it introduces {side.data.name}, which the model does not name"
            if side.data is not None and not isinstance(side.data, DataTable):
                return "it relates no two values"
        return ""

    @property
    def ways(self) -> tuple[tuple[Expr, Expr], ...]:
        """What it may say, each way once; none where the shapes of its sides do not fit."""
        found = (_beside(a, b) for a in self.left.readings for b in self.right.readings)
        return tuple(dict.fromkeys(pair for pair in found if pair is not None))

    @property
    def turned(self) -> tuple[tuple[Expr, Expr], ...]:
        """The same with the right side transposed."""
        sides = (t for b in self.right.readings if (t := transpose_typed(b)) is not None)
        found = (_beside(a, b) for b in sides for a in self.left.readings)
        return tuple(dict.fromkeys(pair for pair in found if pair is not None))

    @property
    def is_read_in_one_way(self) -> bool:
        return all(len(meanings(side)) == 1 for side in (self.left, self.right))

    @property
    def forms(self) -> tuple[str, str]:
        """The shapes of its sides as they stand on paper, rows × columns."""
        return _form(self.left.readings[0]), _form(self.right.readings[0])


def links(reading: Reading) -> Iterator[Link]:
    """Each relation sign of a text with its two sides."""
    for chain in reading.chains:
        yield from (Link(left, right.sign, right) for left, right in pairwise(chain))


def singles(reading: Reading) -> Iterator[RelationSide]:
    """The formulas of a text that stand in no relation."""
    yield from (chain[0] for chain in reading.chains if len(chain) == 1)


def _beside(a: TypedValue, b: TypedValue) -> tuple[Expr, Expr] | None:
    """Both in one form; a number written out, beside an array, stands in every entry."""
    if a.form != b.form and (a.is_number or b.is_number):
        number, array = (a, b) if a.is_number else (b, a)
        if not is_constant(number.e) or number.rank:
            return None
        filled = spread_typed(number, shape(array.e), array.row)
        return (filled.e, array.e) if number is a else (array.e, filled.e)
    if a.form != b.form or a.form is None:
        return (a.e, b.e) if a.form is None and shape(a.e) == shape(b.e) else None
    rank = max(a.rank, b.rank)
    left, right = of_rank(a, rank), of_rank(b, rank)
    return None if left is None or right is None else (left.e, right.e)


def _form(t: TypedValue) -> str:
    return " × ".join(map(str, t.form or shape(t.e)))


# ---------------------------------------------------------------- conditions


def is_constant(e: Expr) -> bool:
    """Whether a formula is made of numbers alone."""
    return not any(isinstance(n, Var | Adj | SizeNum | Position) for n in nodes(e)) and not _calls(e)


def _calls(e: Expr) -> bool:
    """Whether a function that the file leaves open is applied in it."""
    return any(isinstance(n, Apply) and isinstance(TABLE[n.op], Called) for n in nodes(e))


def is_condition(left: Expr, right: Expr, model: Model) -> bool:
    """Whether an equality restricts what is free rather than says what follows."""
    computed = {q.var.name for q in model.equations}

    def follows(e: Expr) -> bool:
        return any(isinstance(n, Adj) or (isinstance(n, Var) and n.name in computed) for n in nodes(e))

    for a, b in ((left, right), (right, left)):
        if is_constant(b) and (name_of(a) or not follows(a)):
            return True
        name = name_of(a)
        if name and name not in computed and not follows(b):
            return True
    return False


def name_of(e: Expr) -> str:
    """The name that a formula is, or of which it is an entry or the transpose; empty where it is more."""
    match e:
        case Var(name=name):
            return name
        case Entry(array=array):
            return name_of(array)
        case SizeNum(size=size):
            return str(size) if len(size.symbols) == 1 and str(size) in size.symbols else ""
        case Apply(op=op, args=(inner,)) if op in FORMS:
            return name_of(inner)
        case _:
            return ""
