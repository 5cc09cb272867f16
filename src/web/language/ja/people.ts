/** The page of people in Japanese. */
import { html } from "../../html.ts";
import type { Catalogue } from "../en/catalogue.ts";

export const JAPANESE_PEOPLE: Catalogue["people"] = {
  title: "ユーザー",
  lead: "ID プロバイダーでログインしたユーザーです。アクセスを取り消すと、そのユーザーのすべてのセッションが直ちに終了します。",
  nobody: "該当するユーザーはいません。",
  noProvider: html`ID プロバイダーが設定されていません（bounced.yaml の <code>oidc</code>、docs/access.md）。`,
  text: "名前、アドレスまたは ID",
  person: "ユーザー",
  role: "権限",
  lastSignIn: "最終ログイン",
  firstSignIn: "初回ログイン",
  change: "変更",
  notVerified: "未確認",
  subject: (sub) => `サブジェクト ${sub}`,
  noRole: "なし",
  mayExport: "エクスポート",
  isRevoked: "取り消し済み",
  revoke: "取り消す",
  restore: "再び許可する",
  confirm: (who) => `${who} のアクセスを取り消しますか？すべてのセッションが直ちに終了します。`,
  revoked: "アクセスを取り消し、すべてのセッションを終了しました。",
  restored: "このユーザーは再びログインできます。",
};
