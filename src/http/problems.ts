/** Every error the API answers with, one table (RFC 9457, `application/problem+json`). Texts are for strangers. */
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest, FastifySchema } from "fastify";
import { hasZodFastifySchemaValidationErrors } from "fastify-type-provider-zod";
import { z } from "zod";
import { issueWords } from "../config/issue-words.ts";
import { QueryError } from "../store/log/log-query.ts";

export const PROBLEMS = {
  badRequest: { status: 400, title: "The request is not valid" },
  unauthorized: { status: 401, title: "A token is needed" },
  forbidden: { status: 403, title: "This token may not do that" },
  notFound: { status: 404, title: "There is nothing here" },
  methodNotAllowed: { status: 405, title: "This method is not offered here" },
  conflict: { status: 409, title: "That cannot be done in the present state" },
  gone: { status: 410, title: "That is no longer there" },
  tooLarge: { status: 413, title: "The body is too large" },
  unsupportedMediaType: { status: 415, title: "This content type is not read here" },
  tooManyRequests: { status: 429, title: "Too many requests" },
  internal: { status: 500, title: "Something went wrong on our side" },
  notAvailable: { status: 501, title: "This is switched off in the present configuration" },
  unavailable: { status: 503, title: "A part of the service is down; try again" },
} as const;
export type ProblemName = keyof typeof PROBLEMS;

export interface ProblemIssue {
  /** e.g. `query.limit` or `body.addresses[3]` */
  readonly field: string;
  readonly message: string;
}

/** Thrown by a handler; becomes the answer. `detail` is shown to the client. */
export class Problem extends Error {
  override name = "Problem";
  readonly problem: ProblemName;
  readonly issues: readonly ProblemIssue[];
  readonly retryAfterSeconds: number | null;

  constructor(
    problem: ProblemName,
    detail: string,
    more: {
      readonly issues?: readonly ProblemIssue[];
      readonly retryAfterSeconds?: number;
      readonly cause?: unknown;
    } = {},
  ) {
    super(detail, { cause: more.cause });
    this.problem = problem;
    this.issues = more.issues ?? [];
    this.retryAfterSeconds = more.retryAfterSeconds ?? null;
  }
}

const FASTIFY_CODES: Readonly<Record<string, ProblemName>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: "tooLarge",
  FST_ERR_CTP_INVALID_JSON_BODY: "badRequest",
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: "badRequest",
};

/** Whatever was thrown, as one of the table. Only a Problem and a bad request tell the client their own words. */
export function problemOf(thrown: FastifyError | Error, schemas: FastifySchema = {}): Problem {
  if (thrown instanceof Problem) return thrown;
  if (hasZodFastifySchemaValidationErrors(thrown)) {
    const context = thrown.validationContext ?? "request";
    const where = context === "querystring" ? "query" : context;
    const schema = (schemas as Readonly<Record<string, unknown>>)[context];
    const issues = thrown.validation.map(({ instancePath, keyword, message, params }) => {
      const path = instancePath.split("/").filter(Boolean);
      const issue = { ...params, code: keyword, path, message: message ?? "not valid" } as unknown as z.core.$ZodIssue;
      return {
        field: [where, ...path].join("."),
        message: schema instanceof z.ZodType ? issueWords(issue, schema) : issue.message,
      };
    });
    return new Problem("badRequest", issues.map((issue) => `${issue.field}: ${issue.message}`).join("; "), { issues });
  }
  if (thrown instanceof QueryError) return new Problem("badRequest", thrown.message, { cause: thrown });
  if (thrown.name === "TimeoutError")
    return new Problem("unavailable", "The log did not answer in time. Choose a shorter period or fewer conditions.", {
      cause: thrown,
    });
  const code: string = "code" in thrown ? thrown.code : "";
  if (code === "FST_ERR_CTP_INVALID_MEDIA_TYPE")
    return new Problem("unsupportedMediaType", "Send JSON, or the content type that the reference names.");
  const known = FASTIFY_CODES[code];
  if (known) return new Problem(known, thrown.message, { cause: thrown });
  const status = "statusCode" in thrown ? (thrown.statusCode ?? 500) : 500;
  if (status === 429)
    return new Problem("tooManyRequests", "Slow down: see the retry-after header.", { cause: thrown });
  if (status >= 400 && status < 500) return new Problem("badRequest", thrown.message, { cause: thrown });
  return new Problem("internal", "The request id names this failure in the service's log.", { cause: thrown });
}

/** The JSON body of a problem. */
export const problemBody = (problem: Problem, requestId: string) => ({
  type: `urn:bounced:problem:${problem.problem}`,
  title: PROBLEMS[problem.problem].title,
  status: PROBLEMS[problem.problem].status,
  detail: problem.message,
  ...(problem.issues.length > 0 ? { issues: problem.issues } : {}),
  requestId,
});

/** Problems as pages, for people. */
export interface ProblemPages {
  /** A browser opened the address, not a program that asks the API. */
  readonly wanted: (request: FastifyRequest) => boolean;
  readonly send: (request: FastifyRequest, reply: FastifyReply, problem: Problem) => FastifyReply;
}

/** Answers every throw and every unknown path: with problem+json, or with a page where there are pages. */
export function registerProblems(app: FastifyInstance, pages: ProblemPages | null): void {
  app.setErrorHandler<FastifyError>((thrown, request, reply) => {
    const problem = problemOf(thrown, request.routeOptions.schema);
    const { status } = PROBLEMS[problem.problem];
    if (status >= 500) request.log.error({ err: problem.cause ?? problem, requestId: request.id }, "request failed");
    if (problem.retryAfterSeconds !== null) reply.header("retry-after", problem.retryAfterSeconds);
    if (status === 401) reply.header("www-authenticate", 'Bearer realm="bounced"');
    if (pages?.wanted(request)) return pages.send(request, reply, problem);
    return reply
      .code(status)
      .type("application/problem+json")
      .serializer((body: unknown) => JSON.stringify(body))
      .send(problemBody(problem, request.id));
  });
  app.setNotFoundHandler((request, reply) => {
    const problem = new Problem("notFound", `${request.method} ${request.url.split("?")[0]}`);
    if (pages?.wanted(request)) return pages.send(request, reply, problem);
    return reply.code(404).type("application/problem+json").send(problemBody(problem, request.id));
  });
}
