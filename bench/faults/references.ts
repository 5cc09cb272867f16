/** What the test suite proves already: run from here, so that the table is complete. */
import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Outcome, Scenario } from "./scenario.ts";

interface Reference {
  readonly id: string;
  readonly what: string;
  /** Test file -> how the names of the tests begin; an empty list means all of them. */
  readonly tests: Readonly<Record<string, readonly string[]>>;
}

const LISTENER = "test/smtp/listener.test.ts";

const REFERENCES: readonly Reference[] = [
  {
    id: "A13",
    what: "a message that takes all memory of its reader",
    tests: { "test/reading/threads.test.ts": [], "test/reading/pool.test.ts": ["a message that takes all memory"] },
  },
  {
    id: "B12",
    what: "handing out events is interrupted and done again",
    tests: { "test/queues/emit.test.ts": ["emitting the same message again adds nothing"] },
  },
  {
    id: "B15",
    what: "what failed for good is seen and comes back when it is put back",
    tests: { "test/queues/quarantine.test.ts": [] },
  },
  { id: "D02", what: "clients vanish at every stage", tests: { [LISTENER]: ["clients that vanish at any moment"] } },
  {
    id: "D09",
    what: "garbage in place of TLS, half a handshake, commands in the clear behind STARTTLS",
    tests: {
      [LISTENER]: ["commands sent in the clear", "garbage at every stage", "a client that trickles octets is ended"],
    },
  },
  {
    id: "D10",
    what: "PROXY headers: wrong, endless, from strangers",
    tests: { "test/smtp/proxy-header.test.ts": [], [LISTENER]: ["a PROXY header from anybody else"] },
  },
  { id: "D11", what: "random dialogues, with a saved corpus", tests: { "test/smtp/fuzz.test.ts": [] } },
  {
    id: "D12",
    what: "storing fails in every way: one reply, a temporary one",
    tests: { [LISTENER]: ["a fault of ours is temporary", "an intake that never answers"] },
  },
  { id: "D13", what: "the documented replies, word for word", tests: { "test/dialogues.test.ts": [] } },
  {
    id: "D14",
    what: "8BITMIME, SMTPUTF8, no BDAT; LMTP",
    tests: {
      "test/dialogues.test.ts": ["test/dialogues/what-is-off", "test/dialogues/lmtp", "test/dialogues/one-bounce"],
    },
  },
  {
    id: "E10",
    what: "cost of every rule, and refusal of bad ones",
    tests: { "test/core/classify/rule-cost.test.ts": [], "test/rules/rule-files.test.ts": [] },
  },
  {
    id: "E12",
    what: "random and damaged reports, fields and addresses, with a saved corpus",
    tests: { "test/core/fuzz.test.ts": [], "test/core/grammar-fuzz.test.ts": [] },
  },
  {
    id: "F02",
    what: "10,000 flipped signatures, 100,000 valid ones with their case folded",
    tests: {
      "test/return-path/signed.test.ts": ["10,000 flipped", "100,000 addresses", "an address of another domain"],
    },
  },
  {
    id: "F03",
    what: "expired, future and rotated keys",
    tests: { "test/return-path/signed.test.ts": ["keys change", "where nobody knows", "an address says"] },
  },
];

interface Report {
  readonly testResults: readonly {
    readonly name: string;
    readonly assertionResults: readonly { readonly title: string; readonly status: string }[];
  }[];
}

let running: Promise<Report> | null = null;
/** All files in one run, the first time that one of them is asked for. */
const runTests = (): Promise<Report> =>
  (running ??= new Promise((resolve, reject) => {
    const folder = mkdtempSync(join(tmpdir(), "bounced-references-"));
    const file = join(folder, "report.json");
    const files = [...new Set(REFERENCES.flatMap(({ tests }) => Object.keys(tests)))];
    const vitest = join(import.meta.dirname, "../../node_modules/vitest/vitest.mjs");
    execFile(process.execPath, [vitest, "run", "--reporter=json", `--outputFile=${file}`, ...files], () => {
      try {
        resolve(JSON.parse(readFileSync(file, "utf8")) as Report);
      } catch (error) {
        reject(error instanceof Error ? error : new Error(String(error)));
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    });
  }));

async function lookUp({ tests }: Reference): Promise<Outcome> {
  const { testResults } = await runTests();
  let passed = 0;
  const wrong: string[] = [];
  for (const [file, names] of Object.entries(tests)) {
    const results = testResults.filter(({ name }) => name.endsWith(file)).flatMap((result) => result.assertionResults);
    for (const name of names.length === 0 ? [""] : names) {
      const found = results.filter(({ title }) => title.startsWith(name));
      passed += found.filter(({ status }) => status === "passed").length;
      if (found.length === 0) wrong.push(`${file}: no test "${name}"`);
      wrong.push(...found.filter(({ status }) => status !== "passed").map(({ title }) => title));
    }
  }
  const files = Object.keys(tests).join(", ");
  return {
    pass: wrong.length === 0,
    figures: `${passed} tests of ${files} pass${wrong.length > 0 ? `; not: ${wrong.join("; ")}` : ""}`,
  };
}

export const TESTED: readonly Scenario[] = REFERENCES.map((reference) => ({
  id: reference.id,
  what: reference.what,
  run: () => lookUp(reference),
}));
