/** The frame of every page, signing in, errors, and the page for those who unsubscribe, in English. */
import type { ProblemName } from "../../../http/problems.ts";
import { html } from "../../html.ts";
import { speechOf } from "../speech.ts";

const { count, plural } = speechOf("en");

export const ENGLISH_FRAME = {
  frame: {
    skip: "Skip to content",
    navigation: "Main",
    find: "Find an address, a domain, a tag, an event, a Message-ID or a server response",
    findPlaceholder: "Find",
    theme: "Theme",
    switchTheme: "Switch between light and dark",
    language: "Language",
    api: "API",
    signOut: "Sign out",
    overview: "Overview",
    incidents: "Incidents",
    log: "Log",
    rates: "Rates",
    compare: "Compare",
    suppressions: "Suppressions",
    codes: "Codes",
    unmatched: "Unmatched",
    people: "People",
    audit: "Audit log",
    outputs: "Deliveries",
    queues: "Queues",
    setup: "Set-up",
  },
  /** Said by the script of the pages. */
  script: {
    lightTheme: "Light theme",
    darkTheme: "Dark theme",
    pickDay: "Pick a day",
    openAsPage: "Open as page",
    close: "Close",
    copied: "Copied",
    copyRefused: "Copying is not allowed here",
  },
  period: {
    label: "Period",
    last: "Last",
    days: (days: number) => plural(days, { one: "# day", other: "# days" }),
    today: "Today",
    all: "All",
  },
  common: {
    event: "Event",
    events: "Events",
    recipient: "Recipient",
    unknownRecipient: "Unknown recipient",
    copy: "Copy",
    search: "Search",
    clear: "Clear",
    add: "Add",
    remove: "Remove",
    undo: "Undo",
    save: "Save",
    any: "any",
    none: "none",
    download: "Download",
    confidence: (share: string) => `${share} confidence`,
    fault: (fault: string) => `Fault: ${fault}`,
    advice: (advice: string) => `Advice: ${advice}`,
    countEvents: (events: number) => plural(events, { one: "# event", other: "# events" }),
    countOf: (part: number, whole: number) => `${count(part)} of ${count(whole)}`,
  },
  signIn: {
    title: "Sign in",
    secret: "API token or admin password",
    button: "Sign in",
    help: html`Tokens are created on the server with <code>bounced token create</code>, links that sign in once with
      <code>bounced token link</code>.`,
    locked: (minutes: number) =>
      `Too many failed attempts. Try again in ${plural(minutes, { one: "# minute", other: "# minutes" })}.`,
    wrong: "Neither a valid token nor the admin password.",
    usedLink: html`This link was used already, or it is older than a day. <code>bounced token link</code> makes a new
      one.`,
    with: (provider: string) => `Sign in with ${provider}`,
    providerDown: (provider: string) =>
      `${provider} cannot be reached. Try again, or sign in with a token. The service log names the cause.`,
    providerRefused: (provider: string) =>
      `The sign-in with ${provider} failed. Try again; the audit log names the cause.`,
    tooOld:
      "This sign-in was begun in another browser or at another address, or it took longer than ten minutes. Begin again.",
    refusedTitle: "No access",
    noRole: (who: string) =>
      `You are signed in as ${who}, and none of your groups may use bounced. Ask an administrator for access.`,
    revoked: (who: string) => `The access of ${who} was revoked. Ask an administrator.`,
    otherAccount: "Use another account",
    goOn: "Continue",
    signedOut: "Signed out",
  },
  problems: {
    badRequest: "The request is not valid",
    unauthorized: "A token is needed",
    forbidden: "This token may not do that",
    notFound: "There is nothing here",
    methodNotAllowed: "This method is not offered here",
    conflict: "That cannot be done in the present state",
    gone: "That is no longer there",
    tooLarge: "The body is too large",
    unsupportedMediaType: "This content type is not read here",
    tooManyRequests: "Too many requests",
    internal: "Something went wrong on our side",
    notAvailable: "This is switched off in the present configuration",
    unavailable: "A part of the service is down; try again",
  } satisfies Record<ProblemName, string>,
  problemPage: {
    request: (id: string) => `Request ${id}`,
    /** What a person can do now. */
    next: {
      badRequest: "Go back, and correct what was entered.",
      unauthorized: "Sign in, and open the page again.",
      forbidden: "Sign in with a token that has the role, or ask an administrator.",
      notFound: "Check the address, or search for it from the overview.",
      methodNotAllowed: "Open the page from the menu.",
      conflict: "Load the page again: something has changed since.",
      gone: "It has expired or was removed.",
      tooLarge: "Send less at a time.",
      unsupportedMediaType: "Open the page from the menu.",
      tooManyRequests: "Wait a minute, then load the page again.",
      internal: "Try again. The service log names the cause by the number of the request.",
      notAvailable: "An administrator can switch it on.",
      unavailable: "Wait a minute, then load the page again. The set-up page shows what is wrong.",
    } satisfies Record<ProblemName, string>,
  },
  unsubscribe: {
    title: "Unsubscribe",
    question: "You will get no more of these messages.",
    button: "Unsubscribe",
    done: "You are unsubscribed.",
    invalid: "This link is not valid. Copy the whole address from the message.",
  },
};
