/** The labels and words of `bounced explain`, in the languages of explanations. */
import type { Language } from "../../config/config.ts";
import type { Advice, Fault, Severity } from "../../event/event.ts";

const LABELS = [
  "means",
  "cause",
  "nextStep",
  "atFault",
  "treatedAs",
  "trust",
  "failureCode",
  "goesWith",
  "source",
  "deviations",
  "explanation",
  "also",
  "provider",
  "decidedBy",
  "becauseOf",
  "status",
  "elsewhere",
  "family",
  "givenBy",
  "confidence",
  "guess",
  "registeredName",
] as const;

export interface ExplainWords {
  readonly label: Readonly<Record<(typeof LABELS)[number], string>>;
  readonly fault: Readonly<Record<Fault, string>>;
  readonly severity: Readonly<Record<Severity, string>>;
  readonly advice: Readonly<Record<Advice, string>>;
  readonly strength: Readonly<Record<"none" | "strong" | "medium" | "weak", string>>;
  readonly nothing: string;
  readonly own: string;
  /** Of a text that nothing is known of. */
  readonly unknownText: string;
}

function labels(list: string): ExplainWords["label"] {
  const words = list.split("|").map((word) => word.trim());
  return Object.fromEntries(LABELS.map((name, index) => [name, words[index] ?? name])) as ExplainWords["label"];
}

