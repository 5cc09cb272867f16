/** What a refusal can be about, and what it can say of it: the names that language packs and the matrix share. */

/** Who or what a clause is about. */
export const SUBJECTS = [
  /** Named as the recipient. */
  "recipient",
  /** An address, a user, a mailbox: whose it is the context says; the recipient's where it says nothing. */
  "address",
  "domain",
  /** A host without saying whose. */
  "host",
  "sender",
  "sender_domain",
  /** The server, address or HELO name that sends. */
  "client",
  "message",
  "attachment",
  "header",
  "link",
  /** A login or password of the sender's own. */
  "login",
  /** The sender's own account at its provider. */
  "own_account",
  "group",
  "server",
  "connection",
  "route",
  "command",
  /** Somebody's test whether our sender address exists. */
  "callout",
] as const;
export type Subject = (typeof SUBJECTS)[number];

/** What is said of it. */
export const PREDICATES = [
  "unknown",
  "invalid",
  "malformed",
  "full",
  "disabled",
  "moved",
  "unavailable",
  "refused",
  "restricted",
  "members_only",
  "listed",
  "blocked",
  "spam",
  "infected",
  "forbidden_type",
  "too_many",
  "too_fast",
  "over_limit",
  "too_many_recipients",
  "too_large",
  "unauthenticated",
  "no_reverse_dns",
  "unresolvable",
  "not_owner",
  "login_failed",
  "login_needed",
  "unverified",
  "insecure",
  "not_relayed",
  "takes_no_mail",
  "null_mx",
  "not_hosted",
  "greylisted",
  "later",
  "challenged",
  "suppressed",
  "out_of_order",
  "unsupported",
  "non_ascii",
  "unreachable",
  "lookup_failed",
  "no_route",
  "looping",
  "expired",
  "busy",
  "broken",
  "program_failed",
  "against_policy",
  "suspicious",
] as const;
export type Predicate = (typeof PREDICATES)[number];
