/** Webhooks and help desks, and what was tried there, in English. */
import type { DeskOutcome } from "../../../outputs/help-desks/desk-log.ts";
import { speechOf } from "../speech.ts";

const { count, plural } = speechOf("en");

export const ENGLISH_OUTPUTS = {
  title: "Deliveries",
  lead: "Webhooks and help desks of bounced.yaml: what waits, what was tried, and what was given up.",
  kinds: { webhook: "Webhook", "help-desk": "Help desk" },
  noneTitle: "No webhooks and no help desks",
  none: "They are set in bounced.yaml. What they do not take for a day is listed here, and can be sent again.",
  waiting: (n: number) => plural(n, { other: "# waiting" }),
  retrying: (n: number) => plural(n, { other: "# to be tried again" }),
  givenUp: (n: number) => plural(n, { other: "# given up" }),
  sendAgain: "Send again",
  sendAgainTo: (id: string) => `Send again to ${id} what was given up`,
  replayed: (n: number) =>
    plural(n, { one: "# event put back on the queue.", other: "# events put back on the queue." }),
  when: "When",
  event: "Event",
  outcome: "Outcome",
  conversation: "Conversation",
  answer: "Answer",
  noAnswer: "none",
  taken: "taken",
  notTaken: "not taken",
  andMore: (more: number) => `and ${count(more)} more`,
  nothingTried: "Nothing was tried yet.",
  triesOf: (id: string) => `Last tries: ${id}`,
  outcomes: {
    added: "note added",
    present: "note was there",
    not_found: "no conversation",
    failed: "failed, tried again",
    given_up: "given up",
  } satisfies Record<DeskOutcome, string>,
  foundBy: { header: "by header", "message-id": "by Message-ID", subject: "by subject" },
};
