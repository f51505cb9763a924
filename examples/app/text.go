package main

import (
	"net/http"
	"strings"
	"time"

	"golang.org/x/text/language"
)

const langCookie = "__Host-lang"

// languages are those of texts, the default first.
var languages = language.NewMatcher([]language.Tag{language.Japanese, language.English})

// langOf is the language that the address names, or else the one that the browser chose before,
// or else prefers.
func langOf(r *http.Request) string {
	if lang := r.URL.Query().Get("lang"); texts[lang] != nil {
		return lang
	}
	if cookie, err := r.Cookie(langCookie); err == nil && texts[cookie.Value] != nil {
		return cookie.Value
	}
	tag, _ := language.MatchStrings(languages, r.Header.Get("Accept-Language"))
	base, _ := tag.Base()
	return base.String()
}

// choosesLanguage lets ?lang= choose the language of any page and of those that follow.
func choosesLanguage(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if lang := r.URL.Query().Get("lang"); texts[lang] != nil {
			http.SetCookie(w, cookie(langCookie, lang, 365*24*time.Hour))
		}
		next.ServeHTTP(w, r)
	})
}

// consoles change the word of the texts for an order into that of a platform's console, where it
// is another one. RMS has both: an order has the number and the time that the buyer gave it.
var consoles = map[string]*strings.Replacer{
	"colorme": strings.NewReplacer("注文", "受注"),
	"rakuten": strings.NewReplacer("注文番号", "注文番号", "注文日時", "注文日時", "注文確認", "注文確認", "注文", "受注"),
}

