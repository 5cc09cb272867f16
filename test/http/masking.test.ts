/** Masked personal data: a viewer finds no local part, name, subject or header of a person, whatever is asked. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { checkedView } from "../../src/http/views/page-queries.ts";
import { createPseudonyms } from "../../src/masking/pseudonyms.ts";
import { recentAlerts } from "../../src/web/parts/alerts.ts";
import { jobOf, makeEvent } from "../store/make-event.ts";
import { UNALIGNED } from "../store/incidents/seed.ts";
import { startHarness, type Caller, type Harness } from "./harness.ts";

const MARTA = "marta.keller84@shop.example";
/** As they may stand anywhere, in any spelling. */
const KNOWN =
  /marta|keller|o'brien|o&#39;brien|brien|jürgen|juergen|ansgar|zwiebel|1045142|customer-77|kundennummer|secret-note|bWFydGEu/i;
const HOUR = 3_600_000;
let harness: Harness;
let id = "";
let incident = "";

beforeAll(async () => {
  harness = await startHarness({
    yaml: { access: { maskPersonalData: ["viewer"] }, http: { requestsPerMinute: 1_000_000 } },
  });
  const { store, clock } = harness;
  const at = clock.at - HOUR;
  const base = makeEvent({ address: MARTA, at, severity: "hard", reason: "mailbox_unknown" });
  const full = {
    ...base,
    diagnostic: {
      type: "smtp",
      text: "550 5.1.1 <marta.keller84@shop.example>: no mailbox Marta.Keller84 (keller84) here for MARTA KELLER",
    },
    evidence: [{ source: "provider_rule", rule: "r", text: "no mailbox marta.keller84", status: null }],
    original: {
      ...base.original,
      from: '"Ansgar Zwiebel" <ansgar@our.example>',
      to: ["Marta Keller <marta.keller84@shop.example>", "o'brien@shop.example", '"jürgen x"@shop.example'],
      subject: "Your order 1045142, Marta",
      returnPath: "bounces+marta.keller84=shop.example@bounces.example.com",
      messageId: "<marta.1@our.example>",
      headers: { "x-api-data": "customer-77", "x-kunde": "kundennummer 5" },
    },
    returnPath: {
      address: "bounces+marta.keller84=shop.example@bounces.example.com",
      scheme: "verp" as const,
      recipient: MARTA,
      tag: "spring",
      issuedAt: null,
    },
    envelopeId: Buffer.from(MARTA).toString("base64"),
    message: {
      ...base.message,
      messageId: "<marta.keller84>",
      subject: "Undelivered: Your order 1045142",
      from: "Keller's Mailer <mailer@shop.example>",
    },
    warnings: [{ code: "odd", field: "to", value: "Marta Keller" }],
  };
  id = full.id;
  const again = {
    ...makeEvent({ address: MARTA, at: at + 1 }),
    diagnostic: { type: "smtp", text: "552 keller84 is full" },
  };
  await store.record([
    jobOf([full as never], "From: marta\r\nSubject: Your order 1045142\r\n\r\nMarta Keller\r\n"),
    jobOf([again]),
    jobOf([makeEvent({ address: "other@shop.example", at: at + 2 })]),
    jobOf([makeEvent({ address: "first@example.org", at: at - 48 * HOUR })]),
    ...Array.from({ length: 120 }, (_, index) =>
      jobOf([makeEvent({ ...UNALIGNED, address: `marta${index}@gmail.example`, at: at + HOUR / 2 + index })]),
    ),
  ]);
  await store.suppressions.add(
    [{ value: MARTA, note: "secret-note: Marta called", reason: "asked by Marta", cause: "complaint" }],
    {
      actor: "person:ansgar@our.example",
      note: "secret-note",
    },
  );
  const view = { name: "Marta's mail", page: "log", query: "recipient=marta", alert: null, mail: null } as const;
  await store.views.create(checkedView(view), "token:admin");
  await store.audit.add({
    action: "export",
    actor: "person:ansgar@our.example",
    actorId: "",
    target: MARTA,
    detail: "",
    address: "",
    requestId: "",
    outcome: "done",
  });
  const [opened] = await store.findIncidents();
  incident = opened?.incident.id ?? "";
  await store.incidents.addNote(incident, { actor: "person:ansgar@our.example", text: "Marta Keller wrote" });
}, 60_000);
afterAll(() => harness.close());

