/**
 * The words by which mail servers say that something was not delivered, in the languages they are translated into.
 *
 * Plain substrings of lower-cased text with single blanks. Words alone never make a bounce: the readers ask for marks
 * of a machine sender and for an address beside them.
 */

/** Divided by bars, line ends and blanks around them do not count. */
export const words = (text: string): readonly string[] => text.split("|").map((phrase) => phrase.trim());

/** Final failure, or failure of unknown duration. */
export const FAILURE_WORDS = words(`
  could not be delivered | has been delayed | delivery is delayed | despite repeated | couldn't be delivered | cannot be delivered | can not be delivered |
  can't be delivered | could not be sent | could not be reached | could not deliver | couldn't deliver |
  cannot deliver | cannot send | not be delivered | not delivered | not been delivered | wasn't delivered |
  undeliver | unable to deliver | unable to send | able to deliver | delivery failed | delivery has failed |
  delivery failure | failed to deliver | did not reach | did not receive | had permanent | fatal errors |
  delivery problem | delivery error | problems delivering | problem delivering | trouble delivering |
  error delivering | error was detected | was rejected | been rejected | were rejected |
  automatically rejected | was refused | been blocked | was blocked | was bounced | returned mail |
  non-delivery | nondelivery | non-delivered | bounce notification | not listed in | mailbox is full |
  unknown user | user unknown | no such user | unknown address | duplicated message-id | malformed address |
  del(i | e)very to | delevery to | final delivery userid | unknown host | invalid receiver | not relayed to |
  failure reasons | permanent failure | incorrectly constructed | delivery attempts | mailbox exceeds |
  mailbox size | nicht zugestellt | fehler bei der auslieferung | fehler bei der zustellung | nicht erreicht | unzustellbar | zustellung | nicht ausgeliefert |
  abgewiesen | zurückgewiesen | n'a pas pu être | n'ont pu être | n'ont pas pu être | pas été remis |
  non remis | pas atteint | non délivré | n'a pu être | no pudo ser | no fue entregado | no se entregó |
  no llegó | no se puede entregar | error al entregar | error de entrega | no entregado | não pôde ser |
  nao pode ser | não pode ser | não foi entregue | falha na entrega | não chegou | non è stato possibile |
  impossibile recapitare | impossibile contattare | impossibile consegnare | mancato recapito |
  mancata consegna | non recapitabil | non è stato recapitato | non consegnat | niet worden bezorgd |
  niet bezorgd | niet afgeleverd | niet bereikt | onbestelbaar | kunde inte | kunde ej | inte levereras |
  går inte att leverera | kunne ikke | ikke leveret | ikke levert | kan ikke leveres | toimitus epäonnistui |
  nie mogła zostać | nie można dostarczyć | nie może zostać | nie dostarczono | niedostarczon | nie została |
  nelze doručit | nedoručiteln | nebyla doručena | не может быть | не было доставлено | не доставлен |
  недоставлен | невозможно доставить | не могло быть | не вдалося | iletilemedi | teslim edilemedi |
  teslim edilemiyor | nem kézbesíthető | nu a putut fi | δεν ήταν δυνατή | 送信できません | 送信失敗 | 配信できません | 配信不能 |
  配信に失敗 | 配送できません | 配送に失敗 | 送信に失敗 | 届けることができません | お届けできません | 送達できません | 無法傳遞 | 無法遞送 | 无法发送 | 无法投递 | 无法送达 |
  投递失败 | 发送失败 | 退信 | 退回 | 未送达 | 邮件传输失败 | 遞送失敗 | 传递失败 | 배달되지 | 전달할 수 없 | 반송 | 배달하지 못 |
  delivery to the following recipients failed | recipients failed | addresses failed | address failed |
  address(es) failed | message failed | mail failed | delivery aborted | delivery was aborted |
  deliver a message | deliver the mail | could not be posted | you tried to contact | been refused | was returned. | no se ha entregado |
  pas été distribué | échec de distribution | echec de distribution | non è stato consegnato | errore di consegna |
  is bounced | been bounced | have bounced | was considered unsolicited | delivery of the email was stopped |
  blocked and not delivered | zurückgekommen | mancata consegna | è stato rilevato un errore | was returned because |
  не може бути доставлен | не вдалося доставити | не може да бъде доставен | не е доставено | недоставено |
  nije isporučen | nije mogla biti | nije mogl | ni bilo mogoče dostaviti | ni mogoče dostaviti | nedoručen | nepodarilo doručiť |
  nepodařilo doručit | nelivrat | nepavyko pristatyti | neizdevās piegādāt | ei õnnestunud kohale |
  ekki tókst að | ekki var hægt að | no s'ha pogut | non se puido | teslim edilemeyen | nem sikerült kézbesíteni |
  kézbesíthetetlen | ei voitu toimittaa | αποτυχία παράδοσης | δεν μπόρεσε να παραδοθεί |
  δεν παραδόθηκε | تعذر تسليم | فشل تسليم | لم يتم تسليم | تعذر توصيل | לא ניתן היה למסור | לא נמסר | מסירת ההודעה נכשלה |
  تحویل داده نشد | ไม่สามารถส่ง | ส่งไม่สำเร็จ | ไม่สามารถจัดส่ง | không thể gửi | không gửi được | không thể chuyển |
  tidak dapat dikirim | tidak dapat dihantar | gagal dikirim | gagal dihantar | डिलीवर नहीं |
  전송하지 못 | 전송 실패 | 전송되지 | 발송 실패 | 발송되지 | 배달 실패 | 未能送达 | 投递不成功 | 没有投递成功 | 未能成功投递 | 送信されませんでした | 届きませんでした | 届かなかった
`);

