/** What the listener sees of Redis. */
import { Gauge } from "prom-client";
import { registry } from "./metrics.ts";

const registers = [registry];

export const redisDurable = new Gauge({
  name: "bounced_redis_durable",
  help: "1 while Redis keeps what it acknowledged over a power cut and evicts nothing",
  registers,
  aggregator: "max",
});
export const redisUnsafe = new Gauge({
  name: "bounced_redis_unsafe",
  help: "1 while mail is accepted although Redis would lose it (durability.accept: unsafe)",
  registers,
  aggregator: "max",
});
export const redisUsedBytes = new Gauge({
  name: "bounced_redis_used_bytes",
  help: "Memory that Redis uses",
  registers,
  aggregator: "max",
});
export const redisLimitBytes = new Gauge({
  name: "bounced_redis_limit_bytes",
  help: "Memory that Redis may use: maxmemory, else that of its machine; mail is deferred above three quarters of it",
  registers,
  aggregator: "max",
});
