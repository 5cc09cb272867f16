import { expect, test } from "vitest";
import { quoterOf } from "../../../src/core/classify/facts/source-text.ts";
import { wordsOf } from "../../../src/core/classify/words.ts";

test.each([
  ["550 5.1.1 <a@b.example>: Recipient address rejected: User unknown in table", "user unknown", "User unknown"],
  ["550 Empfänger Unbekannt.", "empfänger unbekannt", "Empfänger Unbekannt"],
  ["550 L’utilisateur n’existe pas ici", "l'utilisateur n'existe pas", "L’utilisateur n’existe pas"],
  ["550 Nãо. ﬁle ＴＯＯ big", "file too big", "ﬁle ＴＯＯ big"],
  ["550 このメールアドレスは存在しません。", "メールアドレスは存在しません", "メールアドレスは存在しません"],
  [
    "550-5.1.1 The email account\n550-5.1.1 does not exist",
    "account does not exist",
    "account\n550-5.1.1 does not exist",
  ],
  ["550 Пользователь не найден", "пользователь не найден", "Пользователь не найден"],
])("%s: %s", (text, phrase, expected) => {
  expect(quoterOf(text)(wordsOf(phrase))).toBe(expected);
});

test("words that are not there are given as they are", () => {
  expect(quoterOf("550 no")(["user", "unknown"])).toBe("user unknown");
});
