/** Which files of a path hold mail, always in the same order. */
import { opendir, realpath, stat } from "node:fs/promises";
import { basename, dirname, extname, join } from "node:path";

export interface MailFile {
  readonly path: string;
  readonly kind: "message" | "mbox" | "unknown";
  /** Set for a file in `new` or `cur` of a Maildir. */
  readonly maildir: string | null;
}

/** Told of what could not be read; the rest goes on. */
export type OnProblem = (path: string, error: unknown) => void;

const MESSAGE_EXTENSIONS: ReadonlySet<string> = new Set([".eml", ".txt", ".msg"]);
const NO_MAIL = /^(?:readme|licen[cs]e|notice|copying|changelog)\b/i;
const MAX_DEPTH = 64;

/** The files of one path, a folder's in the order of their names. A file named by the user is taken whatever its name. */
export async function* walkMail(path: string, onProblem: OnProblem): AsyncGenerator<MailFile> {
  const found = await attempt(path, onProblem, () => stat(path));
  if (!found) return;
  if (found.isDirectory()) yield* walkFolder(path, [], onProblem);
  else yield { path, kind: kindByName(path) ?? "unknown", maildir: await maildirOf(path) };
}

function kindByName(name: string): "message" | "mbox" | null {
  const extension = extname(name).toLowerCase();
  if (extension === ".mbox") return "mbox";
  return MESSAGE_EXTENSIONS.has(extension) ? "message" : null;
}

async function* walkFolder(folder: string, above: readonly string[], onProblem: OnProblem): AsyncGenerator<MailFile> {
  const real = await attempt(folder, onProblem, () => realpath(folder));
  // A link to a folder above would never end.
  if (real === null || above.includes(real) || above.length > MAX_DEPTH) return;
  const entries = await attempt(folder, onProblem, () => entriesOf(folder));
  if (!entries) return;
  const isMaildir = entries.has("cur") && entries.has("new");
  const leaf = /^(?:cur|new)$/.test(basename(folder)) ? await maildirOf(join(folder, "x")) : null;
  for (const [name, isFolder] of [...entries].toSorted(([one], [other]) => (one < other ? -1 : 1))) {
    const path = join(folder, name);
    // Maildir++ keeps its folders in hidden ones: `.Bounces/new`. What is in `tmp` is not there yet.
    if (isMaildir ? name === "tmp" : name.startsWith(".")) continue;
    if (isFolder) yield* walkFolder(path, [...above, real], onProblem);
    else if (leaf !== null) yield { path, kind: "message", maildir: leaf };
    else {
      const kind = NO_MAIL.test(name) ? null : kindByName(name);
      if (kind && !name.startsWith(".")) yield { path, kind, maildir: null };
    }
  }
}

/** Name -> is it a folder. Links are followed; what is neither file nor folder is left out. */
async function entriesOf(folder: string): Promise<ReadonlyMap<string, boolean>> {
  const entries = new Map<string, boolean>();
  for await (const entry of await opendir(folder)) {
    if (entry.isDirectory()) entries.set(entry.name, true);
    else if (entry.isFile()) entries.set(entry.name, false);
    else if (entry.isSymbolicLink()) {
      const target = await stat(join(folder, entry.name)).catch(() => null);
      if (target?.isDirectory() || target?.isFile()) entries.set(entry.name, target.isDirectory());
    }
  }
  return entries;
}

/** The Maildir that a file lies in: its folder is `new` or `cur`, and the other one is beside it. */
async function maildirOf(file: string): Promise<string | null> {
  const folder = dirname(file);
  const name = basename(folder);
  if (name !== "new" && name !== "cur") return null;
  const maildir = dirname(folder);
  const sibling = await stat(join(maildir, name === "new" ? "cur" : "new")).catch(() => null);
  return sibling?.isDirectory() ? maildir : null;
}

async function attempt<T>(path: string, onProblem: OnProblem, work: () => Promise<T>): Promise<T | null> {
  try {
    return await work();
  } catch (error) {
    onProblem(path, error);
    return null;
  }
}
