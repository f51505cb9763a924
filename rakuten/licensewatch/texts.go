package licensewatch

import (
	"cmp"
	"net/mail"
	"strings"
	"time"

	"github.com/shotengai/shotengai-go"
)

// Texts is the wording of notices in one language. [Japanese] and [English] return the
// defaults; a program that words something differently, or whose shops find another way to
// the screen of RMS, changes the fields of what they return. In all texts,
//
//	{shop}    is the shop
//	{day}     is the last day of the key, as Day spells it
//	{time}    is its time of day, as TimeOfDay spells it
//	{days}    is the number of days left, in subjects of keys that end
//	{screen}  is Screen
//	{issue}   is Issue
//	{enable}  is Enable
//	{records} is Records, and nothing where the end of the key is not known
//	{contacts} is the names of the contacts, or the addresses of those without one
type Texts struct {
	Screen   string // the way to the screen of RMS where a shop issues keys and allows functions
	Issue    string // how a shop issues a key
	Enable   string // how a shop allows functions
	Records  string // what the provider knows of the end
	Contacts string // who receives the notice, the last line of its body; nothing is said when it is empty or there are no contacts

	Ends         Wording // the key ends on {day}; the subject is for 2 days and more
	EndsTomorrow string  // the subject on the day before the last one
	EndsToday    string  // the subject on the last day

	Expired            Wording // the key has ended
	Refused            Wording // the key is refused before its end
	ExpiryNotEnabled   Wording // the function that returns the end is not enabled, and the end was known before
	ExpiryNeverKnown   Wording // the function that returns the end is not enabled, and the end was never known
	FunctionNotEnabled Wording // another function is not enabled
	Settling           Wording // the key was issued minutes ago and is not accepted yet
	Unknown            Wording // the platform could not be asked

	Language shotengai.Language // what the texts are in

	Calendar string // the name of a calendar
	Entry    string // the subject of a calendar's entry for the last day

	Day       func(t time.Time) string
	TimeOfDay func(t time.Time) string
}

// Wording is the text of a notice, before anything is filled in.
type Wording struct {
	Subject string
	Body    string
}

// TextsIn returns the wording in a language.
func TextsIn(language shotengai.Language) Texts {
	if language.Pick("ja", "en") == "ja" {
		return Japanese()
	}
	return English()
}

