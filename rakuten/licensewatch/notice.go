package licensewatch

import (
	"net/mail"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/rakuten"
)

// Notice is a message from a provider to a shop about its licence key: what is, who has to
// do what by when, and what happens otherwise. It holds no secret.
type Notice struct {
	To      []mail.Address // the contacts of the status, who are to receive it
	Subject string
	Body    string
}

// NewNotice writes what a shop has to know and do about its licence key, in each wording
// after the other: in Japanese and English when there is none. It goes by the date, but for
// a status whose verdict is that the key is refused, that a function is not enabled or that
// the platform could not be asked. Only the subject counts the days, so a message that is
// read later still holds. It goes to all contacts of the status, and names them, so that each
// of them knows who else looks after the key.
func NewNotice(status Status, now time.Time, texts ...Texts) Notice {
	var subjects, bodies []string
	for _, t := range wordings(texts) {
		text := t.notice(status, now)
		subjects, bodies = append(subjects, text.Subject), append(bodies, text.Body)
	}
	return Notice{To: slices.Clone(status.Contacts), Subject: strings.Join(subjects, " / "), Body: strings.Join(bodies, "\n\n")}
}

// wordings are the given ones, or all that there are.
func wordings(texts []Texts) []Texts {
	if len(texts) == 0 {
		return []Texts{Japanese(), English()}
	}
	return texts
}

func (t Texts) notice(status Status, now time.Time) Wording {
	days, _ := status.DaysLeft(now)
	text := t.about(status.topic(now), status, days)
	if len(status.Contacts) > 0 && t.Contacts != "" {
		text.Body += "\n" + t.Contacts
	}
	left := strconv.Itoa(days)
	return Wording{t.fill(text.Subject, status, left), t.fill(text.Body, status, left)}
}

// about is the wording of a topic, before anything is filled in.
func (t Texts) about(what topic, status Status, days int) Wording {
	switch what {
	case topicExpired:
		return t.Expired
	case topicRefused:
		return t.Refused
	case topicExpiryNotEnabled:
		if status.ExpiresAt.IsZero() {
			return t.ExpiryNeverKnown
		}
		return t.ExpiryNotEnabled
	case topicFunctionNotEnabled:
		return t.FunctionNotEnabled
	case topicSettling:
		return t.Settling
	case topicUnknown:
		return t.Unknown
	}
	text := t.Ends
	switch {
	case days < 1:
		text.Subject = t.EndsToday
	case days == 1:
		text.Subject = t.EndsTomorrow
	}
	return text
}

func inJapan(t time.Time) time.Time { return t.In(shotengai.JST) }

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

func (s Status) topic(now time.Time) topic {
	days, known := s.DaysLeft(now)
	switch {
	case s.Verdict == rakuten.VerdictWrongPair, s.Verdict == rakuten.VerdictRefused:
		return topicRefused
	case s.Verdict == rakuten.VerdictExpired, known && days < 0 && s.Verdict != rakuten.VerdictWorks:
		return topicExpired
	case s.Verdict == rakuten.VerdictExpiryNotEnabled:
		return topicExpiryNotEnabled
	case s.Verdict == rakuten.VerdictFunctionNotEnabled:
		return topicFunctionNotEnabled
	case s.Verdict == rakuten.VerdictSettling:
		return topicSettling
	case s.Verdict == rakuten.VerdictUnknown, !known:
		return topicUnknown
	}
	return topicEnds
}
