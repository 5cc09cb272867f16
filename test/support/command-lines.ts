/** One line for every command, and the service's data that it works on. */
import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadConfig } from "../../src/config/config.ts";
import { tokenFilePath, writeTokenFile } from "../../src/http/access/token-file.ts";
import { createAccessToken } from "../../src/http/access/tokens.ts";
import { logDelivery } from "../../src/outputs/delivery-log.ts";
import { logDeskDelivery } from "../../src/outputs/help-desks/desk-log.ts";
import { openQueues } from "../../src/queues/queues.ts";
import { openStore } from "../../src/store/store.ts";
import { jobOf, makeEvent } from "../store/make-event.ts";

export interface CommandLine {
  /** `{dir}` is the data directory, `{n}` another number each time. */
  readonly words: string;
  readonly code?: number | readonly number[];
  /** No headings, no severities: nothing to colour. */
  readonly isPlain?: true;
  /** One word, an address or a file for programs: never cut or wrapped. */
  readonly isUncut?: true;
  /** Nothing there to print as JSON. */
  readonly isEmpty?: true;
}

const FIXTURE = "fixtures/eml/rfc3464/01-postfix-gmail-no-such-user.eml";
const EVENT = makeEvent({ diagnostic: { type: "smtp", text: `550 5.1.1 ${"User unknown here. ".repeat(8)}` } });

/** Commands by their words. A command that is missing here fails the test. */
export const COMMAND_LINES: Readonly<Record<string, CommandLine>> = {
  classify: { words: `classify ${FIXTURE}` },
  // Nobody reads the queue here.
  replay: { words: `replay --queue --wait 0 ${FIXTURE}`, code: 1 },
  explain: { words: "explain 550-5.7.26", isPlain: true },
  import: { words: "import {dir}/in --all", isPlain: true },
  follow: { words: "follow {dir}/mail.log --format postfix --once", isPlain: true },
  "return-path create": { words: "return-path create ann@example.org bob@example.org", isPlain: true, isUncut: true },
  "return-path inspect": { words: "return-path inspect b+user=example.org@bounces.example.com" },
  log: { words: "log" },
  "log backup": { words: "log backup {dir}/{n}.sqlite", isPlain: true },
  "log show": { words: `log show ${EVENT.id}`, isPlain: true, isUncut: true },
  "log raw": { words: `log raw ${EVENT.id}`, isPlain: true, isUncut: true },
  "log rollup": { words: "log rollup", isPlain: true },
  "log erase": { words: "log erase gone@example.org --yes", isPlain: true, isUncut: true },
  // Their ids have a time: test/cli/incidents.test.ts asks for those that are there.
  "incidents list": { words: "incidents list" },
  "incidents show": { words: "incidents show nosuch", code: 1, isPlain: true, isEmpty: true },
  "incidents close": { words: "incidents close nosuch", code: 1, isPlain: true, isEmpty: true },
  "incidents reopen": { words: "incidents reopen nosuch", code: 1, isPlain: true, isEmpty: true },
  "suppressions list": { words: "suppressions list" },
  "suppressions check": { words: "suppressions check free@example.org", isPlain: true },
  "suppressions add": { words: "suppressions add added{n}@example.org" },
  "suppressions remove": { words: "suppressions remove removed{n}@example.org" },
  "suppressions clear": { words: "suppressions clear soft{n}@example.org" },
  "suppressions history": { words: "suppressions history" },
  "suppressions undo": { words: "suppressions undo {n}" },
  "suppressions import": { words: "suppressions import {dir}/list.csv", isPlain: true },
  "suppressions export": { words: "suppressions export", isPlain: true, isUncut: true },
  "suppressions dry-run": { words: "suppressions dry-run", isPlain: true, isUncut: true },
  // The server behind it is no SendGrid.
  "sync run": { words: "sync run", code: 1, isPlain: true, isEmpty: true },
  "sync status": { words: "sync status" },
  "sync addresses": { words: "sync addresses sendgrid" },
  reclassify: { words: "reclassify" },
  "reclassify unmatched": { words: "reclassify unmatched", isPlain: true, isUncut: true },
  "rules check": { words: "rules check {dir}/rules.yaml", isPlain: true },
  "rules test": { words: "rules test 550 5.7.1 Client host blocked using zen.spamhaus.org" },
  "webhooks list": { words: "webhooks list" },
  "webhooks log": { words: "webhooks log crm" },
  "webhooks replay": { words: "webhooks replay crm", isPlain: true },
  "webhooks test": { words: "webhooks test crm" },
  "help-desks list": { words: "help-desks list" },
  "help-desks log": { words: "help-desks log support" },
  "help-desks replay": { words: "help-desks replay support", isPlain: true },
  // The server behind it is no help desk.
  "help-desks test": { words: "help-desks test support", code: 1, isPlain: true, isEmpty: true },
  "webhooks keygen": { words: "webhooks keygen", isPlain: true, isUncut: true },
  doctor: { words: "doctor", code: [0, 1] },
  "token create": { words: "token create --name ann{n}", isPlain: true },
  "token list": { words: "token list" },
  "token revoke": { words: "token revoke {token}", isPlain: true },
  "token password": { words: "token password --remove", isPlain: true },
  "token link": { words: "token link", isPlain: true, isUncut: true },
  "people list": { words: "people list" },
  "people revoke": { words: "people revoke {person}", isPlain: true },
  "people restore": { words: "people restore {person}", isPlain: true },
  "quarantine list": { words: "quarantine list", isPlain: true, isEmpty: true },
  "quarantine redrive": { words: "quarantine redrive nosuch", code: 1, isPlain: true },
  config: { words: "config", isPlain: true },
  completion: { words: "completion bash", isPlain: true, isUncut: true },
  man: { words: "man", isPlain: true, isUncut: true },
};

