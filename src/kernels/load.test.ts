import { describe, expect, it } from "vitest";
import { loadKernels, type KernelBuild } from "./index.ts";

describe("loadKernels", () => {
  it.each(["auto", "plain", "simd", "relaxed-simd"] as const)("answers a request for %s with kernels that compute", async (build) => {
    const kernels = await loadKernels({ build, threads: 2 });
    const x = kernels.matrix(2, 3, (block) => block.set([1, 2, 3, 4, 5, 6]));
    expect([...kernels.scores(x, Float64Array.of(1, 0, -1), Float64Array.of(0.5))]).toEqual([-1.5, -1.5]);
    expect([...kernels.gram(x)]).toEqual([17, 22, 27, 22, 29, 36, 27, 36, 45]);
    expect(kernels.name).toBe(build === "auto" ? "relaxed-simd" : build);
    x.dispose();
    kernels.dispose();
  });

  it("gives the plain kernels, on one thread, when asked for them", async () => {
    const kernels = await loadKernels({ build: "plain", threads: 7 });
    expect([kernels.name, kernels.threads]).toEqual(["plain", 1]);
  });

  it("refuses a build it does not know and a number of threads that makes no sense", async () => {
    await expect(loadKernels({ build: "fast" as KernelBuild })).rejects.toThrow(/one of auto, plain/);
    await expect(loadKernels({ threads: 0 })).rejects.toThrow(/at least 1/);
    await expect(loadKernels({ threads: 1.5 })).rejects.toThrow(/at least 1/);
  });
});
