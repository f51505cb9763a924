package main

import (
	"cmp"
	"errors"
	"fmt"
	"os"

	"github.com/shotengai/shotengai-go"
)

// language is that of the environment.
func language() shotengai.Language {
	return shotengai.Language(cmp.Or(os.Getenv("LC_ALL"), os.Getenv("LC_MESSAGES"), os.Getenv("LANG")))
}

// text is a message in the language of the environment.
func text(english string) string {
	return language().Pick(cmp.Or(inJapanese[english], english), english)
}

// failf is an error in the language of the environment.
func failf(english string, args ...any) error {
	if len(args) == 0 {
		return errors.New(text(english))
	}
	return fmt.Errorf(text(english), args...)
}

// inJapanese has the messages by their English form. The verbs keep their order.
var inJapanese = map[string]string{
	"licensewatch shows how long the licence keys of Rakuten shops are valid, and writes a calendar.": "licensewatch は楽天の店舗のライセンスキーの残り日数を表示し、カレンダーを書き出します。",
	"`FILE` with the shops; without one, the demo runs":                                               "店舗の設定ファイル。省略時はデモを実行する",
	"calendar `FILE` to write, in place of the one that is there":                                     "書き出すカレンダーファイル。既存のものは置き換える",
	"`FILE` that keeps what was seen and reported":                                                    "確認と通知の履歴を保存するファイル",
	" (default %s)":           "（既定値 %s）",
	"%s: see licensewatch -h": "%s（licensewatch -h を参照してください）",
	"%q is not a flag: licensewatch takes flags only": "余分な引数 %q があります。licensewatch に指定できるのはフラグだけです",
	"the configuration cannot be read: %w":            "設定ファイルを読み取れません: %w",
	"%s is no list of shops in JSON: %w":              "%s は店舗の一覧（JSON）ではありません: %w",
	"shops":                                           "店舗",
	"%s names no shop":                                "%s に店舗がありません",
	"%s: shop %d: %w":                                 "%s: %d 番目の店舗: %w",
	"%s: shop %d needs a name of its own":             "%s: %d 番目の店舗に、ほかと重複しない name が必要です",
	"%s: shop %q: %w":                                 "%s: 店舗 %q: %w",
	"%s has to name an environment variable":          "%s に環境変数の名前を指定してください",
	"the environment variable %s (%s) is not set":     "環境変数 %s（%s）が設定されていません",
	"the state cannot be read: %w":                    "履歴のファイルを読み取れません: %w",
	"%s is no state of this program: %w":              "%s はこのプログラムの履歴のファイルではありません: %w",
	"interrupted":                                     "中断しました",
	"new:":                                            "新しい通知:",
	"the calendar cannot be written: %w":              "カレンダーを書き出せません: %w",
	"writing the calendar (-calendar) to":             "カレンダーの書き出し先（-calendar）:",
	"SHOP":                                            "店舗",
	"DAYS LEFT":                                       "残り日数",
	"LAST DAY":                                        "期限",
	"STATE":                                           "状態",
	"WHO ACTS":                                        "対応者",
	"WHAT TO DO":                                      "対応",
	"nobody":                                          "なし",
	"shop":                                            "店舗",
	"provider":                                        "アプリ提供元",
	"issue a new licence key in RMS and hand it over before the last day": "期限までにRMSで新しいライセンスキーを発行し、アプリ提供元に渡してください",
}
