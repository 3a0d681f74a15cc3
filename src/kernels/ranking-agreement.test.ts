/** Ranking by the compiled builds against the plain kernels, to the last bit: placing (assembly/placing.ts), sorting by steps and by all bits (assembly/ranking.ts), and replicates. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { plainKernels, randomSource, type Kernels } from "../math/index.ts";
import { loadKernels } from "./index.ts";

const plain = plainKernels();

describe.each(["simd", "relaxed-simd"] as const)("ranking by the %s build", (build) => {
  let kernels: Kernels;
  let others: Kernels[];
  beforeAll(async () => {
    kernels = await loadKernels({ build, threads: 1 });
    others = [await loadKernels({ build, threads: 2 }), await loadKernels({ build, threads: 7 })];
  });
  afterAll(() => [kernels, ...others].forEach((each) => each.dispose()));

  it("ranks whatever the scores are as the plain kernels do, to the last bit", () => {
    const random = randomSource("whatever");
    const special = [0, -0, Infinity, -Infinity, Number.NaN, 1e-45, -1e-45, 3.4e38, -3.4e38];
    const kinds: readonly (() => number)[] = [
      () => random.next(),
      () => Math.round(random.next() * 5),
      () => random.next() ** 20,
      () => random.normal() * 1e30,
      () => 1 + random.next() * 1e-6,
      () => (random.next() < 0.01 ? special[random.integer(special.length)] : random.next()),
      () => Math.max(0.5, random.next()),
    ];
    for (let round = 0; round < 60; round++) {
      const heads = Array.from({ length: 1 + random.integer(8) }, () => {
        const length = [0, 1, 2, 3, 50, 300, 3000][random.integer(7)];
        const [draw, share] = [kinds[random.integer(kinds.length)], [0.0005, 0.02, 0.2, 0.49, 0.51, 0.9][random.integer(6)]];
        // Exactly half, now and then.
        return Array.from({ length }, (_, i) => ({ score: draw(), positive: share === 0.49 ? i % 2 : Number(random.next() < share) }));
      });
      const cells = heads.flat();
      const scores = Float32Array.from(cells, ({ score }) => score);
      const positive = Uint8Array.from(cells, (cell) => cell.positive);
      const headStart = Uint32Array.from({ length: heads.length + 1 }, (_, k) => heads.slice(0, k).flat().length);
      const wanted = plain.averagePrecisions(scores, positive, headStart);
      for (const each of [kernels, others[1]]) expect(each.averagePrecisions(scores, positive, headStart)).toEqual(wanted);
    }
  });

  it("ranks as the plain kernels do, to the last bit: ties, zeros of both signs, infinities, empty and one-sided heads", () => {
    const random = randomSource("ranking");
    const lengths = [0, 1, 2, 3, 1000, 40_000, 17];
    const headStart = new Uint32Array(lengths.length + 1);
    lengths.forEach((length, k) => {
      headStart[k + 1] = headStart[k] + length;
    });
    const M = headStart[lengths.length];
    const special = [0, -0, Infinity, -Infinity, 1e-45, -1e-45, 3.4e38];
    const scores = Float32Array.from({ length: M }, (_, i) => (i % 13 === 0 ? special[random.integer(special.length)] : Math.round(200 * (random.next() - 0.5)) / 8));
    const positive = Uint8Array.from({ length: M }, (_, i) => (i >= headStart[6] ? 1 : random.next() < 0.2 ? 1 : 0));
    const wanted = [...plain.averagePrecisions(scores, positive, headStart)];
    expect(wanted[4]).toBeGreaterThan(0);
    expect(wanted[6]).toBeNaN();
    for (const each of [kernels, ...others]) {
      expect([...each.averagePrecisions(scores, positive, headStart)]).toEqual(wanted);
      const active = Uint8Array.of(0, 0, 1, 0, 1, 0, 0);
      expect([...each.averagePrecisions(scores, positive, headStart, active)]).toEqual(wanted.map((value, k) => (active[k] === 1 ? value : Number.NaN)));
    }
  });

  it("sorts scores that differ in their last bits alone, and such as stand in every order", () => {
    const n = 5000;
    const near = Float32Array.from({ length: n }, (_, i) => 1 + ((i * 7919) % n) * 2 ** -23);
    const orders: readonly Float32Array[] = [near, near.map((score) => -score), Float32Array.from({ length: n }, (_, i) => i), Float32Array.from({ length: n }, (_, i) => -i), new Float32Array(n).fill(0.25)];
    const scores = Float32Array.from(orders.flatMap((order) => [...order]));
    const positive = Uint8Array.from({ length: scores.length }, (_, i) => (i % 11 < 2 ? 1 : 0));
    const headStart = Uint32Array.from({ length: orders.length + 1 }, (_, k) => k * n);
    for (const each of [kernels, ...others]) expect([...each.averagePrecisions(scores, positive, headStart)]).toEqual([...plain.averagePrecisions(scores, positive, headStart)]);
  });

  it("sorts by steps and by all bits alike: finite scores without ties, few and many, one far off all others, and with what is no number", () => {
    const random = randomSource("steps");
    const drawn = (count: number): Float32Array => Float32Array.from({ length: count }, () => random.next() + random.next() - 0.5);
    const outlier = drawn(3000);
    outlier[1234] = 1e9;
    const strange = drawn(3000);
    strange[77] = Number.NaN;
    // From 131,072 cells on there are four million steps.
    const orders = [drawn(20_000), drawn(140_000), outlier, strange];
    const headStart = Uint32Array.from({ length: orders.length + 1 }, (_, k) => orders.slice(0, k).reduce((sum, { length }) => sum + length, 0));
    const scores = Float32Array.from(orders.flatMap((order) => [...order]));
    const positive = Uint8Array.from(scores, () => (random.next() < 0.1 ? 1 : 0));
    const wanted = [...plain.averagePrecisions(scores, positive, headStart)];
    for (const each of [kernels, ...others]) expect([...each.averagePrecisions(scores, positive, headStart)]).toEqual(wanted);
  });

  it.each([0.001, 0.03, 0.2, 0.45, 0.6, 0.95])("places negatives among positives as sorting all orders them, to the last bit: a share of %d positive, with and without ties, few and many steps", (share) => {
    const random = randomSource(`placing ${share}`);
    const kinds: readonly ((count: number) => Float32Array)[] = [
      (count) => Float32Array.from({ length: count }, () => random.next() + random.next()),
      (count) => Float32Array.from({ length: count }, () => Math.round(3000 * random.next()) / 1000 - 1),
      (count) => Float32Array.from({ length: count }, () => Math.round(4 * random.next()) - 2),
      // Most in the lowest of the steps.
      (count) => Float32Array.from({ length: count }, (_, i) => (i % 500 === 0 ? 1e4 : 1) * random.next()),
      (count) => Float32Array.from({ length: count }, () => -(random.next() ** 12)),
    ];
    const lengths = [2, 3, 17, 5_000, 40_000];
    const heads = kinds.flatMap((kind) => lengths.map((length) => kind(length)));
    const headStart = Uint32Array.from({ length: heads.length + 1 }, (_, k) => heads.slice(0, k).reduce((sum, { length }) => sum + length, 0));
    const scores = Float32Array.from(heads.flatMap((head) => [...head]));
    const positive = Uint8Array.from(scores, () => (random.next() < share ? 1 : 0));
    // One positive and one negative at least.
    for (let k = 0; k < heads.length; k++) positive.set([1, 0], headStart[k]);
    const wanted = [...plain.averagePrecisions(scores, positive, headStart)];
    expect(wanted.every((value) => value > 0 && value <= 1)).toBe(true);
    for (const each of [kernels, ...others]) expect([...each.averagePrecisions(scores, positive, headStart)]).toEqual(wanted);
  });

  it.each([
    [1, 300],
    [100, 300],
    [37, 40],
    [1600, 60],
  ])("judges %i replicates as the plain kernels do, to the last bit", (count, images) => {
    const random = randomSource(`replicates ${count}`);
    const lengths = [0, 1, 2, images, Math.ceil(images / 2), images];
    const headStart = new Uint32Array(lengths.length + 1);
    lengths.forEach((length, k) => {
      headStart[k + 1] = headStart[k] + length;
    });
    const M = headStart[lengths.length];
    // A score in three is shared by many cells; the last head has hundreds of cells of one score.
    const scores = Float32Array.from({ length: M }, (_, i) => (i >= headStart[5] ? Math.floor(random.next() * 2) : i % 3 === 0 ? Math.round(4 * random.next()) : random.next() * 4));
    const positive = Uint8Array.from({ length: M }, () => (random.next() < 0.4 ? 1 : 0));
    const image = Uint32Array.from({ length: M }, () => random.integer(images));
    const multiplicity = Uint16Array.from({ length: images * count }, () => (random.next() < 0.5 ? 0 : random.next() < 0.1 ? 255 : random.integer(4)));
    const cells = { scores, positive, headStart, image };
    const wanted = plain.replicatedAveragePrecisions(cells, { count, multiplicity });
    expect(wanted.point[3]).toBeGreaterThan(0);
    expect(wanted.replicates[3 * count]).toBeGreaterThan(0);
    for (const each of [kernels, ...others]) {
      expect(each.replicatedAveragePrecisions(cells, { count, multiplicity })).toEqual(wanted);
      const some = each.replicatedAveragePrecisions(cells, { count, multiplicity }, Uint8Array.of(1, 1, 1, 0, 1, 1));
      expect(some.point[3]).toBeNaN();
      expect(some.replicates.subarray(4 * count)).toEqual(wanted.replicates.subarray(4 * count));
    }
    // More than a byte holds.
    const many = multiplicity.map((times, i) => (i % 5 === 0 ? 300 : times));
    expect(kernels.replicatedAveragePrecisions(cells, { count, multiplicity: many })).toEqual(plain.replicatedAveragePrecisions(cells, { count, multiplicity: many }));
  });
});
