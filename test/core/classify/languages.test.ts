/** Refusals in other languages whose words sound like a dead mailbox and are not: the mistake that deletes a customer. */
import { expect, test } from "vitest";
import { classify, emptyRefusal } from "../../../src/core/classify/classify.ts";
import { loadRules } from "../../../src/rules/load-rules.ts";

const rules = loadRules();
const verdictOn = (text: string) => classify({ ...emptyRefusal, text }, { rules });

test.each([
  "550 Die E-Mail-Adresse des Absenders ist ungültig",
  "554 PTR-Eintrag nicht gefunden",
  "550 Indirizzo IP non valido",
  "550 Dominio del mittente inesistente",
  "550 Adresse IP inconnue",
  "550 Boîte de l'expéditeur inexistante",
  "550 La dirección del remitente no existe",
  "535 Usuario o contraseña no válidos",
  "535 Usuário ou senha inválidos",
  "550 Адрес отправителя не существует",
  "550 Домен отправителя не найден",
  "550 Adres nadawcy nieprawidłowy",
  "550 Gönderen adresi geçersiz",
  "550 发件人地址不存在",
  "553 发信人域名不存在",
  "550 送信元アドレスが存在しません",
  "550 발신자 주소가 존재하지 않습니다",
  "550 Avsändarens adress finns inte",
  "550 Adres van de afzender bestaat niet",
  "553 Doména odesílatele neexistuje",
  "550 A feladó címe érvénytelen",
  "550 Lähettäjän osoite ei ole olemassa",
  "550 Il gruppo potrebbe non esistere o potresti non avere l'autorizzazione",
  "552 Das Postfach ist voll",
  "552 Boîte aux lettres pleine",
  "552 邮箱已满",
  "552 メールボックスがいっぱいです",
  "450 Почтовый ящик переполнен",
])("%s is not hard", (text) => {
  expect(verdictOn(text).severity).not.toBe("hard");
});

test.each([
  ["550 Empfänger unbekannt", "mailbox_unknown"],
  ["550 Utente sconosciuto", "mailbox_unknown"],
  ["550 Ukendt bruger", "mailbox_unknown"],
  ["550 Ukjent bruker", "mailbox_unknown"],
  ["550 指定されたメールアドレスは存在しません", "mailbox_unknown"],
  ["550 该用户不存在", "mailbox_unknown"],
  ["550 ไม่พบผู้ใช้", "mailbox_unknown"],
  ["550 المستخدم غير موجود", "mailbox_unknown"],
  ["550 המשתמש לא קיים", "mailbox_unknown"],
  ["550 Домен не существует", "domain_unknown"],
  ["550 Konto zablokowane", "mailbox_disabled"],
])("%s is hard: %s", (text, reason) => {
  expect(verdictOn(text)).toMatchObject({ reason, severity: "hard" });
});
