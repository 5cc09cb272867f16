/** E: mail made to hurt whoever reads it, or to be read wrongly. */
import { globSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { loadConfig } from "../../src/config/config.ts";
import type { BouncedEvent } from "../../src/event/event.ts";
import { readMessage } from "../../src/core/read-message.ts";
import { readWhole } from "../../src/intake/message.ts";
import { unpackOctets } from "../../src/queues/raw.ts";
import { readSettingsOf } from "../../src/reading/read-settings.ts";
import { onOneLine } from "../../src/cli/terminal.ts";
import { openStore } from "../../src/store/store.ts";
import { escapeMarkup } from "../../src/web/html.ts";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bounceOf } from "../load.ts";
import {
  blockedMs,
  deliver,
  loggedIn,
  MOST_BLOCKED_MS,
  residentMb,
  until,
  untilLogged,
  withService,
} from "./bench-service.ts";
import { hostileMessages, reportsInside } from "./hostile.ts";
import type { Outcome, Run, Scenario } from "./scenario.ts";

const MOST_GROWN_MB = 1024;

const config = loadConfig({});
const settings = readSettingsOf(config);
const { minConfidence } = config.file.suppression;
const read = (text: string, forwardPath = "b@bounces.example.com"): Promise<readonly BouncedEvent[]> =>
  readMessage(
    {
      ...readWhole(Buffer.from(text, "latin1"), 256 * 1024),
      receivedAt: "2026-01-05T10:00:00.000Z",
      envelope: { reversePath: "", forwardPath },
      remoteAddress: null,
    },
    settings,
  );

/** Over SMTP, through the worker, into the log. */
const hostile = (): Promise<Outcome> =>
  withService(
    { roles: "smtp,worker,record", environment: { BOUNCED_MAX_SIZE: "60MiB" } },
    async ({ smtpPort, pid, queues, stretches }) => {
      await deliver(smtpPort, bounceOf("warm-up"));
      await untilLogged({ queues });
      await stretches();
      const before = residentMb(pid);
      let worst = { name: "", ms: 0 };
      let worstMain = 0;
      let grownMb = 0;
      let refused = 0;
      let count = 0;
      for (const [name, message] of hostileMessages()) {
        const reply = await deliver(smtpPort, message.toString("latin1"));
        if (!reply.startsWith("250")) refused++;
        await untilLogged({ queues });
        const { main, threads } = await stretches();
        worstMain = Math.max(worstMain, blockedMs(main));
        if (blockedMs(threads) > worst.ms) worst = { name, ms: blockedMs(threads) };
        grownMb = Math.max(grownMb, residentMb(pid) - before);
        count++;
      }
      const parked = await queues.get("intake").getFailedCount();
      return {
        pass: worstMain < MOST_BLOCKED_MS && worst.ms < MOST_BLOCKED_MS && grownMb < MOST_GROWN_MB && parked === 0,
        figures: `${count} messages over SMTP into the log, ${refused} refused, ${parked} in quarantine; longest stretch of an event loop: listener and log ${worstMain} ms, reading thread ${worst.ms} ms (${worst.name}); memory at most +${grownMb} MB`,
      };
    },
  );

/** Fixtures that name a recipient, spread over all folders. */
function samples(count: number): readonly string[] {
  const files = globSync("fixtures/eml/*/*.eml")
    .filter((file) => !file.includes("malformed"))
    .toSorted();
  return Array.from({ length: count }, (_, n) =>
    readFileSync(files[Math.floor((n * files.length) / count)] ?? "", "latin1"),
  );
}

async function cutAnywhere({ rounds }: Run): Promise<Outcome> {
  const step = Math.max(1, Math.round(60 / rounds));
  let cuts = 0;
  let thrown = 0;
  let falselyHard = 0;
  for (const text of samples(20)) {
    const whole = await read(text);
    const isHard = whole.some(({ severity }) => severity === "hard");
    for (let length = 0; length < text.length; length += step) {
      cuts++;
      try {
        const events = await read(text.slice(0, length));
        if (!isHard && events.some(({ severity, confidence }) => severity === "hard" && confidence >= minConfidence))
          falselyHard++;
      } catch {
        thrown++;
      }
    }
  }
  return {
    pass: thrown === 0 && falselyHard === 0,
    figures: `20 reports cut after every ${step === 1 ? "octet" : `${step} octets`}: ${cuts} messages, ${thrown} exceptions, ${falselyHard} that would suppress where the whole report does not`,
  };
}

