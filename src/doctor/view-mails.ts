import { readFileSync } from "node:fs";
import { messageOf } from "../machine/error-message.ts";
import { openStore } from "../store/store.ts";
import { fail, ok, warn, type Check } from "./check.ts";

/** The weekly mails of saved views: a relay for them, and each sent the last time. Nothing is sent. */
export const checkViewMails: Check = async ({ config }) => {
  const settings = config.file.mail;
  if (settings?.passwordFile !== undefined)
    try {
      readFileSync(settings.passwordFile);
    } catch (error) {
      return [
        fail("mail", `mail.passwordFile cannot be read: ${messageOf(error)}`, "correct the path, or its permissions"),
      ];
    }
  let store;
  try {
    store = await openStore(config);
  } catch (error) {
    return [fail("mail", `the saved views cannot be read: ${messageOf(error)}`, "repair the log's database (above)")];
  }
  try {
    const mailed = (await store.views.list()).filter(({ mail }) => mail !== null);
    if (!settings)
      return mailed.length === 0
        ? []
        : [
            warn(
              "mail",
              `${mailed.length} saved views have a weekly mail, and none is sent`,
              "add mail.relay and mail.from to bounced.yaml (docs/compare.md)",
            ),
          ];
    const failed = mailed.filter(({ mailError }) => mailError !== "");
    return failed.length === 0
      ? [ok("mail", `${mailed.length} weekly mails of saved views, none failed`)]
      : failed.map(({ name, mailError }) =>
          fail(
            "mail",
            `the weekly mail of ${JSON.stringify(name)} was not sent: ${mailError}`,
            "repair the relay or correct mail in bounced.yaml; it is tried again, and “Send now” on the page Views sends it at once",
          ),
        );
  } finally {
    await store.close();
  }
};
