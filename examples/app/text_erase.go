package main

import "maps"

func init() {
	maps.Copy(texts["ja"], map[string]string{ //nolint:gosec // the word for a token is none
		"download_csv": "注文をダウンロード（CSV、Excel用）", "csv_orders": "注文", "csv_platform": "プラットフォーム", "csv_shop": "ショップID", "csv_name": "ショップ名", "csv_time": "注文日時(日本時間)", "csv_total": "合計(円)",

		"sync_slow":   "注文の取得に時間がかかっています。続きは10分以内に自動で取得します。",
		"title_erase": "連携の解除とデータの消去", "title_erased": "データを消去しました",
		"erased_lead":   "連携を解除し、このアプリが取得したショップのデータを消去しました。",
		"erase_deleted": "消去されるデータ", "erase_orders": "注文%d件の番号・日時・状態・金額と、どこまで取得したかの記録", "erase_name": "ショップ名",
		"erase_grant": "ショップのデータを取得するための認可（アクセストークン）", "erase_license": "ライセンスキーと、その期限の記録、お知らせの宛先", "erase_sessions": "すべてのブラウザーでの、このショップのログイン状態",
		"erase_final": "すぐに消去され、元に戻すことはできません。必要なデータは先にダウンロードしてください。",
		"erase_kept":  "残るデータとその理由", "erase_kept_none": "何も残りません。",
		"erase_kept_colorme":  "ショップIDと課金契約ID。アプリはカラーミーショップにインストールされたままで、ご契約も続くためです。課金契約IDはアンインストール時に、そのほかの記録はその30日後に消去されます。",
		"erase_kept_makeshop": "ショップIDとご契約の内容。アプリはmakeshopにインストールされたままで、ご契約も続くためです。アンインストールの30日後に消去されます。",
		"erase_kept_token":    "インストール時に一度だけ発行される永続トークン（暗号化して保存）。アンインストール通知の真偽の確認と、ご利用の再開に必要なためです。再開されるまで、ショップのデータの取得には使いません。アンインストール時に消去されます。",
		"erase_kept_events":   "ショップIDを含む、処理済みのWebhookの記録。古い通知が再び届いたときに、二重に処理しないためです。",
		"erase_then":          "ご利用の再開・終了について",
		"erase_then_colorme":  "ご利用を再開するときは、カラーミーショップでログインして「はじめる」を押してください。再インストールは不要です。ご利用を終了するときは、カラーミーショップの管理画面でアンインストールしてください。それまでご契約は続きます。",
		"erase_then_makeshop": "ご利用を再開するときは、makeshopでログインして「はじめる」を押してください。再インストールは不要です。ご利用を終了するときは、makeshopの管理画面でサブスクリプションをキャンセルしてください。それまでご契約は続きます。",
		"erase_then_return":   "ご利用を再開するときは、プラットフォームのアプリストアからインストールしてください。",
		"erase_then_stores":   "ご利用を再開するときは、STORESでログインして連携を許可し、「はじめる」を押してください。",
		"erase_then_rakuten":  "ご利用を再開するときは、ショップから新しいライセンスキーを受け取り、ライセンスキーの画面で登録してください。",
		"erase_not":           "消去せずに戻る",
	})
	maps.Copy(texts["en"], map[string]string{
		"download_csv": "Download the orders (CSV, for Excel)", "csv_orders": "orders", "csv_platform": "Platform", "csv_shop": "Shop ID", "csv_name": "Shop", "csv_time": "Ordered at (Japan)", "csv_total": "Total (yen)",

		"sync_slow":   "Loading the orders is taking a while. The rest will be loaded within 10 minutes.",
		"title_erase": "Disconnect and delete data", "title_erased": "The data has been deleted",
		"erased_lead":   "The shop is disconnected, and the data that the app had read is deleted.",
		"erase_deleted": "What is deleted", "erase_orders": "Number, time, state and amount of %d orders, and how far they were read", "erase_name": "The name of the shop",
		"erase_grant": "The permission to read the shop (its access token)", "erase_license": "The licence key, its dates, and whom notices go to", "erase_sessions": "The sign-in of every browser to this shop",
		"erase_final": "The data is deleted at once and cannot be restored. Download what you need first.",
		"erase_kept":  "What stays, and why", "erase_kept_none": "Nothing stays.",
		"erase_kept_colorme":  "The id of the shop and the number of its contract, because the app stays installed at Color Me Shop and the contract goes on. The number goes with the uninstall, and everything 30 days later.",
		"erase_kept_makeshop": "The id of the shop and its subscription, because the app stays installed at makeshop and the subscription goes on. They go 30 days after the uninstall.",
		"erase_kept_token":    "The persistent token, encrypted. The platform delivers it only once, at the install. It shows whether a notice of an uninstall is genuine, and is needed to come back. Until you come back, nothing of the shop is read with it. It goes with the uninstall.",
		"erase_kept_events":   "The record of the webhooks that were handled, with the id of the shop, so that an old one that comes again does nothing.",
		"erase_then":          "To use the app again, or to stop for good",
		"erase_then_colorme":  "To come back, log in with Color Me Shop and press Begin. There is nothing to install again. To leave for good, uninstall the app in the console of Color Me Shop: the contract goes on until then.",
		"erase_then_makeshop": "To come back, log in with makeshop and press Begin. There is nothing to install again. To leave for good, end the subscription in the console of makeshop: it goes on until then.",
		"erase_then_return":   "To come back, install the app from the app store of the platform.",
		"erase_then_stores":   "To come back, log in with STORES, give the permission, and press Begin.",
		"erase_then_rakuten":  "To come back, the shop hands over a new licence key, which is entered on the page of licence keys.",
		"erase_not":           "Go back without deleting",
	})
}
