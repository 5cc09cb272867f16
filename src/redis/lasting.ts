/**
 * A client of ioredis that only its owner ends. ioredis gives up for good where a connection is dropped while it asks
 * the Sentinels for the primary, as its own failover detector does: every later command fails with "Connection is
 * closed.".
 */
import { Redis, type RedisOptions } from "ioredis";

const AGAIN_MS = 500;

/** Answers of RESP2, the default. */
type Options = RedisOptions & { readonly replyMapping?: "legacy" };

export class LastingRedis extends Redis {
  private isOver = false;

  public constructor(options: Options) {
    super(options);
    this.on("end", () => setTimeout(() => this.again(), AGAIN_MS).unref());
    // BullMQ makes the connections of its workers so.
    this.duplicate = ((override?: Partial<Options>) =>
      new LastingRedis({ ...(this.options as Options), ...override })) as Redis["duplicate"];
  }

  public override disconnect(reconnect = false): void {
    this.isOver ||= !reconnect;
    super.disconnect(reconnect);
  }

  public override sendCommand(...[command, stream]: Parameters<Redis["sendCommand"]>): unknown {
    this.isOver ||= command.name === "quit";
    return super.sendCommand(command, stream);
  }

  private again(): void {
    if (this.isOver || this.status !== "end") return;
    // What goes wrong is reported as an error of the connection.
    this.connect().catch(() => undefined);
  }
}
