/** What a caller in plain JavaScript mistypes. */
import { expect, test } from "vitest";
import {
  classify,
  consume,
  createReturnPath,
  createToken,
  createUnsubscribe,
  isSuppressed,
  readReturnPath,
} from "../../src/index.ts";

/** As JavaScript calls it: no types. */
type Loose = (...words: unknown[]) => unknown;

test.each([
  [
    "createToken",
    createToken,
    { recpient: "a@b.test" },
    /createToken: there is no option "recpient" \(did you mean recipient\?\)/,
  ],
  ["createToken", createToken, {}, /createToken: recipient: expected a text, got undefined/],
  ["createToken", createToken, { recipient: 5 }, /recipient: expected a text, got number/],
  ["createUnsubscribe", createUnsubscribe, { recipient: "a@b.test", tga: "x" }, /"tga" \(did you mean tag\?\)/],
  ["createReturnPath", createReturnPath, { recipient: null }, /createReturnPath: recipient: expected a text, got null/],
  ["createReturnPath", createReturnPath, { to: "a@b.test" }, /no option "to"/],
  ["readReturnPath", readReturnPath, undefined, /readReturnPath: address: expected a text, got undefined/],
  ["classify", classify, { txt: "550 no" }, /classify: there is no option "txt" \(did you mean text\?\)/],
  ["classify", classify, null, /classify: refusal: expected a text, got null/],
] as const)("%s(%o)", (_, call, argument, message) => {
  expect(() => (call as Loose)(argument)).toThrow(message);
  expect(() => (call as Loose)(argument)).toThrow(TypeError);
});

test("isSuppressed rejects", async () => {
  await expect((isSuppressed as Loose)()).rejects.toThrow("isSuppressed: address: expected a text, got undefined");
  await expect((isSuppressed as Loose)("a@b.test", { steam: "x" })).rejects.toThrow('"steam" (did you mean stream?)');
});

test("consume", () => {
  expect(() => (consume as Loose)("bounce-hard")).toThrow("consume: handler: expected a function, got undefined");
  expect(() => (consume as Loose)("bounce-hard", () => 1, { concurency: 3 })).toThrow("(did you mean concurrency?)");
});
