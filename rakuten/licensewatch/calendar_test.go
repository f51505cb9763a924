package licensewatch_test

import (
	"errors"
	"fmt"
	"net/mail"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/rakuten"
	"github.com/shotengai/shotengai-go/rakuten/licensewatch"
)

// component is a part of a calendar file.
type component struct {
	name       string
	properties map[string]string // by name with parameters; each once
	people     []string          // the organizer and the attendees, as they stand there
	parts      []*component
}

var (
	contentLine  = regexp.MustCompile(`^([A-Z-]+(?:;[A-Z-]+=(?:"[^\x00-\x08\x0A-\x1F\x7F"]*"|[^\x00-\x08\x0A-\x1F\x7F";:,]+))*):([^\x00-\x08\x0A-\x1F\x7F]*)$`)
	calendarText = regexp.MustCompile(`^(?:[^\\;,]|\\[\\;,n])*$`)
	calendarDate = regexp.MustCompile(`^\d{8}$`)
	utcTime      = regexp.MustCompile(`^\d{8}T\d{6}Z$`)
	duration     = regexp.MustCompile(`^-?P\d+DT\d+H$`)
	calendarUser = regexp.MustCompile(`^(?:ORGANIZER|ATTENDEE;ROLE=REQ-PARTICIPANT;RSVP=FALSE);CN="[^"]*":mailto:[A-Za-z0-9@%$&+=:._~!*'()-]*$`)
	number       = regexp.MustCompile(`^\d{1,9}$`)
)

// syntax is all properties that an entry may have here, and their values.
var syntax = map[string]map[string]*regexp.Regexp{
	"VCALENDAR": {"VERSION": regexp.MustCompile(`^2\.0$`), "PRODID": calendarText, "CALSCALE": regexp.MustCompile(`^GREGORIAN$`), "X-WR-CALNAME": calendarText, "REFRESH-INTERVAL;VALUE=DURATION": regexp.MustCompile(`^P1D$`), "X-PUBLISHED-TTL": regexp.MustCompile(`^P1D$`)},
	"VEVENT": {
		"UID": calendarText, "DTSTAMP": utcTime, "LAST-MODIFIED": utcTime, "SEQUENCE": number, "DTSTART;VALUE=DATE": calendarDate, "DTEND;VALUE=DATE": calendarDate,
		"SUMMARY": calendarText, "DESCRIPTION": calendarText, "TRANSP": regexp.MustCompile(`^TRANSPARENT$`),
	},
	"VALARM": {"ACTION": regexp.MustCompile(`^DISPLAY$`), "DESCRIPTION": calendarText, "TRIGGER": duration},
}

// parseCalendar reads a calendar file as strictly as RFC 5545 allows.
func parseCalendar(file []byte) (*component, error) {
	text := string(file)
	if !strings.HasSuffix(text, "\r\n") {
		return nil, errors.New("the last line has no end")
	}
	for line := range strings.SplitSeq(strings.TrimSuffix(text, "\r\n"), "\r\n") {
		if len(line) > 75 || !utf8.ValidString(line) || strings.ContainsAny(line, "\r\n") || line == "" {
			return nil, fmt.Errorf("line %q: %d octets", line, len(line))
		}
	}
	root := &component{}
	stack := []*component{root}
	for line := range strings.SplitSeq(strings.TrimSuffix(strings.ReplaceAll(text, "\r\n ", ""), "\r\n"), "\r\n") {
		match := contentLine.FindStringSubmatch(line)
		if match == nil {
			return nil, fmt.Errorf("line %q is no content line", line)
		}
		name, value, top := match[1], match[2], stack[len(stack)-1]
		bare, _, _ := strings.Cut(name, ";")
		switch bare {
		case "BEGIN":
			part := &component{name: value, properties: make(map[string]string)}
			top.parts, stack = append(top.parts, part), append(stack, part)
		case "END":
			if value != top.name || len(top.properties) != len(syntax[value]) {
				return nil, fmt.Errorf("END:%s of %s with %v", value, top.name, top.properties)
			}
			stack = stack[:len(stack)-1]
		case "ORGANIZER", "ATTENDEE":
			if !calendarUser.MatchString(line) || top.name != "VEVENT" {
				return nil, fmt.Errorf("%s in %s", line, top.name)
			}
			top.people = append(top.people, line)
		default:
			form := syntax[top.name][name]
			if _, twice := top.properties[name]; twice || form == nil || !form.MatchString(value) {
				return nil, fmt.Errorf("%s in %s", line, top.name)
			}
			top.properties[name] = value
		}
	}
	if len(stack) != 1 || len(root.parts) != 1 || root.parts[0].name != "VCALENDAR" {
		return nil, errors.New("the file is no calendar")
	}
	return root.parts[0], nil
}

