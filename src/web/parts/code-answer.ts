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
import { ADVICE_WORDS, FAULT_WORDS, severityLabel, spellName } from "../words.ts";
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
  if (!saysSomething(verdict)) return unknownPanel(verdict, asked);
  const { facts, changes } = accountFor(refusal, rules);
  const code = context.failureCodes.byCode.get(verdict.codes.failureCode);
  const failureCode = code && failureCodeIn(code, language);
  return html`<section class="panel" aria-labelledby="verdict">
    <header>
      <h2 id="verdict">${severityLabel(verdict.severity)} · ${spellName(verdict.reason)}</h2>
      <span class="soft small">${Math.round(verdict.confidence * 100)} % confidence</span>
    </header>
    <p class="says" lang="${language}">${verdict.explanation}</p>
    <p class="diagnostic mono">${markEvidence(asked, verdict.evidence)}</p>
    <p class="chips">
      <span class="tag">Fault: ${FAULT_WORDS[verdict.fault]}</span>
      <span class="tag">Advice: ${ADVICE_WORDS[verdict.advice]}</span>
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
      html`<h3>What the text says</h3>
        <ul>
          ${facts.map((fact) => html`<li>${fact}</li>`)}
        </ul>`
    }
    ${changes.map((change) => html`<p class="small soft">${change}</p>`)}
  </section>`;
}

const unknownPanel = ({ evidence, reason, confidence }: ExplainedVerdict, asked: string): Html =>
  html`<section class="panel" aria-labelledby="verdict">
    <header><h2 id="verdict">Nothing in this text is known</h2></header>
    <p>It contains no code, no rule and no wording of a refusal.</p>
    <p class="diagnostic mono">${asked}</p>
    ${
      evidence[0]?.source === "model" &&
      html`<p class="small soft">
        A guess from similar texts: ${spellName(reason)} (${Math.round(confidence * 100)} %).
      </p>`
    }
  </section>`;

const entryPanel = (view: View, entry: DictionaryEntry, language: Language): Html =>
  html`<section class="panel">
    <header>
      <h2><span class="mono">${entry.code}</span> ${entry.title}</h2>
      ${severityLabel(entry.severity)}
    </header>
    <p class="says" lang="${language}">${entry.meaning}</p>
    <dl class="facts">
      ${
        entry.cause &&
        html`<dt>Usual cause</dt>
          <dd>${entry.cause}</dd>`
      }
      <dt>Next step</dt>
      <dd lang="${language}">${entry.nextStep}</dd>
      <dt>Treated as</dt>
      <dd>${spellName(entry.reason)}, advice: ${ADVICE_WORDS[entry.advice]}</dd>
      ${
        entry.replyCodes.length > 0 &&
        html`<dt>Reply codes</dt>
          <dd class="mono">${entry.replyCodes.join(", ")}</dd>`
      }
      <dt>Source</dt>
      <dd>${entry.reference}</dd>
      ${
        entry.deviations.length > 0 &&
        html`<dt>Provider-specific meaning</dt>
          <dd>
            ${entry.deviations.map(({ provider, code, when }) => html`<div>${provider} <code>${code}</code>: ${when}</div>`)}
          </dd>`
      }
      <dt>In the log</dt>
      <dd>
        <a
          href="${link(view, "/log", /\./.test(entry.code) ? { status: entry.code.replace(/^x/i, "5") } : { replyCode: entry.code })}"
          >Events with this code</a
        >
      </dd>
    </dl>
  </section>`;
