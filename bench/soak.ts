/**
 * `npm run soak [-- --minutes 60 --rate 10 --seed N --keep]`: the whole service as `serve` starts it, with every role, under
 * mail of all kinds and mail made to hurt, over SMTP, IMAP, a followed log and HTTP, beside readers of its pages. Ends
 * with every acknowledged message looked up in the log, at a consumer and at a webhook, and with what memory and
 * descriptors of each process did over time. Linux; needs Dovecot and what the tests need.
 */
import { appendFileSync, globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { openQueues } from "../src/queues/queues.ts";
import { readWhole } from "../src/intake/message.ts";
import { openStore } from "../src/store/store.ts";
import { loadConfig } from "../src/config/config.ts";
import { startTestDovecot } from "../test/support/dovecot.ts";
import { startTestRedis } from "../test/support/redis.ts";
import { startRemoteSmtp } from "../test/support/remote-smtp.ts";
import { startTestService } from "../test/support/service.ts";
import { deliver, until } from "./faults/bench-service.ts";
import { diceOf } from "./faults/dice.ts";
import { keepSoak } from "./faults/page.ts";
import { hostileMessages } from "./faults/hostile.ts";
import { IDS } from "./faults/scenarios.ts";
import { bounceOf } from "./load.ts";
import { collectIds, receiveIds } from "./soak/sinks.ts";
import { growthOf, watchProcesses } from "./soak/watch-processes.ts";

const { values } = parseArgs({
  options: {
    minutes: { type: "string", default: "60" },
    rate: { type: "string", default: "10" },
    seed: { type: "string", default: String(Date.now() % 2 ** 32) },
    keep: { type: "boolean", default: false },
  },
});
const [minutes, rate, seed] = [Number(values.minutes), Number(values.rate), Number(values.seed)];
if (!(minutes > 0) || !(rate > 0) || !Number.isInteger(seed)) {
  console.error("soak: --minutes and --rate (messages a second) are numbers above 0, --seed is a whole number");
  process.exit(2);
}

const printed: string[] = [];
function say(line: string): void {
  printed.push(line);
  console.log(line);
}

const folder = mkdtempSync(join(tmpdir(), "bounced-soak-"));
const mailLog = join(folder, "mail.log");
writeFileSync(mailLog, "");
const redis = await startTestRedis();
const dovecot = await startTestDovecot();
const team = await startRemoteSmtp({});
const webhook = await receiveIds();
const settings = {
  webhooks: [webhook.endpoint],
  forward: { to: ["team@example.net"], from: "b@example.com", relay: `smtp://127.0.0.1:${team.port}`, perHour: 1000 },
  mailboxes: [
    {
      host: "localhost",
      port: dovecot.port,
      tls: "starttls",
      caFile: dovecot.caFile,
      user: "bounces",
      password: dovecot.password,
      after: "delete",
      pollSeconds: 5,
    },
  ],
  follow: [{ log: mailLog, format: "postfix" }],
};
writeFileSync(join(folder, "bounced.yaml"), JSON.stringify(settings));
const environment = {
  REDIS_URL: redis.url,
  BOUNCED_DATA_DIR: folder,
  BOUNCED_CONFIG: join(folder, "bounced.yaml"),
  BOUNCED_LOG_LEVEL: "error",
  BOUNCED_POLICY_PORT: "0",
};
const service = await startTestService(environment, null);
process.once("exit", () => void service.process.kill("SIGKILL"));
const queues = openQueues({ redisUrl: redis.url, prefix: "bounced" });
const consumed = collectIds(redis.url);
const processes = watchProcesses(service.process.pid ?? 0);

/** Digest of what was acknowledged -> how it came. */
const acknowledged = new Map<string, string>();
const refusedTo = new Set<string>();
const counts = { sent: 0, refused: 0, pages: 0 };
const dice = diceOf(seed);
const fixtures = globSync("fixtures/eml/*/*.eml").map((path) => readFileSync(path, "latin1"));
/** Without those of many MB: one of each is a minute's work. */
const hostile = [...hostileMessages().values()]
  .filter(({ length }) => length < 1_500_000)
  .map((octets) => octets.toString("latin1"));
const digestOf = (message: string): string => readWhole(Buffer.from(message, "latin1"), 1).sha256;
const crlf = (text: string): string => text.replaceAll(/\r?\n/g, "\r\n");

async function overSmtp(message: string, kind: string): Promise<void> {
  const reply = await deliver(service.smtpPort, message);
  if (reply.startsWith("250")) acknowledged.set(digestOf(message), kind);
  else counts.refused++;
}

const WAYS: readonly (readonly [share: number, send: (id: string) => Promise<void> | void])[] = [
  [0.5, (id) => overSmtp(bounceOf(id), "bounce")],
  [0.35, (id) => overSmtp(`X-Soak: ${id}\r\n${crlf(dice.oneOf(fixtures))}`, "fixture")],
  [0.02, (id) => overSmtp(`X-Soak: ${id}\r\n${dice.oneOf(hostile)}`, "hostile")],
  [
    0.05,
    (id) => {
      const message = bounceOf(id);
      dovecot.deliver("bounces", message);
      acknowledged.set(digestOf(message), "IMAP");
    },
  ],
  [
    0.05,
    (id) => {
      const recipient = `log-${id}@example.org`;
      refusedTo.add(recipient);
      const [queueId, time] = [`4S${id.replaceAll(/\D/g, "").padStart(8, "0")}`, new Date().toISOString()];
      appendFileSync(
        mailLog,
        `${time} mx1 postfix/qmgr[1]: ${queueId}: from=<news@example.com>, size=900, nrcpt=1 (queue active)\n` +
          `${time} mx1 postfix/smtp[2]: ${queueId}: to=<${recipient}>, relay=mx.example.org[192.0.2.9]:25, delay=1, delays=0/0/0/1, dsn=5.1.1, status=bounced (host mx.example.org[192.0.2.9] said: 550 5.1.1 User unknown (in reply to RCPT TO command))\n` +
          `${time} mx1 postfix/qmgr[1]: ${queueId}: removed\n`,
      );
    },
  ],
  [
    0.03,
    async () => {
      const path = dice.oneOf([
        "/",
        "/log?recipient=user",
        "/suppressions",
        "/unmatched",
        "/metrics",
        "/v1/stats/facets?dimensions=reason,domain",
        "/readyz",
      ]);
      await fetch(service.httpUrl + path).then((answer) => answer.text());
      counts.pages++;
    },
  ],
];

say(`soak: ${minutes} min at ${rate}/s, seed ${seed}`);
const end = performance.now() + minutes * 60_000;
const began = performance.now();
const underWay = new Set<Promise<void>>();
for (let n = 0; performance.now() < end; n++) {
  let roll = dice.next();
  const way = WAYS.find(([share]) => (roll -= share) < 0) ?? WAYS[0]!;
  const done: Promise<void> = Promise.resolve(way[1](`soak${n}`))
    .catch((error: unknown) => {
      console.error(error);
    })
    .finally(() => underWay.delete(done));
  underWay.add(done);
  counts.sent++;
  // Whoever sends faster than is answered waits.
  while (underWay.size >= 50) await Promise.race(underWay);
  await sleep(Math.max(0, began + (n * 1000) / rate - performance.now()));
}
await Promise.all(underWay);

const isOver = async (): Promise<boolean> => {
  const left = await Promise.all(
    (["intake", "record", "webhook", "webhook-sink"] as const).map((name) =>
      queues.get(name).getJobCountByTypes("waiting", "active", "delayed"),
    ),
  );
  return left.every((count) => count === 0) && dovecot.messages("bounces").length === 0;
};
await until("everything worked off", isOver, 600_000);
// A poll of the mailbox, and what it brought.
await sleep(10_000);
await until("everything worked off", isOver, 600_000);
const series = processes.stop();
const quarantined = await queues.get("intake").getFailedCount();
await consumed.close();
const code = await service.stop();

const store = await openStore(loadConfig({ BOUNCED_DATA_DIR: folder }));
const messages = new Set<string>();
const recipients = new Set<string>();
const ids = new Set<string>();
let doubled = 0;
const seen = new Set<string>();
for await (const { event } of store.iterate({})) {
  const key = `${event.message.sha256} ${event.recipient.address}`;
  if (seen.has(key)) doubled++;
  seen.add(key);
  messages.add(event.message.sha256);
  if (event.recipient.mailed) recipients.add(event.recipient.mailed);
  ids.add(event.id);
}
await store.close();
const missing = Map.groupBy(
  [...acknowledged].filter(([digest]) => !messages.has(digest)).map(([, kind]) => kind),
  (kind) => kind,
);
const unheard = [...refusedTo].filter((recipient) => !recipients.has(recipient)).length;
const notConsumed = [...ids].filter((id) => !consumed.ids.has(id)).length;
const notPosted = [...ids].filter((id) => !webhook.ids.has(id)).length;

say(
  `${counts.sent} turns: ${acknowledged.size} messages acknowledged, ${refusedTo.size} refusals in the log, ` +
    `${counts.refused} not taken, ${counts.pages} pages; ${ids.size} events`,
);
const missed = [...missing].map(([kind, all]) => `${all.length} ${kind}`).join(", ");
say(
  `missing ${missed || 0}, refusals missing ${unheard}, doubled ${doubled}, not at a consumer ${notConsumed}, not at the webhook ${notPosted}, in quarantine ${quarantined}, exit ${code}`,
);
const growth = growthOf(series);
for (const { name, from, to, samples, memoryPerHour, descriptorsPerHour, isFlat } of growth)
  say(
    `${isFlat ? "flat " : "GROWS"} ${name.padEnd(40)} ${from} to ${to} MB, ${memoryPerHour >= 0 ? "+" : ""}${memoryPerHour} MB/h, ${descriptorsPerHour >= 0 ? "+" : ""}${descriptorsPerHour} descriptors/h (${samples} samples)`,
  );
const isSound =
  missing.size + unheard + doubled + notConsumed + notPosted + quarantined === 0 &&
  growth.every(({ isFlat }) => isFlat);
say(isSound ? "pass" : "FAIL");
if (values.keep) keepSoak(printed, IDS);
await queues.close();
await webhook.close();
await team.stop();
await dovecot.stop();
await redis.stop();
rmSync(folder, { recursive: true, force: true });
process.exit(isSound ? 0 : 1);
