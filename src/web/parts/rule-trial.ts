/** What rules on trial would have decided, and what is wrong with them. */
import { REASON_TABLE } from "../../event/reasons.ts";
import type { RuleTrial } from "../../http/rule-trial.ts";
import { html, type Html } from "../html.ts";
import { icon } from "../icons.ts";
import { formatCount, lowerWordsOf, plural, severityLabel, spellName } from "../words.ts";

/** `which` refusals it was tried on, where not on all. */
export function ruleTrial({ findings, tried, decided, moves }: RuleTrial, which: string): Html {
  const isWrong = findings.some(({ level }) => level === "error");
  return html`<section class="panel stack" aria-labelledby="trial-head">
    <ul class="steps">
      <li>
        <span class="state ${isWrong ? "fail" : findings.length > 0 ? "warn" : "ok"}"
          >${icon(isWrong ? "cross" : findings.length > 0 ? "warn" : "check")}</span
        >
        <div>
          <p>
            ${isWrong ? "This rule cannot be saved." : findings.length > 0 ? "This rule can be saved, with warnings." : "The rule is valid."}
          </p>
          ${findings.map(
            ({ level, rule, problem }) =>
              html`<p class="break small">
                <b>${level === "error" ? "Error" : "Warning"}</b>: <code>${rule}</code> ${problem}
              </p>`,
          )}
        </div>
      </li>
    </ul>
    <h2 id="trial-head">Decides ${formatCount(decided)} of ${plural(tried, "refusal")} ${which}</h2>
    ${moves.map(
      ({ from, to, count, examples }) =>
        html`<div>
          <h3 class="row">
            <span>
              ${from === to ? html`Stays ${lowerWordsOf(to)}` : html`${spellName(from)} → ${spellName(to)}`}
              <span class="soft">${formatCount(count)}</span>
            </span>
            ${severityLabel(REASON_TABLE[to].severity)}
          </h3>
          ${examples.map((text) => html`<p class="diagnostic mono small spaced">${text}</p>`)}
        </div>`,
    )}
  </section>`;
}
