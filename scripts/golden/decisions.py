"""Golden values for what `auto` decides: acceptance, calibration, and the two statistics that tell of a leak.

Run:  /usr/bin/python3 scripts/golden/decisions.py > src/learn/tune/golden/decisions.json
acceptance: METHOD 4.2.5 read as one joint normal distribution of (theta_1 .. theta_C, mu) with a flat prior on mu, whose precision matrix is
inverted; the program has closed forms instead. platt: SciPy's BFGS on the log-loss with Platt's targets.
leak: categories whose positives stand above or below all negatives, so that their AUROC is a share; errors by Hanley and McNeil's formula.
Made with NumPy 1.24, SciPy 1.10 (Debian 12).
"""
import json
import numpy as np
from scipy.optimize import minimize
from scipy.special import expit
from scipy.stats import norm


def pooled(g, s):
    w = 1 / s**2
    q = (w * (g - np.average(g, weights=w)) ** 2).sum()
    tau2 = (q - (len(g) - 1)) / (w.sum() - (w**2).sum() / w.sum()) if len(g) > 1 else 0
    return max(0.01, np.sqrt(max(0, tau2)))


def acceptance(gain, deviation):
    """None marks a category that nobody can score."""
    scored = [c for c, g in enumerate(gain) if g is not None]
    s = {c: deviation[c] + 0.001 for c in scored}
    tau = pooled(np.array([gain[c] for c in scored]), np.array([s[c] for c in scored]))
    C = len(gain)
    precision = np.zeros((C + 1, C + 1))
    right = np.zeros(C + 1)
    for c in range(C):
        link = np.zeros(C + 1)
        link[c], link[C] = 1, -1
        precision += np.outer(link, link) / tau**2
        if c in s:
            precision[c, c] += 1 / s[c] ** 2
            right[c] += gain[c] / s[c] ** 2
    covariance = np.linalg.inv(precision)
    mean = covariance @ right
    return dict(gain=gain, deviation=deviation, mean=mean[C], spread=tau,
                probability=[float(norm.cdf(mean[c] / np.sqrt(covariance[c, c]))) for c in range(C)])


def platt(logits, labels):
    s, y = np.array(logits), np.array(labels)
    target = np.where(y == 1, (y.sum() + 1) / (y.sum() + 2), 1 / ((1 - y).sum() + 2))

    def loss(p):
        z = p[0] * s + p[1]
        r = (expit(z) - target) / len(s)
        return (np.logaddexp(0, z) - target * z).mean(), np.array([r @ s, r.sum()])

    found = minimize(loss, [1, 0], jac=True, method="BFGS", options=dict(gtol=1e-12)).x
    return dict(logits=logits, labels=labels, slope=found[0], shift=found[1])


def hanley(a, p, n):
    return np.sqrt((a * (1 - a) + (p - 1) * (a / (2 - a) - a * a) + (n - 1) * (2 * a * a / (1 + a) - a * a)) / (p * n))


def difference(fit, selection, n):
    """fit, selection: how many of the n positives of each category stand above its n negatives, the others below."""
    a, b = np.array(fit) / n, np.array(selection) / n
    error = np.sqrt((hanley(a, n, n) ** 2 + hanley(b, n, n) ** 2).sum())
    return dict(each=n, fit=fit, selection=selection, difference=(a - b).mean(), z=(a - b).sum() / error)


def separation(above, n):
    """above: how many of the n known cells of each category stand above its n unknown ones, the others level with them."""
    a = 0.5 + np.array(above) / n / 2
    return dict(each=n, above=above, difference=(a - 0.5).mean(), z=(a - 0.5).sum() / np.sqrt(len(above) * hanley(0.5, n, n) ** 2))


print(json.dumps(dict(
    made="by scripts/golden/decisions.py with NumPy " + np.__version__,
    acceptance=[
        acceptance([0.05, 0.03, -0.04, 0.01, None], [0.02, 0.012, 0.03, 0.004, None]),
        acceptance([0.02, 0.018, 0.021, None], [0.03, 0.05, 0.0, None]),
        acceptance([-0.15, -0.04, 0.06, -0.02, 0.0, None, None], [0.05, 0.08, 0.02, 0.011, 0.06, None, None]),
        acceptance([-0.01, None], [0.019, None]),
    ],
    platt=platt([-2.5, -1.25, -0.5, 0.25, 0.75, 1.5, 3.0, -0.75], [0, 0, 1, 0, 1, 1, 1, 0]),
    partDifference=[difference([40], [35], 50), difference([41], [33], 50), difference([42, 45], [40, 39], 50)],
    separation=[separation([15], 50), separation([19], 50), separation([8, 14], 50)],
)))
