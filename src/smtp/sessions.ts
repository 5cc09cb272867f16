/**
 * Watches over every connection from the first octet to the last. The library's own timeout only counts idle time, so
 * that a client which sends an octet now and then lives for ever; here every phase and the whole have a deadline, and
 * commands are counted.
 */
import type { Socket } from "node:net";
import type { SMTPServer } from "smtp-server";
import type { SmtpLimits } from "./limits.ts";
import { REPLIES, replyText, type SmtpReply } from "./replies.ts";

const SWEEP_MS = 250;
/** After our last reply a client gets this long to read it. */
const LINGER_MS = 1000;
const ACCEPT_GRACE_S = 1;

/** `waiting`: the client waits for us. */
type Phase = "command" | "data" | "waiting";

export interface SessionWatch {
  readonly id: string;
  readonly socket: Socket;
  readonly address: string;
  phase: Phase;
  phaseSince: number;
  /** When it connected, or a message was last accepted. */
  usefulSince: number;
  commands: number;
  refusedRecipients: number;
}

export interface Sessions {
  add(id: string, socket: Socket, address: string): void;
  get(id: string): SessionWatch | undefined;
  /** A new phase begins, with its own deadline. */
  enter(id: string, phase: Phase): void;
  /** A message was accepted: counters and the deadline of the connection start again. */
  markAccepted(id: string): void;
  /** Answers and closes, in the middle of a message if need be. */
  end(id: string, reply: SmtpReply): void;
  /** Ends every session that waits for a command. */
  endIdle(reply: SmtpReply): void;
  count(): number;
  countOf(address: string): number;
  /** Called by the library's log: it is the only place that sees every command and every reply. */
  noteCommand(id: string): void;
  noteReply(id: string): void;
  stop(): void;
}

export function watchSessions(
  limits: SmtpLimits,
  serverOf: () => SMTPServer,
  onEnd: (reply: SmtpReply) => void,
): Sessions {
  const sessions = new Map<string, SessionWatch>();
  const perAddress = new Map<string, number>();
  const remove = ({ id, address }: SessionWatch): void => {
    if (!sessions.delete(id)) return;
    const left = (perAddress.get(address) ?? 1) - 1;
    if (left === 0) perAddress.delete(address);
    else perAddress.set(address, left);
  };
  const end = (id: string, { code, ...reply }: SmtpReply): void => {
    const session = sessions.get(id);
    if (!session) return;
    onEnd({ code, ...reply });
    for (const connection of serverOf().connections) {
      if (connection.id !== id) continue;
      connection.send(code, replyText({ code, ...reply }), false);
      connection.close();
    }
    remove(session);
    // A client that goes on sending is not read to the end.
    setTimeout(() => session.socket.destroy(), LINGER_MS).unref();
  };
  const phaseSeconds: Readonly<Record<Phase, number>> = {
    command: limits.commandSeconds,
    data: limits.dataSeconds,
    // The intake keeps to its own deadline; this one is for a fault in it.
    waiting: limits.acceptSeconds + ACCEPT_GRACE_S,
  };
  const overdue = (session: SessionWatch, now: number): boolean => {
    const isIdle = session.phase === "command" && now - session.usefulSince > limits.idleConnectionSeconds * 1000;
    return isIdle || now - session.phaseSince > phaseSeconds[session.phase] * 1000;
  };
  const timer = setInterval(() => {
    const now = performance.now();
    for (const session of sessions.values())
      if (overdue(session, now)) end(session.id, session.phase === "waiting" ? REPLIES.notStored : REPLIES.tooSlow);
  }, SWEEP_MS);
  timer.unref();
  return {
    add(id, socket, address) {
      const now = performance.now();
      const session: SessionWatch = {
        id,
        socket,
        address,
        phase: "command",
        phaseSince: now,
        usefulSince: now,
        commands: 0,
        refusedRecipients: 0,
      };
      sessions.set(id, session);
      perAddress.set(address, (perAddress.get(address) ?? 0) + 1);
      socket.once("close", () => remove(session));
    },
    get: (id) => sessions.get(id),
    enter(id, phase) {
      const session = sessions.get(id);
      if (!session) return;
      session.phase = phase;
      session.phaseSince = performance.now();
    },
    markAccepted(id) {
      const session = sessions.get(id);
      if (!session) return;
      session.usefulSince = performance.now();
      session.commands = 0;
      session.refusedRecipients = 0;
    },
    end,
    endIdle(reply) {
      for (const { id, phase } of sessions.values()) if (phase === "command") end(id, reply);
    },
    count: () => sessions.size,
    countOf: (address) => perAddress.get(address) ?? 0,
    noteCommand(id) {
      const session = sessions.get(id);
      if (session && ++session.commands > limits.commands) end(id, REPLIES.tooManyCommands);
    },
    noteReply(id) {
      const session = sessions.get(id);
      if (session && session.phase === "command") session.phaseSince = performance.now();
    },
    stop: () => clearInterval(timer),
  };
}
