import { describe, expect, it } from "vitest";
import { randomSource } from "../../math/index.ts";
import { fromReference, isFamiliar, learnFamiliarity, toReference } from "./familiar.ts";

const random = randomSource("familiar");
const picture = (D: number, centre = 0): Float32Array => Float32Array.from({ length: D }, () => centre + random.normal());

/** N pictures of D features, every one of its own scale. */
function pictures(N: number, D: number): Float32Array {
  const all = new Float32Array(N * D);
  for (let at = 0; at < N; at++) all.set(picture(D), at * D);
  return all;
}

describe("familiarity", () => {
  const D = 8;
  const learned = learnFamiliarity(pictures(300, D), D, Array.from({ length: 300 }, (_, at) => at))!;

  it("knows pictures like the labelled ones, about 99 of 100, and none that are far from all of them", () => {
    const like = Array.from({ length: 500 }, () => isFamiliar(learned, picture(D))).filter(Boolean).length;
    expect(like).toBeGreaterThan(470);
    expect(like).toBeLessThan(500);
    expect(Array.from({ length: 100 }, () => isFamiliar(learned, picture(D, 5))).filter(Boolean)).toEqual([]);
  });

  it("survives being kept beside a version", () => {
    const again = fromReference(toReference(learned))!;
    expect(again.rows).toEqual(learned.rows);
    expect(again.limit).toBeCloseTo(learned.limit, 5);
    expect(fromReference(null)).toBeNull();
  });

  it("takes a picture's own group for no neighbour: ten shots of one part do not make it usual", () => {
    // Pairs that are all but equal; without groups every nearest neighbour would be the other shot.
    const all = new Float32Array(60 * D);
    for (let pair = 0; pair < 30; pair++) {
      const one = picture(D);
      all.set(one, 2 * pair * D);
      all.set(one.map((value) => value + 0.001), (2 * pair + 1) * D);
    }
    const grouped = learnFamiliarity(all, D, Array.from({ length: 60 }, (_, at) => Math.floor(at / 2)))!;
    const torn = learnFamiliarity(all, D, Array.from({ length: 60 }, (_, at) => at))!;
    expect(torn.limit).toBeLessThan(0.1);
    expect(grouped.limit).toBeGreaterThan(0.5);
  });

  it("says nothing where fewer than twenty pictures, or one group alone, were labelled", () => {
    expect(learnFamiliarity(pictures(19, D), D, Array.from({ length: 19 }, (_, at) => at))).toBeNull();
    expect(learnFamiliarity(pictures(30, D), D, Array<number>(30).fill(0))).toBeNull();
  });

  it("answers in under five milliseconds among a thousand pictures of 1,280 features", () => {
    const wide = learnFamiliarity(pictures(1500, 1280), 1280, Array.from({ length: 1500 }, (_, at) => at))!;
    expect(wide.rows.length).toBe(1000 * 1280);
    const asked = Array.from({ length: 20 }, () => picture(1280));
    isFamiliar(wide, asked[0]);
    const began = performance.now();
    for (const one of asked) isFamiliar(wide, one);
    // Ten times what a quiet machine takes, so that a busy one does not fail it.
    expect((performance.now() - began) / asked.length).toBeLessThan(50);
  });
});
