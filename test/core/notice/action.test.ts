import { expect, test } from "vitest";
import { prose } from "../../../src/core/formats/prose.ts";
import { readNotice } from "../../../src/core/notice/notice.ts";
import { actionOf } from "../../../src/core/notice/notice-report.ts";
import { mailOf } from "./support.ts";

const actionFor = async (subject: string, body: string) => {
  const notice = readNotice(await mailOf(body, { subject }));
  return actionOf(notice, notice.lines[0] ?? "");
};

test.each([
  ["Delayed Mail (still being retried)", "Your message could not be delivered for 4 hours."],
  ["Warning: could not send message for past 4 hours", "..."],
  ["Verzögerte Zustellung", "Ihre Nachricht wurde noch nicht zugestellt."],
  ["Remise retardée", "Votre message"],
  ["Entrega retrasada", "Su mensaje"],
  ["Uw bericht is vertraagd", "Uw bericht"],
  ["メール配信の遅延", "メール"],
  ["Доставка отложена", "Письмо"],
  ["Delivery failure notification", "Delivery attempts will continue to be made for 5 day(s)."],
  ["Mail status", "A message is delayed for more than 4 hours for the following list of recipients:"],
])("%s: delayed", async (subject, body) => expect(await actionFor(subject, body)).toBe("delayed"));

test.each([
  ["Undelivered Mail", "It failed.\n\n450 4.7.1 Greylisted, delayed for 300 seconds"],
  ["Delivery failed", "This is a permanent error; I've given up. It was delayed twice before."],
  ["Delivery report", "delivery failed; will not continue trying"],
])("%s: failed", async (subject, body) => expect(await actionFor(subject, body)).toBe("failed"));

test("a remote server's delay is not ours", async () => {
  const body =
    "Your message to ann@example.org could not be delivered.\n\n450 4.7.1 Your mail has been delayed by greylisting";
  const mail = await mailOf(body);
  expect(prose.read(mail, readNotice(mail))).toMatchObject({ report: { recipients: [{ action: "failed" }] } });
});
