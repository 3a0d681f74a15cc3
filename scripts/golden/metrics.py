"""Writes src/math/metrics/golden.json: what scikit-learn says, for the tests of src/math/metrics. Run: python3 scripts/golden/metrics.py"""
import json
import pathlib

import numpy
import scipy.stats
import sklearn
import sklearn.metrics

random = numpy.random.RandomState(526)
cases = []


def add(name, scores, labels, weights=None):
    scores, labels = numpy.asarray(scores, float), numpy.asarray(labels, int)
    weights = random.randint(0, 4, len(labels)) if weights is None else numpy.asarray(weights)
    both = len(set(labels[weights > 0])) == 2
    cases.append({
        "name": name, "scores": scores.tolist(), "labels": labels.tolist(), "weights": weights.tolist(),
        "ap": sklearn.metrics.average_precision_score(labels, scores),
        "auroc": sklearn.metrics.roc_auc_score(labels, scores),
        "weightedAp": sklearn.metrics.average_precision_score(labels, scores, sample_weight=weights) if both else None,
        "weightedAuroc": sklearn.metrics.roc_auc_score(labels, scores, sample_weight=weights) if both else None,
        "brier": float(numpy.mean((scipy.special.expit(scores) - labels) ** 2)),
    })


add("no ties", random.randn(60), random.rand(60) < 0.3)
add("many ties", random.randint(-2, 3, 80), random.rand(80) < 0.4)
add("one positive", random.randn(40), numpy.arange(40) == 7)
add("one negative", random.randn(40), numpy.arange(40) != 7)
add("all scores equal", numpy.ones(30), numpy.arange(30) % 3 == 0)
add("perfect", numpy.arange(20), numpy.arange(20) >= 12)
add("reversed", -numpy.arange(20.0), numpy.arange(20) >= 12)
add("huge logits", random.randn(50) * 1e6, random.rand(50) < 0.5)
add("tiny logits", random.randn(50) * 1e-12, random.rand(50) < 0.5)
add("two cells", [0.0, 1.0], [1, 0], [1, 2])

points = [-37.0, -12.0, -8.0, -5.0, -3.6, -3.5, -3.0, -1.96, -0.5, 0.0, 1e-9, 0.5, 1.0, 1.96, 3.0, 3.5, 3.6, 5.0, 9.0]
golden = {
    "made": "by scripts/golden/metrics.py with scikit-learn %s, numpy %s" % (sklearn.__version__, numpy.__version__),
    "cases": cases,
    "normal": [[x, float(scipy.stats.norm.cdf(x))] for x in points],
}
target = pathlib.Path(__file__).resolve().parents[2] / "src/math/metrics/golden.json"
target.write_text(json.dumps(golden) + "\n")
