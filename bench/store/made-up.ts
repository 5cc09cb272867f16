/** Made-up events, the same at every run: addresses of 2,000 domains, one in thirty of them at one large provider. */
import { createHash } from "node:crypto";
import { deflateSync } from "node:zlib";
import { createDice } from "../../src/demo/dice.ts";
import type { BouncedEvent } from "../../src/event/event.ts";
import type { RecordedMessage } from "../../src/queues/payloads.ts";
import { makeEvent } from "../../test/store/make-event.ts";

export interface MadeUp {
  readonly random: () => number;
  readonly pick: <Item>(items: readonly Item[]) => Item;
  readonly word: (syllables: number) => string;
  readonly address: () => string;
  readonly eventAt: (at: number, address: string) => BouncedEvent;
  /** A job of one message with one event and a kept head of ordinary size. */
  readonly jobAt: (at: number) => RecordedMessage;
}

const SYLLABLES = "an ber chi dor el fan gu hir in jo ka lem mo nu or pel qui ra sa tor ul ven wi xa yo zen".split(" ");
const OUTCOMES: readonly Partial<BouncedEvent>[] = [
  {},
  { severity: "block", reason: "ip_reputation", fault: "sender", status: "5.7.1", replyCode: 554 },
  { severity: "soft", reason: "mailbox_full", status: "4.2.2", replyCode: 452 },
  { severity: "soft", reason: "greylisted", status: "4.7.1", replyCode: 451, kind: "delay" },
  { severity: "block", reason: "spam_content", fault: "content", status: "5.7.1", replyCode: 550 },
];
const TEMPLATE = makeEvent();

export function madeUp(seed: number): MadeUp {
  // Domains are the same whatever the seed.
  const domains = madeUpDomains();
  const random = createDice(seed).roll;
  const pick = <Item>(items: readonly Item[]): Item => items[Math.floor(random() * items.length)] as Item;
  const word = (syllables: number): string => {
    let text = "";
    for (let count = 0; count < syllables; count++) text += SYLLABLES[Math.floor(random() * SYLLABLES.length)] ?? "";
    return text;
  };
  const address = (): string => `${word(2)}.${word(2)}${Math.floor(random() * 1000)}@${pick(domains)}`;
  const eventAt = (at: number, recipient: string): BouncedEvent => {
    const outcome = pick(OUTCOMES);
    const sha256 = createHash("sha256").update(`${at} ${recipient} ${random()}`).digest("hex");
    const status = outcome.status ?? "5.1.1";
    return {
      ...TEMPLATE,
      ...outcome,
      id: sha256.slice(0, 32),
      recipient: { mailed: recipient, address: recipient, original: null, domain: recipient.split("@")[1] ?? null },
      diagnostic: {
        type: "smtp",
        text: `${outcome.replyCode ?? 550} ${status} <${recipient}>: ${word(4)} rejected in reply ${sha256.slice(0, 12)}, see the postmaster page`,
      },
      original: {
        ...TEMPLATE.original,
        messageId: `<${sha256.slice(20, 40)}@sender.example>`,
        subject: `${word(3)} ${word(2)} ${word(3)}`,
      },
      message: { ...TEMPLATE.message, sha256, receivedAt: new Date(at).toISOString() },
    };
  };
  const raw = deflateSync(Array.from({ length: 450 }, () => word(3)).join(" ")).toString("base64");
  return {
    random,
    pick,
    word,
    address,
    eventAt,
    jobAt: (at) => ({ events: [eventAt(at, address())], raw }),
  };
}

function madeUpDomains(): readonly string[] {
  const random = createDice(7).roll;
  const syllable = () => SYLLABLES[Math.floor(random() * SYLLABLES.length)] ?? "";
  const made = Array.from({ length: 2000 }, () => `${syllable()}${syllable()}${syllable()}.example`);
  return [...Array.from({ length: 60 }, () => "gmail.example"), ...made];
}
