/** Requests to the provider: only to places that are safe, to no other by a redirect, and with a bound on each answer. */
import type { CustomFetchOptions } from "openid-client";
import { messageOf } from "../machine/error-message.ts";
import { isSafePlace } from "./settings.ts";

/** Discovery, keys, tokens and claims are some kilobytes; a person in thousands of groups has more. */
export const MAX_ANSWER = 1024 * 1024;
/** For each request, its answer included. */
export const TIMEOUT_SECONDS = 10;

/** The provider cannot be asked, or answers what no provider answers. */
export class ProviderDown extends Error {
  override name = "ProviderDown";
}

export async function boundedFetch(address: string, options: CustomFetchOptions): Promise<Response> {
  const url = URL.parse(address);
  if (!url || !isSafePlace(url))
    throw new ProviderDown(`it names ${url?.origin ?? "no address"}, which is not https://`);
  let response: Response;
  try {
    response = await fetch(url, { ...options, redirect: "manual" } as RequestInit);
  } catch (cause) {
    throw new ProviderDown(`${url.host} does not answer (${reasonOf(cause)})`, { cause });
  }
  const body = await readAtMost(response, url.host);
  const { status, headers } = response;
  const hasNone = status === 204 || status === 205 || status === 304;
  return new Response(hasNone ? null : body, { status, headers });
}

async function readAtMost(response: Response, host: string): Promise<Uint8Array<ArrayBuffer>> {
  const parts: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const part of response.body ?? []) {
      size += part.byteLength;
      // Leaving the loop ends the connection.
      if (size > MAX_ANSWER) throw new ProviderDown(`the answer of ${host} is larger than ${MAX_ANSWER} octets`);
      parts.push(part);
    }
  } catch (cause) {
    if (cause instanceof ProviderDown) throw cause;
    throw new ProviderDown(`${host} stopped in its answer (${reasonOf(cause)})`, { cause });
  }
  return new Uint8Array(Buffer.concat(parts));
}

/** fetch says "fetch failed", and its cause says why. */
const reasonOf = (thrown: unknown): string =>
  messageOf(thrown instanceof Error && thrown.cause instanceof Error ? thrown.cause : thrown);
