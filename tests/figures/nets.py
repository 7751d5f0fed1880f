"""Forward passes of well-known nets, larger than those of `forward_passes`: what a course on deep learning draws."""

NETS: dict[str, str] = {
    "recurrent net, three steps": """
        x1: R[d]
        x2: R[d]
        x3: R[d]
        h0: R[m]
        W: R[m, m]
        U: R[m, d]
        b: R[m]
        t: R[m]
        h1 = tanh(W @ h0 + U @ x1 + b)
        h2 = tanh(W @ h1 + U @ x2 + b)
        h3 = tanh(W @ h2 + U @ x3 + b)
        L = norm2sq(h3 - t) / 2
        """,
    "LSTM cell": """
        x: R[d]
        h0: R[m]
        c0: R[m]
        Wf: R[m, d + m]
        Wi: R[m, d + m]
        Wo: R[m, d + m]
        Wg: R[m, d + m]
        ell: Loss
        v = concat(x, h0)
        f = sigmoid(Wf @ v)
        i = sigmoid(Wi @ v)
        o = sigmoid(Wo @ v)
        g = tanh(Wg @ v)
        c = f * c0 + i * g
        h = o * tanh(c)
        L = ell(h)
        """,
    "three layers with batch norm": """
        X: R[n, d]
        Y: R[n, k]
        W1: R[d, m]
        W2: R[m, m]
        W3: R[m, k]
        g1: R[m]
        b1: R[m]
        g2: R[m]
        b2: R[m]
        Z1 = X @ W1
        mu1 = mean(Z1, axis=0)
        s1 = mean((Z1 - row(mu1))**2, axis=0)
        N1 = (Z1 - row(mu1)) / row(sqrt(s1 + 1/100))
        H1 = relu(row(g1) * N1 + row(b1))
        Z2 = H1 @ W2
        mu2 = mean(Z2, axis=0)
        s2 = mean((Z2 - row(mu2))**2, axis=0)
        N2 = (Z2 - row(mu2)) / row(sqrt(s2 + 1/100))
        H2 = relu(row(g2) * N2 + row(b2))
        Z3 = H2 @ W3
        L = norm2sq(Z3 - Y) / n
        """,
    "transformer block": """
        X: R[n, d]
        WQ: R[d, k]
        WK: R[d, k]
        WV: R[d, d]
        W1: R[d, m]
        W2: R[m, d]
        b1: R[m]
        b2: R[d]
        Q = X @ WQ
        K = X @ WK
        V = X @ WV
        A = softmax(Q @ K.T / k**0.5, axis=1)
        Y = X + A @ V
        F = relu(Y @ W1 + row(b1))
        Z = Y + F @ W2 + row(b2)
        L = norm2sq(Z) / 2
        """,
    "two residual blocks": """
        x: R[d]
        W1: R[d, d]
        W2: R[d, d]
        b1: R[d]
        b2: R[d]
        t: R[d]
        a1 = W1 @ x + b1
        h1 = relu(a1) + x
        a2 = W2 @ h1 + b2
        h2 = relu(a2) + h1
        L = norm2sq(h2 - t) / 2
        """,
    "siamese nets": """
        x1: R[d]
        x2: R[d]
        y: R
        W: R[m, d]
        b: R[m]
        h1 = tanh(W @ x1 + b)
        h2 = tanh(W @ x2 + b)
        D = norm2sq(h1 - h2)
        L = y * D + (1 - y) * relu(1 - D)
        """,
    "variational autoencoder": """
        x: R[d]
        eps: R[k]
        We: R[m, d]
        Wm: R[k, m]
        Ws: R[k, m]
        Wd: R[m, k]
        Wx: R[d, m]
        h = tanh(We @ x)
        mu = Wm @ h
        s = Ws @ h
        z = mu + exp(s / 2) * eps
        g = tanh(Wd @ z)
        xhat = Wx @ g
        R1 = norm2sq(x - xhat) / 2
        KL = sum(exp(s) + mu**2 - 1 - s) / 2
        L = R1 + KL
        """,
    "two heads": """
        x: R[d]
        y: OneHot[C]
        t: R
        W: R[m, d]
        b: R[m]
        V: R[C, m]
        u: R[m]
        lam: R
        h = relu(W @ x + b)
        z = V @ h
        p = softmax(z)
        r = u @ h - t
        L1 = cross_entropy(p, y)
        L2 = r**2 / 2
        L = L1 + lam * L2
        """,
    "dense net": """
        x: R[d]
        W1: R[d, d]
        W2: R[d, d]
        W3: R[d, d]
        h1 = relu(W1 @ x)
        h2 = relu(W2 @ (x + h1))
        h3 = relu(W3 @ (x + h1 + h2))
        L = norm2sq(h3 + h1 + x) / 2
        """,
    "twelve layers": (
        "x: R[n]\nt: R[n]\nh0 = x\n"
        + "".join(f"W{i}: R[n, n]\nb{i}: R[n]\nh{i} = relu(W{i} @ h{i - 1} + b{i})\n" for i in range(1, 13))
        + "L = norm2sq(h12 - t) / 2\n"
    ),
}
SIDEWAYS = (  # from left to right, in rows or in blocks where they are large
    "LSTM cell", "three layers with batch norm", "transformer block", "two residual blocks", "siamese nets",
    "two heads", "twelve layers",
)  # fmt: skip
