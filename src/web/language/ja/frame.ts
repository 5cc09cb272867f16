/** The frame of every page, signing in, errors, and the page for those who unsubscribe, in Japanese. */
import { html } from "../../html.ts";
import type { Catalogue } from "../en/catalogue.ts";
import type { ENGLISH_FRAME } from "../en/frame.ts";
import { speechOf } from "../speech.ts";

const { count, plural } = speechOf("ja");

export const JAPANESE_FRAME: Pick<Catalogue, keyof typeof ENGLISH_FRAME> = {
  frame: {
    skip: "本文へ移動",
    navigation: "メインメニュー",
    find: "アドレス、ドメイン、タグ、イベント、Message-ID、サーバーの返答を検索",
    findPlaceholder: "検索",
    theme: "テーマ",
    switchTheme: "ライトとダークを切り替える",
    language: "言語",
    api: "API",
    signOut: "ログアウト",
    overview: "概要",
    incidents: "インシデント",
    log: "ログ",
    rates: "率",
    compare: "比較",
    suppressions: "配信停止リスト",
    codes: "コード",
    unmatched: "未分類",
    audit: "監査ログ",
    queues: "キュー",
    setup: "設定",
  },
  script: {
    lightTheme: "ライトテーマ",
    darkTheme: "ダークテーマ",
    pickDay: "日付を選ぶ",
    openAsPage: "ページで開く",
    close: "閉じる",
    copied: "コピーしました",
    copyRefused: "ここではコピーできません",
  },
  period: {
    label: "期間",
    last: "直近",
    days: (days) => plural(days, { other: "# 日間" }),
    today: "今日",
    all: "すべて",
  },
  common: {
    event: "イベント",
    events: "イベント",
    recipient: "受信者",
    unknownRecipient: "受信者不明",
    copy: "コピー",
    search: "検索",
    clear: "クリア",
    add: "追加",
    remove: "削除",
    undo: "元に戻す",
    save: "保存",
    any: "指定なし",
    none: "なし",
    download: "ダウンロード",
    confidence: (share) => `確度 ${share}`,
    fault: (fault) => `原因: ${fault}`,
    advice: (advice) => `推奨: ${advice}`,
    countEvents: (events) => plural(events, { other: "イベント # 件" }),
    countOf: (part, whole) => `${count(whole)} 件中 ${count(part)} 件`,
  },
  signIn: {
    title: "ログイン",
    secret: "API トークンまたは管理者パスワード",
    button: "ログイン",
    help: html`トークンはサーバー上で
      <code>bounced token create</code> により作成します。一度だけ使えるログイン用リンクは
      <code>bounced token link</code> で作成します。`,
    locked: (minutes) => `失敗が多すぎます。${plural(minutes, { other: "# 分" })}後にもう一度お試しください。`,
    wrong: "有効なトークンでも管理者パスワードでもありません。",
    usedLink: html`このリンクは使用済みか、作成から 1 日を過ぎています。新しいリンクは
      <code>bounced token link</code> で作成できます。`,
    with: (provider) => `${provider} でログイン`,
    providerDown: (provider) =>
      `${provider} に接続できません。もう一度試すか、トークンでログインしてください。原因はサービスのログに記録されています。`,
    providerRefused: (provider) =>
      `${provider} でのログインに失敗しました。もう一度お試しください。原因は監査ログに記録されています。`,
    tooOld:
      "このログインは別のブラウザーまたは別のアドレスで開始されたか、10 分を過ぎています。最初からやり直してください。",
    refusedTitle: "アクセスできません",
    noRole: (who) =>
      `${who} としてログインしていますが、bounced を利用できるグループに属していません。管理者に依頼してください。`,
    revoked: (who) => `${who} のアクセスは取り消されました。管理者にお問い合わせください。`,
    otherAccount: "別のアカウントを使う",
    goOn: "続ける",
    signedOut: "ログアウトしました",
  },
  problems: {
    badRequest: "リクエストが正しくありません",
    unauthorized: "トークンが必要です",
    forbidden: "このトークンでは許可されていません",
    notFound: "見つかりません",
    methodNotAllowed: "このメソッドは使えません",
    conflict: "現在の状態では実行できません",
    gone: "すでに存在しません",
    tooLarge: "リクエストが大きすぎます",
    unsupportedMediaType: "このコンテンツタイプは読み取れません",
    tooManyRequests: "リクエストが多すぎます",
    internal: "サーバーでエラーが発生しました",
    notAvailable: "現在の設定では無効です",
    unavailable: "サービスの一部が停止しています。もう一度お試しください",
  },
  problemPage: { request: (id) => `リクエスト ${id}` },
  unsubscribe: {
    title: "配信停止",
    question: "今後、このメールは届かなくなります。",
    button: "配信を停止する",
    done: "配信を停止しました。",
    invalid: "このリンクは無効です。メールに記載されたアドレス全体をコピーしてください。",
  },
};
