/** The page of the audit log in Japanese. */
import type { Catalogue } from "../en/catalogue.ts";
import { speechOf } from "../speech.ts";

const { plural } = speechOf("ja");

export const JAPANESE_AUDIT: Catalogue["audit"] = {
  title: "監査ログ",
  lead: (days: number) =>
    `ログイン、エクスポート、メールの閲覧、消去、およびすべての変更を ${plural(days, { other: "# 日間" })}保存します。`,
  anyAction: "すべての操作",
  action: "操作",
  who: "ユーザーまたはトークン",
  whoPlaceholder: "ユーザーまたはトークン",
  text: "アドレス、ID、または詳細",
  textPlaceholder: "アドレス、ID、または詳細",
  fromDay: "開始日 （UTC）",
  toDay: "終了日 （UTC）",
  fromPlaceholder: "開始 YYYY-MM-DD",
  toPlaceholder: "終了 YYYY-MM-DD",
  entries: "記録",
  emptyTitle: "記録がありません",
  empty: "一致する記録はありません。",
  older: "以前の記録",
  pages: "ページ",
  when: "日時",
  by: "実行者",
  what: "操作",
  target: "対象",
  from: "接続元",
  machine: "このマシン",
  csv: "CSV",
  jsonLines: "JSON Lines",
  request: (id: string) => `リクエスト ${id}`,
  actions: {
    "sign-in": "ログイン",
    "sign-in-refused": "ログインを拒否",
    "sign-out": "ログアウト",
    export: "エクスポート",
    "raw-read": "メールの閲覧",
    erasure: "アドレスの消去",
    "list-change": "配信停止リストの変更",
    "rule-change": "ルールの変更",
    reclassification: "ログの再分類",
    replay: "イベントの再送",
    "queue-change": "キューの変更",
    "token-change": "トークンの変更",
    "person-change": "ユーザーの変更",
    "settings-change": "設定の変更",
    "incident-change": "インシデントの終了・再開",
  },
  outcomes: {
    begun: { name: "結果不明", title: "開始されましたが、結果は記録されていません。" },
    done: { name: "完了", title: "実行されました。" },
    refused: { name: "拒否", title: "拒否され、何も行われていません。" },
    failed: { name: "失敗", title: "失敗しました。原因はサービスのログにリクエスト ID とともに記録されています。" },
  },
};
