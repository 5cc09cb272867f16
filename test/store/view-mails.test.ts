/** Weekly mails of saved views: due once a week in the reader's time zone, claimed by one process, over real SMTP. */
import { inflateSync } from "node:zlib";
import { simpleParser, type ParsedMail } from "mailparser";
import { afterAll, beforeAll, expect, test } from "vitest";
import { lastDue } from "../../src/store/views/mail-week.ts";
import { openStore, type Store } from "../../src/store/store.ts";
import { checkedView } from "../../src/http/views/page-queries.ts";
import { sendViewMails } from "../../workers/views.ts";
import { smtpRefusal, startRemoteSmtp, type RemoteSmtp } from "../support/remote-smtp.ts";
import { jobOf, makeEvent } from "./make-event.ts";
import { DAY, NOW, onBoth } from "./on-both.ts";

const HOUR = DAY / 24;

interface Taken {
  readonly reversePath: string;
  readonly to: readonly string[];
  readonly mail: ParsedMail;
}
let relay: RemoteSmtp;
let taken: Taken[] = [];
let isDown = false;
let refused = "";
beforeAll(async () => {
  relay = await startRemoteSmtp({
    onMailFrom: (_address, _session, callback) => callback(isDown ? smtpRefusal(451, "4.3.0 Not now") : undefined),
    onRcptTo: ({ address }, _session, callback) =>
      callback(address === refused ? smtpRefusal(550, "5.1.1 No such user") : undefined),
    onData(stream, { envelope }, callback) {
      void simpleParser(stream).then((mail) => {
        const from = envelope.mailFrom === false ? "" : envelope.mailFrom.address;
        taken.push({ reversePath: from, to: envelope.rcptTo.map(({ address }) => address), mail });
        callback();
      });
    },
  });
});
afterAll(() => relay.stop());

const settings = () => ({
  relay: `smtp://127.0.0.1:${relay.port}`,
  from: "reports@shop.example",
  pagesUrl: "https://bounced.shop.example/mail/",
});
const weekly = { to: ["ann@shop.example", "bob@shop.example"], weekday: "monday", hour: 8, timeZone: "UTC" } as const;

async function seed(store: Store): Promise<void> {
  const some = (count: number, at: number, tag: string) =>
    Array.from({ length: count }, (_, n) =>
      jobOf([
        makeEvent({
          address: `u${n}@example.org`,
          at: at + n,
          returnPath: { address: "b@b.example", scheme: "plain", recipient: null, tag, issuedAt: null },
        }),
      ]),
    );
  await store.record([
    ...some(1, NOW - 30 * DAY, "old"),
    ...some(40, NOW - 2 * DAY, "spring"),
    ...some(10, NOW - 9 * DAY, "spring"),
    ...some(7, NOW - 3 * DAY, '<img src="https://evil.example/x.png">'),
  ]);
}

test.each([
  ["monday", 8, "UTC", "2026-03-04T12:00Z", "2026-03-02T08:00Z"],
  ["monday", 8, "UTC", "2026-03-02T08:00Z", "2026-03-02T08:00Z"],
  ["monday", 8, "UTC", "2026-03-02T07:59Z", "2026-02-23T08:00Z"],
  ["friday", 17, "Europe/Berlin", "2026-07-04T12:00Z", "2026-07-03T15:00Z"],
  ["monday", 9, "Asia/Kolkata", "2026-03-04T12:00Z", "2026-03-02T03:30Z"],
  ["monday", 0, "America/New_York", "2026-03-04T12:00Z", "2026-03-02T05:00Z"],
  // The hour that the clocks leave out.
  ["sunday", 2, "Europe/Berlin", "2026-03-30T12:00Z", "2026-03-29T01:00Z"],
  // The hour that they have twice.
  ["sunday", 2, "Europe/Berlin", "2026-10-26T12:00Z", "2026-10-25T00:00Z"],
] as const)("%s %i:00 in %s, at %s: %s", (weekday, hour, timeZone, now, due) => {
  expect(new Date(lastDue({ weekday, hour, timeZone }, Date.parse(now))).toISOString()).toBe(
    new Date(due).toISOString(),
  );
});

