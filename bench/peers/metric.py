"""The pieces of the penalty's metric with NumPy: eigenvectors by LAPACK, X.T @ X and X @ V in float32 by its BLAS.

    metric.py FOLDER COLUMNS     then a line for each run: eigen, gram or transform

The folder holds features.f32, covariance.f64 and probe.f64 (COLUMNS). Answers "milliseconds values"; bench/benches/metric.ts says which.
"""
import sys
import time

import numpy as np

folder, D = sys.argv[1], int(sys.argv[2])
x = np.fromfile(f"{folder}/features.f32", np.float32).reshape(-1, D)
covariance = np.fromfile(f"{folder}/covariance.f64").reshape(D, D)
probe = np.fromfile(f"{folder}/probe.f64")
mapping = (covariance / np.trace(covariance)).astype(np.float32)


def of_eigen(answer):
    values, vectors = answer
    along = probe @ vectors
    return [values[-1], values.sum(), np.square(values).sum(), (np.sqrt(np.maximum(values, 0)) * along**2).sum()]


def of_gram(gram):
    gram = gram.astype(np.float64)
    return [np.trace(gram), np.square(gram).sum(), probe @ gram @ probe]


def of_transform(product):
    return [np.square((product @ probe.astype(np.float32)).astype(np.float64)).sum()]


jobs = {
    "eigen": (lambda: np.linalg.eigh(covariance), of_eigen),
    "gram": (lambda: x.T @ x, of_gram),
    "transform": (lambda: x @ mapping, of_transform),
}
for line in sys.stdin:
    job, values_of = jobs[line.strip()]
    began = time.perf_counter()
    answer = job()
    ms = 1000 * (time.perf_counter() - began)
    print(ms, *(float(value) for value in values_of(answer)), flush=True)
