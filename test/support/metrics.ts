/** What a scrape of /metrics says. */
export interface Scrape {
  /** One series: `bounced_events_total` with `{ kind: "bounce" }`; the sum of those that have these labels; NaN without any. */
  readonly value: (name: string, labels?: Readonly<Record<string, string>>) => number;
  readonly names: ReadonlySet<string>;
  readonly text: string;
}

interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

export async function scrape(url: string): Promise<Scrape> {
  const response = await fetch(`${url}/metrics`);
  if (!response.ok) throw new Error(`/metrics: ${response.status}`);
  const text = await response.text();
  const samples = text.split("\n").flatMap((line): Sample[] => {
    const match = /^(\w+)(?:\{(.*)\})? (\S+)$/.exec(line);
    if (!match) return [];
    const pairs = [...(match[2] ?? "").matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)];
    return [
      {
        name: match[1] ?? "",
        labels: Object.fromEntries(pairs.map(([, key, value]) => [key, value])),
        value: Number(match[3]),
      },
    ];
  });
  return {
    text,
    names: new Set(samples.map(({ name }) => name)),
    value(name, labels = {}) {
      const fitting = samples.filter(
        (sample) =>
          sample.name === name && Object.entries(labels).every(([key, value]) => sample.labels[key] === value),
      );
      return fitting.length === 0 ? Number.NaN : fitting.reduce((sum, { value }) => sum + value, 0);
    },
  };
}
