/** What the pages show in these tests: plain mail, mail of other scripts, and mail that means harm. */
import type { BouncedEvent } from "../../src/event/event.ts";
import type { Store } from "../../src/store/store.ts";
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
