/** The configs that come with the package: each is read by the command's own reader. */
import { readdirSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { readExperiment } from "../../src/workflows/experiment/config.ts";

const folder = resolve(import.meta.dirname, "../../docs/experiments");
const configs = readdirSync(folder).filter((name) => name.endsWith(".toml"));

describe("the configs in docs/experiments", () => {
  it.each(configs)("%s is read without complaint, and compares something", async (name) => {
    const config = await readExperiment(resolve(folder, name));
    expect(config.methods[0]).toBe("base");
    expect(config.methods.length * config.strategies.length).toBeGreaterThan(1);
  });

  it("are named differently, so that their results can be told apart", async () => {
    const names = await Promise.all(configs.map(async (name) => (await readExperiment(resolve(folder, name))).name));
    expect(new Set(names).size).toBe(configs.length);
  });
});
