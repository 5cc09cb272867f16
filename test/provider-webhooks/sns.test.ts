import { createSign } from "node:crypto";
import { generate } from "selfsigned";
import { expect, test, vi } from "vitest";
import { createSns, NotFromSns } from "../../src/provider-webhooks/sns.ts";

const made = await generate([{ name: "commonName", value: "sns.amazonaws.com" }], { keySize: 2048 });
const HOST = "https://sns.eu-west-1.amazonaws.com";
const CERT = `${HOST}/SimpleNotificationService-1.pem`;

type Message = Record<string, string>;
const notification = (changes: Message = {}): Message => ({
  Type: "Notification",
  MessageId: "m1",
  TopicArn: "arn:aws:sns:eu-west-1:123456789012:bounces",
  Subject: "Amazon SES",
  Message: '{"notificationType":"Bounce"}',
  Timestamp: "2026-11-29T10:00:00.000Z",
  SignatureVersion: "2",
  SigningCertURL: CERT,
  ...changes,
});
const confirmation = (changes: Message = {}): Message =>
  notification({
    Type: "SubscriptionConfirmation",
    Token: "t1",
    SubscribeURL: `${HOST}/?Action=ConfirmSubscription&TopicArn=arn&Token=t1`,
    ...changes,
  });
/** As the developer guide says: names and values in lines, in the order of the alphabet. */
function sign(message: Message): Message {
  const isNotification = message["Type"] === "Notification";
  const names = isNotification
    ? ["Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type"]
    : ["Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"];
  const text = names.flatMap((name) => (message[name] === undefined ? [] : [`${name}\n${message[name]}\n`])).join("");
  const digest = message["SignatureVersion"] === "1" ? "RSA-SHA1" : "RSA-SHA256";
  return { ...message, Signature: createSign(digest).update(text).sign(made.private, "base64") };
}

function open(answer: (url: string) => string = () => made.cert) {
  const fetched = vi.fn(async (url: string) => answer(url));
  return { fetched, sns: createSns(fetched) };
}

test.each([
  ["SHA-256", notification()],
  ["SHA-1", notification({ SignatureVersion: "1" })],
  ["a confirmation", confirmation()],
])("what SNS signed is believed: %s", async (_, message) => {
  const { sns, fetched } = open();
  await sns.verify(sign(message));
  await sns.verify(sign(message));
  expect(fetched.mock.calls).toEqual([[CERT]]);
});

test("without a subject, which is then not signed", async () => {
  const { Subject: _subject, ...message } = notification();
  await open().sns.verify(sign(message));
});

test.each<[string, Message]>([
  ["another text", { ...sign(notification()), Message: '{"notificationType":"Complaint"}' }],
  ["another topic", { ...sign(notification()), TopicArn: "arn:aws:sns:eu-west-1:666666666666:evil" }],
  ["another version", { ...sign(notification()), SignatureVersion: "3" }],
  ["no signature", notification()],
  ["another type", { ...sign(notification()), Type: "Other" }],
])("%s is not believed", async (_, message) => {
  await expect(open().sns.verify(message)).rejects.toThrow(NotFromSns);
});

test.each([
  "http://sns.eu-west-1.amazonaws.com/c.pem",
  "https://sns.eu-west-1.amazonaws.com.evil.test/c.pem",
  "https://evil.test/sns.eu-west-1.amazonaws.com/c.pem",
  "https://sns.eu-west-1.amazonaws.com@evil.test/c.pem",
  "https://bucket.s3.amazonaws.com/c.pem",
  "https://sns.eu-west-1.amazonaws.com:8443/c.pem",
  "https://sns.eu-west-1.amazonaws.com/?Action=GetX",
  "https://snsXeu-west-1.amazonaws.com/c.pem",
  "file:///etc/passwd",
  "not an address",
])("no certificate is fetched from %s", async (url) => {
  const { sns, fetched } = open();
  await expect(sns.verify(sign(notification({ SigningCertURL: url })))).rejects.toThrow(NotFromSns);
  expect(fetched).not.toHaveBeenCalled();
});

test("China has a domain of its own", async () => {
  const url = "https://sns.cn-north-1.amazonaws.com.cn/c.pem";
  await open().sns.verify(sign(notification({ SigningCertURL: url })));
});

test("what cannot be fetched is not known, and asked for again; what is no certificate is not believed", async () => {
  let isAway = true;
  const { sns, fetched } = open(() => {
    if (isAway) throw new Error("no route");
    return made.cert;
  });
  await expect(sns.verify(sign(notification()))).rejects.toThrow("no route");
  isAway = false;
  await sns.verify(sign(notification()));
  expect(fetched).toHaveBeenCalledTimes(2);
  await expect(open(() => "<html>").sns.verify(sign(notification()))).rejects.toThrow(NotFromSns);
  const later = createSns(
    async () => made.cert,
    () => Date.parse("2100-01-01"),
  );
  await expect(later.verify(sign(notification()))).rejects.toThrow("has expired");
});

test("a subscription is confirmed at SNS, and nowhere else", async () => {
  const { sns, fetched } = open();
  await sns.confirm(confirmation());
  expect(fetched.mock.calls).toEqual([[confirmation()["SubscribeURL"]]]);
  for (const url of ["https://evil.test/?Action=ConfirmSubscription", `${HOST}/?Action=DeleteTopic`, ""])
    await expect(sns.confirm(confirmation({ SubscribeURL: url }))).rejects.toThrow(NotFromSns);
  expect(fetched).toHaveBeenCalledTimes(1);
});
