package rakuten

import (
	"fmt"
	"time"
)

// Language is the language of a Notice.
type Language string

// Values of Language.
const (
	Japanese  Language = "ja"
	English   Language = "en"
	Bilingual Language = "ja+en" // Japanese first
)

// Notice is a message to a shop about its licence key. It holds no secret.
type Notice struct {
	Subject string
	Body    string
}

// NewNotice writes what a shop has to know and do about its licence key.
func NewNotice(language Language, status LicenseStatus, now time.Time) Notice {
	switch language {
	case Japanese:
		return japaneseNotice(status, now)
	case English:
		return englishNotice(status, now)
	}
	ja, en := japaneseNotice(status, now), englishNotice(status, now)
	return Notice{Subject: ja.Subject + " / " + en.Subject, Body: ja.Body + "\n\n" + en.Body}
}

func japaneseNotice(status LicenseStatus, now time.Time) Notice {
	const how = "RMSの「拡張サービス一覧」から「システム開発業者からのAPIアクセス許可設定」を開き、新しいライセンスキーを発行して、ご連絡ください。" +
		"キーの有効期間は90日間で、自動では更新されません。"
	days, known := status.DaysLeft(now)
	day := status.ExpiresAt.In(JST).Format("2006年1月2日")
	switch {
	case !known:
		return Notice{
			"楽天ライセンスキーの有効期限を確認できません（店舗 " + status.Shop + "）",
			"店舗 " + status.Shop + " の楽天RMSライセンスキーの有効期限を確認できませんでした。受注の取り込みや在庫の連携が止まっているおそれがあります。\n" + how,
		}
	case days < 0:
		return Notice{
			"楽天ライセンスキーの有効期限が切れています（店舗 " + status.Shop + "）",
			fmt.Sprintf("店舗 %s の楽天RMSライセンスキーは%sに有効期限が切れました。受注の取り込みと在庫の連携は止まっています。\n%s", status.Shop, day, how),
		}
	case days == 0:
		return Notice{
			"楽天ライセンスキーの有効期限は本日までです（店舗 " + status.Shop + "）",
			fmt.Sprintf("店舗 %s の楽天RMSライセンスキーの有効期限は本日（%s）23時59分59秒です。期限を過ぎると、受注の取り込みと在庫の連携が止まります。\n%s", status.Shop, day, how),
		}
	}
	return Notice{
		fmt.Sprintf("楽天ライセンスキーの有効期限まであと%d日です（店舗 %s）", days, status.Shop),
		fmt.Sprintf("店舗 %s の楽天RMSライセンスキーの有効期限は%s（あと%d日）です。期限を過ぎると、受注の取り込みと在庫の連携が止まります。\n%s", status.Shop, day, days, how),
	}
}

func englishNotice(status LicenseStatus, now time.Time) Notice {
	const how = "In RMS, open the list of extension services (拡張サービス一覧), then the API access settings for system developers " +
		"(システム開発業者からのAPIアクセス許可設定), issue a new licence key and hand it to us. A key lives for 90 days and does not renew itself."
	days, known := status.DaysLeft(now)
	day := status.ExpiresAt.In(JST).Format("2 January 2006")
	switch {
	case !known:
		return Notice{
			"Rakuten licence key of shop " + status.Shop + ": its end is not known",
			"We could not find out when the Rakuten RMS licence key of shop " + status.Shop + " ends. Orders and stock may have stopped.\n" + how,
		}
	case days < 0:
		return Notice{
			"Rakuten licence key of shop " + status.Shop + " has expired",
			fmt.Sprintf("The Rakuten RMS licence key of shop %s expired on %s. Orders and stock have stopped.\n%s", status.Shop, day, how),
		}
	case days == 0:
		return Notice{
			"Rakuten licence key of shop " + status.Shop + " ends today",
			fmt.Sprintf("The Rakuten RMS licence key of shop %s ends today, %s, at 23:59:59 Japan time. Orders and stock stop after that.\n%s", status.Shop, day, how),
		}
	}
	left := fmt.Sprintf("%d days", days)
	if days == 1 {
		left = "1 day"
	}
	return Notice{
		fmt.Sprintf("Rakuten licence key of shop %s ends in %s", status.Shop, left),
		fmt.Sprintf("The Rakuten RMS licence key of shop %s ends on %s, in %s. Orders and stock stop after that.\n%s", status.Shop, day, left, how),
	}
}
