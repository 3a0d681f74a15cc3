"""Golden values for the convex solver: optima of ridge-penalised logistic regression with an unpenalised intercept.

Run:  /usr/bin/python3 scripts/golden/ridge.py > src/math/solvers/ridge-golden.json
scikit-learn's lbfgs, newton-cg and newton-cholesky at tol 1e-12; the best objective found is stored, with the spread between them. (LIBLINEAR
penalises its intercept, so it solves another problem.) Made with scikit-learn 1.2, NumPy 1.24, SciPy 1.10 (Debian 12).
"""
import json
import warnings
import numpy as np
from sklearn.linear_model import LogisticRegression

warnings.filterwarnings("ignore")
rng = np.random.default_rng(7)


def problem(n, d, lam, scale, positives):
    X = (rng.normal(size=(n, d)) * np.linspace(1, scale, d)).astype(np.float32)
    w = rng.normal(size=d) / np.linspace(1, scale, d)
    s = X @ w
    y = (s + rng.normal(size=n) > np.quantile(s, 1 - positives)).astype(int)

    def value(w, b):
        z = X.astype(float) @ w + b
        return float(np.mean(np.logaddexp(0, z) - y * z) + lam / 2 * w @ w)

    found = []
    for solver in ("lbfgs", "newton-cg", "newton-cholesky"):
        model = LogisticRegression(C=1 / (lam * n), solver=solver, tol=1e-12, max_iter=20000).fit(X.astype(float), y)
        found.append((value(model.coef_[0], model.intercept_[0]), solver))
    best, solver = min(found)
    return dict(rows=n, columns=d, lam=lam, features=[float(x) for x in X.ravel()], target=y.tolist(), optimum=best, solver=solver,
                spread=max(v for v, _ in found) - best)


print(json.dumps(dict(made="scripts/golden/ridge.py", problems=[
    problem(60, 4, 0.1, 1, 0.5), problem(80, 12, 0.001, 1, 0.2), problem(30, 40, 0.01, 1, 0.3), problem(100, 6, 0.03, 30, 0.1),
])))
