package main

import "maps"

func init() {
	maps.Copy(texts["ja"], map[string]string{
		"title_control": "デモの操作", "control_lead": "各プラットフォームで起こることを再現します。結果はショップのページに反映されます。",
		"control_unknown": "このショップはまだアプリにインストールされていません。", "control_open": "ショップのページを開く", "control_operator": "管理者としてショップのページを開く（パスワードは起動時に表示されます）",
		"play_install": "インストール", "play_uninstall": "アンインストール", "play_unpaid": "未払いによるアンインストール",
		"play_payment_failed": "月額料金の支払い失敗", "play_payment_made": "月額料金の支払い成功", "play_unlink": "オーナーによる認可の取り消し",
		"play_refuse": "ログインで認可を拒否する", "play_allow": "ログインで認可を許可する", "play_outage": "障害を起こす", "play_heal": "障害から復旧する",
		"play_expire": "ライセンスキーの期限切れ", "play_renew": "ライセンスキーの更新",
		"not_played": "この状態では再現できません。デモの操作に戻り、ほかの操作をお試しください。",
	})
	maps.Copy(texts["en"], map[string]string{
		"title_control": "Demo controls", "control_lead": "Simulate what happens on the platforms. The shops' pages show the result.",
		"control_unknown": "This shop has not installed the app yet.", "control_open": "Open the page of the shop", "control_operator": "Open the page of the shop as the operator (the password was printed at the start)",
		"play_install": "Install", "play_uninstall": "Uninstall", "play_unpaid": "Uninstall for non-payment",
		"play_payment_failed": "The monthly payment fails", "play_payment_made": "The monthly payment succeeds", "play_unlink": "The owner revokes access",
		"play_refuse": "Deny access at login", "play_allow": "Allow access at login", "play_outage": "Start an outage", "play_heal": "End the outage",
		"play_expire": "The licence key expires", "play_renew": "The licence key is renewed",
		"not_played": "This cannot be simulated in the current state. Go back to the demo controls and try another one.",
	})
}
