/** What the log should do with ten million events on two cores, beside what was measured. */

interface Goal {
  readonly figure: string;
  /** Where it is in what was measured. */
  readonly path: string;
  readonly atMost?: number;
  readonly atLeast?: number;
}

const P95 = "p95";

const goalsOf = (dialect: string): readonly Goal[] => [
  { figure: "part of an address in 7 days, p95 ms", path: `questions.partOfAddress7DaysMs.${P95}`, atMost: 40 },
  { figure: "part of an address in 40 days, p95 ms", path: `questions.partOfAddress40DaysMs.${P95}`, atMost: 100 },
  { figure: "exact address in 40 days, p95 ms", path: `questions.addressMs.${P95}`, atMost: 3 },
  { figure: "part of a subject in 30 days, p95 ms", path: `questions.partOfSubjectMs.${P95}`, atMost: 100 },
  { figure: "text of a diagnostic in 7 days, p95 ms", path: `questions.diagnosticMs.${P95}`, atMost: 100 },
  { figure: "count of 30 days, p95 ms", path: `questions.count30DaysMs.${P95}`, atMost: 300 },
  { figure: "series of 30 days, p95 ms", path: `questions.series30DaysMs.${P95}`, atMost: 300 },
  { figure: "facets of 30 days, p95 ms", path: `questions.facets30DaysMs.${P95}`, atMost: 300 },
  { figure: "one check, p95 ms", path: `list.oneMs.${P95}`, atMost: 2 },
  { figure: "1,000 checks, p95 ms", path: `list.thousandMs.${P95}`, atMost: 8 },
  {
    figure: "events written a second beside searches",
    path: "writeWhileSearching.insertsPerSecond",
    atLeast: dialect === "postgres" ? 3000 : 2500,
  },
  { figure: "retention of one day, ms", path: "retention.retentionMs", atMost: 1000 },
  { figure: "writers slowed by it, share", path: "retention.slowedBy", atMost: 0.1 },
  { figure: "memory that a CSV of a million adds, MB", path: "csv.memoryGrowthMb", atMost: 20 },
];

/** One line for each that was measured. */
export function besideGoals(measured: object, dialect: string): readonly string[] {
  return goalsOf(dialect).flatMap(({ figure, path, atMost, atLeast }) => {
    const value = path
      .split(".")
      .reduce<unknown>((at, name) => (at as Readonly<Record<string, unknown>> | undefined)?.[name], measured);
    if (typeof value !== "number") return [];
    const isMet = atMost === undefined ? value >= (atLeast ?? 0) : value <= atMost;
    const goal = atMost === undefined ? `at least ${atLeast}` : `at most ${atMost}`;
    return [`${figure.padEnd(42)} ${String(value).padStart(8)}   goal: ${goal}${isMet ? "" : "   MISSED"}`];
  });
}
