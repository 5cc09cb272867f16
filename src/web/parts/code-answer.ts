/** What the page of codes answers: a code from the dictionary, or a verdict on a pasted rejection. */
import type { Language } from "../../config/config.ts";
import {
  accountFor,
  classifyAndExplain,
  emptyRefusal,
  type ExplainedVerdict,
  saysSomething,
} from "../../core/index.ts";
import { failureCodeIn } from "../../explanations/failure-code-texts.ts";
import { lookUp, type DictionaryEntry } from "../../dictionary/dictionary.ts";
import type { HttpContext } from "../../http/context.ts";
import { html, type Html } from "../html.ts";
import { link, type View } from "../view.ts";
import { severityLabel } from "../words.ts";
import { markEvidence } from "./mark-evidence.ts";

export function codeAnswer(
  context: Pick<HttpContext, "failureCodes" | "reading">,
  view: View,
  asked: string,
  language: Language,
): Html | null {
  if (asked === "") return null;
  const codes = /^(?:(\d{3})[ -]#?)?(\d\.\d{1,3}\.\d{1,3}|\d{3})$/.exec(asked);
  if (codes) {
    const entries = [codes[2], codes[1]].flatMap((code) => (code ? (lookUp(code, { language }) ?? []) : []));
    if (entries.length > 0) return html`${entries.map((entry) => entryPanel(view, entry, language))}`;
  }
  const { rules } = context.reading();
  const refusal = { ...emptyRefusal, text: asked };
  const verdict = classifyAndExplain(refusal, { rules, language, failureCodes: context.failureCodes });
  if (!saysSomething(verdict)) return unknownPanel(view, verdict, asked);
  const { facts, changes } = accountFor(refusal, rules);
  const code = context.failureCodes.byCode.get(verdict.codes.failureCode);
  const failureCode = code && failureCodeIn(code, language);
  return html`<section class="panel" aria-labelledby="verdict">
    <header>
      <h2 id="verdict">${severityLabel(view, verdict.severity)} · ${view.t.terms.reason[verdict.reason]}</h2>
      <span class="soft small"
        >${view.t.common.confidence(view.t.percent(Math.round(verdict.confidence * 100) / 100))}</span
      >
    </header>
    <p class="says" lang="${language}">${verdict.explanation}</p>
    <p class="diagnostic mono">${markEvidence(asked, verdict.evidence)}</p>
    <p class="chips">
      <span class="tag">${view.t.common.fault(view.t.terms.fault[verdict.fault])}</span>
      <span class="tag">${view.t.common.advice(view.t.terms.advice[verdict.advice])}</span>
      ${verdict.derivedStatus && html`<span class="tag mono">${verdict.derivedStatus}</span>`}
      ${failureCode && html`<span class="tag" lang="${language}">${failureCode.code} ${failureCode.text}</span>`}
      ${
        verdict.provider &&
        html`<a class="tag" href="${link(view, `/codes/providers/${verdict.provider}`)}"
          >${view.providerName(verdict.provider)}</a
        >`
      }
      ${verdict.evidence[0]?.rule && html`<span class="tag mono">${verdict.evidence[0].rule}</span>`}
    </p>
    ${
      facts.length > 0 &&
      html`<h3>${view.t.codes.textSays}</h3>
        <ul lang="en">
          ${facts.map((fact) => html`<li>${fact}</li>`)}
        </ul>`
    }
    ${changes.map((change) => html`<p class="small soft" lang="en">${change}</p>`)}
  </section>`;
}

const unknownPanel = ({ t }: View, { evidence, reason, confidence }: ExplainedVerdict, asked: string): Html =>
  html`<section class="panel" aria-labelledby="verdict">
    <header><h2 id="verdict">${t.codes.unknown}</h2></header>
    <p>${t.codes.unknownText}</p>
    <p class="diagnostic mono">${asked}</p>
    ${
      evidence[0]?.source === "model" &&
      html`<p class="small soft">
        ${t.codes.guess(t.terms.reason[reason], t.percent(Math.round(confidence * 100) / 100))}
      </p>`
    }
  </section>`;

const entryPanel = (view: View, entry: DictionaryEntry, language: Language): Html =>
  html`<section class="panel">
    <header>
      <h2><span class="mono">${entry.code}</span> <span lang="en">${entry.title}</span></h2>
      ${severityLabel(view, entry.severity)}
    </header>
    <p class="says" lang="${language}">${entry.meaning}</p>
    <dl class="facts">
      ${
        entry.cause &&
        html`<dt>${view.t.codes.cause}</dt>
          <dd lang="${language}">${entry.cause}</dd>`
      }
      <dt>${view.t.codes.nextStep}</dt>
      <dd lang="${language}">${entry.nextStep}</dd>
      <dt>${view.t.codes.treatedAs}</dt>
      <dd>${view.t.codes.reasonAndAdvice(view.t.terms.reason[entry.reason], view.t.terms.advice[entry.advice])}</dd>
      ${
        entry.replyCodes.length > 0 &&
        html`<dt>${view.t.codes.replyCodes}</dt>
          <dd class="mono">${entry.replyCodes.join(", ")}</dd>`
      }
      <dt>${view.t.codes.source}</dt>
      <dd>${entry.reference}</dd>
      ${
        entry.deviations.length > 0 &&
        html`<dt>${view.t.codes.deviations}</dt>
          <dd lang="${language}">
            ${entry.deviations.map(({ provider, code, when }) => html`<div>${provider} <code>${code}</code>: ${when}</div>`)}
          </dd>`
      }
      <dt>${view.t.codes.inLog}</dt>
      <dd>
        <a
          href="${link(view, "/log", /\./.test(entry.code) ? { status: entry.code.replace(/^x/i, "5") } : { replyCode: entry.code })}"
          >${view.t.codes.eventsWithCode}</a
        >
      </dd>
    </dl>
  </section>`;