const CHARSETS = [
  "utf-7",
  "iso-2022-jp",
  "utf-16",
  "utf-16le",
  "hz-gb-2312",
  "x-unknown",
  "cp037",
  "base64",
  "\0",
  "utf-8\r\nX: y",
];
const POISONS = [
  "\0",
  "\r",
  "\n",
  "\x1b[31m",
  "\x80\xff\xfe",
  "=?utf-8?q?=00=0D=0A?=",
  "\xe2\x80\xae",
  "__proto__",
  "+AAA-",
];

const spoiled = function* (): Generator<string> {
  for (const charset of CHARSETS)
    for (const encoding of ["7bit", "base64", "quoted-printable", "x-none"])
      yield bounceOf("e06").replace(
        "text/plain; charset=us-ascii",
        `text/plain; charset=${charset}\r\nContent-Transfer-Encoding: ${encoding}`,
      );
  for (const poison of POISONS) {
    for (const place of [
      "Diagnostic-Code: smtp; ",
      "Final-Recipient: rfc822; ",
      "Subject: ",
      "Message-Id: <",
      "Status: ",
    ])
      yield bounceOf("e06").replace(place, `${place}${poison}`);
    yield bounceOf("e06").replace("Reporting-MTA:", `${poison}: ${poison}\r\nReporting-MTA:`);
  }
};

/** A store takes every text that can come out of such mail, and no prototype changes. */
async function charsets(): Promise<Outcome> {
  const dataDir = mkdtempSync(join(tmpdir(), "bounced-charsets-"));
  const store = await openStore(loadConfig({ BOUNCED_DATA_DIR: dataDir }));
  const prototype = JSON.stringify(Reflect.ownKeys(Object.prototype).map(String));
  let messages = 0;
  let errors = 0;
  for (const text of spoiled()) {
    messages++;
    await store.record([{ events: await read(text), raw: null }]).catch(() => errors++);
  }
  await store.close();
  rmSync(dataDir, { recursive: true, force: true });
  const isClean = prototype === JSON.stringify(Reflect.ownKeys(Object.prototype).map(String));
  return {
    pass: errors === 0 && isClean,
    figures: `${messages} messages, ${errors} that the log did not take, prototypes ${isClean ? "unchanged" : "CHANGED"}`,
  };
}

const CONTROL = /[\0-\x1f\x7f-\x9f\u2028\u2029]/;
const OVERRIDE = /[\u202a-\u202e\u2066-\u2069]/;
const stringsOf = (value: unknown): readonly string[] =>
  typeof value === "string"
    ? [value]
    : typeof value === "object" && value !== null
      ? Object.entries(value).flatMap(([key, inner]) => [key, ...stringsOf(inner)])
      : [];

async function injected(): Promise<Outcome> {
  const hidden = ["=0D=0AInjected:_1", "=1B[2J", "=E2=80=AEevil", "=00", "=C2=85", "=E2=81=A6x"];
  let strings = 0;
  const bad = new Set<string>();
  for (const word of hidden)
    for (const place of [
      "Subject: ",
      "From: ",
      "Diagnostic-Code: smtp; ",
      "Final-Recipient: rfc822; ",
      "Remote-MTA: dns; ",
    ]) {
      const encoded = `=?utf-8?q?${word}?=`;
      const plain = Buffer.from(decodeURIComponent(word.replaceAll("=", "%")), "utf8").toString("latin1");
      for (const text of [encoded, plain])
        for (const event of await read(bounceOf("e07").replaceAll(place, `${place}${text} `)))
          for (const each of stringsOf(event)) {
            strings++;
            if (CONTROL.test(each) || OVERRIDE.test(onOneLine(each, 4000) + escapeMarkup(each))) bad.add(place);
          }
    }
  return {
    pass: bad.size === 0,
    figures: `${strings} texts of events, ${bad.size} places with a control or a line end, or a direction override on a page or a terminal${bad.size > 0 ? `: ${[...bad].join(", ")}` : ""}`,
  };
}

async function nestedReports(): Promise<Outcome> {
  const events = await read(reportsInside(50, bounceOf("innermost")));
  return {
    pass: events.length >= 1,
    figures: `50 reports inside each other: ${events.length} event, kind ${events[0]?.kind}, format ${events[0]?.format}`,
  };
}

