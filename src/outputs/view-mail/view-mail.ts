/**
 * The weekly mail of a saved view: text and HTML with one picture inside, no remote content, and links that are the same
 * for every recipient. The reverse-path is null, so that no report about it comes back, and the mail is marked as ours, so
 * that one which comes back all the same is nobody's bounce (forward-mail.ts).
 */
import { readFileSync } from "node:fs";
import { NOTICE_HEADER } from "../../core/index.ts";
import { domainOf } from "../../addresses/domain.ts";
import { inTime } from "../../machine/in-time.ts";
import type { ComparedRow, Comparison } from "../../store/compare/compared.ts";
import type { PeriodSpan } from "../../store/compare/periods.ts";
import type { SavedView, ViewMailSettings } from "../../store/views/saved-view.ts";
import { escapeHtml } from "../note.ts";
import { createRelay } from "../forward-mail.ts";
import type { MailSettings } from "./mail-settings.ts";
import { visibleText } from "../../machine/visible-text.ts";
import { barsPng, PICTURE_HEIGHT, PICTURE_WIDTH } from "./bars-png.ts";

export interface ViewMail {
  readonly view: Pick<SavedView, "id" | "name" | "page" | "query">;
  readonly found: Comparison;
  readonly to: ViewMailSettings["to"];
  /** The same mail sent twice has the same one. */
  readonly about: string;
}

/** A relay that answers a word a minute is given up, before another process may claim the mail. */
const LONGEST_MS = 5 * 60_000;

/** Rejects as nodemailer does where nobody gets it. Resolves with what the relay said of single recipients that it refused. */
export async function sendViewMail(settings: MailSettings, mail: ViewMail): Promise<string> {
  const { relay, passwordFile, from } = settings;
  const password = passwordFile === undefined ? undefined : readFileSync(passwordFile, "utf8").trim();
  const { subject, text, html, picture } = viewMailOf(mail, settings.pagesUrl ?? null);
  const cid = `picture.${mail.about}@${domainOf(from)}`;
  const transport = createRelay(relay, password);
  try {
    const sending = transport.sendMail({
      from: { name: "bounced", address: from },
      to: [...mail.to],
      envelope: { from: "", to: [...mail.to] },
      subject,
      text,
      html: html(cid),
      ...(picture && { attachments: [{ filename: "periods.png", contentType: "image/png", content: picture, cid }] }),
      messageId: `<bounced.view.${mail.about}@${domainOf(from)}>`,
      headers: { "Auto-Submitted": "auto-generated", [NOTICE_HEADER]: `view.${mail.about}` },
    });
    const { rejectedErrors = [] } = await inTime(LONGEST_MS, sending, () => {
      throw new Error(`the relay took longer than ${LONGEST_MS / 60_000} minutes`);
    });
    return rejectedErrors.map(({ recipient, response }) => `not to ${recipient}: ${response}`).join("; ");
  } finally {
    transport.close();
  }
}

const ROWS = 12;
const formatted = new Intl.NumberFormat("en");

interface WrittenMail {
  readonly subject: string;
  readonly text: string;
  readonly html: (cid: string) => string;
  readonly picture: Buffer | null;
}

export function viewMailOf({ view, found }: Pick<ViewMail, "view" | "found">, pagesUrl: string | null): WrittenMail {
  const { total, period, before } = found;
  const name = printable(view.name);
  const base = pagesUrl?.replace(/\/$/, "") ?? null;
  const address = base && `${base}/${view.page}${view.query && `?${view.query}`}`;
  const stop = "Who may change saved views can stop this mail: page Views, “Edit”, remove the address.";
  const headline = `${formatted.format(total.count.now)} events, after ${formatted.format(total.count.before)}`;
  const spans = `${spanText(period)}, against ${spanText(before)} (UTC)`;
  const rows = found.rows.slice(0, ROWS);
  const about = Math.min(found.share.now, found.share.before) < 1 ? "The figures are estimates." : null;
  const lines = rows.map((row) => `${nameOf(row)}: ${figuresText(row)}`);
  const text = [
    name,
    headline,
    spans,
    "",
    ...lines,
    "",
    ...(about === null ? [] : [about]),
    ...(address === null ? [] : [address]),
    ...(base === null ? [] : [`${base}/views`]),
    stop,
    "",
  ].join("\n");
  const picture = total.steps && barsPng(total.steps);
  const html = (cid: string): string => `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>${escapeHtml(name)}</title></head>
<body style="margin:0;padding:24px;font:15px/1.5 sans-serif;color:#151b28;background:#ffffff">
<h1 style="font-size:20px;margin:0 0 4px">${escapeHtml(name)}</h1>
<p style="margin:0;font-size:17px"><b>${escapeHtml(headline)}</b></p>
<p style="margin:0 0 16px;color:#566072">${escapeHtml(spans)}</p>
${
  picture
    ? `<img src="cid:${cid}" width="${PICTURE_WIDTH / 2}" height="${PICTURE_HEIGHT / 2}" style="max-width:100%;height:auto" alt="${escapeHtml(pictureText(found))}">`
    : ""
}
<table style="border-collapse:collapse;margin:16px 0;font-size:14px" cellpadding="6">
<tr style="text-align:left;color:#566072"><th></th><th align="right">Events</th><th align="right">Before</th><th align="left">Change</th></tr>
${rows.map(rowHtml).join("\n")}
</table>
${about === null ? "" : `<p>${about}</p>`}
${address === null ? "" : `<p><a href="${escapeHtml(address)}" style="color:#2c50c8">Show the view</a></p>`}
<p style="color:#566072;font-size:13px">${escapeHtml(stop)}${base === null ? "" : ` <a href="${escapeHtml(`${base}/views`)}" style="color:#2c50c8">Saved views</a>`}</p>
</body></html>`;
  return { subject: `${name}: ${headline}`.slice(0, 200), text, html, picture };
}

const nameOf = ({ value }: ComparedRow): string => (value === "" ? "not named" : printable(value));

const CHANGE_WORDS = { grew: "grew beyond chance", fell: "fell beyond chance", same: "" } as const;

const figuresText = ({ count: { now, before }, change }: ComparedRow): string =>
  [`${formatted.format(now)}, before ${formatted.format(before)}`, CHANGE_WORDS[change]].filter(Boolean).join(", ");

const rowHtml = (row: ComparedRow): string =>
  `<tr style="border-top:1px solid #e2e6ed"><td>${escapeHtml(nameOf(row))}</td><td align="right">${formatted.format(row.count.now)}</td><td align="right">${formatted.format(row.count.before)}</td><td>${CHANGE_WORDS[row.change]}</td></tr>`;

const pictureText = ({ step, total }: Comparison): string =>
  `Events each ${step}: ${total.steps?.now.join(", ")}; before: ${total.steps?.before.join(", ")}`;

const DAY_MS = 86_400_000;
function spanText({ from, to }: PeriodSpan): string {
  const isDays = from % DAY_MS === 0 && to % DAY_MS === 0 && to > from;
  const length = isDays ? 10 : 16;
  const at = (ms: number): string => new Date(ms).toISOString().slice(0, length).replace("T", " ");
  return `${at(from)} to ${at(isDays ? to - DAY_MS : to)}`;
}

/** Values come from mail, names from people: no line of their own, no markup. */
const printable = (text: string): string => visibleText(text.replaceAll(/\s/g, " ")).slice(0, 200);
