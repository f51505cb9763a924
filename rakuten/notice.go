package rakuten

import (
	"fmt"
	"time"

	"github.com/shotengai/shotengai-go"
)

// Language is the language of a Notice.
type Language string

// Values of Language.
const (
	Japanese  Language = "ja"
	English   Language = "en"
	Bilingual Language = "ja+en" // Japanese first
)

// Notice is a message from a provider to a shop about its licence key: what is, who has to
// do what by when, and what happens otherwise. It holds no secret.
type Notice struct {
	Subject string
	Body    string
}

// NewNotice writes what a shop has to know and do about its licence key. It goes by the
// date, but for a status whose verdict is that the key is refused, that a function is not
// enabled or that the platform could not be asked. Only the subject counts the days, so a
// message that is read later still holds.
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

// topic is what a notice is about.
type topic int

const (
	topicEnds topic = iota
	topicExpired
	topicRefused
	topicExpiryNotEnabled
	topicFunctionNotEnabled
	topicSettling
	topicUnknown
)

func (s LicenseStatus) topic(now time.Time) topic {
	days, known := s.DaysLeft(now)
	switch {
	case s.Verdict == VerdictWrongPair, s.Verdict == VerdictRefused:
		return topicRefused
	case s.Verdict == VerdictExpired, known && days < 0 && s.Verdict != VerdictWorks:
		return topicExpired
	case s.Verdict == VerdictExpiryNotEnabled:
		return topicExpiryNotEnabled
	case s.Verdict == VerdictFunctionNotEnabled:
		return topicFunctionNotEnabled
	case s.Verdict == VerdictSettling:
		return topicSettling
	case s.Verdict == VerdictUnknown, !known:
		return topicUnknown
	}
	return topicEnds
}

var japaneseWeekdays = [...]string{"日", "月", "火", "水", "木", "金", "土"}

func japaneseNotice(status LicenseStatus, now time.Time) Notice {
	const (
		screen = "RMSの「拡張サービス一覧」→「各種申請・設定変更」→「システム開発業者からのAPIアクセス許可設定」"
		issue  = "手順：" + screen + "で新しいライセンスキーを発行し、発行したらすぐに当社へお渡しください。" +
			"新しいキーを発行した時点で、いまのキーが使えなくなることがあります。" +
			"キーの有効期間は90日間です。自動では更新されず、当社が代わりに発行することもできません。"
		enable = "お願い：" + screen + "で、当社の製品に必要な機能の利用を許可してください。" +
			"「利用中 更新あり」と表示されているときは「アップデートをする」を押してください。ライセンスキーは変わりません。"
	)
	shop := "（店舗 " + status.Shop + "）"
	key := "店舗 " + status.Shop + " の楽天RMSライセンスキー"
	end := status.ExpiresAt.In(shotengai.JST)
	day := end.Format("2006年1月2日") + "（" + japaneseWeekdays[end.Weekday()] + "）"
	blind, ours := "期限が近づいても正しくお知らせできません。", ""
	if !status.ExpiresAt.IsZero() {
		ours = "当社の控えでは" + day + "が期限です。"
		blind = "期限を確かめられません。" + ours
	}
	switch status.topic(now) {
	case topicExpired:
		return Notice{
			"楽天ライセンスキーの有効期限が切れました" + shop,
			key + "は、" + day + "に有効期限が切れました。受注の取り込みと在庫の連携は止まっています。\n" +
				"お願い：いますぐ新しいライセンスキーを発行して、当社へお渡しください。お渡しいただくまで再開できません。\n" + issue,
		}
	case topicRefused:
		return Notice{
			"楽天ライセンスキーが受け付けられません" + shop,
			"お預かりしている" + key + "が、楽天に受け付けられませんでした。受注の取り込みと在庫の連携が止まっているおそれがあります。\n" +
				"お願い：最近新しいキーを発行されていれば、そのキーをいますぐ当社へお渡しください。お心当たりがなければ、新しいキーを発行してお渡しください。\n" + issue,
		}
	case topicExpiryNotEnabled:
		return Notice{
			"楽天ライセンスキーの有効期限を確認できる設定にしてください" + shop,
			key + "は使えていますが、有効期限を確認する機能の利用が許可されていないため、" + blind +
				"期限を過ぎると、受注の取り込みと在庫の連携が予告なく止まります。\n" + enable,
		}
	case topicFunctionNotEnabled:
		return Notice{
			"楽天RMSで機能の利用を許可してください" + shop,
			key + "に、利用が許可されていない機能があります。許可されるまで、その機能を使う処理は動きません。\n" + enable,
		}
	case topicSettling:
		return Notice{
			"楽天の新しいライセンスキーが有効になるのを待っています" + shop,
			key + "は発行されたばかりで、楽天にまだ受け付けられていません。30分ほどかかることがあります。\n" +
				"お願いすることはありません。有効にならないときは、あらためてご連絡します。",
		}
	case topicUnknown:
		return Notice{
			"楽天ライセンスキーの有効期限を確認できません" + shop,
			key + "の有効期限を、楽天に確認できませんでした。" + ours + "当社で引き続き確認します。\n" +
				"お願い：" + screen + "で有効期限をご覧になり、残り14日を切っていれば新しいライセンスキーを発行して、当社へお渡しください。" +
				"期限を過ぎると、受注の取り込みと在庫の連携が止まります。\n" + issue,
		}
	}
	subject := "楽天ライセンスキーの有効期限は本日までです" + shop
	if days, _ := status.DaysLeft(now); days > 0 {
		subject = fmt.Sprintf("楽天ライセンスキーの有効期限まであと%d日です%s", days, shop)
	}
	return Notice{
		subject,
		key + "は、" + day + end.Format("15時04分05秒") + "に有効期限を迎えます。\n" +
			"お願い：それまでに新しいライセンスキーを発行して、当社へお渡しください。期限を過ぎると、受注の取り込みと在庫の連携が止まります。\n" + issue,
	}
}

