import { messageOf } from "../machine/error-message.ts";
import { openHelpDesk } from "../outputs/help-desks/desks.ts";
import type { HelpDeskSettings } from "../outputs/help-desks/settings.ts";
import { fail, ok, warn, type Check, type Finding } from "./check.ts";

/** Each help desk accepts its key, and has what a note needs. Nothing is written there. */
export const checkHelpDesks: Check = ({ config }) =>
  Promise.all(config.file.helpDesks.map((settings) => checkDesk(settings, config.BOUNCED_KEEP_HEADERS)));

async function checkDesk(settings: HelpDeskSettings, keptHeaders: readonly string[]): Promise<Finding> {
  const { id, header } = settings;
  const finding = `help-desk ${id}`;
  try {
    const { who, problem } = await openHelpDesk(settings).check();
    if (problem !== null) return warn(finding, `the key of ${who} works, but ${problem.found}`, problem.todo);
    if (header !== undefined && !keptHeaders.includes(header))
      return warn(finding, `events do not keep the header ${header}`, `add ${header} to BOUNCED_KEEP_HEADERS`);
    return ok(finding, `it accepts the key of ${who}`);
  } catch (error) {
    return fail(
      finding,
      messageOf(error),
      "correct url and key in bounced.yaml (docs/help-desks.md); notes wait for a day, then bounced help-desks replay",
    );
  }
}
