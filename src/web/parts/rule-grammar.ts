/** What can stand in a rule, beside the editor: the short form of docs/rules.md. */
import { REASON_TABLE } from "../../event/reasons.ts";
import { REASONS } from "../../event/event.ts";
import { html } from "../html.ts";
import { severityLabel, SEVERITY_ORDER } from "../words.ts";

const CONDITIONS = [
  ["any", "the text contains one of these phrases"],
  ["all, not", "it contains all of them; it contains none"],
  ["status", "5.1.1, 5.7.x, x.7.26, 5.7.606-649"],
  ["replyCode", "550, 5xx, 500-504"],
  ["provider", "who refused, by the id in Codes"],
  ["remoteMta, recipientDomain", "that host or domain, or one below it"],
  ["reportingMta, software", "who wrote the report"],
  ["command", "CONN EHLO STARTTLS AUTH MAIL RCPT DATA EOD"],
  ["pattern", "a regular expression over the lower-case text"],
] as const;

const PHRASES = [
  ["mailbox (is|was|) full", "one of several; an empty one is optional"],
  ["{user} unknown", "any word for a user"],
  ["exceed*", "any word with this beginning"],
  ["relay ... denied", "up to 12 words between"],
] as const;

export const ruleGrammar = html`<section class="panel stack">
  <details>
    <summary>Conditions</summary>
    <dl class="facts spaced">
      ${CONDITIONS.map(
        ([key, words]) =>
          html`<dt><code>${key}</code></dt>
            <dd>${words}</dd>`,
      )}
    </dl>
  </details>
  <details>
    <summary>Phrases</summary>
    <p class="soft spaced">
      Case, accents, punctuation and line breaks are ignored. An address matches the word <code>@</code>.
    </p>
    <dl class="facts spaced">
      ${PHRASES.map(
        ([key, words]) =>
          html`<dt><code>${key}</code></dt>
            <dd>${words}</dd>`,
      )}
    </dl>
  </details>
  <details>
    <summary>Reasons</summary>
    <dl class="facts spaced">
      ${SEVERITY_ORDER.map((severity) => {
        const reasons = REASONS.filter((reason) => REASON_TABLE[reason].severity === severity);
        return (
          reasons.length > 0 &&
          html`<dt>${severityLabel(severity)}</dt>
            <dd>${reasons.map((reason) => html`<code>${reason}</code> `)}</dd>`
        );
      })}
    </dl>
  </details>
</section>`;
