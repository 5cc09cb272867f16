/** A provider's API on loopback: one real HTTP server, its requests kept, and the faults that a test asks for. */
import { createServer, type IncomingMessage } from "node:http";
import { once } from "node:events";
import type { AddressInfo } from "node:net";

export interface FakeRequest {
  readonly method: string;
  readonly url: URL;
  /** As it was sent. */
  readonly target: string;
  readonly headers: IncomingMessage["headers"];
  readonly text: string;
  /** Undefined where there is no JSON. */
  readonly body: unknown;
}

export interface FakeAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly json?: unknown;
  readonly text?: string;
}

export interface FakeApi {
  readonly url: string;
  readonly requests: FakeRequest[];
  /** Answers the next requests instead of the API. `null`: breaks the connection off. */
  readonly faults: (FakeAnswer | null)[];
  /** Answers every request instead of the API while it is set. */
  always: FakeAnswer | null;
  /** Looks at a request before the API does: an answer takes its place. */
  intercept: (request: FakeRequest) => FakeAnswer | undefined;
  /** The API does what such a request asks, and the connection breaks before it can say so. */
  dropAnswerOf: (request: FakeRequest) => boolean;
  close(): Promise<void>;
}

export async function startFakeApi(answer: (request: FakeRequest) => FakeAnswer): Promise<FakeApi> {
  const server = createServer((request, response) => {
    void (async () => {
      const text = Buffer.concat(await request.toArray()).toString("utf8");
      const target = request.url ?? "/";
      const heard: FakeRequest = {
        method: request.method ?? "",
        url: new URL(target, "http://fake.invalid"),
        target,
        headers: request.headers,
        text,
        body: text.startsWith("{") || text.startsWith("[") ? (JSON.parse(text) as unknown) : undefined,
      };
      api.requests.push(heard);
      const fault = api.faults.shift();
      if (fault === null) return response.destroy();
      const given = fault ?? api.always ?? api.intercept(heard) ?? answer(heard);
      if (api.dropAnswerOf(heard)) return response.destroy();
      const { status, headers = {}, json, text: raw } = given;
      const body = json === undefined ? (raw ?? "") : JSON.stringify(json);
      return response.writeHead(status, { "content-type": "application/json", ...headers }).end(body);
    })();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const api: FakeApi = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests: [],
    faults: [],
    always: null,
    intercept: () => undefined,
    dropAnswerOf: () => false,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
  return api;
}

/** What a list of a fake holds: reason or list of the provider, and since when in ms. */
export interface Held {
  reason: string;
  at: number;
}

export interface FakeProvider {
  readonly api: FakeApi;
  /** Settings of the target in bounced.yaml, without `url` and what all have. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** Address -> what is held; for providers with several lists, the list is in `reason`. */
  readonly held: Map<string, Held>;
  /** An entry of theirs, as it comes about there. */
  put(address: string, reason: string, at: number): void;
}

export const lastPart = ({ url }: FakeRequest): string => decodeURIComponent(url.pathname.split("/").at(-1) ?? "");
export const numberIn = ({ url }: FakeRequest, name: string, fallback: number): number =>
  Number(url.searchParams.get(name) ?? fallback);