// Japanese returns the wording in Japanese. The way to the screen is that of vendors'
// manuals of 2025 and 2026. A shop that uses a key of its own, and no vendor's product, finds
// it at WEB APIサービス, アプリ一覧: set Screen for such a one.
func Japanese() Texts {
	return Texts{
		Screen: "RMSの「店舗様向け情報・サービス」→「各種申請・設定変更」→「システム開発企業からのAPIアクセス許可設定」",
		Issue: "手順：{screen}で新しいライセンスキーを発行し、発行したらすぐに当社へお渡しください。" +
			"新しいキーを発行した時点で、現在のキーは使えなくなることがあります。" +
			"キーの有効期間は90日間です。自動では更新されず、当社が代わりに発行することもできません。",
		Enable: "お願い：{screen}で、当社の製品に必要な機能の利用を許可してください。" +
			"「利用中 更新あり」と表示されているときは「アップデートをする」を押してください。ライセンスキーは変わりません。",
		Records:  "当社の控えでは{day}が有効期限です。",
		Contacts: "このお知らせは、次の方にお送りしています：{contacts}",
		Ends: Wording{
			"楽天ライセンスキーの有効期限まであと{days}日です（店舗 {shop}）",
			"店舗 {shop} の楽天RMSライセンスキーは、{day}{time}に有効期限を迎えます。\n" +
				"お願い：それまでに新しいライセンスキーを発行して、当社へお渡しください。期限を過ぎると、受注の取り込みと在庫の連携が止まります。\n{issue}",
		},
		EndsTomorrow: "楽天ライセンスキーの有効期限まであと1日です（店舗 {shop}）",
		EndsToday:    "楽天ライセンスキーの有効期限は本日です（店舗 {shop}）",
		Expired: Wording{
			"楽天ライセンスキーの有効期限が切れました（店舗 {shop}）",
			"店舗 {shop} の楽天RMSライセンスキーは、{day}に有効期限が切れました。受注の取り込みと在庫の連携は止まっています。\n" +
				"お願い：いますぐ新しいライセンスキーを発行して、当社へお渡しください。お渡しいただくまで再開できません。\n{issue}",
		},
		Refused: Wording{
			"楽天ライセンスキーが拒否されています（店舗 {shop}）",
			"お預かりしている店舗 {shop} の楽天RMSライセンスキーが、楽天に拒否されました。受注の取り込みと在庫の連携が止まっているおそれがあります。\n" +
				"お願い：最近新しいキーを発行されていれば、そのキーをいますぐ当社へお渡しください。お心当たりがなければ、新しいキーを発行してお渡しください。\n{issue}",
		},
		ExpiryNotEnabled: Wording{
			"楽天ライセンスキーの有効期限を確認できる設定にしてください（店舗 {shop}）",
			"店舗 {shop} の楽天RMSライセンスキーは使えていますが、有効期限を確認する機能の利用が許可されていないため、期限を確かめられません。{records}" +
				"期限を過ぎると、受注の取り込みと在庫の連携が予告なく止まります。\n{enable}",
		},
		ExpiryNeverKnown: Wording{
			"楽天ライセンスキーの有効期限を確認できる設定にしてください（店舗 {shop}）",
			"店舗 {shop} の楽天RMSライセンスキーは使えていますが、有効期限を確認する機能の利用が許可されていないため、期限が近づいても正しくお知らせできません。" +
				"期限を過ぎると、受注の取り込みと在庫の連携が予告なく止まります。\n{enable}",
		},
		FunctionNotEnabled: Wording{
			"楽天RMSで機能の利用を許可してください（店舗 {shop}）",
			"店舗 {shop} の楽天RMSライセンスキーに、利用が許可されていない機能があります。許可されるまで、その機能を使う処理は行えません。\n{enable}",
		},
		Settling: Wording{
			"楽天の新しいライセンスキーが有効になるのを待っています（店舗 {shop}）",
			"店舗 {shop} の楽天RMSライセンスキーは発行されたばかりで、楽天にまだ受け付けられていません。30分ほどかかることがあります。\n" +
				"お願いすることはありません。有効にならない場合は、あらためてご連絡します。",
		},
		Unknown: Wording{
			"楽天ライセンスキーの有効期限を確認できません（店舗 {shop}）",
			"店舗 {shop} の楽天RMSライセンスキーの有効期限を、楽天に確認できませんでした。{records}当社で引き続き確認します。\n" +
				"お願い：{screen}で有効期限をご確認のうえ、残り14日を切っていれば新しいライセンスキーを発行して、当社へお渡しください。" +
				"期限を過ぎると、受注の取り込みと在庫の連携が止まります。\n{issue}",
		},
		Language: shotengai.Japanese,
		Calendar: "楽天ライセンスキー",
		Entry:    "楽天ライセンスキーの有効期限（店舗 {shop}）",
		Day: func(t time.Time) string {
			weekday := [...]string{"日", "月", "火", "水", "木", "金", "土"}[t.Weekday()]
			return t.Format("2006年1月2日") + "（" + weekday + "）"
		},
		TimeOfDay: func(t time.Time) string { return t.Format("15時04分05秒") },
	}
}

