/** What becomes of notes for help desks. */
import { Counter, Gauge } from "prom-client";
import { registry } from "./metrics.ts";

const registers = [registry];

export const deskNotes = new Counter({
  name: "bounced_help_desk_notes_total",
  help: "Tries to note an event in a help desk by outcome: `added`, `present` (it was there already), `not_found` (no conversation), `failed` (tried again), `given_up`",
  labelNames: ["desk", "outcome"] as const,
  registers,
});
export const deskPausedUntil = new Gauge({
  name: "bounced_help_desk_paused_until_timestamp_seconds",
  help: "Until when nothing is sent to a help desk after failures in a row, Unix time; 0: it is not paused",
  labelNames: ["desk"] as const,
  registers,
  aggregator: "max",
});
