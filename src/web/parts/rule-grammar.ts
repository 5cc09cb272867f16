/** What can stand in a rule, beside the editor: the short form of docs/rules.md. */
import { REASON_TABLE } from "../../core/classify/reasons.ts";
import { REASONS } from "../../core/event.ts";
import { html } from "../html.ts";
import { severityLabel, SEVERITY_ORDER } from "../words.ts";

const CONDITIONS = [
  ["any", "one of these phrases stands in the text"],
  ["all, not", "every one does; none does"],
  ["status", "5.1.1, 5.7.x, x.7.26, 5.7.606-649"],
  ["replyCode", "550, 5xx, 500-504"],
  ["provider", "who refused, by the id in Codes"],
  ["remoteMta, recipientDomain", "that host or domain, or one below it"],
  ["reportingMta, software", "who wrote the report"],
  ["command", "CONN EHLO STARTTLS AUTH MAIL RCPT DATA EOD"],
  ["pattern", "a regular expression over the lower-case text"],
] as const;

const PHRASES = [
  ["mailbox (is|was|) full", "a choice; an empty one may be left out"],
  ["{user} unknown", "any word for a user"],
  ["exceed*", "any word that begins so"],
  ["relay ... denied", "up to 12 words between"],
] as const;

export const ruleGrammar = html`<section class="panel stack">
  <details>
    <summary>Conditions: what must hold</summary>
    <dl class="facts spaced">
      ${CONDITIONS.map(
        ([key, words]) =>
          html`<dt><code>${key}</code></dt>
            <dd>${words}</dd>`,
      )}
    </dl>
  </details>
  <details>
    <summary>Phrases: words in a row</summary>
    <p class="soft spaced">
      Case, accents, punctuation and line breaks do not count. An address is the word <code>@</code>.
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
    <summary>Reasons: what it means</summary>
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
