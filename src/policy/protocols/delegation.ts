/** Postfix's policy delegation, https://www.postfix.org/SMTPD_POLICY_README.html: attributes, an empty line, an action. */
import type { Answer } from "../answer.ts";
import { textOf, type Protocol } from "./protocol.ts";

/** Of the states in which Postfix asks, those that have one recipient. */
const ASKS_FOR_ONE = new Set(["RCPT", ""]);

export const delegation: Protocol = {
  name: "delegation",
  once: false,
  cut(buffer) {
    const end = buffer.indexOf("\n\n");
    if (end < 0) return null;
    const attributes = new Map<string, string>();
    for (const line of buffer.slice(0, end).split("\n")) {
      const at = line.indexOf("=");
      if (at > 0) attributes.set(line.slice(0, at), textOf(line.slice(at + 1).replace(/\r$/, "")));
    }
    const recipient = attributes.get("recipient") ?? "";
    const isAsked = recipient !== "" && ASKS_FOR_ONE.has(attributes.get("protocol_state") ?? "");
    return {
      length: end + 2,
      request: {
        question: isAsked
          ? { recipient, sender: attributes.get("sender") ?? null, instance: attributes.get("instance") ?? null }
          : null,
        reply: (answer) => `action=${actionOf(answer)}\n\n`,
      },
    };
  },
};

const actionOf = (answer: Answer): string => (answer.kind === "pass" ? "DUNNO" : answer.reply);
