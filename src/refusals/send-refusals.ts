/** Reported refusals to a service on another machine, over its API. */
import { z } from "zod";
import type { ReportedRefusalInput } from "../core/index.ts";
import type { RefusalIssue } from "./check-refusals.ts";

const answerSchema = z.object({
  errors: z.array(z.object({ index: z.number().int(), field: z.string(), message: z.string() })),
});
const TIMEOUT_MS = 30_000;

export interface RemoteService {
  /** e.g. `https://bounced.example.com`. */
  readonly url: string;
  readonly token: string;
}

/** Resolves with what is wrong with some of them once the others are durable. Rejects where that is not known. */
export async function sendRefusals(
  { url, token }: RemoteService,
  refusals: readonly ReportedRefusalInput[],
): Promise<readonly RefusalIssue[]> {
  const address = `${url.replace(/\/+$/, "")}/v1/refusals`;
  const response = await fetch(address, {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    body: JSON.stringify({ refusals }),
    // A token goes to nobody else.
    redirect: "error",
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  if (response.status !== 202) {
    await response.body?.cancel();
    throw new Error(`${address} answered ${response.status}${HINTS.get(response.status) ?? ""}`);
  }
  return answerSchema.parse(await response.json()).errors;
}

const HINTS: ReadonlyMap<number, string> = new Map([
  [401, ": the token is not known there"],
  [403, ": the token needs the role operator"],
  [404, ": no bounced at this address, or an older one"],
]);
