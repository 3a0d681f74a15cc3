/** Pseudo-label harm by the real command line, against drawn cells whose answers are known here. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { writeFeatures } from "../../src/model/index.ts";
import { catwise, ids, noise, readJson, textOf, type Run } from "./support.ts";

interface Estimate {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}
interface Taker {
  readonly who: string;
  readonly strategy: string | null;
  readonly judged: readonly string[];
  readonly heldOut: string | null;
  readonly overall: Readonly<Record<"negative" | "positive", { readonly taken: number; readonly wrong: Estimate | null }>>;
  readonly categories: readonly { readonly name: string; readonly source: string; readonly taken: { readonly negative: number }; readonly falseNegative: Estimate | null; readonly reason: string | null }[];
  readonly reason: string | null;
}
interface Document {
  readonly harm?: { readonly source: string; readonly takers: readonly Taker[] };
}

const [N, names] = [900, ["x", "y", "z"]];
const data = noise(N * 4);
const doubt = noise(N * 3, 3);
const lots = noise(N * 3, 9);
const truth = (image: number, c: number): boolean => data[image * 4 + c] + doubt[image * 3 + c] / 2 > 0.2;
const splitOf = (image: number): string => ["train", "train", "valid", "test"][image % 4];
/** Three in ten cells are known; `known` may ask for more. */
const csv = (known: (image: number, c: number) => boolean): string =>
  ["image,split,x,y,z", ...ids(N).map((id, image) => [id, splitOf(image), ...names.map((_, c) => (known(image, c) ? String(Number(truth(image, c))) : ""))].join(",")), ""].join("\n");
const drawnByLot = (image: number, c: number): boolean => lots[image * 3 + c] < -0.4;

let folder = "";
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "catwise-harm-"));
  await writeFeatures(join(folder, "f.safetensors"), { data, rows: N, columns: 4, ids: ids(N) });
  writeFileSync(join(folder, "l.csv"), csv(drawnByLot));
  writeFileSync(join(folder, "full.csv"), csv((image, c) => splitOf(image) === "test" || drawnByLot(image, c)));
  writeFileSync(join(folder, "blind.csv"), csv((image, c) => splitOf(image) !== "test" && drawnByLot(image, c)));
  writeFileSync(join(folder, "p.csv"), `category,prevalence\nx,${names.map((_, c) => Array.from({ length: N }, (__, image) => Number(truth(image, c))).reduce((sum, one) => sum + one, 0) / N)[0]}\n`);
  expect(pretrain("base.safetensors").status).toBe(0);
});
afterAll(() => rmSync(folder, { recursive: true }));

const pretrain = (out: string, ...args: string[]): Run => catwise(folder, "pretrain", "--features", "f.safetensors", "--labels", "l.csv", "--out", out, ...args);
const tune = (labels: string, ...args: string[]): Run => catwise(folder, "tune", "--features", "f.safetensors", "--head", "base.safetensors", "--labels", labels, "--out", "t.safetensors", ...args);
function harmOf(run: Run): NonNullable<Document["harm"]> {
  expect(run.status, run.stderr).toBe(0);
  return (readJson(run) as Document).harm!;
}
const taken = ({ categories }: Taker): readonly unknown[] => categories.map((one) => one.taken);
const cells = ({ overall }: Taker): number => overall.negative.taken + overall.positive.taken;
const within = (estimate: Estimate | null, value: number): boolean => estimate !== null && value >= estimate.low && value <= estimate.high;
const unknownPositives = (splits: readonly string[], c: number): number => Array.from({ length: N }, (_, image) => Number(splits.includes(splitOf(image)) && !drawnByLot(image, c) && truth(image, c))).reduce((sum, one) => sum + one, 0);

describe("pretrain", () => {
  it("tells how many negatives of assume-negative are positive, per category and together, and what the head makes of it", () => {
    const { source, takers } = harmOf(pretrain("p.safetensors", "--json"));
    const [strategy, base] = takers;
    expect([source, strategy.who, strategy.strategy, strategy.judged, strategy.heldOut]).toEqual(["known-at-random", "strategy", "assume-negative", ["fit"], "selection"]);
    expect([base.who, base.judged, base.heldOut]).toEqual(["base", ["selection", "report"], "selection"]);
    expect(within(strategy.overall.negative.wrong, names.reduce((sum, _, c) => sum + unknownPositives(["train"], c), 0))).toBe(true);
    expect(strategy.overall.positive).toEqual({ taken: 0, wrong: null });
    strategy.categories.forEach((one, c) => expect(within(one.falseNegative, unknownPositives(["train"], c) / one.taken.negative), one.name).toBe(true));
    expect(pretrain("p.safetensors").stdout).toMatch(/The strategy assume-negative: of \d+ cells taken as "no", about \d+ \(\d+-\d+\) are probably "yes"\.\n[^]*known-at-random/);
  });

  it("takes a stated prevalence where there is one, and says where there is none", () => {
    const { source, takers } = harmOf(pretrain("p.safetensors", "--prevalence", "p.csv", "--json"));
    expect(source).toBe("given");
    expect(takers[0].categories.map((one) => one.source)).toEqual(["given", "known-at-random", "known-at-random"]);
    expect(within(takers[0].categories[0].falseNegative, unknownPositives(["train"], 0) / takers[0].categories[0].taken.negative)).toBe(true);
    expect(harmOf(pretrain("p.safetensors", "--prevalence", "p.csv", "--harm", "adjusted-count", "--json")).source).toBe("adjusted-count");
  });

  it("leaves the estimate out where none is wanted, and says what cannot be estimated", () => {
    expect(harmOf(pretrain("p.safetensors", "--harm", "none", "--json"))).toBeUndefined();
    const { takers } = harmOf(pretrain("p.safetensors", "--strategy", "ignore", "--json"));
    expect(takers[0]).toMatchObject({ reason: "it gives unknown cells no answer", categories: [] });
    expect(takers[1].reason).toBeNull();
  });

  it("refuses a prevalence that is to be used and was not stated", () => {
    const run = pretrain("q.safetensors", "--harm", "given", "--quiet");
    expect(run.stderr).toMatch(/usage\.invalid-value: --harm: expected given together with --prevalence/);
    expect(run.status).toBe(2);
  });
});

