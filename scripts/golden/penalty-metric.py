"""Golden values for the metric of the penalty (METHOD 4.2.1), on more and on fewer fit images than features.

Run:  /usr/bin/python3 scripts/golden/penalty-metric.py > src/learn/tune/golden/penalty-metric.json
Axes have no sign, so x is told by the products of all images (x x^T), and the way back to raw features by the change of head that
u = x_fit^T alpha, v = .3 makes. The axes are those of NumPy's SVD of the standardised fit images; the program decomposes products of these.
Features: a nearly dead unit (scale floored), a dead one, a copy of another (no axis of its own), one close to another (an axis with
little variance, which must stay); with fewer images than features also an image close to another. Made with NumPy 1.24 (Debian 12).
"""
import json
import numpy as np

rng = np.random.default_rng(11)


def short(values):
    """Float32 numbers that three decimals tell exactly, so that the file stays small."""
    return np.round(values, 3).astype(np.float32).astype(float)


def case(rows, fit, columns, close_images=False):
    Z = rng.normal(size=(rows, columns)) * np.linspace(1, 3, columns) + 2
    Z[:, 1] = 0.05 * Z[:, 1] + 4
    Z[:, 2] = 7
    Z[:, 3] = Z[:, 0]
    Z[:, 4] = Z[:, 5] + 0.02 * rng.normal(size=rows)
    if close_images:
        Z[fit[1]] = Z[fit[0]] + 0.02 * rng.normal(size=columns) * (Z.std(axis=0) > 0)
        Z[:, 3] = Z[:, 0]
    Z = short(Z)
    F = Z[fit]
    mean, sd = F.mean(axis=0), F.std(axis=0)
    scale = np.where(sd > 1e-6, np.maximum(sd, 0.25 * np.median(sd[sd > 1e-6])), 1)
    S = (Z - mean) / scale
    _, singular, V = np.linalg.svd(S[fit], full_matrices=False)
    v = singular**2 / len(fit)
    kept = v > 1e-8 * v[0]
    v, V = v[kept], V[kept]
    a = (v / v[0]) ** 0.25
    a *= np.sqrt(v.sum() / (v * a**2).sum())
    T = V.T * a
    x = S @ T
    alpha = short(rng.normal(size=len(fit)))
    weight = (T @ (x[fit].T @ alpha)) / scale
    return dict(rows=rows, columns=columns, fit=fit, features=[round(z, 3) for z in Z.ravel()], alpha=alpha.round(3).tolist(),
                axes=len(v), ratios=(v / v[0]).tolist(), trace=v.sum(), products=(x @ x.T).ravel().tolist(), weight=weight.tolist(), bias=0.3 - weight @ mean)


print(json.dumps(dict(
    made="by scripts/golden/penalty-metric.py with NumPy " + np.__version__,
    cases=[case(14, [0, 1, 3, 4, 5, 7, 8, 9, 10, 12, 13], 7), case(9, [0, 2, 3, 5, 6, 8], 8, close_images=True)],
)))
