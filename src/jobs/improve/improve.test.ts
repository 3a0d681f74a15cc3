import { describe, expect, it } from "vitest";
import { FIT, REPORT, SELECTION, buildPartialLabels, type LabelCell, type Parts } from "../../labels/index.ts";
import { denseFeatures, type Head } from "../../learn/index.ts";
import { plainKernels, randomSource } from "../../math/index.ts";
import { improve, type ImproveRequest } from "./improve.ts";
import { leakOf } from "./leak.ts";

const D = 6;

/** `images` pictures with normal features; categories told by one feature each; `asked` says which cells are answered. */
function project(images: number, categories: readonly string[], asked: (image: number, category: number) => boolean, seed = "improve"): Pick<ImproveRequest, "labels" | "parts" | "features"> & { truth: Uint8Array } {
  const random = randomSource(seed);
  const data = Float32Array.from({ length: images * D }, () => random.normal());
  const truth = new Uint8Array(images * categories.length);
  const cells: LabelCell[] = [];
  for (let image = 0; image < images; image++) {
    for (let category = 0; category < categories.length; category++) {
      const positive = 2 * data[image * D + category] + random.normal() > 0.5;
      truth[image * categories.length + category] = positive ? 1 : 0;
      if (asked(image, category)) cells.push({ image, category, value: positive ? 1 : 0 });
    }
  }
  const labels = buildPartialLabels({ imageIds: Array.from({ length: images }, (_, at) => `p${String(at).padStart(5, "0")}`), categories, cells });
  const parts: Parts = { part: Uint8Array.from({ length: images }, (_, at) => (at % 5 < 3 ? FIT : at % 5 === 3 ? SELECTION : REPORT)), group: Uint32Array.from({ length: images }, (_, at) => at), origin: "hash-of-id" };
  return { labels, parts, features: denseFeatures(data, images, D), truth };
}

function request(given: ReturnType<typeof project>, change: Partial<ImproveRequest> = {}): ImproveRequest {
  return { ...given, own: null, only: null, priority: [], seed: 0, kernels: plainKernels(), checkpoint: () => undefined, more: () => true, ...change };
}

/** A layer that knows nothing of its categories. */
function ownLayer(categories: readonly string[]): Head {
  const random = randomSource("own");
  return { categories, columns: D, weight: Float32Array.from({ length: categories.length * D }, () => 0.1 * random.normal()), bias: new Float32Array(categories.length) };
}