/** Why something failed, in mail or elsewhere: they tell which sentence of a report gives the recipient. */
export const TROUBLE_WORDS = [
  ...FAILURE_WORDS,
  ...words(`
  failed | aborted | not accepted | not found | unavailable | does not exist | doesn't exist | unreachable |
  over quota | quota exceeded | is full | invalid user | invalid address | exceeding its | is not a valid | no longer valid | kon niet |
  konden niet | konnte nicht | konnten nicht | impossible de | não foi possível | n'existe pas | no se pudo |
  nebylo možné | ei voida | ei voitu | не удалось | エラー | falha ao | nem sikerült | fehlgeschlagen |
  error occurred | error has occurred | errors occurred | misslyckades | mislykkedes | mislyktes | is mislukt |
  abgelehnt | rejeté | rechazad | rejeitad | odrzucon | geweigerd | отклонен | échec | permanent error |
  were affected | following were affected | no se ha podido | no ha podido | no se han podido |
  impossible d'envoyer
`),
];

/** Sure signs, wherever they stand, that the server will try again. */
export const DELAY_SURE = words(`
  you do not need to resend | no need to resend | delivery attempts will continue | will continue to attempt |
  will be retried | will keep trying | still trying to deliver | warning message only |
  this is a warning only | this is just a warning | only a temporary failure report |
  has not yet been delivered | not yet been delivered to | transient non-fatal errors |
  enqueued and undeliverable | is delayed for more than |
  message still undelivered | could not send message for past | will continue trying | keine erneute zusendung |
  noch nicht zugestellt | zustellung wird weiter | weitere zustellversuche | pas encore été remis |
  pas encore été délivré | aún no ha sido entregado | aún no se ha entregado | ainda não foi entregue |
  non è ancora stato | nog niet bezorgd | nog niet afgeleverd | ännu inte levererats | еще не доставлено |
  ещё не доставлено | попытки доставки будут | повторять попытки | まだ配信されていません | まだ配送 | 再送する必要はありません |
  再送信する必要はありません | not delivered it yet | not deliver it yet | will try again until |
  not been able to deliver your message yet | verzögert sich | wird verzögert | est retardée | se ha retrasado | está atrasada | è in ritardo | 尚未送达 | 尚未傳遞 | 您不需要重新发送 | 아직 배달되지
`);

/** Signs of delay in a subject or in the first words; in a remote server's reply they mean nothing. */
export const DELAY_WORDS = words(`
  delay | warning: could not send | warning: message | not yet | temporarily undeliverable | (delay) |
  verzöger | verspät | retard | retras | diferid | demorad | atrasad | adiad | ritard | differit | vertraag | fördröj |
  försena | forsink | viiväst | viive | opóźni | zpožd | odložen | отлож | задерж | затрим | gecik | késle |
  întârzi | καθυστ | 遅延 | 遅れ | 延迟 | 延遲 | 지연 | still being retried
`);

/** A report that also says this is final, whatever else it says. */
export const FINAL_WORDS = words(`
  permanent error | failed permanently | given up | giving up | permanent fatal errors | will not be retried |
  no further delivery attempts | no further attempts
`);

/** Subjects that daemons write over such reports, and people over much else. */
export const WEAK_SUBJECT_WORDS = words(`
  bounce | warning: | mail delivery | message delivery | delivery notification | delivery report | mail error |
  email error | service unavailable | zustellung | доставк
`);

/** Subjects of reports about mail that was not, or not yet, delivered. */
export const SUBJECT_WORDS = [
  ...FAILURE_WORDS.filter((word) => word !== "zustellung"),
  ...words(`
  failure notice | failure notification | mail failure | delivery status |
  returned mail | return receipt: failed | mail system error | error sending your mail | undelivered | delivery status notification | rückläufer | unzustellbar | zustellbericht |
  nicht zustellbar | non remis | no entregado | não entregue | non recapitabile | onbestelbaar | недоставл |
  未送 | 系统退信 | 配信エラー | 配送エラー | 送信エラー | 不達 | 郵件傳送失敗 | 投遞
`),
];

/** Lower-case, typographic apostrophes plain, white space single: the form that the word lists are written for. */
export const plain = (text: string): string => text.toLowerCase().replaceAll("’", "'").replace(/\s+/g, " ").trim();

/** Whether the text, in `plain` form, holds one of the words. */
export const holdsOneOf = (text: string, words: readonly string[]): boolean =>
  words.some((word) => text.includes(word));

/** Words of a sentence that says why, not only that. */
export const GIVES_REASON =
  /full|quota|unknown|no such|not exist|n't exist|not found|disabled|invalid|rejected|exceed|reachable|responsecode|error_code|blocked|not accept|unavailable|no longer|because|due to/;
