/** Calls of a help desk's API: answers are bounded, checked, or known to be none. */
import addressparser from "nodemailer/lib/addressparser";
import type { z } from "zod";
import { openApi, type ApiAnswer, type ApiOptions, type ApiRequest } from "../api/calls.ts";
import { ProviderTrouble, RefusedRequest } from "../api/errors.ts";
import { ConversationGone } from "./help-desk.ts";
import type { HelpDeskSettings } from "./settings.ts";

/** One conversation with all that was written in it. */
const MAX_BYTES = 16 * 1024 * 1024;
const FORBIDDEN = 403;
/** Merged or moved (a redirect, which is not followed), not there, deleted. */
const GONE: readonly number[] = [301, 308, 404, 410];
/**
 * The number came back through strangers' hands: one that the key may not see is none, and says nothing against the key.
 * A key that is wrong fails at the search that follows.
 */
const UNSEEN: readonly number[] = [...GONE, 401, 403];

export interface DeskCalls {
  /** Its JSON; throws ProviderTrouble where it is not as documented. */
  get<Shape extends z.ZodType>(path: string, shape: Shape): Promise<z.output<Shape>>;
  /** Null where there is no such thing, or the key may not see it. */
  find<Shape extends z.ZodType>(path: string, shape: Shape): Promise<z.output<Shape> | null>;
  /** Throws ConversationGone where there is no such thing, RefusedRequest where the key may not write. */
  send(request: ApiRequest): Promise<ApiAnswer>;
  /** A search that is a POST. */
  ask<Shape extends z.ZodType>(request: ApiRequest, shape: Shape): Promise<z.output<Shape>>;
}

export function openDeskCalls(
  settings: Pick<HelpDeskSettings, "url" | "allowPrivate" | "timeoutMs" | "requestsPerSecond">,
  options: ApiOptions,
): DeskCalls {
  const api = openApi(settings, { maxBytes: MAX_BYTES, ...options });
  const parsed = <Shape extends z.ZodType>(
    { method, path }: ApiRequest,
    { json, status }: ApiAnswer,
    shape: Shape,
  ): z.output<Shape> => {
    const result = shape.safeParse(json);
    if (result.success) return result.data;
    throw new ProviderTrouble(`the answer to ${method} ${path.split("?", 1)[0]} is not as documented`, { status });
  };
  const ask: DeskCalls["ask"] = async (request, shape) => parsed(request, await api.call(request), shape);
  return {
    ask,
    get: (path, shape) => ask({ method: "GET", path }, shape),
    async find(path, shape) {
      const request = { method: "GET", path, also: UNSEEN } as const;
      const answer = await api.call(request);
      return UNSEEN.includes(answer.status) ? null : parsed(request, answer, shape);
    },
    async send(request) {
      const answer = await api.call({ ...request, also: [...GONE, FORBIDDEN, ...(request.also ?? [])] });
      // A wrong key fails when it reads. This one may not write here, and may elsewhere: it says nothing of other notes.
      if (answer.status === FORBIDDEN) throw new RefusedRequest("403: the key may not write there", FORBIDDEN);
      if (GONE.includes(answer.status))
        throw new ConversationGone(`answered ${answer.status}: it is not there any more`);
      return answer;
    },
  };
}

/** Query of a URL. */
export const queryOf = (parameters: Readonly<Record<string, string>>): string =>
  new URLSearchParams(parameters).toString();

/**
 * In lower case: `Ann <ann@example.org>, bob@example.org`. A name that looks like an address is none: whoever writes to
 * the desk chooses it.
 */
export const mailAddressesIn = (...texts: readonly (string | null | undefined)[]): readonly string[] =>
  texts
    .flatMap((text) => addressparser((text ?? "").slice(0, 20_000), { flatten: true }))
    .map(({ address }) => address.toLowerCase())
    .filter((address) => /^[^@\s]+@[^@\s]+$/.test(address));

/** Without its brackets. */
export const bareId = (messageId: string | null | undefined): readonly string[] => {
  const bare = (messageId ?? "").trim().replace(/^<|>$/g, "");
  return bare === "" ? [] : [bare];
};
