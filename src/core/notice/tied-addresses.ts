/**
 * Addresses in running text that a sentence about a failure names as its recipient. The last resort, and a careful
 * one: the words before the address must say that it is the recipient, and it must be neither ours nor a contact.
 */
import { addressesIn, sameAddress, withoutRunningText } from "../fields/address.ts";
import { WIDE_PUNCTUATION, isAddress } from "../../addresses/is-address.ts";
import { domainOf } from "../../addresses/domain.ts";
import type { Block } from "./blocks.ts";
import type { Notice } from "./notice.ts";
import { plain } from "../knowledge/plain.ts";
import { announcesOther, announcesRecipient, confirmsRecipient, joinsAddresses } from "./beside-address.ts";
import { DELAY_SURE, REASON_WORDS, TROUBLE_WORDS, holdsOneOf } from "./phrases.ts";
import { weightOf } from "./reply.ts";

const MAX_SENTENCES = 400;
const MAX_TIED = 100;
/** Lines and paragraphs looked at behind a sentence. */
const MAX_BEHIND = 12;
/** Characters behind sentences, shared by all that name an address: where many do, each speaks for its own. */
const MAX_CHARS_BEHIND = 4_000;
const MIN_CHARS_BEHIND = 100;
const ADDRESS = new RegExp(
  String.raw`(?:"[^"\s@]{1,64}"|(?<=<)[^\s"<>@,;:]{1,128}(?=@[^\s<>]{3,255}>)|[^\s"'(),:;<>@[\]\\=&?/${WIDE_PUNCTUATION}]{1,128})@(?:\[[\w.:]{3,60}\]|[\p{L}\p{N}_][\p{L}\p{M}\p{N}_.-]{0,253})`,
  "gu",
);

const LOCAL_CONTACT =
  /^(?:mailer-daemon|postmaster|abuse|support|helpdesk|noreply|no-reply|webmaster|hostmaster|admin|info-?desk)$/i;

/** Sentences: paragraphs, cut at full stops that end a word. Each with the number of its paragraph. */
function sentencesOf(paragraphs: readonly string[]): readonly { readonly text: string; readonly paragraph: number }[] {
  return paragraphs
    .flatMap((text, paragraph) =>
      text
        .replace(/\s+/g, " ")
        .trim()
        .split(/(?<=[^\s.]{2}[.!?。])\s(?=\S)/u)
        .map((sentence) => ({ text: sentence, paragraph })),
    )
    .filter(({ text }) => text !== "")
    .slice(0, MAX_SENTENCES);
}

/** Sentences in which a daemon that writes under the title of such reports says no more than the reason. */
const FIRST_SENTENCES = 5;
/** Under the title of such reports a daemon's first sentences need no more than the reason: `Address user@example.org unknown`. */
const speaksOfFailure = (notice: Notice, text: string): boolean =>
  fails(text) || (notice.isDaemon && notice.isFailureSubject && holdsOneOf(text, REASON_WORDS));
const fails = (text: string): boolean => holdsOneOf(text, TROUBLE_WORDS) || holdsOneOf(text, DELAY_SURE);

