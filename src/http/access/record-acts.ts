/**
 * Every act that the audit log names, recorded before its handler runs: a route says which in `config.audit`. Where the
 * entry cannot be written the act is refused with 503. Signing in alone goes on: somebody must be able to look at what
 * is wrong; the service log names it then.
 */
import type { FastifyInstance, FastifyRequest } from "fastify";
import type { AuditAction, AuditLog, AuditOutcome } from "../../store/audit/audit.ts";
import { Problem } from "../problems.ts";
import { describeAct } from "./describe-act.ts";
import { nameForHistory, type Principal } from "./principal.ts";

declare module "fastify" {
  interface FastifyContextConfig {
    /** What the audit log calls a request for this route. A function gives null where it is none: a dry run, a page without the message. */
    audit?: AuditAction | ((request: FastifyRequest) => AuditAction | null);
  }
  interface FastifyRequest {
    auditId: number | null;
  }
}

/** The act, where the request has these values; else none: a preview, a page that shows less. */
export const ifFields =
  (part: "body" | "query", fields: Readonly<Record<string, unknown>>, action: AuditAction) =>
  (request: FastifyRequest): AuditAction | null => {
    const given = (request[part] ?? {}) as Readonly<Record<string, unknown>>;
    return Object.entries(fields).every(([name, value]) => given[name] === value) ? action : null;
  };

const outcomeOf = (status: number): Exclude<AuditOutcome, "begun"> =>
  status < 400 ? "done" : status < 500 ? "refused" : "failed";

export function registerActs(app: FastifyInstance, audit: AuditLog): void {
  app.decorateRequest("auditId", null);
  // After validation: what is recorded is what the handler gets.
  app.addHook("preHandler", async (request) => {
    const { audit: named } = request.routeOptions.config;
    const action = typeof named === "function" ? named(request) : named;
    if (!action) return;
    try {
      request.auditId = await audit.add({
        action,
        ...whoOf(request, request.principal),
        ...describeAct(request),
        outcome: "begun",
      });
    } catch (cause) {
      throw new Problem("unavailable", "This is recorded in the audit log, which cannot be written to. Try again.", {
        cause,
      });
    }
  });
  const end = async (request: FastifyRequest, outcome: Exclude<AuditOutcome, "begun">): Promise<void> => {
    const id = request.auditId;
    if (id === null) return;
    request.auditId = null;
    await audit
      .end(id, outcome)
      .catch((error: unknown) => request.log.error({ err: error, audit: id }, "the end of an act was not recorded"));
  };
  app.addHook("onResponse", (request, reply) => end(request, outcomeOf(reply.statusCode)));
  // Who hangs up before the answer changes nothing of what is done: the handler goes on, and its answer says how it
  // ended. Of a download that is broken off, nobody knows how much arrived: it was handed out.
  app.addHook("onSend", async (request, reply) => {
    if (request.auditId === null) return;
    const outcome = outcomeOf(reply.statusCode);
    if (reply.raw.destroyed) await end(request, outcome);
    else reply.raw.once("close", () => void end(request, outcome));
  });
}

const whoOf = (request: FastifyRequest, principal: Principal | null) => ({
  actor: principal ? nameForHistory(principal) : "unknown",
  actorId: principal?.id ?? "",
  address: request.ip,
  requestId: request.id,
});

/** Why a way in was closed: for the audit log, which is not translated. */
export const REFUSED = {
  token: "unknown or expired API token",
  password: "wrong password",
  link: "unknown, used or expired sign-in link",
  notBegun: "no sign-in was begun in this browser in the last ten minutes",
  noSubject: "the claims name no subject",
} as const;

export interface SignInRecord {
  readonly action: Extract<AuditAction, "sign-in" | "sign-in-refused" | "sign-out" | "person-change">;
  /** Null: nobody that is known. */
  readonly principal: Principal | null;
  /** Who it was about. @defaultValue "" */
  readonly target?: string;
  /** Which way in, and why not. */
  readonly detail: string;
}

export type RecordSignIn = (request: FastifyRequest, act: SignInRecord) => Promise<void>;

/** Strangers write these: more of them in an hour are counted in the service log alone. */
const REFUSALS_AN_HOUR = 200;
const HOUR_MS = 3_600_000;

export function signInRecorder(audit: AuditLog, now: () => number): RecordSignIn {
  let hour = { since: 0, refusals: 0 };
  return async (request, { action, principal, target = "", detail }) => {
    const isRefusal = action === "sign-in-refused";
    if (isRefusal) {
      if (now() - hour.since >= HOUR_MS) hour = { since: now(), refusals: 0 };
      hour.refusals++;
      request.log.warn({ address: request.ip, requestId: request.id, why: detail }, "a sign-in was refused");
      if (hour.refusals > REFUSALS_AN_HOUR) return;
    }
    const isLast = hour.refusals === REFUSALS_AN_HOUR && isRefusal;
    await audit
      .add({
        action,
        ...whoOf(request, principal),
        target,
        detail: isLast ? `${detail}; further ones in this hour are in the service log only` : detail,
        outcome: isRefusal ? "refused" : "done",
      })
      .catch((error: unknown) =>
        request.log.error({ err: error, action, caller: principal?.id }, "a sign-in is not in the audit log"),
      );
  };
}