// texts are all words of the pages by language.
var texts = map[string]map[string]string{
	"ja": { //nolint:gosec // the word for a password is none
		"app": "商店街アプリ", "lead": "ショップの注文をまとめて見られます。", "lead_login": "お使いのプラットフォームでログインしてください。",
		"login": "%sでログイン", "add": "ショップを追加", "signout": "ログアウト", "admin": "管理者", "password": "パスワード", "enter": "ログイン",
		"colorme": "カラーミーショップ", "makeshop": "makeshop", "stores": "STORES", "rakuten": "楽天市場",
		"shops": "ショップ一覧", "all_shops": "管理者: すべてのショップ", "title_home": "ログイン", "title_shop": "注文", "title_erase": "連携の解除とデータの消去", "title_erased": "データを消去しました", "title_password": "管理者ログイン", "title_error": "エラー", "no_shops": "まだショップがありません。", "shop": "ショップ", "state": "状態", "stage_new": "未開始", "stage_returned": "再開待ち",
		"stage_active": "利用中", "stage_left": "アンインストール済み", "stopped": "停止中",
		"grant": "連携", "grant_good": "連携中", "grant_lost": "切れています", "grant_none": "未連携", "until": "%sまで", "no_end": "期限なし", "license": "ライセンスキー",
		"days_left": "残り日数", "days": "日", "unknown": "不明",
		"pays": "来月のお支払い", "pays_platform": "プラットフォームからの請求のみ", "tax": "税込",
		"reauthorize": "連携し直す", "link": "連携する", "lost_lead": "このショップとの連携が切れています。注文は更新されません。ログインして連携し直してください。", "none_lead": "このショップはまだ連携していません。ログインして連携すると、注文を取得できます。",
		"lost_lead_makeshop": "makeshopの永続トークンが無効になっているため、注文を更新できません。新しいトークンはインストールのときにだけ発行されます。makeshopの管理画面でこのアプリをアンインストールし、もう一度インストールしてください。", "none_lead_makeshop": "makeshopの永続トークンがないため、注文を取得できません。makeshopの管理画面でこのアプリをインストールしてください。",
		"orders": "最近の注文", "orders_30": "過去30日間の注文", "per_day": "1日ごとの注文数（過去30日間）", "figures": "数値で見る（新しい順）", "day": "日付", "orders_of_day": "注文数", "count": "件", "number": "注文番号", "time": "日時", "total": "合計",
		"no_orders": "過去30日間の注文はありません。", "updated": "最終更新", "never": "まだ更新していません", "sync": "今すぐ更新",
		"status_paid": "入金済み", "status_unpaid": "未入金", "status_delivered": "発送済み", "status_canceled": "キャンセル", "status_shipped": "発送済み", "status_pending": "発送待ち", "status_repaid": "返金済み",
		"status_0000": "代金引換", "status_0001": "現金", "status_0002": "入金済み", "status_0003": "キャンセル", "status_0004": "与信済み", "status_1002": "ポイント払い",
		"status_100": "注文確認待ち", "status_200": "楽天処理中", "status_300": "発送待ち", "status_400": "変更確定待ち", "status_500": "発送済", "status_600": "支払手続き中", "status_700": "支払手続き済", "status_800": "キャンセル確定待ち", "status_900": "キャンセル確定",
		"welcome": "ようこそ", "welcome_lead": "このアプリが取得するのは、過去30日間の注文の番号・日時・状態・金額だけです。お客様のお名前や住所は保存しません。", "start": "はじめる",
		"back": "ご利用の再開", "back_lead": "このショップの以前のデータが残っています。引き続き使用しますか？", "keep": "以前のデータを使う", "fresh": "以前のデータを消去して始める",
		"blocked_title": "ご利用いただけません", "blocked_colorme": "カラーミーショップ アプリストアからインストールすると、ご利用いただけます。",
		"blocked_makeshop": "ご契約が終了しているか、お支払いを確認できません。makeshopの管理画面でご確認ください。", "blocked_rakuten": "このショップのライセンスキーは登録されていません。",
		"blocked": "現在のご契約ではご利用いただけません。", "begun": "このショップはすでに利用を開始しています。",
		"data": "データ", "data_lead": "このアプリに保存されているショップのデータをダウンロードまたは消去できます。", "download": "データをダウンロード（JSON）",
		"demo": "デモの操作", "unlink": "連携を解除してデータを消去する", "unlink_yes": "消去する",
		"erased": "データを消去しました", "home": "トップへ戻る",
		"error": "処理できませんでした", "error_403": "この操作はできません", "error_404": "ページが見つかりません", "error_405": "このページは開けません", "error_500": "エラーが発生しました",
		"not_found": "URLが正しくないか、ログインの有効期限が切れています。トップからもう一度お試しください。", "not_a_page": "このURLを直接開くことはできません。トップからお進みください。", "bad_request": "送信された内容を読み取れませんでした。トップからもう一度お試しください。", "forged": "画面の有効期限が切れました。前の画面に戻り、再読み込みしてください。", "wrong_password": "パスワードが正しくありません。",
		"failed": "システムエラーが発生しました。しばらくしてからもう一度お試しください。", "sync_failed": "注文を取得できませんでした。しばらくしてからもう一度お試しください。表示しているのは、前回取得した内容です。",
		"login_failed": "ログインできませんでした。もう一度最初からお試しください。", "error_login_denied": "ログインを完了できませんでした", "login_denied": "連携が許可されませんでした。", "login_other": "別のショップでログインしました。連携し直すショップでログインしてください。",
	},
	"en": { //nolint:gosec // the word for a password is none
		"app": "Shotengai app", "lead": "The orders of your shops at a glance.", "lead_login": "Log in with the platform of your shop.",
		"login": "Log in with %s", "add": "Add a shop", "signout": "Sign out", "admin": "Operator", "password": "Password", "enter": "Enter",
		"colorme": "Color Me Shop", "makeshop": "makeshop", "stores": "STORES", "rakuten": "Rakuten Ichiba",
		"shops": "Shops", "all_shops": "Operator: all shops", "title_home": "Log in", "title_shop": "Orders", "title_erase": "Disconnect and delete data", "title_erased": "The data has been deleted", "title_password": "Log in as the operator", "title_error": "Error", "no_shops": "There are no shops yet.", "shop": "Shop", "state": "State", "stage_new": "not started", "stage_returned": "returned",
		"stage_active": "active", "stage_left": "uninstalled", "stopped": "stopped",
		"grant": "Connection", "grant_good": "connected", "grant_lost": "lost", "grant_none": "not connected yet", "until": "until %s", "no_end": "does not end", "license": "Licence key",
		"days_left": "Days left", "days": "days", "unknown": "not known",
		"pays": "To pay next month", "pays_platform": "billed by the platform alone", "tax": "with tax",
		"reauthorize": "Re-authorise", "link": "Connect", "lost_lead": "The connection to this shop is lost, and its orders are not updated. Log in to connect it again.", "none_lead": "This shop is not connected yet. Log in to connect it; its orders can be read then.",
		"lost_lead_makeshop": "The persistent token of makeshop is no longer valid, so the orders are not updated. A new one is issued only at an install. Uninstall this app in the console of makeshop and install it again.", "none_lead_makeshop": "There is no persistent token of makeshop, so the orders cannot be read. Install this app in the console of makeshop.",
		"orders": "Latest orders", "orders_30": "Orders of 30 days", "per_day": "Orders per day, last 30 days", "figures": "The figures, newest day first", "day": "Day", "orders_of_day": "Orders", "count": "orders", "number": "Number", "time": "Time (Japan)", "total": "Total",
		"no_orders": "No orders in the last 30 days.", "updated": "Updated", "never": "not yet", "sync": "Update now",
		"status_paid": "paid", "status_unpaid": "unpaid", "status_delivered": "delivered", "status_canceled": "cancelled", "status_shipped": "shipped", "status_pending": "to be shipped", "status_repaid": "repaid",
		"status_0000": "cash on delivery", "status_0001": "cash", "status_0002": "paid", "status_0003": "cancelled", "status_0004": "authorised", "status_1002": "paid in points",
		"status_100": "to be confirmed", "status_200": "processed by Rakuten", "status_300": "to be shipped", "status_400": "change pending", "status_500": "shipped", "status_600": "payment in progress", "status_700": "paid", "status_800": "cancellation pending", "status_900": "cancelled",
		"welcome": "Welcome", "welcome_lead": "This app reads the number, time, state and amount of the orders of the last 30 days, and nothing else. Names and addresses of your customers are not kept.", "start": "Begin",
		"back": "Welcome back", "back_lead": "The app still has earlier data of this shop. Do you want to use it?", "keep": "Use the earlier data", "fresh": "Delete it and start over",
		"blocked_title": "The app cannot be used", "blocked_colorme": "Install it from the Color Me Shop App Store to use it.",
		"blocked_makeshop": "The subscription has ended, or its payment failed. See the console of makeshop.", "blocked_rakuten": "There is no licence key of this shop.",
		"blocked": "Your current contract does not include this.", "begun": "This shop has already started.",
		"data": "Data", "data_lead": "Download or delete the data that the app stores about this shop.", "download": "Download the data (JSON)",
		"demo": "Demo controls", "unlink": "Disconnect the shop and delete its data", "unlink_yes": "Delete",
		"erased": "The data has been deleted", "home": "Back to the start page",
		"error": "The request failed", "error_403": "This is not allowed", "error_404": "Page not found", "error_405": "This page cannot be opened", "error_500": "Something went wrong",
		"not_found": "The address is wrong, or your login has expired. Please try again from the start page.", "not_a_page": "This address cannot be opened directly. Please go back to the start page.", "bad_request": "The submitted data could not be read. Please try again from the start page.", "forged": "This page has expired. Please reload the previous page.", "wrong_password": "The password is wrong.",
		"failed": "Something went wrong on our side. Please try again later.", "sync_failed": "The orders could not be loaded. Please try again later. The page shows what was loaded last.",
		"login_failed": "The login failed. Please try again.", "error_login_denied": "The login was not completed", "login_denied": "Access was not granted.", "login_other": "You logged in to another shop. Please log in to the shop that you want to reconnect.",
	},
}
