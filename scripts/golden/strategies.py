"""Golden values for the pseudo-label strategies: losses and answers in NumPy, written from the papers' definitions alone (docs/methods/strategies.md).

Run:  /usr/bin/python3 scripts/golden/strategies.py > src/learn/pretrain/golden.json
Probabilities and logarithms are taken the plain way, pairs and double sums are summed pair by pair: another road to the same numbers.
The first round begins at zero logits, every later one at `before`; every loss is taken at `after`. Arrays are category x image.
Made with NumPy 1.24, SciPy 1.10 (Debian 12).
"""
import json
import numpy as np
from scipy.optimize import brentq

rng = np.random.default_rng(33)
C, N = 4, 30
value = rng.choice([1, 0, -1], size=(C, N), p=[0.2, 0.2, 0.6])
trust = np.where(value >= 0, rng.choice([0.5, 0.75, 1.0], size=(C, N)), 1.0)
# Distinct multiples of 1/32: float32 holds them, and no choice hangs on a tie.
before = (rng.permutation(C * N).reshape(C, N) - C * N / 2 + 0.5) / 32
after = (rng.permutation(C * N).reshape(C, N) - C * N / 2 + 0.5) / 20
draws = rng.integers(0, 1024, size=(C, N)) / 1024
zero = np.zeros((C, N))
# Drawn from a source of its own, so that the numbers above stay as they were. float32 holds them; a tenth says nothing.
guides = np.random.default_rng(34)
guide = (guides.permutation(C * N).reshape(C, N) + 0.5) / 128
guide[guides.random((C, N)) < 0.1] = np.nan

known, unknown, pos, neg = value >= 0, value < 0, value == 1, value == 0
every = trust.sum(axis=1)
out = {}


def sig(s):
    return 1 / (1 + np.exp(-s))


def bce(s, y):
    return -(y * np.log(sig(s)) + (1 - y) * np.log(1 - sig(s)))


def asl(s, y, gp, gn, m):
    p = sig(s)
    pm = np.maximum(p - m, 0)
    return -(y * (1 - p) ** gp * np.log(p) + (1 - y) * pm**gn * np.log(1 - pm))


def entropy(s):
    p = sig(s)
    return -p * np.log(p) - (1 - p) * np.log(1 - p)


def mean(cells, weight, divisor):
    return np.where(weight > 0, weight * cells, 0).sum(axis=1) / divisor


NONE = 2


def put(name, rounds, options=None):
    """rounds: list of (loss per category, answer per cell)."""
    losses, answers = zip(*rounds)
    taken = [np.where(unknown, a, 3).astype(int).tolist() for a in answers]
    # Answers that do not change from round to round are told once.
    if all(t == taken[0] for t in taken):
        taken = taken[:1]
    out[name] = dict(options=options or {}, loss=[np.round(l, 12).tolist() for l in losses], answer=taken)


def full(x):
    return np.full((C, N), x)


y = np.where(pos, 1.0, 0.0)
tk = np.where(known, trust, 0)
put("assume-negative", [(mean(bce(after, y), trust, every), full(0))])
put("assume-negative-asl", [(mean(asl(after, y, 0, 4, 0.05), trust, every), full(0))])
put("asl", [(mean(asl(after, y, 1, 4, 0.05), trust, every), full(0))])
put("focal", [(mean(asl(after, y, 2, 2, 0), trust, every), full(0))])
put("ignore", [(mean(bce(after, y), tk, tk.sum(axis=1)), full(NONE))])
put("ignore-asl", [(mean(asl(after, y, 1, 4, 0.05), tk, tk.sum(axis=1)), full(NONE))])
put("ignore-focal", [(mean(asl(after, y, 2, 2, 0), tk, tk.sum(axis=1)), full(NONE))])

rho = known.sum(axis=0) / C
put("durand", [(mean(bce(after, y), tk * (-4.45 * rho + 5.45), N), full(NONE))])
w = tk * (1 / (1 + known.sum(axis=0)) + 1)
put("known-count", [(mean(bce(after, y), w, w.sum(axis=1)), full(NONE))])
put("wan", [(mean(bce(after, y), np.where(unknown, 1 / (C - 1), trust), every), full(0))])
put("label-smoothing", [(mean(0.9 * bce(after, y) + 0.1 * bce(after, 1 - y), trust, every), full(0))])
em = lambda a: np.where(unknown, -a * entropy(after), trust * bce(after, y))
put("em", [(em(0.1).sum(axis=1) / every, full(NONE))])
p = sig(after)
hill = np.where(pos, -((1 - sig(after - 1)) ** 2) * np.log(sig(after - 1)), (1.5 - p) * p**2)
put("hill", [(mean(hill, trust, every), full(0))])


def apl():
    rounds, soft = [], np.full((C, N), np.nan)
    for r in range(10):
        if r >= 5:
            for c in range(C):
                free = [i for i in range(N) if unknown[c, i] and np.isnan(soft[c, i])]
                step = int(0.9 * unknown[c].sum() / 5)
                for i in sorted(free, key=lambda i: before[c, i])[:step]:
                    soft[c, i] = sig(before[c, i])
        cell = np.where(np.isnan(soft), em(0.1), 0.9 * bce(after, np.nan_to_num(soft)))
        rounds.append((cell.sum(axis=1) / every, np.where(np.isnan(soft), NONE, 0)))
    return rounds


