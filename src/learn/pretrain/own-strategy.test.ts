import { describe, expect, it } from "vitest";
import { plainKernels, sigmoid } from "../../math/index.ts";
import { drawn, tuneInput } from "../drawn-data.cases.ts";
import { tune } from "../tune/index.ts";
import { assumeNegative } from "./assume-negative.ts";
import { ignore } from "./ignore.ts";
import { cellObjective, crossEntropy, fillUnknown, forUnknown, knownPlan, pretrain, rule, scoredStrategy, setCell, totalTrust, type PretrainInput, type PretrainStrategy } from "./index.ts";

const data = drawn({ seed: "own strategy", images: 200, columns: 4, categories: 3, known: () => 0.5 });
const input = (strategy: string | PretrainStrategy): PretrainInput => ({ features: data.features, labels: data.labels, parts: data.parts, strategy, kernels: plainKernels() });

const halfNegative: PretrainStrategy = { kind: "fixed", name: "half-negative", title: "unknown counts as half a negative", source: "this test", loss: { kind: "bce" }, unknown: { target: 0, weight: 0.5 } };

/** Unknown cells are negative, but for those the last round was nearly sure of. */
const doubting = scoredStrategy({
  name: "doubting",
  title: "unknown counts as negative until the model doubts it",
  source: "this test",
  usesUnknown: true,
  defaults: { doubt: 0.5, rounds: 2 },
  rules: { doubt: rule.share, rounds: rule.rounds },
  make: (cells, { doubt, rounds }) => {
    const plan = knownPlan(cells);
    fillUnknown(cells, plan, 0, 0);
    return cellObjective({
      cells,
      plan,
      terms: [crossEntropy],
      divisor: totalTrust(cells),
      rounds,
      begin: (round, logits) => {
        if (round > 0) forUnknown(cells, (cell) => setCell(plan, cell, 0, 0, sigmoid(logits[cell]) > doubt ? 0 : 1));
      },
    });
  },
});

describe("a strategy of one's own", () => {
  it("is trained as one that is in the list, to the same numbers", async () => {
    const named = await pretrain(input("assume-negative"));
    const own = await pretrain(input({ ...assumeNegative, name: "mine" }));
    expect(own.head).toEqual(named.head);
    expect(own.story).toEqual({ ...named.story, strategy: "mine" });
  });

  it("lies between the two it lies between, in what it says of how often categories are shown", async () => {
    const [none, half, full] = [await pretrain(input("ignore")), await pretrain(input(halfNegative)), await pretrain(input("assume-negative"))];
    half.head.bias.forEach((bias, c) => {
      expect(bias).toBeLessThan(none.head.bias[c]);
      expect(bias).toBeGreaterThan(full.head.bias[c]);
    });
  });

  it("may decide anew in rounds, with options that are checked at the door", async () => {
    const { story, head } = await pretrain(input(doubting));
    expect(story).toMatchObject({ strategy: "doubting", rounds: 2, options: { doubt: 0.5, rounds: 2 } });
    const plain = await pretrain({ ...input(doubting), strategyOptions: { rounds: 1 } });
    expect(plain.head.bias).not.toEqual(head.bias);
    await expect(pretrain({ ...input(doubting), strategyOptions: { doubt: 2 } })).rejects.toThrow(/option doubt of doubting: expected a number in \[0, 1\], got 2/);
    await expect(pretrain({ ...input(doubting), strategyOptions: { dout: 0.5 } })).rejects.toThrow(/doubt, rounds.*dout/);
  });

  it("is refitted by cross-fitting where no selection part is left, as one that is in the list", async () => {
    const everyImageFit = { ...data.parts, part: new Uint8Array(data.parts.part.length) };
    const { head } = await pretrain({ ...input("assume-negative"), parts: everyImageFit });
    const start = { ...tuneInput(data, head), parts: everyImageFit };
    const named = await tune({ ...start, baseStrategy: "assume-negative" });
    const own = await tune({ ...start, baseStrategy: { ...assumeNegative, name: "mine" } });
    expect(own.pooled!.decidedOn).toBe("cross-fitting");
    expect(own.head).toEqual(named.head);
    const ignored = await tune({ ...start, baseStrategy: { ...ignore, name: "mine too" } });
    expect(ignored.warnings.map((one) => one.params["strategy"])).toContain("mine too");
  });

  it.each([
    ["another kind", { ...assumeNegative, kind: "magic" }, /strategy\.kind.*fixed, scored.*magic/],
    ["no name", { ...assumeNegative, name: "" }, /strategy\.name/],
    ["no objective", { ...doubting, objective: undefined }, /strategy\.objective/],
  ])("is refused with %s", async (_, strategy, words) => {
    await expect(pretrain(input(strategy as PretrainStrategy))).rejects.toMatchObject({ code: "usage.invalid-value", message: expect.stringMatching(words) as string });
  });
});
