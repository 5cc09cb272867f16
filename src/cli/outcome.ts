/** One word for what happened, as tables show it: a bounce by its severity, everything else by its kind. */
import type { BouncedEvent, Severity } from "../event/event.ts";
import { paint } from "./terminal.ts";

export const PAINT: Readonly<Record<Severity, (text: string) => string>> = {
  hard: paint.red,
  soft: paint.yellow,
  block: paint.magenta,
  complaint: paint.red,
  info: paint.dim,
  unknown: paint.dim,
};

export const outcomeOf = ({ kind, severity }: Pick<BouncedEvent, "kind" | "severity">): string =>
  PAINT[severity](kind === "bounce" ? severity : kind.replaceAll("_", " "));
