package main

import "maps"

func init() {
	maps.Copy(texts["ja"], map[string]string{
		"licenses": "楽天のライセンスキー", "title_licenses": "楽天のライセンスキー",
		"licenses_lead": "ショップから受け取ったライセンスキーを登録します。キーは暗号化して保存し、次の呼び出しから使用します。再起動は不要です。",
		"license_works": "有効", "license_unknown": "未確認", "license_ends": "まもなく期限切れ", "license_expired": "期限切れ", "license_refused": "拒否されています",
		"license_functions": "受注の機能が未許可", "license_settling": "有効化待ち", "license_no_date": "期限を確認できません",
		"license_do_ends":      "期限までに、ショップに新しいライセンスキーを発行してもらい、登録してください。期限を過ぎると、受注を取得できなくなります。",
		"license_do_expired":   "90日間の有効期間が過ぎたため、受注を取得できません。ショップに新しいライセンスキーを発行してもらい、登録してください。",
		"license_do_refused":   "このキーは楽天に拒否され、受注を取得できません。ショップが新しいキーを発行すると、以前のキーは期限前でも使えなくなることがあります。最新のキーを受け取って登録してください。最新のキーが拒否されている場合は、サービスシークレットとの組み合わせと、ショップが許可した機能を確認してください。",
		"license_do_functions": "キーは有効ですが、受注を取得する機能の利用をショップが許可していません。RMSで許可してもらってください。キーは変わりません。",
		"license_do_settling":  "発行されたばかりのキーは、最大30分ほど楽天に拒否されることがあります。そのままお待ちください。自動で再確認します。",
		"license_do_no_date":   "キーは有効ですが、期限を確認する機能の利用をショップが許可していません。RMSで許可してもらってください。",
		"license_mail":         "ショップへのお知らせの文面", "license_to": "宛先", "license_subject": "件名", "license_no_contacts": "登録されていません",
		"license_issued": "発行日", "license_ends_at": "有効期限", "license_contacts": "お知らせの宛先（カンマ区切り）", "license_remove": "キーの削除", "license_remove_yes": "削除",
		"license_enter": "新しいキー・更新されたキーの登録", "license_keep": "確認して登録",
		"license_bad_shop": "ショップIDは数字で入力してください。", "license_bad_contacts": "お知らせの宛先に正しくないメールアドレスがあります。複数の宛先はカンマで区切ってください。",
		"license_bad_day":       "発行日が正しくありません。今日以前の日付を入力してください。",
		"license_bad_key":       "ライセンスキーに空白や全角文字が含まれています。RMSからもう一度コピーしてください。",
		"license_refused_entry": "このキーは楽天に拒否されたため、登録していません。登録済みのキーは変更していません。ショップの最新のキーかどうかと、サービスシークレットとの組み合わせを確認してください。今日発行されたキーは、発行日に今日の日付を入力すると登録できます。",
	})
	maps.Copy(texts["en"], map[string]string{
		"licenses": "Licence keys of Rakuten", "title_licenses": "Licence keys of Rakuten",
		"licenses_lead": "Enter the licence keys that shops have handed over. They are stored encrypted and used from the next call on, without a restart.",
		"license_works": "valid", "license_unknown": "not checked", "license_ends": "expires soon", "license_expired": "expired", "license_refused": "refused",
		"license_functions": "orders not enabled", "license_settling": "not yet in force", "license_no_date": "expiry not known",
		"license_do_ends":      "Ask the shop to issue a new licence key before this one expires, and enter it. Once it has expired, orders cannot be read.",
		"license_do_expired":   "The key has expired after 90 days, and orders cannot be read. Ask the shop to issue a new licence key, and enter it.",
		"license_do_refused":   "Rakuten refuses this key, and the orders cannot be read. When a shop has issued a new key, the one before may stop before its end: ask for the newest key and enter it. If it is the newest, check that the service secret belongs to it and which functions the shop has enabled.",
		"license_do_functions": "The key works, but the shop has not enabled the function that reads orders. Ask the shop to enable it in RMS; the key stays the same.",
		"license_do_settling":  "Rakuten may refuse a new key for up to 30 minutes. There is nothing to do; it is tried again.",
		"license_do_no_date":   "The key works, but the shop has not enabled the function that returns its end. Ask the shop to enable it in RMS.",
		"license_mail":         "The notice to the shop", "license_to": "To", "license_subject": "Subject", "license_no_contacts": "none",
		"license_issued": "Issued", "license_ends_at": "Ends", "license_contacts": "Notices go to (with commas)", "license_remove": "Remove", "license_remove_yes": "Remove",
		"license_enter": "Enter a new or renewed key", "license_keep": "Check and keep",
		"license_bad_shop": "The shop ID is a number.", "license_bad_contacts": "These are not valid mail addresses. Separate them with commas.",
		"license_bad_day":       "The day of issue is not valid. Enter today or an earlier date.",
		"license_bad_key":       "The licence key contains spaces or full-width characters. Please copy it again from RMS.",
		"license_refused_entry": "Rakuten refuses this key, so it was not kept, and the one before stays. Check that it is the shop's newest key and belongs to the service secret. A key of today is kept when today is entered as its day of issue.",
	})
}
