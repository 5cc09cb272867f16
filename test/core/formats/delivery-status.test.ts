import { expect, test } from "vitest";
import { readDeliveryStatus } from "../../../src/core/formats/dsn/delivery-status.ts";

const MESSAGE = "Reporting-MTA: dns; mx.example.net\n";
const one = "Final-Recipient: rfc822; a@example.org\nAction: failed\nStatus: 5.1.1\n";
const two = "Final-Recipient: rfc822; b@example.org\nAction: delayed\nStatus: 4.4.1\n";

test.each([
  ["as the RFC says", `${MESSAGE}\n${one}\n${two}`],
  ["no blank lines", MESSAGE + one + two],
  ["two blank lines", `${MESSAGE}\n\n\n${one}\n\n\n${two}\n\n`],
  ["a blank line after every field", [MESSAGE, one, two].join("").replaceAll("\n", "\n\n")],
  ["blank lines that hold blanks", `${MESSAGE} \n${one}\t\n${two}`],
  ["Action first", `${MESSAGE}\n${one}\n${two}`.replaceAll(/(Final.*\n)(Action.*\n)/g, "$2$1")],
  ["Action first, no blank lines", (MESSAGE + one + two).replaceAll(/(Final.*\n)(Action.*\n)/g, "$2$1")],
  ["per-message fields last", `${one}\n${two}\n${MESSAGE}`],
])("groups: %s", (_, text) => {
  const status = readDeliveryStatus(text);
  expect(status?.perMessage).toEqual([{ name: "reporting-mta", value: "dns; mx.example.net" }]);
  expect(status?.groups.map((group) => group.map(({ value }) => value).toSorted())).toEqual([
    ["5.1.1", "failed", "rfc822; a@example.org"],
    ["4.4.1", "delayed", "rfc822; b@example.org"],
  ]);
});

test("a group that a gateway encoded on its own is decoded", () => {
  const text = `${MESSAGE}Content-Transfer-Encoding: base64\nContent-Length: 9\n\n${btoa(one)}\n`;
  expect(readDeliveryStatus(text)?.groups[0]).toContainEqual({ name: "status", value: "5.1.1" });
});

test("text without such fields is none", () => {
  expect(readDeliveryStatus("Dear customer,\nX-Y: z\n")).toBeNull();
});

test("a group stays bounded", () => {
  const status = readDeliveryStatus(
    `Final-Recipient: rfc822; a@example.org\n${"Diagnostic-Code: smtp; 550 no\n".repeat(5_000)}`,
  );
  expect(status?.groups).toHaveLength(1);
  expect(status?.groups[0]?.length).toBeLessThanOrEqual(100);
});
