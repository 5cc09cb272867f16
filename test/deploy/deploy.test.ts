import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parse } from "yaml";
import { expect, test } from "vitest";
import { environmentSchema, loadConfig } from "../../src/config/config.ts";
import { ROLES } from "../../src/client/service.ts";

interface Compose {
  readonly services: Record<
    string,
    {
      readonly environment?: Record<string, string>;
      readonly command?: readonly string[];
      readonly healthcheck?: { readonly test: readonly string[] };
      readonly volumes?: readonly string[];
      readonly networks?: readonly string[];
      readonly depends_on?: Record<string, { readonly condition: string }>;
    }
  >;
  readonly volumes: Record<string, unknown>;
  readonly networks: Record<string, unknown>;
}
const compose = parse(readFileSync("docker-compose.yml", "utf8"), { merge: true }) as Compose;
const ROLE_SERVICES = ["smtp", "worker", "outputs", "policy", "http"] as const;

test("the compose file's Redis keeps what it acknowledges", () => {
  const words = compose.services["redis"]?.command?.join(" ");
  expect(words).toContain("--appendonly yes");
  expect(words).toContain("--appendfsync always");
  expect(words).toContain("--maxmemory-policy noeviction");
});

test("the compose file's Redis has a password of its own, and only the service reaches it", async () => {
  const folder = mkdtempSync(join(tmpdir(), "bounced-access-"));
  const entrypoint = join(folder, "entrypoint.sh");
  // In place of the image's: the words that it would hand to redis-server, here with a socket instead of a port.
  writeFileSync(entrypoint, `#!/bin/sh\nexec "$@" --port 0 --unixsocket ${folder}/redis.sock --dir ${folder}\n`, {
    mode: 0o755,
  });
  const words = compose.services["redis"]?.command?.slice(2) ?? [];
  const start = () =>
    spawn("sh", ["deploy/redis/start.sh", ...words], {
      env: { PATH: `${process.env["PATH"]}:/usr/sbin`, REDIS_ACCESS: folder, REDIS_ENTRYPOINT: entrypoint },
      stdio: "ignore",
    });
  const asked = async (password: string) => {
    const { stdout } = spawnSync("redis-cli", ["-s", `${folder}/redis.sock`, "config", "get", "appendfsync"], {
      env: { ...process.env, REDISCLI_AUTH: password },
      encoding: "utf8",
    });
    return stdout.trim();
  };
  let server = start();
  await expect.poll(() => asked(""), { timeout: 30_000 }).toContain("NOAUTH");
  const url = readFileSync(join(folder, "url"), "utf8").trim();
  const { password } = new URL(url);
  expect([url, statSync(join(folder, "url")).mode & 0o077]).toEqual([`redis://:${password}@redis:6379`, 0]);
  expect(password).toMatch(/^[0-9a-f]{64}$/);
  expect(await asked(password)).toBe("appendfsync\nalways");
  // The password stays when the container is made anew.
  for (const again of [true, false]) {
    const ended = once(server, "exit");
    server.kill();
    await ended;
    if (again) server = start();
    if (again) await expect.poll(() => asked(password), { timeout: 30_000 }).toBe("appendfsync\nalways");
  }
  rmSync(folder, { recursive: true });

  const networks = (service: string): readonly string[] => compose.services[service]?.networks ?? ["default"];
  expect(networks("redis")).toEqual(["queue"]);
  expect(compose.networks).toEqual({ queue: { internal: true }, log: { internal: true } });
  for (const service of Object.keys(compose.services).filter((name) => networks(name).includes("queue")))
    expect(["redis", ...ROLE_SERVICES]).toContain(service);
});

test("a release pins images by digest, and says which has none", () => {
  const folder = mkdtempSync(join(tmpdir(), "bounced-pins-"));
  const docker = `#!/bin/sh\necho sha256:${"ab".repeat(32)}\n`;
  writeFileSync(join(folder, "docker"), docker, { mode: 0o755 });
  for (const name of ["docker-compose.yml", "Dockerfile"]) copyFileSync(name, join(folder, name));
  const run = (...words: string[]) =>
    spawnSync(process.execPath, [resolve("scripts/pin-images.ts"), ...words], {
      cwd: folder,
      env: { PATH: folder },
      encoding: "utf8",
    });
  expect(run().status).toBe(0);
  expect(run("--check")).toMatchObject({ status: 0, stderr: "" });
  const { services } = parse(readFileSync(join(folder, "docker-compose.yml"), "utf8"), { merge: true }) as {
    services: Record<string, { image: string }>;
  };
  for (const { image } of Object.values(services))
    expect(image).toMatch(/^\$\{BOUNCED_IMAGE:-bounced\}$|@sha256:(ab){32}$/);
  expect(readFileSync(join(folder, "Dockerfile"), "utf8").match(/^FROM .*@sha256:(ab){32}/gm)).toHaveLength(2);
  expect(run().status).toBe(0);
  writeFileSync(join(folder, "Dockerfile"), "FROM node:26-bookworm-slim\n");
  expect(run("--check")).toMatchObject({ status: 1, stderr: "Dockerfile: node:26-bookworm-slim has no digest\n" });
  rmSync(folder, { recursive: true });
});

test("everything in the lockfile has a digest", () => {
  const { packages } = JSON.parse(readFileSync("package-lock.json", "utf8")) as {
    packages: Record<string, { link?: boolean; integrity?: string }>;
  };
  const without = Object.entries(packages)
    .filter(
      ([path, { link, integrity }]) => path.includes("node_modules/") && !link && !integrity?.startsWith("sha512-"),
    )
    .map(([path]) => path);
  expect(without).toEqual([]);
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
  expect(dockerfile).toMatch(/^USER 1000$/m);
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
