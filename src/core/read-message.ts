/** The whole pipeline, one message in, one event per recipient out: parse -> formats -> classify -> correlate. */
import type { BouncedEvent } from "./event.ts";
import { withinBudget } from "./event-budget.ts";
import { eventsOf } from "./events-of.ts";
import { readReport } from "./formats/index.ts";
import { parseMail, type Mail } from "./mail.ts";
import type { MessageInput } from "./message-input.ts";
import { messageOf } from "../error-message.ts";
import type { ReadSettings } from "./read-settings.ts";

/**
 * Never rejects on mail: what cannot be parsed gives one event of kind `unrecognized` with the warning `unparseable`.
 */
export async function readMessage(input: MessageInput, settings: ReadSettings): Promise<readonly BouncedEvent[]> {
  let mail: Mail;
  try {
    mail = await parseMail(Buffer.from(input.head, "latin1"));
  } catch (error) {
    const warning = { code: "unparseable", value: messageOf(error).slice(0, 200) };
    return eventsOf({ input, settings, mail: null, reading: null, warnings: [warning] });
  }
  return withinBudget(eventsOf({ input, settings, mail, reading: readReport(mail), warnings: mail.warnings }));
}
