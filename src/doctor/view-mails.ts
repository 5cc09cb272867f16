import { readFileSync } from "node:fs";
import type { Config } from "../config/config.ts";
import { messageOf } from "../machine/error-message.ts";
import { openToRead } from "../store/db/open-to-read.ts";
import { fail, ok, warn, type Check } from "./check.ts";

interface Mailed {
  readonly name: string;
  /** Why the last one was not sent, else empty. */
  readonly error: string;
}

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
  const mailed = await mailedViews(config);
  if (mailed === null) return [];
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
  const failed = mailed.filter(({ error }) => error !== "");
  return failed.length === 0
    ? [ok("mail", `${mailed.length} weekly mails of saved views, none failed`)]
    : failed.map(({ name, error }) =>
        fail(
          "mail",
          `the weekly mail of ${JSON.stringify(name)} was not sent: ${error}`,
          "repair the relay or correct mail in bounced.yaml; it is tried again, and “Send now” on the page Views sends it at once",
        ),
      );
};

/** Null where there is no log yet, or it does not answer: the check of the log says why. */
async function mailedViews(config: Config): Promise<readonly Mailed[] | null> {
  const database = await openToRead(config).catch(() => null);
  if (database === null) return null;
  try {
    return await database.read
      .selectFrom("saved_views")
      .select(["name", "mail_error as error"])
      .where("mail", "<>", "")
      .orderBy("name")
      .execute();
  } finally {
    await database.close();
  }
}
