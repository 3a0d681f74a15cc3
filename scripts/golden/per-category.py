"""Golden values for CFT-BP where every category has features of its own (N x C x D), written from the definition alone.

s_c = w_c . z_c + b_c; everything else as in backpropagation.py. NumPy, float64.
Run:  /usr/bin/python3 scripts/golden/per-category.py > src/learn/tune/golden/per-category.json
Made with NumPy 1.24 and scikit-learn 1.2 (average_precision_score), Debian 12.
"""
import json
import numpy as np
from sklearn.metrics import average_precision_score

rng = np.random.default_rng(20240131)
N, C, D = 120, 3, 4
Z = (rng.normal(size=(N, C, D)) * np.array([1.0, 3.0, 0.3])[None, :, None]).astype(np.float32)
truth = rng.normal(size=(C, D)) / np.array([1.0, 3.0, 0.3])[:, None]
logit = np.einsum("ncd,cd->nc", Z, truth) + rng.normal(scale=1.2, size=(N, C)) - 0.3
full = (logit > 0).astype(int)
known = rng.random((N, C)) < 0.6
part = np.array(["fit"] * 60 + ["selection"] * 60)
labels = np.where(known, full, -1)
weight = (truth + rng.normal(scale=0.8, size=(C, D)) / np.array([1.0, 3.0, 0.3])[:, None]).astype(np.float32)
bias = rng.normal(scale=0.3, size=C).astype(np.float32)


def run(c):
    fit = (part == "fit") & known[:, c]
    sel = (part == "selection") & known[:, c]
    X, y = Z[fit, c].astype(float), full[fit, c]
    XS, yS = Z[sel, c].astype(float), full[sel, c]
    w = np.append(weight[c].astype(float), float(bias[c]))
    m = np.zeros(D + 1)
    v = np.zeros(D + 1)
    before = best = average_precision_score(yS, (XS @ w[:D] + w[D]).astype(np.float32))
    kept, at, step = None, 0, 0
    for step in range(1, 5001):
        r = 1 / (1 + np.exp(-(X @ w[:D] + w[D]))) - y
        g = np.append(r @ X, r.sum())
        m = 0.9 * m + 0.1 * g
        v = 0.999 * v + 0.001 * g * g
        w = w - 1e-4 * (m / (1 - 0.9**step)) / (np.sqrt(v / (1 - 0.999**step)) + 1e-8)
        score = average_precision_score(yS, (XS @ w[:D] + w[D]).astype(np.float32))
        if score > best:
            best, kept, at = score, w.copy(), step
        elif step - at >= 300:
            break
    return dict(before=before, after=best, steps=step, parameters=None if kept is None else kept.tolist())


print(json.dumps(dict(
    made="scripts/golden/per-category.py",
    rows=N, categories=C, columns=D, features=[float(x) for x in Z.ravel()], part=part.tolist(), labels=labels.tolist(),
    weight=[float(x) for x in weight.ravel()], bias=[float(x) for x in bias],
    expected=[run(c) for c in range(C)],
)))
