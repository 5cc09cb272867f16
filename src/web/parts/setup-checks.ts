/** The findings of `bounced doctor` as the steps of setting up: each turns green when all in it is good. */
import type { CheckState, Finding } from "../../doctor/check.ts";
import { html, type Html } from "../html.ts";
import { icon } from "../icons.ts";
import type { View } from "../view.ts";

interface Step {
  /** Key of the catalogue. */
  readonly title: "stepDns" | "stepListener" | "stepReturnPaths" | "stepStorage" | "stepRest";
  /** Beginnings of the findings' ids. */
  readonly ids: RegExp;
}

const STEPS: readonly Step[] = [
  { title: "stepDns", ids: /^(mx|spf|ptr|dns)\b/ },
  { title: "stepListener", ids: /^(smtp|listener|port|starttls|tls)\b/ },
  { title: "stepReturnPaths", ids: /^(signed|return|keys)\b/ },
  { title: "stepStorage", ids: /^(redis|queue|queues|quarantine|store|log|disk|clock)\b/ },
];
const REST = "stepRest";

const WORST_FIRST: readonly CheckState[] = ["fail", "warn", "ok", "skip"];

export function setupChecks(view: View, findings: readonly Finding[]): Html {
  const t = view.t.operating;
  const stepOf = ({ id }: Finding): Step["title"] => STEPS.find(({ ids }) => ids.test(id))?.title ?? REST;
  const count = (state: CheckState): number => findings.filter((finding) => finding.state === state).length;
  const isDone = count("fail") + count("warn") === 0;
  return html`<p class="row small" ${!isDone && html`data-again`}>
      <span class="tag good">${t.countPassed(count("ok"))}</span>
      ${count("warn") > 0 && html`<span class="tag">${t.countWarnings(count("warn"))}</span>`}
      ${count("fail") > 0 && html`<span class="tag bad">${t.countFailed(count("fail"))}</span>`}
      <span class="soft">${!isDone && t.checkedAgain}</span>
    </p>
    <ol class="steps spaced">
      ${[...STEPS.map(({ title }) => title), REST as Step["title"]].map((title) =>
        step(
          view,
          t[title],
          findings.filter((finding) => stepOf(finding) === title),
        ),
      )}
    </ol>`;
}

function step(view: View, title: string, findings: readonly Finding[]): Html | null {
  const state = WORST_FIRST.find((one) => findings.some((finding) => finding.state === one));
  if (!state) return null;
  const open = findings.filter((finding) => finding.todo !== null).length;
  return html`<li>
    ${stateMark(view, state)}
    <details ${open > 0 && html`open`}>
      <summary>
        ${title}
        <span class="soft small"
          >${open > 0 ? view.t.operating.toDo(open) : view.t.operating.countChecks(findings.length)}</span
        >
      </summary>
      <ul class="steps small spaced">
        ${findings.map(
          (finding) =>
            html`<li>
              ${stateMark(view, finding.state)}
              <p class="break" lang="en">
                ${finding.found}${finding.todo && html`<br /><span class="soft">${finding.todo}</span>`}
              </p>
            </li>`,
        )}
      </ul>
    </details>
  </li>`;
}

const MARKS = {
  ok: { icon: icon("check"), words: "markOk" },
  warn: { icon: icon("warn"), words: "markWarn" },
  fail: { icon: icon("cross"), words: "markFail" },
  skip: { icon: html`–`, words: "markSkip" },
} as const satisfies Record<CheckState, unknown>;

const stateMark = ({ t }: View, state: CheckState): Html =>
  html`<span class="state ${state !== "skip" && state}" title="${t.operating[MARKS[state].words]}"
    >${MARKS[state].icon}<span class="visually-hidden">${t.operating[MARKS[state].words]}</span></span
  >`;
