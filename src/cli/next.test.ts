import { describe, expect, it } from "vitest";
import { calledAs, nextCommand } from "./next.ts";

describe("the command to type next", () => {
  it("is quoted where a shell needs it, and leaves out what was not given", () => {
    expect(nextCommand(["tune", ["--model", "my model.onnx"], ["--labels", undefined], ["--out", "tuned.onnx"]])).toBe("Next: catwise tune --model 'my model.onnx' --out tuned.onnx");
  });

  it("begins with npx where npx was how the command was called", () => {
    expect(calledAs({ npm_command: "exec" })).toBe("npx catwise");
    expect(calledAs({ npm_command: "run-script" })).toBe("catwise");
    expect(calledAs({})).toBe("catwise");
  });
});