func (c *component) text(name string) string {
	return strings.NewReplacer(`\\`, `\`, `\;`, ";", `\,`, ",", `\n`, "\n").Replace(c.properties[name])
}

var organizer = mail.Address{Name: "株式会社 見本", Address: "keys@example.jp"}

// entries renders and reads a calendar.
func entries(t *testing.T, now time.Time, statuses ...licensewatch.Status) []*component {
	t.Helper()
	calendar, err := parseCalendar(licensewatch.Calendar{Organizer: organizer}.File(statuses, now))
	require.NoError(t, err)
	require.Len(t, calendar.parts, len(statuses))
	return calendar.parts
}

func TestCalendar(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 20, 12, 0, 0, 0, shotengai.JST)
	end := time.Date(2026, 4, 1, 23, 59, 59, 0, shotengai.JST)
	const shop = "12,3;4\\n\r\n楽天\x00市場\xff"
	entry := entries(t, now, licensewatch.Status{Shop: shop, ExpiresAt: end, Verdict: rakuten.VerdictWorks})[0]
	assert.Equal(t, "rakuten-licence-12,3;4\\n\n楽天市場\uFFFD@shotengai-go", entry.text("UID"))
	assert.Equal(t, "20260320T030000Z", entry.properties["DTSTAMP"])
	assert.Equal(t, "20260401", entry.properties["DTSTART;VALUE=DATE"])
	assert.Equal(t, "20260402", entry.properties["DTEND;VALUE=DATE"])
	assert.Contains(t, entry.text("SUMMARY"), "楽天ライセンスキーの有効期限（店舗 12,3;4")
	assert.Contains(t, entry.text("DESCRIPTION"), "2026年4月1日（水）23時59分59秒")
	assert.Contains(t, entry.text("DESCRIPTION"), "Wednesday, 1 April 2026 at 23:59:59 Japan time.\nPlease issue")
	for _, text := range []string{entry.text("SUMMARY"), entry.text("DESCRIPTION")} {
		assert.NotRegexp(t, `あと\d|in \d+ days|本日|today`, text, "an entry is read on any day")
	}
	var reminders []string
	for _, alarm := range entry.parts {
		reminders = append(reminders, alarm.properties["TRIGGER"]+" "+regexp.MustCompile(`あと\d+日|本日`).FindString(alarm.text("DESCRIPTION")))
	}
	assert.Equal(t, []string{"-P2DT15H あと3日", "-P0DT15H あと1日", "P0DT9H 本日"}, reminders, "at 9 o'clock, those that are to come")
}

// A calendar that has read a file takes the entries of a later one for the same ones.
func TestCalendarMovesTheEntryOfARenewedKey(t *testing.T) {
	t.Parallel()
	first := time.Date(2026, 3, 20, 12, 0, 0, 0, shotengai.JST)
	old := licensewatch.Status{Shop: "123456", ExpiresAt: first.AddDate(0, 0, 5)}
	renewed := licensewatch.Status{Shop: "123456", ExpiresAt: first.AddDate(0, 0, 90)}
	before, after := entries(t, first, old)[0], entries(t, first.Add(time.Minute), renewed)[0]
	assert.Equal(t, before.properties["UID"], after.properties["UID"])
	assert.Greater(t, after.properties["SEQUENCE"], before.properties["SEQUENCE"])
	assert.Greater(t, after.properties["DTSTAMP"], before.properties["DTSTAMP"])
	assert.Greater(t, after.properties["LAST-MODIFIED"], before.properties["LAST-MODIFIED"])
	assert.NotEqual(t, before.properties["DTSTART;VALUE=DATE"], after.properties["DTSTART;VALUE=DATE"])
	others := entries(t, first, old, licensewatch.Status{Shop: "1234567", ExpiresAt: old.ExpiresAt})
	assert.NotEqual(t, others[0].properties["UID"], others[1].properties["UID"])
}

func TestCalendarOfKeysThatDoNotWork(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 1, 1, 0, 0, 0, shotengai.JST) // still February in UTC
	end := time.Date(2026, 4, 1, 23, 59, 59, 0, shotengai.JST)
	for name, test := range map[string]struct {
		status         licensewatch.Status
		day, summary   string
		remindersCount int
	}{
		"not known":               {licensewatch.Status{}, "20260301", "its end is not known", 0},
		"refused before its end":  {licensewatch.Status{ExpiresAt: end, Verdict: rakuten.VerdictWrongPair}, "20260301", "is refused", 1},
		"settling":                {licensewatch.Status{ExpiresAt: end, Verdict: rakuten.VerdictSettling}, "20260301", "waiting for the new key", 0},
		"expiry not enabled":      {licensewatch.Status{Verdict: rakuten.VerdictExpiryNotEnabled}, "20260301", "please let us see", 0},
		"not enabled, but known":  {licensewatch.Status{ExpiresAt: end, Verdict: rakuten.VerdictExpiryNotEnabled}, "20260401", " ends", 4},
		"out of reach, but known": {licensewatch.Status{ExpiresAt: end, Verdict: rakuten.VerdictUnknown}, "20260401", " ends", 4},
		"expired":                 {licensewatch.Status{ExpiresAt: now.AddDate(0, 0, -3)}, "20260226", "has expired", 0},
	} {
		entry := entries(t, now, test.status)[0]
		assert.Equal(t, test.day, entry.properties["DTSTART;VALUE=DATE"], name)
		assert.Contains(t, entry.text("SUMMARY"), test.summary, name)
		assert.Len(t, entry.parts, test.remindersCount, name)
	}
}

// A refused key is an alarm of its day, whenever on the day the file is written.
func TestCalendarRemindsOfRefusedKeys(t *testing.T) {
	t.Parallel()
	for hour, want := range map[int]string{1: "P0DT9H", 8: "P0DT9H", 9: "P0DT10H", 23: "P1DT0H"} {
		now := time.Date(2026, 3, 1, hour, 30, 0, 0, shotengai.JST)
		entry := entries(t, now, licensewatch.Status{Shop: "123456", Verdict: rakuten.VerdictWrongPair})[0]
		assert.Equal(t, want, entry.parts[0].properties["TRIGGER"], hour)
		assert.Contains(t, entry.parts[0].text("DESCRIPTION"), "is refused")
	}
}

func TestCalendarHasANameAndIsReadDaily(t *testing.T) {
	t.Parallel()
	file := string(licensewatch.Calendar{}.File(nil, time.Unix(0, 0)))
	assert.Contains(t, file, "\r\nX-WR-CALNAME:楽天ライセンスキー / Rakuten licence keys\r\n")
	assert.Contains(t, file, "\r\nREFRESH-INTERVAL;VALUE=DURATION:P1D\r\nX-PUBLISHED-TTL:P1D\r\n")
	assert.Contains(t, string(licensewatch.Calendar{Texts: []licensewatch.Texts{licensewatch.English()}}.File(nil, time.Unix(0, 0))), "\r\nX-WR-CALNAME:Rakuten licence keys\r\n")
}

func FuzzCalendar(f *testing.F) {
	f.Add("123456", int64(1774969200), int64(1775000000), "works", "楽田 太郎", "taro@example.jp")
	f.Add("楽天市場楽天市場楽天市場楽天市場楽天市場", int64(0), int64(0), "", "", "")
	f.Add("a\\;,\r\n\x85\xff\u2028", int64(1774969200), int64(1), "refused", "\"a\"\r\n;:,\xff", "\"a\r\n b\"@[127.0.0.1]?x=#%\xff")
	f.Fuzz(func(t *testing.T, shop string, now, end int64, verdict, name, address string) {
		const century = 100 * 365 * 24 * 60 * 60
		status := licensewatch.Status{Shop: shop, Verdict: rakuten.Verdict(verdict), Contacts: []mail.Address{{Name: name, Address: address}, {Address: address}}}
		if end != 0 {
			status.ExpiresAt = time.Unix(min(max(end, -end), century), 0)
		}
		entry := entries(t, time.Unix(min(max(now, -now, 0), century), 0), status)[0]
		want := strings.Map(func(r rune) rune {
			if unicode.IsControl(r) && r != '\t' && r != '\n' {
				return -1
			}
			return r
		}, strings.ToValidUTF8(shop, "\uFFFD"))
		assert.Equal(t, "rakuten-licence-"+want+"@shotengai-go", entry.text("UID"))
		require.Len(t, entry.people, 3)
		for _, line := range entry.people[1:] {
			_, uri, _ := strings.Cut(line, "\":mailto:")
			got, err := url.PathUnescape(uri)
			require.NoError(t, err)
			assert.Equal(t, address, got)
		}
	})
}

// All contacts have the entry, and the notice goes to all of them and says so.
func TestSeveralPeopleAreTold(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 20, 12, 0, 0, 0, shotengai.JST)
	status := licensewatch.Status{Shop: "123456", ExpiresAt: now.AddDate(0, 0, 10), Contacts: []mail.Address{
		{Name: "楽田 太郎", Address: "taro@example.jp"}, {Address: "hanako+rms@example.jp"}, {Name: `市場 "ボス", {day}`, Address: "boss@example.jp"},
	}}
	entry := entries(t, now, status)[0]
	assert.Equal(t, []string{
		`ORGANIZER;CN="株式会社 見本":mailto:keys@example.jp`,
		`ATTENDEE;ROLE=REQ-PARTICIPANT;RSVP=FALSE;CN="楽田 太郎":mailto:taro@example.jp`,
		`ATTENDEE;ROLE=REQ-PARTICIPANT;RSVP=FALSE;CN="hanako+rms@example.jp":mailto:hanako+rms@example.jp`,
		`ATTENDEE;ROLE=REQ-PARTICIPANT;RSVP=FALSE;CN="市場 'ボス', {day}":mailto:boss@example.jp`,
	}, entry.people)
	notice := licensewatch.NewNotice(status, now)
	assert.Equal(t, status.Contacts, notice.To)
	assert.Contains(t, notice.Body, `このお知らせは、次の方にお送りしています：楽田 太郎, hanako+rms@example.jp, 市場 "ボス", {day}`)
	assert.Contains(t, notice.Body, `This notice goes to 楽田 太郎, hanako+rms@example.jp, 市場 "ボス", {day}.`)
	assert.Equal(t, notice.Body, licensewatch.NewNotice(licensewatch.Event{Shop: "123456", ExpiresAt: status.ExpiresAt, Contacts: status.Contacts}.Status(), now).Body)

	silent := licensewatch.English()
	silent.Contacts = ""
	assert.NotContains(t, licensewatch.NewNotice(status, now, silent).Body, "hanako")
	status.Contacts = nil
	notice = licensewatch.NewNotice(status, now)
	assert.Empty(t, notice.To)
	assert.NotContains(t, notice.Body, "お送りしています")
	assert.Len(t, entries(t, now, status)[0].people, 1, "the organizer")
}

// Nobody is named without an organizer, as attendees need one.
func TestCalendarWithoutPeople(t *testing.T) {
	t.Parallel()
	status := licensewatch.Status{Shop: "1", Contacts: []mail.Address{{Address: "taro@example.jp"}}}
	text := string(licensewatch.Calendar{}.File([]licensewatch.Status{status}, time.Unix(0, 0)))
	assert.NotContains(t, text, "ATTENDEE")
	assert.NotContains(t, text, "ORGANIZER")
}

// Two vendors of one shop do not move each other's entries.
func TestCalendarHasAnEntryPerShopAndVendor(t *testing.T) {
	t.Parallel()
	uids := make(map[string]bool)
	for _, vendor := range []string{"", "example.jp", "example.com"} {
		for _, shop := range []string{"1", "2"} {
			text := string(licensewatch.Calendar{Vendor: vendor}.File([]licensewatch.Status{{Shop: shop}}, time.Unix(0, 0)))
			uids[regexp.MustCompile(`\r\nUID:.*`).FindString(text)] = true
		}
	}
	assert.Len(t, uids, 6)
	assert.True(t, uids["\r\nUID:rakuten-licence-1@example.jp\r"])
}

// The language of a calendar of one wording stands at its texts.
func TestCalendarNamesItsLanguage(t *testing.T) {
	t.Parallel()
	status := []licensewatch.Status{{Shop: "1", ExpiresAt: time.Unix(1e9, 0)}}
	file := func(texts ...licensewatch.Texts) string {
		return string(licensewatch.Calendar{Texts: texts}.File(status, time.Unix(1e9, 0).AddDate(0, 0, -20)))
	}
	ja, en := file(licensewatch.TextsIn("ja-JP")), file(licensewatch.TextsIn(shotengai.English))
	assert.Contains(t, ja, "\r\nSUMMARY;LANGUAGE=ja:楽天ライセンスキー")
	assert.Equal(t, 1+4, strings.Count(ja, "\r\nDESCRIPTION;LANGUAGE=ja:"), "of the entry and of its reminders")
	assert.Contains(t, ja, "//JA\r\n")
	assert.Contains(t, en, "\r\nSUMMARY;LANGUAGE=en:Rakuten licence key of shop 1 ends\r\n")
	assert.NotContains(t, file(), "LANGUAGE=", "with both")
	mute := licensewatch.English()
	mute.Language = ""
	assert.NotContains(t, file(mute), "LANGUAGE=")
}

// A long line is folded at 75 octets, between characters, and reads as it was.
func TestCalendarFolds(t *testing.T) {
	t.Parallel()
	for _, shop := range []string{strings.Repeat("a", 300), strings.Repeat("楽", 100), "x" + strings.Repeat("🏪", 80), strings.Repeat(`\;,`, 90)} {
		text := string(licensewatch.Calendar{}.File([]licensewatch.Status{{Shop: shop}}, time.Unix(0, 0)))
		longest := 0
		for line := range strings.SplitSeq(text, "\r\n") {
			longest = max(longest, len(line))
			assert.True(t, utf8.ValidString(line), "%q", line)
		}
		assert.LessOrEqual(t, longest, 75)
		assert.Greater(t, longest, 71, "and no sooner")
		assert.Equal(t, "rakuten-licence-"+shop+"@shotengai-go", entries(t, time.Unix(0, 0), licensewatch.Status{Shop: shop})[0].text("UID"))
	}
}

func TestNotice(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 2, 12, 0, 0, 0, shotengai.JST)
	in := func(days int, verdict rakuten.Verdict) licensewatch.Status {
		return licensewatch.Status{Shop: "123456", ExpiresAt: time.Date(2026, 3, 2+days, 23, 59, 59, 0, shotengai.JST), Verdict: verdict}
	}
	none := func(verdict rakuten.Verdict) licensewatch.Status {
		return licensewatch.Status{Shop: "123456", Verdict: verdict}
	}
	const issue, enable, nothing = "新しいライセンスキーを発行", "機能の利用を許可", "お願いすることはありません"
	tests := []struct {
		status                licensewatch.Status
		ja, en                string // in the subject
		bodyJa, askJa, bodyEn string
	}{
		{in(14, ""), "あと14日", "ends in 14 days", "2026年3月16日（月）23時59分59秒", issue, "Monday, 16 March 2026 at 23:59:59"},
		{in(1, rakuten.VerdictWorks), "あと1日", "ends in 1 day", "それまでに", issue, "before then"},
		{in(0, rakuten.VerdictWorks), "本日です", "ends today", "連携が止まります", issue, "Orders and stock stop after the end"},
		{in(-3, ""), "切れました", "has expired", "止まっています", issue, "have stopped"},
		{in(-3, rakuten.VerdictExpired), "切れました", "has expired", "いますぐ", issue, "now"},
		{none(""), "確認できません", "not known", "残り14日", issue, "less than 14 days"},
		{in(40, rakuten.VerdictUnknown), "確認できません", "not known", "引き続き確認", issue, "We go on asking"},
		{in(40, rakuten.VerdictUnknown), "確認できません", "not known", "控えでは2026年4月11日（土）", issue, "By our records it ends on Saturday, 11 April 2026."},
		{in(79, rakuten.VerdictExpiryNotEnabled), "確認できる設定", "let us see", "控えでは2026年5月20日（水）", enable, "By our records it ends on Wednesday, 20 May 2026."},
		{in(40, rakuten.VerdictWrongPair), "拒否されています", "is refused", "最近新しいキーを発行", issue, "issued a new key lately"},
		{none(rakuten.VerdictRefused), "拒否されています", "is refused", "止まっているおそれ", issue, "may have stopped"},
		{none(rakuten.VerdictExpiryNotEnabled), "確認できる設定", "let us see", "キーは変わりません", enable, "stays the same"},
		{none(rakuten.VerdictExpiryNotEnabled), "確認できる設定", "let us see", "正しくお知らせできません", enable, "cannot warn you in time"},
		{none(rakuten.VerdictFunctionNotEnabled), "機能の利用を許可", "allow the functions", "キーは変わりません", enable, "stays the same"},
		{none(rakuten.VerdictSettling), "有効になるのを待って", "waiting", "30分ほど", nothing, "need not do anything"},
	}
	for _, test := range tests {
		ja, en := licensewatch.NewNotice(test.status, now, licensewatch.Japanese()), licensewatch.NewNotice(test.status, now, licensewatch.English())
		assert.Contains(t, ja.Subject, test.ja)
		assert.Contains(t, en.Subject, test.en)
		assert.Contains(t, ja.Body, test.bodyJa)
		assert.Contains(t, ja.Body, test.askJa)
		assert.Contains(t, en.Body, test.bodyEn)
		for _, notice := range []licensewatch.Notice{ja, en} {
			assert.Contains(t, notice.Subject, "123456")
			assert.Contains(t, notice.Body, "123456")
			assert.NotContains(t, notice.Subject, "\n")
			assert.NotContains(t, notice.Subject+notice.Body, "{", "every name is filled in")
		}
		both := licensewatch.NewNotice(test.status, now)
		assert.Equal(t, ja.Subject+" / "+en.Subject, both.Subject)
		assert.Equal(t, ja.Body+"\n\n"+en.Body, both.Body)
	}
}

// What a shop calls itself is no name to be filled in.
func TestTextsLeaveTheShopAlone(t *testing.T) {
	t.Parallel()
	texts := licensewatch.English()
	texts.Screen = "on page 7 of {shop}"
	status := licensewatch.Status{Shop: "{day}{issue}", ExpiresAt: time.Date(2026, 3, 16, 23, 59, 59, 0, shotengai.JST)}
	notice := licensewatch.NewNotice(status, status.ExpiresAt.AddDate(0, 0, -2), texts)
	assert.Equal(t, "Rakuten licence key of shop {day}{issue} ends in 2 days", notice.Subject)
	assert.Contains(t, notice.Body, "How: issue a new licence key on page 7 of {day}{issue}, and hand it")
	assert.NotContains(t, notice.Body, "システム開発企業")
	entry := entries(t, time.Date(2026, 3, 2, 12, 0, 0, 0, shotengai.JST), status)[0]
	assert.Contains(t, entry.text("DESCRIPTION"), "システム開発企業からのAPIアクセス許可設定", "the way of today unless another is given")
	assert.NotContains(t, entry.text("DESCRIPTION"), "開発業者")
	assert.Contains(t, string(licensewatch.Calendar{Texts: []licensewatch.Texts{texts}}.File([]licensewatch.Status{status}, time.Time{})), "on page 7")
}

func TestEventsTellTheirStatus(t *testing.T) {
	t.Parallel()
	end := time.Date(2026, 3, 16, 23, 59, 59, 0, shotengai.JST)
	for _, test := range []struct {
		event licensewatch.Event
		want  rakuten.Verdict
	}{
		{licensewatch.Event{Kind: licensewatch.Ends}, ""},
		{licensewatch.Event{Kind: licensewatch.Expired}, ""},
		{licensewatch.Event{Kind: licensewatch.Unknown}, rakuten.VerdictUnknown},
		{licensewatch.Event{Kind: licensewatch.Unknown, Diagnosis: &rakuten.Diagnosis{Verdict: rakuten.VerdictRefused}}, rakuten.VerdictRefused},
	} {
		test.event.Shop, test.event.ExpiresAt = "1", end
		assert.Equal(t, licensewatch.Status{Shop: "1", ExpiresAt: end, Verdict: test.want}, test.event.Status())
	}
}
