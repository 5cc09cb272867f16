/** What rules on trial would have decided, and what is wrong with them. */
import { REASON_TABLE } from "../../event/reasons.ts";
import type { RuleTrial } from "../../http/rule-trial.ts";
import { html, type Html } from "../html.ts";
import { icon } from "../icons.ts";
import type { View } from "../view.ts";
import { severityLabel } from "../words.ts";

/** `decides`: key of the sentence that says which refusals it was tried on. */
export function ruleTrial(
  view: View,
  { findings, tried, decided, moves }: RuleTrial,
  decides: "decides" | "decidesUndecided",
): Html {
  const { rules: t, terms } = view.t;
  const isWrong = findings.some(({ level }) => level === "error");
  return html`<section class="panel stack" aria-labelledby="trial-head">
    <ul class="steps">
      <li>
        <span class="state ${isWrong ? "fail" : findings.length > 0 ? "warn" : "ok"}"
          >${icon(isWrong ? "cross" : findings.length > 0 ? "warn" : "check")}</span
        >
        <div>
          <p>${isWrong ? t.cannotBeSaved : findings.length > 0 ? t.savableWithWarnings : t.valid}</p>
          ${findings.map(
            ({ level, rule, problem }) =>
              html`<p class="break small">
                <b>${level === "error" ? t.error : t.warning}</b>: <code>${rule}</code>
                <span lang="en">${problem}</span>
              </p>`,
          )}
        </div>
      </li>
    </ul>
    <h2 id="trial-head">${t[decides](decided, tried)}</h2>
    ${moves.map(
      ({ from, to, count, examples }) =>
        html`<div>
          <h3 class="row">
            <span>
              ${from === to ? t.stays(terms.reason[to]) : `${terms.reason[from]} → ${terms.reason[to]}`}
              <span class="soft">${view.t.count(count)}</span>
            </span>
            ${severityLabel(view, REASON_TABLE[to].severity)}
          </h3>
          ${examples.map((text) => html`<p class="diagnostic mono small spaced">${text}</p>`)}
        </div>`,
    )}
  </section>`;
}
