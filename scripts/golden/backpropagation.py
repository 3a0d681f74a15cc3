"""Golden values for CFT-BP: an independent step-by-step run in NumPy (float64), written from the definition alone.

Run:  /usr/bin/python3 scripts/golden/backpropagation.py > src/learn/tune/golden/backpropagation.json
Made with NumPy 1.24 and scikit-learn 1.2 (average_precision_score), Debian 12.
"""
import json
import numpy as np
from sklearn.metrics import average_precision_score

rng = np.random.default_rng(20240130)
N, D, C = 240, 6, 3
Z = rng.normal(size=(N, D)).astype(np.float32)
truth = rng.normal(size=(C, D))
logit = Z @ truth.T + rng.normal(scale=1.5, size=(N, C)) - 0.5
full = (logit > 0).astype(int)
known = rng.random((N, C)) < 0.5
part = np.array(["fit"] * 120 + ["selection"] * 120)
labels = np.where(known, full, -1)
weight = (truth + rng.normal(scale=1.2, size=(C, D))).astype(np.float32)
bias = rng.normal(scale=0.3, size=C).astype(np.float32)


def residual(s, y, loss):
    p = 1 / (1 + np.exp(-s))
    if loss == "bce":
        return p - y
    # ASL with gamma- 4, gamma+ 0, margin .05 on logits, the focal factor constant in the gradient:
    # positive: -log p; negative: -(pm)^4 log(1 - pm), pm = max(p - .05, 0).
    pm = np.maximum(p - 0.05, 0)
    negative = pm**4 * np.where(p > 0.05, p * (1 - p) / (1 - pm), 0)
    return np.where(y == 1, p - 1, negative)


def run(c, loss):
    fit = (part == "fit") & known[:, c]
    sel = (part == "selection") & known[:, c]
    X, y = Z[fit].astype(float), full[fit, c]
    XS, yS = Z[sel].astype(float), full[sel, c]
    w = np.append(weight[c].astype(float), float(bias[c]))
    m = np.zeros(D + 1)
    v = np.zeros(D + 1)
    before = best = average_precision_score(yS, (XS @ w[:D] + w[D]).astype(np.float32))
    kept, at, step, curve = None, 0, 0, []
    for step in range(1, 5001):
        r = residual(X @ w[:D] + w[D], y, loss)
        g = np.append(r @ X, r.sum())
        m = 0.9 * m + 0.1 * g
        v = 0.999 * v + 0.001 * g * g
        w = w - 1e-4 * (m / (1 - 0.9**step)) / (np.sqrt(v / (1 - 0.999**step)) + 1e-8)
        score = average_precision_score(yS, (XS @ w[:D] + w[D]).astype(np.float32))
        if step <= 5:
            curve.append(w.tolist())
        if score > best:
            best, kept, at = score, w.copy(), step
        elif step - at >= 300:
            break
    return dict(before=before, after=best, steps=step, bestStep=at, parameters=None if kept is None else kept.tolist(), firstSteps=curve)


print(json.dumps(dict(
    made="scripts/golden/backpropagation.py",
    rows=N, columns=D, features=[float(x) for x in Z.ravel()], part=part.tolist(), labels=labels.tolist(),
    weight=[float(x) for x in weight.ravel()], bias=[float(x) for x in bias],
    expected={loss: [run(c, loss) for c in range(C)] for loss in ("bce", "asl")},
)))
