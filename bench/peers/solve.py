"""One category's penalised logistic regression with scikit-learn's solvers, run to a tolerance that reaches the wanted objective.

    solve.py FOLDER LAMBDA TARGET       then a line for each run: a solver's name

Minimises mean log-loss + lambda/2 |w|^2 (intercept free), as scikit-learn's C = 1 / (lambda n). Each solver's tol is loosened as far as its objective stays
within TARGET; that search happens before the first answer and is not timed. A solver that cannot get there, or has not got there after 30 s of trying, answers
-1 milliseconds.
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


def model(solver, tol):
    # liblinear penalises the intercept; scaled far up, its penalty vanishes.
    extra = {"intercept_scaling": 1e3} if solver == "liblinear" else {}
    return LogisticRegression(C=1 / (lam * len(y)), solver=solver, tol=tol, max_iter=10_000, **extra)


def objective(fitted):
    w, b = fitted.coef_[0].astype(np.float64), fitted.intercept_[0]
    s = x @ w + b
    return np.mean(np.logaddexp(0, s) - y * s) + lam / 2 * w @ w


tolerances = {}
for line in sys.stdin:
    solver = line.strip()
    if solver not in tolerances:
        began = time.perf_counter()
        for tol in 10.0 ** -np.arange(0, 9):
            reached = objective(model(solver, tol).fit(x, y))
            if reached <= target:
                tolerances[solver] = tol
                break
            if time.perf_counter() - began > 30:
                # Far from the target and slower than all others: nobody would wait for it, and nor does this.
                break
    if solver not in tolerances:
        print(-1, reached, flush=True)
        continue
    began = time.perf_counter()
    fitted = model(solver, tolerances[solver]).fit(x, y)
    ms = 1000 * (time.perf_counter() - began)
    print(ms, objective(fitted), flush=True)
