/** One POST, of whose answer little is read. */
import { exchange } from "./exchange.ts";

export interface PostOptions {
  readonly url: string;
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly allowPrivate: boolean;
  readonly timeoutMs: number;
}

export interface PostResult {
  readonly status: number;
  /** At most 1,000 characters. */
  readonly answer: string;
}

const MAX_ANSWER = 64 * 1024;

/** Resolves for every answer, whatever its status; rejects where there was none. */
export async function post(options: PostOptions): Promise<PostResult> {
  const { status, body } = await exchange({ ...options, method: "POST", maxBytes: MAX_ANSWER });
  return { status, answer: body.toString("utf8").slice(0, 1000) };
}
