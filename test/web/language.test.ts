/** Which language a page has, and what browsers and caches learn of it. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { acceptedLanguage, LANGUAGE_COOKIE } from "../../src/web/language/choose.ts";
import { speechOf } from "../../src/web/language/speech.ts";
import { explanationOf } from "../../src/explanations/explanation.ts";
import { trusted } from "../../src/core/index.ts";
import { explanationIn } from "../../src/web/language/explanation.ts";
import { html, renderHtml } from "../../src/web/html.ts";
import { makeEvent } from "../store/make-event.ts";
import { startHarness, type Harness } from "../http/harness.ts";

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness();
});
afterAll(() => harness.close());

test.each([
  [undefined, null],
  ["", null],
  ["*", null],
  ["it, pt;q=0.9", null],
  ["de", "de"],
  ["DE-at", "de"],
  ["it, fr-CH;q=0.8, en;q=0.7", "fr"],
  ["en;q=0.2, ja;q=0.9", "ja"],
  ["de;q=0, es", "es"],
  ["en, de", "en"],
  ["de;q=nonsense", "de"],
  [`${"x,".repeat(5000)}de`, null],
  [`de;${"q=0.1;".repeat(2000)}`, "de"],
  ["de, es;q=9", "de"],
  ["\u0000de, fr;q=0.999999, \u202ees", "fr"],
])("Accept-Language: %s", (header, expected) => {
  expect(acceptedLanguage(header)).toBe(expected);
});

const open = (headers: Record<string, string>, url = "/codes") =>
  harness.app.inject({ url, headers: { ...harness.bearer("viewer"), ...headers } });

test("the browser decides, the reader's choice overrides it, and caches keep them apart", async () => {
  const german = await open({ "accept-language": "de-DE,de;q=0.9,en;q=0.8" });
  expect(german.body).toContain('<html lang="de">');
  expect(german.headers["content-language"]).toBe("de");
  expect(String(german.headers.vary).toLowerCase()).toContain("accept-language, cookie");
  const chosen = await open({ "accept-language": "de", cookie: `${LANGUAGE_COOKIE}=ja` });
  expect(chosen.body).toContain('<html lang="ja">');
  const other = await open({ "accept-language": "pt", cookie: `${LANGUAGE_COOKIE}=tlh` });
  expect(other.body).toContain('<html lang="en">');
});

test("errors and the sign-in page speak it too", async () => {
  const missing = await open({ "accept-language": "fr", accept: "text/html" }, "/nothing-of-the-kind");
  expect([missing.statusCode, missing.headers["content-language"]]).toEqual([404, "fr"]);
  expect(missing.body).toContain("Il n’y a rien ici");
  expect(missing.body).toContain("Vérifiez l’adresse");
  const [viewer, invalid] = await Promise.all([
    open({ "accept-language": "de" }, "/audit"),
    open({ "accept-language": "ja" }, "/log?from=nonsense"),
  ]);
  expect([viewer.statusCode, viewer.headers["content-language"]]).toEqual([403, "de"]);
  expect(viewer.body).toContain("fragen Sie einen Administrator");
  expect([invalid.statusCode, invalid.headers["content-language"]]).toEqual([400, "ja"]);
  const wrong = await harness.app.inject({
    method: "POST",
    url: "/sign-in",
    payload: { secret: "wrong" },
    headers: { "accept-language": "de" },
  });
  expect([wrong.statusCode, wrong.headers["content-language"]]).toEqual([401, "de"]);
  expect(wrong.body).toContain("Weder ein gültiges Token noch das Administratorpasswort.");
  const signIn = await harness.app.inject({ url: "/sign-in", headers: { "accept-language": "es" } });
  expect(signIn.body).toContain("Iniciar sesión");
});

test("the API speaks English, whatever the browser asks for", async () => {
  const answer = await open({ "accept-language": "fr" }, "/v1/events/nothing");
  expect(answer.headers["content-language"]).toBeUndefined();
  expect(answer.body).not.toContain("requête");
});

test("a choice is kept in a cookie, and leads back to a page of ours alone", async () => {
  const choose = (back: string, language = "fr") =>
    harness.app.inject({ method: "POST", url: "/language", payload: { language, back } });
  const kept = await choose("/log?severity=hard");
  expect([kept.statusCode, kept.headers.location]).toEqual([303, "/log?severity=hard"]);
  expect(kept.headers["set-cookie"]).toMatch(/^bounced_language=fr; Max-Age=31536000; Path=\/; HttpOnly; SameSite=Lax/);
  expect((await choose("//evil.example/")).headers.location).toBe("/");
  expect((await choose("/", "tlh")).statusCode).toBe(400);
});

test("numbers, plurals, lists and times are those of the language", () => {
  const forms = { one: "# event", other: "# events" };
  expect([0, 1, 1204].map((count) => speechOf("en").plural(count, forms))).toEqual([
    "0 events",
    "1 event",
    "1,204 events",
  ]);
  expect(speechOf("fr").plural(0, { one: "# événement", other: "# événements" })).toBe("0 événement");
  expect(speechOf("de").count(1204)).toBe("1.204");
  expect(speechOf("de").share(125, 1000)).toBe("13\u00A0%");
  expect([speechOf("en").rate(12, 10_000), speechOf("en").rate(0, 0)]).toEqual(["0.12%", "–"]);
  expect(speechOf("en").time("2026-05-01T12:00:00.000Z")).toBe("2026-05-01 12:00 UTC");
  expect(speechOf("de").time("2026-05-01T12:00:00.000Z")).toBe("01.05.2026, 12:00 UTC");
  expect(speechOf("ja").day("2026-05-01")).toBe("2026/05/01");
  expect(["en", "de", "fr"].map((language) => speechOf(language as "en").shortDay("2026-05-01"))).toEqual([
    "05-01",
    "01.05.",
    "01/05",
  ]);
  const list = renderHtml(speechOf("es").list(["<a>", html`<b>b</b>`, "c"]));
  expect(list).toBe("&lt;a&gt;, <b>b</b> y c");
  expect(["en", "ja"].map((language) => speechOf(language as "en").sentences("a.", "b."))).toEqual(["a. b.", "a.b."]);
});

test("an event speaks the language of the page, where its sentences are those of its reason", () => {
  const event = makeEvent({ address: "ann@example.org", at: 0, reason: "mailbox_full", severity: "soft" });
  const said = explanationIn("fr", { ...event, explanation: explanationOf("mailbox_full", { language: "de" }) });
  expect(said).toBe(explanationOf("mailbox_full", { language: "fr" }));
  expect(explanationIn("fr", { ...event, explanation: "Somebody else wrote this." })).toBeNull();
  // The warning that nothing proves the report stays a warning.
  const doubtful = { ...event, reason: "mailbox_unknown", severity: "hard" } as const;
  const warned = trusted(
    { ...doubtful, advice: "suppress", provider: null, derivedStatus: "5.1.1" },
    { authenticity: "unproven", status: "5.1.1", language: "en" },
  );
  expect(explanationIn("es", { ...doubtful, provider: null, explanation: warned.explanation })).toMatch(
    /^No existe ningún buzón.* Nada demuestra/,
  );
});
