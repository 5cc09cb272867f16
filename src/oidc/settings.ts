/** Section `oidc` of bounced.yaml, docs/access.md: people sign in with the organisation's identity provider. */
import { z } from "zod";
import { SECRETS } from "../machine/secrets.ts";
import { roleSchema } from "../store/people/person.ts";

const ISSUER = "expected the issuer as https://…, as the provider itself writes it";

/** Plain HTTP tells passwords and codes to the network; a provider on this machine is for trying it out. */
export const isLoopbackHost = (hostname: string): boolean =>
  /^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(hostname);

/** `https:`, or `http:` on this machine. */
export const isSafePlace = (url: URL): boolean =>
  url.protocol === "https:" || (url.protocol === "http:" && isLoopbackHost(url.hostname));

const group = z.string().min(1).max(1000);

export const oidcSchema = z
  .strictObject({
    issuer: z
      .url({ protocol: /^https?$/, error: ISSUER })
      .refine((text) => {
        const url = URL.parse(text);
        return url !== null && !url.search && !url.hash && !url.username && !url.password;
      }, ISSUER)
      .refine((text) => {
        const url = URL.parse(text);
        return url !== null && isSafePlace(url);
      }, "expected https://; plain http is for a provider on this machine"),
    clientId: z.string().min(1).max(500),
    /** Or the file that it is in, which is read for each sign-in. Without either PKCE alone protects the code. */
    clientSecret: z.string().min(8, "expected the secret that the provider shows").register(SECRETS).optional(),
    clientSecretFile: z.string().min(1).optional(),
    /** On the button: "Sign in with …". Default: the host of the issuer. */
    name: z.string().min(1).max(40).optional(),
    scopes: z
      .array(z.string().regex(/^[\x21\x23-\x5b\x5d-\x7e]{1,200}$/, "expected the name of a scope"))
      .default(["openid", "profile", "email"])
      .refine((scopes) => scopes.includes("openid"), "expected openid among them"),
    /** Claim of the ID token or of the userinfo endpoint that lists the groups. */
    groupsClaim: z.string().min(1).max(200).default("groups"),
    /** What a group may do; with several, the most. Names are compared exactly. */
    roles: z.record(group, roleSchema).default({}),
    /** Groups that may download whole result sets. No role includes it. */
    exportGroups: z.array(group).default([]),
    /** Of whoever has no group with a role. Default: they are refused. */
    defaultRole: z.enum(["viewer", "operator"]).optional(),
    /** After so long a person signs in again, and the groups are asked again. */
    sessionHours: z.number().min(0.25).max(12).default(12),
  })
  .refine(({ clientSecret, clientSecretFile }) => clientSecret === undefined || clientSecretFile === undefined, {
    path: ["clientSecretFile"],
    error: "expected one of clientSecret, clientSecretFile",
  })
  .refine(({ roles, defaultRole }) => Object.keys(roles).length > 0 || defaultRole !== undefined, {
    path: ["roles"],
    error: "expected a group and its role, e.g. { mail-admins: admin }: without any nobody can sign in",
  });
export type OidcSettings = z.infer<typeof oidcSchema>;

/** Where a sign-in begins, and where the provider sends the browser back to. Behind the base path. */
export const BEGIN_PATH = "/sign-in/oidc";
export const CALLBACK_PATH = `${BEGIN_PATH}/callback`;

/** As it must be registered at the provider. */
export const redirectUriOf = ({ publicUrl, basePath }: { readonly publicUrl: string; readonly basePath: string }) =>
  `${publicUrl}${basePath}${CALLBACK_PATH}`;

export const providerName = ({ name, issuer }: Pick<OidcSettings, "name" | "issuer">): string =>
  name ?? new URL(issuer).host;

/** An issuer is compared as it is, but for the slash at its end, which people forget. */
export const isSameIssuer = (one: string, other: string): boolean =>
  one.replace(/\/$/, "") === other.replace(/\/$/, "");
