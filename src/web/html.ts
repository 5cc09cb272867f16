/**
 * HTML from template strings. Every value is escaped unless it is itself the result of `html`: there is no way to say
 * "trust this string", so a text from a mail cannot become markup by mistake.
 */

const MARK = Symbol("html");

/** Markup that is safe to send. Only `html` makes it. */
export interface Html {
  readonly [MARK]: string;
}

export type HtmlValue = Html | string | number | boolean | null | undefined | readonly HtmlValue[];

const ESCAPES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

// C0 but tab and line feed, C1, bidi controls and zero-width characters: they change what a reader sees of the rest.
// ZWNJ and ZWJ stay, Persian and emoji are written with them.
// eslint-disable-next-line no-control-regex -- these are the characters to be removed
const INVISIBLE = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g;

/** For display only: what was removed is still in the raw message and in the API. */
export const escapeMarkup = (text: string): string =>
  text.replaceAll(INVISIBLE, "").replaceAll(/[&<>"']/g, (char) => ESCAPES[char] ?? char);

export function html(strings: TemplateStringsArray, ...values: readonly HtmlValue[]): Html {
  let text = strings[0] ?? "";
  values.forEach((value, index) => {
    text += textOf(value) + (strings[index + 1] ?? "");
  });
  return { [MARK]: text };
}

/** `false`, null and undefined print nothing, so that `condition && html\`…\`` works. */
function textOf(value: HtmlValue): string {
  if (value === null || value === undefined || value === false || value === true) return "";
  if (typeof value === "string") return escapeMarkup(value);
  if (typeof value === "number") return String(value);
  if (isHtml(value)) return value[MARK];
  return value.map(textOf).join("");
}

const isHtml = (value: Html | readonly HtmlValue[]): value is Html => MARK in value;

export const renderHtml = (page: Html): string => page[MARK];