describe("tune", () => {
  it("shows base and tuned head on the same cells, and the tuned one wrong about fewer of its no", () => {
    const { takers } = harmOf(tune("l.csv", "--json"));
    const [base, tuned] = takers;
    expect(takers.map((one) => [one.who, one.judged, one.heldOut])).toEqual([["base", ["selection", "report"], "report"], ["tuned", ["selection", "report"], "report"]]);
    expect(cells(base)).toBe(cells(tuned));
    expect(tuned.overall.negative.wrong!.value).toBeLessThan(base.overall.negative.wrong!.value / 2);
  });

  it.each(["assume-negative", "curriculum-score"])("adds the strategy's own answers where the base's strategy is named, as pretrain told them (%s)", (strategy) => {
    const told = harmOf(pretrain("s.safetensors", "--strategy", strategy, "--json")).takers[0];
    const [first] = harmOf(catwise(folder, "tune", "--features", "f.safetensors", "--head", "s.safetensors", "--labels", "l.csv", "--base-strategy", strategy, "--out", "t.safetensors", "--json")).takers;
    expect(first).toEqual(told);
  });

  it("runs a strategy that draws by lot by the seed given, which is to be that of pretrain", () => {
    const role = (seed: string): Taker => harmOf(pretrain("s.safetensors", "--strategy", "role", "--seed", seed, "--json")).takers[0];
    const [other, told] = [role("0"), role("7")];
    const [first] = harmOf(catwise(folder, "tune", "--features", "f.safetensors", "--head", "s.safetensors", "--labels", "l.csv", "--base-strategy", "role", "--seed", "7", "--out", "t.safetensors", "--json")).takers;
    expect(taken(first)).toEqual(taken(told));
    // Else the seed would be none the wiser.
    expect(taken(first)).not.toEqual(taken(other));
  });

  it("says in the terminal and in the report that labels contradict the prevalence stated", () => {
    writeFileSync(join(folder, "wrong.csv"), "category,prevalence\nx,0.0001\n");
    const wrong = ["--prevalence", "wrong.csv", "--report", "r.html"];
    expect(tune("l.csv", ...wrong).stdout).toMatch(/The base head: of .* Not counted: "x" \(the known labels of the images judged contradict the prevalence stated\)\./);
    for (const { categories } of harmOf(tune("l.csv", ...wrong, "--json")).takers) expect(categories[0]).toMatchObject({ falseNegative: null, reason: expect.stringContaining("contradict the prevalence stated") });
    expect(textOf(folder, "r.html")).toContain("contradict the prevalence stated");
  });

  it("judges on unknown selection cells where the report part is labelled in full", () => {
    const { takers } = harmOf(tune("full.csv", "--json"));
    expect(takers[1].reason).toBeNull();
    expect(takers[1].overall.negative.taken + takers[1].overall.positive.taken).toBe(Array.from({ length: N * 3 }, (_, cell) => Number(splitOf(Math.floor(cell / 3)) === "valid" && lots[cell] >= -0.4)).reduce((sum, one) => sum + one, 0));
  });

  it("says why where nothing is known that neither head has seen", () => {
    const run = tune("blind.csv", "--report", "r.html");
    expect(run.stdout).toContain("The tuned head: not estimated, no label is known that it has not seen.");
    expect(textOf(folder, "r.html")).toContain("no label is known that it has not seen");
  });

  it("keeps it in the record, from which the report is made again", () => {
    expect(tune("l.csv", "--report", "r.html").status).toBe(0);
    const again = catwise(folder, "report", "t.safetensors.run.json", "--out", "again.html");
    expect(again.status, again.stderr).toBe(0);
    expect(textOf(folder, "again.html")).toBe(textOf(folder, "r.html"));
  });
});