describe("improving", () => {
  it("works with sixty pictures and few answers: every category has an outcome with its reason", async () => {
    // All of the first, a third of the second, two pictures of the third, none of the fourth.
    const given = project(60, ["7", "8", "9", "10"], (image, category) => category === 0 || (category === 1 && image % 3 === 0) || (category === 2 && image < 2));
    const told: string[] = [];
    const { head, categories } = await improve(request(given, { told: ({ category }) => void told.push(category) }));
    expect(categories.map(({ category }) => category)).toEqual(["7", "8", "9", "10"]);
    expect(categories[0]).toMatchObject({ outcome: "changed", usable: true, base: "made-here" });
    expect(categories[3]).toMatchObject({ outcome: "skipped", usable: false, reason: { code: "no-positive-in-fit", params: { label: 9 } } });
    for (const { outcome, reason } of categories) expect([outcome, reason.code]).toEqual([expect.stringMatching(/^(changed|kept|skipped)$/), expect.stringMatching(/^[a-z-]+$/)]);
    expect(told.sort()).toEqual(["10", "7", "8", "9"]);
    expect(head.weight.every(Number.isFinite)).toBe(true);
    expect(categories[0].tradeoff.length).toBeGreaterThan(2);
    // The first of them calls every picture yes, the last none: of all, so many show it.
    const { tradeoff, counted } = categories[0];
    expect([tradeoff[0].missed, tradeoff.at(-1)?.alarms]).toEqual([0, 0]);
    expect(counted?.with).toBeGreaterThan(0);
    for (const { missed, alarms } of tradeoff) for (const count of [(missed * counted!.with) / 100, (alarms * counted!.without) / 100]) expect(Math.abs(count - Math.round(count))).toBeLessThan(1e-9);
  });

  it("tells how many that show a category were taught as not showing it, where its base was made here", async () => {
    // Nine in ten are not asked about the first, of which assuming "no" taught all positives wrongly; all are asked about the second.
    const given = project(2000, ["7", "8"], (image, category) => category === 1 || image % 10 < 1);
    const { categories } = await improve(request(given));
    const fit = Array.from(given.parts.part.keys()).filter((image) => given.parts.part[image] === FIT);
    const showing = fit.filter((image) => given.truth[2 * image] === 1);
    const taught = (100 * showing.filter((image) => image % 10 >= 1).length) / showing.length;
    const { of100, range } = categories[0].taughtAbsent!;
    expect(range[0]).toBeLessThanOrEqual(taught);
    expect(range[1]).toBeGreaterThanOrEqual(taught);
    expect(Math.abs(of100 - taught)).toBeLessThan(5);
    expect(categories[1].taughtAbsent).toBeNull();
    const { categories: brought } = await improve(request(given, { own: ownLayer(["7", "8"]) }));
    expect(brought.map(({ taughtAbsent }) => taughtAbsent)).toEqual([null, null]);
  });

  it("tunes a category that a model brought from the model's own row, and makes a base for the others", async () => {
    const given = project(300, ["7", "8", "9"], () => true);
    const own = ownLayer(["8", "99"]);
    const { categories, head } = await improve(request(given, { own }));
    expect(categories.map(({ base }) => base)).toEqual(["made-here", "own", "made-here"]);
    expect(head.categories).toEqual(["7", "8", "9"]);
    expect(categories[1].outcome).toBe("changed");
    // The head of each tells the feature that tells its category.
    [0, 1, 2].forEach((c) => {
      const row = Array.from(head.weight.subarray(c * D, (c + 1) * D), Math.abs);
      expect(row.indexOf(Math.max(...row))).toBe(c);
    });
  });

  it("tells of each category whose head is finished while others are being worked on, what matters most first", async () => {
    const given = project(300, ["7", "8", "9"], () => true);
    const order: string[] = [];
    const { categories } = await improve(request(given, { own: ownLayer(["7", "8", "9"]), priority: ["9"], finished: (names) => void order.push(...names.map((name) => `finished ${name}`)), told: ({ category }) => void order.push(`told ${category}`) }));
    const changed = categories.filter(({ outcome }) => outcome === "changed").map(({ category }) => category);
    expect(changed).toHaveLength(3);
    expect(order[0]).toBe("finished 9");
    expect(order.slice(0, 3).sort()).toEqual(["finished 7", "finished 8", "finished 9"]);
    expect(order.slice(3)).toEqual(["told 7", "told 8", "told 9"]);
  });

  it("keeps a model's row bit for bit where it was not asked to change it", async () => {
    const given = project(300, ["7", "8"], () => true);
    const own = ownLayer(["7", "8"]);
    const { head, categories } = await improve(request(given, { own, only: ["8"] }));
    expect(categories[0]).toMatchObject({ outcome: "skipped", reason: { code: "not-asked-for" }, usable: true });
    expect(head.weight.subarray(0, D)).toEqual(own.weight.subarray(0, D));
  });

  it("stopped between categories keeps those that are finished, what matters most first", async () => {
    const given = project(300, ["7", "8", "9"], () => true);
    let asked = 0;
    const { categories } = await improve(request(given, { own: ownLayer(["7", "8", "9"]), priority: ["9"], more: () => asked++ < 1 }));
    expect(categories.map(({ outcome, reason }) => [outcome, reason.code])).toEqual([["kept", "not-finished"], ["kept", "not-finished"], ["changed", "accepted"]]);
  });

  it("says the same whatever it is asked first, and twice the same", async () => {
    const given = project(120, ["7", "8"], (image) => image % 2 === 0);
    const [one, other] = [await improve(request(given)), await improve(request(given, { priority: ["8"] }))];
    expect(other).toEqual(one);
  });

  it("means its probabilities for all pictures where it was said how many show a category", async () => {
    const given = project(900, ["7", "8"], () => true);
    const [plain, stated] = [await improve(request(given)), await improve(request(given, { prevalence: { 7: 0.01 } }))];
    expect(plain.categories[0].outcome).toBe("changed");
    expect(stated.head.bias[0]).toBeLessThan(plain.head.bias[0] - 2);
    expect(stated.head.bias[1]).toBe(plain.head.bias[1]);
    // The answers stay: the threshold moves with the probabilities.
    expect(stated.categories[0].threshold - stated.head.bias[0]).toBeCloseTo(plain.categories[0].threshold - plain.head.bias[0], 3);
  });

  it("refuses where no category has a yes and a no", async () => {
    await expect(improve(request(project(60, ["7"], () => false)))).rejects.toMatchObject({ code: "tune.nothing-eligible" });
  });
});

const suspected = (difference: number, z: number): Parameters<typeof leakOf>[0] => [{ code: "leak-suspected", params: { difference, z } }];

describe("a leak", () => {
  it("is told where its test is sharp enough to mean something", () => {
    expect(leakOf(suspected(0.01, 0.5))).toEqual({ code: "leak", params: {} });
    expect(leakOf(suspected(0.12, 1.5))).toBeNull();
    expect(leakOf([{ code: "too-few-labels", params: {} }])).toBeNull();
  });
});
