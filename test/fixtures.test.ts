import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { domainToASCII } from "node:url";
import { describe, expect, test } from "vitest";
import { eventSchema } from "../src/event/event.ts";
import { FIXTURES, octetsOf, reading, readOctets, type Fixture, type Truth } from "./support/fixtures.ts";

/** Domains compared as A-labels: some servers report `bücher.test`, some `xn--bcher-kva.test`. */
const spelt = (address: string): string =>
  address.toLowerCase().replace(/@([^@[]+)$/, (_, domain: string) => `@${domainToASCII(domain)}`);

const LINE_ENDS = [
  ["lf", "\n"],
  ["crlf", "\r\n"],
] as const;

/** `verdicts.json` of a folder: severity and reason of each event, by fixture. Where a mail gives no clear reason, it has no entry. */
const verdictsOf = ({ path }: Fixture): unknown => {
  const file = JSON.parse(readFileSync(join(dirname(path), "verdicts.json"), "utf8")) as Record<string, unknown>;
  return file[basename(path, ".eml")];
};

test("there are fixtures", () => expect(FIXTURES.length).toBeGreaterThan(0));

describe.each(FIXTURES)("$path", (fixture) => {
  const expected = fixture.path.replace(/\.eml$/, ".json");
  test.each(LINE_ENDS)("%s", async (name, eol) => {
    const octets = Buffer.from(octetsOf(fixture).toString("latin1").replaceAll(/\r?\n/g, eol), "latin1");
    const events = await readOctets(octets);
    for (const event of events) eventSchema.parse(event);
    const actual = events.map(reading);
    if (process.env["UPDATE_FIXTURES"] === "1" && name === "lf")
      writeFileSync(expected, `${JSON.stringify(actual, null, 2)}\n`);
    expect(actual).toEqual(JSON.parse(readFileSync(expected, "utf8")));
    if (fixture.folder !== "malformed")
      expect(new Set(events.map(({ format }) => format))).toEqual(new Set([fixture.folder]));
  });

  const verdicts = verdictsOf(fixture);
  if (verdicts !== undefined)
    test("is judged as its words mean", async () => {
      const events = await readOctets(octetsOf(fixture));
      expect(events.map(({ severity, reason }) => `${severity} ${reason}`)).toEqual(verdicts);
    });

  const truthFile = fixture.path.replace(/\.eml$/, ".truth.json");
  if (!existsSync(truthFile)) return;
  test("tells the truth", async () => {
    const truth = JSON.parse(readFileSync(truthFile, "utf8")) as Truth;
    const events = await readOctets(octetsOf(fixture));
    const found = (address: string) => (event: (typeof events)[number]) =>
      [event.recipient.address, event.recipient.original].some(
        (named) => named !== null && spelt(named) === spelt(address),
      );
    for (const { address, alsoKnownAs, action } of truth.recipients) {
      const event = events.find((candidate) => [address, ...alsoKnownAs].some((name) => found(name)(candidate)));
      expect(event, address).toBeDefined();
      if (event?.action !== null) expect(event?.action).toBe(action);
    }
    if (truth.recipients.length > 0) expect(events).toHaveLength(truth.recipients.length);
    if (truth.messageId !== null) expect(events[0]?.original.messageId).toBe(truth.messageId);
    if (truth.envelopeId !== null) expect(events[0]?.envelopeId).toBe(truth.envelopeId);
  });
});
