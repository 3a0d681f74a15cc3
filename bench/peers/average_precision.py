"""Average precision of scores, ties grouped, with scikit-learn and with NumPy written for speed: by the order of the scores, and by sorted numbers without their order.

    average_precision.py FOLDER       then a line for each run: sklearn, numpy or search

The folder holds scores.f32 and positive.u8. Answers "milliseconds average-precision", the milliseconds being the median of five calls, one right after another.
"""
import sys
import time

import numpy as np
from sklearn.metrics import average_precision_score

folder = sys.argv[1]
scores = np.fromfile(f"{folder}/scores.f32", np.float32)
positive = np.fromfile(f"{folder}/positive.u8", np.uint8)


def with_numpy():
    order = np.argsort(-scores, kind="stable")
    s = scores[order]
    ends = np.append(np.flatnonzero(s[1:] != s[:-1]), len(s) - 1)
    found = np.cumsum(positive[order], dtype=np.int64)[ends]
    return np.sum(np.diff(found, prepend=0) * (found / (ends + 1))) / found[-1]


def with_search():
    p = np.sort(scores[positive == 1])
    everything = np.sort(scores)
    return np.mean((len(p) - np.searchsorted(p, p)) / (len(scores) - np.searchsorted(everything, p)))


jobs = {"sklearn": lambda: average_precision_score(positive, scores), "numpy": with_numpy, "search": with_search}
for line in sys.stdin:
    times = []
    for _ in range(5):
        began = time.perf_counter()
        value = jobs[line.strip()]()
        times.append(1000 * (time.perf_counter() - began))
    print(np.median(times), value, flush=True)
