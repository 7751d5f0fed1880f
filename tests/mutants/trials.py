"""The problems on which a broken engine is tried: one generated for each row, the sets, the library, and identities.

A row of the table is put on variables of every combination of ranks that its shape rule accepts; the loss is the inner
product of its value with free weights, so that no entry of a derivative can hide behind another.
"""

from __future__ import annotations

import itertools
import json
import tempfile
import textwrap
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path

from hypothesis import HealthCheck, Phase, given, settings

from solgen import reader
from solgen.errors import Span
from solgen.expr.arith import mul
from solgen.expr.build import apply
from solgen.expr.nodes import Apply, Entry, Expr, Kind, Shape, Var, rank, shape
from solgen.expr.ops import ROWS, TABLE, Called, Callee, Elementwise, Multilinear, Row, ShapeError
from solgen.expr.size import Size
from solgen.expr.text import text as text_of
from solgen.expr.walk import nodes, variables
from solgen.model import (
    Ask,
    Declaration,
    Equation,
    FunctionDeclaration,
    Model,
    NameRef,
    Options,
    Part,
    Problem,
    ProblemSet,
)
from tests.calculus.models import MODELS
from tests.calculus.strategies import expressions
from tests.calculus.test_answers import CASES
from tests.calculus.test_simplify import IDENTITIES
from tests.identity_texts import problem_text
from tests.mutants.corners import CORNERS
from tests.mutants.texts import TEXTS, UNDONE, text

ROOT = Path(__file__).parents[2]
HERE = Span("row.yaml", 1, 1, 2)
M, N, P = Size.of("m"), Size.of("n"), Size.of("p")
ONE, ZERO, THREE = Size.of(1), Size.of(0), Size.of(3)
SHAPES: tuple[Shape, ...] = ((), (N,), (M, N), (N, N), (N, P), (ONE,), (ONE, N), (N, ONE))
KINDS = {"positive": Kind.POSITIVE, "power": Kind.POSITIVE, "unit": Kind.UNIT}
SQUARE = ("inv", "det", "logdet")
RANDOM = 150  # formulas drawn
FUNCTIONS = {"phi": "Elementwise", "ell": "Loss"}
Form = tuple[tuple[Shape, ...], tuple[object, ...]]  # the shapes of the arguments, and static parameters

# What cannot be guessed: static parameters, and sizes that depend on each other.
FORMS: dict[str, tuple[Form, ...]] = {
    "slice": ((((N,),), ((ONE, THREE),)), (((N, P),), ((ZERO, THREE), (ONE, P)))),
    "pad": ((((Size.of(2),),), (((ONE, THREE),), (N,))),),
    "pick": ((((N,), ()), ()),),
    "pick_row": ((((M, N), ()), ()),),
    "pick_col": ((((M, N), ()), ()),),
    "basis": ((((),), (N,)),),
    "unvec": ((((M * N,),), (M, N)),),
    "kron_left": ((((M * N, N * P), (N, P)), (M, N)),),
    "kron_right": ((((M * N, N * P), (M, N)), (N, P)),),
    "conv1d": ((((P,), (M,)), ()),),
    "concat": ((((M,), (N,)), ()), (((M, N), (P, N)), (0,)), (((M, N), (M, P)), (1,))),
    "matpow": ((((N, N),), (1,)), (((N, N),), (3,))),
    "add": ((((N,), (N,)), ()), (((M, N), (M, N), (M, N)), ())),
}


@dataclass(frozen=True, slots=True)
class Trial:
    """A problem by name; `make` forms it anew, with the table as it is then; `row` is the row it was generated for."""

    name: str
    make: Callable[[], Problem]
    row: str = ""


def trials() -> tuple[Trial, ...]:
    """All of them, in an order that does not change."""
    return (*(t for row in ROWS for t in generated(row)), *rewritten(), *written(), *filed())


def few(ops: frozenset[str]) -> tuple[Trial, ...]:
    """Enough for a sample: the rows that it breaks, every ninth other row, two homework sets."""
    chosen = [row for n, row in enumerate(ROWS) if row.name in ops or n % 9 == 0]
    return (*(t for row in chosen for t in generated(row)), *_formulas(UNDONE[::3]), *filed("homework-00[24]"))


# ---------------------------------------------------------------- generated from the rows