const ask = (url: string, caller: Caller = "viewer", method: "GET" | "POST" = "GET", payload?: object) =>
  harness.app.inject({
    method,
    url,
    headers: { ...harness.bearer(caller), accept: "text/html, application/json" },
    ...(payload ? { payload } : {}),
  });
const asked = encodeURIComponent(MARTA);

test("no answer of any route has what is known of a person", { timeout: 120_000 }, async () => {
  let answered = 0;
  for (const route of harness.routes) {
    const [method = "", path = ""] = route.split(" ");
    if (method !== "GET" || /\*|\/stream$|^\/(?:reference|sign-in|u\/)/.test(path)) continue;
    const urls = [MARTA, id, incident, "shop.example", "google", "spring", "<marta.1@our.example>", "our.example"].map(
      (value) => path.replaceAll(/:\w+/g, encodeURIComponent(value)),
    );
    const queries = [
      "",
      `?address=${asked}`,
      `?recipient=${asked}`,
      "?recipient=mart",
      "?q=mart",
      `?q=${asked}`,
      "?raw=1",
      "?text=mart",
      "?part=dialog",
      "?by=tag",
      "?dimensions=domain,tag",
      `?value=${asked}`,
      "?subject=order&sort=recipient",
    ];
    for (const url of new Set(urls))
      for (const query of queries)
        for (const caller of ["viewer", "exporter"] as const) {
          const answer = await ask(`${url}${query}`, caller);
          const text = `${answer.body}\n${decodeURIComponent(answer.body.replaceAll(/%(?![0-9a-f]{2})/gi, "%25"))}`;
          // A refusal repeats what was asked.
          const found = KNOWN.exec(answer.statusCode === 400 ? text.replaceAll(MARTA, "") : text);
          expect([route, url, query, found?.[0] ?? null]).toEqual([route, url, query, null]);
          expect([url, answer.statusCode]).not.toEqual([url, 500]);
          if (answer.statusCode === 200) answered++;
        }
  }
  expect(answered).toBeGreaterThan(200);
});

test("what sends is refused, but for checks of addresses that the caller has", async () => {
  for (const route of harness.routes) {
    const [method = "", path = ""] = route.split(" ");
    if (method === "GET" || /^\/(?:language|sign-in|sign-out|u\/|in\/)/.test(path)) continue;
    const { statusCode, body } = await harness.app.inject({
      method: method as "POST",
      url: path.replaceAll(/:\w+/g, asked),
      headers: harness.bearer("viewer"),
      payload: path.includes("check") ? { addresses: [MARTA] } : {},
    });
    expect([route, KNOWN.exec(body)?.[0] ?? null]).toEqual([route, null]);
    expect([route, statusCode === 403]).toEqual([
      route,
      !["POST /v1/suppressions/check", "POST /v1/classify", "POST /codes/answer"].includes(route),
    ]);
  }
});

interface Answered {
  readonly events: {
    readonly id: string;
    readonly recipient: { readonly address: string };
    readonly diagnostic: { readonly text: string };
    readonly original: { readonly subject: string };
  }[];
  readonly results: { readonly suppressed: boolean }[];
  readonly count: number;
}
const json = async (url: string, caller: Caller = "viewer"): Promise<Answered> => (await ask(url, caller)).json();

test("one address has one name everywhere, which only the key can tell; the domain and what servers say stay", async () => {
  const { events } = await json(`/v1/events?address=${asked}`);
  expect(events).toHaveLength(2);
  const names = new Set(events.map(({ recipient }) => recipient.address));
  expect([...names]).toEqual([expect.stringMatching(/^masked-[a-z2-7]{8}@shop\.example$/)]);
  const full = events.find(({ diagnostic }) => diagnostic.text.startsWith("550 5.1.1 <"));
  const [name] = names;
  expect(full?.diagnostic.text).toBe(`550 5.1.1 <${name}>: no mailbox *** (***) here for *** ***`);
  expect(full?.original.subject).toBe("***");
  expect((await json("/v1/events?domain=shop.example")).events).toHaveLength(3);
  const list = await ask("/v1/suppressions");
  expect(list.body).toContain(`"value":"${name}"`);
  // Operators act on addresses, and so see them.
  expect((await ask(`/v1/events/${id}`, "operator")).body).toContain("Your order 1045142, Marta");
});

