/** Every help desk, and what differs between them. */
import type { HelpDeskType } from "../../../../src/outputs/help-desks/settings.ts";
import { startFakeChatwoot } from "./chatwoot.ts";
import type { FakeDesk } from "./fake-desk.ts";
import { startFakeFreeScout } from "./freescout.ts";
import { startFakeFront } from "./front.ts";
import { startFakeHelpScout } from "./help-scout.ts";
import { startFakeIntercom } from "./intercom.ts";
import { startFakeZendesk } from "./zendesk.ts";
import { startFakeZammad } from "./zammad.ts";

export const FAKE_DESKS: Readonly<Record<HelpDeskType, () => Promise<FakeDesk>>> = {
  zammad: () => startFakeZammad({ elasticsearch: true }),
  chatwoot: startFakeChatwoot,
  freescout: startFakeFreeScout,
  zendesk: startFakeZendesk,
  intercom: startFakeIntercom,
  front: startFakeFront,
  helpscout: startFakeHelpScout,
};
