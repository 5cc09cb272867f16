/** The release workflow runs elsewhere; here it is read. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parse } from "yaml";

interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Record<string, unknown>;
}
interface Job {
  readonly needs?: string | readonly string[];
  readonly permissions?: Record<string, string>;
  readonly steps: readonly Step[];
}
const FILE = ".github/workflows/release.yml";
const text = readFileSync(FILE, "utf8");
const { jobs, permissions } = parse(text) as { jobs: Record<string, Job>; permissions: object };
const scripts = Object.values(jobs).flatMap(({ steps }) =>
  steps.flatMap(({ run }) => (run === undefined ? [] : [run])),
);

test("every action is one commit, with its version beside it", () => {
  const lines = text.split("\n").filter((line) => /\buses: /.test(line));
  expect(lines.length).toBeGreaterThan(10);
  for (const line of lines) expect(line).toMatch(/uses: [\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
});

test("nothing is published before the tests pass, and each job has the rights that it needs", () => {
  expect(permissions).toEqual({});
  const passes = (name: string): boolean =>
    name === "test" || [jobs[name]?.needs ?? []].flat().some((each) => passes(each));
  for (const name of Object.keys(jobs)) expect(passes(name), name).toBe(true);
  const writers = (right: string) => Object.keys(jobs).filter((name) => jobs[name]?.permissions?.[right] === "write");
  expect(writers("contents")).toEqual(["release"]);
  expect(writers("packages")).toEqual(["image", "chart"]);
  expect(writers("id-token")).toEqual(["npm", "image", "deb"]);
});

test("the image is built for two platforms, with SBOM and provenance; npm publishes with provenance", () => {
  const build = jobs["image"]?.steps.find(({ uses }) => uses?.startsWith("docker/build-push-action@"));
  expect(build?.with).toMatchObject({ platforms: "linux/amd64,linux/arm64", sbom: true, provenance: "mode=max" });
  expect(readFileSync("Dockerfile", "utf8")).toMatch(/^FROM --platform=\$BUILDPLATFORM /m);
  expect(scripts.join("\n")).toContain("npm publish --ignore-scripts --provenance");
});

test("its scripts are shell, and name what is there", () => {
  for (const script of scripts) expect(spawnSync("bash", ["-n", "-c", script], { encoding: "utf8" }).stderr).toBe("");
  const all = scripts.join("\n");
  const { scripts: known } = JSON.parse(readFileSync("package.json", "utf8")) as { scripts: Record<string, string> };
  for (const [, name = ""] of all.matchAll(/npm run ([\w-]+)/g)) expect(Object.keys(known)).toContain(name);
  for (const [path] of all.matchAll(/\b(?:scripts|deploy)\/[\w./-]+/g)) expect(existsSync(path), path).toBe(true);
});

test("the compose file and the chart of a release name the image of that release", () => {
  const folder = mkdtempSync(join(tmpdir(), "bounced-release-"));
  const image = `ghcr.io/somebody/bounced@sha256:${"ab".repeat(32)}`;
  const changed = (file: string, step: RegExp): string => {
    const copy = join(folder, "file");
    writeFileSync(copy, readFileSync(file));
    const line = scripts.flatMap((script) => script.split("\n")).find((each) => step.test(each)) ?? "";
    const env = { PATH: process.env["PATH"], IMAGE: image, DIGEST: image.split("@")[1] };
    const { status } = spawnSync("bash", ["-euc", line.replace(file, copy)], { env });
    expect(status, line).toBe(0);
    return readFileSync(copy, "utf8");
  };
  const compose = changed("docker-compose.yml", /^sed .*docker-compose\.yml$/);
  expect(compose).toContain(`image: \${BOUNCED_IMAGE:-${image}}`);
  expect(compose).not.toMatch(/^ *build:/m);
  const values = parse(changed("deploy/helm/bounced/values.yaml", /^sed .*values\.yaml$/)) as { image: object };
  expect(values.image).toMatchObject({ repository: image, digest: image.split("@")[1] });
  rmSync(folder, { recursive: true });
});
