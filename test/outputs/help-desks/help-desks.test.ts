/** Each help desk against its fake: what is sent is in recorded/, one file for each, as the references describe it. */
import { readFileSync } from "node:fs";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { BouncedEvent } from "../../../src/event/event.ts";
import { createBreaker } from "../../../src/outputs/breaker.ts";
import type { DeskDelivery } from "../../../src/outputs/help-desks/desk-log.ts";
import { mailAddressesIn } from "../../../src/outputs/help-desks/desk-calls.ts";
import { openHelpDesk } from "../../../src/outputs/help-desks/desks.ts";
import { findConversation, soughtOf } from "../../../src/outputs/help-desks/find.ts";
import { noteEvent } from "../../../src/outputs/help-desks/note-event.ts";
import { helpDesksSchema, type HelpDeskType } from "../../../src/outputs/help-desks/settings.ts";
import { sampleEvent } from "../../support/event.ts";
import { FAKE_DESKS } from "./fakes/all.ts";
import type { AddedConversation, FakeDesk } from "./fakes/fake-desk.ts";

const NOW = Date.parse("2026-05-01T12:00:00.000Z");
const ANN = "ann@example.org";
let number = 0;
/** Nothing of one test is found by another. */
const anybody = (): string => `person${++number}@example.org`;

/** A mail to this person that answers the customer's mail of this Message-ID and has its own. */
function bounceOf(
  to: string,
  original: Partial<BouncedEvent["original"]> = {},
  changes: Partial<BouncedEvent> = {},
): BouncedEvent {
  const id = `e${String(++number).padStart(31, "0")}`;
  const sample = sampleEvent();
  return sampleEvent({
    id,
    recipient: { mailed: to, address: to, original: null, domain: "example.org" },
    original: { ...sample.original, subject: "Re: My order", ...original },
    message: { ...sample.message, receivedAt: "2026-05-01T11:00:00.000Z" },
    ...changes,
  });
}

interface Tried {
  readonly outcome: string;
  /** Of the job. */
  readonly said: string;
  readonly deliveries: readonly DeskDelivery[];
}

