/** How the pages say things: words for closed sets, numbers and times as people read them. */
import type {
  Advice,
  Authenticity,
  BouncedEvent,
  Fault,
  ProofKind,
  ReportSignal,
  Severity,
  SignalCheck,
} from "../event/event.ts";
import { html, type Html } from "./html.ts";

/** Order of charts and lists: what hurts most first. */
export const SEVERITY_ORDER = [
  "hard",
  "block",
  "complaint",
  "soft",
  "unknown",
  "info",
] as const satisfies readonly Severity[];

export const SEVERITY_WORDS: Readonly<Record<Severity, string>> = {
  hard: "Hard bounce",
  soft: "Soft bounce",
  block: "Block",
  complaint: "Complaint",
  info: "Info",
  unknown: "Unknown",
};

export const ADVICE_WORDS: Readonly<Record<Advice, string>> = {
  suppress: "stop sending to this address",
  retry: "send again later",
  wait: "wait, the sending server tries again",
  fix_content: "change the content",
  fix_auth: "fix the authentication of your mail",
  ignore: "nothing to do",
  investigate: "investigate",
};

export const AUTHENTICITY_WORDS: Readonly<Record<Authenticity, string>> = {
  proven: "It came to a return path, or shows a token, that only you could have made for this recipient.",
  likely: "It carries something of yours that strangers hardly know.",
  unproven: "It shows nothing that you made for this recipient: anybody could have sent it.",
  forged: "Its return path has a wrong signature.",
};

export const PROOF_WORDS: Readonly<Record<ProofKind, string>> = {
  return_path: "came to a return path signed for this recipient",
  token: "shows a token made for this recipient",
  dkim: "returns a header with your DKIM signature, addressed to this recipient alone",
  quoted_path: "shows a return path signed for this recipient",
  shared_path:
    "came to a valid return path that names nobody, from the recipient's provider or from your own server; counts for one recipient",
  shared_dkim:
    "returns a header with your DKIM signature, and comes from the recipient's provider or from your own server",
  sender: "your own sending system reported it",
};

export const SIGNAL_WORDS: Readonly<Record<SignalCheck, string>> = {
  own_signature: "your DKIM signature in the returned header",
  reporter: "brought by a server of yours",
  dkim: "DKIM signature of the report",
  arc: "ARC chain of the report",
  spf: "SPF of MAIL FROM or HELO",
  provider: "the host that brought it belongs to the provider of the recipient's domain",
  host: "the host that brought it is one that the report names",
};

/** One line for each: `DKIM signature of the report: pass, googlemail.com (mailer-daemon@googlemail.com)`. */
export const signalLine = ({ check, result, domain, detail }: ReportSignal): string =>
  `${SIGNAL_WORDS[check]}: ${result}${domain ? `, ${domain}` : ""}${detail && check !== "own_signature" ? ` (${detail})` : ""}`;

export const FAULT_WORDS: Readonly<Record<Fault, string>> = {
  recipient: "the recipient's mailbox",
  recipient_policy: "the recipient's policy",
  sender: "the sender",
  content: "the content",
  remote: "the remote server",
  none: "nobody",
  unknown: "unknown",
};

/** Class names of the style sheet; `soft` alone means grey text there. */
export const severityClass = (severity: Severity): string => (severity === "soft" ? "soft-bounce" : severity);

// Each has a shape of its own: colour is never the only difference.
const SHAPES: Readonly<Record<Severity, Html>> = {
  hard: html`<rect x="0" y="0" width="10" height="10" rx="1.5" />`,
  block: html`<path d="M5 0l5 5-5 5-5-5z" />`,
  soft: html`<path d="M5 .5L10 9.5H0z" />`,
  complaint: html`<path d="M1 0h9L7 3.5 10 7H3v3H1z" />`,
  info: html`<circle cx="5" cy="5" r="4.8" />`,
  unknown: html`<path
    fill-rule="evenodd"
    d="M5 0a5 5 0 1 1 0 10A5 5 0 0 1 5 0zm0 2.5a2.5 2.5 0 1 0 0 5 2.5 2.5 0 0 0 0-5z"
  />`,
};

export const severityDot = (severity: Severity): Html =>
  html`<svg class="dot ${severityClass(severity)}" viewBox="0 0 10 10" aria-hidden="true">${SHAPES[severity]}</svg>`;

export const severityLabel = (severity: Severity): Html =>
  html`<span class="sev">${severityDot(severity)}${SEVERITY_WORDS[severity]}</span>`;

/** As the field spells them. */
const SPELLINGS: ReadonlyMap<string, string> = new Map<string, string>(
  ["DNS", "IP", "TLS", "SMTP", "SPF", "DKIM", "DMARC", "MTA", "MX", "URL", "IANA", "ARF"].map((name) => [
    name.toLowerCase(),
    name,
  ]),
).set("i18n", "SMTPUTF8");

/** `mailbox_unknown` -> `mailbox unknown`, `ip_reputation` -> `IP reputation` */
export const lowerWordsOf = (name: string): string =>
  name
    .split("_")
    .map((word) => SPELLINGS.get(word) ?? word)
    .join(" ");

/** `mailbox_unknown` -> `Mailbox unknown` */
export const spellName = (name: string): string => {
  const words = lowerWordsOf(name);
  return words.charAt(0).toUpperCase() + words.slice(1);
};

/** Who changed something: `local:this machine` is a browser on this machine while no token exists. */
export const actorWords = (actor: string): string =>
  actor === "policy" ? "the suppression policy" : actor.replace(/^(?:local|token):/, "");

const integer = new Intl.NumberFormat("en");
export const formatCount = (count: number): string => integer.format(count);

/** `12.5 %` */
export const formatShare = (part: number, whole: number): string =>
  whole === 0 ? "–" : `${((100 * part) / whole).toFixed(part / whole < 0.1 ? 1 : 0)} %`;

export const recipientOf = ({ recipient }: BouncedEvent): string | null =>
  recipient.mailed ?? recipient.address ?? recipient.original;

/** `2026-05-01 12:00 UTC` */
export const shortTime = (iso: string): string => `${iso.slice(0, 16).replace("T", " ")} UTC`;

/** The page's script puts the reader's own time before it. */
export const timeElement = (iso: string | null): Html | null =>
  iso === null ? null : html`<time datetime="${iso}" title="${iso}">${shortTime(iso)}</time>`;

/** `3 min`, `2 days` */
export function formatAge(ms: number): string {
  const minutes = ms / 60_000;
  if (minutes < 1) return `${Math.max(0, Math.round(ms / 1000))} s`;
  if (minutes < 90) return `${Math.round(minutes)} min`;
  if (minutes < 48 * 60) return `${Math.round(minutes / 60)} h`;
  return `${Math.round(minutes / 1440)} days`;
}

/** `1 event`, `2 events`, `2 entries` */
export const plural = (count: number, word: string): string =>
  `${formatCount(count)} ${count === 1 ? word : word.endsWith("y") ? `${word.slice(0, -1)}ies` : `${word}s`}`;

/** `815 bytes`, `12 KB` */
export const formatBytes = (count: number): string =>
  count < 1000
    ? plural(count, "byte")
    : count < 1_000_000
      ? `${(count / 1000).toFixed(1)} KB`
      : `${(count / 1e6).toFixed(1)} MB`;
