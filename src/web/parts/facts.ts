/** The fields of an event, in groups, those that say nothing left out. */
import type { BouncedEvent } from "../../event/event.ts";
import { html, type Html, type HtmlValue } from "../html.ts";
import { link, type LinkParameters, type View } from "../view.ts";
import { mailHref, recipientPath, sliceHref, type Slice } from "../paths.ts";
import { signalLine, timeElement } from "../words.ts";

type Fact = readonly [name: string, value: HtmlValue];

export function facts(view: View, event: BouncedEvent): readonly Html[] {
  const to = (value: string | number | null, parameters: LinkParameters): Html | null =>
    value === null || value === "" ? null : html`<a href="${link(view, "/log", parameters)}">${value}</a>`;
  const toRecipient = (address: string | null): Html | null =>
    address === null ? null : html`<a href="${link(view, recipientPath(address))}">${address}</a>`;
  const toSlice = (slice: Slice, value: string | null, words = value): Html | null =>
    value === null || value === "" ? null : html`<a href="${sliceHref(view, slice, value)}">${words}</a>`;
  const { event: t, terms } = view.t;
  const { original, message, returnPath, feedback, codes } = event;
  return [
    group(t.groupRecipient, [
      [t.mailedTo, toRecipient(event.recipient.mailed)],
      [t.finalRecipient, toRecipient(event.recipient.address)],
      [t.originalRecipient, event.recipient.original],
      [t.domain, toSlice("domain", event.recipient.domain)],
      [t.provider, toSlice("provider", event.provider, event.provider && view.providerName(event.provider))],
      [t.action, event.action],
      [t.status, event.status && to(event.status, { status: event.status })],
      [t.derivedStatus, event.derivedStatus === event.status ? null : event.derivedStatus],
      [t.replyCode, to(event.replyCode, { replyCode: event.replyCode })],
      [t.smtpCommand, event.smtpCommand],
      [t.mistypedFor, event.suggestion],
      [t.absentUntil, event.answer?.until && view.t.day(event.answer.until)],
      [t.writeTo, event.answer?.successor],
      [t.secondaryReason, event.secondaryReason && terms.reason[event.secondaryReason]],
      [t.remoteMta, event.remoteMta],
      [t.reportingMta, event.reportingMta],
      [t.lastAttempt, timeElement(view, event.lastAttemptDate)],
      [t.willRetryUntil, timeElement(view, event.willRetryUntil)],
    ]),
    group(t.groupOriginal, [
      [t.from, original.from],
      [t.to, original.to.slice(0, 5).join(", ")],
      [t.subject, original.subject],
      [
        t.messageId,
        original.messageId && view.reaches("/messages/:messageId")
          ? html`<a href="${mailHref(view, original.messageId)}">${original.messageId}</a>`
          : original.messageId,
      ],
      [t.date, timeElement(view, original.date)],
      [t.returnPath, returnPath?.address ?? original.returnPath],
      [t.returnPathScheme, returnPath?.scheme],
      [t.tag, toSlice("tag", returnPath?.tag ?? null)],
      [t.envelopeId, event.envelopeId],
      [t.listId, original.listId],
      [t.feedbackId, original.feedbackId],
      ...Object.entries(original.headers).map(([name, value]): Fact => [name, value]),
    ]),
    group(t.groupReport, [
      [t.received, timeElement(view, message.receivedAt)],
      [t.from, message.from],
      [t.subject, message.subject],
      [t.receivedFrom, message.remoteAddress],
      [t.deliveredTo, message.envelope.forwardPath],
      [t.software, event.software],
      [t.format, event.format],
      [t.given, event.given && `${event.given.label} (${event.given.source})`],
      [t.proof, event.proof && terms.proof[event.proof]],
      [t.signals, event.signals.map((signal) => signalLine(view, signal)).join("; ")],
      [t.size, message.truncated ? t.onlyBeginning(view.t.bytes(message.size)) : view.t.bytes(message.size)],
      [t.sha256, html`<code class="small">${message.sha256}</code>`],
      [t.warnings, event.warnings.map(({ code, field }) => (field ? `${code} (${field})` : code)).join(", ")],
    ]),
    feedback &&
      group(t.groupComplaint, [
        [t.type, feedback.type],
        [t.reportedBy, feedback.userAgent],
        [t.sourceIp, feedback.sourceIp],
        [t.arrived, timeElement(view, feedback.arrivalDate)],
        [t.originalRecipient, feedback.originalRcptTo.join(", ")],
        [t.reportedDomain, feedback.reportedDomain.join(", ")],
        [t.authentication, feedback.authenticationResults.join("; ")],
      ]),
    group(t.groupCodes, [
      [t.failureCode, to(codes.failureCode, { failureCode: codes.failureCode })],
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