const REMARK = /^[>"']?\s?\(([^()@]{3,200})\)/;

interface Named {
  readonly address: string;
  /** `(552 over quota)` right behind it: about this recipient alone. */
  readonly remark: string | null;
}

function recipientsIn(sentence: string, own: ReadonlySet<string>): readonly Named[] {
  const found: Named[] = [];
  /** Behind the last recipient. */
  let end = -1;
  for (const match of sentence.matchAll(ADDRESS)) {
    const address = withoutRunningText(match[0].replace(/^[.*'`|]+|[.'`-]+$/g, ""));
    if (!isAddress(address) || domainOf(address)?.includes(".") !== true) continue;
    const start = match.index + Math.max(0, match[0].indexOf(address));
    const before = plain(sentence.slice(Math.max(0, start - 80), start));
    const behind = plain(sentence.slice(start + address.length, start + address.length + 20));
    const isNext = end >= 0 && start - end < 220 && joinsAddresses(plain(` ${sentence.slice(end, start)} `));
    if (!isNext && (announcesOther(before) || !(announcesRecipient(before) || confirmsRecipient(behind)))) continue;
    end = start + address.length;
    if (own.has(address.toLowerCase()) || LOCAL_CONTACT.test(address.slice(0, address.lastIndexOf("@")))) continue;
    const remark = REMARK.exec(sentence.slice(end, end + 250))?.[1] ?? null;
    if (!found.some((known) => known.address.toLowerCase() === address.toLowerCase())) found.push({ address, remark });
  }
  return found;
}

/** `3 messages could not be delivered to <our own address>`: the notice is about mail to us, not from us. */
export const failsForReader = (notice: Notice): boolean =>
  sentencesOf(notice.lines.join("\n").split(/\n\s*\n/, MAX_SENTENCES)).some(({ text }) => {
    if (!notice.sentTo.some((own) => text.toLowerCase().includes(own)) || !fails(plain(text))) return false;
    const named = addressesIn(text.toLowerCase(), 20);
    return named.every((one) => notice.sentTo.includes(one)) && recipientsIn(text, NOBODY).length > 0;
  });
const NOBODY: ReadonlySet<string> = new Set();

/**
 * One block per address that a failure sentence names, or else the subject, with that sentence and what follows it up
 * to the next such sentence. Our address and the notice's own are left out.
 */
export function readTied(
  notice: Notice,
  saysMore: (text: string, isBeside: boolean) => boolean = () => false,
): readonly Block[] {
  const own = new Set([...notice.sentTo, notice.sender].filter((address) => address !== ""));
  // `Unknown user: a@b` line below line: each is a sentence.
  const text = notice.lines.join("\n").replace(/(@[^\s@]{3,255})\n(?=[^\n@]{1,80}@[^\s@]{3,255}(?:\n|$))/g, "$1\n\n");
  const paragraphs = text.split(/\n\s*\n/, MAX_SENTENCES);
  const sentences = sentencesOf(paragraphs);
  const naming = sentences.filter(({ text }) => text.includes("@")).length;
  const maxBehind = Math.max(MIN_CHARS_BEHIND, Math.floor(MAX_CHARS_BEHIND / Math.max(1, naming)));
  const blocks: { address: string; derivedFrom: null; paragraphs: string[][] }[] = [];
  let open: (typeof blocks)[number][] = [];
  let paragraph = -1;
  for (const [index, sentence] of sentences.entries()) {
    // `Message for <a@b> … . It could not be delivered`: the neighbour may hold the failure.
    const words = plain(sentence.text);
    const speaks =
      sentence.text.includes("@") &&
      ((index < FIRST_SENTENCES ? speaksOfFailure(notice, words) : fails(words)) ||
        fails(plain(sentences[index - 1]?.text ?? "")) ||
        saysMore(sentence.text, false) ||
        saysMore(sentences[index + 1]?.text ?? "", true));
    const addresses = speaks ? recipientsIn(sentence.text, own) : [];
    const fresh = addresses.filter((one) => !blocks.some(({ address }) => sameAddress(address, one.address)));
    if (fresh.length > 0 && blocks.length < MAX_TIED) {
      const reason = holdsOneOf(words, REASON_WORDS) || holdsReply(sentence.text) ? [sentence.text] : [];
      const lines = [...reason, ...linesAfter(paragraphs[sentence.paragraph]!, sentence.text, maxBehind)];
      const isList = fresh.length > 1 && fresh.some(({ remark }) => remark !== null);
      open = fresh.map(({ address, remark }) => ({
        address,
        derivedFrom: null,
        paragraphs: [isList ? (remark === null ? [] : [remark]) : [...lines]],
      }));
      blocks.push(...open);
      paragraph = sentence.paragraph;
    } else if (sentence.paragraph !== paragraph && sentence.paragraph !== sentences[index - 1]?.paragraph) {
      const lines = linesOf(paragraphs[sentence.paragraph]!).slice(0, MAX_BEHIND);
      for (const block of open) if (block.paragraphs.length < MAX_BEHIND) block.paragraphs.push(lines);
    }
  }
  if (blocks.length > 0 || !notice.isFailureSubject) return blocks;
  const [first] = recipientsIn(notice.subject, own);
  return first === undefined ? [] : [{ address: first.address, derivedFrom: null, paragraphs: [[notice.subject]] }];
}

const linesOf = (paragraph: string): string[] =>
  paragraph
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");

/** What the paragraph says behind the sentence, in the lines it stands in. */
function linesAfter(paragraph: string, sentence: string, maxChars: number): readonly string[] {
  const last = sentence.slice(sentence.lastIndexOf(" ") + 1);
  const from = Math.max(0, paragraph.indexOf(last, Math.max(0, paragraph.indexOf(sentence.split(" ", 1)[0]!))));
  return linesOf(paragraph.slice(from + last.length, from + last.length + maxChars)).slice(0, MAX_BEHIND);
}

const holdsReply = (text: string): boolean => weightOf([text]) > 0;
