/** KumoMTA's log hook: a record of its log in each request. */
import { MAX_RAW } from "../../core/index.ts";
import { readKumomtaRecord } from "../../follow/formats/kumomta.ts";
import { ignored, itemsOf, objectIn, text, unknown, type ProviderEvent } from "../provider-event.ts";

export const readKumomta = (body: unknown): readonly ProviderEvent[] =>
  itemsOf(body).flatMap((record): readonly ProviderEvent[] => {
    const type = text(objectIn(record)["type"]) ?? "";
    const reading = readKumomtaRecord(record);
    if (reading.kind !== "refusals") return [reading.kind === "other" ? ignored(type) : unknown(type)];
    const given = { source: "kumomta", label: type };
    const raw = JSON.stringify(record).slice(0, MAX_RAW);
    return reading.refusals.map((refusal) => ({ outcome: "refusal", refusal: { ...refusal, given, raw } }));
  });
