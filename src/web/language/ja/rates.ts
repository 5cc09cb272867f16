/** Rates of what was sent, and holds, in Japanese. */
import { html } from "../../html.ts";
import type { Catalogue } from "../en/catalogue.ts";
import { speechOf } from "../speech.ts";

const { count } = speechOf("ja");

export const JAPANESE_RATES: Catalogue["rates"] = {
  bounce: "バウンス",
  hard: "ハードバウンス",
  block: "ブロック",
  deferral: "遅延",
  complaint: "迷惑メール報告",
  sent: "送信数",
  delivered: (n) => `配信 ${count(n)} 件`,
  withoutBlocks: (n) => `${count(n)} 件、ブロックを除く`,
  ofAttempts: (n) => `全試行中 ${count(n)} 件`,
  aboveLine: (by, rate) => `${by} の基準（${rate}）を超過`,
  dimensionProvider: "プロバイダー",
  dimensionDomain: "受信側ドメイン",
  dimensionTag: "タグ",
  dimensionSenderDomain: "送信ドメイン",
  dimensionSendingAddress: "送信元アドレス",
  byProvider: "プロバイダー別",
  byDomain: "受信側ドメイン別",
  byTag: "タグ別",
  bySenderDomain: "送信ドメイン別",
  bySendingAddress: "送信元アドレス別",
  notRecognised: "判別不能",
  by: "率の内訳",
  hours24: "24 時間",
  notReported: "送信システムから報告されていません。",
  ofSentHours: "直近 24 時間の送信数に対する割合",
  ofSentDays: (days) => `直近 ${count(days)} 日間の送信数に対する割合`,
  noSends: "この期間の送信数は不明です",
  noSendsText: html`率の計算には配信数が必要です。配信も報告してください。メールサーバーのログを bounced
    に読み取らせる、プロバイダーの webhook で配信を選ぶ、または
    <code>/v1/refusals</code> に送信します。それまでは概要に返送分の割合が表示されます。`,
  eventsInLog: "ログのイベント",
  bouncesInLog: "ログのバウンス",
  delays: "遅延",
  cameBack: (name) => `返送: ${name}`,
  codesOfProvider: "このプロバイダーのコード",
  holds: "基準を超えた率",
  holdsHint: "問い合わせた送信システムは停止します。bounced 自体は何も止めません",
  since: (time) => html`${time} から`,
  itsRates: "該当の率",
  moreHolds: (n) => `ほか ${count(n)} 件: /v1/holds`,
};
