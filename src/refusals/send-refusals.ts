/** Reported refusals and counts to a service on another machine, over its API. */
import { z } from "zod";
import type { ReportedRefusalInput } from "../core/index.ts";
import type { NumberedTallies } from "../tallies/redis-tallies.ts";
import { reportTallies } from "../tallies/reported-tallies.ts";
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

/** They are counted by the batches that follow. Resolves with what is wrong with some of them once the others are durable. Rejects where that is not known. */
export async function sendRefusals(
  service: RemoteService,
  refusals: readonly ReportedRefusalInput[],
): Promise<readonly RefusalIssue[]> {
  return answerSchema.parse(await post(service, "/v1/refusals", { refusals, counted: true })).errors;
}

/** Resolves once they are durable there. Rejects where that is not known. */
export const sendTallies = async (service: RemoteService, batch: NumberedTallies): Promise<void> =>
  void (await post(service, "/v1/tallies", reportTallies(batch)));

async function post({ url, token }: RemoteService, path: string, body: unknown): Promise<unknown> {
  const address = `${url.replace(/\/+$/, "")}${path}`;
  const response = await fetch(address, {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    body: JSON.stringify(body),
    // A token goes to nobody else.
    redirect: "error",
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  if (response.status !== 202) {
    await response.body?.cancel();
    throw new Error(`${address} answered ${response.status}${HINTS.get(response.status) ?? ""}`);
  }
  return response.json();
}

const HINTS: ReadonlyMap<number, string> = new Map([
  [401, ": the token is not known there"],
  [403, ": the token needs the role operator"],
  [404, ": no bounced at this address, or an older one"],
]);
