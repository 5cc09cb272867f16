import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

interface Manifest {
  readonly dependencies?: Record<string, string>;
  readonly devDependencies?: Record<string, string>;
  readonly optionalDependencies?: Record<string, string>;
}
const read = (path: string) => JSON.parse(readFileSync(path, "utf8")) as Manifest;
const installed = ["package.json", "scripts/toolchain/package.json"].flatMap((path) => {
  const { dependencies, devDependencies, optionalDependencies } = read(path);
  return Object.entries({ ...dependencies, ...devDependencies, ...optionalDependencies });
});
const named = new Set(
  [...readFileSync("docs/dependencies.md", "utf8").matchAll(/^\| (`.*?`) \|/gm)].flatMap((row) =>
    [...(row[1] ?? "").matchAll(/`([^`]+)`/g)].map((match) => match[1]),
  ),
);

test("every dependency is justified, and none that is gone", () => {
  expect(named).toEqual(new Set(installed.map(([name]) => name)));
});

test("every version is exact", () => {
  for (const [name, version] of installed) expect(version, name).toMatch(/^\d+\.\d+\.\d+$/);
});

test("the lockfile has no address of a registry, and the packages of other platforms", () => {
  const lock = readFileSync("package-lock.json", "utf8");
  expect(lock).not.toContain('"resolved": "http');
  expect(lock).toContain("@oxfmt/binding-darwin-arm64");
});
