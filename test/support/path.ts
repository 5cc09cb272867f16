/** A path to a server on a Unix socket that can lose replies, delay or swallow everything. */
import { connect, createServer, type Server, type Socket } from "node:net";

/** What a path to a server on a Unix socket does, from now on. */
export interface Path {
  /** Share of the replies that end the connection instead. */
  loss: number;
  delayMs: number;
  /**
   * A connection that carries something meanwhile is silent ever after, as behind a gateway that has forgotten it: no
   * octet of a stream is lost while later ones arrive.
   */
  isBlackHole: boolean;
  /** Replies lost so far. */
  cuts: number;
}

export function pathTo(target: string, socketPath: string, path: Path): Server {
  const server = createServer((client) => {
    const upstream = connect(target);
    const close = (): void => {
      client.destroy();
      upstream.destroy();
    };
    let isSilent = false;
    const lane = (to: Socket) => {
      const held: { readonly chunk: string | Buffer; readonly dueAt: number }[] = [];
      const release = (): void => {
        const now = performance.now();
        for (let [first] = held; first && first.dueAt <= now; [first] = held) {
          to.write(first.chunk);
          held.shift();
        }
        if (held[0]) setTimeout(release, held[0].dueAt - now);
      };
      return (chunk: string | Buffer): void => {
        isSilent ||= path.isBlackHole;
        if (isSilent) return;
        held.push({ chunk, dueAt: performance.now() + path.delayMs });
        if (held.length === 1) release();
      };
    };
    const ask = lane(upstream);
    const answer = lane(client);
    client.on("data", ask);
    upstream.on("data", (chunk) => {
      if (Math.random() < path.loss) {
        path.cuts++;
        close();
      } else answer(chunk);
    });
    for (const socket of [client, upstream]) socket.on("error", close).on("close", close);
  });
  server.listen(socketPath);
  return server;
}