onBoth(({ config, clock }) => {
  test("two processes send one mail a week; what the relay refused is tried again", { timeout: 120_000 }, async () => {
    clock.now = NOW;
    const at = config();
    const options = { now: () => clock.now };
    const [one, other] = [await openStore(at, options), await openStore(at, options)];
    await seed(one);
    await one.views.create(
      checkedView({
        name: "Spring <b>",
        page: "compare",
        query: "by=tag&period=last-week",
        alert: null,
        mail: { ...weekly, to: [...weekly.to] },
      }),
      "test",
    );
    const round = async () => {
      taken = [];
      await Promise.all([one, other].map((store) => sendViewMails(store, settings(), clock.now)));
      return taken.length;
    };
    // The time of this week was before the view.
    expect(await round()).toBe(0);
    // Monday, 8:01.
    clock.now = NOW + 20 * HOUR + 60_000;
    isDown = true;
    expect(await round()).toBe(0);
    expect((await other.views.list())[0]?.mailError).toContain("451");
    isDown = false;
    expect(await round()).toBe(0);
    clock.now += 6 * 60_000;
    expect(await round()).toBe(1);
    const [{ reversePath, to, mail } = { reversePath: "?", to: [], mail: null }] = taken;
    expect([reversePath, to]).toEqual(["", ["ann@shop.example", "bob@shop.example"]]);
    expect(mail?.headers.get("auto-submitted")).toBe("auto-generated");
    expect(mail?.headers.has("x-bounced-notice")).toBe(true);
    expect(mail?.subject).toBe("Spring <b>: 47 events, after 10");
    expect(mail?.text).toContain("spring: 40, before 10, grew beyond chance");
    expect(mail?.text).toContain("https://bounced.shop.example/mail/compare?by=tag&period=last-week");
    const html = String(mail?.html);
    expect(html).toContain("Spring &lt;b&gt;");
    // Nothing from elsewhere: one picture, in the mail, and links that say nothing of the reader.
    const tags = (html.match(/<[a-z][^>]*>/g) ?? []).join("");
    const addresses = [...tags.matchAll(/\b(?:src|href|background|url)\s*[=(]\s*"?([^"\s>)]+)/g)].map(([, one]) => one);
    expect(
      addresses.filter(
        (one) => !one?.startsWith("https://bounced.shop.example/mail/") && !one?.startsWith("data:image/png;base64,"),
      ),
    ).toEqual([]);
    expect(html).not.toMatch(/ann@|bob@/);
    const [picture] = mail?.attachments ?? [];
    expect([mail?.attachments.length, picture?.contentType, picture?.related]).toEqual([1, "image/png", true]);
    const png = picture?.content ?? Buffer.alloc(0);
    expect(png.length).toBeLessThan(4096);
    const data = png.subarray(png.indexOf("IDAT") + 4);
    expect(inflateSync(data.subarray(0, png.readUInt32BE(png.indexOf("IDAT") - 4))).length).toBe(1201 * 240);
    // Sent, also for a process that starts now; a week later again.
    clock.now += HOUR;
    expect(await round()).toBe(0);
    const later = await openStore(at, options);
    await later.close();
    expect((await one.views.list())[0]).toMatchObject({ mailError: "", mailSentAt: expect.any(String) });
    clock.now += 7 * DAY;
    expect(await round()).toBe(1);
    await one.close();
    await other.close();
  });

  test("views of the log and of rates have a mail, too", async () => {
    clock.now = NOW;
    const store = await openStore(config(), { now: () => clock.now });
    await seed(store);
    const mail = { ...weekly, to: [...weekly.to] };
    await store.views.create(
      checkedView({ name: "Log", page: "log", query: "tag=spring&from=2026-01-01", alert: null, mail }),
      "test",
    );
    await store.views.create(
      checkedView({ name: "Rates", page: "rates", query: "by=tag&days=30", alert: null, mail }),
      "test",
    );
    clock.now = NOW + 21 * HOUR;
    taken = [];
    expect(await sendViewMails(store, settings(), clock.now)).toEqual({ sent: 2, failed: [] });
    expect(taken.map(({ mail: { subject } }) => subject ?? "").toSorted((a, b) => (a < b ? -1 : 1))).toEqual([
      "Log: 40 events, after 10",
      "Rates: 47 events, after 10",
    ]);
    expect(await sendViewMails(store, undefined, clock.now)).toEqual({ sent: 0, failed: [] });
    await store.close();
  });

  test("each process has one mail in hand, so none waits behind a relay that hangs until another sends it too", async () => {
    clock.now = NOW;
    const at = config();
    const options = { now: () => clock.now };
    const [one, other] = [await openStore(at, options), await openStore(at, options)];
    const mail = { ...weekly, to: [...weekly.to] };
    for (const name of ["First", "Second"])
      await one.views.create(checkedView({ name, page: "log", query: "", alert: null, mail }), "test");
    clock.now = NOW + 21 * HOUR;
    const claims = [await one.viewMails.claim(), await other.viewMails.claim(), await one.viewMails.claim()];
    expect(claims.map((claim) => claim?.view.name)).toEqual(["First", "Second", undefined]);
    await one.close();
    await other.close();
  });

  test("whom the relay refuses is named, and the others get it once; whom bounced.yaml does not allow gets none", async () => {
    clock.now = NOW;
    const store = await openStore(config(), { now: () => clock.now });
    const mail = { ...weekly, to: [...weekly.to] };
    await store.views.create(checkedView({ name: "Log", page: "log", query: "", alert: null, mail }), "test");
    const elsewhere = { ...mail, to: ["eve@elsewhere.example"] };
    const outside = { name: "Outside", page: "log" as const, query: "", alert: null, mail: elsewhere };
    expect(() => checkedView(outside, settings())).toThrow("eve@elsewhere.example is not among mail.recipients");
    expect(checkedView(outside, { ...settings(), recipients: ["elsewhere.example"] })).toMatchObject(outside);
    expect(checkedView(outside, { ...settings(), recipients: ["*"] })).toMatchObject(outside);
    // Saved before the setting was there.
    await store.views.create(outside, "test");
    clock.now = NOW + 21 * HOUR;
    taken = [];
    refused = "bob@shop.example";
    expect(await sendViewMails(store, settings(), clock.now)).toMatchObject({
      sent: 1,
      failed: [{ why: expect.stringMatching(/^not to bob@shop.example: 550/) }, { why: expect.stringMatching(/eve@/) }],
    });
    refused = "";
    expect(taken.map(({ to }) => to)).toEqual([["ann@shop.example"]]);
    clock.now += HOUR;
    await sendViewMails(store, settings(), clock.now);
    expect(taken).toHaveLength(1);
    expect((await store.views.list())[0]).toMatchObject({ mailError: expect.stringContaining("not to bob") });
    await store.close();
  });

  test("a clock that was years ahead does not stop the mails of the right time", async () => {
    clock.now = NOW + 3000 * DAY;
    const store = await openStore(config(), { now: () => clock.now });
    const mail = { ...weekly, to: [...weekly.to] };
    await store.views.create(checkedView({ name: "Log", page: "log", query: "", alert: null, mail }), "test");
    clock.now += 7 * DAY;
    isDown = true;
    expect((await sendViewMails(store, settings(), clock.now)).failed).toHaveLength(1);
    isDown = false;
    clock.now = NOW;
    expect(await sendViewMails(store, settings(), clock.now)).toEqual({ sent: 0, failed: [] });
    clock.now = NOW + 21 * HOUR;
    expect(await sendViewMails(store, settings(), clock.now)).toEqual({ sent: 1, failed: [] });
    await store.close();
  });

  test("erasing an address takes it out of views", async () => {
    clock.now = NOW;
    const store = await openStore(config(), { now: () => clock.now });
    const mail = { ...weekly, to: ["Ann@shop.example", "bob@shop.example"] };
    const query = "address=ann%40shop.example%2Ceve%40shop.example";
    await store.views.create(
      checkedView({ name: "About ann@shop.example", page: "log", query, alert: null, mail }),
      "test",
    );
    await store.views.create(
      checkedView({ name: "Other", page: "log", query: "tag=spring", alert: null, mail: null }),
      "test",
    );
    await store.erase("ann@shop.example");
    const [about, other] = await store.views.list();
    expect(JSON.stringify(about)).not.toMatch(/ann(?:@|%40)shop/i);
    expect(about).toMatchObject({
      query: "address=erased%40erased.invalid%2Ceve%40shop.example",
      mail: { to: ["bob@shop.example"] },
    });
    expect(other).toMatchObject({ name: "Other", query: "tag=spring" });
    await store.close();
  });
});
