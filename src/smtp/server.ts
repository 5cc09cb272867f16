/**
 * The SMTP (RFC 5321) and LMTP (RFC 2033) listeners on smtp-server. AUTH is off and nothing is ever relayed or sent. A
 * bare CR or LF inside a message is kept as it is and never ends it: only CRLF.CRLF does.
 */
import type { AddressInfo } from "node:net";
import { SMTPServer, type SMTPServerDataStream, type SMTPServerSession } from "smtp-server";
import type { Intake } from "../intake/accept.ts";
import { inSpan } from "../telemetry/tracing.ts";
import { createGate } from "./gate.ts";
import {
  acceptMessage,
  checkReversePath,
  createDataReader,
  heloOf,
  readForwardPath,
  type HookSettings,
} from "./hooks.ts";
import { MAX_COMMAND_LENGTH, type SmtpLimits } from "./limits.ts";
import { REPLIES, SmtpRefusal, toRefusal, type SmtpReply } from "./replies.ts";
import { watchSessions } from "./sessions.ts";
import type { CertificateSource } from "./tls.ts";

export interface SmtpListenerOptions extends HookSettings {
  readonly protocol: "smtp" | "lmtp";
  readonly host: string;
  readonly port: number;
  /** In the greeting. */
  readonly name: string;
  readonly intake: Intake;
  readonly limits: SmtpLimits;
  readonly maxClients: number;
  readonly trustedProxies: readonly string[];
  readonly certificate: CertificateSource;
  readonly observe: SmtpObserver;
}

export interface AcceptedMessage {
  readonly octets: number;
  /** From the final dot to its being durable. */
  readonly milliseconds: number;
  readonly forwardPaths: readonly string[];
}

/** What happens, for the log and the metrics. Texts from a client are never passed on raw. */
export interface SmtpObserver {
  readonly accepted: (message: AcceptedMessage) => void;
  /** `cause` is set where the fault is ours. */
  readonly refused: (reply: SmtpReply, cause?: unknown) => void;
  readonly connectionError: (error: Error) => void;
  /** Null: the certificate can be used again. */
  readonly certificateProblem: (error: Error | null) => void;
}

export interface SmtpListener {
  readonly host: string;
  readonly port: number;
  connections(): number;
  /** Takes no more connections, lets messages in transfer finish, ends the rest with 421. */
  stop(): Promise<void>;
}

interface Transaction {
  /** The first RCPT. */
  readonly since: Date;
  /** As the client wrote it -> as we take it. */
  readonly paths: Map<string, string>;
}

type Callback = (error?: Error | null, text?: string) => void;

