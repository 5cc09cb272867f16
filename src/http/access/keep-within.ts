/**
 * Keeps what a request sees and changes within the bounds of its token. Tags are those of return paths, and the streams
 * of the list; domains are the recipients'.
 */
import type { FastifyRequest } from "fastify";
import { fold, normalAddress } from "../../addresses/normal-address.ts";
import type { BouncedEvent } from "../../event/event.ts";
import type { LogFilter } from "../../store/log/log-query.ts";
import { searchedDomain } from "../../store/log/rows.ts";
import type { Suppression, SuppressionCheck, SuppressionFilter } from "../../store/suppressions/suppression.ts";
import { Problem } from "../problems.ts";
import type { Bounds } from "./bounds.ts";

type Asking = Pick<FastifyRequest, "principal">;
const boundsIn = ({ principal }: Asking): Bounds | null => principal?.bounds ?? null;

/** Throws where more is asked for than the token is bound to: an empty answer would look like there is nothing. */
function within(name: string, asked: readonly string[] | undefined, allowed: readonly string[]): readonly string[] {
  if (!asked || asked.length === 0) return allowed;
  if (asked.some((value) => !allowed.includes(fold(value)))) throw outside(name, allowed);
  return asked;
}

const outside = (name: string, allowed: readonly string[]): Problem =>
  new Problem("forbidden", `${name}: this token is bound to ${allowed.join(", ")}.`);

/** The filter of the log, no wider than the token. */
export function logFilterFor<Filter extends LogFilter>(request: Asking, filter: Filter): Filter {
  const bounds = boundsIn(request);
  if (!bounds) return filter;
  const { tags, domains } = bounds;
  return {
    ...filter,
    ...(tags.length > 0 ? { tag: within("tag", filter.tag, tags) } : {}),
    ...(domains.length > 0 ? { domain: within("domain", filter.domain, domains) } : {}),
  };
}

export function seesEvent(request: Asking, { returnPath, recipient }: BouncedEvent): boolean {
  const bounds = boundsIn(request);
  if (!bounds) return true;
  const { tags, domains } = bounds;
  return (
    (tags.length === 0 || tags.includes(fold(returnPath?.tag))) &&
    (domains.length === 0 || domains.includes(fold(recipient.domain)))
  );
}

/** The filter of the list, no wider than the token. */
export function listFilterFor<Filter extends SuppressionFilter>(request: Asking, filter: Filter): Filter {
  const bounds = boundsIn(request);
  if (!bounds) return filter;
  const { tags, domains } = bounds;
  return {
    ...filter,
    ...(tags.length > 0 ? { stream: within("stream", filter.stream, tags) } : {}),
    ...(domains.length > 0 ? { domain: within("domain", filter.domain, domains) } : {}),
  };
}

type Named = Pick<Suppression, "value" | "stream">;

export function seesEntry(request: Asking, { value, stream }: Named): boolean {
  const bounds = boundsIn(request);
  if (!bounds) return true;
  const { tags, domains } = bounds;
  return (
    (tags.length === 0 || tags.includes(fold(stream))) && (domains.length === 0 || domains.includes(domainIn(value)))
  );
}

/** Of an address, or the domain itself. */
const domainIn = (text: string): string => {
  const value = normalAddress(text);
  return value.includes("@") ? searchedDomain(value) : value;
};

/** The stream that a request is about: a token of one tag need not name it. Throws on another one. */
export function streamFor(request: Asking, stream: string | undefined): string | undefined {
  const tags = boundsIn(request)?.tags ?? [];
  const [only] = tags;
  if (only === undefined) return stream;
  if (stream === undefined && tags.length === 1) return only;
  if (stream === undefined || !tags.includes(fold(stream))) throw outside("stream", tags);
  return stream;
}

/** Throws where the address or domain is not one of the token's. */
export function assertValue(request: Asking, value: string): void {
  const domains = boundsIn(request)?.domains ?? [];
  if (domains.length > 0 && !domains.includes(domainIn(value)))
    throw new Problem("forbidden", `${value.slice(0, 80)}: this token is bound to the domain ${domains.join(", ")}.`);
}

/** Names what a request changes as the token may; throws where it may not. */
export function namedFor<Name extends { readonly value: string; readonly stream?: string | undefined }>(
  request: Asking,
  name: Name,
): Name {
  assertValue(request, name.value);
  const stream = streamFor(request, name.stream);
  return stream === undefined ? name : { ...name, stream };
}

/** That an address is suppressed is said whoever suppressed it; by what only within the bounds. */
export const checkFor = (request: Asking, check: SuppressionCheck): SuppressionCheck =>
  check.entry !== null && !seesEntry(request, check.entry) ? { ...check, entry: null } : check;

/** What is about all streams of an address at once. */
export function assertEveryStream(request: Asking): void {
  const tags = boundsIn(request)?.tags ?? [];
  if (tags.length > 0)
    throw new Problem("forbidden", "The count of failures is of all streams; this token is bound to tags.");
}
