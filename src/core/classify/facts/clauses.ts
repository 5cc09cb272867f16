/**
 * Text -> words and the marks between clauses, for reading facts. Addresses, host names, IP addresses and links become
 * one word each: what stands in them is an accident of the message, and no reason. Words that programs write together
 * (`RecipNotFound`, `user_unknown`) are taken apart.
 */
import { ADDRESS, CODES, foldText, IPV4, IPV6, MAX_TEXT, WORD_CHARACTERS } from "../words.ts";

/** Ends a sentence. */
export const STOP = "¶";
/** Comma, colon, bracket: the next clause may be about the same. */
export const PAUSE = "¦";

/** French, Italian and Catalan articles and pronouns before a vowel: `l'utilisateur`, `n'existe`. */
const ELIDED = /(?<![\p{L}'’])(l|d|n|m|t|s|j|c|qu|dell|nell|all|sull|dall|un|quell|nessun)['’](?=\p{L})/giu;
const TOGETHER = /(\p{Ll}{2})(?=\p{Lu}\p{Ll})/gu;
const LINK = /\b(?:https?:\/\/|www\.)[^\s<>"')\]]{1,400}/gi;
/** Top-level domains of more than three letters that mail knows; others are words without a blank between. */
const HOST =
  /(?<![\w@.-])(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9])?\.){1,8}(?:(?!exe\b|zip\b|bat\b|scr\b|the\b|try\b|you\b|for\b|not\b)[a-z]{2,3}|info|test|example|local|invalid|localdomain|internal|online|cloud|email|network|mobi|name|shop|tech|site|store|host|zone)(?![\w-])/g;
/** Texts without it hold no host name. */
const MAY_BE_HOST = /\.[a-z]{2}/;
const BLOCK_LIST =
  /spamhaus|spamcop|sorbs|abusix|uceprotect|barracudacentral|surriel|dnsbl|\brbl|\bbl\.|senderscore|mailspike|blocklist|blacklist|spfbl|abuseat|cbl\.|psbl|backscatterer|truncate\.gbudb|hostkarma|invaluement|nixspam|manitu|spamrats|interserver|junkemailfilter|uribl|surbl/i;
const SENTENCE = /(?<!\.)[.!?](?=\s|$)|[。！？]|\n\s*\n/g;
const BREAK = /[,‚;:(){}|=،؛、，；：（）【】]|\s[-–—]+\s|\.{2,}/g;
/** `/var/spool/mail/jo` */
const PATH = /(?<![\w/])(?:\/[\w.+-]{1,80}){2,12}/g;
/** `lookup shop.example on 192.0.2.53:53: no such host`: who was asked. */
const ASKED = / on +#ip *: *53\b/g;
/** `the From: header` */
const HEADER_NAME =
  /\b(from|sender|reply-to|return-path|to|cc|subject|date|message-id): ?(?=(?:header|field|line|address)\b)/gi;
const WORD = new RegExp(`${PAUSE}|${WORD_CHARACTERS}`, "gu");
// Most texts are plain ASCII, where short patterns find the same.
// oxlint-disable-next-line no-control-regex -- the range is what "ASCII" means
const ASCII = /^[\u0000-\u007f¶¦]*$/;
const ASCII_WORD = /[@¶¦]|#(?:ip|host|dnsbl)\b|[a-z0-9]+/g;
const ASCII_TOGETHER = /([a-z]{2})(?=[A-Z][a-z])/g;

const named = (name: string): string => (BLOCK_LIST.test(name) ? " #dnsbl " : " #host ");

export function clausesOf(text: string): readonly string[] {
  let plain = text.slice(0, MAX_TEXT);
  plain = plain.replaceAll(ASCII.test(plain) ? ASCII_TOGETHER : TOGETHER, "$1 ");
  if (/['’]/.test(plain)) plain = plain.replaceAll(ELIDED, "$1 ");
  if (plain.includes(":")) plain = plain.replaceAll(HEADER_NAME, "$1 ");
  if (plain.includes("@")) plain = plain.replaceAll(ADDRESS, " @ ");
  if (plain.includes("//") || plain.includes("www."))
    plain = plain.replaceAll(LINK, (link) => (BLOCK_LIST.test(link) ? " #dnsbl " : ` ${PAUSE} `));
  if (MAY_BE_HOST.test(plain)) plain = plain.replaceAll(HOST, named);
  if (plain.includes("/")) plain = plain.replaceAll(PATH, " ");
  plain = foldText(plain);
  if (plain.includes(".")) plain = plain.replaceAll(IPV4, " #ip ");
  if (plain.includes("::") || /:[0-9a-f]{1,4}:/.test(plain)) plain = plain.replaceAll(IPV6, " #ip ");
  if (plain.includes(" on ")) plain = plain.replaceAll(ASKED, " ");
  plain = plain.replaceAll(CODES, " ").replaceAll(SENTENCE, ` ${STOP} `).replaceAll(BREAK, ` ${PAUSE} `);
  if (plain.includes("_")) plain = plain.replaceAll("_", " ");
  return plain.match(ASCII.test(plain) ? ASCII_WORD : WORD) ?? [];
}
