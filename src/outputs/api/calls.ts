/** Calls of a provider's API: paced, JSON in and out, and each answer either understood or an error. */
import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import type { IncomingHttpHeaders } from "node:http";
import type { z } from "zod";
import { messageOf } from "../../machine/error-message.ts";
import { exchange, type Exchanged } from "../exchange.ts";
import { AnswerTooLong, AskedToWait, ProviderTrouble, RefusedRequest } from "./errors.ts";

/** A page of a list. */
const MOST_BYTES = 64 * 1024 * 1024;
const LONGEST_WAIT_MS = 60 * 60_000;
const USUAL_WAIT_MS = 30_000;
const SAID = 200;
/** 412: Help Scout takes no more than a hundred threads in a conversation. */
const REFUSALS: readonly number[] = [400, 412, 413, 422];
const FORM = "application/x-www-form-urlencoded";

export interface ApiRequest {
  readonly method: "GET" | "POST" | "PUT" | "DELETE";
  /** With its query, below the address of the API. */
  readonly path: string;
  /** Sent as JSON. */
  readonly body?: unknown;
  /** Sent as a form. */
  readonly form?: Readonly<Record<string, string>>;
  /** Statuses that are answers too. */
  readonly also?: readonly number[];
}

export interface ApiAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** Undefined where there is no JSON. */
  readonly json: unknown;
}

export type Sign = (request: {
  readonly method: string;
  readonly url: URL;
  readonly body: string | undefined;
}) => Readonly<Record<string, string>> | Promise<Readonly<Record<string, string>>>;

/** Settings that every API has. */
export interface ApiSettings {
  readonly url?: string | undefined;
  readonly allowPrivate: boolean;
  readonly timeoutMs: number;
  readonly requestsPerSecond?: number | undefined;
}

export interface ApiOptions {
  readonly base: string;
  readonly perSecond: number;
  /** Headers that say who we are, of each request. */
  readonly sign: Sign;
  /** Of an answer; a longer one is none. */
  readonly maxBytes?: number;
}

export interface Api {
  call(request: ApiRequest): Promise<ApiAnswer>;
  /** Its JSON; throws ProviderTrouble where it is not as documented: an empty answer is not an empty list. */
  read<Shape extends z.ZodType>(path: string, shape: Shape): Promise<z.output<Shape>>;
}

/** The secret of a target, which may be in a file that changes. */
export function readSecret({
  key,
  keyFile,
}: {
  readonly key?: string | undefined;
  readonly keyFile?: string | undefined;
}): string {
  if (key !== undefined) return key;
  try {
    return readFileSync(keyFile ?? "", "utf8").trim();
  } catch (cause) {
    throw new ProviderTrouble(`keyFile: cannot read ${keyFile}: ${messageOf(cause)}`, { cause });
  }
}

export function openApi(settings: ApiSettings, { base, perSecond, sign, maxBytes = MOST_BYTES }: ApiOptions): Api {
  const { allowPrivate, timeoutMs } = settings;
  const root = (settings.url ?? base).replace(/\/+$/, "");
  const pace = createPace(settings.requestsPerSecond ?? perSecond);
  const call = async ({ method, path, body, form, also = [] }: ApiRequest): Promise<ApiAnswer> => {
    await pace();
    const url = new URL(root + path);
    const text = form ? new URLSearchParams(form).toString() : body === undefined ? undefined : JSON.stringify(body);
    const headers = {
      accept: "application/json",
      ...(text === undefined ? {} : { "content-type": form ? FORM : "application/json" }),
      ...(await sign({ method, url, body: text })),
    };
    const answer = await exchange({
      method,
      url: url.href,
      body: text,
      headers,
      allowPrivate,
      timeoutMs,
      maxBytes,
    }).catch((cause: unknown) => {
      throw new ProviderTrouble(`no answer from ${url.host}: ${messageOf(cause)}`, { cause });
    });
    return judged(answer, { host: url.host, also, maxBytes });
  };
  return {
    call,
    async read(path, shape) {
      const { json } = await call({ method: "GET", path }).catch((cause: unknown) => {
        throw cause instanceof RefusedRequest ? new ProviderTrouble(cause.message, { cause }) : cause;
      });
      const parsed = shape.safeParse(json);
      if (!parsed.success)
        throw new ProviderTrouble(`the answer to GET ${path.split("?", 1)[0]} is not a list as documented`);
      return parsed.data;
    },
  };
}

interface Judging {
  readonly host: string;
  readonly also: readonly number[];
  readonly maxBytes: number;
}

function judged(answer: Exchanged, { host, also, maxBytes }: Judging): ApiAnswer {
  const { status, headers, isWhole, body } = answer;
  if (status === 429 || (status === 503 && headers["retry-after"] !== undefined))
    throw new AskedToWait(`${host} asks to wait (${status})`, waitOf(headers, Date.now()));
  if (status === 401 || status === 403)
    if (!also.includes(status)) throw new ProviderTrouble(`${host} does not accept the key (${status})`, { status });
  if (!isWhole && body.length >= maxBytes)
    throw new AnswerTooLong(`the answer of ${host} is longer than ${Math.floor(maxBytes / 1024 ** 2)} MB`, { status });
  if (!isWhole) throw new ProviderTrouble(`the answer of ${host} was cut off`, { status });
  const json = jsonOf(body);
  if ((status >= 200 && status < 300) || also.includes(status)) return { status, headers, json };
  if (REFUSALS.includes(status))
    throw new RefusedRequest(
      `${status} ${body.toString("utf8").replaceAll(/\s+/g, " ").slice(0, SAID)}`.trim(),
      status,
      true,
    );
  // A redirect, a path that is not there, an error of theirs.
  throw new ProviderTrouble(`${host} answered ${status}`, { status });
}

function jsonOf(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString("utf8")) as unknown;
  } catch {
    return undefined;
  }
}

/** `Retry-After` (Help Scout: `X-RateLimit-Retry-After`) in seconds or as a date, else the seconds or the instant at which a limit is over. Never more than an hour. */
export function waitOf(headers: IncomingHttpHeaders, now: number): number {
  const own = headers["x-ratelimit-retry-after"];
  const after = headers["retry-after"] ?? (Array.isArray(own) ? own[0] : own) ?? "";
  const named = headers["x-ratelimit-reset"] ?? headers["x-sib-ratelimit-reset"] ?? headers["ratelimit-reset"];
  const reset = Number(Array.isArray(named) ? named[0] : named);
  const ms = /^\d+$/.test(after)
    ? Number(after) * 1000
    : after !== ""
      ? Date.parse(after) - now
      : reset > 1e9
        ? reset * 1000 - now
        : reset * 1000;
  return Number.isNaN(ms) ? USUAL_WAIT_MS : Math.min(Math.max(ms, 1000), LONGEST_WAIT_MS);
}

/** Requests begin at least so far apart. */
function createPace(perSecond: number): () => Promise<void> {
  let nextAt = 0;
  return async () => {
    const now = performance.now();
    const at = Math.max(now, nextAt);
    nextAt = at + 1000 / perSecond;
    if (at > now) await sleep(at - now);
  };
}
