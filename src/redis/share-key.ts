import { connectRedis } from "./client.ts";

const PATIENCE_MS = 5000;

/** The return-path key of an installation of several machines: the first that one of them offers stays. */
export async function shareKey(
  { redisUrl, prefix }: { readonly redisUrl: string; readonly prefix: string },
  offered: string,
): Promise<string> {
  const name = `${prefix}:return-path-key`;
  const redis = connectRedis(redisUrl, "work");
  const { promise: tooLate, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error(`no answer within ${PATIENCE_MS / 1000} s`)), PATIENCE_MS);
  const asked = redis.set(name, offered, "NX").then(() => redis.get(name));
  asked.catch(() => undefined);
  try {
    return (await Promise.race([asked, tooLate])) ?? offered;
  } finally {
    clearTimeout(timer);
    redis.disconnect();
  }
}