test("pages know what they do not show: the state of the list, other events of the recipient", async () => {
  const page = await ask(`/log/${id}`);
  expect(page.statusCode).toBe(200);
  expect(page.body).toMatch(/masked-[a-z2-7]{8}@shop\.example/);
  const open = await ask(`/log/${id}`, "operator");
  const state = /<section[^>]*aria-labelledby="history"/;
  expect([state.test(page.body), state.test(open.body)]).toEqual([true, true]);
  const words = (body: string): string | undefined =>
    /class="panel[^"]*suppress[^"]*"|On the suppression list|is suppressed/i.exec(body)?.[0];
  expect(words(page.body)).toBe(words(open.body));
  expect((await ask(`/recipients/${asked}`)).body).toMatch(/masked-[a-z2-7]{8}@shop\.example/);
  expect((await ask(`/v1/suppressions/${asked}`)).json()).toMatchObject({ suppressed: true });
  expect((await json(`/v1/stats/count?address=${asked}`)).count).toBe(2);
});

test("no address can be told letter by letter: parts are refused, whole addresses are not", async () => {
  for (const query of [
    "recipient=m",
    "recipient=marta.keller84",
    "recipient=%40shop.example",
    "subject=o",
    "diagnostic=m",
    "sender=a",
    "messageId=m",
    "header=x-api-data:c",
    "sort=recipient",
  ])
    for (const path of [
      "/v1/events",
      "/v1/stats/count",
      "/v1/stats/facets?dimensions=domain",
      "/v1/stats/series?by=day",
      "/log",
      "/log/facets",
    ]) {
      if (query.startsWith("sort") && path !== "/v1/events" && path !== "/log") continue;
      const { statusCode, body } = await ask(`${path}${path.includes("?") ? "&" : "?"}${query}`);
      expect([path, query, statusCode, /masked for your role|not read|Unrecognized|unknown/i.test(body)]).toEqual([
        path,
        query,
        400,
        true,
      ]);
    }
  expect((await ask("/v1/suppressions?value=m")).statusCode).toBe(400);
  expect((await ask("/suppressions?value=m")).statusCode).toBe(400);
  expect((await json(`/v1/events?recipient=${asked}`)).events).toHaveLength(2);
  expect((await json(`/v1/events?recipient=n.keller84%40shop.example`)).events).toHaveLength(0);
  expect((await json("/v1/events?recipient=m", "operator")).events.length).toBeGreaterThan(1);
});

test("downloads, messages, the feed, MCP and histories refuse masked callers, and pages lead to none of them", async () => {
  for (const url of [
    "/v1/events.csv",
    "/v1/events.jsonl",
    "/v1/suppressions.csv",
    `/v1/events/${id}/raw`,
    "/v1/suppressions/history",
    "/v1/suppressions/changes",
    "/mcp",
    "/setup",
    "/unmatched",
    "/views",
    "/messages/x",
  ])
    for (const caller of ["viewer", "exporter"] as const)
      expect([url, (await ask(url, caller)).statusCode]).toEqual([url, 403]);
});

