"""The paper's category-wise fine-tuning (CFT-BP and CFT-GA) on one category at a time, as careful users of PyTorch would write it.

    cft_loop.py FOLDER THREADS        then a line for each run:

    ap                answers "0 index": which way of computing average precision is the fastest here and used from now on (see `ways`)
    steps C S         S steps of CFT-BP from the base on category C, without stopping; timed from the first step on
    loop C            CFT-BP on category C to its own stop, all included
    fitness C         the fitness of the individuals in individuals.f32 (each the weights and the bias) on the fit cells of category C
    generations C G   G generations of CFT-GA on category C; timed from the first on

The folder holds features.f32 (rows x D), weights.f32 (categories x D) and bias.f32 of the base, and the known cells of the fit and the selection part,
category after category: fit-start.u32, fit-row.u32, fit-positive.u8, and the same with selection-.

Answers: "milliseconds value ...". steps: milliseconds, average precision of the base and after every step; parameters.f32 is left in the folder (weights, bias). loop:
milliseconds, average precision before and at its best, steps; parameters.f32 are the best. fitness: milliseconds, fitness of each. generations: milliseconds, average
precision on the selection cells before and at its best.

CFT-BP: the category's known rows gathered once; full-batch Adam (1e-4) on summed binary cross-entropy, whose gradient is written out; average precision of the selection
cells after every step; 5,000 steps at most, 300 without a strictly better value end it. CFT-GA: 50 individuals; fitness is average precision of the fit cells, by one product
of matrices for all; parents drawn in proportion to it; a gene comes from the first parent with probability .2; half of the children get U(-.001, .001) added to every
gene; the fittest survives, and is scored on the selection cells in every generation.
"""
import sys
import time

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
STEPS, PATIENCE, POPULATION, FIRST, MUTATED, SIZE = 5000, 300, 50, 0.2, 0.5, 0.001


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


class Genetic:
    def __init__(self, c):
        x, self.positive = rows_of("fit", c)
        self.x = x
        self.selection, self.selection_positive = rows_of("selection", c)
        start = torch.cat([weights[c], bias[c : c + 1]])
        self.population = start.repeat(POPULATION, 1)
        self.before = self.on_selection(start)
        self.first = self.fitness(self.population)

    def fitness(self, population):
        scores = torch.addmm(population[:, -1:], population[:, :-1], self.x.t()).numpy()
        return np.array([average_precision(own, self.positive) for own in scores])

    def on_selection(self, genes):
        return average_precision((self.selection @ genes[:-1] + genes[-1]).numpy(), self.selection_positive)

    def run(self, generations):
        population, best = self.population, self.before
        fitness = self.first
        D = population.shape[1]
        for _ in range(generations):
            parents = torch.multinomial(torch.from_numpy(fitness), 2 * (POPULATION - 1), replacement=True).view(2, -1)
            children = torch.where(torch.rand(POPULATION - 1, D) < FIRST, population[parents[0]], population[parents[1]])
            mutated = torch.rand(POPULATION - 1) < MUTATED
            children[mutated] += (2 * torch.rand(int(mutated.sum()), D) - 1) * SIZE
            population = torch.cat([population[int(fitness.argmax())].unsqueeze(0), children])
            fitness = self.fitness(population)
            best = max(best, self.on_selection(population[int(fitness.argmax())]))
        return best


def choose():
    """The fastest of the ways on the base's scores of the first category's selection cells; all must agree."""
    xs, positive = rows_of("selection", 0)
    scores = (xs @ weights[0] + bias[0]).numpy()
    times, values = [], []
    for way in ways:
        runs = []
        for _ in range(7):
            began = time.perf_counter()
            value = way(scores, positive)
            runs.append(time.perf_counter() - began)
        times.append(sorted(runs)[3])
        values.append(value)
    assert np.ptp(values) < 1e-9, values
    return int(np.argmin(times))


def keep(parameters):
    parameters.numpy().tofile(f"{folder}/parameters.f32")


timed = lambda job: (time.perf_counter(), job(), time.perf_counter())


def whole_walk(c):
    walk = Walk(c)
    return walk, *walk.run(STEPS, PATIENCE)


for line in sys.stdin:
    name, *numbers = line.split()
    c, count = (int(each) for each in (numbers + [0, 0])[:2])
    if name == "ap":
        index = choose()
        average_precision = ways[index]
        began, values, ended = 0, [index], 0
    elif name == "steps":
        walk = Walk(c)
        began, _, ended = timed(lambda: walk.run(count, count + 1))
        values = walk.values
        keep(walk.parameters())
    elif name == "loop":
        began, (walk, highest, best), ended = timed(lambda: whole_walk(c))
        values = [walk.values[0], highest, len(walk.values) - 1]
        keep(best)
    elif name == "fitness":
        genetic = Genetic(c)
        individuals = torch.from_numpy(read("individuals.f32", np.float32)).reshape(-1, weights.shape[1] + 1)
        began, values, ended = timed(lambda: genetic.fitness(individuals))
    elif name == "generations":
        genetic = Genetic(c)
        began, best, ended = timed(lambda: genetic.run(count))
        values = [genetic.before, best]
    else:
        sys.exit(f"unknown line: {line}")
    print(1000 * (ended - began), *values, flush=True)
