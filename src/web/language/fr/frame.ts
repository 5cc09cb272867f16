/** The frame of every page, signing in, errors, and the page for those who unsubscribe, in French. */
import { html } from "../../html.ts";
import type { Catalogue } from "../en/catalogue.ts";
import type { ENGLISH_FRAME } from "../en/frame.ts";
import { speechOf } from "../speech.ts";

const { count, plural } = speechOf("fr");

export const FRENCH_FRAME: Pick<Catalogue, keyof typeof ENGLISH_FRAME> = {
  frame: {
    skip: "Aller au contenu",
    navigation: "Menu principal",
    find: "Chercher une adresse, un domaine, un tag, un événement, un Message-ID ou une réponse de serveur",
    findPlaceholder: "Chercher",
    theme: "Thème",
    switchTheme: "Passer du thème clair au thème sombre",
    language: "Langue",
    api: "API",
    signOut: "Se déconnecter",
    overview: "Aperçu",
    incidents: "Incidents",
    log: "Journal",
    rates: "Taux",
    compare: "Comparer",
    suppressions: "Exclusions",
    codes: "Codes",
    unmatched: "Sans règle",
    audit: "Audit",
    queues: "Files d'attente",
    setup: "Installation",
  },
  script: {
    lightTheme: "Thème clair",
    darkTheme: "Thème sombre",
    pickDay: "Choisir un jour",
    openAsPage: "Ouvrir en page",
    close: "Fermer",
    copied: "Copié",
    copyRefused: "La copie n'est pas autorisée ici",
  },
  period: {
    label: "Période",
    last: "Derniers",
    days: (days) => plural(days, { one: "# jour", other: "# jours" }),
    today: "Aujourd'hui",
    all: "Tout",
  },
  common: {
    event: "Événement",
    events: "Événements",
    recipient: "Destinataire",
    unknownRecipient: "Destinataire inconnu",
    copy: "Copier",
    search: "Chercher",
    clear: "Effacer",
    add: "Ajouter",
    remove: "Retirer",
    undo: "Annuler",
    save: "Enregistrer",
    any: "indifférent",
    none: "aucun",
    download: "Télécharger",
    confidence: (share) => `confiance ${share}`,
    fault: (fault) => `Cause : ${fault}`,
    advice: (advice) => `Conseil : ${advice}`,
    countEvents: (events) => plural(events, { one: "# événement", other: "# événements" }),
    countOf: (part, whole) => `${count(part)} sur ${count(whole)}`,
  },
  signIn: {
    title: "Connexion",
    secret: "Jeton d'API ou mot de passe administrateur",
    button: "Se connecter",
    help: html`Les jetons se créent sur le serveur avec <code>bounced token create</code>, les liens de connexion à
      usage unique avec <code>bounced token link</code>.`,
    locked: (minutes) =>
      `Trop de tentatives échouées. Réessayez dans ${plural(minutes, { one: "# minute", other: "# minutes" })}.`,
    wrong: "Ni un jeton valide, ni le mot de passe administrateur.",
    usedLink: html`Ce lien a déjà servi ou date de plus d'un jour. <code>bounced token link</code> en crée un nouveau.`,
    with: (provider) => `Se connecter avec ${provider}`,
    providerDown: (provider) =>
      `${provider} est injoignable. Réessayez ou connectez-vous avec un jeton. Le journal du service indique la cause.`,
    providerRefused: (provider) =>
      `La connexion avec ${provider} a échoué. Réessayez ; le journal d’audit indique la cause.`,
    tooOld:
      "Cette connexion a été commencée dans un autre navigateur ou à une autre adresse, ou elle a duré plus de dix minutes. Recommencez.",
    refusedTitle: "Accès refusé",
    noRole: (who) =>
      `Vous êtes connecté en tant que ${who}, et aucun de vos groupes ne peut utiliser bounced. Demandez l’accès à un administrateur.`,
    revoked: (who) => `L’accès de ${who} a été révoqué. Adressez-vous à un administrateur.`,
    otherAccount: "Utiliser un autre compte",
    goOn: "Continuer",
    signedOut: "Déconnecté",
  },
  problems: {
    badRequest: "La requête n'est pas valide",
    unauthorized: "Un jeton est nécessaire",
    forbidden: "Ce jeton ne permet pas cela",
    notFound: "Il n'y a rien ici",
    methodNotAllowed: "Cette méthode n'est pas proposée ici",
    conflict: "Impossible dans l'état actuel",
    gone: "Cela n'existe plus",
    tooLarge: "La requête est trop volumineuse",
    unsupportedMediaType: "Ce type de contenu n'est pas lu ici",
    tooManyRequests: "Trop de requêtes",
    internal: "Une erreur s'est produite sur le serveur",
    notAvailable: "Désactivé dans la configuration actuelle",
    unavailable: "Une partie du service est en panne ; réessayez",
  },
  problemPage: { request: (id) => `Requête ${id}` },
  unsubscribe: {
    title: "Se désabonner",
    question: "Vous ne recevrez plus ces messages.",
    button: "Se désabonner",
    done: "Vous êtes désabonné.",
    invalid: "Ce lien n'est pas valide. Copiez l'adresse complète depuis le message.",
  },
};
