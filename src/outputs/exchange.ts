/** One HTTP request: no redirects, a pinned address, a deadline for the whole exchange, a bound on the answer. */
import { request as httpRequest, type IncomingHttpHeaders } from "node:http";
import { request as httpsRequest } from "node:https";
import { checkLiteral, safeLookup } from "./safe-address.ts";

export interface ExchangeOptions {
  readonly method: string;
  readonly url: string;
  readonly body?: string | undefined;
  readonly headers: Readonly<Record<string, string>>;
  readonly allowPrivate: boolean;
  readonly timeoutMs: number;
  /** What is beyond is not read. */
  readonly maxBytes: number;
}

export interface Exchanged {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  /** Whether all of the body was read. */
  readonly isWhole: boolean;
}

/** Resolves for every answer, whatever its status; rejects where there was none. */
export function exchange(options: ExchangeOptions): Promise<Exchanged> {
  const { method, body, headers, allowPrivate, timeoutMs, maxBytes } = options;
  const url = new URL(options.url);
  return new Promise((resolve, reject) => {
    checkLiteral(url, allowPrivate);
    const length = body === undefined ? {} : { "content-length": Buffer.byteLength(body) };
    const request = (url.protocol === "https:" ? httpsRequest : httpRequest)(
      url,
      {
        method,
        headers: { "user-agent": "bounced", ...headers, ...length },
        lookup: safeLookup(allowPrivate),
        // A connection of its own: one that is kept could outlive the check of its address.
        agent: false,
        signal: AbortSignal.timeout(timeoutMs),
      },
      (response) => {
        const chunks: Buffer[] = [];
        let size = 0;
        response.on("data", (chunk: Buffer) => {
          if (size < maxBytes) chunks.push(chunk);
          size += chunk.length;
          if (size > maxBytes) response.destroy();
        });
        response.on("error", () => undefined);
        response.on("close", () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            body: Buffer.concat(chunks),
            isWhole: response.complete && size <= maxBytes,
          }),
        );
      },
    );
    request.on("error", reject);
    request.end(body);
  });
}
