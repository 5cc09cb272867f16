/** The mail of a saved view, now: when it is due, or because somebody asks for it. */
import { messageOf } from "../../machine/error-message.ts";
import { sendViewMail } from "../../outputs/view-mail/view-mail.ts";
import type { MailSettings } from "../../outputs/view-mail/mail-settings.ts";
import type { SavedView } from "../../store/views/saved-view.ts";
import type { Store } from "../../store/store.ts";
import { assertRecipients, mailedQueryOf } from "./page-queries.ts";

const ROWS = 12;
const BUDGET_MS = 10_000;

export interface MailedView {
  /** Nobody gets it, and it is tried again. */
  readonly isFailed: boolean;
  /** Why, or who does not get it; "" where all do. */
  readonly why: string;
}

/** `due`: the time of the week that it is for; null where somebody asked. */
export async function mailView(
  store: Pick<Store, "compare" | "viewMails">,
  settings: MailSettings,
  view: SavedView,
  due: number | null,
  now: number,
): Promise<MailedView> {
  if (!view.mail) return { isFailed: true, why: "this view has no recipients" };
  try {
    assertRecipients(settings, view);
    // Trust: what the view asks for, the credible ones unless it names others.
    const found = await store.compare({ ...mailedQueryOf(view, now), limit: ROWS, budgetMs: BUDGET_MS });
    const why = await sendViewMail(settings, { view, found, to: view.mail.to, about: `${view.id}.${due ?? now}` });
    await store.viewMails.sent(view.id, due, why);
    return { isFailed: false, why };
  } catch (error) {
    const why = messageOf(error);
    await store.viewMails.failed(view.id, why);
    return { isFailed: true, why };
  }
}
