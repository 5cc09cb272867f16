/**
 * HTML from template strings. Every value is escaped unless it is itself the result of `html`: there is no way to say
 * "trust this string", so a text from a mail cannot become markup by mistake.
 */
import { visibleText } from "../machine/visible-text.ts";

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

/** For display only: what was removed is still in the raw message and in the API. */
export const escapeMarkup = (text: string): string =>
  visibleText(text).replaceAll(/[&<>"']/g, (char) => ESCAPES[char] ?? char);

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
