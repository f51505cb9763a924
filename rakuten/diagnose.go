package rakuten

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/shotengai/shotengai-go/internal/api"
)

// Verdict is what Diagnose finds.
type Verdict string

// Values of Verdict.
const (
	VerdictWorks              Verdict = "works"                // the key is in force
	VerdictExpiryNotEnabled   Verdict = "expiry not enabled"   // the key works, but the shop has not enabled the expiry function
	VerdictFunctionNotEnabled Verdict = "function not enabled" // the shop has not enabled the function that was tried; the key is in force if the expiry endpoint answered
	VerdictExpired            Verdict = "expired"              // refused, and the key's date is past
	VerdictSettling           Verdict = "settling"             // refused, but issued minutes ago: wait
	VerdictWrongPair          Verdict = "wrong pair"           // refused before its date: the pair does not fit, or a new key has replaced it, unless neither function is enabled
	VerdictRefused            Verdict = "refused"              // refused, and nothing tells more: a wrong pair, an expired key, or functions that are not enabled
	VerdictUnknown            Verdict = "unknown"              // the platform could not be asked, or only half
)

// Act tells who has to act on a verdict, and what.
func (v Verdict) Act() (who Actor, what string) {
	switch v {
	case VerdictWorks:
		return NobodyActs, "nothing: the key works"
	case VerdictExpiryNotEnabled:
		return ShopActs, "enable the function that tells the end of a licence key in RMS"
	case VerdictFunctionNotEnabled:
		return ShopActs, "enable the missing functions in RMS"
	case VerdictExpired:
		return LicenseExpired.Act()
	case VerdictSettling:
		return NobodyActs, "wait: the key was issued a short time ago"
	case VerdictWrongPair:
		return ProviderActs, "find the pair that fits, or ask the shop for its newest key"
	case VerdictRefused:
		return ProviderActs, "check the pair, then ask the shop for its newest key and for the functions that it has enabled"
	}
	return NobodyActs, "ask again later"
}

// Diagnosis is why a licence works or does not.
type Diagnosis struct {
	Verdict   Verdict
	Who       Actor     // who has to act
	ExpiresAt time.Time // as the platform says, else as the licence does; zero when not known
	Expiry    error     // what the expiry endpoint failed with, nil if it answered
	Probe     error     // what the second call failed with, nil if it succeeded
}

// Diagnose tells a wrong pair, an expired key and a function that is not enabled apart,
// which all are answered with 401. It asks for the key's expiry date and then for the
// version of the navigation. The result is an observation, never an error: what the calls
// failed with is in it. It can only tell an expired key that it knows the date of: give
// the License one of its times.
func (c *Client) Diagnose(ctx context.Context, opts ...CallOption) Diagnosis {
	license, err := c.auth.licenses.License(ctx)
	if err == nil {
		err = license.validate()
	}
	if err != nil {
		return Diagnosis{Verdict: VerdictUnknown, Who: ProviderActs, Expiry: err, Probe: err}
	}
	at, err := c.Licenses.expiryOf(ctx, license, opts...)
	return c.diagnose(ctx, license, at, err, c.engine.Now(), opts...)
}

// diagnose makes the second call and judges both.
func (c *Client) diagnose(ctx context.Context, license License, at time.Time, expiry error, now time.Time, opts ...CallOption) Diagnosis {
	d := Diagnosis{ExpiresAt: license.Expiry(), Expiry: expiry}
	if expiry == nil {
		d.ExpiresAt = at
	}
	probe := api.Request{Method: http.MethodGet, Path: "/es/2.0/navigation/version", Auth: c.pinned(license)}
	d.Probe = c.do(ctx, probe, nil, opts...)
	d.Verdict = d.judge(license.settling(now), now)
	d.Who, _ = d.Verdict.Act()
	return d
}

// pinned authorises with one licence, so that both calls speak of the same key.
func (c *Client) pinned(license License) *esa {
	return &esa{licenses: StaticLicense(license), now: c.engine.Now}
}

// judge draws the verdict from what both calls failed with.
func (d Diagnosis) judge(settling bool, now time.Time) Verdict {
	expiryRefused, probeRefused := refused(d.Expiry), refused(d.Probe)
	expiryOff, probeOff := errors.Is(d.Expiry, ErrNotEnabled), errors.Is(d.Probe, ErrNotEnabled)
	switch {
	case d.Expiry == nil && !probeRefused, d.Probe == nil && !expiryRefused:
		return VerdictWorks
	case !expiryRefused && !probeRefused:
		return VerdictUnknown
	case d.Probe != nil && over(d.ExpiresAt, now):
		return VerdictExpired
	case d.Expiry != nil && !expiryRefused, d.Probe != nil && !probeRefused:
		return VerdictUnknown
	case settling:
		return VerdictSettling
	case d.Probe == nil:
		return VerdictExpiryNotEnabled
	case d.Expiry == nil, expiryOff && probeOff:
		return VerdictFunctionNotEnabled
	case expiryOff, probeOff, d.ExpiresAt.IsZero():
		return VerdictRefused
	}
	return VerdictWrongPair
}

// refused tells a refusal of the licence from a call that failed otherwise. A web page with
// the same status is a word of something on the way.
func refused(err error) bool {
	e, ok := errors.AsType[*Error](err)
	return ok && (errors.Is(e, ErrUnauthorized) || errors.Is(e, ErrForbidden)) && !api.LooksLikeHTML("", e.Body)
}
