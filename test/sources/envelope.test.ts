import { expect, test } from "vitest";
import { readEnvelope } from "../../src/sources/envelope.ts";
import { isSeen, seenPath } from "../../src/sources/maildir.ts";

test.each([
  ["Return-Path: <>\n", ["", null, null]],
  ["Return-Path: <a@b.example>\nTo: Bounces <c@d.example>\n", ["a@b.example", "c@d.example", null]],
  ["Delivered-To: one@b.example\nDelivered-To: forged@b.example\nTo: x@y.example\n", [null, "one@b.example", null]],
  ["Delivered-To: box@b.example\nX-Original-To: b+1@b.example\n", [null, "b+1@b.example", null]],
  [
    "Received: from a (b; c) by d; Mon, 23 Nov 2026 12:00:00 +0200\nReceived: by e; Sun, 22 Nov 2026 12:00:00 +0000\n",
    [null, null, "2026-11-23T10:00:00.000Z"],
  ],
  ["Received: from a by b\nTo: undisclosed-recipients:;\n", [null, null, null]],
  ["", [null, null, null]],
])("%j", (header, [reversePath, forwardPath, receivedAt]) => {
  expect(readEnvelope(Buffer.from(`${header}\nbody\n`))).toEqual({ reversePath, forwardPath, receivedAt });
});

test.each([
  ["/m/new/1.a", false, "/m/cur/1.a:2,S"],
  ["/m/cur/1.a:2,", false, "/m/cur/1.a:2,S"],
  ["/m/cur/1.a:2,FR", false, "/m/cur/1.a:2,FRS"],
  ["/m/cur/1.a:2,ST", true, "/m/cur/1.a:2,ST"],
  ["/m/cur/1.a:2,Rab", false, "/m/cur/1.a:2,RSab"],
])("%s is seen: %s; marked it is %s", (path, seen, marked) => {
  expect(isSeen(path)).toBe(seen);
  expect(seenPath("/m", path)).toBe(marked);
});
