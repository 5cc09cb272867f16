/** Saved views, in Japanese. */
import { html } from "../../html.ts";
import type { Catalogue } from "../en/catalogue.ts";
import { speechOf } from "../speech.ts";

const { count, plural } = speechOf("ja");

const hoursOf = (hours: number): string => plural(hours, { other: "直近 # 時間" });

export const JAPANESE_VIEWS: Catalogue["views"] = {
  title: "保存したビュー",
  lead: "名前を付けた検索です。ここにログインする全員が使えます。",
  menu: "ビュー",
  all: "すべてのビュー",
  saveThis: "このビューを保存",
  edit: "編集",
  editNamed: (name) => `${name} を編集`,
  removeNamed: (name) => `${name} を削除`,
  saved: "ビューを保存しました。",
  removed: "ビューを削除しました。",
  sent: "メールを送信しました。",
  sendNow: "今すぐ送信",
  sendNamed: (name) => `${name} のメールを今すぐ送信`,
  none: "保存したビューはありません",
  noneText: "ログを検索するか 2 つの期間を比較し、そこで「このビューを保存」を選んでください。",
  name: "名前",
  page: "ページ",
  pages: { log: "ログ", rates: "率", compare: "比較" },
  filter: "条件",
  everything: "すべて",
  savedBy: "保存者",
  actions: "操作",
  newView: "ビューを保存",
  editView: "ビューを編集",
  button: "ビューを保存",
  cancel: "キャンセル",
  alert: "アラート",
  alertHelp: "5 分ごとに数えます。alert キューとアラート用の webhook に送られ、終了時にもう一度通知します。",
  alerts: { none: "アラートなし", more: "指定した件数を超えたとき", grew: "偶然の範囲を超えて増加したとき" },
  events: "イベント",
  hours: "対象の直近時間",
  moreThan: (events, hours) => `${hoursOf(hours)}に ${count(events)} 件超`,
  grewIn: (hours) => `${hoursOf(hours)}に増加`,
  openSince: (time) => html`${time} から継続中`,
  mail: "週次メール",
  mailHelp: "宛先のアドレスをコンマで区切ります。空欄ならメールは送りません。",
  mailTo: "宛先",
  weekday: "曜日",
  weekdays: {
    monday: "月曜日",
    tuesday: "火曜日",
    wednesday: "水曜日",
    thursday: "木曜日",
    friday: "金曜日",
    saturday: "土曜日",
    sunday: "日曜日",
  },
  hour: "時刻",
  timeZone: "タイムゾーン",
  mailWhen: (day, hour, zone) => `${day} ${hour}（${zone}）`,
  mailSent: (time) => html`前回送信 ${time}`,
  mailFailed: (why) => html`送信できません: ${why}`,
};
