import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { buildProgram } from "../../src/cli/program.ts";
import { cliReference } from "../../src/cli/reference.ts";

describe("docs/cli.md", () => {
  const page = readFileSync(resolve(import.meta.dirname, "../../docs/cli.md"), "utf8");

  it("is the help of the commands as it stands; node scripts/write-reference.ts renews it", () => {
    expect(page).toBe(cliReference());
  });

  it("has every command, and every option with a word about it, in lines a window holds", () => {
    const { commands } = buildProgram();
    expect(commands.map((command) => command.name())).toEqual(["demo", "inspect", "extract", "convert", "mask", "pretrain", "tune", "average", "evaluate", "predict", "experiment", "report", "serve", "backup", "restore"]);
    for (const command of commands) {
      expect(page).toContain(`## catwise ${command.name()}\n`);
      for (const option of command.options) expect(option.description, `${command.name()} ${option.long}`).toMatch(/\w{3}/);
    }
    const help = page.split("```").filter((_, at) => at % 2 === 1).join("");
    for (const line of help.split("\n")) expect(line.length, line).toBeLessThanOrEqual(100);
  });
});
