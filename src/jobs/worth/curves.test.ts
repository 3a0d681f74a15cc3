import { describe, expect, it } from "vitest";
import { curvesOfVersion } from "./curves.ts";
import { version } from "./version.cases.ts";

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
