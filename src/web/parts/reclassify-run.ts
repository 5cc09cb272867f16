/** One run of reclassification: how far it is, and what it found. */
import { SEVERITIES, type EventKind, type Severity } from "../../event/event.ts";
import type { ReclassifyRun } from "../../http/reclassifier.ts";
import type { Move } from "../../store/reclassify-log.ts";
import { html, type Html } from "../html.ts";
import { csrfField } from "../layout.ts";
import { link, type View } from "../view.ts";
import { reasonWords, severityLabel } from "../words.ts";

export function runState(view: View, run: ReclassifyRun): Html {
  const t = view.t.reclassify;
  const { state, mode, events, total, changed, applied, listChanges, unreadable } = run;
  const said = mode === "look" ? t.wouldChange(changed) : t.replaced(applied, listChanges);
  return html`<div class="stack">
    <div class="row spread">
      <h2>${title(view, run)}</h2>
      ${
        state === "running" &&
        html`<form class="inline" method="post" action="${link(view, `/unmatched/reclassify/${run.id}/stop`)}">
          ${csrfField(view)}<button class="small">${t.stop}</button>
        </form>`
      }
    </div>
    ${
      state === "running" &&
      html`<progress
        aria-label="${t.eventsRead}"
        ${total !== null && html`value="${events}" max="${total}"`}
      ></progress>`
    }
    <p>
      ${total === null ? t.progress(events, said) : t.progressOf(events, total, said)}
      ${unreadable > 0 && html`<span class="soft">${t.unreadable(unreadable)}</span>`}
      ${state === "running" && html`<noscript><a href="${link(view, `/unmatched/reclassify/${run.id}`)}">${t.refresh}</a></noscript>`}
    </p>
  </div>`;
}

function title({ t: { reclassify: t } }: View, { state, mode, changed, problem, outdated }: ReclassifyRun): string {
  if (state === "running") return mode === "look" ? t.classifying : t.replacing;
  if (state === "failed") return t.failed(problem ?? t.seeLog);
  if (state === "stopped") return outdated ? t.stoppedRules : t.stopped;
  return mode === "look" && changed > 0 ? t.nothingYet : t.done;
}

export function runResult(view: View, run: ReclassifyRun): Html {
  const t = view.t.reclassify;
  const { moves, changed, mode, state, outdated } = run;
  if (changed === 0)
    return html`<section class="panel empty">
      <h2>${t.noChanges}</h2>
      <p>${t.noChangesText}</p>
    </section>`;
  const newlyHard = sum(moves, (move) => severityIn(move.to) === "hard" && severityIn(move.from) !== "hard");
  const notHard = sum(moves, (move) => severityIn(move.from) === "hard" && severityIn(move.to) !== "hard");
  return html`<section class="panel" aria-labelledby="moves">
    <header>
      <h2 id="moves">${mode === "look" ? t.eventsWouldChange(changed) : t.eventsChanged(changed)}</h2>
      <span class="soft small">${t.hardMoves(newlyHard, notHard)}</span>
    </header>
    <div class="table-wrap" tabindex="0" role="region" aria-label="${t.changes}">
      <table class="cards">
        <thead>
          <tr>
            <th scope="col" class="num">${view.t.common.events}</th>
            <th scope="col">${t.from}</th>
            <th scope="col">${t.to}</th>
            <th scope="col">${t.examples}</th>
          </tr>
        </thead>
        <tbody>
          ${moves.map(
            ({ from, to, count, examples }) =>
              html`<tr>
                <td class="num" data-label="${view.t.common.events}"><b>${view.t.count(count)}</b></td>
                <td class="nowrap" data-label="${t.from}">${verdict(view, from)}</td>
                <td class="nowrap" data-label="${t.to}">${from === to ? t.sameOtherRule : verdict(view, to)}</td>
                <td>
                  ${examples.map(
                    ({ id, recipient, diagnostic }) =>
                      html`<div class="example">
                        <a class="clip" href="${link(view, `/log/${id}`)}"
                          >${recipient ?? view.t.common.unknownRecipient}</a
                        >
                        <span class="clip soft mono small" title="${diagnostic}">${diagnostic}</span>
                      </div>`,
                  )}
                </td>
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
    ${
      mode === "look" &&
      state === "done" &&
      (outdated
        ? html`<p class="spaced">${t.outdated}</p>`
        : html`<form class="row spaced" method="post" action="${link(view, `/unmatched/reclassify/${run.id}/apply`)}">
            ${csrfField(view)}<button class="primary">${t.replaceCount(changed)}</button>
            <span class="soft small">${t.keptHint}</span>
          </form>`)
    }
  </section>`;
}

const sum = (moves: readonly Move[], holds: (move: Move) => boolean): number =>
  moves.filter(holds).reduce((total, { count }) => total + count, 0);

/** `delay soft mailbox_full` */
function readVerdict(words: string) {
  const [reason = "", severity, kind] = words.split(" ").toReversed();
  return { reason, severity: SEVERITIES.find((known) => known === severity) ?? null, kind: kind ?? null };
}

const severityIn = (words: string): Severity | null => readVerdict(words).severity;

const kindWords = ({ t }: View, kind: string): string =>
  Object.hasOwn(t.terms.kind, kind) ? t.terms.kind[kind as EventKind] : kind;

function verdict(view: View, words: string): Html {
  const { reason, severity, kind } = readVerdict(words);
  return html`${severity && severityLabel(view, severity)}<br /><span class="soft small"
      >${kind && `${kindWords(view, kind)}: `}${reasonWords(view.t, reason)}</span
    >`;
}
