import { expect, test } from "vitest";
import { packMessages } from "../../src/intake/pack.ts";
import type { QueuedMessage } from "../../src/queues/payloads.ts";

const message = (id: string, octets = 100): QueuedMessage => ({
  id,
  raw: "x".repeat(octets),
  truncated: false,
  size: octets,
  sha256: "0".repeat(64),
  receivedAt: null,
  reversePath: "",
  forwardPaths: ["b@bounces.example.com"],
  remoteAddress: null,
});
const many = (count: number, octets?: number): readonly QueuedMessage[] =>
  Array.from({ length: count }, (_, index) => message(`m${index}`, octets));
const unpacked = (messages: readonly QueuedMessage[]) => packMessages(messages).map(({ data }) => data.messages);

test("few messages have a job each, called as the message", () => {
  expect(packMessages(many(3)).map(({ name, data, opts }) => [name, data.v, opts.jobId])).toEqual([
    ["messages", 1, "m0"],
    ["messages", 1, "m1"],
    ["messages", 1, "m2"],
  ]);
});

test("many share jobs, none is lost, none changed, in order", () => {
  const messages = many(100);
  const jobs = unpacked(messages);
  expect(jobs.map(({ length }) => length)).toEqual([32, 32, 32, 4]);
  expect(jobs.flat()).toEqual(messages);
});

test("a job stays small; a large message has one of its own", () => {
  const messages = [...many(5, 150_000), message("large", 600_000), ...many(2)];
  const jobs = unpacked(messages);
  expect(jobs.map(({ length }) => length)).toEqual([3, 2, 1, 2]);
  expect(jobs.flat()).toEqual(messages);
});

test("the same messages make the same job again, others another", () => {
  const idOf = (messages: readonly QueuedMessage[]) => packMessages(messages).map(({ opts }) => opts.jobId);
  expect(idOf(many(9))).toEqual(idOf(many(9)));
  expect(idOf(many(9))).not.toEqual(idOf(many(8)));
  expect(idOf(many(9))[0]).toMatch(/^p[0-9a-f]{31}$/);
});
