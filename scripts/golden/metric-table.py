"""Writes src/math/metrics/table-golden.json: what scikit-learn says of every metric it shares with the table of src/math/metrics/table.ts.

Run: /usr/bin/python3 scripts/golden/metric-table.py      Made with scikit-learn 1.2, NumPy 1.24, SciPy 1.10 (Debian 12).

problems: one binary problem each, judged by scikit-learn's function of the same name; what scikit-learn lacks (calibration errors, hinge
variants, fixed points) is worked out here from its curves, or with numpy.digitize, apart from our code.
matrices: images x categories, null = unknown. Fully labelled ones are averaged by scikit-learn itself; partly labelled ones cell by cell
known, undefined categories left out. null = undefined.
"""
import json
import pathlib

import numpy as np
import sklearn
import sklearn.metrics as sk
from scipy.special import expit

random = np.random.RandomState(526)


def at_least(curve_wanted, curve_bound, thresholds, bound, lexicographic):
    points = [(w, b if lexicographic else 0, t) for w, b, t in zip(curve_wanted, curve_bound, thresholds) if b >= bound]
    return max(points) if points else (0.0, None, None)


def fixed_points(labels, scores, bound):
    precision, recall, thresholds = sk.precision_recall_curve(labels, scores)
    precision, recall = precision[:-1], recall[:-1]
    _, tpr, roc_thresholds = sk.roc_curve(labels, scores, drop_intermediate=False)
    specificity = [np.mean(scores[labels == 0] < t) for t in roc_thresholds[1:]]
    found = {
        "precision_at_recall_score": at_least(precision, recall, thresholds, bound, True),
        "recall_at_precision_score": at_least(recall, precision, thresholds, bound, True),
        "sensitivity_at_specificity_score": at_least(tpr[1:], specificity, roc_thresholds[1:], bound, False),
        "specificity_at_sensitivity_score": at_least(specificity, tpr[1:], roc_thresholds[1:], bound, False),
    }
    return {name: [float(value), None if threshold is None else float(threshold)] for name, (value, _, threshold) in found.items()}


def gaps(labels, probabilities, bins):
    where = np.clip(np.digitize(probabilities, np.linspace(0, 1, bins + 1), right=True) - 1, 0, bins - 1)
    filled = np.unique(where)
    share = np.array([np.mean(where == b) for b in filled])
    gap = np.array([abs(probabilities[where == b].mean() - labels[where == b].mean()) for b in filled])
    return {
        "expected_calibration_error": share @ gap, "root_mean_square_calibration_error": np.sqrt(share @ gap ** 2),
        "maximum_calibration_error": gap.max(), "average_calibration_error": gap.mean(),
    }


ANY = ["accuracy_score", "hamming_loss", "brier_score_loss", "log_loss", "hinge_loss", "squared_hinge_loss", "probability_hinge_loss",
       "squared_probability_hinge_loss", "expected_calibration_error", "root_mean_square_calibration_error", "maximum_calibration_error",
       "average_calibration_error"]
POSITIVE = ["recall_score", "jaccard_score"]
NEGATIVE = ["specificity_score"]
BOTH = ["average_precision_score", "roc_auc_score", "balanced_accuracy_score", "precision_score", "f1_score", "fbeta_score", "dice_score",
        "cohen_kappa_score", "matthews_correlation_score", "precision_at_recall_score", "recall_at_precision_score",
        "sensitivity_at_specificity_score", "specificity_at_sensitivity_score"]


def log_loss(labels, scores, probabilities, kind):
    """From logits without 1 - p, which has few digits left near 0; scikit-learn, which has only p, must agree as far as it can."""
    loss = sk.log_loss(labels, probabilities, labels=[0, 1])
    if kind == "probabilities":
        return loss
    exact = np.mean(np.logaddexp(0, np.where(labels == 1, -scores, scores)))
    assert np.isclose(loss, exact, rtol=1e-6)
    return exact


