/** Parse + classify of all fixtures on one core beside mailparser alone. */
import { globSync, readFileSync } from "node:fs";
import { simpleParser } from "mailparser";
import { loadConfig } from "../src/config/config.ts";
import { LEAN, parseMail } from "../src/core/mime/mail.ts";
import { readReport } from "../src/core/formats/index.ts";
import { readMessage } from "../src/core/read-message.ts";
import { messageInputOf } from "../src/sources/message-input.ts";
import { readSettingsOf } from "../src/reading/read-settings.ts";
import { printLanes, sideBySide } from "./side-by-side.ts";

export async function benchParse(): Promise<void> {
  await benchFolder("standard reports", "fixtures/eml/rfc3464/*.eml");
  await benchFolder("all fixtures, every odd format once", "fixtures/eml/*/*.eml");
}

async function benchFolder(title: string, pattern: string): Promise<void> {
  const messages = globSync(pattern).map((path) => readFileSync(path));
  const config = loadConfig({});
  const settings = readSettingsOf(config);
  const inputs = messages.map((bytes) => messageInputOf(bytes, config.BOUNCED_KEEP_BYTES));
  const results = await sideBySide([
    {
      name: "mailparser alone, lean options",
      async run() {
        for (const bytes of messages) await simpleParser(bytes, LEAN);
        return messages.length;
      },
    },
    {
      name: "parse",
      async run() {
        for (const bytes of messages) await parseMail(bytes);
        return messages.length;
      },
    },
    {
      name: "parse + formats",
      async run() {
        for (const bytes of messages) readReport(await parseMail(bytes));
        return messages.length;
      },
    },
    {
      name: "parse + formats + classify = events",
      async run() {
        for (const input of inputs) await readMessage(input, settings);
        return inputs.length;
      },
    },
  ]);
  printLanes(`${title}: ${messages.length} messages, one core`, "msg", results);
}
