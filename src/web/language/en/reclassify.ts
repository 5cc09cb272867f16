/** Reclassification of the log, in English. */
import { html, type HtmlValue } from "../../html.ts";
import { speechOf, type Wrap } from "../speech.ts";

const { count, plural } = speechOf("en");

export const ENGLISH_RECLASSIFY = {
  lead: "classifies past events again with the current rules. You see a preview first; old classifications are kept.",
  noRule: "no rule",
  onlyWhere: (conditions: HtmlValue) => html`Only where ${conditions}.`,
  condition: (name: string, value: HtmlValue) => html`${name} is ${value}`,
  wholeLog: "Use the whole log",
  selectionHint: (link: Wrap) =>
    html`To reclassify a selection, search the ${link("Log")} and choose “Reclassify these events” below the results.`,
  preview: "Preview",
  replace: "Replace",
  replaceTitle: "Replace classifications",
  runs: "Runs",
  runsHint: "since the service started",
  started: "Started",
  by: "By",
  mode: "Mode",
  state: "State",
  read: "Read",
  changed: "Changed",
  stateRunning: "running",
  stateDone: "done",
  stateFailed: "failed",
  stateStopped: "stopped",
  startedBy: (time: HtmlValue, actor: string) => html`started ${time} by ${actor}`,
  wouldChange: (n: number) => `${count(n)} would change`,
  replaced: (n: number, listChanges: number) =>
    `${plural(n, { one: "# classification", other: "# classifications" })} replaced, ${plural(listChanges, { one: "# change", other: "# changes" })} of the suppression list`,
  stop: "Stop",
  eventsRead: "Events read",
  progress: (events: number, said: string) =>
    `${plural(events, { one: "# event", other: "# events" })} classified again: ${said}.`,
  progressOf: (events: number, total: number, said: string) =>
    `${count(events)} of ${plural(total, { one: "# event", other: "# events" })} classified again: ${said}.`,
  unreadable: (n: number) =>
    plural(n, {
      one: "# event cannot be classified again: too little is stored.",
      other: "# events cannot be classified again: too little is stored.",
    }),
  refresh: "Refresh",
  classifying: "Classifying…",
  replacing: "Replacing…",
  failed: (problem: string) => `Failed: ${problem}`,
  seeLog: "see the log of the service",
  stoppedRules: "Stopped: the rules changed",
  stopped: "Stopped",
  nothingYet: "Nothing is changed yet",
  done: "Done",
  noChanges: "No changes",
  noChangesText: "The current rules classify these events as before.",
  eventsWouldChange: (n: number) => plural(n, { one: "# event would change", other: "# events would change" }),
  eventsChanged: (n: number) => plural(n, { one: "# event changed", other: "# events changed" }),
  hardMoves: (newly: number, longer: number) => `${count(newly)} newly hard, ${count(longer)} no longer hard`,
  changes: "Changes",
  from: "From",
  to: "To",
  examples: "Examples",
  sameOtherRule: "the same, by another rule",
  outdated: "The rules have changed since. Run the preview again.",
  replaceCount: (n: number) => plural(n, { one: "Replace # classification", other: "Replace # classifications" }),
  keptHint: "The old ones are kept with each event. The suppression list is updated.",
};