export async function startSmtpListener(options: SmtpListenerOptions): Promise<SmtpListener> {
  const { intake, limits, observe, certificate } = options;
  const sessions = watchSessions(
    limits,
    () => server,
    (reply) => observe.refused(reply),
  );
  const transactions = new WeakMap<SMTPServerSession["envelope"], Transaction>();

  /** Runs a hook; the client hears exactly one answer, and only a refusal from our table. */
  const answer = (callback: Callback, hook: () => void): void => {
    try {
      hook();
      callback();
    } catch (thrown) {
      const refusal = toRefusal(thrown);
      observe.refused(refusal.reply, refusal.cause);
      callback(refusal);
    }
  };

  const server = new SMTPServer({
    ...certificate.certificate,
    name: options.name,
    banner: "bounced",
    heloResponse: "%s greets you",
    lmtp: options.protocol === "lmtp",
    size: options.maxSize,
    maxRecipients: limits.recipients,
    maxCommandLength: MAX_COMMAND_LENGTH,
    lenientAddressParsing: true,
    disabledCommands: ["AUTH", "WIZ", "SHELL", "KILL", "XCLIENT", "XFORWARD"],
    authOptional: true,
    disableReverseLookup: true,
    hideENHANCEDSTATUSCODES: true,
    // Deadlines are those of sessions.ts; this one only backs them.
    socketTimeout: Math.max(limits.commandSeconds, limits.dataSeconds) * 1000 + 10_000,
    logger: libraryLog(sessions) as never,
    onMailFrom: (_address, _session, callback) => answer(callback, () => checkReversePath(intake)),
    onRcptTo(address, session, callback) {
      answer(callback, () => {
        const watched = sessions.get(session.id);
        try {
          const transaction = transactions.get(session.envelope) ?? { since: new Date(), paths: new Map() };
          transaction.paths.set(address.address, readForwardPath(address.address, options, session.remoteAddress));
          transactions.set(session.envelope, transaction);
        } catch (thrown) {
          if (watched && ++watched.refusedRecipients >= limits.refusedRecipients)
            throw new SmtpRefusal(REPLIES.tooManyErrors, { cause: thrown });
          throw thrown;
        }
      });
    },
    onData(stream, session, callback) {
      const { envelope } = session;
      const { paths: known, since: startTime = new Date() } = transactions.get(envelope) ?? {};
      receive(stream, session)
        .then(async (message) => {
          const receivedAt = performance.now();
          const forwardPaths = envelope.rcptTo.map(({ address }) => known?.get(address) ?? address);
          const reversePath = envelope.mailFrom ? envelope.mailFrom.address : "";
          const attributes = { "bounced.octets": message.size, "bounced.recipients": forwardPaths.length };
          const text = await inSpan("smtp transaction", { startTime, attributes }, () =>
            acceptMessage(intake, message, {
              reversePath,
              forwardPaths,
              remoteAddress: session.remoteAddress,
              ...heloOf(reversePath, session.hostNameAppearsAs),
            }),
          );
          observe.accepted({ octets: message.size, milliseconds: performance.now() - receivedAt, forwardPaths });
          return text;
        })
        .then(
          (text) => {
            sessions.markAccepted(session.id);
            sessions.enter(session.id, "command");
            callback(null, text);
          },
          (thrown: unknown) => {
            const refusal = toRefusal(thrown);
            observe.refused(refusal.reply, refusal.cause);
            sessions.enter(session.id, "command");
            callback(refusal);
          },
        );
    },
  });
  // A reset connection in a transaction arrives here; without a listener it would end the process.
  server.on("error", (error) => observe.connectionError(error));

  /** Resolves at the final dot; rejects when the client is gone before, or was cut off. */
  const receive = (stream: SMTPServerDataStream, { id }: SMTPServerSession) =>
    new Promise<ReturnType<ReturnType<typeof createDataReader>["finish"]>>((resolve, reject) => {
      const reader = createDataReader(options);
      sessions.enter(id, "data");
      stream.on("data", (chunk: Buffer) => {
        const refusal = reader.take(chunk);
        if (!refusal) return;
        stream.removeAllListeners("data");
        stream.resume();
        sessions.end(id, refusal);
        reject(new SmtpRefusal(refusal));
      });
      stream.on("error", (cause) => reject(new SmtpRefusal(REPLIES.incomplete, { cause })));
      let isComplete = false;
      stream.on("close", () => isComplete || reject(new SmtpRefusal(REPLIES.incomplete)));
      stream.on("end", () => {
        isComplete = true;
        sessions.enter(id, "waiting");
        try {
          resolve(reader.finish());
        } catch (thrown) {
          reject(toRefusal(thrown));
        }
      });
    });

  const gate = createGate({
    ...options,
    sessions,
    onRefuse: (reply) => observe.refused(reply),
    connect: (socket, client) => server.connect(socket, client),
  });
  await new Promise<void>((resolve, reject) => {
    gate.once("error", reject);
    gate.listen({ host: options.host, port: options.port, backlog: 511 }, resolve);
  });
  gate.on("error", (error) => observe.connectionError(error));
  const stopWatching = certificate.watch(
    (renewed) => {
      server.updateSecureContext(renewed);
      observe.certificateProblem(null);
    },
    (error) => observe.certificateProblem(error instanceof Error ? error : new Error(String(error))),
  );
  return {
    host: options.host,
    port: (gate.address() as AddressInfo).port,
    connections: () => sessions.count(),
    async stop() {
      stopWatching();
      gate.close();
      // From now on the library answers every command with 421.
      server.close();
      sessions.endIdle(REPLIES.shuttingDown);
      const deadline = performance.now() + limits.shutdownSeconds * 1000;
      while (sessions.count() > 0 && performance.now() < deadline) {
        await new Promise((resolve) => setTimeout(resolve, 20));
        sessions.endIdle(REPLIES.shuttingDown);
      }
      sessions.stop();
      for (const connection of server.connections) connection.close();
    },
  };
}

/** The library's log is the only place that sees each command and each reply. */
function libraryLog({ noteCommand, noteReply }: Pick<ReturnType<typeof watchSessions>, "noteCommand" | "noteReply">) {
  const ignore = (): void => undefined;
  const note = (entry: { readonly tnx?: string; readonly cid?: string }): void => {
    if (entry.cid === undefined) return;
    if (entry.tnx === "command") noteCommand(entry.cid);
    else if (entry.tnx === "send") noteReply(entry.cid);
  };
  return { trace: ignore, debug: note, info: ignore, warn: ignore, error: ignore, fatal: ignore };
}
