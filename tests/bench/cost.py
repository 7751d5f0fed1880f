"""How the gradients' cost grows with a net's layers, beside sympy's own matrix derivatives of two layers."""

from __future__ import annotations

import json
from functools import partial
from statistics import median
from typing import Any

from tests.bench.table import table
from tests.bench.timing import python, run

LAYERS = (2, 25, 50, 100, 200, 400)
ROUNDS = 5


def report() -> str:
    """Processor seconds of every net as multiples of sympy's for two layers, and the growth per doubling."""
    contenders = {str(n): partial(run, python("-m", "tests.bench.networks", str(n))) for n in LAYERS}
    contenders["sympy"] = partial(run, python("-m", "tests.bench.networks", "sympy"))
    runs: dict[str, list[dict[str, Any]]] = {name: [] for name in contenders}
    for _ in range(ROUNDS):
        for name, measure in contenders.items():
            runs[name].append(json.loads(measure().out))
    seconds = {name: median(r["seconds"] for r in found) for name, found in runs.items()}
    rows = [_row(n, seconds, runs[str(n)][-1]) for n in LAYERS]
    rows.append(["sympy, 2 layers", f"{seconds['sympy'] * 1000:.0f} ms", "1.00", "", ""])
    head = ("layers", "time", "× sympy's 2", "× half as many", "gradients")
    title = f"All gradients of a tanh net, each in a fresh process, median of {ROUNDS} (processor time, imports apart)"
    results = [f"  {name}: {result}" for name, result in runs["sympy"][-1]["results"].items()]
    return "\n".join([table(title, head, rows), "", "sympy's results on two layers:", *results])


def _row(n: int, seconds: dict[str, float], last: dict[str, Any]) -> list[str]:
    mine, half = seconds[str(n)], seconds.get(str(n // 2))
    growth = f"{mine / half:.2f}" if half and n > LAYERS[1] else ""
    return [
        str(n),
        f"{mine * 1000:.0f} ms",
        f"{mine / seconds['sympy']:.2f}",
        growth,
        f"{last['gradients']}/{last['asked']}",
    ]
