/** Alerts of saved views: which count is above its limit, or grew beyond chance; and which is usual again. */
import type { Database } from "../db/database.ts";
import type { LogFilter } from "../log/log-query.ts";
import { judgeChange } from "../compare/change.ts";
import { sendsBeside } from "../compare/sends-beside.ts";
import { withinSpan } from "../compare/values.ts";
import { countLog } from "../rollups/counts.ts";
import { HOUR_MS } from "../rollups/rollup-columns.ts";
import { messageOf } from "../../machine/error-message.ts";
import { isLongAgo } from "./long-ago.ts";
import type { AlertSettings } from "../settings.ts";
import type { SavedView, ViewAlertSettings } from "../views/saved-view.ts";

const MINUTE_MS = 60_000;

/** On queue `alert`, and for webhooks with alerts. */
export interface ViewAlert {
  readonly schema: "bounced.view/1";
  readonly id: string;
  readonly state: "open" | "resolved";
  /** ISO 8601. */
  readonly at: string;
  readonly view: { readonly id: string; readonly name: string };
  /** Of the log, with the time that was counted. */
  readonly query: string;
  readonly when: ViewAlertSettings["when"];
  readonly hours: number;
  readonly count: number;
  /** The limit, or the count of the hours before. */
  readonly against: number;
  /** One plain sentence. */
  readonly explanation: string;
}

/** A view of the log, with its filter as figures count it and without a time. */
export interface WatchedView {
  readonly view: SavedView;
  readonly filter: LogFilter;
}

export interface ViewLook {
  readonly opened: readonly ViewAlert[];
  /** Open, and still above. */
  readonly going: readonly string[];
  readonly resolved: readonly ViewAlert[];
  /** Could not be counted, and why: they are as they were. */
  readonly failed: readonly { readonly view: string; readonly why: string }[];
}

export async function findViewAlerts(
  database: Database,
  views: readonly WatchedView[],
  settings: AlertSettings,
  now: number,
): Promise<ViewLook> {
  const [opened, going, resolved]: [ViewAlert[], string[], ViewAlert[]] = [[], [], []];
  const failed: { view: string; why: string }[] = [];
  for (const { view, filter } of views) {
    if (!view.alert) continue;
    // The alerts of all others do not wait for one that is broken.
    const measured = await measure(database, view.alert, filter, settings, now).catch(messageOf);
    if (typeof measured === "string") {
      failed.push({ view: view.id, why: measured });
      continue;
    }
    const { count, against, isAbove } = measured;
    const { id, name, query, alertSince, alert } = view;
    const made = (state: ViewAlert["state"]): ViewAlert => ({
      schema: "bounced.view/1",
      // Of two processes that look in the same minute, one is heard.
      id: `v${id}-${Math.floor(Date.parse(alertSince ?? new Date(now).toISOString()) / MINUTE_MS)}-${state}`,
      state,
      at: new Date(now).toISOString(),
      view: { id, name },
      query: queryOf(query, now - (alert?.hours ?? 0) * HOUR_MS),
      when: alert?.when ?? "more",
      hours: alert?.hours ?? 0,
      count,
      against,
      explanation: explanationOf(view, state, count, against),
    });
    if (isAbove && alertSince === null) opened.push(made("open"));
    else if (isAbove) going.push(id);
    else if (alertSince !== null && (await isOver(database, view, now))) resolved.push(made("resolved"));
  }
  return { opened, going, resolved, failed };
}

function queryOf(query: string, from: number): string {
  const parameters = new URLSearchParams(query);
  parameters.delete("to");
  parameters.set("from", new Date(from).toISOString());
  return parameters.toString();
}

/** After they were reported. Safe to repeat. */
export async function saveViewAlerts({ write }: Database, look: ViewLook, now: number): Promise<void> {
  for (const alert of look.opened)
    await write
      .updateTable("saved_views")
      .set({ alert_open: JSON.stringify({ at: alert.at }), alert_seen_at: now })
      .where("id", "=", alert.view.id)
      .execute();
  if (look.going.length > 0)
    await write.updateTable("saved_views").set({ alert_seen_at: now }).where("id", "in", look.going).execute();
  for (const { view } of look.resolved)
    await write
      .updateTable("saved_views")
      .set({ alert_open: "", alert_seen_at: 0 })
      .where("id", "=", view.id)
      .execute();
}

/** Not there for half of its hours, six at most: a count at its limit would come and go with each look. */
async function isOver({ write }: Pick<Database, "write">, { id, alert }: SavedView, now: number): Promise<boolean> {
  const row = await write.selectFrom("saved_views").select("alert_seen_at").where("id", "=", id).executeTakeFirst();
  return isLongAgo(row?.alert_seen_at ?? 0, Math.min((alert?.hours ?? 0) / 2, 6) * HOUR_MS, now);
}

interface Measured {
  readonly count: number;
  readonly against: number;
  readonly isAbove: boolean;
}

/** Whole hours, and the present one as far as it is: so the rollups know all of it. */
async function measure(
  database: Database,
  alert: ViewAlertSettings,
  filter: LogFilter,
  { minEvents }: AlertSettings,
  now: number,
): Promise<Measured> {
  const length = alert.hours * HOUR_MS;
  const end = (Math.floor(now / HOUR_MS) + 1) * HOUR_MS;
  const period = { from: end - length, to: end };
  // Trust: what the view asks for, the credible ones unless it names others.
  const count = await countLog(database, withinSpan(filter, period));
  if (alert.when === "more") return { count, against: alert.count, isAbove: count > alert.count };
  const before = { from: end - 2 * length, to: end - length };
  // Trust: as above.
  const against = await countLog(database, withinSpan(filter, before));
  const { all } = await sendsBeside(database, { filter, by: "", period, before }, []);
  const days = { now: alert.hours, before: alert.hours };
  const isAbove = count >= minEvents && judgeChange({ now: count, before: against }, all ?? days) === "grew";
  return { count, against, isAbove };
}

function explanationOf({ name, alert }: SavedView, state: ViewAlert["state"], count: number, against: number): string {
  const hours = alert?.hours === 1 ? "hour" : `${alert?.hours} hours`;
  const events = `${count} ${count === 1 ? "event" : "events"}`;
  if (state === "resolved") return `The view “${name}” is usual again: ${events} in the last ${hours}.`;
  return alert?.when === "more"
    ? `The view “${name}” has ${events} in the last ${hours}; its limit is ${against}.`
    : `The view “${name}” has ${events} in the last ${hours}, after ${against} in the time before: more than chance explains.`;
}
