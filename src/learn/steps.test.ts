import { describe, expect, it } from "vitest";
import { finished, paced, partOf, type Steps } from "./steps.ts";

function* counted(steps: number, log: string[]): Steps<string> {
  try {
    for (let step = 1; step <= steps; step++) yield step / steps;
    return "result";
  } finally {
    log.push("cleaned up");
  }
}

describe("steps", () => {
  it("are all done at once, or with a pause after each that is told the share done", async () => {
    expect(finished(counted(3, []))).toBe("result");
    const shares: number[] = [];
    expect(await paced(partOf(counted(4, []), 0.5, 1), async (share) => void shares.push(share))).toBe("result");
    expect(shares).toEqual([0.625, 0.75, 0.875, 1]);
  });

  it("clean up after themselves where a pause throws, also as a part of something longer", async () => {
    const log: string[] = [];
    await expect(paced(partOf(counted(4, log), 0, 1), () => Promise.reject(new Error("stop")))).rejects.toThrow("stop");
    expect(log).toEqual(["cleaned up"]);
  });
});
