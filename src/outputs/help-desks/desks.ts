/** The table of help desks. */
import { openChatwoot } from "./desks/chatwoot.ts";
import { openZammad } from "./desks/zammad.ts";
import type { HelpDesk } from "./help-desk.ts";
import type { HelpDeskOf, HelpDeskSettings, HelpDeskType } from "./settings.ts";

const DESKS: { readonly [Type in HelpDeskType]: (settings: HelpDeskOf<Type>) => HelpDesk } = {
  zammad: openZammad,
  chatwoot: openChatwoot,
};

export const HELP_DESK_NAMES: Readonly<Record<HelpDeskType, string>> = {
  zammad: "Zammad",
  chatwoot: "Chatwoot",
};

export const openHelpDesk = (settings: HelpDeskSettings): HelpDesk =>
  (DESKS[settings.type] as (settings: HelpDeskSettings) => HelpDesk)(settings);

/** Where its API is. */
export const hostOfDesk = ({ type, url }: HelpDeskSettings): string =>
  url === undefined ? HELP_DESK_NAMES[type] : new URL(url).host;
