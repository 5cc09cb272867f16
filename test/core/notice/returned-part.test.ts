import { expect, test } from "vitest";
import { findReturned, isAnnouncementOfReturned } from "../../../src/core/notice/returned-part.ts";

test.each([
  "--- Below this line is a copy of the message.",
  "------ This is a copy of the message, including all the headers. ------",
  "--- The header of the original message is following. ---",
  "----- Original message -----",
  "   ----- Unsent message follows -----",
  "-------original message",
  "-------- Returned Mail --------",
  "---- START OF RETURNED MESSAGE ----",
  "|------------------------- Message text follows: ------------------------|",
  "--- Mensaje original adjunto.",
  "--- 附件中的内容是原信件的一份拷贝",
  "Message headers follow.",
  "Original message headers:",
  "Original message follows.",
  "En-têtes de message d'origine :",
  "bounced E-Mail:",
])("%s announces the returned message", (line) => expect(isAnnouncementOfReturned(line)).toBe(true));

test.each([
  "   ----- The following addresses had permanent fatal errors -----",
  "   ----- Transcript of session follows -----",
  "------- Failure Reasons  --------",
  "-------server message",
  "------ Failed Recipients ------",
  "The original message was received at Tue, 3 Mar 2026 09:00:00 GMT",
  "Original Sender:    <news@sender.test>",
  "--- Session Transcript ---",
  "--- Delivery report unavailable ---",
])("%s does not", (line) => expect(isAnnouncementOfReturned(line)).toBe(false));

test("a header section after a blank line begins the returned message", () => {
  expect(findReturned(["failed:", "<ann@example.org>", "", "Received: from a by b", "To: x"])).toBe(3);
});

test("without any there is none", () => {
  expect(findReturned(["failed:", "Received: from nobody"])).toBe(2);
  expect(findReturned([])).toBe(0);
});
