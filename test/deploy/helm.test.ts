/** The chart, rendered by Helm itself; every manifest is checked against the types of Kubernetes by the TypeScript compiler. */
import { execFile, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { afterAll, expect, test, vi } from "vitest";
import { parse, parseAllDocuments } from "yaml";
import { environmentSchema, loadConfig } from "../../src/config/config.ts";
import { ROLES } from "../../src/client/service.ts";
import { provideKubernetesTools } from "../support/kubernetes/provide.ts";

vi.setConfig({ testTimeout: 120_000 });

const CHART = "deploy/helm/bounced";
const folder = mkdtempSync(join(tmpdir(), "bounced-helm-"));
const tools = provideKubernetesTools();
afterAll(() => rmSync(folder, { recursive: true }));

interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string };
}
interface Container {
  readonly name: string;
  readonly image: string;
  readonly command: readonly string[];
  readonly env?: readonly { readonly name: string; readonly value?: string }[];
  readonly securityContext: object;
  readonly volumeMounts: readonly { readonly mountPath: string }[];
  readonly readinessProbe: { readonly httpGet: { readonly path: string } };
}
interface Deployment extends Manifest {
  readonly spec: {
    readonly template: {
      readonly spec: {
        readonly containers: readonly [Container];
        readonly initContainers?: readonly Container[];
        readonly securityContext: object;
      };
    };
  };
}

function helm(words: readonly string[], values: object) {
  const file = join(folder, "values.json");
  writeFileSync(file, JSON.stringify(values));
  return spawnSync(tools.helm, [...words, "--values", file], {
    encoding: "utf8",
    env: { PATH: process.env["PATH"], HOME: folder },
  });
}
function render(values: object): readonly Manifest[] {
  const { status, stdout, stderr } = helm(["template", "mail", CHART, "--namespace", "mail"], values);
  expect({ status, stderr }).toMatchObject({ status: 0 });
  return parseAllDocuments(stdout).map((document) => document.toJS() as Manifest);
}
const refusalOf = (values: object): string => helm(["template", "mail", CHART], values).stderr;
const ofKind = (manifests: readonly Manifest[], kind: string) => manifests.filter((each) => each.kind === kind);
const deploymentsOf = (manifests: readonly Manifest[]) =>
  ofKind(manifests, "Deployment") as unknown as readonly Deployment[];

const SMALL = { redis: { url: "redis://:secret@redis:6379" }, database: { url: "postgres://b:secret@db/bounced" } };
const WHOLE = {
  image: { repository: "registry.example/bounced", digest: `sha256:${"ab".repeat(32)}` },
  imagePullSecrets: [{ name: "registry" }],
  redis: { existingSecret: "redis", key: "address" },
  database: { existingSecret: "database" },
  returnPath: { existingSecret: "keys" },
  apiTokens: { existingSecret: "tokens" },
  tls: { existingSecret: "certificate" },
  settings: { BOUNCED_REQUIRE_SIGNED: "1", BOUNCED_PROXY_PROTOCOL: "10.0.0.0/8" },
  config: { suppression: { soft: { failures: 4 } } },
  rules: { "own.yaml": "- id: own\n" },
  components: { policy: { enabled: true } },
  podAnnotations: { note: "x" },
  nodeSelector: { disk: "ssd" },
  tolerations: [{ key: "mail", operator: "Exists" }],
  priorityClassName: "high",
  persistence: { storageClass: "fast" },
  services: { smtp: { annotations: { a: "b" } } },
  ingress: { enabled: true, className: "nginx", annotations: { a: "b" }, tlsSecret: "pages" },
  serviceMonitor: { enabled: true, labels: { release: "prometheus" }, tokenSecret: { name: "metrics" } },
};
const small = render(SMALL);
const whole = render(WHOLE);

test("helm lint passes, and the versions are those of the package", () => {
  for (const values of [{}, SMALL, WHOLE])
    expect(helm(["lint", "--strict", CHART], values)).toMatchObject({ status: 0 });
  const { version } = JSON.parse(readFileSync("package.json", "utf8")) as { version: string };
  expect(parse(readFileSync(`${CHART}/Chart.yaml`, "utf8"))).toMatchObject({ version, appVersion: version });
});

