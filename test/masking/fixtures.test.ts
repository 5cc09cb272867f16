/** Every message of the fixtures as somebody sees it who sees no personal data. */
import { globSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { loadConfig } from "../../src/config/config.ts";
import { readMessage } from "../../src/core/read-message.ts";
import { addressesInMessage } from "../../src/erasure/addresses-in.ts";
import { eventSchema } from "../../src/event/event.ts";
import { maskEvent } from "../../src/masking/mask-event.ts";
import { readSettingsOf } from "../../src/reading/read-settings.ts";
import { messageInputOf } from "../../src/sources/message-input.ts";
import { makeEvent } from "../store/make-event.ts";

const NAME = "masked-abcdefgh";

test("no event has a local part or a subject of its message, and each is still an event", async () => {
  const settings = readSettingsOf(loadConfig({}));
  let events = 0;
  let parts = 0;
  for (const path of globSync("fixtures/eml/*/*.eml")) {
    const octets = readFileSync(path);
    const addresses = [...addressesInMessage(octets)];
    const domains = new Set(addresses.map((address) => address.slice(address.lastIndexOf("@") + 1)));
    // Those that are no word and no domain: these stand in texts for themselves.
    const locals = addresses
      .map((address) => address.slice(0, address.lastIndexOf("@")))
      .filter((local) => /^[a-z]\S*[^a-z]\S*$/.test(local) && local.length > 4 && !domains.has(local))
      .filter((local) => !/^(?:mailer-daemon|no-reply)$/.test(local));
    for (const event of await readMessage(messageInputOf(octets, 262_144), settings)) {
      const masked = maskEvent(event, () => NAME);
      eventSchema.parse(masked);
      const text = JSON.stringify(masked).toLowerCase();
      const subjects = [event.original.subject, event.message.subject].filter((one) => one !== null && one.length > 15);
      for (const part of [...locals, ...subjects])
        expect([path, part, text.includes(String(part).toLowerCase())]).toEqual([path, part, false]);
      events++;
      parts += locals.length;
    }
  }
  expect([events > 300, parts > 500]).toEqual([true, true]);
});

test("whatever characters a local part has, the words of it are found", () => {
  for (const local of [
    "anna-maria",
    "a.b*c",
    "o'hara",
    "x{1}y",
    "a/b=c",
    "q?r",
    "s+t^u|v",
    "w$z",
    "ab~c#d!e%f&g`h_i",
  ]) {
    const event = makeEvent({ address: `${local}@shop.example` });
    const diagnostic = { type: "smtp", text: `550 no mailbox ${local} here` };
    expect(maskEvent({ ...event, diagnostic }, () => NAME).diagnostic?.text).toBe("550 no mailbox *** here");
  }
});