describe.each(Object.keys(FAKE_DESKS) as HelpDeskType[])("%s", (type) => {
  let fake: FakeDesk;
  beforeAll(async () => {
    fake = await FAKE_DESKS[type]();
  });
  beforeEach(() => {
    fake.api.requests.length = 0;
  });
  afterAll(() => fake.api.close());

  async function send(event: BouncedEvent, changes: object = {}, now = NOW): Promise<Tried> {
    const shared = { id: "desk", url: fake.api.url, allowPrivate: true, requestsPerSecond: 100 };
    const [settings] = helpDesksSchema.parse([{ ...fake.settings, ...shared, ...changes }]);
    if (!settings) throw new Error("no settings");
    const deliveries: DeskDelivery[] = [];
    const [outcome, said] = await noteEvent(settings, event, {
      desk: openHelpDesk(settings),
      breaker: createBreaker(),
      patience: { until: 0 },
      log: (delivery) => Promise.resolve(void deliveries.push(delivery)),
      now: () => now,
    }).then(
      () => ["done", ""] as const,
      (error: Error) => [error.name, error.message] as const,
    );
    return { outcome, said, deliveries };
  }
  const outcomeOf = async (tried: Promise<Tried>): Promise<string | undefined> =>
    (await tried).deliveries.map(({ outcome }) => outcome).join(" ");
  const linkTo = ({ reply }: AddedConversation, messageId: string): Partial<BouncedEvent["original"]> =>
    fake.isBlind ? { messageId: reply } : { inReplyTo: messageId };
  const writes = () =>
    fake.api.requests.filter(({ method, target }) => method !== "GET" && !/search|token/.test(target));

  test("finds the conversation by what the mail answers; the requests are those of the reference", async () => {
    const added = fake.add({ address: ANN, subject: "My order", messageId: "<first@example.org>" });
    const event = bounceOf(ANN, { messageId: "<unknown@desk.example.com>", ...linkTo(added, "<first@example.org>") });
    const { outcome, deliveries } = await send(event);
    expect([outcome, deliveries]).toMatchObject([
      "done",
      [{ outcome: "added", conversation: added.id, foundBy: "message-id", eventId: event.id, error: "" }],
    ]);
    expect(fake.tags(added.id)).toContain("undeliverable");
    const [note = ""] = fake.notes(added.id);
    expect(note).toContain("could not be delivered to");
    expect(note).toContain("There is no mailbox with this address.");
    expect(note).toContain("No such user");
    expect(note).toContain(`bounced ${event.id}`);
    const sent = fake.api.requests.map(({ method, target, headers, text, body }) => ({
      method,
      target,
      authorization: headers.authorization ?? headers["api_access_token"] ?? headers["x-freescout-api-key"] ?? null,
      body: withoutNote(body ?? (text || null), note),
    }));
    expect(sent).toEqual(JSON.parse(readFileSync(`${import.meta.dirname}/recorded/${type}.json`, "utf8")));
  });

  test("a second time the note is there already", async () => {
    const address = anybody();
    const added = fake.add({ address, subject: "My order", messageId: "<second@example.org>" });
    const event = bounceOf(address, { ...linkTo(added, "<second@example.org>") });
    expect(await outcomeOf(send(event))).toBe("added");
    expect(await outcomeOf(send(event))).toBe("present");
    expect(fake.notes(added.id)).toHaveLength(1);
  });

  test("one that was written without an answer is not written again", async () => {
    const address = anybody();
    const added = fake.add({ address, subject: "My order", messageId: "<cut@example.org>" });
    const event = bounceOf(address, { ...linkTo(added, "<cut@example.org>") });
    fake.api.dropAnswerOf = ({ method, text }) => method !== "GET" && text.includes(event.id);
    expect(await send(event)).toMatchObject({ outcome: "ProviderTrouble", deliveries: [{ outcome: "failed" }] });
    fake.api.dropAnswerOf = () => false;
    expect(fake.notes(added.id)).toHaveLength(1);
    expect(await outcomeOf(send(event))).toBe("present");
    expect(fake.notes(added.id)).toHaveLength(1);
    expect(fake.tags(added.id)).toContain("undeliverable");
  });

  test("its own Message-ID names the conversation", async () => {
    const address = anybody();
    fake.add({ address, subject: "Another", messageId: "<another@example.org>" });
    const added = fake.add({ address, subject: "My order", messageId: "<third@example.org>" });
    fake.add({ address, subject: "My order", messageId: "<later@example.org>" });
    const event = bounceOf(address, { messageId: added.reply, inReplyTo: null });
    const { deliveries } = await send(event);
    if (added.reply === null) expect(deliveries).toMatchObject([{ outcome: "not_found" }]);
    else expect(deliveries).toMatchObject([{ conversation: added.id, foundBy: "message-id" }]);
  });

  test("a number in the kept header leads there, and nowhere else", async () => {
    const [address, other] = [anybody(), anybody()];
    const added = fake.add({ address, subject: "My order", messageId: "<a@example.org>" });
    const others = fake.add({ address: other, subject: "Other", messageId: "<b@example.org>" });
    const header = "x-conversation";
    const withNumber = (value: string) => bounceOf(address, { subject: null, headers: { [header]: value } });
    const id = added.id.replaceAll(/\D/g, "");
    if (added.id === id) {
      const { deliveries } = await send(withNumber(` ${added.id} `), { header });
      expect(deliveries).toMatchObject([{ outcome: "added", conversation: added.id, foundBy: "header" }]);
    }
    // Of somebody else; no number; no such conversation.
    for (const value of [others.id, `${added.id}/../../users/2`, "999999", "../me"])
      expect(await outcomeOf(send(withNumber(value), { header }))).toBe("not_found");
    expect(fake.notes(others.id)).toEqual([]);
    expect(fake.api.requests.filter(({ target }) => target.includes(".."))).toEqual([]);
  });

  test("the Message-ID of somebody else's conversation leads nowhere", async () => {
    const [address, other] = [anybody(), anybody()];
    fake.add({ address, subject: "Mine", messageId: "<mine@example.org>" });
    const others = fake.add({ address: other, subject: "Theirs", messageId: "<theirs@example.org>" });
    const event = bounceOf(address, { messageId: others.reply, inReplyTo: "<theirs@example.org>" });
    expect(await outcomeOf(send(event))).toBe("not_found");
    expect(writes()).toEqual([]);
  });

  test("by subject only where one conversation has it, and the note says so", async () => {
    const address = anybody();
    const added = fake.add({ address, subject: "My order", messageId: "<s1@example.org>" });
    const event = bounceOf(address, { subject: "AW: RE: my  Order [Ticket#65007]", inReplyTo: null });
    expect(await outcomeOf(send(event, { bySubject: false }))).toBe("not_found");
    expect((await send(event)).deliveries).toMatchObject([{ outcome: "added", foundBy: "subject" }]);
    expect(fake.notes(added.id)[0]).toMatch(/found by recipient and subject/);
    expect(fake.tags(added.id)).not.toContain("undeliverable");
    fake.add({ address, subject: "My order", messageId: "<s2@example.org>" });
    const second = bounceOf(address, { subject: "My order", inReplyTo: null });
    expect(await outcomeOf(send(second))).toBe("not_found");
  });

  test("nobody knows the recipient: nothing is asked, nothing is written", async () => {
    const event = bounceOf(ANN, {}, { recipient: { mailed: null, address: ANN, original: null, domain: null } });
    expect(await send(event)).toMatchObject({ outcome: "done", deliveries: [{ outcome: "not_found" }] });
    expect(await outcomeOf(send(bounceOf('a"b OR x:*@example.org')))).toBe("not_found");
    expect(fake.api.requests).toEqual([]);
  });

  test("mail of no conversation is looked for once more, and then done", async () => {
    const event = bounceOf(anybody(), { inReplyTo: "<nothing@example.org>" });
    const received = Date.parse(event.message.receivedAt ?? "");
    expect(await send(event, {}, received + 1000)).toMatchObject({
      outcome: "TryLater",
      deliveries: [{ outcome: "not_found" }],
    });
    expect(await send(event)).toMatchObject({ outcome: "done", deliveries: [{ outcome: "not_found" }] });
    expect(writes()).toEqual([]);
  });

  test("a wrong key is no answer about the conversation", async () => {
    const event = bounceOf(ANN, { inReplyTo: "<first@example.org>" });
    const { outcome, deliveries } = await send(event, { key: "some-other-key" });
    expect(outcome).toBe("ProviderTrouble");
    expect(deliveries[0]?.error).toMatch(/does not accept the key \(40[013]\)/);
    expect(writes()).toEqual([]);
  });

  test("it is asked again when it says, and not before", async () => {
    const event = bounceOf(ANN, { inReplyTo: "<first@example.org>" });
    fake.api.faults.push({ status: 429, headers: { "retry-after": "17" }, json: {} });
    const { outcome, deliveries } = await send(event);
    expect(outcome).toBe("TryLater");
    expect(deliveries).toMatchObject([{ outcome: "failed", error: expect.stringContaining("asks to wait (429)") }]);
    expect(writes()).toEqual([]);
  });

  test("a redirect is not followed", async () => {
    const event = bounceOf(anybody(), { inReplyTo: null });
    fake.api.always = { status: 302, headers: { location: `${fake.api.url}/elsewhere` }, json: {} };
    expect(await send(event)).toMatchObject({ outcome: "ProviderTrouble", deliveries: [{ outcome: "failed" }] });
    fake.api.always = null;
    expect(fake.api.requests.filter(({ target }) => target === "/elsewhere")).toEqual([]);
  });

  test("a conversation that is gone by then is given up", async () => {
    const address = anybody();
    const added = fake.add({ address, subject: "My order", messageId: "<gone@example.org>" });
    const event = bounceOf(address, { ...linkTo(added, "<gone@example.org>") });
    fake.api.intercept = ({ text }) => (text.includes(event.id) ? { status: 404, json: {} } : undefined);
    expect(await send(event)).toMatchObject({ outcome: "UnrecoverableError", deliveries: [{ outcome: "given_up" }] });
    fake.api.intercept = () => undefined;
  });

  test("where the key may not write this note is given up, and no other; what the desk says of people is kept nowhere", async () => {
    const address = anybody();
    const added = fake.add({ address, subject: "My order", messageId: "<forbidden@example.org>" });
    const event = bounceOf(address, { ...linkTo(added, "<forbidden@example.org>") });
    for (const status of [403, 412, 422]) {
      fake.api.intercept = ({ text }) =>
        text.includes(event.id) ? { status, json: { error: `${address} is blocked` } } : undefined;
      const { outcome, said, deliveries } = await send(event);
      expect([outcome, deliveries]).toMatchObject(["UnrecoverableError", [{ outcome: "given_up" }]]);
      expect(said + (deliveries[0]?.error ?? "")).toContain(String(status));
      expect(said + (deliveries[0]?.error ?? "")).not.toContain(address);
    }
    fake.api.intercept = () => undefined;
  });

  test("a conversation with ten notes gets no other: a note may be what causes the mail that comes back", async () => {
    const address = anybody();
    const added = fake.add({ address, subject: "My order", messageId: "<loop@example.org>" });
    for (let at = 0; at < 10; at++)
      expect(await outcomeOf(send(bounceOf(address, { ...linkTo(added, "<loop@example.org>") })))).toBe("added");
    expect(await send(bounceOf(address, { ...linkTo(added, "<loop@example.org>") }))).toMatchObject({
      outcome: "UnrecoverableError",
      deliveries: [{ outcome: "given_up", error: "there are 10 notes already" }],
    });
    expect(fake.notes(added.id)).toHaveLength(10);
  });

  test("in the language of the agents, with a link to the event, without a mark", async () => {
    const address = anybody();
    const added = fake.add({ address, subject: "Bestellung", messageId: "<de@example.org>" });
    const event = bounceOf(address, { subject: "Re: Bestellung", ...linkTo(added, "<de@example.org>") });
    await send(event, { language: "de", pagesUrl: "https://bounced.example.com/", mark: false });
    expect(fake.tags(added.id)).not.toContain("undeliverable");
    const [note] = fake.notes(added.id);
    expect(note).toContain("Ein Postfach mit dieser Adresse gibt es nicht.");
    expect(note).toContain(`https://bounced.example.com/log/${event.id}`);
  });

  test("the key proves itself", async () => {
    expect(await openedAt(fake).check()).toMatchObject({ who: expect.stringMatching(/\w/), problem: null });
    expect(writes()).toEqual([]);
  });
});

