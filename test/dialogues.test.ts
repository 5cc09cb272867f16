/**
 * Every file of test/dialogues is a conversation with a live listener; replies must be exactly those written down.
 *
 *   # a comment          ! {"limits": {…}}  options of the listener       C: a line, CRLF is added
 *   S: the reply         C| "a JSON string, sent as it is"                 X  the other end closes
 *
 * UPDATE_DIALOGUES=1 writes the replies that come; the diff is reviewed like code.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { globSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Intake } from "../src/intake/accept.ts";
import { connectSmtp, type SmtpClient } from "./support/smtp-client.ts";
import { openTestIntake, startTestListener } from "./support/listener.ts";
import { startTestRedis, type TestRedis } from "./support/redis.ts";

let redis: TestRedis;
let intake: Intake;
beforeAll(async () => {
  redis = await startTestRedis();
  intake = openTestIntake(redis.url);
});
afterAll(async () => {
  await intake.close();
  await redis.stop();
});

const files = globSync("test/dialogues/*.smtp").toSorted();
test("there are dialogues", () => expect(files.length).toBeGreaterThan(5));

for (const file of files)
  test(file, async () => {
    const script = readFileSync(file, "utf8");
    const spoken = await speak(script);
    if (process.env["UPDATE_DIALOGUES"] === "1") writeFileSync(file, spoken);
    else expect(spoken).toBe(script);
  });

/** The script with the replies that really came. */
async function speak(script: string): Promise<string> {
  const lines = script.split("\n");
  const options = JSON.parse(lines.find((line) => line.startsWith("! "))?.slice(2) ?? "{}") as object;
  const listener = await startTestListener(intake, options);
  const client: SmtpClient = await connectSmtp(listener.port);
  const spoken: string[] = [];
  try {
    for (const [index, line] of lines.entries()) {
      if (line.startsWith("C: ")) client.write(`${line.slice(3)}\r\n`);
      else if (line.startsWith("C| ")) client.write(JSON.parse(line.slice(3)) as string);
      else if (line.startsWith("X")) await client.closed();
      else if (line.startsWith("S: ")) {
        // The lines of one reply stand below each other; the last one has a blank after its code.
        if (/^S: \d{3}-/.test(lines[index - 1] ?? "")) continue;
        spoken.push(...(await client.reply()).split("\n").map((reply) => `S: ${reply}`));
        continue;
      }
      spoken.push(line);
    }
    return spoken.join("\n");
  } finally {
    client.close();
    await listener.stop();
  }
}
