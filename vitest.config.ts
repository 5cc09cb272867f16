import { defineConfig } from "vitest/config";
import { ClosingLine } from "./test/support/closing-line.ts";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    pool: "forks",
    maxWorkers: 3,
    // A worker reads the modules once for all of its files: half the time of a test that starts nothing was their import.
    isolate: false,
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // What is waited for comes when it comes: on a machine with much else to do after more than the default of 1 s.
    expect: { poll: { timeout: 20_000 } },
    reporters: ["default", new ClosingLine()],
    globalSetup: ["test/support/run-folder.ts"],
    setupFiles: ["test/support/no-colour.ts"],
  },
});