put("em-apl", apl())


def splc():
    rounds = []
    for r in range(5):
        turned = unknown & (r > 0) & (sig(before) > 0.6)
        f = lambda s: -((1 - sig(s)) ** 2) * np.log(sig(s))
        cell = np.where(pos, f(after - 1), np.where(turned, f(after), -(p**2) * np.log(1 - p)))
        rounds.append((mean(cell, trust, every), turned.astype(int)))
    return rounds


put("splc", splc())


def vlpl(threshold, beta, smoothing, alpha, left_out):
    doubt = lambda c, i: -alpha * entropy(after[c, i])
    first, second = np.zeros(C), np.zeros(C)
    taken = np.full((C, N), NONE)
    for i in range(N):
        free = [c for c in range(C) if unknown[c, i]]
        told = [c for c in free if guide[c, i] >= 0]
        yes = [c for c in told if guide[c, i] > threshold]
        out_of_it = sorted((c for c in told if c not in yes), key=lambda c: guide[c, i])[: int(left_out * len(told))]
        for c in range(C):
            if c not in free:
                own = trust[c, i] * bce(after[c, i], y[c, i])
                first[c] += own
                second[c] += own
                continue
            first[c] += doubt(c, i)
            if c in yes:
                taken[c, i] = 1
                second[c] += beta * ((1 - smoothing) * -np.log(p[c, i]) + smoothing * -np.log(1 - p[c, i]))
            elif c not in out_of_it:
                second[c] += doubt(c, i)
    return [(first / every, full(NONE)), (second / every, taken)]


options = dict(threshold=0.6, betaPositive=0.8, smoothing=0.15, alpha=0.3, leftOut=0.4)
put("vlpl", vlpl(*options.values()), options)


def ranked(cells):
    return sorted(cells, key=lambda ci: -before[ci])


def large_loss(mode, delta=0.02, rounds=4):
    result, flipped = [], set()
    candidates = [(c, i) for c in range(C) for i in range(N) if unknown[c, i]]
    for r in range(rounds):
        if mode == "cp":
            if r > 0:
                flipped |= set(ranked([x for x in candidates if x not in flipped])[: int(np.ceil(C * N * delta))])
        else:
            flipped = set(ranked(candidates)[: int(np.ceil(C * N * r * delta))])
        turned = np.zeros((C, N), bool)
        for x in flipped:
            turned[x] = True
        if mode == "r":
            result.append((mean(bce(after, y), np.where(turned, 0, trust), every), np.where(turned, NONE, 0)))
        else:
            result.append((mean(bce(after, np.where(turned, 1, y)), trust, every), turned.astype(int)))
    return result


for mode in ("r", "ct", "cp"):
    put("ll-" + mode, large_loss(mode), dict(delta=0.02, rounds=4))


def selective(gp, gn, gu, likely, prior):
    result = []
    for r in range(3):
        kept = np.zeros((C, N), bool)
        if r > 0:
            kept = unknown & (sig(before).mean(axis=1) <= prior)[:, None]
            order = ranked([(c, i) for c in range(C) for i in range(N) if unknown[c, i]])
            for x in order[: round(likely * N)]:
                kept[x] = False
        cell = np.where(pos, asl(after, 1, gp, 0, 0), np.where(neg, asl(after, 0, 0, gn, 0), asl(after, 0, 0, gu, 0)))
        weight = np.where(known, trust, kept * 1.0)
        result.append((mean(cell, weight, weight.sum(axis=1)), np.where(kept, 0, NONE)))
    return result


prior = float(np.sort(sig(before).mean(axis=1))[1:3].mean())
for name, g in (("p-asl", (0, 1, 2)), ("selective-bce", (0, 0, 0)), ("selective-focal", (1, 1, 1)), ("selective-asl", (0, 1, 1))):
    put(name, selective(*g, 0.4, prior), dict(likely=0.4, prior=prior, rounds=3))


def curriculum(rule):
    result = []
    for r in range(2):
        chosen = np.zeros((C, N), bool)
        if r > 0:
            if rule == "score":
                chosen = (before < -0.5) | (before > 0.5)
            elif rule == "positive-score":
                chosen = before > 0.5
            elif rule == "top-per-category":
                chosen = np.array([row > np.sort(row)[::-1][round(0.3 * N) - 1] for row in before])
            else:
                chosen = before > np.sort(before.ravel())[::-1][round(0.3 * C * N) - 1]
        chosen &= unknown
        label = np.where(chosen, before > 0, y)
        weight = np.where(known, trust, chosen * 1.0)
        result.append((mean(bce(after, label), weight, weight.sum(axis=1)), np.where(chosen, label, NONE)))
    return result


