/** The table of help desks. */
import { openChatwoot } from "./desks/chatwoot.ts";
import { openFreeScout } from "./desks/freescout.ts";
import { openFront } from "./desks/front.ts";
import { openHelpScout } from "./desks/help-scout.ts";
import { openIntercom } from "./desks/intercom.ts";
import { openZammad } from "./desks/zammad.ts";
import { openZendesk } from "./desks/zendesk.ts";
import type { HelpDesk } from "./help-desk.ts";
import type { HelpDeskOf, HelpDeskSettings, HelpDeskType } from "./settings.ts";

const DESKS: { readonly [Type in HelpDeskType]: (settings: HelpDeskOf<Type>) => HelpDesk } = {
  zammad: openZammad,
  chatwoot: openChatwoot,
  freescout: openFreeScout,
  zendesk: openZendesk,
  intercom: openIntercom,
  front: openFront,
  helpscout: openHelpScout,
};

export const HELP_DESK_NAMES: Readonly<Record<HelpDeskType, string>> = {
  zammad: "Zammad",
  chatwoot: "Chatwoot",
  freescout: "FreeScout",
  zendesk: "Zendesk",
  intercom: "Intercom",
  front: "Front",
  helpscout: "Help Scout",
};

export const openHelpDesk = (settings: HelpDeskSettings): HelpDesk =>
  (DESKS[settings.type] as (settings: HelpDeskSettings) => HelpDesk)(settings);

/** Where its API is. */
export const hostOfDesk = ({ type, url }: HelpDeskSettings): string =>
  url === undefined ? HELP_DESK_NAMES[type] : new URL(url).host;
