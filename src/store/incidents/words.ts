/** An incident in English: what happens, where, and what to do. */
import { lookUp } from "../../dictionary/dictionary.ts";
import { REASON_TABLE } from "../../event/reasons.ts";
import { sentencesFor } from "../../explanations/explanation.ts";
import { EVERYWHERE, type Incident, type ScopeDimension } from "./incident.ts";
import { isRecipientFault } from "./rises.ts";

/** What is said of an incident; `nameOf` gives the name of a provider. */
export interface IncidentWords {
  readonly title: string;
  readonly explanation: string;
  /** Usual cause of its code; null where none is known. */
  readonly cause: string | null;
  readonly todo: string;
}

export const wordsOfIncident = (incident: Incident, nameOf: (provider: string) => string): IncidentWords => ({
  title: titleOf(incident, nameOf),
  explanation: [began(incident), ...scopeSentences(incident), ...notAt(incident, nameOf), counted(incident)].join(" "),
  cause: causeOfIncident(incident),
  todo: todoOf(incident),
});

function titleOf({ reason, provider, providers, status, count, delayed }: Incident, nameOf: (id: string) => string) {
  const place =
    provider === EVERYWHERE
      ? `${providers.length} providers`
      : provider === ""
        ? "Servers of no known provider"
        : nameOf(provider);
  const isMany = provider === EVERYWHERE || provider === "";
  const does = 2 * delayed > count ? (isMany ? "delay" : "delays") : isMany ? "refuse" : "refuses";
  const code = status === null ? "" : ` with ${status}`;
  return `${place} ${does} mail${code}: ${REASON_TABLE[reason].meaning}`;
}

const minuteOf = (at: string): string => `${at.slice(0, 16).replace("T", " ")} UTC`;

const began = ({ startedAt, clearedAt }: Incident): string =>
  clearedAt === null
    ? `Since ${minuteOf(startedAt)}.`
    : `From ${minuteOf(startedAt)}, cleared at ${minuteOf(clearedAt)}.`;

const ONLY: Readonly<Record<ScopeDimension, (value: string) => string>> = {
  tag: (value) => `Only mail with the tag ${value}.`,
  senderDomain: (value) => `Only mail from ${value}.`,
  sender: (value) => `Only mail From ${value}.`,
  sendingAddress: (value) => `Only mail sent through ${value}.`,
  domain: (value) => `Only mail to addresses at ${value}.`,
};
const MOSTLY: Readonly<Record<ScopeDimension, (value: string) => string>> = {
  tag: (value) => `Mostly mail with the tag ${value}.`,
  senderDomain: (value) => `Mostly mail from ${value}.`,
  sender: (value) => `Mostly mail From ${value}.`,
  sendingAddress: (value) => `Mostly mail sent through ${value}.`,
  domain: (value) => `Mostly mail to addresses at ${value}.`,
};

/** An address says more than its domain. */
const scopeSentences = ({ scope }: Incident): readonly string[] =>
  scope.flatMap(({ dimension, value, extent }) => {
    if (extent === "part") return [];
    const isSaid = scope.some(
      (other) => other.dimension === "sender" && other.extent === extent && other.value.endsWith(`@${value}`),
    );
    if (dimension === "senderDomain" && isSaid) return [];
    return (extent === "only" ? ONLY : MOSTLY)[dimension](value);
  });

const notAt = ({ quietAt }: Incident, nameOf: (id: string) => string): readonly string[] =>
  quietAt.length === 0
    ? []
    : [`Nothing at ${new Intl.ListFormat("en", { type: "conjunction" }).format(quietAt.map(nameOf))}.`];

const number = new Intl.NumberFormat("en");
const plural = (count: number, one: string, many: string): string =>
  `${number.format(count)} ${count === 1 ? one : many}`;

function counted({ count, recipients }: Incident): string {
  const events = plural(count, "event", "events");
  const addresses = plural(recipients.count, "address", "addresses");
  const kept = number.format(recipients.count - recipients.suppressed);
  return recipients.atLeast
    ? `${events}, at least ${addresses}, of which at least ${kept} are not suppressed.`
    : `${events}, ${addresses}, of which ${kept} are not suppressed.`;
}

/** Only where the code usually means what these refusals were read as. */
function causeOfIncident({ status, reason }: Incident): string | null {
  const entry = status === null ? null : lookUp(status, { language: "en" });
  return entry?.reason === reason ? entry.cause : null;
}

/** A provider that calls good addresses unknown is no reason to remove them. */
function todoOf({ fault, reason, provider, status }: Incident): string {
  if (isRecipientFault(fault))
    return "Other providers accept the same mail, so look for an outage at this provider before you remove addresses. Stop sending there, and undo what was suppressed since it began.";
  return sentencesFor(reason, { language: "en", provider, status })[1];
}