const openedAt = (fake: FakeDesk, changes: object = {}) => {
  const shared = { id: "desk", url: fake.api.url, allowPrivate: true, requestsPerSecond: 100 };
  const [settings] = helpDesksSchema.parse([{ ...fake.settings, ...shared, ...changes }]);
  if (!settings) throw new Error("no settings");
  return openHelpDesk(settings);
};

test("Zammad makes notes public of somebody who is no agent: such a key is refused", async () => {
  const fake = await FAKE_DESKS.zammad();
  const added = fake.add({ address: ANN, subject: "My order", messageId: "<public@example.org>" });
  const desk = openedAt(fake);
  fake.api.intercept = ({ method, target }) =>
    target.includes("users/search")
      ? { status: 403, json: { error: "Not authorized" } }
      : method === "POST"
        ? { status: 201, json: { id: 9, internal: false } }
        : undefined;
  expect((await desk.check()).problem?.found).toMatch(/no agent/);
  const conversation = await desk.read(added.id);
  if (!conversation) throw new Error("no conversation");
  await expect(desk.addNote(conversation, { html: "", markdown: "" })).rejects.toThrow(/became public/);
  await fake.api.close();
});

test("Zendesk lists audits oldest first: the latest of many are read too", async () => {
  const fake = await FAKE_DESKS.zendesk();
  const added = fake.add({ address: ANN, subject: "My order", messageId: "<many@example.org>" });
  const page = (text: string) => ({
    audits: [{ metadata: {}, events: [{ type: "Comment", public: false, body: text }] }],
    count: 250,
    next_page: "https://example.zendesk.com/next",
  });
  fake.api.intercept = ({ url }) =>
    url.pathname.endsWith("/audits.json") ? { status: 200, json: page(url.searchParams.get("page") ?? "") } : undefined;
  expect((await openedAt(fake).read(added.id))?.texts).toEqual(["1", "3"]);
  await fake.api.close();
});

