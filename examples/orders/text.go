package main

import (
	"cmp"
	"errors"
	"fmt"
	"os"

	"github.com/shotengai/shotengai-go"
)

// text is a message in the language of the environment.
func text(english string) string {
	language := shotengai.Language(cmp.Or(os.Getenv("LC_ALL"), os.Getenv("LC_MESSAGES"), os.Getenv("LANG")))
	return language.Pick(cmp.Or(inJapanese[english], english), english)
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
	// Help.
	"orders exports the orders of many shops into one file, or what has changed since the last run.": "orders は、多数のショップの注文を 1 つのファイルに書き出します。前回以降の変更分だけを書き出すこともできます。",
	"`FILE` with the shops":                     "ショップの設定ファイル",
	"export from fakes on this machine instead": "ショップの代わりに、このマシン上のフェイクから書き出す",
	"write what is new or has changed since the last run, as one more file in the directory -out": "前回の実行以降の新規・変更分を、-out のディレクトリに新しいファイルとして書き出す",
	"`NAME` of the file to write, or - for standard output; with -changes, of a directory":        "出力ファイル名（- は標準出力）。-changes のときはディレクトリ名",
	"orders.csv, or changes with -changes":                                                        "orders.csv、-changes のときは changes",
	"`FORMAT`: csv, or jsonl for JSON Lines; jsonl if the file is called .jsonl, else csv":        "csv または jsonl（JSON Lines）。省略時は拡張子が .jsonl なら jsonl、ほかは csv",
	"`NAME`: utf8, utf8-bom (for Excel, which keeps leading zeros) or sjis":                       "utf8、utf8-bom（Excel 用。先頭の 0 を保持）、sjis のいずれか",
	"`NUMBER` of shops at a time":                                                                 "同時に処理するショップの数",
	"replace a finished export":                                                                   "完了済みの出力ファイルを上書きする",
	"first `DAY` of the orders, in Japan; with -changes, of shops that were never asked before":   "最初の注文日（日本時間）。-changes のときは、初めて取得するショップだけに適用",
	"last `DAY` of the orders, in Japan":                                                          "最後の注文日（日本時間）",
	" (default %s)":                                                                               "（既定値 %s）",
	// The command line.
	"%s: see orders -h":                                          "%s（orders -h を参照してください）",
	"%q is not a flag: orders takes flags only":                  "余分な引数 %q があります。orders に指定できるのはフラグだけです",
	"say which shops with -config FILE, or try it with -demo":    "-config FILE でショップを指定してください。-demo で試すこともできます",
	"-config and -demo contradict each other":                    "-config と -demo は同時に指定できません",
	"-%s contradicts -changes":                                   "-%s は -changes と同時に指定できません",
	"-changes needs a directory: -out - contradicts it":          "-changes にはディレクトリが必要です。-out - は指定できません",
	"-%s %q is not a day like 2026-01-31":                        "-%s %q は日付ではありません。2026-01-31 のように指定してください",
	"-format %q is neither csv nor jsonl":                        "-format %q は使えません。csv か jsonl を指定してください",
	"-encoding %q is none of utf8, utf8-bom and sjis":            "-encoding %q は使えません。utf8、utf8-bom、sjis のいずれかを指定してください",
	"-encoding %s contradicts JSON Lines, which are always utf8": "-encoding %s は使えません。JSON Lines は常に utf8 です",
	"-overwrite contradicts -out -, which replaces no file":      "-out - では上書きするファイルがないため、-overwrite は指定できません",
	"-out needs the name of a file, or - for standard output":    "-out にファイル名を指定してください。- は標準出力です",
	"-parallel must be at least 1":                               "-parallel は 1 以上にしてください",
	"-to %s is before -from %s":                                  "-to %s が -from %s より前です",
	// The configuration.
	"the configuration cannot be read: %w":                         "設定ファイルを読み取れません: %w",
	"%s is no list of shops in JSON: %w":                           "%s はショップの一覧（JSON）ではありません: %w",
	"%s names no shop":                                             "%s にショップがありません",
	"%s: shop %d: %w":                                              "%s: %d 番目のショップ: %w",
	"%s: shop %d needs a name of its own":                          "%s: %d 番目のショップに、ほかと重複しない name が必要です",
	"%s: shop %q: %w":                                              "%s: ショップ %q: %w",
	"platform %q is none of colorme, makeshop, rakuten and stores": "platform %q は使えません。colorme、makeshop、rakuten、stores のいずれかを指定してください",
	"%s has to name an environment variable":                       "%s に環境変数の名前を指定してください",
	"the environment variable %s (%s) is not set":                  "環境変数 %s（%s）が設定されていません",
	// Files.
	"%s exists already: choose another -out, or say -overwrite":                               "%s はすでにあります。-out で別名を指定するか、-overwrite を付けてください",
	"%s belongs to an export of %s: finish that, or remove both files":                        "%s は %s の書き出しの途中経過です。先に完了させるか、両方のファイルを削除してください",
	"%s is of files in another format or encoding: use the same ones, or choose another -out": "%s は別の形式または文字コードで書き出したものです。同じ形式と文字コードにするか、別の -out を指定してください",
	"%s is damaged; remove it together with the export to start over":                         "%s が壊れています。やり直すには出力と一緒に削除してください",
	"%s is shorter than its checkpoint says: remove both to start over":                       "%s が途中経過の記録より短くなっています。やり直すには両方を削除してください",
	"%w (remove %s to start over)":                                                            "%w（やり直すには %s を削除してください）",
	"-out has to be a directory with -changes: %w":                                            "-changes のとき -out はディレクトリにしてください: %w",
	"another run is writing this export (%s): wait for it, or choose another -out":            "別のプロセスが同じ出力先に書き込んでいます（%s）。終了を待つか、別の -out を指定してください",
	"process %d on %s since %s":                                                               "プロセス %d、ホスト %s、開始 %s",
	"a process without a name":                                                                "不明なプロセス",
	"locked by another process":                                                               "別のプロセスがロックしています",
	"standard output is broken off":                                                           "標準出力が途中で閉じられました",
	// Results.
	"interrupted: not all orders were written":         "中断しました。一部の注文は書き出されていません",
	"interrupted: run the same command again to go on": "中断しました。同じコマンドをもう一度実行すると、続きから再開します",
	"SHOP\tPLATFORM\tORDERS\tYEN\t":                    "ショップ\tプラットフォーム\t注文\t円\t",
	"SHOP\tPLATFORM\tORDERS\tVANISHED\t":               "ショップ\tプラットフォーム\t注文\t消えた注文\t",
	"total\t\t%d\t%d\t\n":                              "合計\t\t%d\t%d\t\n",
	"not complete":                                     "未完了",
	"standard output":                                  "標準出力",
	"%s to %s in %s\n":                                 "%s から %s まで: %s\n",
	"no file: nothing is new":                          "新規・変更分はありません（ファイルなし）",
	"%d of %d days; %s: %d orders\n":                   "%d / %d 日、%s: 注文 %d 件\n",
	"%s: %d orders\n":                                  "%s: 注文 %d 件\n",
	"days":                                             "日",
	"orders":                                           "注文",
}
