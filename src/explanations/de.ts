/** Explanations in German: what happened, what to do. For a reader who has never seen SMTP. */
import type { Explanations } from "./shape.ts";

export const GERMAN: Explanations = {
  mailbox_unknown: [
    "Ein Postfach mit dieser Adresse gibt es nicht.",
    "Entfernen Sie die Adresse aus Ihrer Liste oder fragen Sie die Person nach der richtigen.",
  ],
  domain_unknown: [
    "Der Teil nach dem @ ist keine Domain, die es gibt.",
    "Suchen Sie nach einem Tippfehler und entfernen Sie die Adresse, wenn Sie keinen finden.",
  ],
  domain_no_mail: [
    "Die Domain dieser Adresse gibt es, sie nimmt aber keine E-Mails an.",
    "Entfernen Sie die Adresse oder fragen Sie die Person nach einer anderen.",
  ],
  address_syntax: [
    "Die Adresse ist falsch geschrieben und kann deshalb niemandem gehören.",
    "Berichtigen Sie den Tippfehler oder entfernen Sie die Adresse.",
  ],
  address_moved: [
    "Die Person nutzt dieses Postfach nicht mehr, und es nimmt keine E-Mails mehr an.",
    "Entfernen Sie die Adresse und verwenden Sie die neue, falls die Antwort sie nennt.",
  ],
  owner_changed: [
    "Das Postfach oder seine Domain gehört inzwischen jemand anderem.",
    "Entfernen Sie die Adresse, denn die Person, die sie Ihnen gab, ist dort nicht mehr zu erreichen.",
  ],
  mailbox_disabled: [
    "Das Postfach gibt es, es wurde aber abgeschaltet, oft weil es lange nicht benutzt wurde.",
    "Schreiben Sie nicht mehr an diese Adresse und fragen Sie die Person nach einer anderen.",
  ],
  mailbox_full: [
    "Das Postfach ist voll und kann keine weiteren E-Mails aufnehmen.",
    "Behalten Sie die Adresse und versuchen Sie es in einigen Tagen erneut, oder melden Sie sich auf anderem Weg.",
  ],
  recipient_other: [
    "Der Server des Empfängers konnte an diese Adresse nicht zustellen und nannte keinen genauen Grund.",
    "Versuchen Sie es später erneut und prüfen Sie die Adresse, wenn es wieder geschieht.",
  ],
  recipient_restricted: [
    "Dieser Empfänger nimmt nur E-Mails von bestimmten Absendern an, und Sie gehören nicht dazu.",
    "Bitten Sie den Empfänger oder dessen Administrator, Ihre Adresse zuzulassen.",
  ],
  sender_rejected: [
    "Der Server des Empfängers hat die Absenderadresse Ihrer Nachricht nicht angenommen.",
    "Prüfen Sie, ob Ihre Absenderadresse richtig geschrieben ist und ihre Domain E-Mails empfangen kann.",
  ],
  auth_failed: [
    "Ihre Nachricht konnte nicht beweisen, dass sie wirklich von Ihrer Domain kommt.",
    "Lassen Sie die Einträge für SPF, DKIM und DMARC Ihrer Domain berichtigen und senden Sie dann erneut.",
  ],
  dns_misconfigured: [
    "Der Name Ihres sendenden Servers passt nicht zu seiner Netzwerkadresse.",
    "Bitten Sie den Betreiber des Servers, den Reverse-DNS-Eintrag und den Namen bei der Begrüßung zu berichtigen.",
  ],
  relay_denied: [
    "Der Server, der zustellen sollte, ist nach eigener Aussage für diese Domain nicht zuständig.",
    "Prüfen Sie die Mail-Einstellungen der Domain des Empfängers und den Ausgangsserver, den Sie verwenden.",
  ],
  credentials: [
    "Ihr eigener Mailserver hat die Anmeldung zum Senden nicht angenommen.",
    "Prüfen Sie Benutzername, Passwort und Anmeldeverfahren Ihres Sendeprogramms.",
  ],
  account_limited: [
    "Ihr eigener Mail-Anbieter hat Ihr Konto für den Versand begrenzt oder gesperrt.",
    "Warten Sie, bis die Begrenzung endet, oder bitten Sie Ihren Anbieter, sie aufzuheben.",
  ],
  not_attempted: [
    "Die Nachricht wurde nicht gesendet, weil die Adresse in Ihrem Versandsystem auf der Sperrliste steht.",
    "Es ist nichts zu tun, außer die Person wünscht wieder E-Mails; dann nehmen Sie die Adresse von dieser Liste.",
  ],
  ip_reputation: [
    "Der Anbieter des Empfängers sperrt den Server, von dem Ihre E-Mails kommen; an der Adresse liegt es nicht.",
    "Behalten Sie die Adresse und lassen Sie den Betreiber des Servers prüfen, auf welchen Sperrlisten er steht.",
  ],
  domain_reputation: [
    "Der Anbieter des Empfängers misstraut Ihrer Domain oder einer Domain, auf die Ihre Nachricht verweist.",
    "Behalten Sie die Adresse, suchen Sie Ihre Domain auf den öffentlichen Sperrlisten und schreiben Sie nur an Menschen, die Ihre E-Mails wünschen.",
  ],
  spam_content: [
    "Die Nachricht wurde wegen ihres Inhalts für Spam gehalten.",
    "Behalten Sie die Adresse, ändern Sie Wortlaut und Links der Nachricht und senden Sie sie erneut.",
  ],
  virus: [
    "Die Nachricht wurde abgelehnt, weil ein Virenscanner etwas Schädliches darin fand.",
    "Prüfen Sie die Anhänge und Ihre eigenen Rechner und senden Sie die Nachricht ohne den schädlichen Teil.",
  ],
  attachment_blocked: [
    "Der Server des Empfängers nimmt die Art der angehängten Datei nicht an.",
    "Senden Sie die Datei in einem anderen Format oder als Link.",
  ],
  policy: [
    "Der Server des Empfängers hat die Nachricht wegen einer eigenen Regel abgelehnt, die er nicht erklärt.",
    "Behalten Sie die Adresse, suchen Sie in der Antwort des Servers nach einem Hinweis und fragen Sie dessen Administrator, wenn es wieder geschieht.",
  ],
  rate_limited: [
    "Es wurden zu viele E-Mails in zu kurzer Zeit gesendet.",
    "Senden Sie langsamer und versuchen Sie es später erneut; die Adresse ist in Ordnung.",
  ],
  greylisted: [
    "Der Server des Empfängers bittet jeden neuen Absender, etwas später wiederzukommen.",
    "Senden Sie nach einigen Minuten erneut; der zweite Versuch gelingt meist.",
  ],
  challenge_response: [
    "Der Empfänger nutzt einen Filter, der die Nachricht festhält, bis der Absender sie von Hand bestätigt.",
    "Folgen Sie dem Link oder beantworten Sie die Frage in der Antwort, wenn Ihnen die Nachricht wichtig ist.",
  ],
  message_too_large: [
    "Die Nachricht ist größer, als der Server des Empfängers erlaubt.",
    "Verkleinern Sie die Anhänge oder teilen Sie sie als Link und senden Sie dann erneut.",
  ],
  content_invalid: [
    "Die Nachricht ist nicht so aufgebaut, wie E-Mails es sein müssen, daher konnte der Server sie nicht verarbeiten.",
    "Lassen Sie das Programm berichtigen, das die Nachricht erzeugt, und senden Sie dann erneut.",
  ],
  i18n_unsupported: [
    "Die Nachricht enthält in einer Adresse oder Kopfzeile Zeichen, die der Server des Empfängers nicht verarbeiten kann.",
    "Verwenden Sie eine Adresse mit einfachen lateinischen Buchstaben oder fragen Sie den Empfänger danach.",
  ],
  protocol_error: [
    "Die beiden Mailserver haben einander nicht verstanden.",
    "Bitten Sie den Administrator Ihres sendenden Servers, in dessen Protokoll nachzusehen.",
  ],
  too_many_recipients: [
    "Die Nachricht ging an zu viele Empfänger auf einmal.",
    "Senden Sie sie in kleineren Gruppen erneut.",
  ],
  security_required: [
    "Die Verbindung war nicht so sicher, wie es einer der beiden Server verlangt.",
    "Bitten Sie den Administrator Ihres sendenden Servers, dessen TLS-Einstellungen und Zertifikate zu prüfen.",
  ],
  connection_failed: [
    "Der Server des Empfängers war nicht zu erreichen.",
    "Versuchen Sie es später erneut; wenn es tagelang so bleibt, prüfen Sie, ob die Domain noch genutzt wird.",
  ],
  dns_failure: [
    "Der Server des Empfängers ließ sich nicht ermitteln, weil das Verzeichnis der Domainnamen nicht antwortete.",
    "Versuchen Sie es später erneut und prüfen Sie die Domain, wenn es wieder geschieht.",
  ],
  routing_error: [
    "Es fand sich kein Weg zum Server des Empfängers.",
    "Prüfen Sie die Schreibweise der Domain und fragen Sie deren Administrator, wenn sie stimmt.",
  ],
  routing_loop: [
    "Die Nachricht wurde zwischen Servern im Kreis gereicht, bis sie aufgegeben wurde.",
    "Sagen Sie dem Administrator des Empfängers Bescheid, denn dort verweist eine Weiterleitung auf sich selbst.",
  ],
  expired: [
    "Die Nachricht ließ sich tagelang nicht zustellen, und die Versuche sind beendet.",
    "Senden Sie sie später erneut oder erreichen Sie die Person auf anderem Weg.",
  ],
  system_full: [
    "Auf dem Server des Empfängers ist kein Speicherplatz mehr frei.",
    "Behalten Sie die Adresse und versuchen Sie es später erneut.",
  ],
  system_unavailable: [
    "Der Server des Empfängers ist überlastet oder wird gewartet.",
    "Versuchen Sie es später erneut; an der Adresse liegt es nicht.",
  ],
  system_error: [
    "Der Server des Empfängers hat selbst eine Störung.",
    "Versuchen Sie es später erneut und melden Sie es dem Administrator des Empfängers, wenn es andauert.",
  ],
  complaint: [
    "Der Empfänger hat Ihre Nachricht als unerwünscht gemeldet.",
    "Schreiben Sie ab sofort nicht mehr an diese Adresse.",
  ],
  unsubscribe: ["Der Empfänger möchte diese E-Mails nicht mehr erhalten.", "Nehmen Sie die Adresse von der Liste."],
  auto_reply: [
    "Dies ist eine automatische Antwort, zum Beispiel eine Abwesenheitsnotiz; die Nachricht ist angekommen.",
    "Es ist nichts zu tun.",
  ],
  other_info: ["Dies ist ein Hinweis zu Ihrer Nachricht und kein Fehler.", "Es ist nichts zu tun."],
  delivered: ["Die Nachricht wurde zugestellt.", "Es ist nichts zu tun."],
  unknown: [
    "Die Nachricht kam zurück, und die Antwort sagt nicht klar, warum.",
    "Lesen Sie die Antwort des Servers und behalten Sie die Adresse, solange es nicht wieder geschieht.",
  ],
};
