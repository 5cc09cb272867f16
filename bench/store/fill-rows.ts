/** Rows of every table, oldest first. Bodies repeat: they are only read and passed on. */
import { CODEC, packEvent } from "../../src/store/log/body.ts";
import { keyOf, rowOf } from "../../src/store/log/rows.ts";
import { madeUp } from "./made-up.ts";

export interface FillOptions {
  readonly rows: number;
  readonly suppressions: number;
  /** ms: the newest event. */
  readonly end: number;
  readonly days: number;
  readonly say: (line: string) => void;
}

type Value = string | number | Uint8Array;
export type FilledRow =
  | { readonly table: "events"; readonly row: ReturnType<typeof rowOf> }
  | { readonly table: "event_bodies" | "suppressions"; readonly row: Readonly<Record<string, Value>> };

const DAY_MS = 86_400_000;
const BODIES = 5000;

export function* filledRows({ rows, suppressions, end, days, say }: FillOptions): Generator<FilledRow> {
  const { random, pick, word, address, eventAt } = madeUp(1);
  const hex = (digits: number): string => {
    let text = "";
    while (text.length < digits)
      text += Math.floor(random() * 2 ** 32)
        .toString(16)
        .padStart(8, "0");
    return text.slice(0, digits);
  };
  const kept = Array.from({ length: BODIES }, () => {
    const event = eventAt(end, address());
    return { row: rowOf(event, end), body: packEvent(event) };
  });
  const started = performance.now();
  for (let index = 0; index < rows; index++) {
    const { row, body } = pick(kept);
    const at = Math.floor(end - days * DAY_MS * (1 - index / rows));
    const [recipient, sha256] = [address(), hex(64)];
    const id = sha256.slice(0, 32);
    const key = keyOf(at, id);
    const fresh = {
      ...row,
      key,
      id,
      received_at: at,
      recorded_at: at,
      message: sha256,
      recipient,
      mailed: recipient,
      domain: recipient.slice(recipient.indexOf("@") + 1),
      message_id: `<${sha256.slice(20, 40)}@sender.example>`,
      subject: `${word(3)} ${word(2)} ${word(3)}`,
      diagnostic: `${row.reply_code} ${row.status} <${recipient}>: ${word(4)} rejected in reply ${sha256.slice(0, 12)}, see the postmaster page`,
    };
    yield { table: "events", row: fresh };
    yield { table: "event_bodies", row: { key, codec: CODEC, body } };
    if (index % 100_000 === 0) say(`${index} rows, ${Math.round((performance.now() - started) / 1000)} s`);
  }
  for (let index = 0; index < suppressions; index++) {
    const at = Math.floor(end - days * DAY_MS * (1 - index / suppressions));
    const row = {
      scope: "address",
      value: `${index}.${address()}`,
      stream: "",
      cause: "hard",
      reason: "mailbox_unknown",
    };
    const rest = { event_id: hex(32), note: "", actor: "policy", created_at: at, updated_at: at, expires_at: 0 };
    yield { table: "suppressions", row: { ...row, ...rest } };
  }
}
