import { expect, test } from "vitest";
import { readListed } from "../../../src/core/notice/listed.ts";
import { readNotice } from "../../../src/core/notice/notice.ts";
import { mailOf, type Letter } from "./support.ts";

const listed = async (body: string, letter: Letter = {}) =>
  readListed(readNotice(await mailOf(body, letter))).blocks.map(({ address, derivedFrom, paragraphs }) => ({
    address,
    derivedFrom,
    words: paragraphs.flat().join(" "),
  }));
const block = (address: string | null, words = "", derivedFrom: string | null = null) => ({
  address,
  derivedFrom,
  words,
});

test("recipients below an announcement, each with its reason", async () => {
  const body = "It could not be delivered to:\n\n  ann@example.org\n    no such user\n\n  bob@example.org\n    full\n";
  expect(await listed(body)).toEqual([block("ann@example.org", "no such user"), block("bob@example.org", "full")]);
});

test("what is indented below a recipient is about it, also an address", async () => {
  const body = "Could not be delivered:\n\n  ann@example.org:\n    RCPT TO:\n    <eve@example.org>:\n    553 unknown\n";
  expect(await listed(body)).toEqual([block("ann@example.org", "RCPT TO: <eve@example.org>: 553 unknown")]);
});

test("the same address again goes on with its paragraph", async () => {
  const body = "Delivery has failed:\n\nann@example.org\nNo such mailbox.\n\nann@example.org\n#550 5.1.1 unknown ##\n";
  expect(await listed(body)).toEqual([block("ann@example.org", "No such mailbox. #550 5.1.1 unknown ##")]);
});

test("forwarded from and hidden recipients", async () => {
  const body =
    "These could not be delivered:\n\n  ann@example.org\n    (generated from info@example.net)\n    gone\n  an undisclosed address\n    (generated from hr@example.net)\n";
  expect(await listed(body)).toEqual([
    block("ann@example.org", "gone", "info@example.net"),
    block(null, "", "hr@example.net"),
  ]);
});

test("an address that nothing announces is none", async () => {
  expect(await listed("Hello,\n\nann@example.org\n", { subject: "News" })).toEqual([]);
});

test("contacts are no recipients", async () => {
  const body = "Your mail could not be delivered to:\n\nann@example.org\n\nFor help contact:\n\nhelp@example.net\n";
  expect((await listed(body)).map(({ address }) => address)).toEqual(["ann@example.org"]);
});

test("who plays a daemon by name only cannot make us a recipient", async () => {
  const body = "Your mail could not be delivered to:\n\nnews-bounces@sender.test\nann@example.org\n";
  const named = await listed(body, { from: "Mail Delivery System <promo@spam.example.com>" });
  expect(named.map(({ address }) => address)).toEqual(["ann@example.org"]);
});

test("thousands of lines without an announcement are read in bounds", async () => {
  const body = Array.from({ length: 20_000 }, (_, n) => `user${n}@example.org`).join("\n");
  expect(await listed(body, { subject: "Members" })).toEqual([]);
});
