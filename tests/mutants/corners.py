"""Problem files for single lines of the calculus: each is named after what no other problem needs."""

from __future__ import annotations

from tests.mutants.texts import FAMILY, text

SMALL = "x: R[n]; y: R[n]; W: R[m, n]; s: R; k: Label[n]"
CORNERS: dict[str, str] = {
    **{
        f"batch in {samples}: {loss}": text(
            f"{FAMILY}; {loss}", "{gradients: [W, w], form: [sum, batch]}", extra=f"samples: {samples}"
        )
        for samples in ("rows", "columns")
        for loss in (
            "L = mean((w @ z[i])**2, i) + norm2sq(sum(z[i], i))",
            "L = sum(norm2sq(w @ z[i] - t[i]), i)",
            "L = sum(maximum(w @ z[i], norm2sq(w)), i)",
            "q[i] = norm2sq(w @ z[i]); r[i] = norm2sq(w); L = sum(q[i] * t[i] + r[i] * t[i], i)",
            "q[i] = (W @ x[i]).T; L = sum(w @ q[i], i)",
            "V: R[1, m]; q[i] = V @ z[i]; L = sum((q[i] - t[i])**2 + w @ z[i], i)",
        )
    },
    "blocks of matrices": text(
        "s: R; A: R[m, n]; B: R[k, n]; C: R[m, k]; Y = concat(s * A, exp(s) * B); Z = concat(A, s * C, axis=1)",
        "{jacobian: Y, wrt: s}",
        "{jacobian: Z, wrt: s}",
    ),
    "blocks of vectors": text(
        f"{SMALL}; h = W @ x; q = concat(h, x * y); r = concat(y, h); u = concat(s * y, norm2sq(y)); g = q[0:2]",
        "{jacobian: q, wrt: x}",
        "{jacobian: r, wrt: x}",
        "{jacobian: u, wrt: s}",
        "{jacobian: u, wrt: y}",
        "{jacobian: g, wrt: x}",
        "{jacobian: q, wrt: x, form: index}",
    ),
    "an entry by a vector and by a number": text(
        f"{SMALL}; p = softmax(x); q = p[k]; h = s * y; r = h[1]; u = x[2] * y",
        "{jacobian: q, wrt: x}",
        "{jacobian: r, wrt: s}",
        "{jacobian: r, wrt: h}",
        "{jacobian: u, wrt: x}",
        "{gradients: 'x[j]', of: q, form: index}",
    ),
    "slices of slices": text(
        "x: R[6]; W: R[2, 6]; A: R[4, 3]; B: R[4, 3]; u = x[1:4]; v = u[0:2]; q = W[:, 1:4] @ u; "
        "y = concat(v, u, x[0:1]); L = norm2sq(y) + norm2sq(q) + sum(A[1:3, :] * B[0:2, :]) + tr(A.T @ B)",
        "{gradients: [x, W, A, B]}",
        "{jacobian: y, wrt: x}",
        "{jacobian: q, wrt: x}",
    ),
    "sums of blocks and diagonals": text(
        "x: R[n]; v: R[n]; W: R[n, n]; h = concat(x, x) * concat(v, x); g = x * v + tanh(x) - x / v + W @ x; "
        "f = x**2 * v + sin(x)",
        "{jacobian: h, wrt: x}",
        "{jacobian: g, wrt: x}",
        "{jacobian: f, wrt: x}",
    ),
    "answers of an instructor": text(
        "x: R[n]; W: R[m, n]; z = W @ x; h = tanh(z); L = norm2sq(h) / 2",
        "{gradients: 'z, W', of: L}",
        "{jacobian: h, wrt: z}",
    )
    + "    expect:\n      z: h * (1 - tanh(z)**2)\n      W: outer(bar(z), x)\n      W[i, j]: bar(z)[i] * x[j]\n"
    "      dh/dz: diag(1 - tanh(z)**2)\n",
    "an instructor's gradient of one name alone": text(
        "x: R[n]; W: R[m, n]; z = W @ x; L = norm2sq(z) / 2", "{gradients: W}"
    )
    + "    expect: {x: 'W.T @ z'}\n",
    "a graph without signals": text("X: R[n, m]; Y = X * 2; z = Y.T @ X", "graph", "{graph: true, backward: false}"),
    "entries of everything": text(
        "x: R[n]; y: R[n]; W: R[m, n]; M: R[n, n]; s: R; k: Label[n]; j: Label[m]; phi: Elementwise; "
        "L = norm1(x) * s + phi(W @ x) @ W[:, k] + W[j, :] @ x + x[k] * sum(s * x - 3) "
        "+ y @ (x * basis(k, n)) + tr(M) * sum(x) + norm1(W @ x) + x[2]",
        "{gradients: x, form: index}",
        "{gradients: 'x[1]', form: index}",
        "{gradients: W, form: index}",
        "{gradients: 'W[j, :]', form: index}",
    ),
    "δ in quotients, under sums and with signs": text(
        "x: R[n]; W: R[m, n]; p = exp(-x) / sum(exp(-x)); q = -x / norm2sq(x); h = -(W @ (x / norm(x))); r = p * q - x",
        "{jacobian: p, wrt: x, form: [index, cases, kronecker, matrix]}",
        "{jacobian: q, wrt: x, form: [index, cases, kronecker, matrix]}",
        "{jacobian: h, wrt: x, form: [index, matrix]}",
        "{jacobian: r, wrt: x, form: [index, matrix]}",
        "{hessian: s, wrt: x, form: [index, matrix]}".replace("s,", "L,"),
    ).replace("parts:", "  L = log(sum(exp(x))) - norm(x)\nparts:"),
    "cases of a difference": text(
        "x: R[n]; y = x - mean(x); q = softmax(-x); L = norm2sq(y) + q @ y",
        "{jacobian: y, wrt: x, form: [cases, kronecker, index]}",
        "{jacobian: q, wrt: x, form: [cases, index]}",
        "{gradients: x, form: [index, cases]}",
    ),
    "matrices with light factors": text(
        "x: R[n]; v: R[n]; u: R[n]; z: R[n]; y = (x - mean(x)) * norm(v); L = v @ (x - mean(x) - u * (u @ x))",
        "{jacobian: y, wrt: x}",
        "{gradients: x}",
        "{hessian: M, wrt: z}",
    ).replace("parts:", "  M = norm2sq(z - mean(z)) * (u @ z)\nparts:"),
    "functions of constants": text(
        "x: R; f = lambda k: 2 - k**3; g = lambda k: (1 - k)**2 / 3; y = f(x) * g(x)",
        "{derivative: f}",
        "{derivative: g}",
        "{derivative: elu}",
        "{derivative: gelu}",
        "{derivative: swish}",
    ),
    "arrays of one entry": text(
        "a: R[1]; B: R[1, 1]; w: R[1, n]; c: R[n, 1]; x: R[n]; q = B @ a; L = (q + w @ x) @ (B.T @ a) + sum(w @ c @ B)",
        "{gradients: [a, B, w, c, x]}",
        "{jacobian: q, wrt: a}",
    ),
    "a number beside a vector": text(
        "x: R[n]; s: R; q = concat(norm2sq(x), x); r = concat(s, x); u = concat(tanh(s), x)",
        "{jacobian: q, wrt: x}",
        "{jacobian: r, wrt: x}",
        "{jacobian: u, wrt: s}",
    ),
    "sums of samples in entries": text(
        "i: Index[n]; x[i]: R[d]; W: R[m, d]; s = sum(W @ x[i], i); L = norm2sq(s)",
        "{gradients: W, form: [index, matrix]}",
        "{jacobian: s, wrt: W}",
    ),
    "sums in entries": text(
        "x: R[n]; y: R[n]; s: R; r: R; A: R[n, m]; "
        "L = sum(step(x) * y) + sum(x / r) + norm1(diag(x * tanh(x)) @ A) + sum(sqrt(softmax(x)) * y)",
        "{gradients: x, form: index}",
        "{gradients: r, form: index}",
        "{gradients: A, form: index}",
    ),
    "cases of quotients": text(
        "x: R[n]; s: R; y = x / norm(x); q = -(x / s); r = x / (1 + norm2sq(x)); u = exp(x) / (1 + sum(exp(x)))",
        "{jacobian: y, wrt: x, form: [cases, index, matrix]}",
        "{jacobian: q, wrt: x, form: [cases, index, matrix]}",
        "{jacobian: r, wrt: x, form: [cases, index, matrix]}",
        "{jacobian: u, wrt: x, form: [cases, index, matrix]}",
    ),
    "factors that terms share": text(
        "x: R[n]; s: R; r: R; W: R[m, n]; A: R[m, p]; B: R[p, n]; C: R[q, p]; v: R[q]; u: R[m]; "
        "y = s * (W @ x) + r * (W @ x); h = A @ (B @ x) + u * (v @ (C @ (B @ x)))",
        "{jacobian: y, wrt: x}",
        "{jacobian: h, wrt: x}",
        "{jacobian: h, wrt: x, form: [entries, index]}",
    ),
    "a value without a slope": text("x: R[n]; h = step(x); y = h * x", "{jacobian: y, wrt: x}"),
    "a one-hot vector in entries": text(
        "z: R[n]; y: OneHot[n]; L = sum(y) * norm2sq(z) + (y @ z) * sum(z)", "{gradients: z, form: [index, matrix]}"
    ),
    "two values, one without a slope": text(
        "x: R[n]; v: R[n]; h = step(x); q = sign(x) * v; y = h * x + q; z = x * v + y", "{jacobian: z, wrt: x}"
    ),
    "a matrix between that has no matrix form": text(
        "x: R[n]; C: R[p, n]; D: R[n, q]; v: R[q]; A: R[m, p]; B: R[m, q]; E: R[p, q]; "
        "Z = C @ diag(x) @ D; u = Z @ v; y = ((A @ (Z * E)) * B) @ ones(q)",
        "{jacobian: u, wrt: x}",
        "{jacobian: y, wrt: x, form: index}",
    ),
    "a δ in a bracket": text(
        "z: R[n]; y: OneHot[n]; A: R[n, n]; "
        "L = sum(exp(outer(z, z))) + sum(tanh(A * outer(z, z))) - y @ log(softmax(z)) + sum(tanh(z - mean(z)))",
        "{gradients: z, form: index}",
    ),
    "sums over letters that a reader would choose": text(
        "X: R[n, m]; T = X @ X.T; S = T @ T", "{jacobian: S, wrt: X, form: index}"
    ),
    "a diagonal of a diagonal": text("x: R[n]; y = diagpart(diag(x)) * x", "{jacobian: y, wrt: x}"),
    "a last use without a δ": text(
        "x: R[n]; W: R[m, n]; z = W @ x; s = sum(W); L = norm2sq(z) + s**2", "{gradients: W, form: [cases, index]}"
    ),
    "a use without a δ": text(
        "x: R[n]; W: R[m, n]; z = W @ x; s = sum(W); L = norm2sq(z) + s**2 + norm2sq(W)",
        "{gradients: W, form: [cases, index]}",
        "{gradients: 'W[:, k]', form: index}",
    ),
    "a first use without a δ": text(
        "x: R[n]; s = sum(x); h = relu(x); L = sum(h) * s", "{gradients: x, form: [cases, index]}"
    ),
    "a δ taken away": text(
        "x: R[n]; y = softmax(x) - x; q = x / (1 + sum(exp(x))) - tanh(x)",
        "{jacobian: y, wrt: x, form: [cases, index, matrix]}",
        "{jacobian: q, wrt: x, form: [cases, index]}",
    ),
    "a sum of which nothing is left": text(
        "x: R[n]; A: R[n, n]; y = sum(exp(col(x) * A), axis=1)", "{jacobian: y, wrt: x, form: [cases, index]}"
    ),
    "averages of shifted vectors": text(
        "x: R[n]; y: R[n]; s: R; k: Label[n]; p = softmax(y); "
        "L = (x + s) @ p + (x + s) @ softmax(2 * y) + basis(k, n)[k] * x[k]",
        "{gradients: [x, y, s]}",
        "{rewrite: L}",
    ),
    "matrices of one entry": text(
        "B: R[1, 1]; C: R[1, 1]; X: R[1, n]; Y: R[n, 1]; D = B @ C; "
        "L = tr(D) + tr(X @ Y @ B) + sum(B * C) + norm2sq(D)",
        "{gradients: [B, C, X, Y]}",
    ),
}
