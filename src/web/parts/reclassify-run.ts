/** One run of reclassification: how far it is, and what it found. */
import { SEVERITIES, type Severity } from "../../event/event.ts";
import type { ReclassifyRun } from "../../http/reclassifier.ts";
import type { Move } from "../../store/reclassify-log.ts";
import { html, type Html } from "../html.ts";
import { csrfField } from "../layout.ts";
import { link, type View } from "../view.ts";
import { formatCount, lowerWordsOf, plural, severityLabel, spellName } from "../words.ts";

export function runState(view: View, run: ReclassifyRun): Html {
  const { state, mode, events, total, changed, applied, listChanges, unreadable } = run;
  const said =
    mode === "look"
      ? `${formatCount(changed)} would change`
      : `${plural(applied, "classification")} replaced, ${plural(listChanges, "change")} of the suppression list`;
  return html`<div class="stack">
    <div class="row spread">
      <h2>${title(run)}</h2>
      ${
        state === "running" &&
        html`<form class="inline" method="post" action="${link(view, `/unmatched/reclassify/${run.id}/stop`)}">
          ${csrfField(view)}<button class="small">Stop</button>
        </form>`
      }
    </div>
    ${
      state === "running" &&
      html`<progress aria-label="Events read" ${total !== null && html`value="${events}" max="${total}"`}></progress>`
    }
    <p>
      ${formatCount(events)} ${total !== null && `of ${formatCount(total)}`} events classified again: ${said}.
      ${unreadable > 0 && html`<span class="soft">${plural(unreadable, "event")} cannot be classified again: too little is stored.</span>`}
      ${state === "running" && html`<noscript><a href="${link(view, `/unmatched/reclassify/${run.id}`)}">Refresh</a></noscript>`}
    </p>
  </div>`;
}

function title({ state, mode, changed, problem, outdated }: ReclassifyRun): string {
  if (state === "running") return mode === "look" ? "Classifying …" : "Replacing …";
  if (state === "failed") return `Failed: ${problem ?? "see the log of the service"}`;
  if (state === "stopped") return outdated ? "Stopped: the rules changed" : "Stopped";
  return mode === "look" && changed > 0 ? "Nothing is changed yet" : "Done";
}

export function runResult(view: View, run: ReclassifyRun): Html {
  const { moves, changed, mode, state, outdated } = run;
  if (changed === 0)
    return html`<section class="panel empty">
      <h2>No changes</h2>
      <p>The current rules classify these events as before.</p>
    </section>`;
  const newlyHard = sum(moves, (move) => severityIn(move.to) === "hard" && severityIn(move.from) !== "hard");
  const notHard = sum(moves, (move) => severityIn(move.from) === "hard" && severityIn(move.to) !== "hard");
  return html`<section class="panel" aria-labelledby="moves">
    <header>
      <h2 id="moves">${plural(changed, "event")} ${mode === "look" ? "would change" : "changed"}</h2>
      <span class="soft small">${formatCount(newlyHard)} newly hard, ${formatCount(notHard)} no longer hard</span>
    </header>
    <div class="table-wrap" tabindex="0" role="region" aria-label="Changes">
      <table class="cards">
        <thead>
          <tr>
            <th scope="col" class="num">Events</th>
            <th scope="col">From</th>
            <th scope="col">To</th>
            <th scope="col">Examples</th>
          </tr>
        </thead>
        <tbody>
          ${moves.map(
            ({ from, to, count, examples }) =>
              html`<tr>
                <td class="num" data-label="Events"><b>${formatCount(count)}</b></td>
                <td class="nowrap" data-label="From">${verdict(from)}</td>
                <td class="nowrap" data-label="To">${from === to ? "the same, by another rule" : verdict(to)}</td>
                <td>
                  ${examples.map(
                    ({ id, recipient, diagnostic }) =>
                      html`<div class="example">
                        <a class="clip" href="${link(view, `/log/${id}`)}">${recipient ?? "unknown recipient"}</a>
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
        ? html`<p class="spaced">The rules have changed since. Run the preview again.</p>`
        : html`<form class="row spaced" method="post" action="${link(view, `/unmatched/reclassify/${run.id}/apply`)}">
            ${csrfField(view)}<button class="primary">Replace ${plural(changed, "classification")}</button>
            <span class="soft small">The old ones are kept with each event. The suppression list is updated.</span>
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

function verdict(words: string): Html {
  const { reason, severity, kind } = readVerdict(words);
  return html`${severity && severityLabel(severity)}<br /><span class="soft small"
      >${kind && `${spellName(kind)}: `}${kind ? lowerWordsOf(reason) : spellName(reason)}</span
    >`;
}