def generated(row: Row) -> Iterator[Trial]:
    """Gradients of Σ weights · f(args) with respect to every argument, and Jacobians of a vector by a vector."""
    for n, (shapes, params) in enumerate(_forms(row)):
        name = f"row {row.name}, form {n + 1}"
        yield Trial(name, partial(_problem, row.name, shapes, params, "gradients"), row.name)
        if _is_vector(row, shapes, params):
            yield Trial(f"{name}, Jacobian", partial(_problem, row.name, shapes, params, "jacobian"), row.name)


def _forms(row: Row) -> list[Form]:
    """Shapes and parameters that the row's shape rule accepts; those of elementwise rows are scalars and vectors."""
    if isinstance(row, Called):
        return [(((N,),), (Callee("ell" if "loss" in row.name else "phi"),))]
    if row.name in FORMS:
        return list(FORMS[row.name])
    arity = len(_sides(row)) if isinstance(row, Multilinear) else row.arity
    shapes = ((), (N,)) if isinstance(row, Elementwise) else SHAPES
    params = [(), (N,), (N, P)] if isinstance(row, Multilinear) else [(), (0,), (1,)]
    choices = itertools.product(itertools.product(shapes, repeat=arity), params)
    return [(chosen, ps) for chosen, ps in choices if _fits(row, chosen, ps)]


def _sides(row: Multilinear) -> tuple[str, ...]:
    right = row.index.split("<-")[1].strip()
    return tuple(right.split(",")) if right else ()


def _fits(row: Row, shapes: tuple[Shape, ...], params: tuple[object, ...]) -> bool:
    match row:
        case Multilinear():
            fitting = _borne(row, shapes, params)
        case Elementwise():
            fitting = not params and len(set(shapes)) <= 1 + ((()) in shapes)
        case _:
            plain = all(s and not s[0].is_one and not s[-1].is_one for s in shapes)
            fitting = plain and (not params or any(len(s) == 2 for s in shapes))
    try:
        row.shape(shapes, params) if fitting else None
    except ShapeError:
        return False
    return fitting


def _borne(row: Multilinear, shapes: tuple[Shape, ...], params: tuple[object, ...]) -> bool:
    """Whether the result has as many indices that no argument bears as there are parameters."""
    try:
        left, sides = row.letters(tuple(map(len, shapes)), params)
    except ShapeError:
        return False
    fresh = {c for c in left if c != "1"} - set("".join(sides))
    return len(fresh) == len(params) and not (row.name == "fill" and not params)


def _is_vector(row: Row, shapes: tuple[Shape, ...], params: tuple[object, ...]) -> bool:
    result = row.shape(shapes, params)
    return len(result) == 1 and not result[0].is_one and any(len(s) == 1 and not s[0].is_one for s in shapes)


def _problem(op: str, shapes: tuple[Shape, ...], params: tuple[object, ...], verb: str) -> Problem:
    """The problem, from the table as it is now; raises ShapeError where the row no longer takes its arguments."""
    args = [Var(c, s, kind) for c, s, kind in zip("abc", shapes, _kinds(op, len(shapes)), strict=False)]
    body = apply(op, *args, params=params)
    y, weights, loss = Var("y", shape(body)), Var("w", shape(body)), Var("L")
    weighed: Expr = apply("dot", weights, y) if rank(body) else mul(weights, y)
    equations = (Equation(y, body, HERE), Equation(loss, weighed, HERE))
    declared = tuple(Declaration(v, "input", HERE) for v in (*args, weights))
    used = [p.name for p in params if isinstance(p, Callee)]
    functions = tuple(FunctionDeclaration(f, FUNCTIONS[f], HERE) for f in used)  # type: ignore[arg-type]
    found = Model(declarations=declared, functions=functions, equations=equations)
    asks = tuple(_asks(verb, [a for a in args if a.kind is not Kind.LABEL]))
    part = Part("a", ("x",), HERE, asks=asks)
    return Problem(f"row {op}", f"Row {op}", "row.yaml", f"{op} {shapes} {params} {verb}", found, (part,))


def _asks(verb: str, args: list[Var]) -> Iterator[Ask]:
    if verb == "gradients":
        names = tuple(NameRef(v.name, (), HERE) for v in (*args, Var("y"), Var("w")))
        yield Ask("gradients", names, HERE, of=NameRef("L", (), HERE))
        return
    for v in args:
        if rank(v) == 1:
            forms = Options(form=("matrix", "index"))
            yield Ask("jacobian", (NameRef(v.name, (), HERE),), HERE, of=NameRef("y", (), HERE), options=forms)


