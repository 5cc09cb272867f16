/** The frame of every page, signing in, errors, and the page for those who unsubscribe, in German. */
import { html } from "../../html.ts";
import type { Catalogue } from "../en/catalogue.ts";
import type { ENGLISH_FRAME } from "../en/frame.ts";
import { speechOf } from "../speech.ts";

const { count, plural } = speechOf("de");

export const GERMAN_FRAME: Pick<Catalogue, keyof typeof ENGLISH_FRAME> = {
  frame: {
    skip: "Zum Inhalt springen",
    navigation: "Hauptmenü",
    find: "Adresse, Domain, Tag, Ereignis, Message-ID oder Serverantwort suchen",
    findPlaceholder: "Suchen",
    theme: "Design",
    switchTheme: "Zwischen Hell und Dunkel wechseln",
    language: "Sprache",
    api: "API",
    signOut: "Abmelden",
    overview: "Übersicht",
    incidents: "Vorfälle",
    log: "Protokoll",
    rates: "Raten",
    compare: "Vergleich",
    suppressions: "Sperrliste",
    codes: "Codes",
    unmatched: "Ohne Regel",
    audit: "Audit-Protokoll",
    queues: "Warteschlangen",
    setup: "Einrichtung",
  },
  script: {
    lightTheme: "Helles Design",
    darkTheme: "Dunkles Design",
    pickDay: "Tag auswählen",
    openAsPage: "Als Seite öffnen",
    close: "Schließen",
    copied: "Kopiert",
    copyRefused: "Kopieren ist hier nicht erlaubt",
  },
  period: {
    label: "Zeitraum",
    last: "Letzte",
    days: (days) => plural(days, { one: "# Tag", other: "# Tage" }),
    today: "Heute",
    all: "Alle",
  },
  common: {
    event: "Ereignis",
    events: "Ereignisse",
    recipient: "Empfänger",
    unknownRecipient: "Unbekannter Empfänger",
    copy: "Kopieren",
    search: "Suchen",
    clear: "Zurücksetzen",
    add: "Hinzufügen",
    remove: "Entfernen",
    undo: "Rückgängig",
    save: "Speichern",
    any: "beliebig",
    none: "keine",
    download: "Herunterladen",
    confidence: (share) => `${share} Sicherheit`,
    fault: (fault) => `Ursache: ${fault}`,
    advice: (advice) => `Empfehlung: ${advice}`,
    countEvents: (events) => plural(events, { one: "# Ereignis", other: "# Ereignisse" }),
    countOf: (part, whole) => `${count(part)} von ${count(whole)}`,
  },
  signIn: {
    title: "Anmelden",
    secret: "API-Token oder Administratorpasswort",
    button: "Anmelden",
    help: html`Token erzeugt auf dem Server <code>bounced token create</code>, Links zur einmaligen Anmeldung
      <code>bounced token link</code>.`,
    locked: (minutes) =>
      `Zu viele Fehlversuche. Versuchen Sie es in ${plural(minutes, { one: "# Minute", other: "# Minuten" })} erneut.`,
    wrong: "Weder ein gültiges Token noch das Administratorpasswort.",
    usedLink: html`Dieser Link wurde bereits benutzt oder ist älter als einen Tag.
      <code>bounced token link</code> erzeugt einen neuen.`,
    with: (provider) => `Mit ${provider} anmelden`,
    providerDown: (provider) =>
      `${provider} ist nicht erreichbar. Versuchen Sie es erneut, oder melden Sie sich mit einem Token an. Die Ursache steht im Protokoll des Dienstes.`,
    providerRefused: (provider) =>
      `Die Anmeldung mit ${provider} ist fehlgeschlagen. Versuchen Sie es erneut; die Ursache steht im Audit-Protokoll.`,
    tooOld:
      "Diese Anmeldung wurde in einem anderen Browser oder unter einer anderen Adresse begonnen, oder sie dauerte länger als zehn Minuten. Beginnen Sie von vorn.",
    refusedTitle: "Kein Zugriff",
    noRole: (who) =>
      `Sie sind als ${who} angemeldet, und keine Ihrer Gruppen darf bounced benutzen. Bitten Sie eine Administratorin oder einen Administrator um Zugriff.`,
    revoked: (who) => `Der Zugriff von ${who} wurde entzogen. Wenden Sie sich an die Administration.`,
    otherAccount: "Anderes Konto verwenden",
    goOn: "Weiter",
    signedOut: "Abgemeldet",
  },
  problems: {
    badRequest: "Die Anfrage ist ungültig",
    unauthorized: "Ein Token ist erforderlich",
    forbidden: "Dieses Token darf das nicht",
    notFound: "Hier ist nichts",
    methodNotAllowed: "Diese Methode gibt es hier nicht",
    conflict: "Das ist im jetzigen Zustand nicht möglich",
    gone: "Das gibt es nicht mehr",
    tooLarge: "Die Anfrage ist zu groß",
    unsupportedMediaType: "Dieser Inhaltstyp wird hier nicht gelesen",
    tooManyRequests: "Zu viele Anfragen",
    internal: "Auf dem Server ist ein Fehler aufgetreten",
    notAvailable: "Das ist in der jetzigen Konfiguration abgeschaltet",
    unavailable: "Ein Teil des Dienstes ist ausgefallen; versuchen Sie es erneut",
  },
  problemPage: { request: (id) => `Anfrage ${id}` },
  unsubscribe: {
    title: "Abmelden",
    question: "Sie erhalten diese Nachrichten dann nicht mehr.",
    button: "Abmelden",
    done: "Sie sind abgemeldet.",
    invalid: "Dieser Link ist ungültig. Kopieren Sie die vollständige Adresse aus der Nachricht.",
  },
};
