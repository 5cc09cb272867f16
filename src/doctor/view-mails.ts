import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { Config } from "../config/config.ts";
import { messageOf } from "../machine/error-message.ts";
import { askPostgres, DATABASE_MS } from "./ask-postgres.ts";
import { fail, ok, warn, type Check } from "./check.ts";

const MAILED = "select name, mail_error as error from saved_views where mail <> '' order by name";

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

/** Null where there are no views yet, or the log does not answer: the check of the log says why. Opened to read only. */
async function mailedViews({ DATABASE_URL, dataDir }: Config): Promise<readonly Mailed[] | null> {
  try {
    return DATABASE_URL
      ? await askPostgres(DATABASE_URL, async (client) => (await client.query<Mailed>(MAILED)).rows)
      : inSqlite(join(dataDir, "log.sqlite"));
  } catch {
    return null;
  }
}

function inSqlite(path: string): readonly Mailed[] | null {
  if (!existsSync(path)) return null;
  const database = new DatabaseSync(path, { readOnly: true, timeout: DATABASE_MS });
  try {
    return database
      .prepare(MAILED)
      .all()
      .map(({ name, error }) => ({ name: String(name), error: String(error) }));
  } finally {
    database.close();
  }
}
