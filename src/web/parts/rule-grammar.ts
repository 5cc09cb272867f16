/** What can stand in a rule, beside the editor: the short form of docs/rules.md. */
import { REASON_TABLE } from "../../event/reasons.ts";
import { REASONS } from "../../event/event.ts";
import { html, type Html } from "../html.ts";
import type { Texts } from "../language/texts.ts";
import type { View } from "../view.ts";
import { severityLabel, SEVERITY_ORDER } from "../words.ts";

const conditions = (t: Texts["rules"]) => [
  ["any", t.grammarAny],
  ["all, not", t.grammarAll],
  ["status", "5.1.1, 5.7.x, x.7.26, 5.7.606-649"],
  ["replyCode", "550, 5xx, 500-504"],
  ["provider", t.grammarProvider],
  ["remoteMta, recipientDomain", t.grammarHost],
  ["reportingMta, software", t.grammarReporter],
  ["command", "CONN EHLO STARTTLS AUTH MAIL RCPT DATA EOD"],
  ["pattern", t.grammarPattern],
];

const phrases = (t: Texts["rules"]) => [
  ["mailbox (is|was|) full", t.phraseAlternative],
  ["{user} unknown", t.phraseUser],
  ["exceed*", t.phraseBeginning],
  ["relay ... denied", t.phraseBetween],
];

export const ruleGrammar = (view: View): Html =>
  html`<section class="panel stack">
    <details>
      <summary>${view.t.rules.conditions}</summary>
      <dl class="facts spaced">
        ${conditions(view.t.rules).map(
          ([key, words]) =>
            html`<dt><code>${key}</code></dt>
              <dd>${words}</dd>`,
        )}
      </dl>
    </details>
    <details>
      <summary>${view.t.rules.phrases}</summary>
      <p class="soft spaced">${view.t.rules.phrasesHint}</p>
      <dl class="facts spaced">
        ${phrases(view.t.rules).map(
          ([key, words]) =>
            html`<dt><code>${key}</code></dt>
              <dd>${words}</dd>`,
        )}
      </dl>
    </details>
    <details>
      <summary>${view.t.rules.reasons}</summary>
      <dl class="facts spaced">
        ${SEVERITY_ORDER.map((severity) => {
          const reasons = REASONS.filter((reason) => REASON_TABLE[reason].severity === severity);
          return (
            reasons.length > 0 &&
            html`<dt>${severityLabel(view, severity)}</dt>
              <dd>${reasons.map((reason) => html`<code>${reason}</code> `)}</dd>`
          );
        })}
      </dl>
    </details>
  </section>`;
