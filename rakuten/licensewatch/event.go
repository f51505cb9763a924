package licensewatch

import (
	"net/mail"
	"strconv"
	"time"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/rakuten"
)

// EventKind is why an event was raised.
type EventKind string

// Values of EventKind.
const (
	Ends    EventKind = "ends"    // the key ends in DaysLeft days
	Expired EventKind = "expired" // the key has ended
	Unknown EventKind = "unknown" // when the key ends cannot be found out, or it is refused: an alarm
)

// Event is something that a person has to know of a licence key.
type Event struct {
	Shop      string
	Kind      EventKind
	Threshold int                // for Ends: the one of 30, 14, 7, 3, 1 and 0 days that was reached
	DaysLeft  int                // days of the calendar in Japan, 0 on the last one, negative after it; 0 when ExpiresAt is zero
	ExpiresAt time.Time          // zero when not known
	Diagnosis *rakuten.Diagnosis // for Unknown after a refusal
	Err       error              // for Unknown: what the check failed with
	Contacts  []mail.Address     // who has to know, see Config.Contacts
}

// Status is what the event knows of the key, for a Notice or a Calendar.
func (e Event) Status() Status {
	return Status{Shop: e.Shop, ExpiresAt: e.ExpiresAt, Verdict: e.verdict(), Contacts: e.Contacts}
}

// verdict is the cause of an alarm.
func (e Event) verdict() rakuten.Verdict {
	switch {
	case e.Kind != Unknown:
		return ""
	case e.Diagnosis == nil:
		return rakuten.VerdictUnknown
	}
	return e.Diagnosis.Verdict
}

// name is how an event is written down as raised.
func (e Event) name() string {
	switch e.Kind {
	case Unknown:
		return string(e.verdict())
	case Expired:
		return strconv.Itoa(ended)
	}
	return strconv.Itoa(e.Threshold)
}

// Status is what is known of a shop's key.
type Status struct {
	Shop      string
	ExpiresAt time.Time       // zero when not known
	CheckedAt time.Time       // when the platform last returned the date; zero for never
	Verdict   rakuten.Verdict // what the last check found; "" before the first one
	Contacts  []mail.Address  // the people who look after the key, several if possible
}

// DaysLeft is the days of the calendar in Japan up to the last day of the key: 0 on that
// day, negative after it. It reports false when the end is not known.
func (s Status) DaysLeft(now time.Time) (days int, known bool) {
	if s.ExpiresAt.IsZero() {
		return 0, false
	}
	last, today := shotengai.DateOf(s.ExpiresAt).In(time.UTC), shotengai.DateOf(now).In(time.UTC)
	days = int(last.Sub(today) / (24 * time.Hour))
	if days == 0 && (rakuten.License{ExpiresAt: s.ExpiresAt}).Expired(now) {
		return -1, true
	}
	return days, true
}

// levels are the days left at which an event is raised, and the end.
var levels = [...]int{30, 14, 7, 3, 1, 0, ended}

// ended is the level of a key that is over.
const ended = -1

// levelOf is the nearest level that was reached. It reports false above all of them.
func levelOf(days int) (level int, reached bool) {
	for _, l := range levels {
		if days <= l {
			level, reached = l, true
		}
	}
	return level, reached
}

// nextLevel is when the next level is reached: a midnight in Japan.
func (s Status) nextLevel(now time.Time) (at time.Time, known bool) {
	days, known := s.DaysLeft(now)
	for _, level := range levels {
		if known && level < days {
			return shotengai.DateOf(s.ExpiresAt).AddDays(-level).In(shotengai.JST), true
		}
	}
	return time.Time{}, false
}
