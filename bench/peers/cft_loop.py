"""The paper's category-wise fine-tuning (CFT-BP and CFT-GA), as careful users of PyTorch would write it: one category at a time, and CFT-BP of all categories in lockstep.

    cft_loop.py FOLDER THREADS        then a line for each run:

    ap                answers "0 index index": which way of computing average precision is the fastest here and used from now on (see `ways`), and which of those of many categories (see `ways_together`)
    steps C S         S steps of CFT-BP from the base on category C, without stopping; timed from the first step on
    lockstep S C...   S steps of CFT-BP from the base on all categories, without stopping; timed from the first step on
    loop C            CFT-BP on category C to its own stop, all included
    fitness C         the fitness of the individuals in individuals.f32 (each the weights and the bias) on the fit cells of category C
    generations C G   G more generations of CFT-GA on category C: the first time from the base, then from where the last ones ended

The folder holds features.f32 (rows x D), weights.f32 (categories x D) and bias.f32 of the base, and the known cells of the fit and the selection part,
category after category: fit-start.u32, fit-row.u32, fit-positive.u8, and the same with selection-.

Answers: "milliseconds value ...". steps: milliseconds, average precision of the base and after every step; parameters.f32 is left in the folder (weights, bias). lockstep: the same of each of the categories C, one after another. loop:
milliseconds, average precision before and at its best, steps; parameters.f32 are the best. fitness: milliseconds, fitness of each. generations: milliseconds, average
precision on the selection cells before and at its best.

CFT-BP: the category's known rows gathered once; full-batch Adam (1e-4) on summed binary cross-entropy, whose gradient is written out; average precision of the selection
cells after every step; 5,000 steps at most, 300 without a strictly better value end it. In lockstep: all fit rows in one dense product with all categories, residuals of
unknown cells set to zero, and all selection rows in another; Adam on the matrix of all weights, which takes the steps of one Adam a category. CFT-GA: 50 individuals; fitness is average precision of the fit cells, by one product
of matrices for all; parents drawn in proportion to it; a gene comes from the first parent with probability .2; half of the children get U(-.001, .001) added to every
gene; the fittest survives as it is, and its fitness with it; the fittest of ten generations are scored on the selection cells together, none twice in a row.
"""
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import torch

folder, threads = sys.argv[1], int(sys.argv[2])
torch.set_num_threads(threads)
torch.set_grad_enabled(False)
read = lambda name, kind: np.fromfile(f"{folder}/{name}", dtype=kind)
bias = torch.from_numpy(read("bias.f32", np.float32))
weights = torch.from_numpy(read("weights.f32", np.float32)).reshape(len(bias), -1)
features = torch.from_numpy(read("features.f32", np.float32)).reshape(-1, weights.shape[1])
cells = {part: tuple(read(f"{part}-{name}", kind) for name, kind in (("start.u32", np.uint32), ("row.u32", np.uint32), ("positive.u8", np.uint8))) for part in ("fit", "selection")}
STEPS, PATIENCE, POPULATION, FIRST, MUTATED, SIZE, AHEAD = 5000, 300, 50, 0.2, 0.5, 0.001, 10


def with_argsort(scores, positive):
    order = np.argsort(-scores, kind="stable")
    s = scores[order]
    ends = np.append(np.flatnonzero(s[1:] != s[:-1]), len(s) - 1)
    found = np.cumsum(positive[order])[ends]
    return np.sum(np.diff(found, prepend=0) * (found / (ends + 1))) / found[-1]


def with_search(scores, positive):
    """Sorted numbers without their order: how many scores, and how many positives, are at least as high as each positive."""
    p = np.sort(scores[positive])
    everything = np.sort(scores)
    return np.mean((len(p) - np.searchsorted(p, p)) / (len(scores) - np.searchsorted(everything, p)))


def with_torch(scores, positive):
    s, order = torch.sort(torch.from_numpy(scores), descending=True)
    ends = torch.cat([torch.nonzero(s[1:] != s[:-1]).squeeze(1), torch.tensor([len(s) - 1])])
    found = torch.cumsum(torch.from_numpy(positive)[order], 0)[ends].double()
    return float((torch.diff(found, prepend=found.new_zeros(1)) * found / (ends + 1)).sum() / found[-1])


def with_sklearn(scores, positive):
    from sklearn.metrics import average_precision_score

    return average_precision_score(positive, scores)


ways = [with_search, with_argsort, with_torch, with_sklearn]
average_precision = with_search
pool = ThreadPoolExecutor(threads)


def one_by_one(scores, positives):
    """Of many categories: rows of scores and of labels."""
    return [average_precision(*each) for each in zip(scores, positives)]