export interface CommandData {
  readonly dir: string;
  readonly env: Readonly<Record<string, string>>;
  /** The words of a line, with other numbers each time. */
  words(line: CommandLine, ...more: string[]): readonly string[];
}

/** Two incidents within the last hour, after two quiet days. */
const incidentJobs = (now: number) => [
  jobOf([makeEvent({ address: "first@example.org", at: now - 48 * 3_600_000 })]),
  ...(["google", "yahoo"] as const).flatMap((provider, index) =>
    Array.from({ length: 30 }, (_, n) =>
      jobOf([
        makeEvent({
          address: `p${n}@${provider}.example`,
          at: now - 20 * 60_000 + 1000 * n,
          provider,
          severity: "block",
          reason: (["auth_failed", "ip_reputation"] as const)[index] ?? "policy",
          fault: "sender",
          status: "5.7.26",
          diagnostic: { type: "smtp", text: `550 5.7.26 refused ${"by our policy ".repeat(12)}` },
        }),
      ]),
    ),
  ),
];

export async function makeCommandData(redisUrl: string, webhookUrl: string): Promise<CommandData> {
  const dir = mkdtempSync(join(tmpdir(), "bounced-commands-"));
  const yaml = join(dir, "bounced.yaml");
  const env = {
    BOUNCED_DATA_DIR: dir,
    BOUNCED_CONFIG: yaml,
    BOUNCED_SECRET: "0123456789abcdef0123456789abcdef",
    BOUNCED_PREFIX: dir.slice(-6),
    REDIS_URL: redisUrl,
  };
  writeFileSync(
    yaml,
    `webhooks: [{ id: crm, url: ${webhookUrl}, secret: any-long-random-text, allowPrivate: true }]\n` +
      `helpDesks: [{ id: support, type: zammad, url: ${webhookUrl}, key: the-token, allowPrivate: true }]\n` +
      `sync: [{ provider: sendgrid, url: ${webhookUrl}, key: any-long-random-text, allowPrivate: true }]\n`,
  );
  mkdirSync(join(dir, "in"));
  for (const name of ["one", "two"])
    writeFileSync(join(dir, "in", `${name}.eml`), `From: a@example.org\nSubject: ${name}\n\n${name}\n`);
  writeFileSync(
    join(dir, "mail.log"),
    "2026-03-01T10:00:00.000000+00:00 mx postfix/smtp[1]: ABC: to=<a@example.org>, relay=mx.example.org[192.0.2.1]:25, " +
      "delay=1, dsn=5.1.1, status=bounced (host mx.example.org[192.0.2.1] said: 550 5.1.1 User unknown)\n",
  );
  writeFileSync(join(dir, "list.csv"), "value\nimported@example.org\n");
  writeFileSync(
    join(dir, "rules.yaml"),
    `- id: own/gnomes\n  when: { any: ["gnomes"] }\n  reason: policy\n  because: The gnomes refuse.\n  source: https://example.org\n  examples:\n    - { text: "554 gnomes and ${"more ".repeat(30)}" }\n`,
  );
  const numbers = Array.from({ length: COPIES }, (_, index) => index + 1);
  const tokens = numbers.map((number) =>
    createAccessToken({ name: `t${number}`, role: "viewer", mayExport: false, expiresAt: null }, new Date()),
  );
  const file = tokenFilePath(loadConfig(env));
  writeTokenFile(file, { v: 1, password: null, tokens: tokens.map(({ record }) => record) });
  const store = await openStore(loadConfig(env));
  const by = { actor: "cli:test" };
  // The first changes, with the numbers that `undo` names.
  await store.suppressions.add(
    numbers.map((number) => ({ value: `undone${number}@example.org` })),
    by,
  );
  await store.suppressions.add(
    numbers.map((number) => ({ value: `removed${number}@example.org` })),
    by,
  );
  await store.sync.begin("sendgrid", await store.suppressions.cursor());
  const wishes = numbers.map((number) => ({ value: `w${number}@example.org`, cause: "hard", reason: "" }) as const);
  await store.sync.wish(
    "sendgrid",
    wishes.map((wish) => ({ ...wish, wanted: "remove" })),
    await store.suppressions.cursor(),
    0,
  );
  const soft = numbers.map((number) =>
    makeEvent({ address: `soft${number}@example.org`, severity: "soft", reason: "mailbox_full", status: "4.2.2" }),
  );
  const odd = ["gnomes are asleep in their beds", "moon has risen over our gateway"].map((text, index) =>
    makeEvent({
      address: `odd${index}@example.org`,
      severity: "hard",
      reason: "mailbox_unknown",
      status: null,
      derivedStatus: null,
      replyCode: 554,
      evidence: [{ source: "reply_code", rule: "reply/554", text: null, status: null }],
      diagnostic: { type: "smtp", text: `554 The ${text}` },
    }),
  );
  await store.record([
    jobOf([EVENT], "Subject: the returned message\n\ntext\n"),
    ...[...soft, ...odd].map((event) => jobOf([event])),
  ]);
  const { person } = await store.people.signIn({
    issuer: "https://id.example.com",
    sub: "ann",
    name: "Ann",
    email: "ann@example.com",
    emailVerified: true,
    role: "viewer",
    mayExport: false,
    address: "192.0.2.1",
  });
  await store.record(incidentJobs(Date.now()));
  await store.findIncidents();
  await store.close();
  const queues = openQueues({ redisUrl, prefix: env.BOUNCED_PREFIX });
  for (const eventId of ["first", "second"]) {
    const shared = { at: new Date().toISOString(), eventId, ms: 12, error: "500 ".repeat(30) };
    await logDelivery(queues, "crm", { ...shared, events: 1, status: 500 });
    await logDeskDelivery(queues, "support", { ...shared, outcome: "failed", conversation: "17", foundBy: "header" });
  }
  await queues.close();
  let n = 0;
  return {
    dir,
    env,
    words({ words }, ...more) {
      n++;
      const token = tokens[n % COPIES]?.record.id ?? "";
      const filled = words.split(" ").map((word) =>
        word
          .replaceAll("{dir}", dir)
          .replaceAll("{n}", String(n))
          .replaceAll("{token}", token)
          .replaceAll("{person}", person?.id ?? ""),
      );
      return [...filled, ...more];
    },
  };
}

/** Of everything that a line uses up: more than there are lines. */
const COPIES = 400;
