/** Webhooks and help desks, and what was tried there, in Japanese. */
import type { Catalogue } from "../en/catalogue.ts";
import { speechOf } from "../speech.ts";

const { count, plural } = speechOf("ja");

export const JAPANESE_OUTPUTS: Catalogue["outputs"] = {
  title: "送信先",
  lead: "bounced.yaml の Webhook とヘルプデスクの待機、試行、断念の状況です。",
  kinds: { webhook: "Webhook", "help-desk": "ヘルプデスク" },
  noneTitle: "Webhook とヘルプデスクはありません",
  none: "bounced.yaml で設定します。1 日の間受け付けられなかったものがここに表示され、再送できます。",
  waiting: (n) => plural(n, { other: "待機 # 件" }),
  retrying: (n) => plural(n, { other: "再試行待ち # 件" }),
  givenUp: (n) => plural(n, { other: "断念 # 件" }),
  sendAgain: "再送",
  sendAgainTo: (id) => `断念したものを再送: ${id}`,
  replayed: (n) => plural(n, { other: "イベント # 件をキューに戻しました。" }),
  when: "日時",
  event: "イベント",
  outcome: "結果",
  conversation: "会話",
  answer: "応答",
  noAnswer: "なし",
  taken: "受付済み",
  notTaken: "受付されず",
  andMore: (more) => `ほか ${count(more)} 件`,
  nothingTried: "まだ試行はありません。",
  triesOf: (id) => `最近の試行: ${id}`,
  outcomes: {
    added: "メモを追加",
    present: "メモは追加済み",
    not_found: "会話なし",
    failed: "失敗（再試行します）",
    given_up: "断念",
  },
  foundBy: { header: "ヘッダーから特定", "message-id": "Message-ID から特定", subject: "件名から特定" },
};
