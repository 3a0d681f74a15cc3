import { describe, expect, it } from "vitest";
import { FIT, REPORT, SELECTION, buildPartialLabels, type LabelCell, type Parts } from "../../labels/index.ts";
import { denseFeatures } from "../../learn/index.ts";
import { plainKernels, randomSource } from "../../math/index.ts";
import { compareVersions } from "../compare/compare.ts";
import { improve, type ImproveRequest } from "../improve/improve.ts";
import { curvesOfVersion, type CurvesRequest } from "./curves.ts";

const [N, D] = [600, 6];

/** Pictures with normal features; a category is told by one of them; the last is answered for a few pictures only. */
function project(): Pick<ImproveRequest, "labels" | "parts" | "features"> {
  const random = randomSource("curves");
  const data = Float32Array.from({ length: N * D }, () => random.normal());
  const cells: LabelCell[] = [];
  for (let image = 0; image < N; image++)
    for (let category = 0; category < 3; category++) if (category < 2 || image < 40) cells.push({ image, category, value: data[image * D + category] + random.normal() > 0.3 ? 1 : 0 });
  const labels = buildPartialLabels({ imageIds: Array.from({ length: N }, (_, at) => `p${String(at).padStart(5, "0")}`), categories: ["7", "8", "9"], cells });
  const parts: Parts = { part: Uint8Array.from({ length: N }, (_, at) => (at % 5 < 3 ? FIT : at % 5 === 3 ? SELECTION : REPORT)), group: Uint32Array.from({ length: N }, (_, at) => at), origin: "hash-of-id" };
  return { labels, parts, features: denseFeatures(data, N, D) };
}

async function version(): Promise<CurvesRequest> {
  const given = project();
  const kernels = plainKernels();
  const improved = await improve({ ...given, own: null, only: null, priority: [], seed: 0, kernels, checkpoint: () => undefined, more: () => true });
  const after = { head: improved.head, thresholds: improved.categories.map(({ threshold }) => threshold), usable: improved.categories.map(({ usable }) => usable) };
  const { categories } = compareVersions({ ...given, before: null, after, stories: improved.categories, kernels, seed: 0, priority: [], leak: null });
  return { ...given, kernels, seed: 0, runs: improved.runs, compared: categories, checkpoint: () => undefined };
}

describe("the learning curves of a version", () => {
  it("end at what its comparison found, at as many false alarms, and are of the categories that could be judged", async () => {
    const asked = await version();
    expect(asked.compared.map(({ verdict }) => verdict)).toEqual(["better", "better", "few"]);
    const curves = await curvesOfVersion(asked);
    expect([...curves.keys()]).toEqual(["7", "8"]);
    for (const [c, name] of ["7", "8"].entries()) {
      const { after } = asked.compared[c];
      // The curve's last head is the version's but for its threshold.
      expect(Math.abs(curves.get(name)!.points[3].value - after!.found / after!.of)).toBeLessThan(0.03);
      expect(curves.get(name)!.judged.positive).toBe(after!.of);
    }
  });

  it("leave out categories that are worse or were kept, and work no more where none is left", async () => {
    const asked = await version();
    const others = asked.compared.map((one) => ({ ...one, verdict: one.category === "7" ? ("worse" as const) : ("kept" as const) }));
    expect((await curvesOfVersion({ ...asked, compared: others, checkpoint: () => expect.unreachable() })).size).toBe(0);
  });

  it("can be stopped, and tell how far they are", async () => {
    const asked = await version();
    const shares: number[] = [];
    const stopped = curvesOfVersion({
      ...asked,
      checkpoint: ({ done, total }) => {
        shares.push(done / total);
        if (done > 6) throw new Error("enough");
      },
    });
    await expect(stopped).rejects.toThrow("enough");
    expect(shares.length).toBeGreaterThan(6);
    expect(shares).toEqual(shares.toSorted((one, other) => one - other));
  });
});