def judge(labels, scores, kind, threshold=0.5, beta=2.0, bins=15, bound=0.9):
    """Every metric of one problem; None where a class it needs is not there."""
    labels = labels.astype(int)
    values = dict.fromkeys(ANY + POSITIVE + NEGATIVE + BOTH)
    if len(labels) == 0:
        return values
    probabilities = expit(scores) if kind == "logits" else scores
    logits = scores if kind == "logits" else np.log(scores / (1 - scores))
    answers = (scores > (np.log(threshold / (1 - threshold)) if kind == "logits" else threshold)).astype(int)
    sign = 2 * labels - 1
    values.update(gaps(labels, probabilities, bins))
    values.update({
        "accuracy_score": sk.accuracy_score(labels, answers), "hamming_loss": sk.hamming_loss(labels, answers),
        "brier_score_loss": sk.brier_score_loss(labels, probabilities, pos_label=1),
        "log_loss": log_loss(labels, scores, probabilities, kind),
        "hinge_loss": np.mean(np.maximum(0, 1 - sign * logits)), "squared_hinge_loss": np.mean(np.maximum(0, 1 - sign * logits) ** 2),
        "probability_hinge_loss": np.mean(np.maximum(0, 1 - sign * probabilities)),
        "squared_probability_hinge_loss": np.mean(np.maximum(0, 1 - sign * probabilities) ** 2),
    })
    if 0 < labels.sum() < len(labels):
        assert np.isclose(values["hinge_loss"], sk.hinge_loss(labels, logits), rtol=1e-14)
    if labels.sum() > 0:
        values.update({"recall_score": sk.recall_score(labels, answers), "jaccard_score": sk.jaccard_score(labels, answers)})
    if labels.sum() < len(labels):
        values["specificity_score"] = sk.recall_score(labels, answers, pos_label=0)
    if 0 < labels.sum() < len(labels):
        values.update({
            "average_precision_score": sk.average_precision_score(labels, scores), "roc_auc_score": sk.roc_auc_score(labels, scores),
            "balanced_accuracy_score": sk.balanced_accuracy_score(labels, answers),
            "precision_score": sk.precision_score(labels, answers, zero_division=0), "f1_score": sk.f1_score(labels, answers),
            "fbeta_score": sk.fbeta_score(labels, answers, beta=beta), "dice_score": sk.f1_score(labels, answers),
            "cohen_kappa_score": sk.cohen_kappa_score(labels, answers), "matthews_correlation_score": sk.matthews_corrcoef(labels, answers),
        })
        values.update({name: value for name, (value, _) in fixed_points(labels, scores, bound).items()})
    return {name: None if value is None else float(value) for name, value in values.items()}


def problem(name, scores, labels, kind="logits", **options):
    scores, labels = np.asarray(scores, float), np.asarray(labels, int)
    return {
        "name": name, "from": kind, "scores": scores.tolist(), "labels": labels.tolist(), "options": options,
        "values": judge(labels, scores, kind, **{{"atLeast": "bound"}.get(key, key): value for key, value in options.items()}),
        "points": fixed_points(labels, scores, options.get("atLeast", 0.9)) if 0 < labels.sum() < len(labels) else None,
        "confusion": sk.confusion_matrix(labels, scores > (np.log(options.get("threshold", 0.5) / (1 - options.get("threshold", 0.5))) if kind == "logits" else options.get("threshold", 0.5)), labels=[0, 1]).tolist(),
    }


def curves(name, scores, labels):
    scores, labels = np.asarray(scores, float), np.asarray(labels, int)
    precision, recall, thresholds = sk.precision_recall_curve(labels, scores)
    fpr, tpr, roc_thresholds = sk.roc_curve(labels, scores, drop_intermediate=False)
    return {"name": name, "scores": scores.tolist(), "labels": labels.tolist(), "precision": precision.tolist(), "recall": recall.tolist(),
            "thresholds": thresholds.tolist(), "falsePositiveRate": fpr.tolist(), "truePositiveRate": tpr.tolist(), "rocThresholds": roc_thresholds[1:].tolist()}