def in_threads(scores, positives):
    """NumPy lets others run while it sorts."""
    return list(pool.map(average_precision, scores, positives))


def sorted_together(scores, positives):
    """PyTorch sorts rows on all threads."""
    everything = torch.sort(torch.from_numpy(scores), dim=1).values.numpy()
    values = []
    for own, ranked, positive in zip(scores, everything, positives):
        p = np.sort(own[positive])
        values.append(np.mean((len(p) - np.searchsorted(p, p)) / (len(own) - np.searchsorted(ranked, p))))
    return values


ways_together = [one_by_one, in_threads, sorted_together]
average_precisions = one_by_one



def rows_of(part, c):
    """Features and labels of the category's known cells; where it knows every image from one to another, a view of them."""
    start, row, positive = cells[part]
    own = slice(int(start[c]), int(start[c + 1]))
    rows = row[own].astype(np.int64)
    whole = rows[-1] - rows[0] + 1 == len(rows)
    return features[int(rows[0]) : int(rows[-1]) + 1] if whole else features[torch.from_numpy(rows)], positive[own].astype(bool)


class Walk:
    def __init__(self, c):
        self.x, known = rows_of("fit", c)
        self.y = torch.from_numpy(known.astype(np.float32))
        self.selection, self.positive = rows_of("selection", c)
        self.w, self.b = weights[c].clone().requires_grad_(), bias[c].clone().requires_grad_()
        self.adam = torch.optim.Adam([self.w, self.b], lr=1e-4)
        self.values = [self.on_selection()]

    def on_selection(self):
        return average_precision((self.selection @ self.w + self.b).numpy(), self.positive)

    def parameters(self):
        return torch.cat([self.w.detach(), self.b.detach().reshape(1)])

    def run(self, limit, patience):
        """The best value and its parameters."""
        xt = self.x.t()
        best, at = self.parameters(), 0
        for step in range(1, limit + 1):
            residual = torch.sigmoid(self.x @ self.w + self.b).sub_(self.y)
            self.w.grad, self.b.grad = xt @ residual, residual.sum()
            self.adam.step()
            self.values.append(self.on_selection())
            if self.values[step] > self.values[at]:
                best, at = self.parameters(), step
            elif step - at >= patience:
                break
        return self.values[at], best


class Lockstep:
    """The walks of all categories. Where each selection image is known of all categories, as here, all selection rows are scored for all of them."""

    def __init__(self):
        (start, row, positive), (own_start, own_row, own_positive) = cells["fit"], cells["selection"]
        C = len(bias)
        first, last = int(row.min()), int(row.max()) + 1
        self.x = features[first:last]
        self.y, self.known = torch.zeros(C, last - first), torch.zeros(C, last - first)
        for c in range(C):
            own = slice(int(start[c]), int(start[c + 1]))
            at = torch.from_numpy(row[own].astype(np.int64) - first)
            self.known[c, at] = 1
            self.y[c, at] = torch.from_numpy(positive[own].astype(np.float32))
        count = int(own_start[1] - own_start[0])
        assert (np.diff(own_start) == count).all() and (own_row.reshape(C, count) == np.arange(own_row[0], own_row[0] + count)).all(), "not all selection cells are known"
        self.selection, self.positive = features[int(own_row[0]) : int(own_row[0]) + count], own_positive.reshape(C, count).astype(bool)
        self.w, self.b = weights.clone().requires_grad_(), bias.clone().requires_grad_()
        self.adam = torch.optim.Adam([self.w, self.b], lr=1e-4)
        self.values = [self.on_selection()]

    def on_selection(self):
        return np.array(average_precisions(torch.addmm(self.b.unsqueeze(1), self.w, self.selection.t()).numpy(), self.positive))

    def run(self, steps):
        """The best values and their parameters."""
        best_w, best_b, highest = self.w.detach().clone(), self.b.detach().clone(), self.values[0].copy()
        for _ in range(steps):
            residual = torch.addmm(self.b.unsqueeze(1), self.w, self.x.t()).sigmoid_().sub_(self.y).mul_(self.known)
            self.w.grad, self.b.grad = residual @ self.x, residual.sum(1)
            self.adam.step()
            self.values.append(self.on_selection())
            better = self.values[-1] > highest
            chosen = torch.from_numpy(np.flatnonzero(better))
            best_w[chosen], best_b[chosen], highest[better] = self.w.detach()[chosen], self.b.detach()[chosen], self.values[-1][better]
        return highest, best_w, best_b

    def parameters(self, c):
        return torch.cat([self.w.detach()[c], self.b.detach()[c : c + 1]])


