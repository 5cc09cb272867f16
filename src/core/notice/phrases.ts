/**
 * What the language packs know of notices, ready to be asked. Words alone never make a bounce: the readers ask for
 * marks of a machine sender and for an address beside them.
 */
import { allWords } from "../knowledge/languages.ts";
import type { LanguagePack } from "../knowledge/language-pack.ts";
import { phraseSet, type PhraseSet } from "../knowledge/phrase-set.ts";
import { plain } from "../knowledge/plain.ts";

type Notices = NonNullable<LanguagePack["notices"]>;

const listed = (...lists: readonly ((notices: Notices) => readonly string[] | undefined)[]): PhraseSet =>
  phraseSet(lists.flatMap((listOf) => allWords(({ notices }) => notices && listOf(notices))));

/** Final failure, or failure of unknown duration. */
export const FAILURE_WORDS = listed(({ failures }) => failures);
/** Why something failed, in mail or elsewhere: they tell which sentence of a report gives the recipient. */
export const TROUBLE_WORDS = listed(
  ({ failures }) => failures,
  ({ troubles }) => troubles,
);
/** Sure signs, wherever they stand, that the server will try again. */
export const DELAY_SURE = listed(({ delays }) => delays);
/** Signs of delay in a subject or in the first words; in a remote server's reply they mean nothing. */
export const DELAY_WORDS = listed(({ late }) => late);
/** A report that also says this is final, whatever else it says. */
export const FINAL_WORDS = listed(({ finals }) => finals);
/** Subjects that daemons write over such reports, and people over much else. */
export const WEAK_SUBJECT_WORDS = listed(({ weakSubjects }) => weakSubjects);
/** Titles of reports; never a word that people write about goods. */
export const REPORT_SUBJECTS = listed(({ subjects }) => subjects);
/** Subjects of reports about mail that was not, or not yet, delivered. */
export const SUBJECT_WORDS = listed(
  ({ failures }) => failures,
  ({ subjects }) => subjects,
);
/** Sentences of Exchange in each of its languages. */
export const EXCHANGE_WORDS = listed(({ exchange }) => exchange);
/** `Recipients`, as a label. */
export const RECIPIENT_WORDS = listed(({ labels }) => labels?.recipient);
/** Words of a sentence that says why, not only that. */
export const REASON_WORDS = listed(({ why }) => why);
/** Lines above a reason, whole. */
export const TITLES = listed(({ titles }) => titles);
/** How paragraphs begin that are no reason. */
export const COURTESIES = listed(({ courtesies }) => courtesies);
/** A list warns its subscriber of old bounces. */
export const LIST_WARNINGS = listed(({ listWarnings }) => listWarnings);
/** A list refuses a message that was sent to it. */
export const LIST_REFUSALS = listed(({ listRefusals }) => listRefusals);
/** Speaks of the reader's mailbox, or of mail sent to him. */
export const TO_READER = listed(({ toReader }) => toReader);
export const OWNED = listed(({ owned }) => owned);
/** What became of a recipient whose mail arrived, whole. */
export const SUCCESSES = listed(({ successes }) => successes);
/** What shops and carriers deliver. */
export const GOODS = listed(({ goods }) => goods);
/** Mail, by whatever name. */
export const MAILS = listed(({ mails }) => mails);
/** How the line above the returned message begins. */
export const RETURNED_WORDS = listed(({ returned }) => returned);

/** Whether the text, in `plain` form, holds one of the phrases. */
export const holdsOneOf = (text: string, phrases: PhraseSet): boolean => phrases.isIn(text);

/** The subject, or the first `chars` characters of the words. */
export const opensWithOneOf = (
  { subject, words }: { readonly subject: string; readonly words: string },
  phrases: PhraseSet,
  chars: number,
): boolean => holdsOneOf(`${plain(subject)} ${words.slice(0, chars)}`, phrases);
