/** How the pages say things: words for closed sets, numbers and times as people read them. */
import type { BouncedEvent, Severity } from "../core/event.ts";
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
  info: "Notice",
  unknown: "Unclear",
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

/** `mailbox_unknown` -> `Mailbox unknown` */
export const wordsOf = (name: string): string => {
  const words = name.replaceAll("_", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
};

const integer = new Intl.NumberFormat("en");
export const formatCount = (count: number): string => integer.format(count);

/** `12.5 %` */
export const formatShare = (part: number, whole: number): string =>
  whole === 0 ? "–" : `${((100 * part) / whole).toFixed(part / whole < 0.1 ? 1 : 0)} %`;

export const recipientOf = ({ recipient }: BouncedEvent): string | null => recipient.address ?? recipient.original;

/** `2026-05-01 12:00`, UTC, as mail logs write it. */
export const shortTime = (iso: string): string => iso.slice(0, 16).replace("T", " ");

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

/** `1 event`, `2 events` */
export const plural = (count: number, word: string): string => `${formatCount(count)} ${word}${count === 1 ? "" : "s"}`;
