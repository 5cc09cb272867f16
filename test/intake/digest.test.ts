import { createHash } from "node:crypto";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { createDigest, digestMessage, type Digest } from "../../src/intake/digest.ts";

const bytes = (text: string): Buffer => Buffer.from(text, "latin1");
/** The definition in one line, slow and plain. */
const byDefinition = (text: string): Digest => {
  const canonical = text.replaceAll(/\r\n|\r|\n/g, "\r\n").replace(/(\r\n)+$/, "");
  return { sha256: createHash("sha256").update(bytes(canonical)).digest("hex"), size: canonical.length + 2 };
};

test.each([
  ["CRLF", "A: b\r\n\r\ntext\r\nmore\r\n"],
  ["LF", "A: b\n\ntext\nmore\n"],
  ["CR", "A: b\r\rtext\rmore\r"],
  ["no line end at the end", "A: b\n\ntext\nmore"],
  ["empty lines at the end", "A: b\n\ntext\nmore\n\n\r\n"],
])("the same mail with %s has the same digest and size", (_name, text) => {
  expect(digestMessage(bytes(text))).toEqual(byDefinition("A: b\r\n\r\ntext\r\nmore\r\n"));
});

test("another octet gives another digest; an empty line inside counts", () => {
  const ids = ["a\nb", "a\n\nb", "a b", "\na\nb", "a\nb "].map((text) => digestMessage(bytes(text)).sha256);
  expect(new Set(ids).size).toBe(5);
});

test("an empty message has a digest too", () => {
  expect(digestMessage(bytes("\r\n\r\n"))).toEqual(digestMessage(bytes("")));
});

test("however the octets are cut into chunks, the digest is that of the definition", () => {
  const text = fc.array(fc.constantFrom("\r", "\n", "\r\n", "a", "text", "\0"), { maxLength: 40 });
  fc.assert(
    fc.property(text, fc.array(fc.nat(60), { maxLength: 6 }), (parts, cuts) => {
      const whole = parts.join("");
      const digest = createDigest();
      let from = 0;
      for (const cut of [...cuts.toSorted((a, b) => a - b), whole.length]) {
        digest.update(bytes(whole.slice(from, Math.max(from, cut))));
        from = Math.max(from, cut);
      }
      expect(digest.finish()).toEqual(byDefinition(whole));
    }),
    { numRuns: 2000 },
  );
});
