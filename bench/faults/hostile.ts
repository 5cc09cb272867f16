/** Mail made to cost its reader time or memory. */
import { bounceOf } from "../load.ts";

const headers = "From: a@sender.example\r\nMIME-Version: 1.0\r\n";
const MB = 1024 * 1024;

const nested = (depth: number): string => {
  const lines = [headers.trimEnd()];
  for (let n = 0; n < depth; n++) lines.push(`Content-Type: multipart/mixed; boundary="b${n}"`, "", `--b${n}`);
  return lines.join("\r\n");
};
export const reportsInside = (depth: number, innermost: string): string => {
  let inner = innermost;
  for (let n = 0; n < depth; n++)
    inner = `${headers}Content-Type: multipart/report; report-type=delivery-status; boundary="b${n}"\r\n\r\n--b${n}\r\nContent-Type: message/rfc822\r\n\r\n${inner}\r\n--b${n}--`;
  return inner;
};
const recipients = (count: number): string =>
  `${headers}Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx\r\n\r\n${Array.from(
    { length: count },
    (_, n) => `Final-Recipient: rfc822; u${n}@e.example\r\nAction: failed\r\nStatus: 5.1.1\r\n`,
  ).join("\r\n")}\r\n--b--\r\n`;

export const hostileMessages = (): ReadonlyMap<string, Buffer> =>
  new Map(
    Object.entries({
      "1,000 parts deep": nested(1000),
      "10,000 parts deep": nested(10_000),
      "50 reports inside each other": reportsInside(50, "Subject: innermost\r\n\r\ntext"),
      "100,000 headers": `${"X-A: b\r\n".repeat(100_000)}\r\ntext`,
      "one header of 1 MB": `X-A: ${"b".repeat(MB)}\r\n\r\ntext`,
      "500 KB of parentheses": `From: ${"(".repeat(500_000)}\r\n\r\ntext`,
      "one line of 20 MB": `${headers}\r\n${"x".repeat(20 * MB)}`,
      "20 MB of empty lines": `${headers}\r\n${"\r\n".repeat(10 * MB)}`,
      "5 MB of HTML": `${headers}Content-Type: text/html\r\n\r\n${"<div><a href=x>".repeat(330_000)}`,
      "100,000 parts": `${headers}Content-Type: multipart/mixed; boundary=b\r\n\r\n${"--b\r\n\r\nx\r\n".repeat(100_000)}`,
      "20 MB of base64": `${headers}Content-Transfer-Encoding: base64\r\n\r\n${"QUJD".repeat(5 * MB)}`,
      "10,000 recipients": recipients(10_000),
      "a diagnostic of 2 MB": bounceOf("x").replace(
        "Diagnostic-Code: smtp; ",
        `Diagnostic-Code: smtp; ${"a!".repeat(MB)}`,
      ),
      "only NUL": "\0".repeat(MB),
    }).map(([name, text]) => [name, Buffer.from(text, "latin1")]),
  );
