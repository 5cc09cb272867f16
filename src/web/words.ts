/** How the pages say things: parts of sentences that several of them have. */
import type { BouncedEvent, Reason, ReportSignal, Severity } from "../event/event.ts";
import { html, type Html } from "./html.ts";
import type { Texts } from "./language/texts.ts";
import type { Wrap } from "./language/speech.ts";
import type { View } from "./view.ts";

/** Order of charts and lists: what hurts most first. */
export const SEVERITY_ORDER = [
  "hard",
  "block",
  "complaint",
  "soft",
  "unknown",
  "info",
] as const satisfies readonly Severity[];

/** One line for each: `DKIM signature of the report: pass, googlemail.com (mailer-daemon@googlemail.com)`. */
export const signalLine = ({ t }: Pick<View, "t">, { check, result, domain, detail }: ReportSignal): string =>
  `${t.terms.signal[check]}: ${result}${domain ? `, ${domain}` : ""}${detail && check !== "own_signature" ? ` (${detail})` : ""}`;

/** Of the log or a rule file, which may know a reason that this version does not. */
export const reasonWords = (t: Texts, reason: string): string =>
  Object.hasOwn(t.terms.reason, reason) ? t.terms.reason[reason as Reason] : reason;

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

export const severityLabel = ({ t }: Pick<View, "t">, severity: Severity): Html =>
  html`<span class="sev">${severityDot(severity)}${t.terms.severity[severity]}</span>`;

/** Who changed something: `local:this machine` is a browser on this machine while no token exists. */
export const actorWords = ({ t }: Pick<View, "t">, actor: string): string =>
  actor === "policy" ? t.terms.policyActor : actor.replace(/^(?:local|token|person):/, "");

export const recipientOf = ({ recipient }: BouncedEvent): string | null =>
  recipient.mailed ?? recipient.address ?? recipient.original;

/** The page's script puts the reader's own time before it. */
export const timeElement = ({ t }: Pick<View, "t">, iso: string | null): Html | null =>
  iso === null ? null : html`<time datetime="${iso}" title="${iso}">${t.time(iso)}</time>`;

/** A link, for the words of a sentence that name its target. */
export const linkTo =
  (href: string): Wrap =>
  (words) =>
    html`<a href="${href}">${words}</a>`;
