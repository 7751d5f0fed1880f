"""Right, wrong, or not done: the 65 derivatives of the literature by solgen, by sympy and by tensorgrad.

Every result becomes numbers at random points of distinct sizes and is compared with the identity.  solgen goes the
public way, problem text → `solgen export` → numbers.  sympy differentiates the same formula in its matrix language; of
its two spellings of scalars the better one counts, and a Jacobian or Hessian may come transposed.
Run as a program with a name, it prints the verdicts of one contender as JSON.
"""

from __future__ import annotations

import ast
import contextlib
import importlib.util
import json
import runpy
import signal
import sys
import tempfile
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Literal

import numpy as np

from tests.bench.table import table
from tests.bench.timing import python, run
from tests.test_identities import FREE_ENTRIES, FUNCTIONS, ROWS, VERBS, drawn, evaluated, problem_text

Row = dict[str, Any]
Verdict = tuple[Literal["right", "wrong", "not done"], str]
SECONDS = 30  # for one row
FAILURES = (
    ArithmeticError, AssertionError, AttributeError, LookupError, NotImplementedError, RuntimeError, TimeoutError,
    TypeError, ValueError,
)  # fmt: skip


def expected(row: Row, values: dict[str, Any], sizes: dict[str, int]) -> Any:
    """The identity's own value."""
    formula = FREE_ENTRIES.get(row["id"], row["grad"])
    return np.asarray(evaluated(ast.parse(formula, mode="eval"), {**sizes, **values}))


def judged(row: Row, found: Callable[[dict[str, Any], dict[str, int]], Any]) -> Verdict:
    """A result at two random points; axes of size 1 do not count."""
    for seed in (1, 2):
        values, sizes = drawn(row, seed)
        right = expected(row, values, sizes)
        result = np.asarray(found(values, sizes), dtype=float).squeeze()
        forms = [result, result.T] if VERBS[row["kind"]] != "gradients" else [result]
        close = (f.shape == right.shape and np.allclose(f, right, rtol=1e-6, atol=1e-9) for f in forms)
        if not any(close):
            shown = "0" if not np.any(result) else f"shape {result.shape}" if result.shape != right.shape else "values"
            return "wrong", f"gives {shown}" if shown == "0" else f"{shown} differ"
    return "right", ""


@contextlib.contextmanager
def limited(seconds: int) -> Iterator[None]:
    """At most so many seconds, else TimeoutError."""

    def stop(number: int, frame: object) -> None:
        raise TimeoutError(f"more than {seconds} s")

    signal.signal(signal.SIGALRM, stop)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)


# ---------------------------------------------------------------- the contenders


def by_solgen(row: Row) -> Verdict:
    """The exported module of the problem."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "identity.yaml"
        file.write_text(problem_text(row))
        exported = run(python("-m", "solgen", "export", str(file)))
        if exported.code:
            return "not done", f"exit {exported.code}"
        (Path(folder) / "exported.py").write_text(exported.out)
        module = runpy.run_path(str(Path(folder) / "exported.py"))
    function = module[FUNCTIONS[VERBS[row["kind"]]]]
    return judged(row, lambda values, sizes: function(**values)[row["wrt"]])


def by_sympy(row: Row) -> Verdict:
    """sympy's matrix derivative, in the better of two spellings."""
    verdicts = [_sympy(row, traces) for traces in (False, True)]
    for wanted in ("right", "wrong"):
        for verdict in verdicts:
            if verdict[0] == wanted:
                return verdict
    return verdicts[0]


def _sympy(row: Row, traces: bool) -> Verdict:
    import sympy as sp

    from tests.bench.array_values import Unreadable, value
    from tests.bench.sympy_spelling import Speller, Spelt

    symbols: dict[str, Spelt] = {}
    for name, shape in row["vars"].items():
        axes = [sp.Symbol(s, integer=True, positive=True) for s in shape]
        e = sp.MatrixSymbol(name, *(axes if len(axes) == 2 else [*axes, 1])) if axes else sp.Symbol(name, real=True)
        symbols[name] = Spelt(e, len(axes))
    sizes_of = {s: Spelt(sp.Symbol(s, integer=True, positive=True), 0) for shape in row["vars"].values() for s in shape}
    variable = symbols[row["wrt"]].e
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            formula = Speller({**sizes_of, **symbols}, traces).spell(ast.parse(row["f"], mode="eval").body).e
            derivative = formula.diff(variable)
            derivative = derivative.diff(variable) if row["kind"] == "hessian" else derivative

            def found(values: dict[str, Any], sizes: dict[str, int]) -> Any:
                at: dict[Any, Any] = {sizes_of[s].e: n for s, n in sizes.items()}
                for name, given in values.items():
                    at[symbols[name].e] = given[:, None] if np.ndim(given) == 1 else given
                return value(derivative, at)

            return judged(row, found)
    except (Unreadable, *FAILURES) as reason:
        return "not done", f"{type(reason).__name__}: {reason}"[:90]


def by_tensorgrad(row: Row) -> Verdict:
    """tensorgrad's symbolic derivative, simplified and evaluated by itself."""
    from tests.bench.tensorgrad_spelling import derivative

    try:
        found = derivative(row)
        return judged(row, found)
    except FAILURES as reason:
        return "not done", f"{type(reason).__name__}: {reason}"[:90]


CONTENDERS: dict[str, Callable[[Row], Verdict]] = {
    "solgen": by_solgen, "sympy": by_sympy, "tensorgrad": by_tensorgrad
}  # fmt: skip


def verdicts(name: str) -> dict[str, Verdict]:
    """What one contender made of each row."""
    found: dict[str, Verdict] = {}
    for row in ROWS:
        try:
            with limited(SECONDS):
                found[row["id"]] = CONTENDERS[name](row)
        except TimeoutError as late:
            found[row["id"]] = "not done", str(late)
    return found


# ---------------------------------------------------------------- the report


def report() -> str:
    """Counts, and each row that somebody got wrong or could not do."""
    present = [name for name in CONTENDERS if name == "solgen" or importlib.util.find_spec(name)]
    results = {name: json.loads(run(python("-m", "tests.bench.identities", name)).out) for name in present}
    counts = [
        [name, *(str(sum(v[0] == kind for v in found.values())) for kind in ("right", "wrong", "not done"))]
        for name, found in results.items()
    ]
    text = [table(f"{len(ROWS)} derivatives of the literature", ["", "right", "wrong", "not done"], counts)]
    for name, found in results.items():
        for kind in ("wrong", "not done"):
            rows = [f"  {key}: {reason}" for key, (verdict, reason) in found.items() if verdict == kind]
            text += [f"\n{name}, {kind}:", *rows] if rows else []
    absent = [name for name in CONTENDERS if name not in present]
    return "\n".join([*text, *(f"\n{name} is not installed." for name in absent)])


if __name__ == "__main__":
    print(json.dumps(verdicts(sys.argv[1])))
