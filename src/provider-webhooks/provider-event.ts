/**
 * What a sending provider says of one recipient, as the refusal that it is for us. The provider's verdict is kept beside
 * ours; what it wrote is kept with the event, so that it can be read again.
 */
import { MAX_RAW, parseAddress, type ReportedRefusalInput } from "../core/index.ts";
import type { RefusalAction } from "../event/smtp.ts";

/** `ignored`: known, and no failure or complaint. `unknown`: of a type that this program does not know. */
export type ProviderEvent =
  | { readonly outcome: "refusal"; readonly refusal: ReportedRefusalInput }
  | { readonly outcome: "ignored" | "unknown"; readonly type: string };

/** In the provider's words: nothing of it is checked. */
export interface Told {
  readonly action: RefusalAction;
  readonly recipient: unknown;
  /** The provider's own verdict. */
  readonly label: string;
  readonly diagnostic?: unknown;
  readonly status?: unknown;
  readonly replyCode?: unknown;
  readonly remoteMta?: unknown;
  readonly reportingMta?: unknown;
  readonly messageId?: unknown;
  readonly queueId?: unknown;
  readonly attempt?: unknown;
  /** Seconds or milliseconds since the epoch, or a date that says its zone. */
  readonly at?: unknown;
  readonly tag?: unknown;
  readonly returnPath?: unknown;
  readonly feedbackType?: unknown;
  readonly among?: number;
  readonly from?: unknown;
  readonly subject?: unknown;
}

/** `written`: what the provider wrote of it. Fields that make no sense are left out; without a recipient it is refused later. */
export function toldRefusal(source: string, told: Told, written: unknown): ProviderEvent {
  const recipient = text(told.recipient) ?? "";
  const fields = {
    recipient: parseAddress(recipient) ?? recipient.slice(0, 322),
    action: told.action,
    diagnostic: text(told.diagnostic)?.slice(0, 8000),
    status: matching(/^[245]\.\d{1,3}\.\d{1,3}$/, told.status),
    replyCode: replyCodeIn(told.replyCode),
    remoteMta: line(told.remoteMta, 255),
    reportingMta: line(told.reportingMta, 255),
    messageId: line(told.messageId, 990),
    queueId: line(told.queueId, 200),
    attempt: attemptIn(told.attempt),
    at: instantIn(told.at),
    tag: line(told.tag, 500),
    returnPath: line(told.returnPath, 322),
    feedbackType: line(told.feedbackType, 40),
    among: told.among,
    headers: headersOf(told),
    software: SOFTWARE.test(source) ? source : undefined,
    given: { source: source.slice(0, 40), label: line(told.label, 200) ?? told.action },
    raw: JSON.stringify(written).slice(0, MAX_RAW),
  };
  const said = Object.entries(fields).filter(([, value]) => value !== undefined);
  return { outcome: "refusal", refusal: Object.fromEntries(said) as unknown as ReportedRefusalInput };
}

export const ignored = (type: unknown): ProviderEvent => ({ outcome: "ignored", type: line(type, 60) ?? "" });
export const unknown = (type: unknown): ProviderEvent => ({ outcome: "unknown", type: line(type, 60) ?? "" });

export type JsonObject = Readonly<Record<string, unknown>>;
export const isObject = (value: unknown): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);
/** An empty one for everything else. */
export const objectIn = (value: unknown): JsonObject => (isObject(value) ? value : {});
/** A list, or one alone. */
export const itemsOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [value]);
/** Undefined for what is neither text nor number, and for blank text. */
export function text(value: unknown): string | undefined {
  if (typeof value === "number" && Number.isFinite(value)) return String(value);
  return typeof value === "string" && value.trim() !== "" ? value.trim() : undefined;
}

const SOFTWARE = /^[a-z0-9][a-z0-9._-]{0,39}$/;
const CONTROLS = /[\u0000-\u001f\u007f]+/g;

function line(value: unknown, max: number): string | undefined {
  const tidy = text(value)?.replaceAll(CONTROLS, " ").slice(0, max).trim();
  return tidy === "" ? undefined : tidy;
}

function matching(pattern: RegExp, value: unknown): string | undefined {
  const found = text(value);
  return found !== undefined && pattern.test(found) ? found : undefined;
}

/** Of SMTP: providers have numbers of their own from 490 and from 600 on. */
function replyCodeIn(value: unknown): number | undefined {
  const found = matching(/^[245][0-8]\d$/, value);
  return found === undefined ? undefined : Number(found);
}

function attemptIn(value: unknown): number | undefined {
  const found = matching(/^\d{1,5}$/, value);
  return found === undefined ? undefined : Number(found);
}

const MILLISECONDS = 100_000_000_000;

function instantIn(value: unknown): string | undefined {
  const found = text(value);
  if (found === undefined) return undefined;
  const number = Number(found);
  const at = Number.isNaN(number) ? Date.parse(found) : number > MILLISECONDS ? number : number * 1000;
  return at > 0 && at < 8e15 ? new Date(at).toISOString() : undefined;
}

function headersOf({ from, subject }: Told): Record<string, string> | undefined {
  const named = { From: line(from, 1000), Subject: line(subject, 1000) };
  const said = Object.entries(named).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return said.length === 0 ? undefined : Object.fromEntries(said);
}
