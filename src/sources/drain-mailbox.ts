/** Everything new in one IMAP folder into the durable intake, oldest first. RFC 9051. */
import type { FetchMessageObject, ImapFlow } from "imapflow";
import { acceptBytes, type Ingest } from "./accept-bytes.ts";
import type { MailboxSettings } from "./mailbox-settings.ts";
import type { ProgressFile } from "./progress-file.ts";
import { TOO_BIG } from "./run-import.ts";
import type { OnProblem } from "./walk.ts";

/** UIDs only grow while UIDVALIDITY stays the same; when it changes they mean nothing any more. */
export interface MailboxPlace {
  readonly uidValidity: string;
  /** Everything up to this one is done. */
  readonly lastUid: number;
}

export const isMailboxPlace = (value: unknown): value is MailboxPlace =>
  typeof value === "object" &&
  value !== null &&
  "uidValidity" in value &&
  typeof value.uidValidity === "string" &&
  "lastUid" in value &&
  Number.isSafeInteger(value.lastUid);

export interface DrainOptions {
  readonly settings: Pick<MailboxSettings, "folder" | "after" | "moveTo">;
  /** Names the mailbox in the progress file and in problems. */
  readonly name: string;
  readonly ingest: Ingest;
  readonly places: ProgressFile<MailboxPlace>;
  readonly maxBytes: number;
  readonly onProblem: OnProblem;
}

const UIDS_AT_A_TIME = 500;
const MESSAGES_AT_A_TIME = 32;
const OCTETS_AT_A_TIME = 32 * 1024 ** 2;

/**
 * Resolves with how many messages are durable. They are marked, moved or deleted after that, and their place is kept
 * last: whatever is interrupted is read again, which does no harm. Rejects with NotAccepted if Redis takes none.
 */
export async function drainMailbox(client: ImapFlow, options: DrainOptions): Promise<number> {
  const { name, settings, places } = options;
  const lock = await client.getMailboxLock(settings.folder);
  try {
    const uidValidity = String(client.mailbox ? client.mailbox.uidValidity : "");
    const place = places.get(name);
    let lastUid = place?.uidValidity === uidValidity ? place.lastUid : 0;
    // `n:*` is never empty: where all is older than n it means the last message.
    const found = (await client.search({ uid: `${lastUid + 1}:*` }, { uid: true })) || [];
    const uids = found.filter((uid) => uid > lastUid).toSorted((one, other) => one - other);
    let accepted = 0;
    for (let start = 0; start < uids.length; start += UIDS_AT_A_TIME)
      for (const batch of await batchesOf(client, uids.slice(start, start + UIDS_AT_A_TIME), options)) {
        accepted += await drainBatch(client, batch.uids, options);
        lastUid = batch.lastUid;
        places.set(name, { uidValidity, lastUid });
      }
    return accepted;
  } finally {
    lock.release();
  }
}

interface Batch {
  /** Without those that are too big. */
  readonly uids: readonly number[];
  readonly lastUid: number;
}

/** So many at a time that their octets fit in memory. */
async function batchesOf(
  client: ImapFlow,
  uids: readonly number[],
  { maxBytes, name, onProblem }: DrainOptions,
): Promise<readonly Batch[]> {
  const sizes = await client.fetchAll(uids.join(","), { uid: true, size: true }, { uid: true });
  const batches: Batch[] = [];
  let batch: number[] = [];
  let octets = 0;
  let lastUid = 0;
  for (const { uid, size = 0 } of sizes.toSorted((one, other) => one.uid - other.uid)) {
    if (batch.length >= MESSAGES_AT_A_TIME || (batch.length > 0 && octets + size > OCTETS_AT_A_TIME)) {
      batches.push({ uids: batch, lastUid });
      batch = [];
      octets = 0;
    }
    if (size > maxBytes) onProblem(`${name} UID ${uid}`, new Error(TOO_BIG));
    else {
      batch.push(uid);
      octets += size;
    }
    lastUid = uid;
  }
  if (lastUid > 0) batches.push({ uids: batch, lastUid });
  return batches;
}

async function drainBatch(client: ImapFlow, uids: readonly number[], options: DrainOptions): Promise<number> {
  if (uids.length === 0) return 0;
  // Fetched whole before anything else is said: no other command may run between two answers of a FETCH.
  const messages = await client.fetchAll(
    uids.join(","),
    { uid: true, source: true, internalDate: true },
    { uid: true },
  );
  await Promise.all(messages.map((message) => acceptMessage(message, options)));
  await finish(client, messages.map(({ uid }) => uid).join(","), options.settings);
  return messages.length;
}

async function acceptMessage({ source, internalDate }: FetchMessageObject, { ingest }: DrainOptions): Promise<void> {
  if (!source) return;
  const received = internalDate === undefined ? null : new Date(internalDate);
  const isDate = received !== null && !Number.isNaN(received.getTime());
  await acceptBytes(ingest, source, isDate ? { receivedAt: received.toISOString() } : {});
}

async function finish(client: ImapFlow, range: string, { after, moveTo }: DrainOptions["settings"]): Promise<void> {
  if (range === "") return;
  const uid = { uid: true } as const;
  switch (after) {
    case "keep":
      return;
    case "seen":
      await client.messageFlagsAdd(range, ["\\Seen"], uid);
      return;
    case "delete":
      await client.messageDelete(range, uid);
      return;
    case "move":
      await client.mailboxCreate(moveTo).catch(() => undefined);
      if (!(await client.messageMove(range, moveTo, uid))) throw new Error(`cannot move messages to ${moveTo}`);
  }
}
