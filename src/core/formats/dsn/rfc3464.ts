/**
 * Delivery status notifications, RFC 3464, internationalised ones, RFC 6533, inside multipart/report, RFC 6522.
 *
 * Read wherever the fields stand: the type of the part is often wrong or rewritten on the way, and some servers
 * send several such parts. The human part only completes what a group leaves out.
 */
import { parseDate } from "../../fields/date.ts";
import { parseEnvelopeId } from "../../fields/envelope-id.ts";
import { fieldOf } from "../../fields/field-block.ts";
import { parseMta } from "../../fields/remote-mta.ts";
import { capRecipients } from "../../report/merge-recipients.ts";
import { shownText } from "../../mime/shown-text.ts";
import { findOriginal } from "../../report/original.ts";
import type { Warning } from "../../fields/warning.ts";
import { isChallengeReply } from "../answers/challenge.ts";
import { type Format } from "../format.ts";
import { notMine } from "../../report/reading.ts";
import { readHumanText } from "./human-text.ts";
import { readGroup } from "./recipient-group.ts";
import { softwareOf } from "../../report/software.ts";
import { readStatuses, successesIn } from "./status-parts.ts";

export const rfc3464: Format = {
  id: "rfc3464",
  read(mail, notice) {
    const warnings: Warning[] = [];
    const text = shownText(mail);
    const statuses = readStatuses(mail, text);
    if (statuses.length === 0) return notMine;
    const perMessage = statuses.flatMap((status) => status.perMessage);
    const all = statuses.flatMap((status) => status.groups);
    const groups = capRecipients(all, warnings);
    const original = findOriginal(mail);
    const context = { mail, notice, human: readHumanText(text), alone: groups.length === 1, original, warnings };
    const recipients = groups.length === 0 ? successesIn(text) : groups.flatMap((group) => readGroup(group, context));
    if (recipients.length === 0) return notMine;
    const isChallenge = recipients.every(({ diagnostic }) => diagnostic && isChallengeReply(diagnostic));
    return {
      kind: "report",
      report: {
        kind: isChallenge ? "challenge" : "delivery",
        recipients,
        reportingMta: parseMta(fieldOf(perMessage, "reporting-mta") ?? ""),
        receivedFromMta: parseMta(fieldOf(perMessage, "received-from-mta") ?? ""),
        envelopeId: parseEnvelopeId(fieldOf(perMessage, "original-envelope-id")),
        arrivalDate: parseDate(fieldOf(perMessage, "arrival-date") ?? ""),
        software: softwareOf(mail, perMessage),
        feedback: null,
        original,
      },
      warnings,
    };
  },
};
