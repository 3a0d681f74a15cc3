"""Golden values for the convex solver: optima of ridge-penalised logistic regression with an unpenalised intercept.

Run:  /usr/bin/python3 scripts/golden/ridge.py > src/math/solvers/ridge-golden.json
problems: scikit-learn's lbfgs, newton-cg and newton-cholesky at tol 1e-12, with sample weights; the best objective found is stored, with
the spread between them, and LIBLINEAR's: it penalises its intercept, which intercept_scaling = 1e4 makes as good as free.
ladder: the tuning problem, with weights and offsets (the base's logits), at every other strength kappa = 1 .. 1e-5 of METHOD 4.2.2.
scikit-learn has no offsets; these optima are SciPy's trust-exact on the exact Hessian, to gradients below 1e-8 (stored).
Made with scikit-learn 1.2, NumPy 1.24, SciPy 1.10 (Debian 12).
"""
import json
import warnings
import numpy as np
from scipy.optimize import minimize
from scipy.special import expit
from sklearn.linear_model import LogisticRegression

warnings.filterwarnings("ignore")
rng = np.random.default_rng(7)


def short(values):
    """Float32 numbers that three decimals tell exactly, so that the file stays small."""
    return np.round(values, 3).astype(np.float32)


def draw(n, d, scale, positives):
    X = short(rng.normal(size=(n, d)) * np.linspace(1, scale, d))
    w = rng.normal(size=d) / np.linspace(1, scale, d)
    s = X @ w
    y = (s + rng.normal(size=n) > np.quantile(s, 1 - positives)).astype(int)
    return X, y


def objective(X, y, t, o, lam):
    def value(w, b):
        z = X.astype(float) @ w + b + o
        return float(t @ (np.logaddexp(0, z) - y * z) / t.sum() + lam / 2 * w @ w)

    return value


def floats(values):
    return [round(float(x), 3) for x in np.ravel(values)]


def problem(n, d, lam, scale, positives, weighted=False):
    X, y = draw(n, d, scale, positives)
    t = short(rng.uniform(0.2, 1, size=n)) if weighted else np.ones(n, dtype=np.float32)
    t = t.astype(float)
    value = objective(X, y, t, 0, lam)

    def solved(solver, **options):
        model = LogisticRegression(C=1 / (lam * t.sum()), solver=solver, tol=1e-12, max_iter=20000, **options).fit(X.astype(float), y, sample_weight=t)
        return value(model.coef_[0], model.intercept_[0])

    found = [(solved(solver), solver) for solver in ("lbfgs", "newton-cg", "newton-cholesky")]
    best, solver = min(found)
    return dict(rows=n, columns=d, lam=lam, features=floats(X), target=y.tolist(), weight=floats(t), optimum=best, solver=solver,
                spread=max(v for v, _ in found) - best, liblinear=solved("liblinear", intercept_scaling=1e4))


def ladder(n, d, scale, positives):
    X, y = draw(n, d, scale, positives)
    X = short(X - X.mean(axis=0))
    t = short(rng.uniform(0.2, 1, size=n)).astype(float)
    o = short(X @ rng.normal(size=d) * 0.3 + rng.normal(size=n) - 2).astype(float)
    trace = float((X.astype(float) ** 2).mean(axis=0).sum())
    Z = np.hstack([X.astype(float), np.ones((n, 1))])
    optima = []
    for k in range(0, 11, 2):
        lam = 10 ** (-k / 2) * trace
        free = np.r_[np.ones(d), 0]

        def f(p):
            z = Z @ p + o
            return t @ (np.logaddexp(0, z) - y * z) / t.sum() + lam / 2 * (free * p) @ p

        def g(p):
            return Z.T @ (t * (expit(Z @ p + o) - y)) / t.sum() + lam * free * p

        def h(p):
            q = expit(Z @ p + o)
            return (Z * (t * q * (1 - q))[:, None]).T @ Z / t.sum() + lam * np.diag(free)

        found = minimize(f, np.zeros(d + 1), jac=g, hess=h, method="trust-exact", options=dict(gtol=1e-12, maxiter=2000))
        optima.append(dict(lam=lam, optimum=float(found.fun), gradient=float(np.abs(g(found.x)).max())))
    return dict(rows=n, columns=d, features=floats(X), target=y.tolist(), weight=floats(t), offset=floats(o), optima=optima)


problems = [
    problem(60, 4, 0.1, 1, 0.5), problem(80, 12, 0.001, 1, 0.2), problem(30, 40, 0.01, 1, 0.3), problem(100, 6, 0.03, 30, 0.1),
    problem(90, 8, 0.01, 3, 0.3, weighted=True), problem(90, 8, 1e-5, 3, 0.3, weighted=True), problem(40, 60, 1e-4, 1, 0.4, weighted=True),
]
print(json.dumps(dict(made="scripts/golden/ridge.py", problems=problems, ladders=[ladder(120, 10, 5, 0.25), ladder(40, 60, 2, 0.4)])))
