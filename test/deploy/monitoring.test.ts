/** Dashboard and alert rules ask for metrics and labels that exist, in expressions that Prometheus's own grammar takes. */
import { readFileSync } from "node:fs";
import { parser } from "@prometheus-io/lezer-promql";
import { beforeAll, expect, test } from "vitest";
import { parse } from "yaml";
import { collectProcessMetrics, registry } from "../../src/telemetry/metrics.ts";
import { policyAge } from "../../src/telemetry/policy-metrics.ts";
import { redisDurable } from "../../src/telemetry/redis-metrics.ts";
import { sends } from "../../src/telemetry/send-metrics.ts";
import { syncItems } from "../../src/telemetry/sync-metrics.ts";
import { deskNotes } from "../../src/telemetry/help-desk-metrics.ts";

interface Asked {
  readonly where: string;
  readonly expression: string;
}
interface Panel {
  readonly title: string;
  readonly type: string;
  readonly targets?: readonly { readonly expr: string; readonly legendFormat: string }[];
}
interface AlertRule {
  readonly alert: string;
  readonly expr: string;
  readonly annotations: { readonly summary: string };
}

const { panels } = JSON.parse(readFileSync("deploy/grafana/bounced.json", "utf8")) as {
  readonly panels: readonly Panel[];
};
const { groups } = parse(readFileSync("deploy/prometheus/alerts.yml", "utf8")) as {
  readonly groups: readonly { readonly rules: readonly AlertRule[] }[];
};
const rules = groups.flatMap((group) => group.rules);
const asked: readonly Asked[] = [
  ...panels.flatMap(({ title, targets = [] }) => targets.map(({ expr }) => ({ where: title, expression: expr }))),
  ...rules.map(({ alert, expr }) => ({ where: alert, expression: expr })),
];

/** Given by whoever scrapes, by a histogram, and by a service that runs as several processes. */
const OTHER_LABELS = ["instance", "job", "le", "process"];
const known = new Map<string, readonly string[]>();
let own: readonly string[] = [];
beforeAll(async () => {
  own = (await registry.getMetricsAsJSON()).map(({ name }) => name);
  collectProcessMetrics("test");
  for (const { name, type } of await registry.getMetricsAsJSON()) {
    const { labelNames = [] } = registry.getSingleMetric(name) as { readonly labelNames?: readonly string[] };
    const names = String(type) === "histogram" ? [`${name}_bucket`, `${name}_sum`, `${name}_count`] : [name];
    for (const each of names) known.set(each, labelNames);
  }
  known.set("up", []);
});

/** Names of metrics and of labels in an expression; throws where it is not PromQL. */
function namesIn(expression: string): { readonly metrics: readonly string[]; readonly labels: readonly string[] } {
  const metrics: string[] = [];
  const labels: string[] = [];
  parser.parse(expression).iterate({
    enter({ name, from, to, type }) {
      if (type.isError) throw new Error(`not PromQL at ${from}: ${expression}`);
      if (name === "Identifier") metrics.push(expression.slice(from, to));
      if (name === "LabelName") labels.push(expression.slice(from, to));
    },
  });
  return { metrics, labels };
}

test("every panel but the headings of rows asks for something, every rule says what to do", () => {
  for (const { title, type, targets = [] } of panels) expect(targets.length > 0, title).toBe(type !== "row");
  for (const { alert, annotations } of rules) expect(annotations.summary.length, alert).toBeGreaterThan(20);
  expect(asked.length).toBeGreaterThan(40);
});

test.each(asked)("$where: $expression", ({ expression }) => {
  const { metrics, labels } = namesIn(expression);
  expect(metrics.length).toBeGreaterThan(0);
  const ours = metrics.map((name) => {
    expect([...known.keys()], name).toContain(name);
    return known.get(name) ?? [];
  });
  for (const label of labels) expect([...ours.flat(), ...OTHER_LABELS], label).toContain(label);
});

test("a metric that does not exist, and an expression that is none, would be found", () => {
  expect(namesIn("rate(bounced_nonsense_total[5m])").metrics).toEqual(["bounced_nonsense_total"]);
  expect(() => namesIn("sum(rate(bounced_events_total[5m])")).toThrow("not PromQL");
});

test("docs/metrics.md: every metric of ours with its kind, its labels and its help, and none that is gone", async () => {
  expect((await policyAge.get()).help).toContain("list in memory");
  expect((await redisDurable.get()).help).toContain("power cut");
  expect((await sends.get()).help).toContain("delivered");
  expect((await syncItems.get()).help).toContain("provider");
  expect((await deskNotes.get()).help).toContain("help desk");
  const rows = [
    ...readFileSync("docs/metrics.md", "utf8").matchAll(/^\| `(bounced_\w+)` \| (\w+) \| (.*?) \| (.*) \|$/gm),
  ];
  const documented = rows.map(([, name, type, labels, help]) => ({ name, type, labels, help }));
  const declared = (await registry.getMetricsAsJSON())
    .filter(({ name }) => own.includes(name))
    .map(({ name, type, help }) => ({
      name,
      type: String(type),
      labels: (known.get(name) ?? known.get(`${name}_count`) ?? []).map((label) => `\`${label}\``).join(", "),
      help,
    }));
  // They are declared in the order in which the files of this worker load them.
  const byName = (one: { name?: string | undefined }, other: { name?: string | undefined }): number =>
    (one.name ?? "") < (other.name ?? "") ? -1 : 1;
  expect(documented.toSorted(byName)).toEqual(declared.toSorted(byName));
});
