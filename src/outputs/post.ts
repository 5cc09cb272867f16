/** One POST: no redirects, a pinned address, a deadline for the whole exchange, and little of the answer read. */
import { request as httpRequest } from "node:http";
import { request as httpsRequest } from "node:https";
import { checkLiteral, safeLookup } from "./safe-address.ts";

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
export function post({ url: address, body, headers, allowPrivate, timeoutMs }: PostOptions): Promise<PostResult> {
  const url = new URL(address);
  return new Promise((resolve, reject) => {
    checkLiteral(url, allowPrivate);
    const request = (url.protocol === "https:" ? httpsRequest : httpRequest)(
      url,
      {
        method: "POST",
        headers: { "user-agent": "bounced", ...headers, "content-length": Buffer.byteLength(body) },
        lookup: safeLookup(allowPrivate),
        // A connection of its own: one that is kept could outlive the check of its address.
        agent: false,
        signal: AbortSignal.timeout(timeoutMs),
      },
      (response) => {
        const chunks: Buffer[] = [];
        let length = 0;
        response.on("data", (chunk: Buffer) => {
          if (length < MAX_ANSWER) chunks.push(chunk);
          length += chunk.length;
          if (length > MAX_ANSWER) response.destroy();
        });
        response.on("error", () => undefined);
        response.on("close", () =>
          resolve({ status: response.statusCode ?? 0, answer: Buffer.concat(chunks).toString("utf8").slice(0, 1000) }),
        );
      },
    );
    request.on("error", reject);
    request.end(body);
  });
}