for rule in ("score", "positive-score", "top-per-category", "top"):
    put("curriculum-" + rule, curriculum(rule), dict(rounds=2, **(dict(share=0.3) if "top" in rule else {})))


def spa():
    zp, kp, bp, zn, kn, bn = 1, 1, 0, 5, 3, 1
    inverse_link = lambda z: 1 / (1 + (kp * zn * sig(-kp * (z - bp))) / (kn * zp * sig(kn * (z - bn))))
    cell = np.zeros((C, N))
    for c in range(C):
        for i in range(N):
            z = brentq(lambda z: inverse_link(z) - sig(after[c, i]), -20, 20, xtol=1e-14)
            cell[c, i] = -np.log(sig(kp * (z - bp))) / zp if value[c, i] == 1 else -np.log(sig(-kn * (z - bn))) / zn
    return mean(cell, tk, tk.sum(axis=1))


put("spa", [(spa(), full(NONE))])

k = 1.3
count_penalty = lambda q: (q.sum(axis=0).mean() - k) ** 2 / C
put("epr", [(mean(bce(after, y), tk, every) + count_penalty(p) / C, full(NONE))], dict(expectedPositives=k))


def role():
    logit = lambda x: np.log(x / (1 - x))
    theta = np.where(pos, logit(0.995), np.where(neg, logit(0.005), (2 * draws - 1) * logit(0.6)))
    m, v, result = zero, zero, []

    def side(own, other):
        return 0.5 * (mean(bce(own, y), tk, every) + mean(bce(own, sig(other)), trust, every)) + 0.5 * count_penalty(sig(own)) / C

    for r in range(3):
        if r > 0:
            g = np.zeros((C, N))
            for c in range(C):
                for i in range(N):
                    h = 1e-4
                    up, down = theta.copy(), theta.copy()
                    up[c, i] += h
                    down[c, i] -= h
                    g[c, i] = (side(up, before).sum() - side(down, before).sum()) / (2 * h)
            m = 0.9 * m + 0.1 * g
            v = 0.999 * v + 0.001 * g * g
            theta = theta - 0.3 * (m / (1 - 0.9**r)) / (np.sqrt(v / (1 - 0.999**r)) + 1e-8)
        result.append((side(after, theta), (theta > 0).astype(int)))
    return result


put("role", role(), dict(expectedPositives=k, rounds=3))


def ranking():
    loss = np.zeros(C)
    for i in range(N):
        for a in range(C):
            for b in range(C):
                if value[a, i] == 1 and value[b, i] != 1:
                    loss[a] += trust[a, i] * trust[b, i] * max(0, 1 - p[a, i] + p[b, i]) / N
    return loss


put("pairwise-ranking", [(ranking(), full(NONE))])


def aucm(c):
    hp, hn = p[c][pos[c]], p[c][neg[c]]
    tp, tn = trust[c][pos[c]], trust[c][neg[c]]
    avg = lambda h, t: (t * h).sum() / t.sum()
    a, b = avg(hp, tp), avg(hn, tn)
    # The largest value over alpha >= 0, by a fine search: the saddle is not assumed.
    alpha = np.linspace(0, 4, 400001)
    return avg((hp - a) ** 2, tp) + avg((hn - b) ** 2, tn) + (2 * alpha * (1 + avg(hn, tn) - avg(hp, tp)) - alpha**2).max()


def ap_loss(c):
    total = 0
    for i in np.flatnonzero(pos[c]):
        A = sum(trust[c, j] * max(0, 1 - p[c, i] + p[c, j]) ** 2 for j in np.flatnonzero(pos[c]))
        B = sum(trust[c, j] * max(0, 1 - p[c, i] + p[c, j]) ** 2 for j in np.flatnonzero(known[c]))
        total += trust[c, i] * A / B
    return 1 - total / trust[c][pos[c]].sum()


MARGIN, BETA = 0.3, 0.6


def pauc(c):
    total = 0
    t = trust[c][neg[c]]
    for i in np.flatnonzero(pos[c]):
        L = np.maximum(0, MARGIN - p[c, i] + p[c][neg[c]]) ** 2
        # Piecewise linear and convex in s: the least is at a corner. Nothing is sorted, no share is taken.
        total += trust[c, i] * min(s + (t * np.maximum(0, L - s)).sum() / (BETA * t.sum()) for s in L)
    return total / trust[c][pos[c]].sum()


start = mean(bce(after, y), tk, tk.sum(axis=1))
for name, loss, options in (("aucm", aucm, None), ("ap-loss", ap_loss, None), ("pauc", pauc, dict(margin=MARGIN, beta=BETA))):
    put(name, [(start, full(NONE)), (np.array([loss(c) for c in range(C)]), full(NONE))], options)

print(json.dumps(dict(
    made="by scripts/golden/strategies.py with NumPy " + np.__version__,
    categories=C, images=N, value=value.ravel().tolist(), trust=trust.ravel().tolist(), draws=draws.ravel().tolist(),
    guide=[None if np.isnan(g) else g for g in guide.ravel()],
    before=before.ravel().tolist(), after=after.ravel().tolist(), strategies=out)))
