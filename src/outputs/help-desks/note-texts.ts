/** What a note says beside the explanation, in each language: whole sentences. `{subject}` and `{to}` are filled in. */
import type { ExplanationLanguage } from "../../explanations/shape.ts";

/** With the subject of the mail, and without one. */
type Title = readonly [withSubject: string, withoutSubject: string];

export interface NoteTexts {
  readonly bounce: Title;
  readonly delay: Title;
  readonly complaint: Title;
  /** Any other report. */
  readonly report: Title;
  readonly whatToDo: string;
  readonly serverSaid: string;
  /** `{final}`: whom the report names, behind a redirection. */
  readonly redirected: string;
  readonly bySubject: string;
  readonly showEvent: string;
}

export const NOTE_TEXTS: Readonly<Record<ExplanationLanguage, NoteTexts>> = {
  en: {
    bounce: ["“{subject}” could not be delivered to {to}.", "A message could not be delivered to {to}."],
    delay: [
      "“{subject}” has not reached {to} yet; the mail server keeps trying.",
      "A message has not reached {to} yet; the mail server keeps trying.",
    ],
    complaint: ["{to} reported “{subject}” as unwanted.", "{to} reported a message as unwanted."],
    report: ["A report about “{subject}” to {to} came back.", "A report about a message to {to} came back."],
    whatToDo: "What to do:",
    serverSaid: "The server said:",
    redirected: "The report names {final}, to which the message was redirected.",
    bySubject:
      "This conversation was found by recipient and subject, because no Message-ID fits. Check that the mail belongs to it.",
    showEvent: "Show the event",
  },
  de: {
    bounce: [
      "„{subject}“ konnte nicht an {to} zugestellt werden.",
      "Eine Nachricht konnte nicht an {to} zugestellt werden.",
    ],
    delay: [
      "„{subject}“ hat {to} noch nicht erreicht; der Mailserver versucht es weiter.",
      "Eine Nachricht hat {to} noch nicht erreicht; der Mailserver versucht es weiter.",
    ],
    complaint: ["{to} hat „{subject}“ als unerwünscht gemeldet.", "{to} hat eine Nachricht als unerwünscht gemeldet."],
    report: [
      "Zu „{subject}“ an {to} ist ein Bericht zurückgekommen.",
      "Zu einer Nachricht an {to} ist ein Bericht zurückgekommen.",
    ],
    whatToDo: "Was zu tun ist:",
    serverSaid: "Antwort des Servers:",
    redirected: "Der Bericht nennt {final}; dorthin wurde die Nachricht weitergeleitet.",
    bySubject:
      "Diese Konversation wurde nach Empfänger und Betreff gefunden, weil keine Message-ID passt. Prüfen Sie, ob die Nachricht dazugehört.",
    showEvent: "Ereignis anzeigen",
  },
  fr: {
    bounce: ["« {subject} » n’a pas pu être remis à {to}.", "Un message n’a pas pu être remis à {to}."],
    delay: [
      "« {subject} » n’est pas encore arrivé chez {to} ; le serveur de messagerie continue d’essayer.",
      "Un message n’est pas encore arrivé chez {to} ; le serveur de messagerie continue d’essayer.",
    ],
    complaint: ["{to} a signalé « {subject} » comme indésirable.", "{to} a signalé un message comme indésirable."],
    report: [
      "Un rapport sur « {subject} » envoyé à {to} est revenu.",
      "Un rapport sur un message envoyé à {to} est revenu.",
    ],
    whatToDo: "Que faire :",
    serverSaid: "Réponse du serveur :",
    redirected: "Le rapport cite {final}, l’adresse vers laquelle le message a été redirigé.",
    bySubject:
      "Cette conversation a été trouvée d’après le destinataire et l’objet, car aucun Message-ID ne correspond. Vérifiez que le message en fait partie.",
    showEvent: "Afficher l’événement",
  },
  es: {
    bounce: ["No se pudo entregar «{subject}» a {to}.", "No se pudo entregar un mensaje a {to}."],
    delay: [
      "«{subject}» aún no ha llegado a {to}; el servidor de correo sigue intentándolo.",
      "Un mensaje aún no ha llegado a {to}; el servidor de correo sigue intentándolo.",
    ],
    complaint: ["{to} marcó «{subject}» como no deseado.", "{to} marcó un mensaje como no deseado."],
    report: [
      "Ha vuelto un informe sobre «{subject}», enviado a {to}.",
      "Ha vuelto un informe sobre un mensaje enviado a {to}.",
    ],
    whatToDo: "Qué hacer:",
    serverSaid: "Respuesta del servidor:",
    redirected: "El informe nombra {final}, la dirección a la que se redirigió el mensaje.",
    bySubject:
      "Esta conversación se encontró por destinatario y asunto, porque ningún Message-ID coincide. Compruebe que el mensaje le corresponde.",
    showEvent: "Mostrar el evento",
  },
  ja: {
    bounce: ["「{subject}」を {to} に配信できませんでした。", "メールを {to} に配信できませんでした。"],
    delay: [
      "「{subject}」はまだ {to} に届いていません。メールサーバーが再送を続けています。",
      "メールはまだ {to} に届いていません。メールサーバーが再送を続けています。",
    ],
    complaint: [
      "{to} が「{subject}」を迷惑メールとして報告しました。",
      "{to} がメールを迷惑メールとして報告しました。",
    ],
    report: ["{to} 宛ての「{subject}」についての報告が届きました。", "{to} 宛てのメールについての報告が届きました。"],
    whatToDo: "対処方法:",
    serverSaid: "サーバーの応答:",
    redirected: "報告には転送先の {final} が記載されています。",
    bySubject:
      "一致する Message-ID がないため、宛先と件名からこの会話を特定しました。該当するメールかどうかを確認してください。",
    showEvent: "イベントを表示",
  },
};
