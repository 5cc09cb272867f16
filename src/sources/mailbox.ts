/** One IMAP mailbox, watched: IDLE where the server offers it, and a look every `pollSeconds` in any case. */
import { readFileSync } from "node:fs";
import { ImapFlow } from "imapflow";
import { messageOf } from "../machine/error-message.ts";
import type { Logger } from "../telemetry/logger.ts";
import type { Ingest } from "./accept-bytes.ts";
import { drainMailbox, type MailboxPlace } from "./drain-mailbox.ts";
import type { MailboxSettings } from "./mailbox-settings.ts";
import type { ProgressFile } from "./progress-file.ts";

export interface MailboxOptions {
  readonly settings: MailboxSettings;
  readonly ingest: Ingest;
  readonly places: ProgressFile<MailboxPlace>;
  readonly maxBytes: number;
  readonly logger: Pick<Logger, "info" | "warn" | "error" | "debug">;
}

export interface WatchedMailbox {
  readonly name: string;
  /** Finishes the batch in hand. */
  stop(): Promise<void>;
}

const FIRST_RETRY_MS = 1_000;
const LONGEST_RETRY_MS = 5 * 60_000;

export const mailboxName = ({ user, host, folder }: MailboxSettings): string => `${user} on ${host}, ${folder}`;

export function watchMailbox(options: MailboxOptions): WatchedMailbox {
  const name = mailboxName(options.settings);
  const stopping = new AbortController();
  const running = run(name, options, stopping.signal);
  return {
    name,
    async stop() {
      stopping.abort();
      await running;
    },
  };
}

/** A connection that ends is made anew, later and later while it fails. */
async function run(name: string, options: MailboxOptions, stopping: AbortSignal): Promise<void> {
  const { logger } = options;
  let failures = 0;
  while (!stopping.aborted) {
    try {
      await readMailbox(name, options, stopping, () => (failures = 0));
    } catch (error) {
      logger.warn({ mailbox: name, reason: reasonOf(error) }, "mailbox not read; trying again");
    }
    await pause(Math.min(FIRST_RETRY_MS * 2 ** failures++, LONGEST_RETRY_MS), stopping);
  }
}

async function readMailbox(
  name: string,
  { settings, logger, ...options }: MailboxOptions,
  stopping: AbortSignal,
  onSuccess: () => void,
): Promise<void> {
  const client = new ImapFlow(connectionOf(settings));
  const state: { isChanged: boolean; failure: unknown } = { isChanged: false, failure: null };
  let wake = (): void => undefined;
  const onChange = (): void => {
    state.isChanged = true;
    wake();
  };
  const onEnd = (error?: unknown): void => {
    state.failure ??= error ?? new Error("the server closed the connection");
    wake();
  };
  client.on("exists", onChange).on("error", onEnd).on("close", onEnd);
  const giveUp = (): void => client.close();
  stopping.addEventListener("abort", onChange);
  stopping.addEventListener("abort", giveUp);
  try {
    await client.connect();
    // From here on a batch in hand is finished first.
    stopping.removeEventListener("abort", giveUp);
    while (!stopping.aborted && state.failure === null) {
      state.isChanged = false;
      const accepted = await drainMailbox(client, {
        ...options,
        settings,
        name,
        onProblem: (path, error) => logger.error({ mailbox: name, message: path, reason: messageOf(error) }, "left"),
      });
      onSuccess();
      if (accepted > 0) logger.info({ mailbox: name, messages: accepted }, "read from mailbox");
      if (state.isChanged) continue;
      // Ends by itself with the next command; a server without IDLE is polled by the timer.
      client.idle().catch(onEnd);
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, settings.pollSeconds * 1000);
        wake = () => {
          clearTimeout(timer);
          resolve();
        };
        if (state.isChanged || state.failure !== null) wake();
      });
    }
    if (state.failure !== null && !stopping.aborted) throw state.failure;
  } finally {
    stopping.removeEventListener("abort", onChange);
    stopping.removeEventListener("abort", giveUp);
    await client.logout().catch(() => undefined);
    client.close();
  }
}

function connectionOf(settings: MailboxSettings): ConstructorParameters<typeof ImapFlow>[0] {
  const { host, port, tls, user, caFile } = settings;
  const fromFile = (path: string | undefined): string | undefined =>
    path === undefined ? undefined : readFileSync(path, "utf8").trim();
  const pass = settings.password ?? fromFile(settings.passwordFile);
  const accessToken = settings.accessToken ?? fromFile(settings.accessTokenFile);
  return {
    host,
    port,
    secure: tls === "implicit",
    // Required where it is asked for: an attacker could hide that the server offers it.
    ...(tls === "implicit" ? {} : { doSTARTTLS: tls === "starttls" }),
    tls: { rejectUnauthorized: true, ...(caFile === undefined ? {} : { ca: readFileSync(caFile) }) },
    auth: accessToken === undefined ? { user, pass: pass ?? "" } : { user, accessToken },
    logger: false,
  };
}

/** imapflow says "Command failed" and keeps what the server said beside it. */
function reasonOf(error: unknown): string {
  const said =
    typeof error === "object" && error !== null && "responseText" in error && typeof error.responseText === "string"
      ? `: ${error.responseText}`
      : "";
  return messageOf(error) + said;
}

function pause(ms: number, stopping: AbortSignal): Promise<void> {
  if (stopping.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      stopping.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    stopping.addEventListener("abort", done);
  });
}
