"""Forward passes of real homework, as model text: name → (model, names asked for, further lines of the file)."""

from __future__ import annotations

Case = tuple[str, str, str]

MODELS: dict[str, Case] = {
    "tied autoencoder": (
        """
        x: R[n]
        W: R[m, n]
        L = norm2sq(W.T @ W @ x - x) / 2
        """,
        "W, x",
        "",
    ),
    "residual block": (
        """
        x: R[d]
        t: R
        W1: R[d, d]
        W2: R[1, d]
        phi: Elementwise
        z1 = W1 @ x
        h = phi(z1)
        z2 = h + x
        y = W2 @ z2
        L = norm2sq(y - t) / 2
        """,
        "y, W2, z2, h, z1, W1, x, t",
        "notation: bar\n",
    ),
    "swish softmax net": (
        """
        x: R[d]
        y: OneHot[k]
        W1: R[m, d]
        b1: R[m]
        W2: R[k, m]
        b2: R[k]
        z1 = W1 @ x + b1
        h1 = swish(z1)
        z2 = W2 @ h1 + b2
        p = softmax(z2)
        L = cross_entropy(p, y)
        """,
        "z2, W2, b2, h1, z1, W1, b1, x",
        "",
    ),
    "softmax with any target": (
        """
        x: R[d]
        y: R[k]
        W: R[k, d]
        p = softmax(W @ x)
        L = -sum(y * log(p))
        """,
        "p, W, x",
        "",
    ),
    "relu net, samples in columns": (
        """
        X: R[d, n]
        T: R[k, n]
        W1: R[m, d]
        b1: R[m]
        W2: R[k, m]
        b2: R[k]
        H = relu(W1 @ X + b1)
        Y = W2 @ H + b2
        L = norm2sq(Y - T) / n
        """,
        "Y, W2, b2, H, W1, b1",
        "samples: columns\n",
    ),
    "relu net, samples in rows": (
        """
        X: R[n, d]
        T: R[n, k]
        W1: R[d, m]
        b1: R[m]
        W2: R[m, k]
        H = relu(X @ W1 + b1)
        L = mean((H @ W2 - T)**2)
        """,
        "W2, H, W1, b1, X",
        "samples: rows\n",
    ),
    "softmax regression, rows": (
        """
        X: R[n, d]
        Y: OneHot[n, k]
        W: R[d, k]
        b: R[k]
        Z = X @ W + b
        P = softmax(Z, axis=1)
        L = mean(cross_entropy(P, Y))
        """,
        "Z, W, b, X",
        "samples: rows\n",
    ),
    "softmax regression, columns": (
        """
        X: R[d, n]
        Y: OneHot[k, n]
        W: R[k, d]
        b: R[k]
        P = softmax(W @ X + b)
        L = sum(cross_entropy(P, Y)) / n
        """,
        "P, W, b, X",
        "samples: columns\n",
    ),
    "softmax regression by log_softmax": (
        """
        X: R[n, d]
        Y: R[n, k]
        W: R[d, k]
        L = -sum(Y * log_softmax(X @ W, axis=1)) / n
        """,
        "W, X",
        "samples: rows\n",
    ),
    "softmax regression, sample by sample": (
        """
        i: Index[n]
        x[i]: R[d]
        y[i]: OneHot[k]
        W: R[k, d]
        b: R[k]
        z[i] = W @ x[i] + b
        p[i] = softmax(z[i])
        L = mean(cross_entropy(p[i], y[i]), i)
        """,
        "z, W, b",
        "",
    ),
    "logistic regression, labels ±1": (
        """
        X: R[n, d]
        y: Signs[n]
        w: R[d]
        L = mean(log(1 + exp(-y * (X @ w))))
        """,
        "w, X",
        "",
    ),
    "logistic regression, labels 0/1": (
        """
        X: R[n, d]
        y: Binary[n]
        w: R[d]
        b: R
        p = sigmoid(X @ w + b)
        L = -sum(y * log(p) + (1 - y) * log(1 - p)) / n
        """,
        "p, w, b",
        "",
    ),
    "logistic regression by softplus": (
        """
        X: R[n, d]
        y: Binary[n]
        w: R[d]
        z = X @ w
        L = sum(softplus(z) - y * z)
        """,
        "z, w",
        "",
    ),
    "logistic regression, one sample": (
        """
        x: R[d]
        y: Binary
        w: R[d]
        b: R
        z = w @ x + b
        p = sigmoid(z)
        L = -(y * log(p) + (1 - y) * log(1 - p))
        """,
        "p, z, w, b, x",
        "",
    ),
    "recurrent net, three steps": (
        """
        x1: R[d]
        x2: R[d]
        x3: R[d]
        h0: R[m]
        W: R[m, m]
        U: R[m, d]
        b: R[m]
        v: R[m]
        t: R
        h1 = tanh(W @ h0 + U @ x1 + b)
        h2 = tanh(W @ h1 + U @ x2 + b)
        h3 = tanh(W @ h2 + U @ x3 + b)
        L = (v @ h3 - t)**2 / 2
        """,
        "h3, h2, h1, W, U, b, v, h0",
        "",
    ),
    "attention head": (
        """
        X: R[n, d]
        A: R[d, k]
        B: R[d, k]
        C: R[d, m]
        ell: Loss
        Q = X @ A
        K = X @ B
        V = X @ C
        P = softmax(Q @ K.T / k**0.5, axis=1)
        O = P @ V
        L = ell(O)
        """,
        "V, P, Q, K, A, B, C, X",
        "",
    ),
    "layer norm": (
        """
        x: R[d]
        gamma: R[d]
        beta: R[d]
        c: Positive
        ell: Loss
        mu = mean(x)
        s = sqrt(mean((x - mu)**2) + c)
        xhat = (x - mu) / s
        y = gamma * xhat + beta
        L = ell(y)
        """,
        "gamma, beta, xhat, s, mu, x, c",
        "",
    ),
    "batch norm": (
        """
        X: R[n, d]
        gamma: R[d]
        beta: R[d]
        c: Positive
        ell: Loss
        mu = mean(X, axis=0)
        U = X - row(mu)
        v = mean(U**2, axis=0)
        Z = U / row(sqrt(v + c))
        Y = row(gamma) * Z + row(beta)
        L = ell(Y)
        """,
        "gamma, beta, Z, v, U, mu, X",
        "samples: rows\n",
    ),
    "gated cell": (
        """
        x: R[d]
        g: R[m]
        A: R[m, d]
        B: R[m, m]
        C: R[m, d]
        ell: Loss
        z = sigmoid(A @ x + B @ g)
        a = tanh(C @ x + B @ (z * g))
        h = (1 - z) * g + z * a
        L = ell(h)
        """,
        "z, a, A, B, C, g, x",
        "",
    ),
    "bilinear form": (
        """
        x: R[m]
        A: R[m, n]
        y: R[n]
        s = x.T @ A @ y
        L = s**3 / 3 + s
        """,
        "s, x, A, y",
        "",
    ),
    "quadratic form": (
        """
        x: R[n]
        A: R[n, n]
        b: R[n]
        L = x.T @ A @ x / 2 - b.T @ x
        """,
        "x, A, b",
        "",
    ),
    "one matrix three times": (
        """
        A: R[n, n]
        x: R[n]
        t: R[n]
        L = norm2sq(A @ tanh(A @ tanh(A @ x)) - t) / 2
        """,
        "A, x",
        "",
    ),
    "Mahalanobis distance": (
        """
        x: R[d]
        y: R[d]
        W: R[k, d]
        L = (x - y).T @ W.T @ W @ (x - y)
        """,
        "W, x, y",
        "",
    ),
    "triplet loss": (
        """
        a: R[d]
        p: R[d]
        q: R[d]
        W: R[k, d]
        c: Positive
        L = relu(norm2sq(W @ a - W @ p) - norm2sq(W @ a - W @ q) + c)
        """,
        "W, a, p, q, c",
        "",
    ),
    "ridge regression": (
        """
        X: R[n, d]
        y: R[n]
        w: R[d]
        lam: Positive
        L = (X @ w - y).T @ (X @ w - y) + lam * w.T @ w
        """,
        "w, X, y, lam",
        "",
    ),
    "hinge loss": (
        """
        X: R[n, d]
        y: Signs[n]
        w: R[d]
        lam: Positive
        L = mean(maximum(0, 1 - y * (X @ w))) + lam * norm2sq(w)
        """,
        "w, X, lam",
        "",
    ),
    "Poisson regression": (
        """
        X: R[n, d]
        y: R[n]
        w: R[d]
        eta = X @ w
        mu = exp(eta)
        L = mean(mu - y * log(mu))
        """,
        "eta, mu, w",
        "",
    ),
    "negative sampling": (
        """
        v: R[d]
        u: R[d]
        U: R[k, d]
        L = -log(sigmoid(u @ v)) - sum(log(sigmoid(-U @ v)))
        """,
        "v, u, U",
        "",
    ),
    "matrix factorisation": (
        """
        R: R[m, n]
        M: Binary[m, n]
        U: R[m, k]
        V: R[n, k]
        lam: R
        L = norm2sq(M * (R - U @ V.T)) / 2 + lam / 2 * (norm2sq(U) + norm2sq(V))
        """,
        "U, V, lam, M",
        "",
    ),
    "Gaussian likelihood": (
        """
        x: R[d]
        mu: R[d]
        s: Positive[d]
        L = sum(log(s)) + sum((x - mu)**2 / (2 * s**2))
        """,
        "mu, s, x",
        "",
    ),
    "variational autoencoder": (
        """
        x: R[d]
        e: R[k]
        A: R[k, d]
        B: R[k, d]
        C: R[d, k]
        mu = A @ x
        s = B @ x
        z = mu + exp(s / 2) * e
        L = norm2sq(x - C @ z) / 2 - sum(1 + s - mu**2 - exp(s)) / 2
        """,
        "z, mu, s, A, B, C, x",
        "",
    ),
    "cosine similarity": (
        """
        u: R[d]
        v: R[d]
        L = u @ v / (norm(u) * norm(v))
        """,
        "u, v",
        "",
    ),
    "mixture": (
        """
        x: R[d]
        M: R[k, d]
        a: R[k]
        L = -logsumexp(log_softmax(a) - sum((row(x) - M)**2, axis=1) / 2)
        """,
        "a, M, x",
        "",
    ),
    "entropy": (
        """
        z: R[n]
        p = softmax(z)
        L = -sum(p * log(p))
        """,
        "p, z",
        "",
    ),
    "samples as many as entries": (
        """
        i: Index[n]
        x[i]: R[n]
        W: R[n, n]
        z[i] = tanh(W @ x[i])
        p[i] = softmax(z[i])
        L = sum(p[i] @ x[i], i)
        """,
        "W, z, p",
        "",
    ),
    "two sample indices": (
        """
        i: Index[n]
        s: Index[n]
        x[i]: R[n]
        y[s]: R[n]
        W: R[n, n]
        z[i, s] = x[i].T @ W @ y[s]
        L = sum(sum(tanh(z[i, s]), i), s)
        """,
        "W, z",
        "",
    ),
    "weights over samples": (
        """
        i: Index[n]
        x[i]: R[d]
        w: R[d]
        a[i] = exp(w @ x[i] / 4)
        t = sum(a[i], i)
        q[i] = a[i] / t
        L = sum(q[i] * log(q[i]), i)
        """,
        "w, a, t, q",
        "",
    ),
}
