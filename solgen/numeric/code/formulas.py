"""Formulas as numpy source, from the templates of the table."""

from __future__ import annotations

import keyword
import re
from collections.abc import Iterable, Mapping
from fractions import Fraction

from solgen.errors import Refused
from solgen.expr.nodes import Adj, Apply, Expr, Idx, Index, Kind, Pi, Var, rank
from solgen.expr.ops import TABLE, Callee
from solgen.expr.size import Size
from solgen.expr.walk import free_indices
from solgen.expr.writer import ATOM, NEG, PROD, SourceText, Writer

RESERVED = frozenset("np math inputs float int sum range slice forward gradients jacobians hessians".split())

HELPERS: Mapping[str, str] = {
    "_softmax": '''def _softmax(x, axis):
    """Exponentials normalised to sum 1 along an axis; shifted by the maximum, against overflow."""
    e = np.exp(x - np.max(x, axis=axis, keepdims=True))
    return e / np.sum(e, axis=axis, keepdims=True)
''',
    "_log_softmax": '''def _log_softmax(x, axis):
    """The logarithm of softmax."""
    shifted = x - np.max(x, axis=axis, keepdims=True)
    return shifted - np.log(np.sum(np.exp(shifted), axis=axis, keepdims=True))
''',
    "_logsumexp": '''def _logsumexp(x, axis):
    """log of the sum of exponentials along an axis."""
    top = np.max(x, axis=axis, keepdims=True)
    return np.squeeze(top, axis=axis) + np.log(np.sum(np.exp(x - top), axis=axis))
''',
    "_pad": '''def _pad(x, place, shape):
    """Zeros around an array that fills the slices `place`."""
    result = np.zeros(shape)
    result[place] = x
    return result
''',
    "_basis": '''def _basis(k, n):
    """The k-th unit vector, counted from 0."""
    result = np.zeros(n)
    result[int(k)] = 1.0
    return result
''',
    "_kron_left": '''def _kron_left(y, b):
    """Sum over k, l of Y[(i, k), (j, l)] B[k, l]."""
    (m, n), (p, q) = y.shape, b.shape
    return np.einsum("ikjl,kl->ij", y.reshape(m // p, p, n // q, q), b)
''',
    "_kron_right": '''def _kron_right(y, a):
    """Sum over i, j of Y[(i, k), (j, l)] A[i, j]."""
    (m, n), (p, q) = y.shape, a.shape
    return np.einsum("ikjl,ij->kl", y.reshape(p, m // p, q, n // q), a)
''',
    "_normcdf": '''def _normcdf(x):
    """The distribution function of the standard normal."""
    erf = np.vectorize(math.erf, otypes=[float])
    return 0.5 * (1.0 + erf(np.asarray(x, dtype=float) / math.sqrt(2.0)))
''',
}


class NumpyWriter(Writer):
    """numpy source over local names; `names` gives the identifier of each name of the file and gradient symbol.

    `library` is what a module imports as `np`.
    """

    library = "numpy"

    def __init__(self, names: PythonNames) -> None:
        self.names = names

    def array(self, e: Expr, over: tuple[Index, ...]) -> str:
        """The formula for all values of the indices `over`: one array with these axes first."""
        indices = tuple(i for i in over if isinstance(i, Idx))
        stray = free_indices(e) - set(indices)
        if stray:
            raise Refused(f"the index {min(i.name for i in stray)} is free in a formula to be exported")
        source = self.write(e)
        for index in reversed(indices):
            source = f"np.array([{source} for {self.names.of(index.name)} in range({self.size(index.size)})])"
        return source

    def convert_input(self, source: str, var: Var) -> str:
        """An input as float64, or as an integer where it is a label."""
        kind = "int" if var.kind is Kind.LABEL else "float"
        return f"np.asarray({source}, dtype={kind})" if var.at or var.shape_ else f"{kind}({source})"

    def convert_result(self, source: str, array: bool) -> str:
        """A result as a float64 array of its own, or as a float."""
        return f"np.array({source}, dtype=float)" if array else f"float({source})"

    def number(self, value: Fraction) -> SourceText:
        if value < 0:
            return SourceText(f"-{self.number(-value).within(ATOM)}", NEG)
        approximate = repr(float(value))
        if Fraction(approximate) == value or value.denominator == 1:
            return SourceText(approximate, ATOM)
        return SourceText(f"{float(value.numerator)!r} / {float(value.denominator)!r}", PROD)

    def symbol(self, e: Var | Adj | Pi) -> SourceText:
        match e:
            case Pi():
                return SourceText("np.pi")
            case Adj(of=of, wrt=wrt):
                at = tuple(dict.fromkeys(of.at + wrt.at))
                name = self.names.of(gradient_name(e))
            case Var(at=at):
                name = self.names.of(e.name)
        return SourceText(f"{name}[{', '.join(map(self.index, at))}]" if at else name)

    def index(self, i: object) -> str:
        return self.names.of(i.name) if isinstance(i, Idx) else super().index(i)  # type: ignore[arg-type]

    def size(self, size: Size) -> str:
        return re.sub(r"[^\W\d]\w*", lambda m: self.names.of(m[0]), str(size))

    def template(self, e: Apply) -> str:
        form = TABLE[e.op].code.get("numpy")
        if form is None:
            raise Refused(f"`{e.op}` has no numpy form")
        static = {
            "shape": lambda: self._tuple(e.shape_),
            "size": lambda: self.size(e.shape_[0]),
            "axis": lambda: "0" if rank(e.args[0]) < 2 else str(e.params[0]) if e.params else "None",
            "k": lambda: str(e.params[0]),
            "all": lambda: ", ".join(f"{{{k}}}" for k in range(len(e.args))),
            "bounds": lambda: self.bounds(e.params),
        }
        return re.sub(r"\{([a-z]+)\}", lambda m: static[m[1]](), form)

    def _tuple(self, sizes: Iterable[Size]) -> str:
        parts = tuple(map(self.size, sizes))
        return f"({', '.join(parts)}{',' if len(parts) == 1 else ''})"

    def name_call(self, callee: Callee, op: str) -> str:
        if op == "loss_grad":
            return self.names.of(f"{callee.name}_grad")
        return self.names.of(callee.name + "_prime" * callee.order)

    def write_sum(self, index: Idx, body: SourceText) -> SourceText:
        return SourceText(f"sum({body.text} for {self.names.of(index.name)} in range({self.size(index.size)}))")

    def write_stack(self, index: Idx, body: SourceText, columns: bool) -> SourceText:
        each = f"[{body.text} for {self.names.of(index.name)} in range({self.size(index.size)})]"
        return SourceText(f"np.stack({each}, axis={-1 if columns else 0})")

    def kronecker(self, left: str, right: str) -> SourceText:
        return SourceText(f"float({left} == {right})")


class PythonNames:
    """A Python identifier for each name, free of the module's own; a clash gets an underscore."""

    def __init__(self, given: Iterable[str], reserved: Iterable[str] = (*RESERVED, *HELPERS)) -> None:
        self._taken = {*reserved, *keyword.kwlist}
        self._chosen: dict[str, str] = {}
        for name in given:
            self.of(name)

    def of(self, name: str) -> str:
        if name not in self._chosen:
            candidate = name
            while candidate in self._taken:
                candidate += "_"
            self._taken.add(candidate)
            self._chosen[name] = candidate
        return self._chosen[name]


def gradient_name(symbol: Adj) -> str:
    """The name of a gradient in source: dL_dW."""
    order = "2" if symbol.twice else ""
    return f"d{order}{symbol.of.name}_d{symbol.wrt.name}{order}"
