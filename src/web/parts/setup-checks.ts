/** The findings of `bounced doctor` as the steps of setting up: each turns green when all in it is good. */
import type { CheckState, Finding } from "../../doctor/check.ts";
import { html, type Html } from "../html.ts";
import { icon } from "../icons.ts";
import { plural } from "../words.ts";

interface Step {
  readonly title: string;
  /** Beginnings of the findings' ids. */
  readonly ids: RegExp;
}

const STEPS: readonly Step[] = [
  { title: "DNS: bounces reach this machine", ids: /^(mx|spf|ptr|dns)\b/ },
  { title: "Listener and TLS: mail is accepted", ids: /^(smtp|listener|port|starttls|tls)\b/ },
  { title: "Return paths: forged bounces are recognised", ids: /^(signed|return|keys)\b/ },
  { title: "Redis, log and disk: nothing is lost", ids: /^(redis|queue|queues|quarantine|store|log|disk|clock)\b/ },
];
const REST = "Rules, access and webhooks";

const WORST_FIRST: readonly CheckState[] = ["fail", "warn", "ok", "skip"];

export function setupChecks(findings: readonly Finding[]): Html {
  const stepOf = ({ id }: Finding): string => STEPS.find(({ ids }) => ids.test(id))?.title ?? REST;
  const count = (state: CheckState): number => findings.filter((finding) => finding.state === state).length;
  const isDone = count("fail") + count("warn") === 0;
  return html`<p class="row small" ${!isDone && html`data-again`}>
      <span class="tag good">${count("ok")} passed</span>
      ${count("warn") > 0 && html`<span class="tag">${plural(count("warn"), "warning")}</span>`}
      ${count("fail") > 0 && html`<span class="tag bad">${count("fail")} failed</span>`}
      <span class="soft">${isDone ? "" : "Checked again every 30 seconds while this page is open."}</span>
    </p>
    <ol class="steps spaced">
      ${[...STEPS.map(({ title }) => title), REST].map((title) =>
        step(
          title,
          findings.filter((finding) => stepOf(finding) === title),
        ),
      )}
    </ol>`;
}

function step(title: string, findings: readonly Finding[]): Html | null {
  const state = WORST_FIRST.find((one) => findings.some((finding) => finding.state === one));
  if (!state) return null;
  const open = findings.filter((finding) => finding.todo !== null).length;
  return html`<li>
    ${stateMark(state)}
    <details ${open > 0 && html`open`}>
      <summary>
        ${title}
        <span class="soft small">${open > 0 ? `${open} to do` : plural(findings.length, "check")}</span>
      </summary>
      <ul class="steps small spaced">
        ${findings.map(
          (finding) =>
            html`<li>
              ${stateMark(finding.state)}
              <p class="break">
                ${finding.found}${finding.todo && html`<br /><span class="soft">${finding.todo}</span>`}
              </p>
            </li>`,
        )}
      </ul>
    </details>
  </li>`;
}

const MARKS = {
  ok: { icon: icon("check"), words: "passed" },
  warn: { icon: icon("warn"), words: "warning" },
  fail: { icon: icon("cross"), words: "failed" },
  skip: { icon: html`–`, words: "not checked" },
} as const satisfies Record<CheckState, unknown>;

const stateMark = (state: CheckState): Html =>
  html`<span class="state ${state !== "skip" && state}" title="${MARKS[state].words}"
    >${MARKS[state].icon}<span class="visually-hidden">${MARKS[state].words}</span></span
  >`;
