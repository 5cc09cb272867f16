/** An event as somebody may see it who may see no personal data: no local part, name, subject or header of a person. */
import { addressesInValue } from "../erasure/addresses-in.ts";
import type { BouncedEvent } from "../event/event.ts";
import { HIDDEN, hideAddresses, MADE } from "./hide-addresses.ts";

type Name = (address: string) => string;

/** Words of servers, and names of roles: they are nobody's name, and what a server says stays readable. */
const NOBODYS = new Set(
  (
    "abuse account accept address admin administrator block bounce bounces box check class code contact content delivery denied " +
    "disabled does domain error example exist exists failed found full inbox info invalid list local mail mailbox mailer-daemon " +
    "mailer message name news newsletter noreply no-reply null office over policy postmaster quota recipient reject rejected " +
    "remote returned sales sender server service shop spam status support temporary unknown user users verify with"
  ).split(" "),
);
const MOST_WORDS = 200;

export function maskEvent(event: BouncedEvent, name: Name): BouncedEvent {
  const words = wordsOf(event);
  const addresses = (text: string): string => hideAddresses(text, name);
  const id = (text: string | null): string | null => (text === null || text.includes("@") ? text : HIDDEN);
  const whole = (text: string | null): string | null => (text === null ? null : nameOfRecipient(text, name));
  /** Of what people and servers wrote. */
  const said = (text: string): string => {
    const hidden = addresses(text);
    return words ? hidden.replaceAll(words, HIDDEN) : hidden;
  };
  const masked = everyText(event, addresses) as BouncedEvent;
  const { diagnostic, evidence, original, message, feedback, warnings, given } = masked;
  const { recipient, returnPath } = event;
  return {
    ...masked,
    recipient: {
      ...masked.recipient,
      mailed: whole(recipient.mailed),
      address: whole(recipient.address),
      original: whole(recipient.original),
    },
    returnPath: masked.returnPath && { ...masked.returnPath, recipient: whole(returnPath?.recipient ?? null) },
    diagnostic: diagnostic && { ...diagnostic, text: said(diagnostic.text) },
    evidence: evidence.map((one) => ({ ...one, text: one.text === null ? null : said(one.text) })),
    explanation: said(masked.explanation),
    // Senders put an address or a customer into it, encoded as they like.
    envelopeId: masked.envelopeId === null ? null : HIDDEN,
    given: given && { ...given, label: said(given.label) },
    original: {
      ...original,
      from: bare(original.from),
      to: original.to.map((one) => bare(one) ?? HIDDEN),
      subject: original.subject === null ? null : HIDDEN,
      feedbackId: original.feedbackId === null ? null : said(original.feedbackId),
      listId: original.listId === null ? null : said(original.listId),
      messageId: id(original.messageId),
      inReplyTo: id(original.inReplyTo),
      references: original.references.map((one) => id(one) ?? HIDDEN),
      headers: Object.fromEntries(Object.keys(original.headers).map((header) => [header, HIDDEN])),
    },
    feedback: feedback && {
      ...(everyText(feedback, said) as typeof feedback),
      arrivalDate: feedback.arrivalDate,
      sourceIp: feedback.sourceIp,
      originalEnvelopeId: feedback.originalEnvelopeId === null ? null : HIDDEN,
      originalRcptTo: (event.feedback?.originalRcptTo ?? []).map((one) => nameOfRecipient(one, name)),
      reportedUri: feedback.reportedUri.map(() => HIDDEN),
      extensions: Object.fromEntries(Object.keys(feedback.extensions).map((field) => [field, HIDDEN])),
    },
    // Of a reported refusal it is made of the address.
    message: {
      ...message,
      from: bare(message.from),
      messageId: id(message.messageId),
      subject: message.subject === null ? null : HIDDEN,
      sha256: HIDDEN,
    },
    warnings: warnings.map((one) => (one.value === undefined ? one : { ...one, value: HIDDEN })),
  };
}

/** Reports also name whom they are about without a domain, or as X.400 and Notes do: `root`, `CN=Ann Smith/O=Example`. */
function nameOfRecipient(text: string, name: Name): string {
  const [domain = ""] = /@[^\s()<>,;:"@]*$/.exec(text) ?? [];
  return MADE.test(text.slice(0, text.length - domain.length)) ? text : name(text) + domain;
}

/** The address alone, without the name beside it. */
function bare(text: string | null): string | null {
  if (text === null) return null;
  const [address] = /[^\s<>"(),:;]+@[^\s<>"(),:;]+$/.exec(text.replace(/>\s*$/, "")) ?? [];
  return address ?? HIDDEN;
}

/** Each local part, its pieces, and the words of names beside addresses, as they may stand alone in what a server says. */
function wordsOf(event: BouncedEvent): RegExp | null {
  const found = new Set<string>();
  const addresses = [...addressesInValue(event)];
  // `bounces+ann=shop.example@…` is an address of `shop.example` too: a domain is nobody's name.
  const domains = new Set(addresses.map((address) => address.slice(address.lastIndexOf("@") + 1)));
  const add = (word: string, least: number): void => {
    const folded = word.toLowerCase();
    if (word.length >= least && !NOBODYS.has(folded) && !domains.has(folded)) found.add(folded);
  };
  for (const address of addresses) {
    const local = address.slice(0, address.lastIndexOf("@"));
    add(local, 2);
    for (const piece of local.split(/[^\p{L}\p{M}\p{N}]+/u)) add(piece, 4);
  }
  const { mailed, address: failed, original } = event.recipient;
  for (const text of [mailed, failed, original])
    if (text !== null && !text.includes("@")) {
      add(text, 2);
      for (const piece of text.split(/[^\p{L}\p{M}\p{N}]+/u)) add(piece, 4);
    }
  for (const text of [event.original.from, ...event.original.to, event.message.from])
    for (const piece of (text ?? "").replace(/<[^>]*>|\S+@\S+/g, " ").split(/[^\p{L}\p{M}\p{N}]+/u)) add(piece, 3);
  if (found.size === 0) return null;
  // Of a mail to so many a text may name anybody: all of it goes.
  if (found.size > MOST_WORDS) return /[^]+/g;
  const alternatives = [...found]
    .toSorted((a, b) => b.length - a.length)
    .map((word) => word.replaceAll(/[.*+?^${}()|[\]\\/]/g, String.raw`\$&`));
  return new RegExp(`(?<![\\p{L}\\p{N}])(?:${alternatives.join("|")})(?![\\p{L}\\p{N}])`, "giu");
}

/** A copy with each text replaced, however deep, and each key that holds an address. */
export function everyText(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === "string") return change(value);
  if (Array.isArray(value)) return value.map((one) => everyText(one, change));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key.includes("@") ? change(key) : key, everyText(inner, change)]),
  );
}
