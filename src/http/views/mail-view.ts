/** The mail of a saved view, now: when it is due, or because somebody asks for it. */
import { messageOf } from "../../machine/error-message.ts";
import { sendViewMail } from "../../outputs/view-mail/view-mail.ts";
import type { MailSettings } from "../../outputs/view-mail/mail-settings.ts";
import type { SavedView } from "../../store/views/saved-view.ts";
import type { Store } from "../../store/store.ts";
import { mailedQueryOf } from "./page-queries.ts";

const ROWS = 12;
const BUDGET_MS = 10_000;

/** `due`: the time of the week that it is for; null where somebody asked. Resolves to why it failed, "" where it did not. */
export async function mailView(
  store: Pick<Store, "compare" | "viewMails">,
  settings: MailSettings,
  view: SavedView,
  due: number | null,
  now: number,
): Promise<string> {
  if (!view.mail) return "this view has no recipients";
  try {
    // Trust: what the view asks for, the credible ones unless it names others.
    const found = await store.compare({ ...mailedQueryOf(view, now), limit: ROWS, budgetMs: BUDGET_MS });
    await sendViewMail(settings, { view, found, to: view.mail.to, about: `${view.id}.${due ?? now}` });
    await store.viewMails.sent(view.id, due);
    return "";
  } catch (error) {
    const why = messageOf(error);
    await store.viewMails.failed(view.id, why);
    return why;
  }
}
