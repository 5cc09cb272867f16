/**
 * What REDIS_URL may say. One server, `redis://[user:password@]host[:port][/db]` or `unix:/path`; the primary that
 * Sentinels know, `redis-sentinel://host1,host2[:26379]/name[/db]`; a cluster, `redis-cluster://host1,host2[:6379]`.
 * `rediss` in place of `redis` means TLS; `?ca=`, `?cert=` and `?key=` name PEM files.
 */
import { readFileSync } from "node:fs";
import { messageOf } from "../machine/error-message.ts";

export interface RedisHost {
  readonly host: string;
  readonly port: number;
}

interface Access {
  readonly username?: string;
  readonly password?: string;
  readonly tls?: { readonly ca?: Buffer; readonly cert?: Buffer; readonly key?: Buffer };
}

export type RedisTarget =
  | { readonly kind: "socket"; readonly path: string }
  | ({ readonly kind: "server"; readonly host: RedisHost; readonly db: number } & Access)
  | ({
      readonly kind: "sentinel";
      readonly sentinels: readonly RedisHost[];
      readonly name: string;
      readonly db: number;
      readonly sentinelUsername?: string;
      readonly sentinelPassword?: string;
    } & Access)
  | ({ readonly kind: "cluster"; readonly nodes: readonly RedisHost[] } & Access);

const FORM =
  /^redis(?<tls>s?)(?:[-+](?<kind>cluster|sentinel))?:\/\/(?:(?<user>[^:@/?#]*)(?::(?<password>[^@/?#]*))?@)?(?<hosts>[^/?#@]+)(?<path>\/[^?#]*)?(?:\?(?<query>[^#]*))?$/;
const KNOWN_FORMS =
  "redis://host:6379, rediss://… (TLS), unix:/path, redis-sentinel://host1,host2/name or redis-cluster://host1,host2";
const PARAMETERS = ["ca", "cert", "key", "sentinelUsername", "sentinelPassword"];

/** Throws with what would be right. Reads the files that the URL names. */
export function parseRedisUrl(url: string): RedisTarget {
  if (url.startsWith("unix:")) return { kind: "socket", path: url.slice("unix:".length) };
  const { tls, kind, user, password, hosts, path, query } = FORM.exec(url)?.groups ?? {};
  if (hosts === undefined) throw new Error(`not a Redis URL: expected ${KNOWN_FORMS}`);
  const parameters = new URLSearchParams(query);
  const unknown = [...parameters.keys()].find((name) => !PARAMETERS.includes(name));
  if (unknown !== undefined) throw new Error(`unknown parameter ${unknown}: there are ${PARAMETERS.join(", ")}`);
  const access = {
    ...given("username", user),
    ...given("password", password),
    ...(tls === "s" ? { tls: readTlsFiles(parameters) } : {}),
  };
  const words = (path ?? "").split("/").slice(1).map(decodeURIComponent);
  if (kind === "cluster") return { kind, nodes: hostsOf(hosts, 6379), ...access };
  if (kind === "sentinel") {
    const [name = "", db = ""] = words;
    if (name === "") throw new Error("the name of the primary is missing: redis-sentinel://host1,host2/mymaster");
    return {
      kind,
      sentinels: hostsOf(hosts, 26379),
      name,
      db: databaseOf(db),
      ...access,
      ...given("sentinelUsername", parameters.get("sentinelUsername")),
      ...given("sentinelPassword", parameters.get("sentinelPassword")),
    };
  }
  const [host, ...others] = hostsOf(hosts, 6379);
  if (!host || others.length > 0) throw new Error(`several hosts are Sentinels or a cluster: expected ${KNOWN_FORMS}`);
  return { kind: "server", host, db: databaseOf(words[0] ?? ""), ...access };
}

/** The ports that the URL names; a primary that Sentinels know has one of its own. Reads no file. */
export function portsOf(url: string): readonly number[] {
  const { kind, hosts } = FORM.exec(url)?.groups ?? {};
  return hosts === undefined ? [] : hostsOf(hosts, kind === "sentinel" ? 26379 : 6379).map(({ port }) => port);
}

/** For people: no password in it. */
export const describeRedisUrl = (url: string): string => url.replace(/\/\/[^@/]*@/, "//").replace(/\?.*/, "");

/**
 * A cluster spreads keys by slot, and a queue's keys must share one: the prefix in braces, unless it has some.
 * Everything of a service then lives on one of the cluster's servers.
 */
export const prefixFor = (url: string, prefix: string): string =>
  /^rediss?[-+]cluster:/.test(url) && !/\{.+\}/.test(prefix) ? `{${prefix}}` : prefix;

function hostsOf(list: string, defaultPort: number): readonly RedisHost[] {
  return list.split(",").map((item) => {
    const [, host, port] = /^(\[[\da-f:.]+\]|[^:[\]]+)(?::(\d{1,5}))?$/i.exec(item.trim()) ?? [];
    if (host === undefined) throw new Error(`not a host, or host:port: ${item}`);
    return { host: host.replace(/^\[|\]$/g, ""), port: Number(port ?? defaultPort) };
  });
}

function databaseOf(word: string): number {
  if (/^\d{0,5}$/.test(word)) return Number(word);
  throw new Error(`not the number of a database: ${word}`);
}

function readTlsFiles(parameters: URLSearchParams) {
  const files: { ca?: Buffer; cert?: Buffer; key?: Buffer } = {};
  for (const name of ["ca", "cert", "key"] as const) {
    const path = parameters.get(name);
    if (path === null) continue;
    try {
      files[name] = readFileSync(path);
    } catch (cause) {
      throw new Error(`${name}: ${messageOf(cause)}`, { cause });
    }
  }
  return files;
}

const given = <Name extends string>(name: Name, value: string | null | undefined): Partial<Record<Name, string>> =>
  value ? ({ [name]: decodeURIComponent(value) } as Record<Name, string>) : {};