def mean(values, weights=None):
    there = [i for i, value in enumerate(values) if value is not None]
    weights = [1 if weights is None else weights[i] for i in there]
    return None if sum(weights) == 0 else float(sum(w * values[i] for w, i in zip(weights, there)) / sum(weights))


def image_values(scores, labels, known, answers, one_sided):
    """Per image with a known cell, scikit-learn's multi-label functions on its known cells alone."""
    values = {"exact_match_score": [], "ranking_loss": [], "ranking_average_precision_score": [], "coverage_error": []}
    for s, y, k, a in zip(scores, labels, known, answers):
        if not k.any():
            continue
        y, s, a = y[k][None].astype(int), s[k][None], a[k][None]
        values["exact_match_score"].append(float((y == a).all()))
        both, some = 0 < y.sum() < y.size, y.sum() > 0
        # scikit-learn wants two columns to know a multi-label row; a row of one cell has one class only.
        values["ranking_loss"].append(sk.label_ranking_loss(y, s) if both else 0.0 if one_sided else None)
        values["ranking_average_precision_score"].append(sk.label_ranking_average_precision_score(y, s) if both else 1.0 if one_sided else None)
        values["coverage_error"].append((sk.coverage_error(y, s) if y.size > 1 else 1.0) if some else 0.0 if one_sided else None)
    return {name: mean(list(map(lambda v: None if v is None else float(v), column))) for name, column in values.items()}


def matrix(name, scores, labels, kind="logits"):
    scores, labels = np.asarray(scores, float), np.asarray(labels, float)
    known = ~np.isnan(labels)
    answers = (scores > (0 if kind == "logits" else 0.5)).astype(int)
    columns = [judge(labels[known[:, c], c], scores[known[:, c], c], kind) for c in range(labels.shape[1])]
    rows = [judge(labels[i, known[i]], scores[i, known[i]], kind) for i in range(len(labels)) if known[i].any()]
    weights = np.nansum(labels, axis=0)
    everything = judge(labels[known], scores[known], kind)
    values = {}
    for metric in everything:
        per_category = [column[metric] for column in columns]
        values[metric] = {"none": per_category, "macro": mean(per_category), "weighted": mean(per_category, weights),
                          "micro": everything[metric], "samples": mean([row[metric] for row in rows])}
    out = {"name": name, "from": kind, "scores": scores.tolist(), "labels": [[None if np.isnan(y) else int(y) for y in row] for row in labels],
           "values": values, "images": image_values(scores, labels, known, answers, False), "imagesOneSided": image_values(scores, labels, known, answers, True)}
    if known.all():
        # scikit-learn's own averaging must say the same, and its word is what is stored.
        y = labels.astype(int)
        for average in ["macro", "micro", "weighted", "samples"]:
            for metric, function in [("precision_score", sk.precision_score), ("recall_score", sk.recall_score), ("f1_score", sk.f1_score), ("jaccard_score", sk.jaccard_score)]:
                keep(out, metric, average, function(y, answers, average=average, zero_division=0))
            keep(out, "fbeta_score", average, sk.fbeta_score(y, answers, beta=2, average=average, zero_division=0))
            keep(out, "average_precision_score", average, sk.average_precision_score(y, scores, average=average))
            keep(out, "roc_auc_score", average, sk.roc_auc_score(y, scores, average=average))
        for metric, value in [("exact_match_score", sk.accuracy_score(y, answers)), ("ranking_loss", sk.label_ranking_loss(y, scores)),
                              ("ranking_average_precision_score", sk.label_ranking_average_precision_score(y, scores)), ("coverage_error", sk.coverage_error(y, scores))]:
            assert abs(out["imagesOneSided"][metric] - value) < 1e-12
            out["imagesOneSided"][metric] = float(value)
    return out


def keep(out, metric, average, value):
    assert abs(out["values"][metric][average] - value) < 1e-12, (out["name"], metric, average)
    out["values"][metric][average] = float(value)


