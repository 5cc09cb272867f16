/** The fields of an event, in groups, those that say nothing left out. */
import type { BouncedEvent } from "../../event/event.ts";
import { html, type Html, type HtmlValue } from "../html.ts";
import { link, type LinkParameters, type View } from "../view.ts";
import { mailHref, recipientPath, sliceHref, type Slice } from "../paths.ts";
import { formatBytes, PROOF_WORDS, signalLine, spellName, timeElement } from "../words.ts";

type Fact = readonly [name: string, value: HtmlValue];

export function facts(view: View, event: BouncedEvent): readonly Html[] {
  const to = (value: string | number | null, parameters: LinkParameters): Html | null =>
    value === null || value === "" ? null : html`<a href="${link(view, "/log", parameters)}">${value}</a>`;
  const toRecipient = (address: string | null): Html | null =>
    address === null ? null : html`<a href="${link(view, recipientPath(address))}">${address}</a>`;
  const toSlice = (slice: Slice, value: string | null, words = value): Html | null =>
    value === null || value === "" ? null : html`<a href="${sliceHref(view, slice, value)}">${words}</a>`;
  const { original, message, returnPath, feedback, codes } = event;
  return [
    group("Recipient and refusal", [
      ["Mailed to", toRecipient(event.recipient.mailed)],
      ["Final recipient", toRecipient(event.recipient.address)],
      ["Original recipient", event.recipient.original],
      ["Domain", toSlice("domain", event.recipient.domain)],
      ["Provider", toSlice("provider", event.provider, event.provider && view.providerName(event.provider))],
      ["Action", event.action],
      ["Status", event.status && to(event.status, { status: event.status })],
      ["Derived status", event.derivedStatus === event.status ? null : event.derivedStatus],
      ["Reply code", to(event.replyCode, { replyCode: event.replyCode })],
      ["SMTP command", event.smtpCommand],
      ["Possibly mistyped for", event.suggestion],
      ["Absent until", event.answer?.until],
      ["Says to write to", event.answer?.successor],
      ["Secondary reason", event.secondaryReason && spellName(event.secondaryReason)],
      ["Remote MTA", event.remoteMta],
      ["Reporting MTA", event.reportingMta],
      ["Last attempt", timeElement(event.lastAttemptDate)],
      ["Will retry until", timeElement(event.willRetryUntil)],
    ]),
    group("Original message", [
      ["From", original.from],
      ["To", original.to.slice(0, 5).join(", ")],
      ["Subject", original.subject],
      [
        "Message-ID",
        original.messageId && html`<a href="${mailHref(view, original.messageId)}">${original.messageId}</a>`,
      ],
      ["Date", timeElement(original.date)],
      ["Return path", returnPath?.address ?? original.returnPath],
      ["Return-path scheme", returnPath?.scheme],
      ["Tag", toSlice("tag", returnPath?.tag ?? null)],
      ["Envelope id", event.envelopeId],
      ["List-Id", original.listId],
      ["Feedback-Id", original.feedbackId],
      ...Object.entries(original.headers).map(([name, value]): Fact => [name, value]),
    ]),
    group("Report", [
      ["Received", timeElement(message.receivedAt)],
      ["From", message.from],
      ["Subject", message.subject],
      ["Received from", message.remoteAddress],
      ["Delivered to", message.envelope.forwardPath],
      ["Software", event.software],
      ["Report format", event.format],
      ["The provider calls it", event.given && `${event.given.label} (${event.given.source})`],
      ["Proof", event.proof && PROOF_WORDS[event.proof]],
      ["Signals", event.signals.map(signalLine).join("; ")],
      ["Size", `${formatBytes(message.size)}${message.truncated ? ", only the beginning was read" : ""}`],
      ["SHA-256", html`<code class="small">${message.sha256}</code>`],
      ["Warnings", event.warnings.map(({ code, field }) => (field ? `${code} (${field})` : code)).join(", ")],
    ]),
    feedback &&
      group("Complaint", [
        ["Type", feedback.type],
        ["Reported by", feedback.userAgent],
        ["Source IP", feedback.sourceIp],
        ["Arrived", timeElement(feedback.arrivalDate)],
        ["Original recipient", feedback.originalRcptTo.join(", ")],
        ["Reported domain", feedback.reportedDomain.join(", ")],
        ["Authentication", feedback.authenticationResults.join("; ")],
      ]),
    group("Codes of other services", [
      ["Failure code", to(codes.failureCode, { failureCode: codes.failureCode })],
      ["SendGrid", codes.sendgrid],
      ["Amazon SES", codes.ses],
      ["Postmark", codes.postmark],
      ["Mailgun", codes.mailgun],
      ["SparkPost", codes.sparkpost],
      ["PowerMTA", codes.powermta],
      ["KumoMTA", codes.kumomta],
      ["Sisimai", codes.sisimai],
    ]),
  ].filter((one) => one !== null);
}

function group(title: string, rows: readonly Fact[]): Html | null {
  const said = rows.filter(([, value]) => value !== null && value !== undefined && value !== "");
  if (said.length === 0) return null;
  return html`<section class="panel">
    <header><h2>${title}</h2></header>
    <dl class="facts">
      ${said.map(
        ([name, value]) =>
          html`<dt>${name}</dt>
            <dd>${typeof value === "string" ? html`<bdi>${value}</bdi>` : value}</dd>`,
      )}
    </dl>
  </section>`;
}
