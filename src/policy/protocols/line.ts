/**
 * `check <recipient> [<sender>]` on a line, answered by `OK` or the reply on a line, and the end of the connection: for
 * what reads a socket to its end, as Exim's `${readsocket}` does.
 */
import { textOf, type Protocol } from "./protocol.ts";

export const line: Protocol = {
  name: "line",
  once: true,
  cut(buffer) {
    const end = buffer.indexOf("\n");
    if (end < 0) return null;
    const [, recipient = "", sender] = /^check (\S+)(?: (\S+))?\s*$/.exec(buffer.slice(0, end)) ?? [];
    return {
      length: end + 1,
      request: {
        question:
          recipient === ""
            ? null
            : { recipient: textOf(recipient), sender: sender === undefined ? null : textOf(sender), instance: null },
        reply: (answer) => (answer.kind === "pass" ? "OK\n" : `${answer.reply}\n`),
      },
    };
  },
};