def both_everywhere(labels):
    """Every image and every category shows both classes, so that scikit-learn's conventions for others stay out."""
    labels = labels.copy()
    C = labels.shape[1]
    for i in range(len(labels)):
        labels[i, i % C], labels[i, (i + 1) % C] = 1, 0
    return labels


def hidden(labels, share):
    labels = labels.astype(float)
    labels[random.rand(*labels.shape) < share] = np.nan
    labels[:, 2] = np.where(labels[:, 2] == 1, np.nan, labels[:, 2])  # no known positive
    labels[:, 3] = np.nan  # nothing known
    labels[:, 4] = np.where(labels[:, 4] == 0, np.nan, labels[:, 4])  # no known negative
    labels[5], labels[6] = np.nan, np.nan
    return labels


n = 60
logits = random.randn(n) * 2 - 1
labels = random.rand(n) < expit(logits)
edges = np.arange(16) / 15  # probabilities on the edges of the bins
problems = [
    problem("no ties", logits, labels),
    problem("no ties, other options", logits, labels, threshold=0.3, beta=0.5, bins=7, atLeast=0.6),
    problem("no ties, as probabilities", expit(logits), labels, "probabilities", threshold=0.7),
    problem("many ties", np.round(logits) + 0.0, labels, atLeast=0.5),
    problem("many ties, as probabilities", np.round(expit(logits) * 8) / 8 * 0.98 + 0.01, labels, "probabilities", atLeast=0.75),
    problem("all scores equal", np.zeros(30), np.arange(30) % 3 == 0),
    problem("all answered yes", np.abs(logits) + 0.1, labels),
    problem("all answered no", -np.abs(logits) - 0.1, labels),
    problem("perfect", np.arange(20) - 11.5, np.arange(20) >= 12),
    problem("reversed", 11.5 - np.arange(20), np.arange(20) >= 12, atLeast=0.95),
    problem("one positive", logits, np.arange(n) == 7),
    problem("one negative", logits, np.arange(n) != 7, atLeast=1.0),
    problem("bound of 0", logits, labels, atLeast=0.0),
    problem("positives only", logits[:20], np.ones(20)),
    problem("negatives only", logits[:20], np.zeros(20)),
    problem("one positive cell", [0.3], [1]),
    problem("one negative cell", [0.3], [0]),
    problem("large logits", random.randn(40) * 8, random.rand(40) < 0.5),
    problem("probabilities on the edges of bins", np.clip(np.repeat(edges, 3), 1e-12, 1 - 1e-12), np.arange(48) % 5 < 2, "probabilities"),
]
N, C = 24, 6
scores = np.round(random.randn(N, C) * 2, 1) + 0.0
full = both_everywhere((random.rand(N, C) < 0.4).astype(int))
one_sided = full.copy()
one_sided[3], one_sided[4] = 0, 1
golden = {
    "made": "by scripts/golden/metric-table.py with scikit-learn %s, numpy %s" % (sklearn.__version__, np.__version__),
    "problems": problems,
    "curves": [curves("no ties", logits, labels), curves("many ties", np.round(logits) + 0.0, labels), curves("all scores equal", np.zeros(6), [0, 1, 1, 0, 0, 1])],
    "matrices": [
        matrix("fully labelled", scores, full),
        matrix("fully labelled, as probabilities", expit(scores), full, "probabilities"),
        matrix("partly labelled", scores, hidden(full, 0.4)),
        matrix("partly labelled, as probabilities", expit(scores), hidden(full, 0.5), "probabilities"),
    ],
    "oneSided": {"scores": scores.tolist(), "labels": one_sided.tolist(),
                 "ranking_loss": sk.label_ranking_loss(one_sided, scores), "coverage_error": sk.coverage_error(one_sided, scores),
                 "ranking_average_precision_score": sk.label_ranking_average_precision_score(one_sided, scores)},
}
target = pathlib.Path(__file__).resolve().parents[2] / "src/math/metrics/table-golden.json"
target.write_text(json.dumps(golden) + "\n")
