/** What an erasure cannot reach: for the answer, so that whoever asked knows where else to look. */

export interface ErasureFacts {
  readonly config: {
    readonly DATABASE_URL?: string | undefined;
    readonly file: {
      readonly webhooks: readonly { readonly id: string }[];
      readonly helpDesks?: readonly { readonly id: string }[];
      readonly forward?: unknown;
      readonly mailboxes: readonly { readonly host: string; readonly after: string }[];
    };
  };
  /** As in ErasedJobs; null where Redis was not asked. */
  readonly appendOnlyFile: string | null;
  /** As in ErasedJobs. */
  readonly pending: number;
}

export function unreachedBy({ config, appendOnlyFile, pending }: ErasureFacts): readonly string[] {
  const { webhooks, helpDesks = [], forward, mailboxes } = config.file;
  const places = ["backups of the log and of Redis", "events that consumers have taken, and jobs in their hands"];
  if (appendOnlyFile === null) places.push("everything in Redis: this process has no connection to it");
  else if (appendOnlyFile !== "rewritten" && appendOnlyFile !== "off")
    places.push(`the append-only file of Redis until its next rewrite (${appendOnlyFile})`);
  if (pending > 0) places.push(`${pending} jobs on their way to the log: erase again when they are through`);
  if (config.DATABASE_URL)
    places.push("rows of PostgreSQL that are deleted but not vacuumed yet, its WAL archive and its replicas");
  if (webhooks.length > 0) places.push(`webhooks sent to ${webhooks.map(({ id }) => id).join(", ")}`);
  if (helpDesks.length > 0) places.push(`notes in the help desks ${helpDesks.map(({ id }) => id).join(", ")}`);
  if (forward) places.push("forwarded mail");
  const kept = mailboxes.filter(({ after }) => after !== "delete");
  if (kept.length > 0) places.push(`mail left in the mailboxes on ${kept.map(({ host }) => host).join(", ")}`);
  return places;
}
