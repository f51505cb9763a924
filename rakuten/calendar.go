package rakuten

import (
	"fmt"
	"strings"
	"time"
	"unicode/utf8"
)

// Calendar renders a calendar file (.ics) with a day for the end of each shop's licence
// key, and reminders 14, 3 and 1 days before. Shops of which the end is not known are on
// the day of now, as an alarm. An entry keeps its identity from one rendering to the next,
// so that a calendar that reads the file again moves it.
func Calendar(now time.Time, statuses ...LicenseStatus) []byte {
	var b strings.Builder
	line := func(format string, args ...any) { fold(&b, fmt.Sprintf(format, args...)) }
	line("BEGIN:VCALENDAR")
	line("VERSION:2.0")
	line("PRODID:-//shotengai-go//rakuten//EN")
	line("CALSCALE:GREGORIAN")
	line("METHOD:PUBLISH")
	for _, status := range statuses {
		day, notice := DateOf(status.ExpiresAt), NewNotice(Bilingual, status, now)
		if day.IsZero() {
			day = DateOf(now)
		}
		line("BEGIN:VEVENT")
		line("UID:rakuten-licence-%s@shotengai-go", escapeText(status.Shop))
		line("DTSTAMP:%s", now.UTC().Format("20060102T150405Z"))
		line("DTSTART;VALUE=DATE:%s", CompactDate(day))
		line("DTEND;VALUE=DATE:%s", CompactDate(day.AddDays(1)))
		line("SUMMARY:%s", escapeText(notice.Subject))
		line("DESCRIPTION:%s", escapeText(notice.Body))
		line("TRANSP:TRANSPARENT")
		for _, days := range []int{14, 3, 1} {
			line("BEGIN:VALARM")
			line("ACTION:DISPLAY")
			line("DESCRIPTION:%s", escapeText(notice.Subject))
			line("TRIGGER:-P%dD", days)
			line("END:VALARM")
		}
		line("END:VEVENT")
	}
	line("END:VCALENDAR")
	return []byte(b.String())
}

var textEscapes = strings.NewReplacer(`\`, `\\`, ";", `\;`, ",", `\,`, "\r\n", `\n`, "\n", `\n`, "\r", "")

// escapeText makes text a value of a calendar's property.
func escapeText(text string) string { return textEscapes.Replace(text) }

// maxLine is the octets of a calendar's line without its end.
const maxLine = 75

// fold writes a line, broken after 75 octets and never inside a character.
func fold(b *strings.Builder, line string) {
	limit := maxLine
	for len(line) > limit {
		cut := limit
		for cut > 1 && !utf8.RuneStart(line[cut]) {
			cut--
		}
		b.WriteString(line[:cut] + "\r\n ")
		line, limit = line[cut:], maxLine-1
	}
	b.WriteString(line + "\r\n")
}
