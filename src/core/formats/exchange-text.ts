/**
 * Exchange from 4.0 to Online without delivery status fields, in any of its languages, and hMailServer, which took
 * over the words of Outlook's system administrator.
 *
 *     did not reach the following recipient(s):
 *
 *     user@example.org on Thu, 29 Apr 2004 10:00:00 +0200
 *         The recipient name is not recognized
 *         MSEXCH:IMS:EXAMPLE:SITE:SERVER 0 (000C05A6) Unknown Recipient
 *
 * From 2007 on: the address, words for people, and below `Diagnostic information for administrators:` the server, the
 * address again, and `#550 5.1.1 RESOLVER.ADR.RecipNotFound; not found ##`.
 */
import { readListed } from "../notice/listed.ts";
import { type Notice, readNotice } from "../notice/notice.ts";
import { reportOf } from "../notice/notice-report.ts";
import { headerOf } from "../mail.ts";
import { readTied } from "../notice/tied-addresses.ts";
import { softwareOfNotice } from "../notice/notice-software.ts";
import { notMine, type Format } from "./format.ts";

const OPENINGS = [
  "did not reach the following recipient",
  "did not reach some or all of the intended recipients",
  "delivery has failed to these recipients",
  "delivery is delayed to these recipients",
  "diagnostic information for administrators",
  "hat einige oder alle empfänger nicht erreicht",
  "folgende(r) empfänger konnte(n) nicht erreicht werden",
  "fehler bei der nachrichtenzustellung an folgende empfänger",
  "diagnoseinformationen für administratoren",
  "n'a pas atteint certains ou tous les destinataires",
  "échec de la remise à ces destinataires",
  "informations de diagnostic pour les administrateurs",
  "no llegó a alguno o a todos los destinatarios",
  "error en la entrega a los siguientes destinatarios",
  "no se pudo entregar el mensaje a estos destinatarios",
  "información de diagnóstico para",
  "non è stato recapitato ad alcuni o tutti i destinatari",
  "recapito non riuscito per i destinatari",
  "informazioni di diagnostica per gli amministratori",
  "falha na entrega a estes destinatários",
  "informações de diagnóstico para administradores",
  "de bezorging is mislukt bij de volgende",
  "diagnostische gegevens voor beheerders",
  "informacje diagnostyczne dla administratorów",
  "диагностические сведения для администраторов",
  "diagnostikinformation för administratörer",
  "管理者向けの診断情報",
  "管理员诊断信息",
  "系統管理員診斷資訊",
];
/** Marks that no translation touches. */
const MARK =
  /^#(?:<|\d{3} )[^\n]{3,2000}#{1,2}\s*$|MSEXCH:|\b(?:RESOLVER|STOREDRV|SMTPSEND|ROUTING)\.[A-Za-z]{2,20}\b|<[^<>\s]{3,255} #[245]\.\d\.\d/m;
const SERVER =
  /^(?:Generating server|Generierender Server|Serveur de génération|Servidor de generación|Generando servidor|Server di generazione|Servidor de geração|Server die rapport genereert|Serwer generujący|Формирующий сервер|生成サーバー|生成服务器|產生伺服器)\s?[:：]\s{0,4}([\w.-]{3,255})/im;

export const exchangeText: Format = {
  id: "exchange-text",
  read(mail) {
    const notice = readNotice(mail);
    const embedded = headerOf(mail, "x-ms-embedded-report") !== null;
    const opened = OPENINGS.some((words) => notice.words.includes(words));
    const marked = notice.isMachineSender && MARK.test(notice.lines.join("\n"));
    if (!opened && !embedded && !marked) return notMine;
    if (!notice.isMachineSender && !notice.isFailureSubject) return notMine;
    const { intro, blocks: listed } = readListed(notice, { announced: true });
    const blocks = listed.length > 0 ? listed : readTied(notice);
    if (blocks.length === 0 && !embedded && !(opened && notice.isMachineSender)) return notMine;
    return reportOf({
      mail,
      notice,
      software: softwareOfNotice(mail, notice) ?? softwareIn(notice),
      blocks,
      common: blocks.length > 0 ? intro : belowAnnouncement(notice),
      reportingMta: SERVER.exec(notice.lines.join("\n"))?.[1] ?? null,
    });
  },
};

/** `Display Name on Fri, 14 Sep 2007 …` hides the address; what stands below says why. */
function belowAnnouncement(notice: Notice): readonly string[] {
  const at = notice.lines.findLastIndex((line) =>
    /(?:recipient|destinat|empfänger|受信者|收件人)[^\n]{0,60}[:：]$/i.test(line),
  );
  const below = notice.lines.slice(at + 1);
  return at < 0 ? notice.lines : below.slice(below.findIndex((line) => line !== "") + 1);
}

function softwareIn(notice: Notice): string {
  return /outlook\.com|exchange online|office 365|microsoft 365/.test(notice.words) ? "exchange-online" : "exchange";
}
