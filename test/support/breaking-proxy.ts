/** A TCP proxy whose connections break as they do when a server, a firewall or a balancer dies: with a reset. */
import { connect, createServer, type AddressInfo, type Socket } from "node:net";

export interface BreakingProxy {
  readonly port: number;
  /** Resets every connection, in use or idle; resolves with how many. */
  breakAll(): number;
  stop(): Promise<void>;
}

/** `to`: a port of this machine, or the path of a socket. */
export async function startBreakingProxy(to: number | string): Promise<BreakingProxy> {
  const sockets = new Set<Socket>();
  const server = createServer((near) => {
    const far = typeof to === "string" ? connect(to) : connect(to, "127.0.0.1");
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(one);
      one
        .on("error", () => undefined)
        .on("close", () => {
          sockets.delete(one);
          other.destroy();
        });
      one.pipe(other);
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: (server.address() as AddressInfo).port,
    breakAll() {
      const open = [...sockets];
      // A Unix socket knows no reset.
      for (const socket of open)
        if (socket.remoteFamily === undefined) socket.destroy();
        else socket.resetAndDestroy();
      return open.length;
    },
    stop() {
      for (const socket of sockets) socket.destroy();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}
