/** Any provider whose webhook is JSON: where its words are, as JSON pointers (RFC 6901) in bounced.yaml. */
import {
  ignored,
  isObject,
  itemsOf,
  toldRefusal,
  text,
  unknown,
  type ProviderEvent,
  type Told,
} from "../provider-event.ts";
import type { CustomMap } from "../settings.ts";

/** Fields of a refusal that a pointer finds. */
const FIELDS = [
  "diagnostic",
  "status",
  "replyCode",
  "remoteMta",
  "messageId",
  "queueId",
  "attempt",
  "at",
  "tag",
  "returnPath",
  "from",
  "subject",
] as const satisfies readonly (keyof Told & keyof CustomMap)[];

export function readCustom(body: unknown, name: string, map: CustomMap): readonly ProviderEvent[] {
  const events = itemsOf(valueAt(body, map.events));
  return events.map((event) => {
    const type = text(valueAt(event, map.type)) ?? "";
    const isOther = Object.entries(map.only).some(([where, wanted]) => text(valueAt(event, where)) !== wanted);
    if (isOther) return ignored(type);
    const action = Object.hasOwn(map.types, type) ? map.types[type] : undefined;
    if (action === undefined) return unknown(type);
    if (action === "ignored") return ignored(type);
    const found = FIELDS.map((field) => [field, map[field] === undefined ? undefined : valueAt(event, map[field])]);
    const label = map.label === undefined ? undefined : text(valueAt(event, map.label));
    const told = { ...Object.fromEntries(found), action, recipient: valueAt(event, map.recipient) };
    return toldRefusal(name, { ...told, label: label ?? type } as Told, event);
  });
}

/** RFC 6901 section 4. Undefined where there is nothing. */
export function valueAt(document: unknown, pointer: string): unknown {
  let value = document;
  for (const escaped of pointer.split("/").slice(1)) {
    const token = escaped.replaceAll("~1", "/").replaceAll("~0", "~");
    if (Array.isArray(value)) value = /^(?:0|[1-9]\d{0,6})$/.test(token) ? value[Number(token)] : undefined;
    else value = isObject(value) && Object.hasOwn(value, token) ? value[token] : undefined;
  }
  return value;
}
