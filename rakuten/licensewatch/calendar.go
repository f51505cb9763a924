package licensewatch

import (
	"cmp"
	"fmt"
	"net/mail"
	"net/url"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/rakuten"
)

// Calendar is how the licence keys of shops are written into a calendar file. The zero Calendar
// is ready to use.
type Calendar struct {
	// Vendor is the domain of who looks after the keys, such as "example.jp". It is a part of
	// the identity of each entry, so that a shop can read the calendars of two vendors. Never
	// change it: the calendars that read the file would have each entry twice.
	Vendor string
	// Organizer, if its Address is set, has the contacts of each status as attendees of the
	// entry. Without one, an entry has none.
	Organizer mail.Address
	// Texts is the wording, Japanese and English when there is none. In a calendar of one
	// wording, its Language is that of titles and descriptions.
	Texts []Texts
}

// File renders a calendar file (.ics, RFC 5545) with an all-day entry for the last day of each
// shop's licence key, and reminders at 9 o'clock 14, 3 and 1 days before and on that day. A key
// that is refused, and one of which the end is not known, is an entry of the day of now; a
// refused one has a reminder at 9 o'clock or, later on the day, at the next full hour.
// Calendars that subscribe to the file are asked to read it daily. There is one entry for a
// shop: a calendar that reads the file of a later time moves it, for a renewed key too. Its
// texts are those of NewNotice.
func (c Calendar) File(statuses []Status, now time.Time) []byte {
	f := file{Calendar: c, texts: wordings(c.Texts), language: shotengai.English}
	if len(f.texts) == 1 {
		f.language = f.texts[0].Language
	}
	f.line("BEGIN:VCALENDAR")
	f.line("VERSION:2.0")
	f.line("PRODID:-//shotengai-go//rakuten//" + f.language.Pick("JA", "EN"))
	f.line("CALSCALE:GREGORIAN")
	f.text("X-WR-CALNAME", f.each(func(t Texts) string { return t.Calendar }))
	f.line("REFRESH-INTERVAL;VALUE=DURATION:P1D")
	f.line("X-PUBLISHED-TTL:P1D")
	for _, status := range statuses {
		f.entry(status, now)
	}
	f.line("END:VCALENDAR")
	return []byte(f.b.String())
}

// remindAt is the hour of a reminder: 9 o'clock wherever the calendar is read.
const remindAt = 9 * time.Hour

// file is a calendar file that is being written.
type file struct {
	Calendar
	b        strings.Builder
	texts    []Texts
	language shotengai.Language // of all texts; English if there are several
}

// stamp is how a calendar writes an instant.
const stamp = "20060102T150405Z"

// entry writes the entry of one shop. Its texts hold on its day, whenever it was written.
func (f *file) entry(status Status, now time.Time) {
	day := shotengai.DateOf(status.ExpiresAt)
	about := status.topic(now)
	notice := NewNotice(status, now, f.texts...)
	if _, known := status.DaysLeft(now); !known || about == topicRefused || about == topicSettling {
		day = shotengai.DateOf(now)
	} else if about != topicExpired {
		status.Verdict, about = "", topicEnds
		notice.Subject = f.each(func(t Texts) string { return t.fill(t.Entry, status, "") })
		notice.Body = NewNotice(status, now, f.texts...).Body
	}
	f.line("BEGIN:VEVENT")
	f.text("UID", "rakuten-licence-"+status.Shop+"@"+cmp.Or(f.Vendor, "shotengai-go"))
	f.line("DTSTAMP:" + now.UTC().Format(stamp))
	f.line("LAST-MODIFIED:" + now.UTC().Format(stamp))
	f.line(fmt.Sprintf("SEQUENCE:%d", now.Unix()/60)) // a later file counts
	f.line(fmt.Sprintf("DTSTART;VALUE=DATE:%s", rakuten.CompactDate(day)))
	f.line(fmt.Sprintf("DTEND;VALUE=DATE:%s", rakuten.CompactDate(day.AddDays(1))))
	f.text(f.tagged("SUMMARY"), notice.Subject)
	f.text(f.tagged("DESCRIPTION"), notice.Body)
	f.line("TRANSP:TRANSPARENT")
	f.people(status.Contacts)
	if about == topicRefused {
		f.reminder(max(remindAt, time.Duration(now.In(shotengai.JST).Hour()+1)*time.Hour), notice.Subject)
	}
	for _, days := range []int{14, 3, 1, 0} {
		at := day.AddDays(-days).In(shotengai.JST).Add(remindAt)
		if about == topicEnds && at.After(now) {
			f.reminder(remindAt-time.Duration(days)*24*time.Hour, NewNotice(status, at, f.texts...).Subject)
		}
	}
	f.line("END:VEVENT")
}

// tagged is the name of a property with the language of its text, where that has one.
func (f *file) tagged(property string) string {
	if len(f.texts) > 1 || f.texts[0].Language == "" {
		return property
	}
	return property + ";LANGUAGE=" + f.language.Pick(string(shotengai.Japanese), string(shotengai.English))
}

// each is a text in all wordings.
func (f *file) each(text func(Texts) string) string {
	all := make([]string, len(f.texts))
	for i, t := range f.texts {
		all[i] = text(t)
	}
	return strings.Join(all, " / ")
}

// people writes who is concerned.
func (f *file) people(contacts []mail.Address) {
	if f.Organizer.Address == "" {
		return
	}
	f.person("ORGANIZER", f.Organizer)
	for _, contact := range contacts {
		f.person("ATTENDEE;ROLE=REQ-PARTICIPANT;RSVP=FALSE", contact)
	}
}

func (f *file) person(as string, who mail.Address) {
	name := parameter(cmp.Or(who.Name, who.Address))
	f.line(fmt.Sprintf(`%s;CN="%s":mailto:%s`, as, name, url.PathEscape(who.Address)))
}

// parameter is text as the value of a parameter in quotes, which nothing can escape.
func parameter(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.IsControl(r):
			return -1
		case r == '"':
			return '\''
		}
		return r
	}, strings.ToValidUTF8(text, "\uFFFD"))
}

// reminder writes a reminder some time after the start of the day, or before it.
func (f *file) reminder(after time.Duration, text string) {
	sign := ""
	if after < 0 {
		sign, after = "-", -after
	}
	days, hours := after/(24*time.Hour), after%(24*time.Hour)/time.Hour
	f.line("BEGIN:VALARM")
	f.line("ACTION:DISPLAY")
	f.text(f.tagged("DESCRIPTION"), text)
	f.line(fmt.Sprintf("TRIGGER:%sP%dDT%dH", sign, days, hours))
	f.line("END:VALARM")
}

var textEscapes = strings.NewReplacer(`\`, `\\`, ";", `\;`, ",", `\,`, "\r\n", `\n`, "\n", `\n`)

// text writes a property whose value is text. Control characters, which no calendar may
// have, are left out.
func (f *file) text(name, value string) {
	value = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && r != '\t' {
			return -1
		}
		return r
	}, textEscapes.Replace(strings.ToValidUTF8(value, "\uFFFD")))
	f.line(name + ":" + value)
}

// maxLine is the octets of a calendar's line without its end.
const maxLine = 75

// line writes a line, folded after 75 octets and never inside a character.
func (f *file) line(line string) {
	limit := maxLine
	for len(line) > limit {
		cut := limit
		for !utf8.RuneStart(line[cut]) {
			cut--
		}
		f.b.WriteString(line[:cut] + "\r\n ")
		line, limit = line[cut:], maxLine-1
	}
	f.b.WriteString(line + "\r\n")
}
