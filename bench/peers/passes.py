"""Loss and gradient of all categories' known cells, as users of NumPy and PyTorch would compute them.

    passes.py FOLDER THREADS     then a line for each run: numpy-dense, numpy-gather, torch-dense or torch-gather

Dense: all scores, unknown cells masked by a weight of 0. Gather: category by category, the known rows picked out, as the paper's released code trains.
Answers "milliseconds loss slope square": summed loss, summed intercept gradient, summed squares of the gradient.
"""
import sys
import time

import numpy as np

folder, threads = sys.argv[1], int(sys.argv[2])
read = lambda name, kind: np.fromfile(f"{folder}/{name}", dtype=kind)
start = read("head-start.u32", np.uint32)
row = read("row.u32", np.uint32).astype(np.int64)
target = read("target.f32", np.float32)
C = len(start) - 1
b = read("intercepts.f64", np.float64).astype(np.float32)
w = read("weights.f64", np.float64).astype(np.float32).reshape(C, -1)
D = w.shape[1]
x = read("features.f32", np.float32).reshape(-1, D)
known = np.zeros((x.shape[0], C), np.float32)
y = np.zeros((x.shape[0], C), np.float32)
for c in range(C):
    cells = slice(start[c], start[c + 1])
    known[row[cells], c] = 1
    y[row[cells], c] = target[cells]


def numpy_terms(s, y):
    e = np.exp(-np.abs(s))
    loss = np.maximum(s, 0) - y * s + np.log1p(e)
    p = np.where(s >= 0, 1 / (1 + e), e / (1 + e))
    return loss, p - y


def numpy_dense():
    loss, slope = numpy_terms(x @ w.T + b, y)
    slope *= known
    return (loss * known).sum(dtype=np.float64), slope.T @ x, slope.sum(0, dtype=np.float64)


def numpy_gather():
    total, gradient, slopes = 0.0, np.empty_like(w), np.empty(C)
    for c in range(C):
        cells = slice(start[c], start[c + 1])
        rows = x[row[cells]]
        loss, slope = numpy_terms(rows @ w[c] + b[c], target[cells])
        total += loss.sum(dtype=np.float64)
        gradient[c] = slope @ rows
        slopes[c] = slope.sum(dtype=np.float64)
    return total, gradient, slopes


def with_torch():
    import torch

    torch.set_num_threads(threads)
    X, Y, M, T, R = (torch.from_numpy(each) for each in (x, y, known, target, row))
    loss_of = torch.nn.functional.binary_cross_entropy_with_logits

    def dense():
        W, B = torch.from_numpy(w).requires_grad_(), torch.from_numpy(b).requires_grad_()
        loss = loss_of(X @ W.T + B, Y, weight=M, reduction="sum")
        loss.backward()
        return float(loss), W.grad.numpy(), B.grad.numpy()

    def gather():
        total, gradient, slopes = 0.0, np.empty_like(w), np.empty(C)
        for c in range(C):
            cells = slice(int(start[c]), int(start[c + 1]))
            v, i = torch.from_numpy(w[c]).requires_grad_(), torch.tensor(float(b[c]), requires_grad=True)
            loss = loss_of(X[R[cells]] @ v + i, T[cells], reduction="sum")
            loss.backward()
            total += float(loss)
            gradient[c] = v.grad.numpy()
            slopes[c] = float(i.grad)
        return total, gradient, slopes

    return dense, gather


jobs = {"numpy-dense": numpy_dense, "numpy-gather": numpy_gather}
for line in sys.stdin:
    name = line.strip()
    if name not in jobs:
        jobs["torch-dense"], jobs["torch-gather"] = with_torch()
    began = time.perf_counter()
    loss, gradient, slopes = jobs[name]()
    ms = 1000 * (time.perf_counter() - began)
    print(ms, loss, np.sum(slopes, dtype=np.float64), np.sum(gradient.astype(np.float64) ** 2), flush=True)
