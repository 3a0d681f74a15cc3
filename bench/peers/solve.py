"""One category's penalised logistic regression with scikit-learn's solvers, run to a tolerance that reaches the wanted objective.

    solve.py FOLDER LAMBDA TARGET       then a line for each run: a solver's name

Minimises mean log-loss + lambda/2 |w|^2 (intercept free), as scikit-learn's C = 1 / (lambda n). Each solver's tol is loosened as far as its objective stays
within TARGET, and of several scalings of liblinear's intercept the one that is then the fastest is taken; that search happens before the first answer and is not timed. A solver that cannot get there, or with no setting
has got there after 30 s of trying, answers -1 milliseconds.
Answers "milliseconds objective".
"""
import sys
import time
import warnings

import numpy as np
from sklearn.linear_model import LogisticRegression

folder, lam, target = sys.argv[1], float(sys.argv[2]), float(sys.argv[3])
warnings.filterwarnings("ignore")
y = np.fromfile(f"{folder}/target.f32", np.float32)
x = np.fromfile(f"{folder}/rows.f32", np.float32).reshape(len(y), -1)


# liblinear penalises the intercept: scaled far up, its penalty vanishes, but the problem becomes ill-conditioned, which costs steps.
settings = lambda solver: [{"intercept_scaling": scaling} for scaling in (1e0, 1e1, 1e2, 1e3)] if solver == "liblinear" else [{}]


def model(solver, tol, setting):
    return LogisticRegression(C=1 / (lam * len(y)), solver=solver, tol=tol, max_iter=10_000, **setting)


def objective(fitted):
    w, b = fitted.coef_[0].astype(np.float64), fitted.intercept_[0]
    s = x @ w + b
    return np.mean(np.logaddexp(0, s) - y * s) + lam / 2 * w @ w


def loosest(solver, setting):
    """(seconds, tol, setting) of the loosest power of ten that gets there; none in 30 s: nobody would wait for what is far from the target and slower than all others, and nor does this."""
    tried = time.perf_counter()
    for tol in 10.0 ** -np.arange(0, 9):
        began = time.perf_counter()
        fitted = model(solver, tol, setting).fit(x, y)
        seconds = time.perf_counter() - began
        if objective(fitted) <= target:
            return seconds, tol, setting
        if time.perf_counter() - tried > 30:
            return None


chosen = {}
for line in sys.stdin:
    solver = line.strip()
    if solver not in chosen:
        found = [each for setting in settings(solver) if (each := loosest(solver, setting))]
        chosen[solver] = min(found, key=lambda each: each[0]) if found else None
    if chosen[solver] is None:
        print(-1, 0, flush=True)
        continue
    _, tol, setting = chosen[solver]
    began = time.perf_counter()
    fitted = model(solver, tol, setting).fit(x, y)
    ms = 1000 * (time.perf_counter() - began)
    print(ms, objective(fitted), flush=True)
