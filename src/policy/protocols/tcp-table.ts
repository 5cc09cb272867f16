/** Postfix's tcp_table, https://www.postfix.org/tcp_table.5.html: `get <key>`, answered with 200, 400 or 500 and a text. */
import { textOf, type Protocol } from "./protocol.ts";
import { isRecipient } from "./socketmap.ts";

export const tcpTable: Protocol = {
  name: "tcp_table",
  once: false,
  cut(buffer) {
    const end = buffer.indexOf("\n");
    if (end < 0) return null;
    const [, encoded] = /^get (\S+)\r?$/.exec(buffer.slice(0, end)) ?? [];
    const key = encoded === undefined ? "" : textOf(decoded(encoded));
    return {
      length: end + 1,
      request: {
        question: isRecipient(key) ? { recipient: key, sender: null, instance: null } : null,
        reply: (answer) =>
          encoded === undefined
            ? "500 this%20table%20answers%20only%20get\n"
            : answer.kind === "pass"
              ? "500 not%20found\n"
              : `${answer.kind === "defer" ? 400 : 200} ${encodedAs(answer.reply)}\n`,
      },
    };
  },
};

const decoded = (text: string): string =>
  text.replaceAll(/%([0-9a-f]{2})/gi, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 16)));

const encodedAs = (text: string): string =>
  text.replaceAll(
    /[^\x21-\x24\x26-\x7e]/g,
    (one) => `%${one.charCodeAt(0).toString(16).padStart(2, "0").toUpperCase()}`,
  );
