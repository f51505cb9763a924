package colorme

import (
	"time"

	"github.com/shotengai/shotengai-go"
)

// Time is an instant in an answer, which the platform writes in unix seconds. A zero Time
// stands for null and is encoded as null.
type Time = shotengai.Timestamp[shotengai.UnixSeconds]

// DateTime is an instant in a filter, sent as YYYY-MM-DD hh:mm:ss in Japan time; [At] makes
// one. A zero DateTime is not sent. Provisional.
type DateTime = shotengai.Timestamp[shotengai.SpacedTime]

// At returns the DateTime of an instant, in whole seconds.
func At(t time.Time) DateTime { return DateTime{Time: t} }

// IDs is a list of ids in a query, sent with commas between. A nil list selects by nothing,
// that is everything, and an empty one that is not nil is refused: do not call when there is
// nothing to ask for.
type IDs = shotengai.CommaList[int64]

// Fields lists the members that an answer shall have; what is not listed stays zero.
type Fields = shotengai.CommaList[string]

// Sex is the sex of a customer. Open set.
type Sex string

// Values of Sex.
const (
	SexMale          Sex = "male"
	SexFemale        Sex = "female"
	SexNotApplicable Sex = "not_applicable"
)
