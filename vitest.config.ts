import { defineConfig } from "vitest/config";
import { ClosingLine } from "./test/support/closing-line.ts";

/** Folders whose files keep nothing in modules: a worker reads these once for all of them, which is half of their time. */
const SHARING = ["core", "event", "vendors", "return-path", "store", "tallies", "erasure"].map(
  (folder) => `test/${folder}/**/*.test.ts`,
);

export default defineConfig({
  test: {
    pool: "forks",
    maxWorkers: 3,
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // What is waited for comes when it comes: on a machine with much else to do after more than the default of 1 s.
    expect: { poll: { timeout: 20_000 } },
    reporters: ["default", new ClosingLine()],
    globalSetup: ["test/support/run-folder.ts"],
    setupFiles: ["test/support/no-colour.ts"],
    projects: [
      { extends: true, test: { name: "sharing", include: SHARING, isolate: false } },
      { extends: true, test: { name: "alone", include: ["test/**/*.test.ts"], exclude: SHARING } },
    ],
  },
});