def _kinds(op: str, count: int) -> list[Kind]:
    row = TABLE[op]
    kind = KINDS.get(row.domain, Kind.REAL) if isinstance(row, Elementwise) else Kind.REAL
    kind = Kind.POSITIVE if op == "cross_entropy" else Kind.INVERTIBLE if op in SQUARE else kind
    label = op in ("pick", "pick_row", "pick_col", "basis")
    return [*[kind] * (count - label), *[Kind.LABEL] * label]


# ---------------------------------------------------------------- formulas to rewrite


def rewritten() -> Iterator[Trial]:
    """Formulas that the tests of the rewrites use, and random ones, each to be simplified: `rewrite: L`."""
    yield from _formulas((*(left for left, _ in IDENTITIES), *UNDONE, *_random()))


def _formulas(formulas: Iterable[Expr]) -> Iterator[Trial]:
    for n, formula in enumerate(formulas):
        yield Trial(f"formula {n + 1}", partial(_rewriting, formula))


def _random() -> tuple[Expr, ...]:
    found: list[Expr] = []

    @settings(
        max_examples=RANDOM,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(expressions())
    def gather(e: Expr) -> None:
        found.append(e)

    gather()
    return tuple(e for e in dict.fromkeys(found) if any(isinstance(n, Apply) for n in nodes(e)))


def _rewriting(formula: Expr) -> Problem:
    """L as this formula, or as its inner product with weights, rewritten in the declared names."""
    if any(isinstance(n, Apply) and n.op == "call" for n in nodes(formula)):
        functions = (FunctionDeclaration("phi", "Elementwise", HERE),)
    else:
        functions = ()
    names = dict.fromkeys(v for v in variables(formula))
    loss = Var("L", shape(formula))
    declared = tuple(Declaration(v, "input", HERE) for v in names)
    found = Model(declarations=declared, functions=functions, equations=(Equation(loss, formula, HERE),))
    plain = not shape(formula) and not any(isinstance(n, Entry) for n in nodes(formula))
    wanted = [NameRef(v.name, (), HERE) for v in names if v.kind is not Kind.LABEL and plain]
    asks = [Ask("rewrite", (), HERE, of=NameRef("L", (), HERE))]
    asks += [Ask("gradients", tuple(wanted), HERE, of=NameRef("L", (), HERE))] if wanted else []
    part = Part("a", ("x",), HERE, asks=tuple(asks))
    return Problem("formula", "A formula", "formula.yaml", text_of(formula), found, (part,))


# ---------------------------------------------------------------- texts and files


def written() -> Iterator[Trial]:
    """Texts of this room, each written for a rule that no other problem needs, and the identities of the tests."""
    for name, source in (TEXTS | CORNERS).items():
        yield Trial(name, partial(_read_text, source))
    for name, (model, names, extra) in MODELS.items():
        asked = f"{{gradients: [{names}]}}"
        yield Trial(name, partial(_read_text, text(";".join(model.strip().splitlines()), asked, extra=extra.strip())))
    for name, (model, asked, _) in CASES.items():
        body = ";".join(textwrap.dedent(model).strip().splitlines())
        yield Trial(f"answer {name}", partial(_read_text, text(body, asked)))
    for line in (ROOT / "tests/data/identities.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        yield Trial(f"identity {row['id']}", partial(_read_text, problem_text(row)))


def _read_text(text: str) -> Problem:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "p.yaml"
        path.write_text(text, encoding="utf-8")
        return reader.read(path).problems[0]


def filed(sets: str = "*") -> Iterator[Trial]:
    """Every problem under problems/, or those of the sets that a pattern names."""
    for folder in sorted({f.parent for f in (ROOT / "problems").rglob(f"{sets}/*.yaml")}):
        for n, problem in enumerate(_set(folder).problems):
            yield Trial(f"{folder.name}: {problem.title}", partial(_member, folder, n))


def _member(folder: Path, n: int) -> Problem:
    return _set(folder).problems[n]


@cache
def _set(folder: Path) -> ProblemSet:
    return reader.read(folder)
