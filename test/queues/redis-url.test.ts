import { expect, test } from "vitest";
import { describeRedisUrl, parseRedisUrl, prefixFor } from "../../src/redis/url.ts";

const local = { host: "127.0.0.1", port: 6379 };

test.each([
  ["redis://127.0.0.1", { kind: "server", host: local, db: 0 }],
  ["redis://127.0.0.1:6380/3", { kind: "server", host: { ...local, port: 6380 }, db: 3 }],
  ["redis://[::1]:6380", { kind: "server", host: { host: "::1", port: 6380 }, db: 0 }],
  [
    "rediss://:p%40ss@r.example",
    { kind: "server", host: { host: "r.example", port: 6379 }, db: 0, password: "p@ss", tls: {} },
  ],
  [
    "redis://user:secret@r.example/",
    { kind: "server", host: { host: "r.example", port: 6379 }, db: 0, username: "user", password: "secret" },
  ],
  ["unix:/run/redis.sock", { kind: "socket", path: "/run/redis.sock" }],
  [
    "redis-sentinel://:secret@a,b:26380/mymaster/2?sentinelPassword=other",
    {
      kind: "sentinel",
      sentinels: [
        { host: "a", port: 26379 },
        { host: "b", port: 26380 },
      ],
      name: "mymaster",
      db: 2,
      password: "secret",
      sentinelPassword: "other",
    },
  ],
  [
    "redis+sentinel://a/mymaster",
    { kind: "sentinel", sentinels: [{ host: "a", port: 26379 }], name: "mymaster", db: 0 },
  ],
  [
    "rediss-cluster://user:secret@a:7000,b",
    {
      kind: "cluster",
      nodes: [
        { host: "a", port: 7000 },
        { host: "b", port: 6379 },
      ],
      username: "user",
      password: "secret",
      tls: {},
    },
  ],
])("%s", (url, target) => expect(parseRedisUrl(url)).toEqual(target));

test.each([
  ["localhost:6379", "not a Redis URL"],
  ["http://localhost", "not a Redis URL"],
  ["redis://a,b", "several hosts are Sentinels or a cluster"],
  ["redis-sentinel://a", "the name of the primary is missing"],
  ["redis://a:port", "not a host, or host:port"],
  ["redis://a/one", "not the number of a database"],
  ["redis://a?tls=1", "unknown parameter tls"],
  ["rediss://a?ca=/nowhere/ca.pem", "ca: ENOENT"],
])("%s is refused with what is wrong", (url, message) => expect(() => parseRedisUrl(url)).toThrow(message));

test("a cluster's prefix is a hash tag, and what people read holds no password", () => {
  expect(prefixFor("redis-cluster://a", "bounced")).toBe("{bounced}");
  expect(prefixFor("redis-cluster://a", "x{y}")).toBe("x{y}");
  expect(prefixFor("redis-sentinel://a/m", "bounced")).toBe("bounced");
  expect(describeRedisUrl("rediss://user:secret@a:1/2?key=/etc/key.pem")).toBe("rediss://a:1/2");
});
