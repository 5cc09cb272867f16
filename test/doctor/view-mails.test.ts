/** What doctor says of weekly mails: from a log that it opens to read only, on both databases. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { Config } from "../../src/config/config.ts";
import type { CheckContext, Finding } from "../../src/doctor/check.ts";
import { checkViewMails } from "../../src/doctor/view-mails.ts";
import { checkedView } from "../../src/http/views/page-queries.ts";
import { openStore, type StoreConfig } from "../../src/store/store.ts";
import { DAY, NOW, onBoth } from "../store/on-both.ts";

const findings = (config: StoreConfig): Promise<readonly Finding[]> =>
  checkViewMails({ config: config as Config } as CheckContext);

const relay = { relay: "smtp://127.0.0.1:1", from: "reports@shop.example" };
const mail = { to: ["ann@shop.example"], weekday: "monday" as const, hour: 8, timeZone: "UTC" };

onBoth(({ dialect, config, emptyConfig, clock }) => {
  test("a log that is not there is not made", async () => {
    const fresh = emptyConfig();
    expect(await findings(fresh)).toEqual([]);
    if (dialect === "sqlite") expect(existsSync(join(fresh.dataDir, "log.sqlite"))).toBe(false);
  });

  test("no relay, then a mail that was sent, then one that was not", async () => {
    const present = config();
    const store = await openStore(present, { now: () => clock.now });
    await store.views.create(checkedView({ name: "Blocks", page: "log", query: "", alert: null, mail }), "test");
    expect(await findings(present)).toMatchObject([{ id: "mail", state: "warn" }]);
    const withRelay = { ...present, file: { ...present.file, mail: relay } };
    expect(await findings(withRelay)).toMatchObject([{ state: "ok", found: expect.stringContaining("1 weekly mail") }]);
    clock.now = NOW + 8 * DAY;
    const due = await store.viewMails.claim();
    await store.viewMails.failed(due?.view.id ?? "", "451 4.3.0 Not now");
    expect(await findings(withRelay)).toMatchObject([
      { state: "fail", found: 'the weekly mail of "Blocks" was not sent: 451 4.3.0 Not now' },
    ]);
    await store.close();
  });
});
