"""The same net for both programs: N − 1 layers of tanh, a linear one, half the squared error.

    h_k = tanh(W_k h_{k−1} + b_k),  y = W_N h_{N−1} + b_N,  L = ‖y − t‖² / 2

Run as a program it measures one of them in a process of its own, where nothing is cached yet, and prints one line of
JSON: processor seconds, and what came out.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from typing import Any


def solgen_net(layers: int) -> dict[str, Any]:
    """The gradients of all 2N parameters: naming, reverse sweep, rules, textbook form of every step."""
    from solgen.calculus.engine.adjoints import Detail, gradients
    from solgen.calculus.engine.prepare import prepare
    from solgen.model.step import StepId

    model = _model(layers)
    assert model.output is not None
    names = [d.var.name for d in model.declarations if d.role == "parameter"]
    started = time.process_time()
    found = gradients(prepare(model), model.output, names, Detail(), StepId())
    seconds = time.process_time() - started
    return {"seconds": seconds, "gradients": sum(b.asked for b in found.blocks), "asked": len(names)}


def _model(layers: int) -> Any:
    from solgen.errors import Span
    from solgen.expr.arith import add, div, fn, num, sub
    from solgen.expr.build import apply, matmul
    from solgen.expr.nodes import Expr, Var
    from solgen.expr.size import Size
    from solgen.model.problem import Declaration, Equation, Model

    here, sizes = Span("", 1, 1, 0), [Size.of(f"n{k}") for k in range(layers + 1)]
    inputs = [Var("x", (sizes[0],)), Var("t", (sizes[-1],))]
    parameters, equations, h = list[Var](), list[Equation](), inputs[0]
    for k in range(1, layers + 1):
        w, b = Var(f"W{k}", (sizes[k], sizes[k - 1])), Var(f"b{k}", (sizes[k],))
        body: Expr = add(matmul(w, h), b)
        h = Var(f"h{k}", (sizes[k],))
        equations.append(Equation(h, fn("tanh", body) if k < layers else body, here))
        parameters += [w, b]
    loss = div(apply("norm2sq", sub(h, inputs[1])), num(2))
    declared = [
        *(Declaration(v, "input", here) for v in inputs),
        *(Declaration(v, "parameter", here) for v in parameters),
    ]
    return Model(tuple(declared), equations=(*equations, Equation(Var("L"), loss, here)))


def sympy_net() -> dict[str, Any]:
    """sympy's matrix derivatives of the net with two layers, and whether each is right at a random point."""
    import numpy as np
    import sympy as sp

    from tests.bench.array_values import Unreadable, value

    d, h, k = 3, 4, 5
    W1, b1 = sp.MatrixSymbol("W1", h, d), sp.MatrixSymbol("b1", h, 1)
    W2, b2 = sp.MatrixSymbol("W2", k, h), sp.MatrixSymbol("b2", k, 1)
    x, t = sp.MatrixSymbol("x", d, 1), sp.MatrixSymbol("t", k, 1)
    r = W2 * (W1 * x + b1).applyfunc(sp.tanh) + b2 - t
    loss = r.T * r / 2
    rng = np.random.default_rng(1)
    at = {s: rng.normal(size=s.shape) for s in (W1, b1, W2, b2, x, t)}
    hidden = np.tanh(at[W1] @ at[x] + at[b1])
    e = at[W2] @ hidden + at[b2] - at[t]
    z = (at[W2].T @ e) * (1 - hidden**2)
    expected = {W1: z @ at[x].T, b1: z, W2: e @ hidden.T, b2: e}
    seconds, results = 0.0, {}
    for parameter, right in expected.items():
        started = time.process_time()
        found: Any
        try:
            found = loss.diff(parameter)
        except (IndexError, ValueError) as wrong:
            found = wrong
        seconds += time.process_time() - started
        try:
            agrees = np.allclose(value(found, at).squeeze(), right.squeeze())
            results[str(parameter)] = f"{'right' if agrees else 'WRONG'}, as {type(found).__name__}"
        except Unreadable as reason:
            results[str(parameter)] = f"none: {reason}"
    return {"seconds": seconds, "results": results}


if __name__ == "__main__":
    measure: Callable[[], dict[str, Any]] = (
        sympy_net if sys.argv[1] == "sympy" else lambda: solgen_net(int(sys.argv[1]))
    )
    print(json.dumps(measure()))