func englishNotice(status LicenseStatus, now time.Time) Notice {
	const (
		screen = "in RMS, under 拡張サービス一覧 (extension services), 各種申請・設定変更 (applications and settings), " +
			"システム開発業者からのAPIアクセス許可設定 (API access for system developers)"
		issue = "How: issue a new licence key " + screen + ", and hand it to us at once: the present key may stop working as soon as there is a new one. " +
			"A key lives for 90 days. It does not renew itself, and we cannot issue one for you."
		enable = "Please allow the functions that our product needs " + screen + ". " +
			"If it says 利用中 更新あり (in use, update offered), press アップデートをする (update). The licence key stays the same."
	)
	key := "Rakuten licence key of shop " + status.Shop
	end := status.ExpiresAt.In(shotengai.JST)
	day := end.Format("Monday, 2 January 2006")
	blind, ours := "so we cannot warn you in time. ", ""
	if !status.ExpiresAt.IsZero() {
		ours = "By our records it ends on " + day + ". "
		blind = "so we cannot check it. " + ours
	}
	switch status.topic(now) {
	case topicExpired:
		return Notice{
			key + " has expired",
			"The " + key + " expired on " + day + ". Orders and stock have stopped.\n" +
				"Please issue a new licence key now and hand it to us: nothing starts again before.\n" + issue,
		}
	case topicRefused:
		return Notice{
			key + " is refused",
			"Rakuten refuses the licence key of shop " + status.Shop + " that we hold. Orders and stock may have stopped.\n" +
				"If you have issued a new key lately, please hand us that one now. If not, please issue a new one and hand it to us.\n" + issue,
		}
	case topicExpiryNotEnabled:
		return Notice{
			key + ": please let us see when it ends",
			"The " + key + " works, but the function that tells its end is not allowed, " + blind +
				"After the end, orders and stock stop without a word.\n" + enable,
		}
	case topicFunctionNotEnabled:
		return Notice{
			key + ": please allow the functions",
			"The " + key + " lacks functions. What needs them does not work until they are allowed.\n" + enable,
		}
	case topicSettling:
		return Notice{
			key + ": waiting for the new key",
			"The " + key + " was issued a short time ago, and Rakuten does not take it yet. That may take half an hour.\n" +
				"You need not do anything. We write again if it stays so.",
		}
	case topicUnknown:
		return Notice{
			key + ": its end is not known",
			"We could not ask Rakuten when the licence key of shop " + status.Shop + " ends. " + ours + "We go on asking.\n" +
				"Please look at its end " + screen + ". If it is less than 14 days off, issue a new licence key and hand it to us. " +
				"Orders and stock stop after the end.\n" + issue,
		}
	}
	subject := key + " ends today"
	switch days, _ := status.DaysLeft(now); {
	case days == 1:
		subject = key + " ends in 1 day"
	case days > 1:
		subject = fmt.Sprintf("%s ends in %d days", key, days)
	}
	return Notice{
		subject,
		"The " + key + " ends on " + day + " at " + end.Format("15:04:05") + " Japan time.\n" +
			"Please issue a new licence key before then and hand it to us. Orders and stock stop after the end.\n" + issue,
	}
}
