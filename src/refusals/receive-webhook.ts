/** One request of a provider: who it is from, what it says, and all of that durable before it is answered. */
import type { Intake } from "../intake/accept.ts";
import { acceptRefusals } from "./accept-refusals.ts";
import type { RefusalIssue } from "./check-refusals.ts";
import { providerEvents } from "../telemetry/metrics.ts";
import { objectIn, text, type ProviderEvent } from "../provider-webhooks/provider-event.ts";
import { readBody } from "../provider-webhooks/read-body.ts";
import { endpointName, type ProviderEndpoint } from "../provider-webhooks/settings.ts";
import { hasBasicAuth, isSameSecret, type CheckSignature, type WebhookPost } from "../provider-webhooks/signatures.ts";
import { carriedBy, isSnsEnvelope, NotFromSns, type Sns } from "../provider-webhooks/sns.ts";

/** The secret is right, and the request is not from the provider, or says what nobody can read. */
export class NotFromProvider extends Error {
  override name = "NotFromProvider";
  readonly kind: "unsigned" | "unreadable";
  constructor(kind: "unsigned" | "unreadable", why: string, cause?: unknown) {
    super(why, { cause });
    this.kind = kind;
  }
}

export interface Received {
  readonly accepted: number;
  /** Counted, and no event. */
  readonly deliveries: number;
  readonly ignored: number;
  readonly unknown: number;
  readonly refused: number;
  /** A few of the types that nobody knows, and of the mistakes. */
  readonly unknownTypes: readonly string[];
  readonly issues: readonly RefusalIssue[];
}

export interface ReceiverDeps {
  readonly intake: Pick<Intake, "accept" | "write">;
  /** Of signed return paths. */
  readonly pathPrefix: string;
  readonly isSigned: CheckSignature;
  readonly sns: Sns;
  readonly now: () => number;
}

const MAX_EVENTS = 20_000;
const MAX_SHOWN = 5;

/** Null: there is no such endpoint, or the secret is another. */
export function findEndpoint(
  endpoints: readonly ProviderEndpoint[],
  name: string,
  secret: string,
): ProviderEndpoint | null {
  const found = endpoints.find((endpoint) => endpointName(endpoint) === name);
  // Compared also where there is none, so that the time does not say so.
  const isRight = isSameSecret(secret, found?.secret ?? "");
  return found && isRight ? found : null;
}

/** Rejects with NotFromProvider, NotAccepted, or, where SNS cannot be asked, whatever that failed with. */
export async function receiveWebhook(
  endpoint: ProviderEndpoint,
  post: WebhookPost,
  { intake, pathPrefix, isSigned, sns, now }: ReceiverDeps,
): Promise<Received> {
  if (endpoint.basicAuth !== undefined && !hasBasicAuth(post, endpoint.basicAuth))
    throw new NotFromProvider("unsigned", "Authorization: expected the user and password of basicAuth");
  const parsed = parseBody(post.body);
  if (!isSigned(endpoint, post, parsed, now()))
    throw new NotFromProvider("unsigned", "The signature does not match the configured key.");
  const body = endpoint.source === "ses" ? await openEnvelope(endpoint, parsed, sns) : parsed;
  const events = body === CONFIRMED ? [] : readBody(endpoint, body);
  if (events.length > MAX_EVENTS) throw new NotFromProvider("unreadable", `expected at most ${MAX_EVENTS} events`);
  return acceptEvents(endpointName(endpoint), events, { intake, pathPrefix }, now());
}

function parseBody(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString("utf8"));
  } catch (cause) {
    throw new NotFromProvider("unreadable", "body: expected JSON", cause);
  }
}

const CONFIRMED = Symbol("a subscription was confirmed");

async function openEnvelope(
  { topics, signed }: Extract<ProviderEndpoint, { source: "ses" }>,
  parsed: unknown,
  sns: Sns,
): Promise<unknown> {
  const message = objectIn(parsed);
  if (!isSnsEnvelope(message)) {
    if (signed) throw new NotFromProvider("unsigned", "raw message delivery is not signed; turn it off in SNS");
    return parsed;
  }
  try {
    await sns.verify(message);
    if (topics && !topics.includes(text(message["TopicArn"]) ?? ""))
      throw new NotFromSns("TopicArn: not one of `topics`");
    if (message["Type"] === "Notification") return carriedBy(message);
    if (message["Type"] === "SubscriptionConfirmation") await sns.confirm(message);
    return CONFIRMED;
  } catch (cause) {
    if (cause instanceof NotFromSns) throw new NotFromProvider("unsigned", cause.message, cause);
    throw cause;
  }
}

async function acceptEvents(
  source: string,
  events: readonly ProviderEvent[],
  { intake, pathPrefix }: Pick<ReceiverDeps, "intake" | "pathPrefix">,
  now: number,
): Promise<Received> {
  const refusals = events.flatMap((event) => (event.outcome === "refusal" ? [event.refusal] : []));
  const { accepted, deliveries, errors } = await acceptRefusals(intake, refusals, { pathPrefix }, now);
  const others = events.flatMap((event) => (event.outcome === "refusal" ? [] : [event]));
  const unknown = others.filter(({ outcome }) => outcome === "unknown");
  const counts = {
    accepted: accepted - deliveries,
    deliveries,
    ignored: others.length - unknown.length,
    unknown: unknown.length,
    refused: refusals.length - accepted,
  };
  for (const [outcome, count] of Object.entries(counts)) providerEvents.inc({ source, outcome }, count);
  const types = new Set(unknown.map(({ type }) => type));
  return { ...counts, unknownTypes: [...types].slice(0, MAX_SHOWN), issues: errors.slice(0, MAX_SHOWN) };
}
