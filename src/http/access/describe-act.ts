/** What a request does, in words for the audit log: what it names, and what it asks for beside. */
import type { FastifyRequest } from "fastify";

/** Fields that say what is acted on. */
const NAMING = new Set(["value", "address", "email", "id", "change", "person"]);
const LISTED = new Set(["addresses", "emails", "recipient_emails", "ids", "add", "remove"]);
/** Never written down, whatever is in them. */
const SECRET = /secret|password|token|_csrf/i;
/** How many targets are named; of more, the number. */
const NAMED = 5;
const MAX_WORD = 100;

export function describeAct(request: FastifyRequest): { readonly target: string; readonly detail: string } {
  const { method } = request;
  const query = Object.entries(recordOf(request.query)).filter(([, value]) => value !== undefined && value !== "");
  const body = Object.entries(typeof request.body === "object" ? recordOf(request.body) : {});
  const params = Object.entries(recordOf(request.params))
    .filter(([name]) => !SECRET.test(name))
    .map(([, value]) => String(value));
  const named = [...query, ...body].flatMap(([name, value]) => targetsIn(name, value));
  const targets = [...params, ...named].filter(Boolean);
  const rest = [...query, ...body]
    .filter(([name]) => !SECRET.test(name) && !NAMING.has(name))
    .map(([name, value]) => `${name}=${wordOf(value)}`);
  return {
    target: targets.slice(0, NAMED).join(", ") + (targets.length > NAMED ? ` and ${targets.length - NAMED} more` : ""),
    detail: [method, request.routeOptions.url ?? "", ...rest].join(" "),
  };
}

function targetsIn(name: string, value: unknown): readonly string[] {
  if (NAMING.has(name)) return typeof value === "string" || typeof value === "number" ? [String(value)] : [];
  if (!LISTED.has(name) || !Array.isArray(value)) return [];
  return value.flatMap((one: unknown) =>
    typeof one === "string" ? [one] : Object.entries(recordOf(one)).flatMap(([key, inner]) => targetsIn(key, inner)),
  );
}

function wordOf(value: unknown): string {
  if (Array.isArray(value))
    return value.every((one) => typeof one !== "object") && value.length <= NAMED
      ? value.join(",").slice(0, MAX_WORD)
      : `${value.length} entries`;
  if (typeof value === "object" && value !== null)
    return `{${Object.entries(value)
      .filter(([name, inner]) => inner !== undefined && !SECRET.test(name))
      .map(([name, inner]) => `${name}=${wordOf(inner)}`)
      .join(" ")}}`;
  const text = String(value);
  return text.length > MAX_WORD ? `${text.length} characters` : text;
}

const recordOf = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
