/** What the provider claims of a person, read as if an enemy had written it: any claim may be missing, or anything. */
import { ACCESS_ROLES, type AccessRole, type SignedIn } from "../store/people/person.ts";
import type { OidcSettings } from "./settings.ts";

export type Claims = Readonly<Record<string, unknown>>;

/** OpenID Connect Core, 2: at most 255 ASCII characters. */
const MAX_SUB = 255;
/** What a database refuses or writes as another character would be nobody, or somebody else. */
const SUB = /^[^\p{Cc}\p{Cs}]+$/u;

/** Null where the claims do not say whom they are about. */
export function factsOf(claims: Claims, settings: OidcSettings): Omit<SignedIn, "address"> | null {
  const { iss, sub } = claims;
  if (typeof iss !== "string" || typeof sub !== "string" || sub.length > MAX_SUB || !SUB.test(sub)) return null;
  const groups = groupsIn(claims, settings.groupsClaim);
  return {
    issuer: iss,
    sub,
    name: firstText(claims["name"], claims["preferred_username"]),
    email: firstText(claims["email"]),
    // Some providers write "true"; what is not exactly true is not verified.
    emailVerified: claims["email_verified"] === true,
    role: roleOf(groups, settings),
    mayExport: settings.exportGroups.some((group) => groups.has(group)),
  };
}

/** Own properties only, so that `constructor` is no claim. A single text is one group, and is not split. */
export function groupsIn(claims: Claims, claim: string): ReadonlySet<string> {
  const value = Object.hasOwn(claims, claim) ? claims[claim] : undefined;
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  return new Set(list.filter((one): one is string => typeof one === "string"));
}

function roleOf(groups: ReadonlySet<string>, { roles, defaultRole }: OidcSettings): AccessRole | null {
  const given = new Set(Object.entries(roles).flatMap(([group, role]) => (groups.has(group) ? [role] : [])));
  return ACCESS_ROLES.findLast((role) => given.has(role)) ?? defaultRole ?? null;
}

const firstText = (...values: readonly unknown[]): string =>
  values.find((value): value is string => typeof value === "string" && value.trim() !== "")?.slice(0, 1000) ?? "";
