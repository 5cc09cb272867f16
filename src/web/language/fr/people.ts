/** The page of people in French. */
import { html } from "../../html.ts";
import type { Catalogue } from "../en/catalogue.ts";

export const FRENCH_PEOPLE: Catalogue["people"] = {
  title: "Personnes",
  lead: "Qui s’est connecté avec le fournisseur d’identité. Révoquer l’accès met fin aussitôt à toutes les sessions de la personne.",
  nobody: "Personne n’a été trouvé.",
  noProvider: html`Aucun fournisseur d’identité n’est configuré : <code>oidc</code> dans bounced.yaml, docs/access.md.`,
  text: "Nom, adresse ou identifiant",
  person: "Personne",
  role: "Rôle",
  lastSignIn: "Dernière connexion",
  firstSignIn: "Première connexion",
  change: "Modifier",
  notVerified: "non vérifiée",
  subject: (sub) => `sujet ${sub}`,
  noRole: "aucun",
  mayExport: "export",
  isRevoked: "révoqué",
  revoke: "Révoquer",
  restore: "Autoriser à nouveau",
  confirm: (who) => `Révoquer l’accès de ${who} ? Toutes les sessions prennent fin aussitôt.`,
  revoked: "L’accès est révoqué et toutes les sessions ont pris fin.",
  restored: "La personne peut se connecter à nouveau.",
};
