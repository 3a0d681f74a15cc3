import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["src/**/*.test.ts", "test/**/*.test.ts"],
    globalSetup: ["test/support/tell-skips.ts"],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    reporters: ["default"],
    // What is printed to be typed next depends on how npm was asked to start the command: here, always as by `npm test`.
    env: { npm_command: "test" },
  },
});
