/** The page of the audit log in French. */
import type { Catalogue } from "../en/catalogue.ts";
import { speechOf } from "../speech.ts";

const { plural } = speechOf("fr");

export const FRENCH_AUDIT: Catalogue["audit"] = {
  title: "Journal d’audit",
  lead: (days: number) =>
    `Connexions, exports, messages lus, effacements et toutes les modifications, pendant ${plural(days, { one: "# jour", other: "# jours" })}.`,
  anyAction: "toutes les actions",
  action: "Action",
  who: "Personne ou jeton",
  whoPlaceholder: "personne ou jeton",
  text: "Adresse, identifiant ou détails",
  textPlaceholder: "adresse, identifiant ou détails",
  fromDay: "À partir du jour (UTC)",
  toDay: "Jusqu’au jour (UTC)",
  fromPlaceholder: "du AAAA-MM-JJ",
  toPlaceholder: "au AAAA-MM-JJ",
  entries: "Entrées",
  emptyTitle: "Aucune entrée",
  empty: "Rien de correspondant n’a été enregistré.",
  older: "Plus anciennes",
  pages: "Pages",
  when: "Quand",
  by: "Qui",
  what: "Quoi",
  target: "Sur quoi",
  from: "Depuis",
  machine: "cette machine",
  csv: "CSV",
  jsonLines: "Lignes JSON",
  request: (id: string) => `requête ${id}`,
  actions: {
    "sign-in": "Connexion",
    "sign-in-refused": "Connexion refusée",
    "sign-out": "Déconnexion",
    export: "Export",
    "raw-read": "Message lu",
    erasure: "Adresse effacée",
    "list-change": "Liste d’exclusion modifiée",
    "rule-change": "Règles modifiées",
    reclassification: "Journal reclassé",
    replay: "Événements renvoyés",
    "queue-change": "Files modifiées",
    "token-change": "Jetons modifiés",
    "person-change": "Personnes modifiées",
    "settings-change": "Réglages modifiés",
    "incident-change": "Incident terminé ou rouvert",
  },
  outcomes: {
    begun: { name: "fin inconnue", title: "Commencé ; la fin n’a pas été enregistrée." },
    done: { name: "fait", title: "C’est fait." },
    refused: { name: "refusé", title: "Refusé ; rien n’a été fait." },
    failed: { name: "échoué", title: "Échec ; le journal du service en donne la cause avec la requête." },
  },
};
