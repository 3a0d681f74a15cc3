/** The whole method on features that are in a file and on matrices that are not in memory: not a single bit of the result may show it. */
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { loadKernels, type Kernels } from "../../src/kernels/index.ts";
import { buildPartialLabels, FIT, REPORT, SELECTION, type LabelCell } from "../../src/labels/index.ts";
import { compareHeads, denseFeatures, pretrain, tune, type Features, type Head, type TuneOptions, type TuneResult } from "../../src/learn/index.ts";
import { randomSource } from "../../src/math/index.ts";
import { openFeaturesFile, writeFeatures } from "../../src/model/index.ts";

const [N, D, C] = [900, 19, 3];
const random = randomSource("streamed method");
const normal = (): number => random.next() + random.next() + random.next() - 1.5;
const data = Float32Array.from({ length: N * C * D }, normal);
const truth = Float64Array.from({ length: C * D }, normal);
const cells: LabelCell[] = [];
for (let image = 0; image < N; image++) {
  for (let category = 0; category < C; category++) {
    let logit = normal() - 0.5;
    for (let j = 0; j < D; j++) logit += truth[category * D + j] * data[image * C * D + j];
    // Nobody looked at the images from 300 to 500.
    if (random.next() < 0.4 && (image < 300 || image >= 500)) cells.push({ image, category, value: logit > 0 ? 1 : 0 });
  }
}
const imageIds = Array.from({ length: N }, (_, i) => `image-${i}`);
const labels = buildPartialLabels({ imageIds, categories: ["a", "b", "c"], cells });
const part = Uint8Array.from({ length: N }, (_, i) => (i % 4 === 0 ? SELECTION : i % 4 === 1 ? REPORT : FIT));
const parts = { part, group: Uint32Array.from(part, (_, i) => i), origin: "column" } as const;

/** One list of numbers for all categories, or one each. */
const kinds = {
  shared: { rows: N, columns: D, data: Float32Array.from({ length: N * D }, (_, at) => data[Math.floor(at / D) * C * D + (at % D)]) },
  own: { rows: N, columns: D, perCategory: { count: C, names: null }, data },
} as const;
type Kind = keyof typeof kinds;

interface Outcome {
  readonly base: Head;
  readonly result: TuneResult;
  readonly compared: unknown;
}

async function run(kernels: Kernels, features: Features, options: Partial<TuneOptions>, baseStrategy: string | undefined): Promise<Outcome> {
  const base = (await pretrain({ features, labels, parts, strategy: "assume-negative", kernels })).head;
  const result = await tune({ features, labels, parts, base, kernels, options: { method: "auto", metric: "ap", fitOnly: false, strict: false, seed: 3, calibrate: "all", ...options }, ...(baseStrategy === undefined ? {} : { baseStrategy }) });
  const compared = compareHeads({ features, labels, parts, part: REPORT, kernels, before: base, after: result.head, seed: 3, repeats: 20 });
  return { base, result, compared };
}

describe("the method on streamed features", () => {
  let folder: string;
  let pairs: { readonly inMemory: Kernels; readonly streaming: Kernels }[];
  const file = (kind: Kind): string => join(folder, `${kind}.safetensors`);
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "catwise-method-"));
    for (const kind of ["shared", "own"] as const) await writeFeatures(file(kind), { ...kinds[kind], ids: imageIds });
    const sizes = [
      { threads: 1, windowBytes: 20_000, cellsAtOnce: 1 },
      { threads: 2, windowBytes: 1, cellsAtOnce: 3000 },
      { threads: 3, windowBytes: 2 ** 20, cellsAtOnce: 1e9 },
    ];
    pairs = await Promise.all(
      sizes.map(async ({ threads, windowBytes, cellsAtOnce }) => ({
        inMemory: await loadKernels({ threads: 2, cellsAtOnce }),
        streaming: await loadKernels({ threads, cellsAtOnce, streaming: { largestInMemory: 0, folder, windowBytes } }),
      })),
    );
  });
  afterAll(() => {
    for (const each of pairs.flatMap(({ inMemory, streaming }) => [inMemory, streaming])) each.dispose();
    rmSync(folder, { recursive: true });
  });

  const runs: readonly { readonly what: string; readonly kind: Kind; readonly options: Partial<TuneOptions>; readonly baseStrategy?: string }[] = [
    { what: "auto", kind: "shared", options: { missingAtRandom: true } },
    { what: "auto by fit cells alone", kind: "shared", options: { fitOnly: true } },
    { what: "auto where the base has seen the selection images, and is refitted", kind: "shared", options: { selectionSeen: true }, baseStrategy: "assume-negative" },
    { what: "auto with nothing to decide by", kind: "shared", options: { selectionSeen: true } },
    { what: "auto on features of every category's own", kind: "own", options: {} },
    { what: "bp-bce", kind: "shared", options: { method: "bp-bce" } },
  ];

  it("hangs on how many cells are walked together by roundings alone", async () => {
    const { rows, columns, data: numbers } = kinds.shared;
    const [one, ...others] = await Promise.all(pairs.map(({ inMemory }) => run(inMemory, denseFeatures(numbers, rows, columns), { selectionSeen: true }, "assume-negative")));
    for (const { result } of others) {
      expect(result.categories.map(({ status, strength }) => [status, strength])).toEqual(one.result.categories.map(({ status, strength }) => [status, strength]));
      result.head.weight.forEach((weight, at) => expect(Math.abs(weight - one.result.head.weight[at])).toBeLessThan(1e-6 * Math.max(1, Math.abs(weight))));
    }
  });

  it.each(runs)("$what gives what it gives in memory, for windows of any size, blocks of any number of categories and any number of threads", async ({ kind, options, baseStrategy }) => {
    const { rows, columns, data: numbers } = kinds[kind];
    const held = denseFeatures(numbers, rows, columns, kind === "own" ? C : undefined);
    for (const [at, { inMemory, streaming }] of pairs.entries()) {
      const wanted = await run(inMemory, held, options, baseStrategy);
      expect(wanted.result.categories.map((one) => one.status)).toContain("tuned");
      const { features, perCategory } = await openFeaturesFile(file(kind), { chunkBytes: [1, 5000, 2 ** 20][at] });
      const stored = { ...features, ...(perCategory === null ? {} : { categories: perCategory.count }) };
      expect(await run(streaming, stored, options, baseStrategy)).toEqual(wanted);
    }
    expect(readdirSync(folder).filter((name) => !name.endsWith(".safetensors"))).toEqual([]);
  }, 60_000);
});
