import type { Reporter, TestModule } from "vitest/node";

/** Ends the output with one line that any script can read: `N passed, N failed`. */
export class ClosingLine implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly unknown[]): void {
    let passed = 0;
    let failed = unhandledErrors.length;
    for (const module of modules) {
      failed += module.errors().length;
      for (const test of module.children.allTests()) {
        const { state } = test.result();
        if (state === "passed") passed++;
        else if (state === "failed") failed++;
      }
    }
    // After vitest's own summary, which is printed in the same tick.
    setImmediate(() => console.log(`${passed} passed, ${failed} failed`));
  }
}
