/** Webhooks and help desks, and what was tried there, in French. */
import type { Catalogue } from "../en/catalogue.ts";
import { speechOf } from "../speech.ts";

const { plural } = speechOf("fr");

export const FRENCH_OUTPUTS: Catalogue["outputs"] = {
  title: "Envois sortants",
  lead: "Webhooks et centres d’assistance de bounced.yaml : ce qui attend, ce qui a été tenté, ce qui a été abandonné.",
  kinds: { webhook: "Webhook", "help-desk": "Centre d’assistance" },
  noneTitle: "Aucun webhook ni centre d’assistance",
  none: "Ils se configurent dans bounced.yaml. Ce qu’ils n’acceptent pas pendant un jour apparaît ici et peut être renvoyé.",
  waiting: (n) => plural(n, { other: "# en attente" }),
  retrying: (n) => plural(n, { other: "# à réessayer" }),
  givenUp: (n) => plural(n, { one: "# abandonné", other: "# abandonnés" }),
  sendAgain: "Renvoyer",
  sendAgainTo: (id) => `Renvoyer ce qui a été abandonné : ${id}`,
  replayed: (n) => plural(n, { one: "# événement remis dans la file.", other: "# événements remis dans la file." }),
  when: "Quand",
  event: "Événement",
  outcome: "Résultat",
  conversation: "Conversation",
  answer: "Réponse",
  noAnswer: "aucune",
  taken: "accepté",
  notTaken: "non accepté",
  andMore: (more) => `et ${plural(more, { one: "# autre", other: "# autres" })}`,
  nothingTried: "Rien n’a encore été tenté.",
  triesOf: (id) => `Dernières tentatives : ${id}`,
  outcomes: {
    added: "note ajoutée",
    present: "note déjà présente",
    not_found: "aucune conversation",
    failed: "échec, nouvel essai prévu",
    given_up: "abandonné",
  },
  foundBy: { header: "par en-tête", "message-id": "par Message-ID", subject: "par objet" },
};