test("every manifest has the fields that Kubernetes knows, and no other", async () => {
  const modules = (kind: string, apiVersion: string): string =>
    apiVersion.startsWith("monitoring.")
      ? `@kubernetes-models/prometheus-operator/${apiVersion}/${kind}`
      : `kubernetes-models/${apiVersion}/${kind}`;
  const manifests = [...small, ...whole];
  const kinds = new Map(manifests.map(({ kind, apiVersion }) => [kind, modules(kind, apiVersion)]));
  const imports = [...kinds].map(([kind, path]) => `import type { I${kind} } from "${path}";\n`);
  const check = async (each: readonly Manifest[]): Promise<string> => {
    const constants = each.map((it, index) => `export const m${index}: I${it.kind} = ${JSON.stringify(it)};\n`);
    writeFileSync(join(folder, "manifests.mts"), [...imports, ...constants].join(""));
    const words = ["--noEmit", "--strict", "--skipLibCheck", "--module", "nodenext", "manifests.mts"];
    const tsc = promisify(execFile)(process.execPath, [resolve("node_modules/typescript/bin/tsc"), ...words], {
      cwd: folder,
    });
    return await tsc.then(
      () => "",
      (error: { stdout: string }) => error.stdout,
    );
  };
  symlinkSync(join(tools.folder, "node_modules"), join(folder, "node_modules"));
  expect(await check(manifests)).toBe("");
  const [first] = deploymentsOf(small);
  expect(await check([{ ...first, spec: { ...first?.spec, replica: 2 } } as unknown as Manifest])).toContain("replica");
}, 120_000);

test("all roles run but follow, each with settings that the program reads", () => {
  const containers = deploymentsOf(whole).map(({ spec }) => spec.template.spec.containers[0]);
  const roles = containers.flatMap(({ command }) => command.at(-1)?.split(",") ?? []);
  expect(new Set([...roles, "follow"])).toEqual(new Set(ROLES));
  for (const { command, env = [] } of containers) {
    expect(command.slice(0, 3)).toEqual(["node", "src/cli/main.ts", "serve"]);
    const names = env.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    for (const name of names) expect(Object.keys(environmentSchema.shape)).toContain(name);
    expect(() =>
      loadConfig(Object.fromEntries(env.flatMap(({ name, value }) => (value?.startsWith("/") ? [] : [[name, value]])))),
    ).not.toThrow();
  }
  const probeOf = (component: string) => containers.find(({ name }) => name === component)?.readinessProbe.httpGet.path;
  expect(["smtp", "http", "worker"].map(probeOf)).toEqual(["/readyz?for=smtp", "/readyz?for=api", "/readyz"]);
});

test("every pod is an ordinary user with a root file system that nobody writes", () => {
  for (const manifests of [small, whole])
    for (const { spec } of deploymentsOf(manifests)) {
      const { containers, initContainers = [], securityContext } = spec.template.spec;
      expect(securityContext).toMatchObject({ runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } });
      for (const container of [...containers, ...initContainers])
        expect(container.securityContext).toEqual({
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          capabilities: { drop: ["ALL"] },
        });
    }
});

test("components with several pods have a budget, all have a network policy, secrets are in no Deployment", () => {
  const namesOf = (kind: string, manifests: readonly Manifest[]) =>
    ofKind(manifests, kind).map((it) => it.metadata.name);
  expect(namesOf("PodDisruptionBudget", small)).toEqual(["mail-bounced-smtp", "mail-bounced-worker"]);
  expect(namesOf("NetworkPolicy", whole)).toEqual(namesOf("Deployment", whole));
  expect(namesOf("ServiceMonitor", small)).toEqual([]);
  expect(namesOf("ServiceMonitor", whole)).toEqual(["mail-bounced"]);
  expect(JSON.stringify(deploymentsOf(small))).not.toContain("secret@");
  const [secret] = ofKind(whole, "Secret") as unknown as readonly [{ stringData: Record<string, string> }];
  expect(Object.keys(secret.stringData)).toEqual(["bounced.yaml"]);
  expect(parse(secret.stringData["bounced.yaml"] ?? "")).toEqual(WHOLE.config);
  for (const { spec } of deploymentsOf(whole))
    expect(spec.template.spec.containers[0].image).toBe(`registry.example/bounced@sha256:${"ab".repeat(32)}`);
});

test("what cannot run is refused, with what to set", () => {
  expect(refusalOf({})).toContain("set redis.url or redis.existingSecret");
  expect(refusalOf({ redis: SMALL.redis })).toContain("set database.url or database.existingSecret");
  expect(refusalOf({ ...SMALL, components: { outputs: { replicas: 2 } } })).toContain("components.outputs.replicas");
  expect(refusalOf({ ...SMALL, components: { worker: { roles: ["wroker"] } } })).toContain(
    "/components/worker/roles/0",
  );
  expect(refusalOf({ ...SMALL, replicas: 3 })).toContain("replicas");
});
