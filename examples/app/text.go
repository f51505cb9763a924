package main

import (
	"net/http"
	"strings"
)

const langCookie = "__Host-lang"

// language is the one that the browser chose, or else prefers; Japanese if neither.
func language(r *http.Request) string {
	if cookie, err := r.Cookie(langCookie); err == nil && texts[cookie.Value] != nil {
		return cookie.Value
	}
	if preferred := strings.ToLower(r.Header.Get("Accept-Language")); strings.HasPrefix(preferred, "en") {
		return "en"
	}
	return "ja"
}

// texts are all words of the pages by language.
var texts = map[string]map[string]string{
	"ja": { //nolint:gosec // the word for a password is none
		"app": "商店街アプリ", "lead": "ショップの注文をまとめて見られます。", "lead_login": "お使いのプラットフォームでログインしてください。",
		"login": "%sでログイン", "add": "ショップを追加", "signout": "ログアウト", "admin": "管理者", "password": "パスワード", "enter": "ログイン",
		"colorme": "カラーミーショップ", "makeshop": "makeshop", "stores": "STORES", "rakuten": "楽天市場",
		"shops": "ショップ", "no_shops": "まだショップがありません。", "shop": "ショップ", "state": "状態", "stage_new": "未開始", "stage_returned": "再開待ち",
		"stage_active": "利用中", "stage_left": "アンインストール済み", "stopped": "停止中",
		"grant": "連携", "grant_ok": "有効", "grant_lost": "切れています", "until": "%sまで", "no_end": "期限なし", "license": "ライセンスキー",
		"days_left": "残り日数", "days": "日", "unknown": "不明",
		"pays": "来月のお支払い", "pays_platform": "プラットフォームの請求のみ", "tax": "税込",
		"reauthorize": "連携し直す", "lost_lead": "このショップとの連携が切れています。注文は更新されません。",
		"orders": "最近の注文", "orders_30": "過去30日の注文", "per_day": "1日あたりの注文数(過去30日)", "count": "件", "number": "注文番号", "time": "日時", "total": "合計",
		"no_orders": "過去30日に注文はありません。", "updated": "更新", "never": "まだ", "sync": "今すぐ更新",
		"status_paid": "入金済み", "status_unpaid": "未入金", "status_delivered": "発送済み", "status_canceled": "キャンセル", "status_shipped": "発送済み", "status_pending": "発送待ち", "status_repaid": "返金済み",
		"status_0000": "代金引換", "status_0001": "現金", "status_0002": "入金済み", "status_0003": "キャンセル", "status_0004": "与信済み", "status_1002": "ポイント払い",
		"status_100": "注文確認待ち", "status_200": "楽天処理中", "status_300": "発送待ち", "status_400": "変更確定待ち", "status_500": "発送済み", "status_600": "支払手続き中", "status_700": "支払手続き済み", "status_800": "キャンセル確定待ち", "status_900": "キャンセル確定",
		"welcome": "ようこそ", "welcome_lead": "このアプリは過去30日の注文の番号・日時・状態・金額だけを読み取ります。お客様のお名前や住所は保存しません。", "start": "はじめる",
		"back": "おかえりなさい", "back_lead": "このショップIDの以前のデータが残っています。引き続き使いますか。", "keep": "以前のデータを使う", "fresh": "以前のデータを消して始める",
		"blocked_title": "ご利用いただけません", "blocked_colorme": "カラーミーショップ アプリストアからインストールすると、ご利用いただけます。",
		"blocked_makeshop": "ご契約が終了したか、お支払いが確認できません。makeshopの管理画面でご確認ください。", "blocked_rakuten": "このショップのライセンスキーは登録されていません。",
		"blocked": "現在のご契約ではご利用いただけません。", "begun": "すでに始まっています。",
		"data": "データ", "data_lead": "このアプリが持つこのショップのデータを受け取ったり、消したりできます。", "download": "データをダウンロード(JSON)",
		"unlink": "連携を解除してデータを消す", "unlink_yes": "消去する",
		"erased": "データを消去しました", "home": "トップへ",
		"error": "うまくいきませんでした", "not_found": "ページが見つかりません。", "forged": "この画面は古くなりました。前の画面を読み込み直してください。", "wrong_password": "パスワードが違います。",
		"failed": "こちらの不具合です。しばらくしてからもう一度お試しください。", "sync_failed": "注文を読み取れませんでした。しばらくしてからもう一度お試しください。",
		"login_failed": "ログインできませんでした。もう一度はじめからお試しください。", "login_denied": "連携が許可されませんでした。", "login_other": "別のショップでログインしました。連携し直すショップでログインしてください。",
	},
	"en": {
		"app": "Shotengai app", "lead": "The orders of your shops at a glance.", "lead_login": "Log in with the platform of your shop.",
		"login": "Log in with %s", "add": "Add a shop", "signout": "Sign out", "admin": "Operator", "password": "Password", "enter": "Enter",
		"colorme": "Color Me Shop", "makeshop": "makeshop", "stores": "STORES", "rakuten": "Rakuten Ichiba",
		"shops": "Shops", "no_shops": "There are no shops yet.", "shop": "Shop", "state": "State", "stage_new": "not begun", "stage_returned": "came back",
		"stage_active": "active", "stage_left": "left", "stopped": "stopped",
		"grant": "Permission", "grant_ok": "valid", "grant_lost": "lost", "until": "until %s", "no_end": "does not end", "license": "Licence key",
		"days_left": "Days left", "days": "days", "unknown": "not known",
		"pays": "To pay next month", "pays_platform": "billed by the platform alone", "tax": "with tax",
		"reauthorize": "Re-authorise", "lost_lead": "The permission of this shop is lost. Its orders are not updated.",
		"orders": "Latest orders", "orders_30": "Orders of 30 days", "per_day": "Orders per day, last 30 days", "count": "orders", "number": "Number", "time": "Time (Japan)", "total": "Total",
		"no_orders": "No orders in the last 30 days.", "updated": "Updated", "never": "not yet", "sync": "Update now",
		"status_paid": "paid", "status_unpaid": "unpaid", "status_delivered": "delivered", "status_canceled": "cancelled", "status_shipped": "shipped", "status_pending": "to be shipped", "status_repaid": "repaid",
		"status_0000": "cash on delivery", "status_0001": "cash", "status_0002": "paid", "status_0003": "cancelled", "status_0004": "authorised", "status_1002": "paid in points",
		"status_100": "to be confirmed", "status_200": "processed by Rakuten", "status_300": "to be shipped", "status_400": "change pending", "status_500": "shipped", "status_600": "payment in progress", "status_700": "paid", "status_800": "cancellation pending", "status_900": "cancelled",
		"welcome": "Welcome", "welcome_lead": "This app reads the number, time, state and amount of the orders of the last 30 days, and nothing else. Names and addresses of your customers are not kept.", "start": "Begin",
		"back": "Welcome back", "back_lead": "There are earlier data of this shop ID. Do you want to go on with them?", "keep": "Use the earlier data", "fresh": "Erase them and begin anew",
		"blocked_title": "The app cannot be used", "blocked_colorme": "Install it from the Color Me Shop App Store to use it.",
		"blocked_makeshop": "The subscription has ended, or its payment failed. See the console of makeshop.", "blocked_rakuten": "There is no licence key of this shop.",
		"blocked": "The present contract does not allow this.", "begun": "This shop has begun already.",
		"data": "Data", "data_lead": "Take along what the app has of this shop, or have it erased.", "download": "Download the data (JSON)",
		"unlink": "Unlink the shop and erase its data", "unlink_yes": "Erase",
		"erased": "The data are erased", "home": "To the start",
		"error": "That did not work", "not_found": "There is no such page.", "forged": "This page was too old. Please reload the one before.", "wrong_password": "The password is wrong.",
		"failed": "The fault is ours. Please try again in a while.", "sync_failed": "The orders could not be read. Please try again in a while.",
		"login_failed": "The login failed. Please begin again.", "login_denied": "The permission was not given.", "login_other": "That was the login of another shop. Please log in to the shop whose permission is renewed.",
	},
}
