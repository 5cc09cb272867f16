import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { expect, test } from "vitest";
import { environmentSchema } from "../../src/config.ts";

interface Compose {
  readonly services: Record<
    string,
    {
      readonly environment?: Record<string, string>;
      readonly command?: readonly string[];
      readonly healthcheck?: { readonly test: readonly string[] };
      readonly volumes?: readonly string[];
      readonly depends_on?: Record<string, { readonly condition: string }>;
      readonly secrets?: readonly string[];
    }
  >;
  readonly volumes: Record<string, unknown>;
  readonly secrets: Record<string, unknown>;
}
const compose = parse(readFileSync("docker-compose.yml", "utf8")) as Compose;

test("the compose file's Redis keeps what it acknowledges", () => {
  const words = compose.services["redis"]?.command?.join(" ");
  expect(words).toContain("--appendonly yes");
  expect(words).toContain("--appendfsync always");
  expect(words).toContain("--maxmemory-policy noeviction");
});

test("every setting in the compose file is one that the program reads", () => {
  for (const name of Object.keys(compose.services["bounced"]?.environment ?? {}))
    expect(Object.keys(environmentSchema.shape)).toContain(name);
});

test("every volume, secret and dependency that a service names is declared", () => {
  for (const [name, service] of Object.entries(compose.services)) {
    for (const volume of service.volumes ?? []) {
      const source = volume.split(":")[0] ?? "";
      if (!source.startsWith(".")) expect(Object.keys(compose.volumes), name).toContain(source);
    }
    for (const secret of service.secrets ?? []) expect(Object.keys(compose.secrets), name).toContain(secret);
    for (const other of Object.keys(service.depends_on ?? {}))
      expect(Object.keys(compose.services), name).toContain(other);
  }
  for (const name of ["redis", "postgres"])
    expect(compose.services[name]?.healthcheck?.test.length, name).toBeGreaterThan(1);
});
