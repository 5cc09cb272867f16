/**
 * What a provider means by its own codes, where the reason alone would send the reader the wrong way. Microsoft and
 * Google reuse registered codes for other things, so a note is found by provider first.
 */
import type { Reason } from "../event/event.ts";
import type { Translated } from "./shape.ts";

export interface ProviderNote {
  /** Provider ids as classification names them. */
  readonly providers: readonly string[];
  /** `x.7.26` in both classes: `7.26`. A range ends the last number: `7.606-649`. Absent: any status. */
  readonly status?: readonly string[];
  /** Only when classification came to this reason: one code often has several meanings. */
  readonly reasons: readonly Reason[];
  readonly text: Translated;
}

const GOOGLE = ["google", "gmail"];
const MICROSOFT = ["microsoft", "outlook", "exchangeonline", "office365"];

// prettier-ignore
export const PROVIDER_NOTES: readonly ProviderNote[] = [
  { providers: GOOGLE, status: ["7.26", "7.27", "7.30", "7.24"], reasons: ["auth_failed"], text: {
    en: ["Gmail takes mail only from senders whose domain is confirmed by SPF or DKIM, and yours was not.", "Have SPF and DKIM set up for the domain in your From address and add a DMARC record, then send again."],
    ja: ["Gmail は SPF または DKIM で確認できたドメインのメールだけを受け取りますが、あなたのドメインは確認できませんでした。", "差出人のドメインに SPF と DKIM を設定し、DMARC レコードを加えてから送り直してください。"],
    de: ["Gmail nimmt nur E-Mails an, deren Domain durch SPF oder DKIM bestätigt ist, und bei Ihrer war das nicht der Fall.", "Lassen Sie SPF und DKIM für die Domain Ihrer Absenderadresse einrichten, ergänzen Sie einen DMARC-Eintrag und senden Sie dann erneut."],
    fr: ["Gmail n'accepte que le courrier dont le domaine est confirmé par SPF ou DKIM, et le vôtre ne l'était pas.", "Faites configurer SPF et DKIM pour le domaine de votre adresse d'expéditeur, ajoutez un enregistrement DMARC, puis renvoyez."],
    es: ["Gmail solo acepta correo cuyo dominio esté confirmado por SPF o DKIM, y el suyo no lo estaba.", "Haga configurar SPF y DKIM para el dominio de su dirección de remitente, añada un registro DMARC y envíe de nuevo."] } },
  { providers: GOOGLE, status: ["7.32"], reasons: ["auth_failed"], text: {
    en: ["SPF or DKIM may have passed, but for another domain than the one in your From address, so Gmail does not accept it.", "Sign with DKIM for the domain of your From address, or send from a return path of that domain, then send again."],
    ja: ["SPF または DKIM に合格していても、差出人アドレスとは別のドメインのものなので、Gmail は受け取りません。", "差出人アドレスのドメインで DKIM 署名を付けるか、同じドメインの返送先アドレスを使ってから送り直してください。"],
    de: ["SPF oder DKIM gelten für eine andere Domain als die in Ihrer Absenderadresse, deshalb nimmt Gmail die Nachricht nicht an.", "Lassen Sie mit DKIM für die Domain Ihrer Absenderadresse signieren oder eine Rücksendeadresse dieser Domain verwenden und senden Sie dann erneut."],
    fr: ["SPF ou DKIM valent pour un autre domaine que celui de votre adresse d'expéditeur, et Gmail ne l'accepte donc pas.", "Faites signer en DKIM pour le domaine de votre adresse d'expéditeur, ou utilisez une adresse de retour de ce domaine, puis renvoyez."],
    es: ["SPF o DKIM valen para otro dominio que el de su dirección de remitente, por eso Gmail no acepta el mensaje.", "Haga firmar con DKIM para el dominio de su dirección de remitente, o use una dirección de retorno de ese dominio, y envíe de nuevo."] } },
  { providers: GOOGLE, status: ["7.40"], reasons: ["auth_failed"], text: {
    en: ["The domain in your From address has no DMARC record, or one without a policy, and Gmail requires it of bulk senders.", "Publish a DMARC record for that domain (p=none is enough to begin with), then send again."],
    ja: ["差出人アドレスのドメインに ポリシーを示す DMARC レコードがなく、Gmail が大量配信者に求める条件を満たしていません。", "そのドメインに DMARC レコードを公開してから（最初は p=none で十分です）送り直してください。"],
    de: ["Die Domain Ihrer Absenderadresse hat keinen DMARC-Eintrag oder einen ohne Richtlinie, und Gmail verlangt ihn von Massenversendern.", "Lassen Sie für diese Domain einen DMARC-Eintrag veröffentlichen (p=none genügt für den Anfang) und senden Sie dann erneut."],
    fr: ["Le domaine de votre adresse d'expéditeur n'a pas d'enregistrement DMARC, ou en a un sans politique, et Gmail l'exige des envois en nombre.", "Faites publier un enregistrement DMARC pour ce domaine (p=none suffit pour commencer), puis renvoyez."],
    es: ["El dominio de su dirección de remitente no tiene registro DMARC, o tiene uno sin política, y Gmail lo exige a quien envía en masa.", "Haga publicar un registro DMARC para ese dominio (p=none basta para empezar) y envíe de nuevo."] } },
  { providers: GOOGLE, reasons: ["rate_limited"], status: ["7.28"], text: {
    en: ["Gmail sees an unusual amount of mail from your server or domain and is slowing it down.", "Send fewer messages per hour, only to people who asked for them, and try again later."],
    ja: ["Gmail は、あなたのサーバーまたはドメインからのメールが普段より多いと判断し、受信を制限しています。", "一時間あたりの送信数を減らし、受信を望む人だけに、後でもう一度送ってください。"],
    de: ["Gmail sieht ungewöhnlich viele E-Mails von Ihrem Server oder Ihrer Domain und bremst sie.", "Senden Sie weniger Nachrichten pro Stunde, nur an Menschen, die sie wünschen, und versuchen Sie es später erneut."],
    fr: ["Gmail constate un volume de courrier inhabituel depuis votre serveur ou votre domaine et le ralentit.", "Envoyez moins de messages par heure, seulement à ceux qui les demandent, et réessayez plus tard."],
    es: ["Gmail ve una cantidad inusual de correo de su servidor o dominio y la está frenando.", "Envíe menos mensajes por hora, solo a quien los pidió, e inténtelo más tarde."] } },
  { providers: GOOGLE, reasons: ["rate_limited"], status: ["2.1"], text: {
    en: ["This Gmail user is receiving mail too fast at the moment, from all senders together.", "Keep the address and try again in some hours; the account is in use."],
    ja: ["この Gmail 利用者には、今、全送信者から合わせて大量のメールが届いています。", "アカウントは使われているので、アドレスは残し、数時間後にもう一度送ってください。"],
    de: ["Dieser Gmail-Nutzer erhält gerade von allen Absendern zusammen zu schnell E-Mails.", "Behalten Sie die Adresse und versuchen Sie es in einigen Stunden erneut; das Konto ist in Gebrauch."],
    fr: ["Cet utilisateur de Gmail reçoit en ce moment trop de courrier, tous expéditeurs confondus.", "Gardez l'adresse et réessayez dans quelques heures ; le compte est utilisé."],
    es: ["Este usuario de Gmail recibe ahora correo demasiado rápido, sumando todos los remitentes.", "Conserve la dirección e inténtelo en unas horas; la cuenta está en uso."] } },
  { providers: GOOGLE, reasons: ["security_required"], status: ["7.29"], text: {
    en: ["Gmail takes bulk mail only over an encrypted connection, and yours was not encrypted.", "Ask the administrator of your sending server to switch on TLS."],
    ja: ["Gmail は大量配信のメールを暗号化された接続でのみ受け取りますが、この接続は暗号化されていませんでした。", "送信サーバーの管理者に、TLS を有効にするよう依頼してください。"],
    de: ["Gmail nimmt Massenmails nur über verschlüsselte Verbindungen an, und Ihre war nicht verschlüsselt.", "Bitten Sie den Administrator Ihres sendenden Servers, TLS einzuschalten."],
    fr: ["Gmail n'accepte les envois en nombre que par une connexion chiffrée, et la vôtre ne l'était pas.", "Demandez à l'administrateur de votre serveur d'envoi d'activer TLS."],
    es: ["Gmail solo acepta envíos masivos por una conexión cifrada, y la suya no lo estaba.", "Pida al administrador de su servidor de envío que active TLS."] } },
  { providers: MICROSOFT, status: ["7.515", "7.509"], reasons: ["auth_failed"], text: {
    en: ["Microsoft takes mail from senders of your size only when SPF, DKIM and DMARC all pass, and here they did not.", "Have all three set up for the domain in your From address, then send again."],
    ja: ["Microsoft は SPF、DKIM、DMARC のすべてに合格したメールだけを受け取りますが、今回は合格しませんでした。", "差出人のドメインに三つすべてを設定してから送り直してください。"],
    de: ["Microsoft nimmt E-Mails Ihrer Domain nur an, wenn SPF, DKIM und DMARC alle bestehen, und das war nicht der Fall.", "Lassen Sie alle drei für die Domain Ihrer Absenderadresse einrichten und senden Sie dann erneut."],
    fr: ["Microsoft n'accepte le courrier de votre domaine que si SPF, DKIM et DMARC réussissent tous, ce qui n'était pas le cas.", "Faites configurer les trois pour le domaine de votre adresse d'expéditeur, puis renvoyez."],
    es: ["Microsoft solo acepta el correo de su dominio si SPF, DKIM y DMARC se cumplen todos, y no fue así.", "Haga configurar los tres para el dominio de su dirección de remitente y envíe de nuevo."] } },
  { providers: MICROSOFT, reasons: ["ip_reputation"], text: {
    en: ["Microsoft blocks the server that your mail is sent from; the address itself is not the problem.", "Keep the address, and have whoever runs the server ask for removal at sender.office.com or the Outlook.com postmaster pages."],
    ja: ["Microsoft が送信サーバーを拒否しており、アドレス自体に問題はありません。", "アドレスは残し、サーバーの管理者に sender.office.com または Outlook.com の管理者向けページで解除を申請してもらってください。"],
    de: ["Microsoft sperrt den Server, von dem Ihre E-Mails kommen; an der Adresse liegt es nicht.", "Behalten Sie die Adresse und lassen Sie den Betreiber des Servers die Freigabe auf sender.office.com oder den Postmaster-Seiten von Outlook.com beantragen."],
    fr: ["Microsoft bloque le serveur qui envoie votre courrier ; l'adresse n'est pas en cause.", "Gardez l'adresse et faites demander le déblocage par l'exploitant du serveur sur sender.office.com ou les pages postmaster d'Outlook.com."],
    es: ["Microsoft bloquea el servidor desde el que sale su correo; la dirección no es el problema.", "Conserve la dirección y haga que quien administra el servidor pida el desbloqueo en sender.office.com o en las páginas de postmaster de Outlook.com."] } },
  { providers: MICROSOFT, status: ["4.1"], reasons: ["mailbox_unknown"], text: {
    en: ["The organisation uses Microsoft 365 and has no recipient with this address, although the reply says access denied.", "Remove the address from your list, or ask the person for the right one."],
    ja: ["返答はアクセス拒否ですが、Microsoft 365 を使うこの組織に、このアドレスの受信者はいません。", "リストから削除するか、本人に正しいアドレスを確認してください。"],
    de: ["Die Organisation nutzt Microsoft 365 und hat keinen Empfänger mit dieser Adresse, auch wenn die Antwort von verweigertem Zugriff spricht.", "Entfernen Sie die Adresse aus Ihrer Liste oder fragen Sie die Person nach der richtigen."],
    fr: ["L'organisation utilise Microsoft 365 et n'a aucun destinataire à cette adresse, même si la réponse parle d'accès refusé.", "Retirez l'adresse de votre liste ou demandez la bonne à la personne."],
    es: ["La organización usa Microsoft 365 y no tiene ningún destinatario con esta dirección, aunque la respuesta hable de acceso denegado.", "Quite la dirección de su lista o pida a la persona la correcta."] } },
  { providers: MICROSOFT, status: ["7.12", "7.13", "7.124", "7.129", "7.133-136"], reasons: ["recipient_restricted"], text: {
    en: ["This mailbox or group in Microsoft 365 accepts mail only from people inside the organisation or on its list.", "Ask the owner of the group or their administrator to allow outside senders or your address."],
    ja: ["この Microsoft 365 のメールボックスまたはグループは、組織内か許可された人からのメールだけを受け取ります。", "グループの所有者または管理者に、外部の送信者かあなたのアドレスの許可を依頼してください。"],
    de: ["Dieses Postfach oder diese Gruppe in Microsoft 365 nimmt nur E-Mails aus der Organisation oder von zugelassenen Absendern an.", "Bitten Sie den Besitzer der Gruppe oder dessen Administrator, fremde Absender oder Ihre Adresse zuzulassen."],
    fr: ["Cette boîte ou ce groupe Microsoft 365 n'accepte que le courrier de l'organisation ou d'expéditeurs autorisés.", "Demandez au propriétaire du groupe ou à son administrateur d'autoriser les expéditeurs externes ou votre adresse."],
    es: ["Este buzón o grupo de Microsoft 365 solo acepta correo de la organización o de remitentes autorizados.", "Pida al propietario del grupo o a su administrador que autorice remitentes externos o su dirección."] } },
  { providers: MICROSOFT, status: ["2.121", "2.122"], reasons: ["rate_limited"], text: {
    en: ["This Microsoft mailbox has received as much mail as it may within an hour.", "Keep the address and try again after an hour; the reply looks final but is not."],
    ja: ["この Microsoft のメールボックスは、一時間に受け取れるメールの上限に達しました。", "返答は最終的に見えますがそうではないので、アドレスは残し、一時間後にもう一度送ってください。"],
    de: ["Dieses Microsoft-Postfach hat so viele E-Mails erhalten, wie es in einer Stunde darf.", "Behalten Sie die Adresse und versuchen Sie es nach einer Stunde erneut; die Antwort klingt endgültig, ist es aber nicht."],
    fr: ["Cette boîte Microsoft a reçu tout le courrier permis en une heure.", "Gardez l'adresse et réessayez après une heure ; la réponse paraît définitive mais ne l'est pas."],
    es: ["Este buzón de Microsoft ha recibido todo el correo que admite en una hora.", "Conserve la dirección e inténtelo después de una hora; la respuesta parece definitiva, pero no lo es."] } },
  { providers: MICROSOFT, reasons: ["account_limited"], text: {
    en: ["Microsoft 365 has restricted your own account or organisation from sending, often because it was misused.", "Ask your Microsoft 365 administrator to secure the account and lift the restriction; the recipient is not the problem."],
    ja: ["不正利用などのため、Microsoft 365 があなたのアカウントまたは組織の送信を制限しています。", "受信者に問題はないので、Microsoft 365 の管理者にアカウントの保護と制限の解除を依頼してください。"],
    de: ["Microsoft 365 hat Ihrem eigenen Konto oder Ihrer Organisation den Versand beschränkt, oft wegen eines Missbrauchs.", "Bitten Sie Ihren Microsoft-365-Administrator, das Konto zu sichern und die Beschränkung aufzuheben; am Empfänger liegt es nicht."],
    fr: ["Microsoft 365 a restreint les envois de votre propre compte ou organisation, souvent après un abus.", "Demandez à votre administrateur Microsoft 365 de sécuriser le compte et de lever la restriction ; le destinataire n'est pas en cause."],
    es: ["Microsoft 365 ha restringido los envíos de su propia cuenta u organización, a menudo por un uso indebido.", "Pida a su administrador de Microsoft 365 que asegure la cuenta y retire la restricción; el destinatario no es el problema."] } },
  { providers: ["yahoo", "aol"], reasons: ["ip_reputation", "rate_limited"], text: {
    en: ["Yahoo holds back mail from your server because of complaints from its users or unusual amounts.", "Keep the address, send less and only to people who want your mail, and try again after some hours."],
    ja: ["利用者からの苦情や普段と異なる送信量のため、Yahoo があなたのサーバーからのメールを制限しています。", "アドレスは残し、送信量を減らして受信を望む人だけに、数時間後にもう一度送ってください。"],
    de: ["Yahoo hält E-Mails Ihres Servers zurück, weil sich Nutzer beschwert haben oder die Menge ungewöhnlich ist.", "Behalten Sie die Adresse, senden Sie weniger und nur an Menschen, die es wünschen, und versuchen Sie es nach einigen Stunden erneut."],
    fr: ["Yahoo retient le courrier de votre serveur à cause de plaintes d'utilisateurs ou d'un volume inhabituel.", "Gardez l'adresse, envoyez moins et seulement à ceux qui le souhaitent, et réessayez après quelques heures."],
    es: ["Yahoo retiene el correo de su servidor por quejas de sus usuarios o por cantidades inusuales.", "Conserve la dirección, envíe menos y solo a quien lo desee, e inténtelo después de unas horas."] } },
  { providers: ["t-online", "tonline"], reasons: ["ip_reputation"], text: {
    en: ["T-Online does not know your sending server and takes no mail from it yet.", "Keep the address, and have whoever runs the server write to tosa@rx.t-online.de and ask to be let in."],
    ja: ["T-Online はあなたの送信サーバーを認識しておらず、まだメールを受け取りません。", "アドレスは残し、サーバーの管理者から tosa@rx.t-online.de へ受け入れを依頼してもらってください。"],
    de: ["T-Online kennt Ihren sendenden Server nicht und nimmt von ihm noch keine E-Mails an.", "Behalten Sie die Adresse und lassen Sie den Betreiber des Servers bei tosa@rx.t-online.de um Freischaltung bitten."],
    fr: ["T-Online ne connaît pas votre serveur d'envoi et n'en accepte pas encore de courrier.", "Gardez l'adresse et demandez à l'exploitant du serveur d'écrire à tosa@rx.t-online.de pour être admis."],
    es: ["T-Online no conoce su servidor de envío y todavía no acepta correo de él.", "Conserve la dirección y haga que quien administra el servidor escriba a tosa@rx.t-online.de para ser admitido."] } },
  { providers: ["spamhaus"], reasons: ["ip_reputation", "domain_reputation"], text: {
    en: ["Your sending server or domain is on a Spamhaus block list, which the recipient's provider uses.", "Keep the address, look the entry up at check.spamhaus.org, remove its cause and ask there to be taken off."],
    ja: ["送信サーバーまたはドメインが、受信側の事業者が使う Spamhaus のブロックリストに載っています。", "アドレスは残し、check.spamhaus.org で登録内容を調べ、原因を取り除いてから解除を申請してください。"],
    de: ["Ihr sendender Server oder Ihre Domain steht auf einer Sperrliste von Spamhaus, die der Anbieter des Empfängers nutzt.", "Behalten Sie die Adresse, suchen Sie den Eintrag auf check.spamhaus.org, beheben Sie die Ursache und beantragen Sie dort die Löschung."],
    fr: ["Votre serveur d'envoi ou votre domaine figure sur une liste de blocage Spamhaus, utilisée par le fournisseur du destinataire.", "Gardez l'adresse, consultez l'entrée sur check.spamhaus.org, supprimez sa cause et demandez-y le retrait."],
    es: ["Su servidor de envío o su dominio está en una lista de bloqueo de Spamhaus, que usa el proveedor del destinatario.", "Conserve la dirección, busque la entrada en check.spamhaus.org, elimine la causa y pida allí la baja."] } },
  { providers: ["mimecast"], reasons: ["greylisted"], text: {
    en: ["Mimecast asks senders it does not know to come back a little later, although the reply speaks of missing resources.", "Send again after some minutes; the second attempt usually succeeds."],
    ja: ["返答は資源の不足と述べていますが、Mimecast は初めての送信者に少し後で送り直すよう求めています。", "数分後にもう一度送れば、たいてい届きます。"],
    de: ["Mimecast bittet unbekannte Absender, etwas später wiederzukommen, auch wenn die Antwort von fehlenden Ressourcen spricht.", "Senden Sie nach einigen Minuten erneut; der zweite Versuch gelingt meist."],
    fr: ["Mimecast demande aux expéditeurs inconnus de revenir un peu plus tard, même si la réponse parle de ressources indisponibles.", "Renvoyez le message après quelques minutes ; la deuxième tentative réussit presque toujours."],
    es: ["Mimecast pide a los remitentes que no conoce que vuelvan un poco más tarde, aunque la respuesta hable de recursos no disponibles.", "Envíe de nuevo pasados unos minutos; el segundo intento suele funcionar."] } },
];
