/** What `bounced import` reads: one message at a time, each with what to do once it is durable. */
import { constants } from "node:fs";
import { copyFile, mkdir, stat, unlink } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import { collect, readChunks } from "./files.ts";
import { checkMailHead, HEAD_OCTETS } from "./mail-head.ts";
import { isSeen, markSeen } from "./maildir.ts";
import { isMbox, readMbox } from "./mbox.ts";
import { offsetOf, placeAt, type MboxPlace } from "./mbox-place.ts";
import type { ProgressFile } from "./progress-file.ts";
import { walkMail, type MailFile, type OnProblem } from "./walk.ts";

/** After a message is durable. `mark`: a Maildir message becomes seen, others stay as they are. */
export type AfterImport =
  | { readonly kind: "mark" }
  | { readonly kind: "keep" }
  | { readonly kind: "delete" }
  | { readonly kind: "move"; readonly folder: string };

export interface SourceMessage {
  readonly path: string;
  readonly bytes: Buffer;
  readonly isCut: boolean;
  /** Octets of its file that are done with it; for the progress bar. */
  readonly octets: number;
  /** To be called in the order of the messages. */
  readonly done: () => Promise<void>;
  /** Of messages in a row with the same value, the last one's `done` stands for all. */
  readonly group: string | null;
}

export interface SourceOptions {
  readonly maxBytes: number;
  readonly after: AfterImport;
  /** Also what was imported or seen before. */
  readonly all: boolean;
  readonly places: ProgressFile<MboxPlace>;
  readonly onProblem: OnProblem;
  /** Seen before, and passed over. */
  readonly onPassed: (path: string, octets: number) => void;
}

export async function* readSources(paths: readonly string[], options: SourceOptions): AsyncGenerator<SourceMessage> {
  for (const path of paths)
    for await (const file of walkMail(path, options.onProblem)) {
      try {
        yield* readSource(file, options);
      } catch (error) {
        // A mail program renamed it: it will be there under its new name the next time.
        if (file.maildir === null || (error as NodeJS.ErrnoException).code !== "ENOENT")
          options.onProblem(file.path, error);
      }
    }
}

async function* readSource(file: MailFile, options: SourceOptions): AsyncGenerator<SourceMessage> {
  const { path, kind, maildir } = file;
  if (maildir !== null && !options.all && isSeen(path)) {
    options.onPassed(path, 0);
    return;
  }
  const { size } = await stat(path);
  const head = kind === "unknown" ? (await collect(readChunks(path), HEAD_OCTETS)).bytes : null;
  if (kind === "mbox" || (head !== null && isMbox(head))) yield* readMboxFile(path, size, options);
  else {
    if (head !== null) checkMailHead(head);
    const { bytes, isCut } = await collect(readChunks(path), options.maxBytes);
    yield { path, bytes, isCut, octets: size, done: () => finish(file, options.after), group: null };
  }
}

/** An mbox file is never changed; how far it was read is remembered. */
async function* readMboxFile(path: string, size: number, options: SourceOptions): AsyncGenerator<SourceMessage> {
  const source = resolve(path);
  const offset = options.all ? 0 : await offsetOf(path, size, options.places.get(source));
  if (offset > 0) options.onPassed(path, offset);
  let count = 0;
  for await (const message of readMbox(readChunks(path, offset), { maxBytes: options.maxBytes, offset }))
    yield {
      path: `${path}#${++count}`,
      bytes: message.bytes,
      isCut: message.isCut,
      octets: message.end - message.start,
      done: async () => options.places.set(source, await placeAt(path, message.end)),
      group: source,
    };
}

async function finish({ path, maildir }: MailFile, after: AfterImport): Promise<void> {
  switch (after.kind) {
    case "keep":
      return;
    case "mark":
      if (maildir !== null) await markSeen(maildir, path);
      return;
    case "delete":
      await unlink(path);
      return;
    case "move":
      await moveInto(after.folder, path);
  }
}

/** Never over a file that is there: the second `1.eml` becomes `1.eml.2`. */
async function moveInto(folder: string, path: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (let count = 1; ; count++) {
    try {
      await copyFile(path, join(folder, basename(path) + (count === 1 ? "" : `.${count}`)), constants.COPYFILE_EXCL);
      break;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    }
  }
  await unlink(path);
}

/** What there is to read, for the progress bar: octets of the files that will not be passed over. */
export async function measureSources(paths: readonly string[], all: boolean): Promise<number> {
  let total = 0;
  for (const path of paths)
    for await (const { path: file, maildir } of walkMail(path, () => undefined))
      if (maildir === null || all || !isSeen(file)) total += (await stat(file).catch(() => null))?.size ?? 0;
  return total;
}
