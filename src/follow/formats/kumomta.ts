/**
 * KumoMTA's JSON log records, one a line, and what its log hook sends. `OOB` and `Feedback` records are about messages
 * that returned: those come to bounced as what they are.
 */
import { z } from "zod";
import { OTHER, sentFrom, UNREADABLE, type LineReading, type LogFormat } from "./log-reader.ts";

const text = z.string();
const recordSchema = z.object({
  type: text,
  id: text,
  sender: text.catch(""),
  recipient: z.union([text, z.array(text)]).transform((one) => (Array.isArray(one) ? one : [one])),
  response: z
    .object({
      code: z.number().int().catch(0),
      enhanced_code: z.object({ class: z.number(), subject: z.number(), detail: z.number() }).nullish().catch(null),
      content: text.catch(""),
      command: text.nullish().catch(null),
    })
    .catch({ code: 0, enhanced_code: null, content: "", command: null }),
  peer_address: z.object({ name: text }).nullish().catch(null),
  timestamp: z.number(),
  event_time: text.nullish().catch(null),
  source_address: z.object({ address: text }).nullish().catch(null),
  num_attempts: z.number().int().catch(0),
  headers: z.record(text, z.unknown()).nullish().catch(null),
  meta: z.record(text, z.unknown()).nullish().catch(null),
});

const ACTIONS: ReadonlyMap<string, "failed" | "delayed" | "delivered"> = new Map([
  ["Delivery", "delivered"],
  ["Bounce", "failed"],
  ["Expiration", "failed"],
  ["TransientFailure", "delayed"],
]);

export const kumomta: LogFormat = {
  id: "kumomta",
  name: "KumoMTA",
  create: () => ({
    read(line) {
      let json: unknown;
      try {
        json = JSON.parse(line);
      } catch {
        return UNREADABLE;
      }
      return readKumomtaRecord(json);
    },
    state: () => null,
  }),
};

/** One record, of a log or a log hook. */
export function readKumomtaRecord(json: unknown): LineReading {
  const type = typeof json === "object" && json !== null && "type" in json ? json.type : undefined;
  const action = typeof type === "string" ? ACTIONS.get(type) : undefined;
  if (typeof type !== "string") return UNREADABLE;
  if (action === undefined) return OTHER;
  const { data } = recordSchema.safeParse(json);
  if (!data) return UNREADABLE;
  if (data.sender === "") return OTHER;
  const { response, headers, meta } = data;
  const { code, enhanced_code: enhanced, content } = response;
  const status = enhanced ? `${enhanced.class}.${enhanced.subject}.${enhanced.detail}` : null;
  const kept = textsOf(headers ?? {});
  const messageId = Object.entries(kept).find(([name]) => name.toLowerCase() === "message-id")?.[1];
  const tag = ["campaign", "tag", "tenant"].map((name) => meta?.[name]).find((value) => typeof value === "string");
  const at = Date.parse(data.event_time ?? "") || data.timestamp * 1000;
  return {
    kind: "refusals",
    refusals: data.recipient.map((recipient) => ({
      recipient,
      action,
      reply: [code >= 200 && code <= 599 ? code : "", status ?? "", content].filter((part) => part !== "").join(" "),
      ...(status !== null && /^[245]\./.test(status) ? { status } : {}),
      ...(code >= 200 && code <= 599 ? { replyCode: code } : {}),
      ...(data.peer_address?.name ? { remoteMta: data.peer_address.name } : {}),
      returnPath: data.sender,
      ...sentFrom(data.source_address?.address.replace(/^\[?(.*?)\]?(?::\d{1,5})?$/, "$1")),
      ...(tag === undefined ? {} : { tag }),
      ...(messageId === undefined ? {} : { messageId }),
      queueId: data.id,
      attempt: Math.max(0, data.num_attempts),
      at: new Date(at).toISOString(),
      headers: kept,
      software: "kumomta",
    })),
  };
}

const textsOf = (record: Readonly<Record<string, unknown>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(record)
      .flatMap(([name, value]): [string, string][] => (typeof value === "string" ? [[name, value.slice(0, 2000)]] : []))
      .slice(0, 50),
  );
