/** What a session came from, as it is now: the password, a sign-in link, a token, or a person. */
import { isSameIssuer, type OidcSettings } from "../../oidc/settings.ts";
import { isPersonId, personLabel, type OpenPerson, type People } from "../../store/people/person.ts";
import type { Principal } from "./principal.ts";
import { ABSOLUTE_MS } from "./session.ts";
import type { TokenSource } from "./token-file.ts";
import { isActive, type TokenRecord } from "./tokens.ts";

export interface Credential {
  /** What the session's signature covers beside the session: another one later makes the cookie void. */
  readonly binding: string;
  readonly principal: Principal;
  readonly longestMs: number;
}

export interface CredentialDeps {
  readonly tokens: TokenSource;
  readonly people: Pick<People, "open">;
  /** Null: nobody signs in with a provider, and whoever did is out. */
  readonly oidc: OidcSettings | null;
  readonly now: () => number;
}

/**
 * Null where the subject may not sign in any more. A session from a sign-in link ends when a password is set. A person is
 * looked up each time, so that a revocation counts at once in every process; rejects where the database cannot be read.
 */
export async function credentialOf(subject: string, deps: CredentialDeps): Promise<Credential | null> {
  if (isPersonId(subject)) return ofPerson(deps.oidc && (await deps.people.open(subject)), deps.oidc);
  const { password, tokens } = deps.tokens.current();
  const hash = password && `${password.salt}${password.hash}`;
  if (subject === "admin" || subject === "link") {
    const binding = subject === "admin" ? hash : (hash ?? "no password");
    const principal = {
      id: subject,
      name: subject,
      role: "admin",
      mayExport: true,
      bounds: null,
      via: "session",
    } as const;
    return binding === null ? null : { binding, principal, longestMs: ABSOLUTE_MS };
  }
  const record = tokens.find((token) => token.id === subject);
  if (!record || !isActive(record, new Date(deps.now()))) return null;
  return { binding: record.secretSha256, principal: principalOf(record, "session"), longestMs: ABSOLUTE_MS };
}

function ofPerson(open: OpenPerson | null, oidc: OidcSettings | null): Credential | null {
  if (!open || !oidc || !isSameIssuer(open.person.issuer, oidc.issuer)) return null;
  const { person, role, epoch } = open;
  return {
    binding: `person ${epoch}`,
    principal: {
      id: person.id,
      name: personLabel(person),
      role,
      mayExport: person.mayExport,
      bounds: null,
      via: "person",
    },
    longestMs: Math.min(ABSOLUTE_MS, oidc.sessionHours * 60 * 60 * 1000),
  };
}

export const principalOf = (
  { id, name, role, mayExport, bounds }: TokenRecord,
  via: Extract<Principal["via"], "token" | "session">,
): Principal => ({ id, name, role, mayExport, bounds, via });
