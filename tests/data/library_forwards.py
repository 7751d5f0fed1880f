"""Losses of library problems written by hand for an automatic differentiator, by the problem's folder and file.

Each takes the problem's declared names and repeats nothing of solgen: no rule, no exporter.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import autograd.numpy as np


def sigmoid(z: Any) -> Any:
    return 1 / (1 + np.exp(-z))


def relu(z: Any) -> Any:
    return np.maximum(z, 0.0)


def softplus(z: Any) -> Any:
    return np.log(1 + np.exp(z))


def softmax(z: Any, axis: int = -1) -> Any:
    e = np.exp(z - np.max(z, axis=axis, keepdims=True))
    return e / np.sum(e, axis=axis, keepdims=True)


def half(r: Any) -> Any:
    return 0.5 * np.sum(r**2)


def norm(v: Any) -> Any:
    return np.sqrt(np.sum(v**2))


def softmax_regression(X: Any, Y: Any, W: Any, b: Any) -> Any:
    return -np.sum(Y * np.log(softmax(X @ W + b))) / X.shape[0]


def multiclass_hinge(x: Any, k: int, W: Any) -> Any:
    s = W @ x
    return np.sum(relu(1 + s - s[k])) - 1


def rectified_net(x: Any, y: Any, W1: Any, b1: Any, W2: Any, b2: Any, W3: Any, b3: Any) -> Any:
    p = softmax(W3 @ relu(W2 @ relu(W1 @ x + b1) + b2) + b3)
    return -np.sum(y * np.log(p))


def sigmoid_net(x: Any, t: Any, W1: Any, W2: Any, w3: Any) -> Any:
    p = sigmoid(w3 @ sigmoid(W2 @ sigmoid(W1 @ x)))
    return -t * np.log(p) - (1 - t) * np.log(1 - p)


def tanh_batch(X: Any, T: Any, V: Any, b: Any, W: Any, c: Any) -> Any:
    return half(np.tanh(X @ V + b) @ W + c - T) / X.shape[0]


def swish_net(x: Any, t: Any, V: Any, W: Any) -> Any:
    z = V @ x
    return half(W @ (z * sigmoid(z)) - t)


def uncertain(x: Any, t: Any, V: Any, u: Any, w: Any) -> Any:
    a = softplus(V @ x)
    s = softplus(w @ a)
    return np.log(s) + (t - u @ a) ** 2 / (2 * s**2)


def factorisation(R: Any, M: Any, U: Any, V: Any, lam: Any) -> Any:
    return half(M * (U @ V.T - R)) + lam * (half(U) + half(V))


def skip_gram(c: Any, o: Any, E: Any, U: Any) -> Any:
    return -np.sum(o * np.log(softmax(U @ (E.T @ c))))


def negative_sampling(h: Any, u: Any, N: Any) -> Any:
    return softplus(-(u @ h)) + np.sum(softplus(N @ h))


def contrastive(x1: Any, x2: Any, y: Any, m: Any, W: Any) -> Any:
    gap = norm(np.tanh(W @ x1) - np.tanh(W @ x2))
    return 0.5 * (y * gap**2 + (1 - y) * relu(m - gap) ** 2)


def triplet(a: Any, p: Any, n: Any, m: Any, W: Any) -> Any:
    return relu(2 * half(W @ a - W @ p) - 2 * half(W @ a - W @ n) + m)


def contrastive_batch(A: Any, B: Any, tau: Any) -> Any:
    return -np.mean(np.log(np.diag(softmax(A @ B.T / tau))))


def recurrent(x1: Any, x2: Any, x3: Any, h0: Any, t: Any, W: Any, U: Any, V: Any) -> Any:
    h = h0
    for x in (x1, x2, x3):
        h = np.tanh(W @ h + U @ x)
    return half(V @ h - t)


def lstm(x: Any, h0: Any, c0: Any, t: Any, Wf: Any, Wi: Any, Wg: Any, Wo: Any) -> Any:
    v = np.concatenate([x, h0])
    c = sigmoid(Wf @ v) * c0 + sigmoid(Wi @ v) * np.tanh(Wg @ v)
    return half(sigmoid(Wo @ v) * np.tanh(c) - t)


def gru(x: Any, h0: Any, t: Any, Wu: Any, Uu: Any, Wr: Any, Ur: Any, Wg: Any, Ug: Any) -> Any:
    u, r = sigmoid(Wu @ x + Uu @ h0), sigmoid(Wr @ x + Ur @ h0)
    g = np.tanh(Wg @ x + Ug @ (r * h0))
    return half(u * h0 + (1 - u) * g - t)


def self_attention(X: Any, T: Any, Wq: Any, Wk: Any, Wv: Any) -> Any:
    scores = (X @ Wq) @ (X @ Wk).T / np.sqrt(Wq.shape[1])
    return half(softmax(scores) @ (X @ Wv) - T)


def convolution(x: Any, w: Any, b: Any, t: Any) -> Any:
    z = np.array([w @ x[i : i + len(w)] for i in range(len(x) - len(w) + 1)]) + b
    return 0.5 * (np.mean(relu(z)) - t) ** 2


def layer_norm(x: Any, t: Any, gamma: Any, beta: Any, epsilon: Any) -> Any:
    return half(gamma * (x - np.mean(x)) / np.sqrt(np.var(x) + epsilon) + beta - t)


def batch_norm(X: Any, T: Any, gamma: Any, beta: Any, epsilon: Any) -> Any:
    return half(gamma * (X - np.mean(X, axis=0)) / np.sqrt(np.var(X, axis=0) + epsilon) + beta - T)


def gaussian(x: Any, mu: Any, Sigma: Any) -> Any:
    return 0.5 * np.linalg.slogdet(Sigma)[1] + 0.5 * (x - mu) @ np.linalg.solve(Sigma, x - mu)


def mixture(x: Any, M: Any, a: Any) -> Any:
    return np.log(np.sum(np.exp(a))) - np.log(np.sum(np.exp(a - 0.5 * np.sum((M - x) ** 2, axis=1))))


def variational(x: Any, xi: Any, A: Any, B: Any, D: Any) -> Any:
    mu, rho = A @ x, B @ x
    return half(D @ (mu + np.exp(rho / 2) * xi) - x) + 0.5 * np.sum(np.exp(rho) + mu**2 - 1 - rho)


def policy(x: Any, k: int, r: Any, W: Any) -> Any:
    return -r * np.log(softmax(W @ x)[k])


def linear_solve(A: Any, b: Any, t: Any) -> Any:
    return half(np.linalg.solve(A, b) - t)


def page_rank(M: Any, v: Any, c: Any, d: Any) -> Any:
    return (1 - d) * c @ np.linalg.solve(np.eye(len(v)) - d * M, v)


def planar_flow(z: Any, u: Any, w: Any, b: Any) -> Any:
    h = np.tanh(w @ z + b)
    return half(z + u * h) - np.log(np.abs(1 + (1 - h**2) * (u @ w)))


FORWARDS: dict[str, Callable[..., Any]] = {
    "linear-models/01-linear-regression": lambda X, y, w, b: half(X @ w + b - y) / len(y),
    "linear-models/02-ridge-regression": lambda X, y, w, lam: half(X @ w - y) + lam * half(w),
    "linear-models/03-logistic-regression": lambda X, y, w: np.sum(softplus(X @ w) - y * (X @ w)),
    "linear-models/04-softmax-regression": softmax_regression,
    "linear-models/05-poisson-regression": lambda X, y, w: np.mean(np.exp(X @ w) - y * (X @ w)),
    "linear-models/06-support-vector-machine": lambda X, y, w, b, lam: (
        np.mean(relu(1 - y * (X @ w + b))) + lam * half(w)
    ),
    "linear-models/07-multiclass-hinge": multiclass_hinge,
    "deep-nets/01-relu": rectified_net,
    "deep-nets/04-sigmoid": sigmoid_net,
    "deep-nets/05-tanh": tanh_batch,
    "deep-nets/06-swish": swish_net,
    "deep-nets/08-softplus": uncertain,
    "embeddings/01-matrix-factorisation": factorisation,
    "embeddings/02-skip-gram-softmax": skip_gram,
    "embeddings/03-negative-sampling": negative_sampling,
    "embeddings/05-contrastive": contrastive,
    "embeddings/06-triplet": triplet,
    "embeddings/07-cosine-similarity": lambda a, b: a @ b / (norm(a) * norm(b)),
    "embeddings/08-contrastive-batch": contrastive_batch,
    "sequences/01-recurrent-net": recurrent,
    "sequences/02-lstm-cell": lstm,
    "sequences/03-gru-cell": gru,
    "sequences/05-self-attention": self_attention,
    "sequences/07-convolution": convolution,
    "normalisation/01-layer-norm": layer_norm,
    "normalisation/02-batch-norm": batch_norm,
    "likelihoods/01-gaussian": gaussian,
    "likelihoods/03-gaussian-mixture": mixture,
    "likelihoods/05-variational-autoencoder": variational,
    "likelihoods/06-policy-gradient": policy,
    "matrix-calculus/05-linear-solve": linear_solve,
    "matrix-calculus/06-page-rank": page_rank,
    "matrix-calculus/09-planar-flow": planar_flow,
}