// English returns the wording in English. The screens of RMS are named in Japanese too, as
// the shop sees them.
func English() Texts {
	return Texts{
		Screen: "in RMS, under 店舗様向け情報・サービス (information and services for shops), 各種申請・設定変更 (applications and settings), " +
			"システム開発企業からのAPIアクセス許可設定 (API access for system developers)",
		Issue: "How: issue a new licence key {screen}, and hand it to us at once: the present key may stop working as soon as there is a new one. " +
			"A key lives for 90 days. It does not renew itself, and we cannot issue one for you.",
		Enable: "Please allow the functions that our product needs {screen}. " +
			"If it says 利用中 更新あり (in use, update offered), press アップデートをする (update). The licence key stays the same.",
		Records:  "By our records it ends on {day}. ",
		Contacts: "This notice goes to {contacts}.",
		Ends: Wording{
			"Rakuten licence key of shop {shop} ends in {days} days",
			"The Rakuten licence key of shop {shop} ends on {day} at {time} Japan time.\n" +
				"Please issue a new licence key before then and hand it to us. Orders and stock stop after the end.\n{issue}",
		},
		EndsTomorrow: "Rakuten licence key of shop {shop} ends in 1 day",
		EndsToday:    "Rakuten licence key of shop {shop} ends today",
		Expired: Wording{
			"Rakuten licence key of shop {shop} has expired",
			"The Rakuten licence key of shop {shop} expired on {day}. Orders and stock have stopped.\n" +
				"Please issue a new licence key now and hand it to us: nothing starts again before.\n{issue}",
		},
		Refused: Wording{
			"Rakuten licence key of shop {shop} is refused",
			"Rakuten refuses the licence key of shop {shop} that we hold. Orders and stock may have stopped.\n" +
				"If you have issued a new key lately, please hand us that one now. If not, please issue a new one and hand it to us.\n{issue}",
		},
		ExpiryNotEnabled: Wording{
			"Rakuten licence key of shop {shop}: please let us see when it ends",
			"The Rakuten licence key of shop {shop} works, but the function that returns its end is not allowed, so we cannot check it. {records}" +
				"After the end, orders and stock stop without a word.\n{enable}",
		},
		ExpiryNeverKnown: Wording{
			"Rakuten licence key of shop {shop}: please let us see when it ends",
			"The Rakuten licence key of shop {shop} works, but the function that returns its end is not allowed, so we cannot warn you in time. " +
				"After the end, orders and stock stop without a word.\n{enable}",
		},
		FunctionNotEnabled: Wording{
			"Rakuten licence key of shop {shop}: please allow the functions",
			"The Rakuten licence key of shop {shop} lacks functions. What needs them does not work until they are allowed.\n{enable}",
		},
		Settling: Wording{
			"Rakuten licence key of shop {shop}: waiting for the new key",
			"The Rakuten licence key of shop {shop} was issued a short time ago, and Rakuten does not take it yet. That may take half an hour.\n" +
				"You need not do anything. We write again if it stays so.",
		},
		Unknown: Wording{
			"Rakuten licence key of shop {shop}: its end is not known",
			"We could not ask Rakuten when the licence key of shop {shop} ends. {records}We go on asking.\n" +
				"Please look at its end {screen}. If it is less than 14 days off, issue a new licence key and hand it to us. " +
				"Orders and stock stop after the end.\n{issue}",
		},
		Language:  shotengai.English,
		Calendar:  "Rakuten licence keys",
		Entry:     "Rakuten licence key of shop {shop} ends",
		Day:       func(t time.Time) string { return t.Format("Monday, 2 January 2006") },
		TimeOfDay: func(t time.Time) string { return t.Format("15:04:05") },
	}
}

// fill puts what is known of a key in the place of the names in a text. What others have
// written, such as the name of the shop, comes last and is not looked into.
func (t Texts) fill(text string, status Status, days string) string {
	records, day, timeOfDay := "", "", ""
	if !status.ExpiresAt.IsZero() {
		records, day, timeOfDay = t.Records, t.Day(inJapan(status.ExpiresAt)), t.TimeOfDay(inJapan(status.ExpiresAt))
	}
	text = strings.NewReplacer("{issue}", t.Issue, "{enable}", t.Enable, "{records}", records).Replace(text)
	text = strings.ReplaceAll(text, "{screen}", t.Screen)
	return strings.NewReplacer(
		"{shop}", status.Shop, "{day}", day, "{time}", timeOfDay, "{days}", days, "{contacts}", strings.Join(names(status.Contacts), ", "),
	).Replace(text)
}

// names are what the contacts are called.
func names(contacts []mail.Address) []string {
	names := make([]string, len(contacts))
	for i, contact := range contacts {
		names[i] = cmp.Or(contact.Name, contact.Address)
	}
	return names
}
