import { describe, expect, it } from "vitest";
import type { TuneWarning } from "../../learn/index.ts";
import type { RunRecord } from "../run-record.ts";
import { exampleRecord } from "./example-record.cases.ts";
import { extremeRecords } from "./extreme-records.cases.ts";
import { renderReport, validateRunRecord } from "./index.ts";
import { sortedCategories } from "./standing.ts";
import { verdictOf } from "./verdict.ts";
import { warningWords } from "./warnings.ts";

const warningCodes: Record<TuneWarning["code"], true> = {
  "leak-suspected": true,
  "leak-confirmed": true,
  "too-few-labels": true,
  "features-are-the-limit": true,
  memorised: true,
  "no-selection-part": true,
  "base-undoes-nothing": true,
  "not-converged": true,
};

const mean = (gain: number, interval: readonly [number, number] | null): RunRecord["result"]["summary"]["mean"] => ({ before: 0.451, after: 0.451 + gain, gain, interval });

describe("the verdict", () => {
  it("says the rise first on the page, in a short sentence, and its figure with the interval below", () => {
    const html = renderReport(exampleRecord());
    const figure = "Mean average precision rose from 0.451 to 0.493 (+0.042; 95\u00A0% interval +0.021 to +0.064).";
    expect(html).toContain(`<p class="say">The tuned model is better on average.</p><p class="figure">${figure}</p>`);
    expect(html.indexOf('class="say"')).toBeLessThan(html.indexOf("<h2"));
  });

  it("says a fall, and advises keeping the former model", () => {
    const verdict = verdictOf(exampleRecord({ mean: mean(-0.03, [-0.05, -0.01]) }));
    expect(verdict.sentence).toBe("The tuned model is worse on average.");
    expect(verdict.figure).toBe("Mean average precision fell from 0.451 to 0.421 (−0.030; 95\u00A0% interval −0.050 to −0.010).");
    expect(verdict.details[0]).toContain("keeping the former model");
  });

  it("says that no difference can be shown when the interval includes zero, and how large one may be either way", () => {
    const { sentence, details } = verdictOf(exampleRecord({ warnings: [], mean: mean(0.004, [-0.01, 0.02]) }));
    expect(sentence).toBe("No difference can be shown.");
    expect(details[0]).toContain("as much as 0.010 worse or as much as 0.020 better");
    expect(details.join(" ")).toContain("Of 9 tuned categories, 1 became clearly worse, 3 became clearly better, 4 show no clear difference and 1 has too few labels in the report part to say.");
  });

  it("never announces a difference that rounds to nothing", () => {
    expect(verdictOf(exampleRecord({ warnings: [], mean: mean(-0.0002, [-0.0013, 0.0004]) })).details[0]).toContain("as much as 0.001 worse or hardly better at all");
  });

  it("says which part the figures come from and over how many categories the mean is", () => {
    const [first] = verdictOf(exampleRecord()).details;
    expect(first).toBe("Measured on the report part: 402 images used neither to fit nor to choose. The mean is over 11 categories; 1 has too few labels there to enter it.");
  });

  it("says that the figures are estimated where no part was given away, and never speaks of a report part then", () => {
    const record = exampleRecord();
    const { summary } = record.result;
    // As such a run tells it: what was not seen is the selection part, and of that the tuned head has seen what is known.
    const takers = record.result.harm!.takers.map((taker) => (taker.who === "tuned" ? { ...taker, categories: [], heldOut: null, reason: "no label is known that it has not seen" } : { ...taker, judged: ["selection" as const], heldOut: "selection" as const }));
    const nested: RunRecord = { ...record, steps: [], notes: [], result: { ...record.result, harm: { source: "known-at-random", takers }, summary: { ...summary, parts: { fit: 1204, selection: 800, report: 0 }, estimate: { kind: "nested", folds: 5, images: 800, seconds: 20 } } } };
    expect(verdictOf(nested).details[0]).toMatch(/^Estimated by outer cross-validation, not measured on images set aside: the whole run was repeated 5 times, each time without one fold of 800 images,/);
    const html = renderReport(validateRunRecord(JSON.parse(JSON.stringify(nested)), "x.json"));
    // The example's own words about a category apart.
    expect(/.{0,40}report part.{0,40}/.exec(html.replaceAll("no known positive in the report part", ""))).toBeNull();
    expect(html).toContain("No image was given away to report on: 1,204 served to fit the heads, 800 for selection");
    expect(html).toContain("by what outer cross-validation shows");
    const broken = { ...nested, result: { ...nested.result, summary: { ...nested.result.summary, estimate: { kind: "nested", folds: "5" } } } };
    expect(() => validateRunRecord(broken, "x.json")).toThrow(/estimate\.folds/);
  });

  it("says that nothing was changed when nothing was", () => {
    const record = exampleRecord();
    const { sentence, tone } = verdictOf({ ...record, result: { ...record.result, summary: { ...record.result.summary, tuned: 0 } } });
    expect([sentence, tone]).toEqual(["Nothing was changed.", "open"]);
  });

  it("announces no gain that rests on a handful of positives, whatever its interval", () => {
    const record = exampleRecord();
    const categories = record.result.categories.slice(0, 3).map((category) => ({ ...category, reportKnown: { positive: 3, negative: 80 } }));
    expect(verdictOf({ ...record, result: { ...record.result, categories } }).sentence).toBe("Too few labels to say.");
  });

  it("does not call the labels of the report part too few because those of the selection part were", () => {
    const few = [{ code: "too-few-labels", message: "few" }];
    expect(verdictOf(exampleRecord({ warnings: few, mean: mean(0.0001, [-0.001, 0.001]) })).sentence).toBe("No difference can be shown.");
  });

  it("says too few labels when there is no interval or no mean", () => {
    expect(verdictOf(exampleRecord({ mean: mean(0.1, null) })).sentence).toBe("Too few labels to say.");
    expect(verdictOf(exampleRecord({ mean: { before: null, after: null, gain: null, interval: null } })).sentence).toBe("Too few labels to say.");
  });

  it("comes after a suspected leak: the figure is shown under its condition, and nothing is concluded from it", () => {
    const html = renderReport(exampleRecord({ warnings: [{ code: "leak-suspected", message: "z = 0.4, under 2." }] }));
    const verdict = /<section class="verdict leak".*?<\/section>/s.exec(html)?.[0] ?? "";
    expect(verdict).toContain("Ask first whether the base model was trained on these images.");
    expect(verdict).toContain("If it was not: from");
    expect(verdict).toContain("z = 0.4, under 2.");
    expect(html.match(/To be checked first:/g)).toHaveLength(4);
    expect(html).not.toMatch(/rose from|[Cc]learly (better|worse)|circle class="after"[^>]*cx="[^"]*%"/);
  });
});

