/**
 * One failure that is reported twice: as a refusal, by whoever sends for us, and as the message that its MTA returns.
 * Both name the Message-ID and the recipient, and whichever comes first is the event; the other is the same event again.
 */
import type { BouncedEvent } from "../event/event.ts";
import { REFUSAL_FORMAT } from "../core/index.ts";
import { normalAddress } from "../addresses/normal-address.ts";
import { failuresRepeated } from "../telemetry/metrics.ts";
import type { RecordedMessage } from "./payloads.ts";
import type { Queues } from "./queues.ts";
import { shortDigest } from "./short-digest.ts";

/** Of a failure; null where nothing says which mail it was. Digests: no address stays in Redis. */
function failureOf({ kind, original, recipient, authenticity }: BouncedEvent): string | null {
  if (kind !== "bounce" || authenticity === "forged") return null;
  const { messageId } = original;
  if (messageId === null || recipient.mailed === null) return null;
  const bare = messageId.trim().replace(/^<(.*)>$/, "$1");
  return shortDigest(`${bare}\n${normalAddress(recipient.mailed)}`);
}

/** Who reported a failure first. Two messages about one failure stay two: a server may well return a mail twice. */
const FROM_REFUSAL = "r";
const FROM_MESSAGE = "m";
const sourceOf = ({ format }: BouncedEvent): string => (format === REFUSAL_FORMAT ? FROM_REFUSAL : FROM_MESSAGE);

/**
 * The events that repeat an earlier report of another kind, each with the id of that one. Only what is proven is
 * remembered as the first: nobody can take the place of a report that is still to come. Safe to run twice.
 */
export async function findRepeated(
  { redis, prefix }: Pick<Queues, "redis" | "prefix">,
  events: readonly BouncedEvent[],
  rememberedSeconds: number,
): Promise<ReadonlyMap<BouncedEvent, string>> {
  const failures = events.flatMap((event) => {
    const failure = failureOf(event);
    return failure === null ? [] : [{ event, key: `${prefix}:failure:${failure}` }];
  });
  const repeated = new Map<BouncedEvent, string>();
  if (failures.length === 0) return repeated;
  const pipeline = redis.pipeline();
  for (const { event, key } of failures) {
    if (event.authenticity === "proven")
      pipeline.set(key, `${sourceOf(event)}${event.id}`, "EX", rememberedSeconds, "NX");
    pipeline.get(key);
  }
  const replies = (await pipeline.exec()) ?? [];
  let at = 0;
  for (const { event } of failures) {
    if (event.authenticity === "proven") at++;
    const [error, first] = replies[at++] ?? [];
    if (error) throw error;
    if (typeof first !== "string") continue;
    const [source, id] = [first[0], first.slice(1)];
    if (id !== event.id && (source === FROM_REFUSAL || sourceOf(event) === FROM_REFUSAL)) repeated.set(event, id);
  }
  return repeated;
}

export interface SettledFailures {
  /** As the log gets them: an event that repeats another one has the id of that one. */
  readonly recorded: readonly RecordedMessage[];
  /** Those among them that go to no queue but the log's. */
  readonly unrouted: ReadonlySet<BouncedEvent>;
}

/**
 * What is repeated goes to the log alone, which has the first report or gets this one in its place: it may be written
 * before that one. What is not proven must not take the place of what is, and goes nowhere.
 */
export async function settleFailures(
  queues: Pick<Queues, "redis" | "prefix">,
  messages: readonly RecordedMessage[],
  rememberedSeconds: number,
): Promise<SettledFailures> {
  const all = messages.flatMap(({ events }) => events);
  const repeated = await findRepeated(queues, all, rememberedSeconds);
  failuresRepeated.inc(repeated.size);
  const unrouted = new Set<BouncedEvent>();
  if (repeated.size === 0) return { recorded: messages, unrouted };
  const settled = (event: BouncedEvent): readonly BouncedEvent[] => {
    const id = repeated.get(event);
    if (id === undefined) return [event];
    if (event.authenticity !== "proven") return [];
    const again = { ...event, id };
    unrouted.add(again);
    return [again];
  };
  return { recorded: messages.map((message) => ({ ...message, events: message.events.flatMap(settled) })), unrouted };
}
