/** The page of people in German. */
import { html } from "../../html.ts";
import type { Catalogue } from "../en/catalogue.ts";

export const GERMAN_PEOPLE: Catalogue["people"] = {
  title: "Personen",
  lead: "Wer sich mit dem Identitätsanbieter angemeldet hat. Ein Entzug beendet sofort alle Sitzungen der Person.",
  nobody: "Niemand gefunden.",
  noProvider: html`Es ist kein Identitätsanbieter eingerichtet: <code>oidc</code> in bounced.yaml, docs/access.md.`,
  text: "Name, Adresse oder Kennung",
  person: "Person",
  role: "Rolle",
  lastSignIn: "Letzte Anmeldung",
  firstSignIn: "Erste Anmeldung",
  change: "Ändern",
  notVerified: "nicht bestätigt",
  subject: (sub) => `Subjekt ${sub}`,
  noRole: "keine",
  mayExport: "Export",
  isRevoked: "entzogen",
  revoke: "Entziehen",
  restore: "Wieder erlauben",
  confirm: (who) => `Den Zugriff von ${who} entziehen? Alle Sitzungen enden sofort.`,
  revoked: "Der Zugriff ist entzogen, und alle Sitzungen sind beendet.",
  restored: "Die Person darf sich wieder anmelden.",
};
