import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "yaml";
import { expect, test } from "vitest";
import { environmentSchema, loadConfig } from "../../src/config.ts";
import { ROLES } from "../../src/service.ts";

interface Compose {
  readonly services: Record<
    string,
    {
      readonly environment?: Record<string, string>;
      readonly command?: readonly string[];
      readonly healthcheck?: { readonly test: readonly string[] };
      readonly volumes?: readonly string[];
      readonly depends_on?: Record<string, { readonly condition: string }>;
    }
  >;
  readonly volumes: Record<string, unknown>;
}
const compose = parse(readFileSync("docker-compose.yml", "utf8"), { merge: true }) as Compose;
const ROLE_SERVICES = ["smtp", "worker", "outputs", "http"] as const;

test("the compose file's Redis keeps what it acknowledges", () => {
  const words = compose.services["redis"]?.command?.join(" ");
  expect(words).toContain("--appendonly yes");
  expect(words).toContain("--appendfsync always");
  expect(words).toContain("--maxmemory-policy noeviction");
});

test("every setting in the compose file is one that the program reads", () => {
  for (const name of ROLE_SERVICES.flatMap((service) => Object.keys(compose.services[service]?.environment ?? {})))
    expect(Object.keys(environmentSchema.shape)).toContain(name.replace(/_FILE$/, ""));
});

test("the containers run every role, each with health and metrics; the log is there before what it wants is classified", () => {
  const roles = ROLE_SERVICES.flatMap((service) => compose.services[service]?.command?.at(-1)?.split(",") ?? []);
  expect(new Set(roles)).toEqual(new Set(ROLES));
  for (const service of ROLE_SERVICES) expect(compose.services[service]?.command?.at(-1)).toMatch(/\bhttp$/);
  expect(compose.services["worker"]?.depends_on?.["outputs"]?.condition).toBe("service_healthy");
});

test("Prometheus asks every container", () => {
  const { scrape_configs } = parse(readFileSync("deploy/prometheus/prometheus.yml", "utf8")) as {
    scrape_configs: { dns_sd_configs: { names: string[] }[] }[];
  };
  expect(scrape_configs[0]?.dns_sd_configs[0]?.names).toEqual([...ROLE_SERVICES]);
});

test("the image has what it starts", () => {
  const dockerfile = readFileSync("Dockerfile", "utf8");
  const copied = [...dockerfile.matchAll(/^COPY (?!--)(.+) \S+$/gm)].flatMap(([, names = ""]) => names.split(" "));
  expect(copied).toEqual(expect.arrayContaining(["package.json", "src", "workers"]));
  for (const name of copied) expect(existsSync(name), name).toBe(true);
  expect(dockerfile).toMatch(/^USER node$/m);
});

test("systemd takes the unit as it is, and finds it well shut off", () => {
  const unit = readFileSync("deploy/systemd/bounced.service", "utf8");
  expect(unit).toContain("KillMode=mixed");
  const folder = mkdtempSync(join(tmpdir(), "bounced-unit-"));
  // The program must be there for systemd to agree.
  writeFileSync(join(folder, "bounced.service"), unit.replace("/usr/bin/env bounced", "/usr/bin/env true"));
  const run = (...words: string[]) => spawnSync("systemd-analyze", words, { cwd: folder, encoding: "utf8" });
  expect(run("verify", "./bounced.service")).toMatchObject({ status: 0, stderr: "" });
  const rating = run("security", "--offline=true", "./bounced.service").stdout;
  expect(Number(/exposure level for bounced.service: ([\d.]+)/.exec(rating)?.[1])).toBeLessThan(2);
  rmSync(folder, { recursive: true });
});

test("every volume and dependency that a service names is declared", () => {
  for (const [name, service] of Object.entries(compose.services)) {
    for (const volume of service.volumes ?? []) {
      const source = volume.split(":")[0] ?? "";
      if (!source.startsWith(".")) expect(Object.keys(compose.volumes), name).toContain(source);
    }
    for (const other of Object.keys(service.depends_on ?? {}))
      expect(Object.keys(compose.services), name).toContain(other);
  }
  for (const name of ["redis", "postgres"])
    expect(compose.services[name]?.healthcheck?.test.length, name).toBeGreaterThan(1);
});

test("secrets come from files that variables name", () => {
  const folder = mkdtempSync(join(tmpdir(), "bounced-secrets-"));
  const file = (name: string, text: string): string => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  const config = loadConfig({
    BOUNCED_SECRET_FILE: file("secret", "first,second\n"),
    REDIS_URL_FILE: file("redis", "redis://:hidden@redis:6379\n"),
    DATABASE_URL_FILE: file("empty", ""),
  });
  expect(config).toMatchObject({
    BOUNCED_SECRET: ["first", "second"],
    REDIS_URL: "redis://:hidden@redis:6379",
    DATABASE_URL: "",
  });
  expect(() => loadConfig({ BOUNCED_SECRET_FILE: join(folder, "none") })).toThrow(
    /BOUNCED_SECRET_FILE: cannot read .*none/,
  );
  expect(() => loadConfig({ BOUNCED_SECRET: "x", BOUNCED_SECRET_FILE: join(folder, "secret") })).toThrow("keep one");
  rmSync(folder, { recursive: true });
});