class Genetic:
    def __init__(self, c):
        self.x, self.positive = rows_of("fit", c)
        self.selection, self.selection_positive = rows_of("selection", c)
        start = torch.cat([weights[c], bias[c : c + 1]])
        self.population = start.repeat(POPULATION, 1)
        self.values = self.fitness(self.population)
        self.before = self.best = self.last = self.on_selection(start.unsqueeze(0))[0]

    def fitness(self, individuals):
        scores = torch.addmm(individuals[:, -1:], individuals[:, :-1], self.x.t()).numpy()
        return np.array(one_by_one(scores, [self.positive] * len(scores)))

    def on_selection(self, individuals):
        scores = torch.addmm(individuals[:, -1:], individuals[:, :-1], self.selection.t()).numpy()
        return one_by_one(scores, [self.selection_positive] * len(scores))

    def breed(self):
        """The next generation; its fittest, or none where that is the last one's, whose score is known."""
        D = self.population.shape[1]
        parents = torch.multinomial(torch.from_numpy(self.values), 2 * (POPULATION - 1), replacement=True).view(2, -1)
        children = torch.where(torch.rand(POPULATION - 1, D) < FIRST, self.population[parents[0]], self.population[parents[1]])
        mutated = torch.rand(POPULATION - 1) < MUTATED
        children[mutated] += (2 * torch.rand(int(mutated.sum()), D) - 1) * SIZE
        fittest = int(self.values.argmax())
        self.population = torch.cat([self.population[fittest].unsqueeze(0), children])
        self.values = np.concatenate([self.values[fittest : fittest + 1], self.fitness(children)])
        fittest = int(self.values.argmax())
        return None if fittest == 0 else self.population[fittest]

    def run(self, generations):
        for done in range(0, generations, AHEAD):
            fresh = [genes for genes in (self.breed() for _ in range(min(AHEAD, generations - done))) if genes is not None]
            if fresh:
                self.best = max(self.best, *self.on_selection(torch.stack(fresh)))
        return self.best


def fastest(candidates, *job):
    """The index of the one that takes the least time; all must agree."""
    times, values = [], []
    for way in candidates:
        runs = []
        for _ in range(7):
            began = time.perf_counter()
            value = way(*job)
            runs.append(time.perf_counter() - began)
        times.append(sorted(runs)[3])
        values.append(value)
    assert np.ptp(values, axis=0).max() < 1e-9, values
    return int(np.argmin(times))


def choose():
    """On the base's scores of the first categories' selection cells."""
    global average_precision, average_precisions
    scored = []
    for c in range(min(8, len(bias))):
        xs, positive = rows_of("selection", c)
        scored.append(((xs @ weights[c] + bias[c]).numpy(), positive))
    alone = fastest(ways, *scored[0])
    average_precision = ways[alone]
    if len({len(scores) for scores, _ in scored}) > 1:
        return alone, 0
    together = fastest(ways_together, *(np.stack(each) for each in zip(*scored)))
    average_precisions = ways_together[together]
    return alone, together


def keep(parameters):
    parameters.numpy().tofile(f"{folder}/parameters.f32")


timed = lambda job: (time.perf_counter(), job(), time.perf_counter())


def whole_walk(c):
    walk = Walk(c)
    return walk, *walk.run(STEPS, PATIENCE)


evolutions = {}
for line in sys.stdin:
    name, *numbers = line.split()
    numbers = [int(each) for each in numbers]
    c, count = (numbers + [0, 0])[:2]
    if name == "ap":
        began, values, ended = 0, choose(), 0
    elif name == "steps":
        walk = Walk(c)
        began, _, ended = timed(lambda: walk.run(count, count + 1))
        values = walk.values
        keep(walk.parameters())
    elif name == "lockstep":
        steps, *chosen = numbers
        walk = Lockstep()
        began, _, ended = timed(lambda: walk.run(steps))
        values = np.array(walk.values)[:, chosen].T.ravel()
        keep(torch.cat([walk.parameters(c) for c in chosen]))
    elif name == "loop":
        began, (walk, highest, best), ended = timed(lambda: whole_walk(c))
        values = [walk.values[0], highest, len(walk.values) - 1]
        keep(best)
    elif name == "fitness":
        genetic = Genetic(c)
        individuals = torch.from_numpy(read("individuals.f32", np.float32)).reshape(-1, weights.shape[1] + 1)
        began, values, ended = timed(lambda: genetic.fitness(individuals))
    elif name == "generations":
        genetic = evolutions.get(c) or evolutions.setdefault(c, Genetic(c))
        began, best, ended = timed(lambda: genetic.run(count))
        values = [genetic.before, best]
    else:
        sys.exit(f"unknown line: {line}")
    print(1000 * (ended - began), *values, flush=True)