describe("the page", () => {
  const html = renderReport(exampleRecord());

  it("loads nothing and runs nothing", () => {
    expect(html).toContain(`content="default-src 'none'; style-src 'unsafe-inline'; img-src data:"`);
    expect(html).not.toMatch(/https?:\/\/|<script|<link|<img|<iframe|@import|url\(|\son\w+=/i);
    for (const [, target] of html.matchAll(/(?:href|src)="([^"]*)"/g)) expect(target).toMatch(/^#/);
  });

  it("links every category to a drawer that exists", () => {
    for (const [, id] of html.matchAll(/href="#([^"]+)"/g)) expect(html).toContain(`id="${id}"`);
    expect(html.match(/href="#category-/g)).toHaveLength(12);
  });

  it("states language, labels its figures and offers tables for its curves", () => {
    expect(html).toContain('<html lang="en">');
    expect(html.match(/<figure>/g)?.length).toBe(html.match(/<figcaption>/g)?.length);
    const curves = html.match(/<svg class="curve" role="img" aria-label="[^"]+"/g)?.length ?? 0;
    expect(curves).toBe(html.match(/<svg class="curve"/g)?.length);
    expect(html.match(/Show as table/g)).toHaveLength(1 + 2 * 11);
  });

  it("shows each category's figures and interval", () => {
    expect(html).toContain('<td role="cell" class="number before">0.300</td><td role="cell" class="number after-column">0.412</td>');
    expect(html).toContain("<b>+0.112</b><small>+0.082 to +0.142</small>");
    expect(html).toContain("under each name, its known labels there. Gains are taken before rounding.");
  });

  it("shows steps, notes, warnings, reasons for what was kept, and provenance", () => {
    const record = exampleRecord();
    for (const text of [...record.steps, ...record.notes]) expect(html).toContain(text.replace(/'/g, "&#39;"));
    for (const warning of record.result.summary.warnings) expect(html).toContain(warning.message);
    expect(html).toContain("<dt>burr</dt><dd>Kept as it was: on labels held out from fitting, the tuned version looked worse (chance of a gain 21 %).</dd>");
    for (const input of record.result.provenance.inputs) expect(html).toContain(input.sha256);
    expect(html).toMatch(/Reading or computing the features took \d[^,]*, tuning \d[^,]*, on the computer/);
    expect(html).toContain("<code>&quot;auto&quot;</code>");
  });

  it("draws what cannot be measured as a gap with its reason, never as zero", () => {
    expect(html).toContain("No figure: no known positive in the report part.");
    expect(html).toContain("Not drawn: no known positive in the report part.");
    expect(html).not.toMatch(/NaN|undefined|Infinity|>null</);
  });

  it("opens the categories that changed most, and all of them where they are few", () => {
    expect(html.match(/<details class="category" open>/g)).toHaveLength(3);
    expect(renderReport(exampleRecord({ categories: 5 })).match(/<details class="category" open>/g)).toHaveLength(5);
  });

  it("says each shared reason once, with all the categories it holds for", () => {
    const record = exampleRecord();
    const categories = record.result.categories.map((category) => (category.name === "burr" ? { ...category, status: "skipped" as const, reason: "Not tried: it was not among the categories to tune." } : category));
    expect(renderReport({ ...record, result: { ...record.result, categories } })).toContain("<dt>burr, short circuit</dt><dd>Not tried: it was not among the categories to tune.</dd>");
  });

  it("explains the metric the run was judged by", () => {
    const record = exampleRecord();
    const page = renderReport({ ...record, result: { ...record.result, summary: { ...record.result.summary, metric: "auroc" } } });
    expect(page).toContain("AUROC is the chance that");
    expect(page).toContain("Mean AUROC rose");
    expect(page).not.toContain("Average precision runs from");
  });

  it("says what the figures do not show, in every run", () => {
    expect(html).toContain("What the figures show, and what they do not");
    expect(renderReport({ ...exampleRecord(), notes: [] })).toContain("They do not cover another split, another seed, or wrong labels.");
  });

  it.each(Object.entries(extremeRecords))("holds no gap that shows as a word of the machine: %s", (_, record) => {
    expect(renderReport(record)).not.toMatch(/NaN|undefined|Infinity|>null<|<p><\/p>|<dd><\/dd>/);
  });

  it("is the same for the same record", () => {
    expect(renderReport(exampleRecord())).toBe(html);
  });

  it("escapes hostile names everywhere", () => {
    const hostile = `"><script>alert(1)</script><img src=x onerror='x'>&\u202Eevil`;
    const page = renderReport(exampleRecord({ firstName: hostile }));
    expect(page).not.toMatch(/<script|<img|\u202E/);
    expect(page).toContain("&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;&lt;img src=x onerror=&#39;x&#39;&gt;&amp;\uFFFDevil");
  });

  it("escapes titles, steps, warnings, options and paths", () => {
    const record = exampleRecord({ warnings: [{ code: "<b>", message: "<i>1" }] });
    const page = renderReport({
      ...record,
      title: "</title><i>2",
      steps: ["<i>3"],
      notes: ["<i>4"],
      createdAt: "<i>5",
      result: { ...record.result, provenance: { catwise: "<i>6", seed: 1, options: { "<i>7": "<i>8" }, inputs: [{ path: "<i>9", sha256: "<i>0" }] } },
    });
    expect(page).not.toMatch(/<i>|<b>"/);
    expect(page.match(/&lt;i&gt;\d/g)?.length).toBeGreaterThanOrEqual(10);
  });

  it("stays a light page with 100 and with 1,000 categories", () => {
    expect(renderReport(exampleRecord({ categories: 100 })).length).toBeLessThan(2_000_000);
    const large = renderReport(exampleRecord({ categories: 1000 }));
    expect(large.length).toBeLessThan(5_000_000);
    expect(large).toContain("Curves are drawn for the first 200 categories");
  });
});

describe("the order of categories", () => {
  it("puts what is clearly worse first, then what is clearly better by size, then what is open, has too few labels, was left, cannot be measured", () => {
    expect(sortedCategories(exampleRecord()).map((category) => category.name)).toEqual([
      "stain", "chipped edge", "dent", "傷（表面）", "solder bridge", "missing hole", "discolouration", "crack", "scratch", "burr", "short circuit", "mouse bite",
    ]);
  });
});

describe("words for warnings", () => {
  it.each(Object.keys(warningCodes))("knows %s", (code) => {
    const { title, remedy } = warningWords({ code, message: "" });
    expect(title).not.toBe("Please note");
    expect(remedy).toMatch(/\.$/);
  });

  it("shows a warning it does not know under a general title", () => {
    expect(warningWords({ code: "constructor", message: "" }).title).toBe("Please note");
  });
});

describe("reading a run record", () => {
  it("returns a good record unchanged, gaps of the pooled curve as NaN", () => {
    expect(read(() => undefined)()).toEqual(exampleRecord());
  });

  it("names file and field of what is wrong", () => {
    expect(read((json) => (json["result"].categories[3].report.ap.before = "0.3"))).toThrow(/run\.json, field "result\.categories\[3\]\.report\.ap\.before": expected a finite number, got "0\.3"/);
    expect(read((json) => delete json["steps"])).toThrow(/field "steps": expected a list, got nothing/);
    expect(read((json) => (json["result"].summary.mean.interval = [0.2, 0.1]))).toThrow(/field "result\.summary\.mean\.interval": expected two numbers, the lower first/);
    expect(read((json) => json["curves"][0].precisionRecall.before.recall.pop())).toThrow(/field "curves\[0\]\.precisionRecall\.before": expected lists of one length/);
    expect(read((json) => (json["result"].categories[0].status = "lost"))).toThrow(/expected "tuned" or "kept" or "skipped"/);
  });

  it("tells another document and another version apart", () => {
    expect(() => validateRunRecord([], "x.json")).toThrow(/x\.json: expected a run record/);
    expect(() => validateRunRecord(null, "x.json")).toThrow(/x\.json: expected a run record/);
    expect(read((json) => (json["version"] = 2))).toThrow(/field "version": expected version 1 of the run record, got 2/);
  });
});

// oxlint-disable-next-line typescript/no-explicit-any -- the test breaks the document at will
function read(edit: (json: Record<string, any>) => void): () => RunRecord {
  // oxlint-disable-next-line typescript/no-explicit-any -- as above
  const json = JSON.parse(JSON.stringify(exampleRecord())) as Record<string, any>;
  edit(json);
  return () => validateRunRecord(json, "run.json");
}

const harmPart = (record: RunRecord): string => /<section aria-labelledby="harm">.*?<\/section>/s.exec(renderReport(record))![0];

describe("harm", () => {
  it("is said in cells for each taker, with what it rests on, and drawn per category with the figures beside it", () => {
    const html = harmPart(exampleRecord());
    expect(html).toMatch(/<li>The base head: of 4,400 cells taken as &quot;no&quot;, about \d+ \(\d+-\d+\) are probably &quot;yes&quot;; of 275 cells taken as &quot;yes&quot;/);
    expect(html).toContain("The tuned head is judged on unknown cells of the selection and report part, by known labels of the report part.");
    expect(html).toContain("(known-at-random)");
    const [first] = html.split("<details>");
    expect(first.match(/<tr role="row"><th role="rowheader"/g)!.length).toBe(11);
    for (const mark of ["strategy", "open", "tuned"]) expect(first.match(new RegExp(`<circle class="${mark}"`, "g"))!.length, mark).toBe(11);
    expect(first).toContain('<span class="quiet">Before</span> <b>2\u00A0%</b> <span class="whole">(1.4\u00A0% to 4\u00A0%)</span>');
    expect(html).not.toContain("mouse bite");
  });

  it("of old records is not there, and of none that can be estimated says why", () => {
    const record = exampleRecord();
    const { harm, ...result } = record.result;
    expect(renderReport({ ...record, result })).not.toContain('id="harm"');
    const takers = harm!.takers.slice(1).map((taker) => ({ ...taker, categories: [], reason: "no cell of the report part is unknown" }));
    const html = harmPart({ ...record, result: { ...result, harm: { ...harm!, takers } } });
    expect(html).toContain("The tuned head: not estimated, no cell of the report part is unknown.");
    expect(html).not.toContain("<svg");
  });
});
