/** The overview, and the charts and rankings that other pages share, in Japanese. */
import { html } from "../../html.ts";
import type { Catalogue } from "../en/catalogue.ts";
import { speechOf } from "../speech.ts";

const { count, plural } = speechOf("ja");

export const JAPANESE_OVERVIEW: Catalogue["overview"] = {
  lead: (days) => `直近 ${count(days)} 日間（UTC）`,
  ratesByProvider: "プロバイダー別の発生率",
  otherRates: "タグ、ドメイン、送信元アドレス別",
  reasons: "理由",
  findRecipient: "受信者を検索: アドレスまたはその一部",
  searchLog: "ログを検索",
  emptyTitle: (days) => `直近 ${count(days)} 日間に返送メールはありません`,
  emptyText:
    "メールの Return-Path をバウンス用ドメインのアドレスに設定してください。返送メールが分類と説明付きでここに表示されます。セットアップページでは DNS と受信ポートを確認し、テストバウンスを送信できます。",
  goToSetup: "セットアップページへ",
  eventsPerDay: "1 日あたりのイベント",
  eventsPerDayBy: "イベントの内訳",
  bySeverity: "重大度別",
  byReason: "理由別",
  chartBySeverity: "1 日あたりのイベント（重大度別）",
  chartByReason: "1 日あたりのイベント（理由別）",
  others: "その他",
  noneInPeriod: "この期間にはありません。",
  shareOfAll: (share) => `全体の ${share}`,
  eventsOf: (n, what) => `${what}: イベント ${count(n)} 件`,
  blockRate: "プロバイダー別のブロック率",
  blockRateHint: "応答に占めるブロックの割合",
  noBlocks: "この期間のブロックはありません。",
  blocksOf: (blocks, events) => `イベント ${count(events)} 件中ブロック ${count(blocks)} 件`,
  alert: "アラート",
  alerts: "アラート",
  todayCount: (n) => `今日 ${count(n)} 件`,
  waiting: "キューで待機中",
  redisDown: "Redis に接続できません",
  waitingOwn: (n) => `bounced 宛て ${count(n)} 件`,
  waitingOwnOldest: (n, age) => `bounced 宛て ${count(n)} 件、最古 ${age}`,
  waitingElsewhere: (n) => `自社プログラム宛て ${count(n)} 件`,
  inQuarantine: (n) => `隔離 ${count(n)} 件`,
  suppressed: "配信停止中",
  newIn: (n, days) => `${count(days)} 日間で新規 ${count(n)} 件`,
  newPerDay: "1 日あたりの新規登録",
  unmatched: "どのルールにも合わない",
  ofRefusals: (n) => plural(n, { other: "バウンスと遅延 # 件中" }),
  whichCounted: "集計対象のイベント",
  eventsCounted: "集計対象",
  countsCredible: "信頼できるもの",
  countsAll: "すべて",
  notCounted: (n, link) =>
    html`${link(plural(n, { other: "未証明または偽造のイベント # 件" }))}は集計していません。このような通知は誰でも送れるため、状態にも数字にも影響しません。`,
  countedToo: (n, link) =>
    html`数字には、誰でも送れる${link(plural(n, { other: "未証明または偽造のイベント # 件" }))}が含まれています。`,
  whatIsCredible: (link) => html`返送メールは${link("署名付き Return-Path")} に届いた場合に信頼できます。`,
};
