/** Pages of a recipient, a mail, a domain, a provider, a sending address, a tag, in Japanese. */
import { html } from "../../html.ts";
import type { Catalogue } from "../en/catalogue.ts";
import { speechOf } from "../speech.ts";

const { count } = speechOf("ja");

export const JAPANESE_SUBJECTS: Catalogue["subjects"] = {
  domain: "受信側ドメイン",
  provider: "プロバイダー",
  senderDomain: "送信ドメイン",
  sendingAddress: "送信元 IP アドレス",
  tag: "タグ",
  domains: "受信側ドメイン",
  providers: "プロバイダー",
  senderDomains: "送信ドメイン",
  sendingAddresses: "送信元 IP アドレス",
  tags: "タグ",
  estimated: (share) => `順位は期間内の新しい ${share} からの推定です。`,
  domainListed: (time, actor, link) =>
    html`このドメイン全体が ${time} から配信停止リストに登録されています（登録者: ${actor}）。${link("履歴")}`,
  noEvents: "この期間のイベントはありません",
  noEventsText: (link) =>
    html`信頼できる返送はありません。期間を長くするか、${link("ログのすべてのイベント")}を確認してください。`,
  newest: "最新のイベント",
  showAllInLog: "ログですべて表示",
  showInLog: "ログで表示",
  codesAndRules: "コードとルール",
  responses: "サーバーの応答",
  responsesHint: (n) => `最新のバウンスと遅延 ${count(n)} 件中`,
  serverResponses: "サーバーの応答",
  serverResponse: "サーバーの応答",
  reason: "理由",
  mail: (id) => html`メール ${id}`,
  nothingCameBack: "このメールの返送はありません",
  nothingCameBackText: "この Message-ID を元メールに持つイベントはログにありません。",
  from: "差出人",
  date: "日時",
  notKnown: "不明",
  cameBack: "返送",
  eventsOfRecipients: (events, recipients) => `受信者 ${count(recipients)} 名、イベント ${count(events)} 件:`,
  recipientAt: (domain) => html`受信者（${domain}）`,
  showEvent: "イベントを表示",
  list: "リスト",
  changedBy: (change, actor) => `${change}（${actor}）`,
  nothingKnown: "このアドレスの情報はありません",
  nothingKnownText: "ログにイベントがなく、配信停止リストに登録されたこともありません。",
  timeline: "これまでの経過",
  newestOnly: (n) => `最新のイベント ${count(n)} 件`,
  moreAlike: (n, since) => html`同様の過去のイベント ${count(n)} 件（${since} 以降）`,
};
