/** What mail programs write over automatic answers, by language. Short closed phrases, never a single common word. */

/** At the head of a subject, perhaps after `Re:`; the original subject follows. */
const AWAY_HEADS: readonly string[] = [
  // English
  "auto:",
  "auto(?:matic)?[- ]?(?:reply|response|answer|replied)",
  "out[- ]of[- ](?:the[- ])?office",
  "ooo:",
  "oof:",
  "vacation (?:reply|response|message|notice)",
  "away (?:from (?:my|the) (?:mail|office|desk|email)|until|message|notice)",
  "(?:i am|i'm) (?:currently )?(?:away|out of|on (?:vacation|holiday|leave))",
  "on (?:vacation|holiday|annual leave|maternity leave)",
  // German, Dutch, Scandinavian, Finnish
  "automatische (?:antwort|r[üu]ckantwort|antwoord|e-?mail-?antwort)",
  "abwesenheit(?:snotiz|snachricht|smeldung|sassistent|:| )",
  "nicht im (?:b[üu]ro|haus)",
  "automatisch(?:e)? (?:antwoord|bericht|beantwoord)",
  "afwezig(?:heid)?",
  "niet aanwezig",
  "autosvar",
  "automatisk(?:t)? (?:svar|besked)",
  "fr[åa]nvaro",
  "frav[æa]r",
  "ikke til stede",
  "ej p[åa] kontoret",
  "automaattinen (?:vastaus|poissaolo)",
  "poissa",
  // French, Spanish, Catalan, Portuguese, Italian, Romanian
  "r[ée]ponse automatique",
  "absence du bureau",
  "absent(?:e)? (?:du bureau|jusqu)",
  "message d'absence",
  "notification d'absence",
  "respuesta autom[áa]tica",
  "fuera de (?:la )?oficina",
  "resposta autom[àáa]tica",
  "ausencia",
  "fora do? escrit[óo]rio",
  "aus[êe]ncia",
  "risposta automatica",
  "fuori (?:ufficio|sede)",
  "assen(?:te|za)(?::| dall)",
  "r[ăa]spuns automat",
  // Slavic and Baltic
  "automatyczna odpowied[źz]",
  "nieobecno[śs][ćc]",
  "automatick[áa] odpov[ěeě]?[ďd]",
  "nep[řr][íi]tomnost",
  "автоматический ответ",
  "автоответ",
  "нет на месте",
  "автоматична відповідь",
  "аутоматски одговор",
  "samodejni odgovor",
  "automatski odgovor",
  "автоматичен отговор",
  "autom[āa]tisk[āaā] atbilde",
  "automatinis atsakym",
  "automaatvastus",
  // Hungarian, Greek, Turkish, Hebrew, Arabic
  "automatikus v[áa]lasz",
  "h[áa]zon k[íi]v[üu]l",
  "αυτόματη απάντηση",
  "otomatik yan[ıi]t",
  "ofis d[ıi][şs][ıi]nda",
  "(?:מענה|תשובה|תגובה) (?:אוטומטית|אוטומטי)",
  "מחוץ למשרד",
  "(?:ال)?رد (?:ال)?تلقائي",
  "خارج المكتب",
  "پاسخ خودکار",
  // East Asian
  "自動(?:応答|返信|回覆|回复)",
  "自动(?:答复|回复|回復)",
  "不在(?:通知|のお知らせ|连絡|連絡)",
  "자동 ?(?:회신|응답)",
  "부재중",
  "(?:การ)?ตอบ(?:กลับ|รับ)?อัตโนมัติ",
  "ไม่อยู่ที่สำนักงาน",
  "(?:thư )?(?:trả lời|phản hồi) tự động",
  "tự động (?:trả lời|phản hồi)",
  "(?:balasan|jawapan) (?:otomatis|automatik)",
  "स्वचालित (?:उत्तर|जवाब)",
];
const AWAY_HEAD = new RegExp(
  String.raw`^\s*(?:(?:re|aw|sv|antw|rif|odp|fw|tr)\s*:\s*){0,3}[[(*"'<]{0,3}\s*(?:${AWAY_HEADS.join("|")})`,
  "iu",
);
/** AOL, Latvian Exchange and others put it behind the original subject or in the middle, before a colon. */
const AWAY_ELSEWHERE =
  /[([](?:auto(?:matic)?[- ]?(?:reply|response)|out of office|vacation|automatische antwort)[)\]]\s*$|autom[aā]tisk[aā] atbilde:|\bauto[- ]?response$|^[^:]{1,60} (?:is|will be) (?:currently )?(?:out of (?:the )?office|on vacation|on leave)\b|^[^:]{1,60} (?:ist (?:derzeit )?(?:nicht im b[üu]ro|außer haus|abwesend)|est absente?|está (?:fuera de la oficina|ausente))\b/iu;

export const isAwaySubject = (subject: string): boolean =>
  AWAY_HEAD.test(subject.normalize("NFC")) || AWAY_ELSEWHERE.test(subject);

const ACKNOWLEDGEMENT =
  /(?:^|[\]:] ?)(?:(?:we(?:'ve| have)?|i(?:'ve| have)?) (?:have )?received your|thank(?:s| you) for (?:contacting|your (?:e-?mail|message|enquiry|inquiry|request))|your (?:request|ticket|message|e-?mail|enquiry|inquiry|case) (?:has been|was) (?:received|created|opened|registered)|(?:ticket|case|request) (?:received|created|opened|#\d)|\[?(?:ticket|case|request)[ #:-]{1,3}[a-z0-9-]{2,20}\]?|eingangsbest[äa]tigung|ihre (?:anfrage|nachricht) (?:ist|wurde)|accus[ée] de r[ée]ception|confirmation de r[ée]ception|acuse de recibo|conferma di ricezione|ontvangstbevestiging)/iu;

/** Ticket systems; asked only where the header already says that a machine wrote it. */
export const isAcknowledgement = (subject: string): boolean => ACKNOWLEDGEMENT.test(subject);

const AWAY_TEXT =
  /\b(?:out of (?:the )?office|on (?:vacation|holiday|annual leave|maternity leave|sick leave)|(?:i am|i'm|i will be) (?:currently )?(?:away|unavailable|out)|no longer (?:work(?:s|ing)?|employed) (?:here|at|for|with)|automat(?:ic|ed) (?:reply|response)|limited access to (?:my )?e-?mail)\b|nicht im (?:b[üu]ro|haus)|au(?:ß|ss)er haus|im urlaub|absent(?:e)? (?:du|jusqu)|en cong[ée]|de vacaciones|fuera de la oficina|in ferie|fuori ufficio|met vakantie|afwezig|na urlopie|в отпуске/iu;

export const isAwayText = (text: string): boolean => AWAY_TEXT.test(text);
