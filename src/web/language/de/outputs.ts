/** Webhooks and help desks, and what was tried there, in German. */
import type { Catalogue } from "../en/catalogue.ts";
import { speechOf } from "../speech.ts";

const { count, plural } = speechOf("de");

export const GERMAN_OUTPUTS: Catalogue["outputs"] = {
  title: "Zustellungen",
  lead: "Webhooks und Helpdesks aus bounced.yaml: was wartet, was versucht und was aufgegeben wurde.",
  kinds: { webhook: "Webhook", "help-desk": "Helpdesk" },
  noneTitle: "Keine Webhooks und keine Helpdesks",
  none: "Sie werden in bounced.yaml eingerichtet. Was sie einen Tag lang nicht annehmen, steht dann hier und lässt sich erneut senden.",
  waiting: (n) => plural(n, { other: "# wartend" }),
  retrying: (n) => plural(n, { other: "# vor erneutem Versuch" }),
  givenUp: (n) => plural(n, { other: "# aufgegeben" }),
  sendAgain: "Erneut senden",
  sendAgainTo: (id) => `Aufgegebenes erneut senden: ${id}`,
  replayed: (n) =>
    plural(n, {
      one: "# Ereignis zurück in die Warteschlange gestellt.",
      other: "# Ereignisse zurück in die Warteschlange gestellt.",
    }),
  when: "Wann",
  event: "Ereignis",
  outcome: "Ergebnis",
  conversation: "Konversation",
  answer: "Antwort",
  noAnswer: "keine",
  taken: "angenommen",
  notTaken: "nicht angenommen",
  andMore: (more) => `und ${count(more)} weitere`,
  nothingTried: "Noch wurde nichts versucht.",
  triesOf: (id) => `Letzte Versuche: ${id}`,
  outcomes: {
    added: "Notiz hinzugefügt",
    present: "Notiz war schon da",
    not_found: "keine Konversation",
    failed: "fehlgeschlagen, wird wiederholt",
    given_up: "aufgegeben",
  },
  foundBy: { header: "nach Kopfzeile", "message-id": "nach Message-ID", subject: "nach Betreff" },
};
