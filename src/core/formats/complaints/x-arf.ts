/**
 * Complaints in X-ARF: a JSON part (XARF 3 and 4, https://xarf.org) or YAML fields (0.2), and a sample of the message,
 * inside the JSON or as a part. RFC 9477 section 3.4 lets a sender ask for them with `CFBL-Address: …; report=xarf`, and
 * requires Message-ID and CFBL-Feedback-ID in the sample. What is about an address and not about a message is read by
 * aggregate-report.ts.
 */
import { parseTypedAddress } from "../../fields/address.ts";
import { decodeText } from "../../fields/charset.ts";
import { parseDate } from "../../fields/date.ts";
import { readHeaderBlock } from "../../fields/header-block.ts";
import { fieldOf, readFieldBlocks } from "../../fields/field-block.ts";
import { headerOf, type Mail } from "../../mime/mail.ts";
import { blankFeedback, blankRecipient, blankReport } from "../../report/blank-recipient.ts";
import { findOriginal, originalPart, readOriginal } from "../../report/original.ts";
import type { OriginalMessage } from "../../report/report.ts";
import { type Format } from "../format.ts";
import { notMine } from "../../report/reading.ts";
import { isMailbox, leftInOriginal } from "../rfc5965.ts";

/** A report without its sample is small; more than this is not parsed. */
const MAX_JSON = 256 * 1024;
const SPAM = /^(?:spam|bulk[_ ]?messaging|unsolicited|junk|complaint)$/i;

export const xArf: Format = {
  id: "x-arf",
  read(mail) {
    if (!isXArf(mail)) return notMine;
    const said = readJson(mail) ?? readYaml(mail);
    if (!said || !SPAM.test(said.type)) return notMine;
    const original = said.sample ?? (originalPart(mail) ? findOriginal(mail) : null);
    if (!original) return notMine;
    const named = said.recipient === null ? leftInOriginal(original) : [said.recipient];
    const complainant = named.find(isMailbox) ?? null;
    return {
      kind: "report",
      report: {
        ...blankReport,
        kind: "complaint",
        recipients: complainant === null ? [] : [{ ...blankRecipient, finalRecipient: complainant }],
        arrivalDate: said.date,
        feedback: {
          ...blankFeedback,
          type: "abuse",
          userAgent: said.reporter,
          version: said.version,
          sourceIp: said.sourceIp,
          arrivalDate: said.date,
          originalMailFrom: said.mailFrom,
          originalRcptTo: said.recipient === null ? [] : [said.recipient],
        },
        original,
      },
      warnings: [],
    };
  },
};

export const isXArf = (mail: Mail): boolean =>
  /^\s*(?:yes|plain|secure|bulk)\b/i.test(headerOf(mail, "x-xarf") ?? headerOf(mail, "x-arf") ?? "");

interface Said {
  readonly type: string;
  readonly version: string | null;
  readonly reporter: string | null;
  readonly sourceIp: string | null;
  readonly mailFrom: string | null;
  readonly recipient: string | null;
  readonly date: string | null;
  readonly sample: OriginalMessage | null;
}

function readJson(mail: Mail): Said | null {
  const part = mail.parts.find(
    ({ contentType, fileName }) => contentType === "application/json" || /\.json$/i.test(fileName ?? ""),
  );
  if (!part || part.content.length > MAX_JSON) return null;
  let whole: unknown;
  try {
    whole = JSON.parse(decodeText(part.content, "utf-8"));
  } catch {
    return null;
  }
  // Version 3 has the report in an object of its own, version 4 has all in one.
  const report = valueIn(whole, "Report") ?? whole;
  const of = (...names: readonly string[]): string | null => {
    const value = names.map((name) => valueIn(report, name)).find((one) => typeof one === "string" && one !== "");
    return typeof value === "string" ? value : null;
  };
  const reporter = valueIn(whole, "ReporterInfo") ?? valueIn(whole, "reporter");
  const reporterName = valueIn(reporter, "ReporterOrg") ?? valueIn(reporter, "org");
  const version = valueIn(whole, "Version") ?? valueIn(whole, "xarf_version");
  return {
    type: of("ReportType", "type") ?? "",
    version: typeof version === "string" ? version : null,
    reporter: typeof reporterName === "string" ? reporterName : null,
    sourceIp: of("SourceIp", "source_identifier"),
    mailFrom: parseTypedAddress(of("SmtpMailFromAddress", "smtp_from") ?? ""),
    recipient: parseTypedAddress(of("SmtpRcptToAddress", "smtp_to") ?? ""),
    date: parseDate(of("Date", "timestamp") ?? ""),
    sample: sampleIn(valueIn(report, "Samples") ?? valueIn(report, "evidence")),
  };
}

/** The first sample that is a message. */
function sampleIn(samples: unknown): OriginalMessage | null {
  if (!Array.isArray(samples)) return null;
  for (const sample of samples.slice(0, 5)) {
    const type = valueIn(sample, "ContentType") ?? valueIn(sample, "content_type");
    const payload = valueIn(sample, "Payload") ?? valueIn(sample, "payload");
    if (typeof type !== "string" || !/^(?:message\/rfc822|text\/rfc822-headers)/i.test(type)) continue;
    if (typeof payload !== "string") continue;
    const octets = valueIn(sample, "Base64Encoded") === false ? utf8(payload) : (fromBase64(payload) ?? utf8(payload));
    const original = readOriginal(readHeaderBlock(octets));
    if (original) return original;
  }
  return null;
}

/** The fields of the second part, which are text. */
function readYaml({ text }: Mail): Said | null {
  const at = text.search(/^Reported-From[ \t]*:/im);
  if (at < 0) return null;
  const block = readFieldBlocks(text.slice(at, at + 8_000))[0] ?? [];
  const of = (name: string): string | null => fieldOf(block, name);
  return {
    type: of("report-type") ?? "",
    version: of("version"),
    reporter: of("user-agent") ?? of("reported-from"),
    sourceIp: of("source"),
    mailFrom: null,
    recipient: null,
    date: parseDate(of("date") ?? ""),
    sample: null,
  };
}

const valueIn = (holder: unknown, name: string): unknown =>
  typeof holder === "object" && holder !== null && Object.hasOwn(holder, name)
    ? (holder as Readonly<Record<string, unknown>>)[name]
    : undefined;

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

function fromBase64(text: string): Uint8Array | null {
  const packed = text.replace(/\s/g, "");
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(packed)) return null;
  try {
    return Uint8Array.from(atob(packed), (char) => char.charCodeAt(0));
  } catch {
    return null;
  }
}
