/** People who sign in with the organisation's identity provider, and what they may do. */
import { z } from "zod";

/** Each includes the one before. */
export const ACCESS_ROLES = ["viewer", "operator", "admin"] as const;
export type AccessRole = (typeof ACCESS_ROLES)[number];
export const roleSchema = z.enum(ACCESS_ROLES);

/** What the provider says at a sign-in, and what its groups are worth here. */
export interface SignedIn {
  /** Both together are the person; an e-mail address is not: it can be given to somebody else, and need not be verified. */
  readonly issuer: string;
  readonly sub: string;
  readonly name: string;
  readonly email: string;
  readonly emailVerified: boolean;
  /** Null: none of the groups has a role. */
  readonly role: AccessRole | null;
  readonly mayExport: boolean;
  /** IP address. */
  readonly address: string;
}

export interface Person {
  /** `p` and 15 letters and digits: longer than the id of any token. */
  readonly id: string;
  readonly issuer: string;
  readonly sub: string;
  readonly name: string;
  /** "" where the provider names none. */
  readonly email: string;
  readonly emailVerified: boolean;
  /** By the groups of the last sign-in; null: they gave none, and no session is open. */
  readonly role: AccessRole | null;
  readonly mayExport: boolean;
  readonly firstSignInAt: string;
  readonly lastSignInAt: string;
  readonly lastAddress: string;
  readonly revokedAt: string | null;
  /** As the audit log names who did it; "" where nobody did. */
  readonly revokedBy: string;
}

export type Admission =
  | {
      readonly is: "admitted";
      readonly person: Person;
      readonly before: AccessRole | null;
      /** Whether the right to export is another than before. */
      readonly exportChanged: boolean;
      readonly isNew: boolean;
    }
  | { readonly is: "revoked"; readonly person: Person }
  /** The person is null where nobody of that name was ever admitted: then nothing is stored. */
  | { readonly is: "no-role"; readonly person: Person | null; readonly before: AccessRole | null };

/** A session of the person is valid while its epoch is this one. */
export interface OpenPerson {
  readonly person: Person;
  readonly role: AccessRole;
  readonly epoch: number;
}

export interface PeopleQuery {
  /** Any part of name, e-mail address or id. */
  readonly text?: string | undefined;
  readonly limit: number;
}

export interface People {
  /** At each sign-in: makes the person at the first one, and decides the role anew. */
  signIn(facts: SignedIn): Promise<Admission>;
  /** Null for whoever may not have a session: nobody, revoked, or without a role. Of the primary database, at each request. */
  open(id: string): Promise<OpenPerson | null>;
  get(id: string): Promise<Person | null>;
  /** The last sign-in first. */
  list(query: PeopleQuery): Promise<readonly Person[]>;
  /** Ends every session at once, in every process; null where there is no such person. Safe to repeat. */
  revoke(id: string, actor: string): Promise<Person | null>;
  /** The person may sign in again; sessions of before stay ended. */
  restore(id: string): Promise<Person | null>;
}

export const isPersonId = (text: string): boolean => /^p[a-z2-7]{15}$/.test(text);

/**
 * As the audit log and histories name a person. An address that the provider has not verified, and a name, are what
 * somebody typed: the id beside it says who it was.
 */
export const personLabel = ({ id, email, emailVerified, name }: Person): string =>
  emailVerified && email !== "" ? email : `${email || name || "?"} (${id})`;
