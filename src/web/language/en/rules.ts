/** What no rule matched, rules of one's own, and their editor, in English. */
import { html, type HtmlValue } from "../../html.ts";
import { speechOf, type Wrap } from "../speech.ts";

const { count, plural } = speechOf("en");

export const ENGLISH_RULES = {
  lead: "Bounces and delays whose server response no rule matched; a status code or a statistical model decided, or nothing did. Write a rule to decide such responses from now on.",
  yourRules: "Your rules",
  reclassify: "Reclassify",
  writeRule: "Write a rule",
  noRefusals: "No bounces or delays in this period",
  nothingToDo: "Nothing to write a rule for",
  withoutResponseOnly: (n: number) =>
    plural(n, {
      one: "No rule matched # event, but it has no server response.",
      other: "No rule matched # events, but they have no server response.",
    }),
  allDecided: (n: number) =>
    plural(n, { one: "A rule decided the one bounce or delay.", other: "A rule decided all # bounces and delays." }),
  groupedHere: "Server responses that no rule matches are grouped here.",
  inGroups: (refusals: number, groups: number) =>
    `of ${count(refusals)} bounces and delays, in ${plural(groups, { one: "# group", other: "# groups" })}`,
  inGroupsCut: (refusals: number, groups: number, looked: number) =>
    `of ${count(refusals)} bounces and delays, in ${plural(groups, { one: "# group", other: "# groups" })} of the newest ${count(looked)}`,
  withoutResponse: (n: number) => `${count(n)} without a server response`,
  groups: "Groups",
  serverResponse: "Server response",
  classifiedAs: "Classified as",
  example: "Example",
  rulesLead: "they take precedence over the built-in rules, and apply within seconds in every process of this machine.",
  saved: (rules: HtmlValue, look: HtmlValue) => html`Saved: ${rules}. ${look}`,
  removed: (rule: HtmlValue, look: HtmlValue) =>
    html`Removed: ${rule}. Its versions stay in the history below. ${look}`,
  reclassifyHint: (link: Wrap) =>
    html`Earlier events keep their classification until you ${link("reclassify the log")}.`,
  same: "Nothing changed: the same rule is already saved.",
  noneSaved: "No saved rules",
  noneSavedText:
    "Write a rule where the built-in rules do not match a server response, or classify it differently than you want.",
  savedHere: "Saved here",
  countRules: (n: number) => plural(n, { one: "# rule", other: "# rules" }),
  savedRules: "Saved rules",
  rule: "Rule",
  treatedAs: "Treated as",
  savedAt: "Saved",
  actions: "Actions",
  edit: "Edit",
  editRule: (id: string) => `Edit ${id}`,
  removeRule: (id: string) => `Remove ${id}`,
  eventsOfRule: "Events decided by this rule",
  ignored: "ignored: another rule has the same id",
  asYaml: "As YAML",
  inFiles: "In your files",
  inFilesHint: (rules: number, path: HtmlValue) =>
    html`${plural(rules, { one: "# rule", other: "# rules" })} in ${path}, edit them there`,
  fileRules: "Rules of files",
  history: "History",
  historyTable: "History of the saved rules",
  when: "When",
  who: "Who",
  what: "What",
  asItWas: "As it was",
  asSaved: "As saved",
  editVersion: "Edit this version",
  editRuleAsOf: (rule: string, at: string) => `Edit ${rule} as of ${at}`,
  noSavedRule: (id: string) => `No saved rule is called ${id}.`,
  versionGone: "This version is not kept any more.",
  notSaved: "Not saved.",
  editorLead: "tested against past events while you type.",
  inYaml: "Rule, in YAML",
  testAgainst: "Test against",
  scopeNewest: (n: number) => `the newest ${count(n)} refusals`,
  scopeUndecided: (n: number) => `the newest ${count(n)} that no rule matched`,
  test: "Test",
  savedAppliesToNew: "A saved rule applies to new events. Earlier versions are kept.",
  testResult: "Test result",
  howTo:
    "Enter the words that these server responses have in common, and choose the reason. While you type, the rule is checked and tested against the log; the result appears here.",
  cannotBeSaved: "This rule cannot be saved.",
  savableWithWarnings: "This rule can be saved, with warnings.",
  valid: "The rule is valid.",
  error: "Error",
  warning: "Warning",
  decides: (decided: number, tried: number) =>
    `Decides ${count(decided)} of ${plural(tried, { one: "# refusal", other: "# refusals" })}`,
  decidesUndecided: (decided: number, tried: number) =>
    `Decides ${count(decided)} of ${plural(tried, { one: "# refusal", other: "# refusals" })} that no rule matched`,
  stays: (reason: string) => `Stays: ${reason}`,
  conditions: "Conditions",
  phrases: "Phrases",
  reasons: "Reasons",
  phrasesHint: html`Case, accents, punctuation and line breaks are ignored. An address matches the word
    <code>@</code>.`,
  grammarAny: "the text contains one of these phrases",
  grammarAll: "it contains all of them; it contains none",
  grammarProvider: "who refused, by the id in Codes",
  grammarHost: "that host or domain, or one below it",
  grammarReporter: "who wrote the report",
  grammarPattern: "a regular expression over the lower-case text",
  phraseAlternative: "one of several; an empty one is optional",
  phraseUser: "any word for a user",
  phraseBeginning: "any word with this beginning",
  phraseBetween: "up to 12 words between",
};
