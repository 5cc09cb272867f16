/** May this recipient be written to? The answer to a mail server, in its words. */
import { setTimeout as sleep } from "node:timers/promises";
import { readReturnPath } from "../return-path/read.ts";
import type { ReturnPathSettings } from "../return-path/settings.ts";
import type { Cause } from "../store/suppressions/suppression.ts";
import type { CurrentList } from "./keep-current.ts";
import type { ListedEntry } from "./listed.ts";
import type { PolicySettings } from "./settings.ts";

export interface PolicyQuestion {
  readonly recipient: string;
  /** The envelope sender; empty is the null one, null where the mail server does not tell. */
  readonly sender: string | null;
  /** Names the message at the mail server, so that what is asked twice is counted once; null where it has no name. */
  readonly instance: string | null;
  /** Instead of the tag of the sender's return path. */
  readonly tag?: string | null;
}

export type Answer =
  | { readonly kind: "pass" }
  /** The list cannot be read, and the settings want mail to wait. */
  | { readonly kind: "defer"; readonly reply: string }
  | { readonly kind: "refuse"; readonly reply: string; readonly entry: ListedEntry };

export interface AnswerOptions {
  readonly current: CurrentList;
  readonly settings: PolicySettings;
  /** `tag`: an entry holds for the stream that the return path's tag names (setting `suppression.stream`). */
  readonly stream: "none" | "tag";
  readonly returnPath: ReturnPathSettings;
  readonly now?: () => number;
}

const PASS: Answer = { kind: "pass" };
const DEFER: Answer = { kind: "defer", reply: "451 4.3.0 the suppression list is not available, try again later" };
/** How long a question waits for the list at a start. */
const FIRST_MS = 5000;
const COMPLAINTS: ReadonlySet<Cause> = new Set(["complaint"]);

export type AnswerQuestion = (question: PolicyQuestion) => Answer | Promise<Answer>;

export function createAnswers({
  current,
  settings,
  stream,
  returnPath,
  now = Date.now,
}: AnswerOptions): AnswerQuestion {
  const tags = new Set(settings.transactional.tags);
  const senders = new Set(settings.transactional.senders);
  const readsTag = stream === "tag" || tags.size > 0;
  const answer = ({ recipient, sender, tag: named }: PolicyQuestion): Answer => {
    const list = current.list();
    if (list === null || current.age() > settings.staleSeconds * 1000)
      return settings.whenUnavailable === "defer" ? DEFER : PASS;
    const tag = named ?? (readsTag && sender ? (tagOf(sender) ?? "") : "");
    const entry = list.find(
      {
        recipient,
        stream: stream === "tag" ? tag : "",
        ...(isTransactional(sender, tag) ? { overrides: COMPLAINTS } : {}),
      },
      now(),
    );
    return entry === null ? PASS : { kind: "refuse", reply: replyOf(entry, settings.reply), entry };
  };
  const tagOf = (sender: string): string | null => {
    const reading = readReturnPath(sender, returnPath, new Date(now()));
    return reading === null || reading.check === "bad" ? null : reading.tag;
  };
  const isTransactional = (sender: string | null, tag: string): boolean => {
    if (tag !== "" && tags.has(tag.toLowerCase())) return true;
    if (!sender || senders.size === 0) return false;
    const address = sender.toLowerCase();
    return senders.has(address) || senders.has(address.slice(address.lastIndexOf("@") + 1));
  };
  return (question) => {
    if (current.list() !== null) return answer(question);
    // Just started: a moment's wait is better than mail to somebody who is on the list.
    return Promise.race([current.loaded, sleep(FIRST_MS, undefined, { ref: false })]).then(() => answer(question));
  };
}

const CAUSES_IN_WORDS: Readonly<Record<Cause, string>> = {
  hard: "hard bounce",
  soft: "soft bounces",
  complaint: "complaint",
  manual: "added by hand",
  import: "imported",
  erased: "address erased",
};

/** One line of printable ASCII, whatever the entry says. */
export function replyOf({ cause, reason, eventId, createdAt }: ListedEntry, template: string | null): string {
  const date = new Date(createdAt).toISOString().slice(0, 10);
  const words = printable(reason.replaceAll("_", " ")) || CAUSES_IN_WORDS[cause];
  if (template === null)
    return `550 ${cause === "hard" ? "5.1.1" : "5.7.1"} suppressed since ${date}: ${words}${eventId === null ? "" : ` (bounced:${eventId})`}`;
  const values: Readonly<Record<string, string>> = {
    date,
    reason: words,
    cause: CAUSES_IN_WORDS[cause],
    id: eventId ?? "-",
  };
  return template.replaceAll(/\{(\w+)\}/g, (_, name: string) => values[name] ?? "");
}

const printable = (text: string): string =>
  text
    .replaceAll(/[^\x20-\x7e]+/g, "?")
    .slice(0, 100)
    .trim();
