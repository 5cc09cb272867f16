/** The page of people in English. */
import { html } from "../../html.ts";

export const ENGLISH_PEOPLE = {
  title: "People",
  lead: "Who signed in with the identity provider. Revoking ends every session of a person at once.",
  nobody: "Nobody was found.",
  noProvider: html`No identity provider is configured: <code>oidc</code> in bounced.yaml, docs/access.md.`,
  text: "Name, address or id",
  person: "Person",
  role: "Role",
  lastSignIn: "Last sign-in",
  firstSignIn: "First sign-in",
  change: "Change",
  notVerified: "not verified",
  subject: (sub: string) => `subject ${sub}`,
  noRole: "none",
  mayExport: "export",
  isRevoked: "revoked",
  revoke: "Revoke",
  restore: "Allow again",
  confirm: (who: string) => `Revoke the access of ${who}? Every session ends at once.`,
  revoked: "The access is revoked, and every session has ended.",
  restored: "The person may sign in again.",
};
