package main

import (
	"cmp"
	"errors"
	"fmt"
	"os"
	"strings"
)

// text is a message in the language of the environment: Japanese where LC_ALL, LC_MESSAGES or
// LANG says so, English elsewhere. Log lines are English.
func text(english string) string {
	if strings.HasPrefix(cmp.Or(os.Getenv("LC_ALL"), os.Getenv("LC_MESSAGES"), os.Getenv("LANG")), "ja") {
		return cmp.Or(japanese[english], english)
	}
	return english
}

// failf is an error in the language of the environment.
func failf(english string, args ...any) error {
	if len(args) == 0 {
		return errors.New(text(english))
	}
	return fmt.Errorf(text(english), args...)
}

// japanese has the messages by their English form. The verbs keep their order.
var japanese = map[string]string{ //nolint:gosec // texts about keys and tokens, and none of them
	// The command line.
	"Fleet keeps a copy of the orders of many shops in step with Color Me Shop.": "fleet は多数のカラーミーショップの受注を手元のデータベースに同期します。",
	"Flags come after the command: fleet work -h lists those of work.":           "フラグはコマンドの後に書きます。work のフラグは fleet work -h で確認できます。",
	"make the tables, or bring them up to date":                                  "テーブルを作成する、または最新の状態に更新する",
	"add the shop whose access token is on the standard input":                   "標準入力のアクセストークンのショップを追加する",
	"list the shops": "ショップの一覧を表示する",
	"delete a shop, its grant and the copy of its orders":                           "ショップを、そのトークンと受注データも含めて削除する",
	"keep the shops in step until it is stopped; run as many as you like":           "停止されるまで同期を続ける。いくつでも起動できる",
	"show how far the shops are, and what has failed":                               "同期状況と、失敗したジョブを表示する",
	"run a whole fleet against a fake of the platform":                              "フェイクを使って fleet 全体を動かす",
	"`address` of PostgreSQL; DATABASE_URL if not set":                              "PostgreSQL の接続先。省略時は DATABASE_URL",
	"`schema` of all tables; the demo makes a new one and drops it at its end":      "すべてのテーブルを置くスキーマ。デモは新しく作成し、終了時に削除する",
	"first `day` of the orders to copy, such as 2026-01-31; 90 days ago if not set": "同期を始める日付（例 2026-01-31）。省略時は 90 日前",
	"`time` between two looks at a shop, at least 1s":                               "同期の間隔。1s 以上",

	"`number` of shops":                             "ショップの数",
	"`number` of worker processes, at least 1":      "ワーカープロセスの数。1 以上",
	"`number` of orders that each shop begins with": "各ショップの最初の受注数",

	"`number` of workers that are killed in the middle of a job, in each of two rounds": "2 回の巡回それぞれで、ジョブの途中に強制終了するワーカーの数",

	" (default %s)": "（既定値 %s）",
	"a command is missing: see fleet -h, or try fleet -demo": "コマンドを指定してください。fleet -h で一覧を表示し、fleet -demo で試せます",
	"%q is no command: see fleet -h":                         "%q というコマンドはありません。fleet -h を参照してください",
	"%s: see fleet %s -h":                                    "%s（fleet %s -h を参照してください）",
	"%s does not take %q":                                    "%s に余分な引数 %q があります",
	"%s needs a %s":                                          "%s には %s の指定が必要です",
	"-schema %q has to be a plain name in lower case":        "-schema %q は使えません。英小文字、数字、_ で指定してください",
	"-schema has to be a name":                               "-schema に名前を指定してください",
	"-every %s is too short: at least 1s":                    "-every %s は短すぎます。1s 以上にしてください",
	"-workers %d: at least 1":                                "-workers %d は使えません。1 以上にしてください",
	"-orders and -kills cannot be negative":                  "-orders と -kills に負の数は使えません",
	"-shops %d: at least 2, and more than -kills":            "-shops %d は使えません。2 以上で、-kills より大きくしてください",
	"-since %q is no day such as 2026-01-31":                 "-since %q は日付ではありません。2026-01-31 のように指定してください",
	// Results.
	"The tables are in the schema %s.\n":                                  "スキーマ %s にテーブルを用意しました。\n",
	"Shop %s, %s, is kept in step.\n":                                     "ショップ %s（%s）の同期を始めます。\n",
	"Shop %s is removed, with its grant and the copy of its %d orders.\n": "ショップ %s を、トークンと受注データ %d 件とともに削除しました。\n",

	"shops   %d: %d in step, %d stopped, %d not read yet\norders  %d\njobs    %d waiting, %d running\noldest  %s\n": "ショップ  %d（同期済み %d、停止 %d、未同期 %d）\n受注      %d\nジョブ    待機 %d、実行中 %d\n最も古い同期  %s\n",
	"never":                             "未同期",
	"works":                             "稼働中",
	"stopped":                           "停止",
	"stopped: %[2]s":                    "停止: %[2]s",
	"order %[1]s cannot be read: %[2]s": "受注 %[1]s を読み取れません: %[2]s",
	"failed %[1]s times (is tried again): %[2]s":             "%[1]s 回失敗（再試行します）: %[2]s",
	"failed %[1]s times (the next round tries again): %[2]s": "%[1]s 回失敗（次の巡回で再試行します）: %[2]s",
	"%d runs, %d orders saved, %d failures":                  "同期 %d 回、受注 %d 件を保存、失敗 %d 件",
	// Failures.
	"there are no tables in the schema %s: run migrate first":                  "スキーマ %s にテーブルがありません。先に migrate を実行してください",
	"the tables of the queue in the schema %s are old: run migrate":            "スキーマ %s のキューのテーブルが古いため、migrate を実行してください",
	"the database address cannot be read":                                      "データベースの接続先を解釈できません",
	"PostgreSQL cannot be reached at %s: %w":                                   "PostgreSQL（%s）に接続できません: %w",
	"FLEET_SEAL_KEY has to hold a key for the grants: openssl rand -base64 32": "FLEET_SEAL_KEY にトークンの暗号化キーを設定してください: openssl rand -base64 32",
	"the standard input has to hold the shop's access token":                   "標準入力からショップのアクセストークンを渡してください",
	"the platform does not accept the token: %w":                               "トークンがプラットフォームに拒否されました: %w",
	"there is no shop %q":                                                      "ショップ %q はありません",
	"the shop is removed, but its grant is not: %w":                            "ショップは削除しましたが、トークンを削除できませんでした: %w",
	"the schema cannot be made: %w":                                            "スキーマを作成できません: %w",
	"the schema %s is left: %w":                                                "スキーマ %s が残っています: %w",
	// The demo.
	"%d shops with %d orders each; one has withdrawn its permission\n":   "ショップ %d 件、受注は各 %d 件。うち 1 ショップは連携を解除済み\n",
	"the job of the shop %s runs in %q, which is no worker of the fleet": "ショップ %s のジョブが、このデモのワーカーではない %q で動いています",
	"%d orders lost, %d wrong":                     "受注の欠落 %d 件、相違 %d 件",
	"%d shops still wait after %d of %d kills: %w": "未同期 %d ショップ（強制終了 %d / %d 回）: %w",
}
