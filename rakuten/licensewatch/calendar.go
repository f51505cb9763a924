package licensewatch

import (
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

// Calendar renders a calendar file (.ics, RFC 5545) with an all-day entry for the last day
// of each shop's licence key, and reminders at 9 o'clock 14, 3 and 1 days before and on
// that day. A key that is refused, and one of which the end is not known, is an entry of
// the day of now; a refused one has a reminder at 9 o'clock or, later on the day, at the
// next full hour. Calendars that subscribe to the file are asked to read it daily. The entry of a shop keeps its identity: a calendar that reads the file of
// a later time moves it, for a renewed key too. Its texts are those of NewNotice. All
// contacts of a status are attendees of its entry, and the first of them, as attendees need
// one, its organizer.
func Calendar(statuses []Status, now time.Time, texts ...Texts) []byte {
	c := calendar{texts: wordings(texts)}
	c.line("BEGIN:VCALENDAR")
	c.line("VERSION:2.0")
	c.line("PRODID:-//shotengai-go//rakuten//EN")
	c.line("CALSCALE:GREGORIAN")
	c.text("X-WR-CALNAME", c.each(func(t Texts) string { return t.Calendar }))
	c.line("REFRESH-INTERVAL;VALUE=DURATION:P1D")
	for _, status := range statuses {
		c.entry(status, now)
	}
	c.line("END:VCALENDAR")
	return []byte(c.b.String())
}

// remindAt is the hour of a reminder: 9 o'clock wherever the calendar is read.
const remindAt = 9 * time.Hour

type calendar struct {
	b     strings.Builder
	texts []Texts
}

// entry writes the entry of one shop. Its texts hold on its day, whenever it was written.
func (c *calendar) entry(status Status, now time.Time) {
	day := shotengai.DateOf(status.ExpiresAt)
	about := status.topic(now)
	notice := NewNotice(status, now, c.texts...)
	if _, known := status.DaysLeft(now); !known || about == topicRefused || about == topicSettling {
		day = shotengai.DateOf(now)
	} else if about != topicExpired {
		status.Verdict, about = "", topicEnds
		notice.Subject = c.each(func(t Texts) string { return t.fill(t.Entry, status, "") })
		notice.Body = NewNotice(status, now, c.texts...).Body
	}
	c.line("BEGIN:VEVENT")
	c.text("UID", "rakuten-licence-"+status.Shop+"@shotengai-go")
	c.line("DTSTAMP:" + now.UTC().Format("20060102T150405Z"))
	c.line(fmt.Sprintf("SEQUENCE:%d", now.Unix()/60)) // a later file counts
	c.line(fmt.Sprintf("DTSTART;VALUE=DATE:%s", rakuten.CompactDate(day)))
	c.line(fmt.Sprintf("DTEND;VALUE=DATE:%s", rakuten.CompactDate(day.AddDays(1))))
	c.text("SUMMARY", notice.Subject)
	c.text("DESCRIPTION", notice.Body)
	c.line("TRANSP:TRANSPARENT")
	c.people(status.Contacts)
	if about == topicRefused {
		c.reminder(max(remindAt, time.Duration(now.In(shotengai.JST).Hour()+1)*time.Hour), notice.Subject)
	}
	for _, days := range []int{14, 3, 1, 0} {
		at := day.AddDays(-days).In(shotengai.JST).Add(remindAt)
		if about == topicEnds && at.After(now) {
			c.reminder(remindAt-time.Duration(days)*24*time.Hour, NewNotice(status, at, c.texts...).Subject)
		}
	}
	c.line("END:VEVENT")
}

// each is a text in all wordings.
func (c *calendar) each(text func(Texts) string) string {
	all := make([]string, len(c.texts))
	for i, t := range c.texts {
		all[i] = text(t)
	}
	return strings.Join(all, " / ")
}

// people writes who is concerned.
func (c *calendar) people(contacts []mail.Address) {
	for i, contact := range contacts {
		who := fmt.Sprintf(`CN="%s":mailto:%s`, parameter(names([]mail.Address{contact})[0]), url.PathEscape(contact.Address))
		if i == 0 {
			c.line("ORGANIZER;" + who)
		}
		c.line("ATTENDEE;ROLE=REQ-PARTICIPANT;RSVP=FALSE;" + who)
	}
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
func (c *calendar) reminder(after time.Duration, text string) {
	sign := ""
	if after < 0 {
		sign, after = "-", -after
	}
	days, hours := after/(24*time.Hour), after%(24*time.Hour)/time.Hour
	c.line("BEGIN:VALARM")
	c.line("ACTION:DISPLAY")
	c.text("DESCRIPTION", text)
	c.line(fmt.Sprintf("TRIGGER:%sP%dDT%dH", sign, days, hours))
	c.line("END:VALARM")
}

var textEscapes = strings.NewReplacer(`\`, `\\`, ";", `\;`, ",", `\,`, "\r\n", `\n`, "\n", `\n`)

// text writes a property whose value is text. Control characters, which no calendar may
// have, are left out.
func (c *calendar) text(name, value string) {
	value = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && r != '\t' {
			return -1
		}
		return r
	}, textEscapes.Replace(strings.ToValidUTF8(value, "\uFFFD")))
	c.line(name + ":" + value)
}

// maxLine is the octets of a calendar's line without its end.
const maxLine = 75

// line writes a line, folded after 75 octets and never inside a character.
func (c *calendar) line(line string) {
	limit := maxLine
	for len(line) > limit {
		cut := limit
		for !utf8.RuneStart(line[cut]) {
			cut--
		}
		c.b.WriteString(line[:cut] + "\r\n ")
		line, limit = line[cut:], maxLine-1
	}
	c.b.WriteString(line + "\r\n")
}
