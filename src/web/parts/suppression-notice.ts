/** What was just done to the suppression list, with its undo, on whatever page it was done from. */
import { z } from "zod";
import { html } from "../html.ts";
import { csrfField, type PageNotice } from "../layout.ts";
import { link, type View } from "../view.ts";

/** Query parameters of a page that such a change returns to. */
export const doneShape = {
  done: z.enum(["added", "removed", "undone"]).optional(),
  change: z.coerce.number().int().optional(),
  /** The address or domain. */
  of: z.string().max(320).optional(),
} as const;
const doneSchema = z.object(doneShape);
export type Done = z.infer<typeof doneSchema>;

/** Pages that a change may be made on and returns to. */
export const backField = z
  .string()
  .regex(/^\/(?:suppressions|log\/[0-9a-z-]{1,80}|recipients\/[\w.!~*'()%-]{1,3000})$/, "expected a page")
  .default("/suppressions");

export function suppressionNotice(
  view: View,
  { done, change, of = view.t.suppressions.theEntry }: Done,
  back: string,
): PageNotice | null {
  if (!done) return null;
  const undo =
    change !== undefined && done !== "undone" && view.may("operator")
      ? html`<form class="inline" method="post" action="${link(view, "/suppressions/undo")}">
          ${csrfField(view)}<input type="hidden" name="change" value="${change}" /><input
            type="hidden"
            name="back"
            value="${back}"
          /><input type="hidden" name="of" value="${of}" /><button class="small">${view.t.common.undo}</button>
        </form>`
      : null;
  const t = view.t.suppressions;
  const said = { added: t.wasAdded, removed: t.wasRemoved, undone: t.wasUndone }[done];
  return { tone: "good", text: html`${said(html`<b>${of}</b>`)} ${undo}` };
}