test("no page of a masked viewer leads to one that refuses", { timeout: 60_000 }, async () => {
  const asked = new Set<string>();
  const queue = [
    "/",
    `/log/${id}`,
    `/recipients/${encodeURIComponent(MARTA)}`,
    `/incidents/${incident}`,
    "/tags/spring",
  ];
  const refused: string[] = [];
  const seen = new Map<string, number>();
  for (let at = 0; at < queue.length; at++) {
    const url = queue[at] ?? "";
    const kind = url.split("?")[0]?.split("/").slice(0, 3).join("/") ?? "";
    const short = kind.replace(/^(\/(?:log|recipients|incidents|domains|messages))\/.*/, "$1/:");
    seen.set(short, (seen.get(short) ?? 0) + 1);
    if ((seen.get(short) ?? 0) > 3) continue;
    const { statusCode, body } = await ask(url);
    if (statusCode === 403) refused.push(url);
    for (const [, href = ""] of body.matchAll(/href="(\/[^"#]*)/g)) {
      const next = href.replaceAll("&amp;", "&");
      if (asked.has(next) || next.startsWith("/assets/")) continue;
      asked.add(next);
      queue.push(next);
    }
  }
  expect(refused).toEqual([]);
  expect(seen.size).toBeGreaterThan(12);
});

test("whom a report names without a domain, and the digest that would tell who an event is about, are masked", async () => {
  const named = {
    ...makeEvent({ address: "marta.keller84", at: harness.clock.at - 2 * HOUR }),
    diagnostic: {
      type: "smtp",
      text: '550 "@shop.example" says:\nmarta@shop.example, marta.keller84, Keller \\"@x.example',
    },
  };
  const recipient = { ...named.recipient, original: "CN=Marta Keller/O=Shop", domain: null };
  await harness.store.record([jobOf([{ ...named, recipient }])]);
  const answer = await ask(`/v1/events/${named.id}`);
  const { event } = answer.json<{ readonly event: typeof named }>();
  expect(event.recipient).toEqual({
    mailed: expect.stringMatching(/^masked-[a-z2-7]{8}$/),
    address: event.recipient.mailed,
    original: expect.stringMatching(/^masked-[a-z2-7]{8}$/),
    domain: null,
  });
  expect(event.diagnostic.text).toMatch(
    /^550 "@shop\.example" says:\nmasked-[a-z2-7]{8}@shop\.example, \*\*\*, \*\*\* \S+"?@x\.example$/,
  );
  expect(event.message.sha256).toBe("***");
  const page = await ask(`/log/${named.id}`);
  expect([page.statusCode, KNOWN.exec(page.body)?.[0], page.body.includes(named.message.sha256)]).toEqual([
    200,
    undefined,
    false,
  ]);
});

test("the id of an event, a digest of the address, is another one that leads to the same event", async () => {
  const { events } = await json(`/v1/events?address=${asked}`);
  const ids = events.map((event) => event.id);
  expect(ids).toEqual([expect.stringMatching(/^[0-9a-f]{32}$/), expect.stringMatching(/^[0-9a-f]{32}$/)]);
  expect(ids).not.toContain(id);
  const answers = await Promise.all(ids.map((masked) => ask(`/v1/events/${masked}`)));
  const own = answers.map((answer) => answer.json<{ readonly event: { readonly id: string } }>().event.id);
  expect(own).toEqual(ids);
  // An alert names the id itself.
  const named = (await ask(`/v1/events/${id}`)).json<{ readonly event: { readonly id: string } }>();
  expect(ids).toContain(named.event.id);
  expect((await ask(`/v1/events/${"0".repeat(32)}`)).statusCode).toBe(404);
  for (const url of [
    "/log",
    `/recipients/${asked}`,
    `/log/${ids[1]}`,
    "/tags/spring",
    "/v1/events",
    "/v1/suppressions",
  ]) {
    const { statusCode, body } = await ask(url);
    expect([url, statusCode, body.includes(id)]).toEqual([url, 200, false]);
  }
  expect((await ask(`/log/${ids[0]}`)).body).toContain(`href="/log/${ids[1]}"`);
});

test("a mail to more people than can be looked for says nothing of what servers said", async () => {
  const base = makeEvent({ address: "b@shop.example", at: harness.clock.at - 3 * HOUR });
  const to = Array.from({ length: 250 }, (_, index) => `somebody${index}@shop.example`);
  const many = {
    ...base,
    diagnostic: { type: "smtp", text: "550 no mailbox for kai" },
    original: { ...base.original, to: [...to, "kai@shop.example"] },
  };
  await harness.store.record([jobOf([many])]);
  const { event } = (await ask(`/v1/events/${many.id}`)).json<{ readonly event: typeof many }>();
  expect(event.diagnostic.text).toBe("***");
});

test("an alert shows what servers said to three addresses, and not what they said to one", async () => {
  const texts = [
    { text: "mailbox of Marta Keller", count: 1 },
    { text: "no such user", count: 3 },
  ];
  const data = { schema: "bounced.alert/1", at: new Date(harness.clock.at).toISOString(), texts };
  const queues = { get: () => ({ getJobs: async () => [{ data }] }) };
  const masking = createPseudonyms(Buffer.alloc(32));
  const shown = (isMasked: boolean) =>
    masking.run(isMasked, () => recentAlerts({ masking, now: () => harness.clock.at, ports: { queues } as never }));
  expect((await shown(true)).map((alert) => alert.texts)).toEqual([[texts[1]]]);
  expect((await shown(false)).map((alert) => alert.texts)).toEqual([texts]);
});

test("without the setting a viewer sees what is there", async () => {
  const plain = await startHarness();
  await plain.store.record([jobOf([makeEvent({ address: MARTA, at: plain.clock.at - HOUR })])]);
  const { body } = await plain.app.inject({ url: "/v1/events", headers: plain.bearer("viewer") });
  expect(body).toContain(MARTA);
  await plain.close();
});
