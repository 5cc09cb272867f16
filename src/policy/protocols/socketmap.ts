/**
 * Postfix's socketmap, https://www.postfix.org/socketmap_table.5.html: netstrings, a request is `<map> <key>`. The map
 * `access` gives what `check_recipient_access` takes, the map `transport` what `transport_maps` takes.
 */
import type { Answer } from "../answer.ts";
import { ProtocolError, textOf, type Protocol } from "./protocol.ts";

const MAX_OCTETS = 10_000;

export const socketmap: Protocol = {
  name: "socketmap",
  once: false,
  cut(buffer) {
    const colon = buffer.indexOf(":");
    const head = colon < 0 ? buffer : buffer.slice(0, colon);
    if (colon < 0 && /^\d{0,5}$/.test(head)) return null;
    if (!/^\d{1,5}$/.test(head) || Number(head) > MAX_OCTETS)
      throw new ProtocolError("a netstring begins with its length");
    const end = colon + 1 + Number(head);
    if (buffer.length <= end) return null;
    if (buffer[end] !== ",") throw new ProtocolError("a netstring ends with a comma");
    const text = buffer.slice(colon + 1, end);
    const blank = text.indexOf(" ");
    const map = text.slice(0, Math.max(blank, 0));
    const key = textOf(text.slice(blank + 1));
    if (map !== "access" && map !== "transport")
      return {
        length: end + 1,
        request: { question: null, reply: () => netstring("PERM no such map: access, transport") },
      };
    return {
      length: end + 1,
      request: {
        question: isRecipient(key) ? { recipient: key, sender: null, instance: null } : null,
        reply: (answer) => netstring(map === "access" ? accessOf(answer) : transportOf(answer)),
      },
    };
  },
};

const netstring = (text: string): string => `${Buffer.byteLength(text)}:${text},`;

/** Postfix also asks for `user@`, `.example.org` and `*`, which name nobody. */
export const isRecipient = (key: string): boolean => /^[^@]+@[^@]|^[^.@*][^@]*\.[^@]/.test(key);

const accessOf = (answer: Answer): string =>
  answer.kind === "pass" ? "NOTFOUND " : answer.kind === "defer" ? `TEMP ${answer.reply}` : `OK ${answer.reply}`;

/** `error:5.1.1 text`: Postfix returns the message to its sender with these words. */
const transportOf = (answer: Answer): string =>
  answer.kind === "pass"
    ? "NOTFOUND "
    : answer.kind === "defer"
      ? `TEMP ${answer.reply}`
      : `OK error:${answer.reply.replace(/^\d{3} /, "")}`;
