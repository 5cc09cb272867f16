/**
 * Our own signed return paths and tokens, wherever a report shows one. Whoever shows it has the mail that carries it,
 * or a copy of it: a mark says something of the recipient that it was made for, and of nobody else.
 */
import { latin1 } from "../fields/charset.ts";
import { headerOctets, readHeaderBlock, type HeaderField } from "../fields/header-block.ts";
import { headerOf, type Mail } from "../mime/mail.ts";
import { originalPart } from "../report/original.ts";
import type { Report } from "../report/report.ts";
import type { ReturnPathReading } from "../../return-path/reading.ts";
import type { ReturnPathSettings } from "../../return-path/settings.ts";
import { readSigned } from "../../return-path/signed.ts";
import { readToken } from "../../return-path/token.ts";

export interface Mark {
  readonly kind: "token" | "quoted_path";
  /** Valid, and made for a recipient. */
  readonly reading: ReturnPathReading;
  /** It stood only where answers and archives show it to others too, as in a Message-ID. */
  readonly isPublic: boolean;
}

/** Ways to write one. Each that is tried costs an HMAC or two, so a hostile header gets no more than these. */
const MAX_TRIED = 20;
const MAX_VALUE = 8_000;
const PUBLIC: ReadonlySet<string> = new Set(["message-id", "in-reply-to", "references", "resent-message-id"]);

const patterns = new Map<string, RegExp>();
function patternFor(prefix: string): RegExp {
  let pattern = patterns.get(prefix);
  if (!pattern) {
    const path = String.raw`${prefix}\+1[0-9a-z]{21,62}@[0-9a-z](?:[0-9a-z.-]{0,251}[0-9a-z])?`;
    patterns.set(prefix, (pattern = new RegExp(`(?<![0-9a-z])(?:bt1[0-9a-z]{20,497}|${path})`, "gi")));
  }
  return pattern;
}

/** Those that nobody else can see first, else in the order of the fields. */
export function marksIn(
  fields: readonly HeaderField[],
  settings: ReturnPathSettings,
  receivedAt: Date | string | null,
): readonly Mark[] {
  if (settings.secrets.length === 0) return [];
  const tried = new Set<string>();
  const marks: Mark[] = [];
  // A token in a Message-ID may stand in another field as well, and counts for more there.
  const inOrder = [...fields.filter(({ name }) => !PUBLIC.has(name)), ...fields.filter(({ name }) => PUBLIC.has(name))];
  for (const { name, value } of inOrder)
    for (const [text] of unescaped(value.slice(0, MAX_VALUE)).matchAll(patternFor(settings.prefix))) {
      if (tried.size >= MAX_TRIED) return marks;
      if (tried.has(text)) continue;
      tried.add(text);
      const isPath = text.includes("@");
      const reading = isPath ? readSigned(text, settings, receivedAt) : readToken(text, settings, receivedAt);
      if (reading?.check !== "valid" || (reading.recipient === null && !reading.bindsRecipient)) continue;
      marks.push({ kind: isPath ? "quoted_path" : "token", reading, isPublic: PUBLIC.has(name) });
    }
  return marks;
}

/** As in a mailto or an https address of List-Unsubscribe. */
const unescaped = (value: string): string =>
  value.includes("%") ? value.replace(/%2b/gi, "+").replaceAll("%40", "@") : value;

/** Every field of a report that may show a mark: of the returned message, of the feedback, of the report itself. */
export function shownFields(report: Report, mail: Mail): readonly HeaderField[] {
  const { original, feedback, envelopeId } = report;
  const fields: HeaderField[] = [];
  const add = (name: string, value: string | null | undefined): void => {
    if (value) fields.push({ name, value });
  };
  add("original-mail-from", feedback?.originalMailFrom);
  for (const field of returnedFields(report, mail)) fields.push(field);
  add("message-id", original?.messageId);
  add("envelope-id", envelopeId);
  for (const [name, value] of Object.entries(feedback?.extensions ?? {})) add(name, value);
  // Our own page writes the one; a mail program the other, as the mailto of List-Unsubscribe asks for.
  if (report.kind === "unsubscribe") for (const name of ["x-bounced-token", "subject"]) add(name, headerOf(mail, name));
  return fields;
}

/** Each field of the returned header, repeated ones too; of one that is quoted in text, the first of each name. */
function returnedFields({ original }: Report, mail: Mail): readonly HeaderField[] {
  const part = originalPart(mail);
  if (!part) return [...(original?.headers ?? [])].map(([name, value]) => ({ name, value }));
  // Most have none, and are not read a second time.
  return /bt1|\+1|%2b1/i.test(latin1(headerOctets(part.content))) ? readHeaderBlock(part.content) : [];
}