test("Intercom: a colleague who wrote is not whom the mail was for", async () => {
  const fake = await FAKE_DESKS.intercom();
  const added = fake.add({ address: ANN, subject: "My order", messageId: "<colleague@example.org>" });
  expect((await openedAt(fake).read(added.id))?.addresses).toEqual([ANN, ANN]);
  await fake.api.close();
});

test("a conversation that is too long to be read is given up, and holds nothing back", async () => {
  const fake = await FAKE_DESKS.zammad();
  const long = fake.add({ address: ANN, subject: "Long", messageId: "<long@example.org>" });
  const short = fake.add({ address: ANN, subject: "My order", messageId: "<short@example.org>" });
  fake.api.intercept = ({ target }) =>
    target.endsWith(`by_ticket/${long.id}`) ? { status: 200, text: `["${"x".repeat(17 * 1024 ** 2)}"]` } : undefined;
  const desk = openedAt(fake);
  const find = (inReplyTo: string) => {
    const sought = soughtOf(bounceOf(ANN, { inReplyTo }), undefined);
    if (!sought) throw new Error("nothing sought");
    return findConversation(desk, sought, { bySubject: false });
  };
  await expect(find("<long@example.org>")).rejects.toThrow(/longer than 16 MB/);
  expect(await find("<short@example.org>")).toMatchObject({ conversation: { id: short.id } });
  await fake.api.close();
});

test("who takes part is an address, and no name that looks like one", () => {
  expect(
    mailAddressesIn('"bob@example.org" <Mallory@Example.net>, Ann <ann@example.org>', null, "c@example.org"),
  ).toEqual(["mallory@example.net", "ann@example.org", "c@example.org"]);
});

/** The note itself is tested by its own words. */
function withoutNote(body: unknown, note: string): unknown {
  if (typeof body === "string") return body === note ? "(the note)" : body;
  if (typeof body !== "object" || body === null || Array.isArray(body)) return body;
  return Object.fromEntries(Object.entries(body).map(([name, value]) => [name, withoutNote(value, note)]));
}
