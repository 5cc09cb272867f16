/** Every query over the log says whether it counts what nothing proves: one that does not is how a stranger gets in. */
import { globSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";

const QUERY = /(?:selectFrom|innerJoin|leftJoin|crossJoin|deleteFrom|updateTable)\("events"\)|\bfrom events\b/;
const LINES_BEFORE = 8;
const LONGEST = 20;

/** The statement around a line, with what stands right above it. */
function statementAt(lines: readonly string[], at: number): string {
  const after = lines.slice(at, at + LONGEST);
  const end = after.findIndex((line) => /;\s*$|^\s*$/.test(line));
  return [...lines.slice(Math.max(0, at - LINES_BEFORE), at), ...after.slice(0, end < 0 ? LONGEST : end + 1)].join(
    "\n",
  );
}

/** Readers of the store: what they count is said in the call, or right above it. */
const READ = /\bstore\.(?:count|facets|series|iterate|search)\(|\biterateLog\(/;

test("every reader of the log says whose events it counts", () => {
  // The store itself, and what hands on questions of others as they were asked.
  const files = globSync("src/**/*.ts").filter(
    (path) => !/^src\/(?:store\/(?:log\/|store\.ts)|masking\/masked-store\.ts)/.test(path),
  );
  const reads = files.flatMap((path) => {
    const lines = readFileSync(path, "utf8").split("\n");
    return lines.flatMap((line, at) => (READ.test(line) ? [{ path, at, statement: statementAt(lines, at) }] : []));
  });
  expect(reads.length).toBeGreaterThan(15);
  const silent = reads.filter(
    ({ statement }) => !/\/\/ Trust: |\bcountedBy\(|\bcounted\b|\bCREDIBLE\b|\bisCredible\b/.test(statement),
  );
  expect(silent.map(({ path, at }) => `${path}:${at + 1}`)).toEqual([]);
});

test("every query says whose events it counts", () => {
  const files = globSync("src/**/*.ts").filter((path) => !/migrations/.test(path));
  const queries = files.flatMap((path) => {
    const lines = readFileSync(path, "utf8").split("\n");
    return lines.flatMap((line, at) => (QUERY.test(line) ? [{ path, at, statement: statementAt(lines, at) }] : []));
  });
  expect(queries.length).toBeGreaterThan(10);
  const silent = queries.filter(({ statement }) => !/\/\/ Trust: |\bCREDIBLE\b/.test(statement));
  expect(silent.map(({ path, at }) => `${path}:${at + 1}`)).toEqual([]);
});
