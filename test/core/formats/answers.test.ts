import { describe, expect, test } from "vitest";
import { isAcknowledgement, isAwaySubject } from "../../../src/core/notice/answer-words.ts";
import { readReport } from "../../../src/core/formats/index.ts";
import { parseMail } from "../../../src/core/mime/mail.ts";

describe("isAwaySubject", () => {
  test.each([
    "Automatic reply: Your order",
    "Re: Out of Office: Your order",
    "Out of the office until Monday",
    "AutoReply: Your order",
    "Automatische Antwort: Ihre Bestellung",
    "Abwesenheitsnotiz",
    "Réponse automatique : Votre commande",
    "Respuesta automática: Su pedido",
    "Resposta automática: O seu pedido",
    "Risposta automatica: Il tuo ordine",
    "Automatisch antwoord: Uw bestelling",
    "Autosvar: Din beställning",
    "Automaattinen vastaus: Tilauksesi",
    "Automatyczna odpowiedź: Zamówienie",
    "Automatická odpověď: Objednávka",
    "Автоматический ответ: Ваш заказ",
    "Automatikus válasz: Rendelés",
    "Αυτόματη απάντηση: Παραγγελία",
    "Otomatik yanıt: Siparişiniz",
    "自動応答: ご注文",
    "自动答复: 您的订单",
    "자동 회신: 주문",
    "מענה אוטומטי: הזמנה",
    "Your order (Automatic Response)",
  ])("%s", (subject) => expect(isAwaySubject(subject)).toBe(true));

  test.each([
    "Your order",
    "Automatic transmissions on sale",
    "Office chairs out of stock",
    "Re: absence of evidence",
    "",
  ])("not: %s", (subject) => expect(isAwaySubject(subject)).toBe(false));
});

test("ticket systems acknowledge", () => {
  expect(isAcknowledgement("[Ticket#2026030310] Your request has been received")).toBe(true);
  expect(isAcknowledgement("Cheap tickets to Rome")).toBe(false);
});

const kindOf = async (header: string, body = "text") =>
  readReport(await parseMail(Buffer.from(`${header}\n\n${body}\n`)))?.report.kind ?? null;

describe("what tells answers from reports and from mail", () => {
  test.each([
    ["From: a@example.org\nSubject: Re: x\nAuto-Submitted: auto-replied", "auto_reply"],
    ["From: a@example.org\nSubject: Re: x\nAuto-Submitted: no", null],
    ["From: a@example.org\nSubject: x\nAuto-Submitted: auto-generated", null],
    ["From: a@example.org\nSubject: Undelivered\nAuto-Submitted: auto-replied (vacation)", "auto_reply"],
    ["From: a@example.org\nSubject: x\nX-Autoreply: yes", "auto_reply"],
    ["From: a@example.org\nSubject: x\nPrecedence: bulk", null],
    ["From: a@example.org\nSubject: x\nPrecedence: auto_reply", "auto_reply"],
    ["From: a@example.org\nSubject: unsubscribe", "unsubscribe"],
    ["From: a@example.org\nSubject: how do I unsubscribe my dog", null],
    ["From: a@example.org\nSubject: x\nX-Apple-Unsubscribe: true", "unsubscribe"],
    [
      "From: a@example.org\nContent-Type: multipart/report; report-type=disposition-notification; boundary=x",
      "disposition",
    ],
  ])("%j", async (header, expected) => expect(await kindOf(header)).toBe(expected));

  test("a daemon's auto-replied mail is a bounce, not an answer", async () => {
    const header = "From: Mailer-Daemon@mx.example.net\nSubject: Mail delivery failed\nAuto-Submitted: auto-replied";
    expect(await kindOf(header, "could not be delivered:\n\n  user@example.org\n    Unrouteable address")).toBe(
      "delivery",
    );
  });

  test("a rejection that mentions a white list is no challenge", async () => {
    const header = "From: postmaster@mx.example.net\nSubject: Undeliverable: x\nAuto-Submitted: auto-replied";
    const body = "<user@example.org>: 550 spam. To be on the whitelist visit http://mx.example.net/";
    expect(await kindOf(header, body)).not.toBe("challenge");
  });
});