/** In the order of LABELS; the last is empty in English, where the registered name of a code is its heading. */
export const EXPLAIN_WORDS: Readonly<Record<Language, ExplainWords>> = {
  en: {
    label: labels(
      `means | cause | next step | at fault | treated as | trust | failure code | goes with | source | providers who mean something else or more by it: |
       explanation | also | provider | decided by | because of | status | elsewhere | family | given by | confidence | a guess |`,
    ),
    fault: {
      recipient: "the recipient's address or mailbox",
      recipient_policy: "a choice of the recipient",
      sender: "the sender: your server, domain or account",
      content: "the message",
      remote: "the recipient's server or the way to it",
      none: "nobody",
      unknown: "not clear",
    },
    severity: { hard: "hard", soft: "soft", block: "block", complaint: "complaint", info: "info", unknown: "unknown" },
    advice: {
      suppress: "suppress",
      retry: "retry",
      wait: "wait",
      fix_content: "fix_content",
      fix_auth: "fix_auth",
      ignore: "ignore",
      investigate: "investigate",
    },
    strength: {
      none: "none without the text beside it",
      strong: "strong: the code means what it says",
      medium: "medium: some providers reuse the code",
      weak: "weak: used for everything, read the text",
    },
    nothing: "nothing at the moment",
    own: "set in bounced.yaml",
    unknownText: "Nothing in this text is known: no code, no rule and no wording of a refusal.",
  },
  de: {
    label: labels(
      `Bedeutung | Ursache | Nächster Schritt | Verursacher | Behandelt als | Verlass | Fehlercode | Kommt mit | Quelle | Anbieter, die etwas anderes oder mehr damit meinen: |
       Erklärung | Außerdem | Anbieter | Entschieden von | Aufgrund von | Status | Anderswo | Familie | Vergeben für | Sicherheit | Vermutung | Englischer Name`,
    ),
    fault: {
      recipient: "die Adresse oder das Postfach des Empfängers",
      recipient_policy: "eine Entscheidung des Empfängers",
      sender: "der Absender: Ihr Server, Ihre Domain oder Ihr Konto",
      content: "die Nachricht",
      remote: "der Server des Empfängers oder der Weg dorthin",
      none: "niemand",
      unknown: "unklar",
    },
    severity: {
      hard: "dauerhaft",
      soft: "vorübergehend",
      block: "Sperre",
      complaint: "Beschwerde",
      info: "Hinweis",
      unknown: "unklar",
    },
    advice: {
      suppress: "nicht mehr anschreiben",
      retry: "erneut versuchen",
      wait: "abwarten",
      fix_content: "Inhalt ändern",
      fix_auth: "Authentifizierung richten",
      ignore: "nichts tun",
      investigate: "untersuchen",
    },
    strength: {
      none: "keiner ohne den Text daneben",
      strong: "hoch: der Code bedeutet, was er sagt",
      medium: "mittel: manche Anbieter verwenden den Code anders",
      weak: "gering: für alles verwendet, der Text entscheidet",
    },
    nothing: "zurzeit nichts",
    own: "in bounced.yaml gesetzt",
    unknownText: "Nichts in diesem Text ist bekannt: kein Code, keine Regel, keine Formulierung einer Ablehnung.",
  },
  fr: {
    label: labels(
      `sens | cause | à faire | en cause | traité comme | fiabilité | code d'échec | va avec | source | fournisseurs qui l'emploient autrement ou en disent plus : |
       explication | aussi | fournisseur | décidé par | à cause de | statut | ailleurs | famille | donné par | confiance | supposition | nom anglais`,
    ),
    fault: {
      recipient: "l'adresse ou la boîte du destinataire",
      recipient_policy: "un choix du destinataire",
      sender: "l'expéditeur : votre serveur, votre domaine ou votre compte",
      content: "le message",
      remote: "le serveur du destinataire ou le chemin vers lui",
      none: "personne",
      unknown: "pas clair",
    },
    severity: {
      hard: "définitif",
      soft: "temporaire",
      block: "blocage",
      complaint: "plainte",
      info: "information",
      unknown: "inconnu",
    },
    advice: {
      suppress: "ne plus écrire",
      retry: "réessayer",
      wait: "attendre",
      fix_content: "corriger le contenu",
      fix_auth: "corriger l'authentification",
      ignore: "ignorer",
      investigate: "examiner",
    },
    strength: {
      none: "nulle sans le texte qui l'accompagne",
      strong: "forte : le code veut dire ce qu'il dit",
      medium: "moyenne : certains fournisseurs réutilisent ce code",
      weak: "faible : sert à tout, lisez le texte",
    },
    nothing: "rien pour le moment",
    own: "défini dans bounced.yaml",
    unknownText: "Rien dans ce texte n'est connu : ni code, ni règle, ni formulation de refus.",
  },
  es: {
    label: labels(
      `significado | causa | qué hacer | responsable | tratado como | fiabilidad | código de fallo | va con | fuente | proveedores que lo usan de otro modo o dicen más: |
       explicación | además | proveedor | decidido por | a causa de | estado | en otros | familia | dado por | confianza | suposición | nombre inglés`,
    ),
    fault: {
      recipient: "la dirección o el buzón del destinatario",
      recipient_policy: "una decisión del destinatario",
      sender: "el remitente: su servidor, dominio o cuenta",
      content: "el mensaje",
      remote: "el servidor del destinatario o el camino hasta él",
      none: "nadie",
      unknown: "no está claro",
    },
    severity: {
      hard: "definitivo",
      soft: "temporal",
      block: "bloqueo",
      complaint: "queja",
      info: "aviso",
      unknown: "desconocido",
    },
    advice: {
      suppress: "no volver a escribir",
      retry: "reintentar",
      wait: "esperar",
      fix_content: "corregir el contenido",
      fix_auth: "corregir la autenticación",
      ignore: "ignorar",
      investigate: "investigar",
    },
    strength: {
      none: "ninguna sin el texto que lo acompaña",
      strong: "alta: el código significa lo que dice",
      medium: "media: algunos proveedores reutilizan el código",
      weak: "baja: se usa para todo, lea el texto",
    },
    nothing: "nada por ahora",
    own: "definido en bounced.yaml",
    unknownText: "No se reconoce nada en este texto: ni código, ni regla, ni fórmula de rechazo.",
  },
  ja: {
    label: labels(
      `意味 | 原因 | 対処 | 責任 | 扱い | 信頼度 | エラーコード | 応答コード | 出典 | 別の意味や詳しい意味で使うプロバイダー： |
       説明 | その他 | プロバイダー | 判定元 | 根拠 | ステータス | 他社のコード | 分類 | 対象 | 確度 | 推測 | 英語名`,
    ),
    fault: {
      recipient: "受信者のアドレスまたはメールボックス",
      recipient_policy: "受信者の設定",
      sender: "送信者（サーバー、ドメイン、アカウント）",
      content: "メッセージの内容",
      remote: "受信側のサーバーまたは経路",
      none: "なし",
      unknown: "不明",
    },
    severity: { hard: "恒久的", soft: "一時的", block: "拒否", complaint: "苦情", info: "情報", unknown: "不明" },
    advice: {
      suppress: "送信停止",
      retry: "再送",
      wait: "待機",
      fix_content: "内容を修正",
      fix_auth: "認証を修正",
      ignore: "対処不要",
      investigate: "調査",
    },
    strength: {
      none: "本文がなければ判断できない",
      strong: "高い：コードの意味どおり",
      medium: "中程度：別の意味で使うプロバイダーがある",
      weak: "低い：何にでも使われるため本文を読むこと",
    },
    nothing: "現在なし",
    own: "bounced.yaml で設定",
    unknownText: "この文面には既知のコード、規則、拒否の表現がありません。",
  },
};
