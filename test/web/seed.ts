/** What the pages show in these tests: plain mail, mail of other scripts, and mail that means harm. */
import type { BouncedEvent } from "../../src/event/event.ts";
import type { Store } from "../../src/store/store.ts";
import { hourOf, textOfTally } from "../../src/tallies/tally.ts";
import { jobOf, makeEvent } from "../store/make-event.ts";

export const HARM = `"><script>document.title="owned"</script><img src=x onerror="document.title='owned'">'\u202Egnp`;
const LONG = "x".repeat(3000);
export const now = Date.now();
export const odd = makeEvent({
  address: "odd@example.com",
  at: now - 180_000,
  authenticity: "proven",
  evidence: [{ source: "status", rule: "iana/5.1.1", text: null, status: "5.1.1" }],
  diagnostic: { type: "smtp", text: "550 5.1.1 The gnomes of odd@example.com are asleep" },
});
const FOREIGN = makeEvent({ address: "élodie@bücher.example", at: now - 240_000 });
/** Words that run the other way, words without spaces. */
export const foreign: BouncedEvent = {
  ...FOREIGN,
  original: {
    ...FOREIGN.original,
    subject: "تم رفض رسالتك إلى المستلم 5.1.1 ご注文ありがとうございます件名がとても長い場合でもレイアウトは崩れません",
  },
};
export const plain = makeEvent({ address: "ann@example.org", at: now - 60_000, authenticity: "proven" });

/** Every text that can come from a mail, with markup and of a length that breaks layouts. */
export const hostile: BouncedEvent = (() => {
  const base = makeEvent({ address: `${HARM}@evil.example`, at: now - 120_000, severity: "block", reason: "policy" });
  const text = `${HARM} ${LONG}`;
  return {
    ...base,
    provider: HARM,
    explanation: text,
    evidence: [{ source: "fact", rule: HARM, text: HARM, status: "5.1.1" }],
    recipient: { mailed: `${HARM}@evil.example`, address: `${HARM}@evil.example`, original: text, domain: HARM },
    diagnostic: { type: HARM, text: `550 ${text}` },
    reportingMta: text,
    remoteMta: text,
    envelopeId: text,
    software: HARM,
    format: HARM,
    original: {
      ...base.original,
      messageId: text,
      from: text,
      to: [text],
      subject: text,
      returnPath: text,
      listId: text,
      feedbackId: text,
      headers: { [HARM]: text },
    },
    returnPath: { address: text, scheme: "plain", recipient: text, tag: text, issuedAt: null },
    message: {
      ...base.message,
      from: text,
      subject: text,
      remoteAddress: HARM,
      envelope: { reversePath: text, forwardPath: text },
    },
    warnings: [{ code: HARM, field: HARM, value: text }],
  };
})();

export async function seed(store: Store): Promise<void> {
  await store.record([
    jobOf([plain], "From: a\r\n\r\nraw text"),
    jobOf([odd]),
    jobOf([foreign]),
    jobOf([hostile], `Subject: ${HARM}\r\n\r\n${HARM}`),
  ]);
  await store.suppressions.add([{ value: "list@example.net", note: HARM, reason: HARM }], { actor: HARM });
}

/** 1,000 sends of a campaign of which 100 bounced hard, 10 of another of which 1 did, and one that means harm. */
export async function seedSends(store: Store): Promise<void> {
  const failures = (tag: string, count: number): readonly BouncedEvent[] =>
    Array.from({ length: count }, (_, n) => ({
      ...makeEvent({
        address: `${tag}-${n}@gmail.com`,
        at: now - 60_000 - n,
        authenticity: "proven",
        provider: "google",
      }),
      returnPath: { address: "b@bounces.example.com", scheme: "plain", recipient: null, tag, issuedAt: null },
    }));
  await store.record([...failures("easter", 100), ...failures("autumn", 1)].map((event) => jobOf([event])));
  const about = { hour: hourOf(now), provider: "google", domain: "gmail.com", senderDomain: "", sendingAddress: "" };
  const count = (tag: string, outcome: "delivered" | "failed" | "delayed", sends: number): [string, number] => [
    textOfTally({ ...about, tag, outcome }),
    sends,
  ];
  const counts = new Map([
    count("easter", "delivered", 900),
    count("easter", "failed", 100),
    count("easter", "delayed", 250),
    count("autumn", "delivered", 9),
    count("autumn", "failed", 1),
    count(HARM, "delivered", 5),
  ]);
  await store.countTallies({ id: "seeded", counts });
}
