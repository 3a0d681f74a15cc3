/** What starting loads, asked of the built package in processes of their own. */
import { execFileSync } from "node:child_process";
import { resolve } from "node:path";
import { describe, expect, it } from "vitest";

const root = resolve(import.meta.dirname, "../..");
const command = resolve(root, "dist/cli/main.js");

/** Notes every module that is asked for, however it is asked for, and tells them on standard error at the end. */
const hook = `data:text/javascript,${encodeURIComponent(`
  import { registerHooks } from "node:module";
  const seen = [];
  registerHooks({ load: (url, context, next) => { seen.push(url); return next(url, context); } });
  process.on("exit", () => process.stdout.write("\\nLOADED " + JSON.stringify(seen)));
`)}`;

function loadedBy(args: readonly string[]): string[] {
  const output = execFileSync(process.execPath, ["--import", hook, ...args], { cwd: root, encoding: "utf8" });
  return (JSON.parse(output.slice(output.lastIndexOf("LOADED ") + 7)) as string[]).filter((url) => url.startsWith("file:")).map((url) => url.slice(url.indexOf(root) + root.length + 1));
}

const packageOf = (path: string): string => /^node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1] ?? "";

describe("starting", () => {
  it("shows help with the command line's own files and commander, and nothing else", () => {
    const loaded = loadedBy([command, "--help"]);
    expect(loaded).toContain("dist/cli/tune.js");
    expect(new Set(loaded.map(packageOf))).toEqual(new Set(["", "commander", "leven"]));
    expect(loaded.filter((path) => path.startsWith("dist/") && !path.startsWith("dist/cli/"))).toEqual(["dist/errors.js"]);
    expect(loaded.length).toBeLessThan(50);
  });

  it("imports the library, whole and by rooms, without the inference runtime and the image decoder", () => {
    for (const name of ["catwise", "catwise/model", "catwise/workflows", "catwise/workspace"]) {
      const loaded = loadedBy(["--input-type=module", "-e", `import "${name}"`]);
      expect(loaded.some((path) => path.startsWith("dist/"))).toBe(true);
      expect(loaded.map(packageOf).filter((each) => /onnxruntime|sharp|^@img/.test(each))).toEqual([]);
    }
  });

  it("loads both when they are used, so that the two tests above would see them", () => {
    const loaded = loadedBy(["--input-type=module", "-e", 'import { decodeImage, imagenetPreprocessing } from "catwise/model"; await decodeImage("README.md", imagenetPreprocessing(8, 8), new Float32Array(192)); await import("onnxruntime-node");']);
    expect(loaded.map(packageOf)).toEqual(expect.arrayContaining(["sharp", "onnxruntime-node"]));
  });
});
