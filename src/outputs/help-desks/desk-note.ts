/**
 * An event as a note for agents. What strangers wrote (subject, addresses, the server's words) formats nothing, mentions
 * nobody and becomes no link: also where the desk itself makes links of what looks like one.
 */
import type { BouncedEvent } from "../../event/event.ts";
import { sentencesFor } from "../../explanations/explanation.ts";
import { shortened } from "../chat/alert-text.ts";
import { escapeHtml } from "../note.ts";
import type { Found } from "./find.ts";
import type { FormattedNote } from "./help-desk.ts";
import { NOTE_TEXTS, type NoteTexts } from "./note-texts.ts";
import type { HelpDeskSettings } from "./settings.ts";

const SUBJECT_CHARS = 150;
const ADDRESS_CHARS = 254;
const SAID_CHARS = 2000;
/** Shown as nothing, and takes apart what would otherwise be read as a link or a mention. */
const BREAK = "\u200b";

/** Stands in every note of the event, and in nothing else. */
export const markerOf = ({ id }: Pick<BouncedEvent, "id">): string => `bounced ${id}`;

export const ANY_MARKER = /\bbounced e[0-9a-f]{31}\b/;

export function deskNoteOf(
  event: BouncedEvent,
  { language, pagesUrl }: Pick<HelpDeskSettings, "language" | "pagesUrl">,
  by: Found["by"],
): FormattedNote {
  const texts = NOTE_TEXTS[language];
  const { mailed, address } = event.recipient;
  const isRedirected = address !== null && mailed !== null && address.toLowerCase() !== mailed.toLowerCase();
  const [whatHappened, whatToDo] = sentencesFor(event.reason, {
    language,
    provider: event.provider,
    status: event.status ?? event.derivedStatus,
  });
  const said = event.diagnostic === null ? null : harmless(event.diagnostic.text, SAID_CHARS);
  const parts = {
    title: titleOf(event, texts),
    paragraphs: [
      whatHappened,
      `${texts.whatToDo} ${whatToDo}`,
      ...(isRedirected ? [fill(texts.redirected, { final: harmless(address, ADDRESS_CHARS) })] : []),
      ...(by === "subject" ? [texts.bySubject] : []),
    ],
    said: said === null ? null : { label: texts.serverSaid, text: said },
    link:
      pagesUrl === undefined
        ? null
        : { label: texts.showEvent, url: `${pagesUrl.replace(/\/$/, "")}/log/${encodeURIComponent(event.id)}` },
    marker: markerOf(event),
  };
  return { html: htmlOf(parts), markdown: markdownOf(parts) };
}

interface NoteParts {
  readonly title: string;
  readonly paragraphs: readonly string[];
  readonly said: { readonly label: string; readonly text: string } | null;
  readonly link: { readonly label: string; readonly url: string } | null;
  readonly marker: string;
}

function htmlOf({ title, paragraphs, said, link, marker }: NoteParts): string {
  return [
    `<p><b>${escapeHtml(title)}</b></p>`,
    ...paragraphs.map((text) => `<p>${escapeHtml(text)}</p>`),
    ...(said ? [`<p>${escapeHtml(said.label)}<br><code>${escapeHtml(said.text)}</code></p>`] : []),
    ...(link ? [`<p><a href="${escapeHtml(link.url)}">${escapeHtml(link.label)}</a></p>`] : []),
    `<p>${escapeHtml(marker)}</p>`,
  ].join("\n");
}

function markdownOf({ title, paragraphs, said, link, marker }: NoteParts): string {
  return [
    `**${escapeMarkdown(title)}**`,
    ...paragraphs.map(escapeMarkdown),
    ...(said ? [`${escapeMarkdown(said.label)}\n\n${fenced(said.text)}`] : []),
    ...(link ? [`[${escapeMarkdown(link.label)}](<${link.url}>)`] : []),
    marker,
  ].join("\n\n");
}

/** CommonMark 2.4: after a backslash they are themselves. What counts at the start of a line stands at none. */
const escapeMarkdown = (text: string): string => text.replaceAll(/[\\`*_[\]<>|~&]/g, "\\$&");

/** A fence that is longer than any run of backticks in the text cannot be ended by it. */
function fenced(text: string): string {
  const longest = Math.max(2, ...(text.match(/`+/g) ?? []).map(({ length }) => length));
  const fence = "`".repeat(longest + 1);
  return `${fence}\n${text}\n${fence}`;
}

function titleOf({ kind, severity, recipient, original }: BouncedEvent, texts: NoteTexts): string {
  const title =
    kind === "bounce" || kind === "delay"
      ? texts[kind]
      : kind === "complaint" && severity === "complaint"
        ? texts.complaint
        : texts.report;
  const subject = harmless(original.subject ?? "", SUBJECT_CHARS);
  const to = oneLine(recipient.mailed ?? "", ADDRESS_CHARS);
  return fill(subject === "" ? title[1] : title[0], { subject, to });
}

/** In one pass: what is filled in is not looked at again. */
const fill = (text: string, values: Readonly<Record<string, string>>): string =>
  text.replaceAll(/\{(\w+)\}/g, (all, name: string) => values[name] ?? all);

/** Without line breaks, other control characters, and those that turn the direction of text around. */
const oneLine = (text: string, most: number): string =>
  shortened(
    text
      .slice(0, most * 4)
      .replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu, " ")
      .trim(),
    most,
  );

const harmless = (text: string, most: number): string =>
  oneLine(text, most)
    .replaceAll(/:(?=\/\/)|@/g, `$&${BREAK}`)
    .replaceAll(/\.(?=\p{L}{2})/gu, `.${BREAK}`);
