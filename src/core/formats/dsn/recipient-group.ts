/**
 * The group of one recipient, RFC 3464 section 2.3, with what the human part adds where the group leaves something out
 * or cannot be right: no recipient, a recipient that is no address, the whole reply in `Status`.
 */
import { decodeXtext, parseTypedAddress } from "../../fields/address.ts";
import { isAddress } from "../../../addresses/is-address.ts";
import { parseDate } from "../../fields/date.ts";
import { parseDiagnosticCode, toOneLine } from "../../fields/diagnostic-code.ts";
import { findEnhancedStatus, parseEnhancedStatus } from "../../fields/enhanced-status.ts";
import { fieldOf, fieldsOf, type FieldBlock } from "../../fields/field-block.ts";
import { parseMta } from "../../fields/remote-mta.ts";
import { findReplyCode } from "../../fields/reply-code.ts";
import { findSmtpCommand } from "../../fields/smtp-command.ts";
import { headerOf, type Mail } from "../../mime/mail.ts";
import { readListed } from "../../notice/listed.ts";
import type { Notice } from "../../notice/notice.ts";
import { readTied } from "../../notice/tied-addresses.ts";
import { type OriginalMessage, type RecipientReport } from "../../report/report.ts";
import { type DiagnosticCode } from "../../fields/diagnostic-code.ts";
import { type Warning } from "../../fields/warning.ts";
import { isAction, type Action } from "../../../event/smtp.ts";
import { sayingOf, type HumanText } from "./human-text.ts";

export interface GroupContext {
  readonly mail: Mail;
  readonly notice: Notice;
  readonly human: HumanText;
  readonly alone: boolean;
  readonly original: OriginalMessage | null;
  readonly warnings: Warning[];
}

export function readGroup(group: FieldBlock, context: GroupContext): readonly RecipientReport[] {
  const { warnings } = context;
  const named = fieldOf(group, "final-recipient", "x-actual-recipient", "x-failed-recipient");
  const written = named === null ? null : withoutXtext(parseTypedAddress(named), context);
  const given = withoutXtext(parseTypedAddress(fieldOf(group, "original-recipient") ?? ""), context);
  // `rfc822; unknown`, or a whole reply: what is no address may still be a pipe or a folder, if nobody else is named.
  const isGarbage = written !== null && !isAddress(written) && !isLocalName(named ?? "");
  const elsewhere = (written === null && given === null) || isGarbage ? namedElsewhere(context) : null;
  const finalRecipient = isGarbage && (elsewhere ?? given) !== null ? null : written;
  const originalRecipient = given ?? elsewhere;
  const address = finalRecipient ?? originalRecipient;
  const action = readAction(group, warnings);
  const statusField = fieldOf(group, "status");
  const said = readDiagnostic(group) ?? replyInStatus(statusField);
  const status =
    (statusField === null ? null : (parseEnhancedStatus(statusField) ?? findEnhancedStatus(statusField))) ??
    (statusField === null && said ? findEnhancedStatus(said.text) : null);
  if (statusField !== null && status === null) warnings.push(badField("Status", statusField));
  if (address === null && action === null && status === null) return [];
  if (address === null) warnings.push({ code: "missing-field", field: "Final-Recipient" });
  const saying = address === null ? null : sayingOf(context.human, address, context.alone);
  const diagnostic = said ?? asDiagnostic(saying?.reply() ?? null);
  return [
    {
      finalRecipient,
      originalRecipient,
      action,
      status,
      replyCode: diagnostic === null ? null : findReplyCode(diagnostic.text),
      diagnostic,
      smtpCommand: (diagnostic && findSmtpCommand(diagnostic.text)) ?? saying?.smtpCommand() ?? null,
      remoteMta: parseMta(fieldOf(group, "remote-mta") ?? "") ?? saying?.remoteMta() ?? null,
      lastAttemptDate: readDate(group, "last-attempt-date", warnings),
      willRetryUntil: readDate(group, "will-retry-until", warnings),
    },
  ];
}

/** `local; root`, `x-unix; |/usr/bin/procmail`: a name that its type says is none of RFC 822. */
const isLocalName = (field: string): boolean => /^\s*(?!rfc[/_-]?822|utf-8)[A-Za-z][A-Za-z0-9-]{0,30}\s*;/i.test(field);

/** James puts the reply where only its code belongs, Haraka behind it: `5.1.2 (550 Tried all MXs example.org)`. */
function replyInStatus(field: string | null): DiagnosticCode | null {
  const reply = /^\s*(?:[245]\.\d{1,3}\.\d{1,3} \((?=[245]\d\d[ -]))?([245]\d\d[ -]\S.*)$/s.exec(field ?? "")?.[1];
  if (reply === undefined) return null;
  return asDiagnostic(reply.endsWith(")") && field!.includes(" (") ? reply.slice(0, -1) : reply);
}

/**
 * `reader+2Bnews@example.org`: xtext (RFC 3461 section 4) that belongs into ORCPT and was not taken off again. Only the
 * two characters that xtext must encode in an address, and never where words or returned header spell it like that.
 */
function withoutXtext(address: string | null, { human, original }: GroupContext): string | null {
  if (address === null || !/\+(?:2B|3D)/.test(address)) return address;
  const spelt = address.toLowerCase();
  const isSpeltSo = human.starts.has(spelt) || original?.to.some((to) => to.toLowerCase() === spelt) === true;
  return isSpeltSo ? address : decodeXtext(address);
}

/** A group that names nobody, in a report whose header or words name one. */
function namedElsewhere({ mail, notice, alone }: GroupContext): string | null {
  if (!alone) return null;
  const header = headerOf(mail, "x-failed-recipients");
  if (header !== null) return header.includes(",") ? null : parseTypedAddress(header);
  const listed = readListed(notice).blocks;
  const named = listed.length > 0 ? listed : readTied(notice);
  return named.length === 1 ? named[0]!.address : null;
}

const asDiagnostic = (text: string | null): DiagnosticCode | null =>
  text === null ? null : { type: /^[245]\d\d[\s-]/.test(text) ? "smtp" : "unknown", text: toOneLine(text) };

/** The last `smtp` one where a group repeats the field: the remote server's word counts more than our own queue's. */
function readDiagnostic(group: FieldBlock): DiagnosticCode | null {
  const all = fieldsOf(group, "diagnostic-code").flatMap((value) => parseDiagnosticCode(value) ?? []);
  return all.findLast((code) => code.type === "smtp") ?? all.at(-1) ?? null;
}

/** Case-insensitive, trailing comment allowed: `Failed (permanently)`. Never guessed. */
function readAction(group: FieldBlock, warnings: Warning[]): Action | null {
  const value = fieldOf(group, "action");
  if (value === null) return null;
  const word = value.toLowerCase().split(/[\s(;,]/, 1)[0] ?? "";
  if (isAction(word)) return word;
  // Spellings of real servers.
  if (word === "failure" || word === "fail" || word === "undeliverable") return "failed";
  if (word === "deliverable" || word === "success") return "delivered";
  if (word === "delay" || word === "deferred") return "delayed";
  warnings.push(badField("Action", value));
  return null;
}

function readDate(group: FieldBlock, name: string, warnings: Warning[]): string | null {
  const value = fieldOf(group, name);
  if (value === null) return null;
  const date = parseDate(value);
  if (date === null) warnings.push(badField(name, value));
  return date;
}

const badField = (field: string, value: string): Warning => ({ code: "bad-field", field, value: value.slice(0, 200) });
