/**
 * The grammars of addresses and of delivery-status parts (RFC 3464), from texts that nearly keep to them. What once went
 * wrong stays in fixtures/fuzz/. More runs for a longer hunt: FUZZ_RUNS=100000.
 */
import { readFileSync } from "node:fs";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { addressesIn, parseAddress, parseAddressList, parseTypedAddress } from "../../src/core/fields/address.ts";
import { isAddress } from "../../src/addresses/is-address.ts";
import { readDeliveryStatus } from "../../src/core/formats/dsn/delivery-status.ts";

const RUNS = Number(process.env["FUZZ_RUNS"] ?? 2000);
const corpus = (name: string): [string][] =>
  (JSON.parse(readFileSync(`fixtures/fuzz/${name}.json`, "utf8")) as string[]).map((text) => [text]);

const word = fc.stringMatching(/^[a-z0-9+=._-]{1,12}$/);
const local = fc.oneof(
  { weight: 4, arbitrary: word },
  word.map((text) => `"${text} ${text}"`),
  word.map((text) => `"${text}\\"@`),
  fc.string({ maxLength: 8 }),
);
const host = fc.oneof(
  { weight: 4, arbitrary: fc.domain() },
  fc.constantFrom("[192.0.2.1]", "[IPv6:2001:db8::1]", "bücher.example", "xn--bcher-kva.example", "localhost", "-", ""),
);
const address = fc.tuple(local, host).map(([left, right]) => `${left}@${right}`);
const dressed = fc
  .tuple(
    address,
    fc.constantFrom(
      "",
      "<",
      "rfc822; ",
      "rfc822;<",
      "utf-8;",
      "x400;",
      "@relay.example:",
      "<@a,@b:",
      "mailto:",
      "(",
      "group: ",
    ),
    fc.constantFrom("", ">", ">>", " (comment)", ";", ",", "\r\n ", "\0", "'"),
  )
  .map(([text, before, after]) => before + text + after);
const addressText = fc.oneof(
  dressed,
  fc.array(dressed, { maxLength: 5 }).map((texts) => texts.join(", ")),
  fc.string({ unit: "binary", maxLength: 80 }),
);

test("whatever stands where an address should, what is found is an address, and stays one", () => {
  fc.assert(
    fc.property(addressText, (text) => {
      const parsed = parseAddress(text);
      const typed = parseTypedAddress(text);
      const found = [...addressesIn(text), ...parseAddressList(text), ...(parsed === null ? [] : [parsed])];
      for (const each of found) expect(isAddress(each)).toBe(true);
      if (parsed !== null) expect(parseAddress(parsed)).toBe(parsed);
      expect(typed === null || typed.trim() !== "").toBe(true);
      expect(addressesIn(text, 1).length).toBeLessThanOrEqual(1);
    }),
    { numRuns: RUNS, examples: corpus("addresses") },
  );
});

const eol = fc.constantFrom("\n", "\r\n", "\n ", "\n\t", "\r");
const name = fc.constantFrom(
  "Final-Recipient",
  "final-recipient",
  "Original-Recipient",
  "Action",
  "Status",
  "Diagnostic-Code",
  "Remote-MTA",
  "Reporting-MTA",
  "X-Unknown",
  "__proto__",
  "",
);
const value = fc.oneof(
  dressed,
  fc.constantFrom("failed", "5.1.1", "smtp; 550 5.1.1 no", "", " "),
  fc.string({ maxLength: 30 }),
);
const field = fc
  .tuple(name, fc.constantFrom(": ", ":", " : ", ""), value, eol)
  .map(([left, colon, right, end]) => left + colon + right + end);
const part = fc
  .array(fc.tuple(field, fc.constantFrom("", "", "", "\n", "\r\n", " \n")), { maxLength: 40 })
  .map((lines) => lines.flat().join(""));

test("whatever stands in a delivery-status part, groups stay bounded, and twice the same", () => {
  fc.assert(
    fc.property(part, (text) => {
      const status = readDeliveryStatus(text);
      expect(readDeliveryStatus(text)).toEqual(status);
      for (const group of status?.groups ?? []) {
        expect(group.length).toBeLessThanOrEqual(100);
        for (const { name } of group) expect(name).toBe(name.toLowerCase());
      }
    }),
    { numRuns: RUNS, examples: corpus("status-parts") },
  );
});

test("every recipient of a part that keeps to the RFC is found, in any order of fields, case and folding", () => {
  const recipient = fc.record({
    address: fc.emailAddress(),
    order: fc.shuffledSubarray([0, 1, 2], { minLength: 3 }),
    isUpper: fc.boolean(),
    fold: fc.constantFrom(" ", "\n ", "\n\t"),
  });
  fc.assert(
    fc.property(
      fc.uniqueArray(recipient, { selector: ({ address }) => address, minLength: 1, maxLength: 20 }),
      (all) => {
        const groups = all.map(({ address, order, isUpper, fold }) => {
          const lines = [`Final-Recipient:${fold}rfc822; ${address}`, "Action: failed", "Status: 5.1.1"];
          const text = order.map((at) => lines[at] ?? "").join("\n");
          return isUpper ? text.replaceAll(/^[\w-]+:/gm, (word) => word.toUpperCase()) : text;
        });
        const status = readDeliveryStatus(`Reporting-MTA: dns; mx.example.net\n\n${groups.join("\n\n")}\n`);
        const named = status?.groups.map((group) => group.find(({ name }) => name === "final-recipient")?.value);
        expect(named).toEqual(all.map(({ address }) => `rfc822; ${address}`));
      },
    ),
    { numRuns: Math.ceil(RUNS / 4) },
  );
});
