import { expect, test } from "vitest";
import { loadConfig } from "../../../src/config/config.ts";
import { readMessage } from "../../../src/core/read-message.ts";
import { readSettingsOf } from "../../../src/reading/read-settings.ts";
import { messageInputOf } from "../../../src/sources/message-input.ts";

const settings = readSettingsOf(loadConfig({}));

/** An automatic reply of Anna, written on 18 December 2026. */
async function answerTo(body: string, subject = "Automatic reply: News"): Promise<unknown> {
  const mail = [
    "From: Anna <anna@example.org>",
    "To: news@shop.example",
    `Subject: =?utf-8?B?${Buffer.from(subject).toString("base64")}?=`,
    "Date: Fri, 18 Dec 2026 10:00:00 +0000",
    "Auto-Submitted: auto-replied",
    "In-Reply-To: <1@shop.example>",
    "MIME-Version: 1.0",
    "Content-Type: text/plain; charset=utf-8",
    "Content-Transfer-Encoding: base64",
    "",
    Buffer.from(body).toString("base64"),
  ].join("\r\n");
  const [event] = await readMessage(messageInputOf(Buffer.from(mail), 64 * 1024), settings);
  expect(event?.kind).toBe("auto_reply");
  return event?.answer ?? null;
}

test.each([
  ["I am out of the office and will be back on Monday, January 5.", "2027-01-05"],
  ["I am out of the office until 5 January 2027.", "2027-01-05"],
  ["I am on leave from 21 December to 4 January and have no access to mail.", "2027-01-04"],
  ["I am on vacation from Dec 21st, 2026 through Jan 4th, 2027.", "2027-01-04"],
  ["I will be out of the office, returning on 12/28/2026.", "2026-12-28"],
  ["I am away, back on 2027-01-11.", "2027-01-11"],
  ["Ich bin bis einschließlich 3. Januar 2027 nicht im Büro.", "2027-01-03"],
  ["Ich bin vom 21.12. bis 04.01.2027 im Urlaub.", "2027-01-04"],
  ["Ich bin im Urlaub (21.12.2026 - 08.01.2027).", "2027-01-08"],
  ["Ich bin nicht im Haus und ab dem 11. Januar wieder erreichbar.", "2027-01-11"],
  ["Je suis absente du bureau jusqu'au 4 janvier inclus.", "2027-01-04"],
  ["Je suis en congé du 21/12 au 04/01/2027.", "2027-01-04"],
  ["Je serai de retour le lundi 4 janvier 2027.", "2027-01-04"],
  ["Estaré fuera de la oficina hasta el 7 de enero de 2027.", "2027-01-07"],
  ["Sono fuori ufficio, rientrerò il 7 gennaio.", "2027-01-07"],
  ["Sono in ferie dal 21 dicembre al 6 gennaio.", "2027-01-06"],
  ["Estou de férias até 8 de janeiro de 2027.", "2027-01-08"],
  ["Ik ben afwezig tot en met 3 januari 2027.", "2027-01-03"],
  ["Jag är på semester till och med den 6 januari.", "2027-01-06"],
  ["Olen lomalla 6.1.2027 asti.", "2027-01-06"],
  ["Jestem na urlopie do 4 stycznia 2027.", "2027-01-04"],
  ["Jsem na dovolené do 4. ledna 2027.", "2027-01-04"],
  ["Я в отпуске до 11 января 2027 года.", "2027-01-11"],
  ["Szabadságon vagyok 2027. január 5-ig.", "2027-01-05"],
  ["4 Ocak 2027 tarihine kadar ofis dışındayım.", "2027-01-04"],
  ["休暇をいただいております。2027年1月5日まで不在です。", "2027-01-05"],
  ["我正在休假,1月5日返回办公室。", "2027-01-05"],
  ["1월 5일까지 휴가 중입니다.", "2027-01-05"],
  ["Atvaļinājumā līdz 5. janvārim, neesmu birojā.", "2027-01-05"],
])("%s", async (body, until) => expect(await answerTo(body)).toEqual({ until, successor: null }));

test("the subject says it too", async () =>
  expect(await answerTo("Thank you for your mail.", "Out of office until 5 January 2027")).toEqual({
    until: "2027-01-05",
    successor: null,
  }));

test.each([
  ["nothing says when", "I am out of the office. Please be patient."],
  ["which is the month cannot be told", "I am out of the office until 01/05/2027."],
  ["the day is over", "I am out of the office until 4 May 2026."],
  ["the day is far away", "I am out of the office until 4 May 2031."],
  ["the day was in an earlier year", "I am out of the office until 3 August."],
  ["no day of the calendar", "I am out of the office until 31 February 2027."],
  ["a day that has nothing to do with it", "I am out of the office. Our fair opens on 12 January 2027."],
  ["nobody is away", "We have received your request. The offer is valid until 31 December 2026."],
  ["a time", "I am out of the office until 5.30 pm."],
  ["what was answered says it", "I am out of the office.\n\n> We are back on 5 January 2027."],
])("no day where %s", async (_name, body) => expect(await answerTo(body)).toBeNull());

test.each([
  ["Anna is no longer with the company. Please write to bob.new@example.org instead.", "bob.new@example.org"],
  [
    "Anna Muster ist nicht mehr für uns tätig. Bitte wenden Sie sich an Bernd (bernd@example.org).",
    "bernd@example.org",
  ],
  ["Anna ne fait plus partie de la société. Merci d'écrire à paul@example.org.", "paul@example.org"],
  ["Ana ya no trabaja con nosotros. Escriba a luis@example.org, por favor.", "luis@example.org"],
  ["Anna non lavora più presso di noi, scrivete a <carla@example.org>.", "carla@example.org"],
  ["担当者は退職いたしました。今後は sato@example.org までご連絡ください。", "sato@example.org"],
  ["My email address has changed: anna@new.example. Please update your records.", "anna@new.example"],
])("%s", async (body, successor) => expect(await answerTo(body)).toEqual({ until: null, successor }));

test.each([
  ["several take over", "Anna is no longer with the company. Sales: sales@example.org, press: press@example.org."],
  ["nobody has left", "I am out of the office. In urgent cases write to bob@example.org."],
  ["only the own address is named", "Anna (anna@example.org) is no longer with us. Mail to anna@example.org is lost."],
])("no successor where %s", async (_name, body) => expect(await answerTo(body)).toBeNull());
