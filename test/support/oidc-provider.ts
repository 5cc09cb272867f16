/** A certified identity provider (npm oidc-provider) on loopback: one asks for a name, and is that person. */
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { generateKeyPairSync } from "node:crypto";
import { Provider, type Configuration } from "oidc-provider";

export const CLIENT = { id: "bounced", secret: "a-client-secret+with/odd:characters%" } as const;

export interface TestProvider {
  readonly issuer: string;
  /** What it claims of an account beside the subject, which is the account's name. */
  readonly accounts: Map<string, Readonly<Record<string, unknown>>>;
  /** Logs in as that account and returns where the browser is sent back to. `jar` keeps its session. */
  login(url: string, account: string, jar?: Map<string, string>): Promise<URL>;
  stop(): Promise<void>;
}

export async function startProvider(publicUrl: string, settings: Partial<Configuration> = {}): Promise<TestProvider> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const accounts: TestProvider["accounts"] = new Map();
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: CLIENT.id,
        client_secret: CLIENT.secret,
        redirect_uris: [`${publicUrl}/sign-in/oidc/callback`],
        post_logout_redirect_uris: [`${publicUrl}/sign-in`],
      },
    ],
    jwks: { keys: [{ ...privateKey.export({ format: "jwk" }), use: "sig", alg: "RS256", kid: "test" }] },
    ttl: { AccessToken: 600, Grant: 600, IdToken: 600, Interaction: 600, Session: 600 },
    cookies: { keys: ["for tests only"] },
    claims: { openid: ["sub"], profile: ["name", "groups"], email: ["email", "email_verified"] },
    features: { devInteractions: { enabled: false } },
    interactions: { url: (_context, { uid }) => `/interaction/${uid}` },
    findAccount: (_context, id) => ({ accountId: id, claims: () => ({ sub: id, ...accounts.get(id) }) }),
    // Nobody is asked for consent.
    async loadExistingGrant({ oidc }) {
      const { client, session } = oidc;
      const grant = new provider.Grant({ clientId: client?.clientId ?? "", accountId: session?.accountId ?? "" });
      grant.addOIDCScope("openid profile email");
      await grant.save();
      return grant;
    },
    ...settings,
  });
  const answer = provider.callback();
  server.on("request", (request, response) => {
    if (!request.url?.startsWith("/interaction/")) return void answer(request, response);
    if (request.method === "GET")
      return void response
        .setHeader("content-type", "text/html")
        .end(
          `<!doctype html><title>Example ID</title><form method="post"><label>Account <input name="login"></label><button>Log in</button></form>`,
        );
    return void bodyOf(request).then((body) =>
      provider.interactionFinished(request, response, {
        login: { accountId: new URLSearchParams(body).get("login") ?? "" },
      }),
    );
  });
  return {
    issuer,
    accounts,
    async login(url, account, jar = new Map()) {
      let [next, body]: [string, URLSearchParams | null] = [url, null];
      for (let step = 0; step < 10; step++) {
        const response = await fetch(next, {
          redirect: "manual",
          headers: { cookie: [...jar].map(([name, value]) => `${name}=${value}`).join("; ") },
          ...(body ? { method: "POST", body } : {}),
        });
        for (const cookie of response.headers.getSetCookie()) {
          const [name = "", value = ""] = (cookie.split(";")[0] ?? "").split(/=(.*)/s);
          if (value === "") jar.delete(name);
          else jar.set(name, value);
        }
        const location = response.headers.get("location");
        body = null;
        if (location) {
          const place = new URL(location, next);
          if (place.origin !== issuer) return place;
          next = place.href;
        } else if (next.includes("/interaction/")) body = new URLSearchParams({ login: account });
        else throw new Error(`${next}: ${response.status} ${await response.text()}`);
      }
      throw new Error("too many steps");
    },
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts).toString();
}