/** A message whose reader never comes back, beside others. */
const stuck = (): Promise<Outcome> =>
  withService(
    { roles: "smtp,worker,record", fault: "before_parse@user-stuck@:*:loop" },
    async ({ smtpPort, queues, dataDir }) => {
      const log = (): number => loggedIn({ dataDir });
      await deliver(smtpPort, bounceOf("first"));
      await until("the first message", () => log() >= 1);
      await deliver(smtpPort, bounceOf("stuck"));
      const from = performance.now();
      for (let n = 0; n < 20; n++) await deliver(smtpPort, bounceOf(`beside${n}`));
      await until("all messages in the log", () => log() >= 22);
      const seconds = ((performance.now() - from) / 1000).toFixed(1);
      const outcomes = await queues.get("unrecognized").getWaiting();
      const warned = outcomes.filter(({ data }) => data.warnings.some(({ code }) => code === "unparseable")).length;
      const parked = await queues.get("intake").getFailedCount();
      return {
        pass: log() === 22 && warned === 1 && parked === 0,
        figures: `stopped after its second of processor time and recorded as unparseable: ${warned}; it and the 20 beside it in the log after ${seconds} s; ${parked} in quarantine`,
      };
    },
  );

async function imitations(): Promise<Outcome> {
  const real = bounceOf("e14");
  const fake = "Final-Recipient: rfc822; victim@example.org\r\nAction: failed\r\nStatus: 5.1.1\r\n";
  const variants = {
    "in the text part": real.replace("This is the mail system", `${fake}\r\nThis is the mail system`),
    "in the returned message": real.replace("The quick brown fox", `${fake}\r\nThe quick brown fox`),
    "behind the last boundary": `${real}\r\n\r\nReporting-MTA: dns; mx\r\n\r\n${fake}`,
    "before the first boundary": real.replace(
      "\r\n\r\n--4F1",
      `\r\n\r\nReporting-MTA: dns; mx\r\n\r\n${fake}\r\n--4F1`,
    ),
  };
  const fooled: string[] = [];
  for (const [name, text] of Object.entries(variants)) {
    const addresses = (await read(text)).map(({ recipient }) => recipient.address);
    if (addresses.join() !== "user-e14@example.org") fooled.push(name);
  }
  const conflict = (await read(real.replace("Status: 5.1.1", "Status: 2.0.0")))[0];
  const isMarked = conflict !== undefined && (conflict.warnings.length > 0 || conflict.severity !== "info");
  return {
    pass: fooled.length === 0 && isMarked,
    figures: `${Object.keys(variants).length} imitations of a status part, ${fooled.length} believed${fooled.length > 0 ? ` (${fooled.join(", ")})` : ""}; Status 2.0.0 beside a 550: ${conflict?.severity}`,
  };
}

/** What is kept of attachments is the head of the message, as it came. */
const bombs = (): Promise<Outcome> =>
  withService({ roles: "smtp,worker,record" }, async ({ smtpPort, queues, pid }) => {
    const bomb = Buffer.alloc(10 * 1024 * 1024, "PK\x03\x04zip")
      .toString("base64")
      .replace(/.{76}/g, "$&\r\n");
    const before = residentMb(pid);
    await deliver(
      smtpPort,
      bounceOf("e09").replace(
        "--4F1.1/mx1--",
        `--4F1.1/mx1\r\nContent-Type: application/zip\r\nContent-Transfer-Encoding: base64\r\n\r\n${bomb}\r\n--4F1.1/mx1--`,
      ),
    );
    const job = (await queues.get("intake").getJobs(["waiting", "active"]))[0];
    await untilLogged({ queues });
    const kept = unpackOctets(job?.data.messages[0]?.raw ?? "").length;
    return {
      pass: kept > 0 && kept <= 256 * 1024,
      figures: `10 MB of zip: ${Math.round(kept / 1024)} KB kept, nothing unpacked, memory +${residentMb(pid) - before} MB`,
    };
  });

export const CONTENT: readonly Scenario[] = [
  { id: "E01-E04", what: "deep, wide, long and huge messages, 10,000 recipients", run: hostile },
  { id: "E05", what: "reports cut off anywhere", run: cutAnywhere },
  { id: "E06", what: "charsets, NUL, bare CR and LF, `__proto__`, into the log", run: charsets },
  { id: "E07", what: "controls, line ends and direction overrides in what a message says", run: injected },
  { id: "E08", what: "reports inside each other", run: nestedReports },
  { id: "E09", what: "a zip bomb returned", run: bombs },
  { id: "E11", what: "a message whose reader never comes back", run: stuck },
  { id: "E14", what: "imitations of a status part, and a status that contradicts", run: imitations },
];
