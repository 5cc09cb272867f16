/** Which open incident a jump is part of. Pure. */
import { EVERYWHERE, type Incident } from "../incidents/incident.ts";
import type { Jump } from "./alerts.ts";

/** Of the incident, for a jump of a domain or a sender to be part of it. */
const MOST = 0.8;

/** The largest one that it is part of; null where it is part of none. */
export function incidentWith(
  { measure, dimension, value }: Pick<Jump, "measure" | "dimension" | "value">,
  open: readonly Incident[],
): string | null {
  const covers = ({ severity, provider, providers, scope }: Incident): boolean => {
    if (severity !== measure) return false;
    if (dimension === "provider")
      return provider === value || (provider === EVERYWHERE && providers.some((one) => one.value === value));
    return scope.some((part) => part.dimension === dimension && part.value === value && part.share >= MOST);
  };
  return open.filter(covers).toSorted((a, b) => b.count - a.count)[0]?.id ?? null;
}
