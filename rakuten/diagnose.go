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
	What      string    // what they have to do
	ExpiresAt time.Time // as the platform says, else as the licence does; zero when not known
	Expiry    error     // what the expiry endpoint failed with, nil if it answered
	Probe     error     // what the second call failed with, nil if it succeeded
}

// Diagnose tells a wrong pair, an expired key and a key that works apart, which says nothing
// of the functions that it does not try: for a call that was refused there is DiagnoseError.
// It asks for the key's expiry date and then for the version of the navigation. The result
// is an observation, never an error: what the calls failed with is in it. It can only tell
// an expired key that it knows the date of: give the License one of its times.
func (c *Client) Diagnose(ctx context.Context, opts ...CallOption) Diagnosis {
	_, d := c.diagnoseCurrent(ctx, opts...)
	return d
}

// DiagnoseError tells why a call was refused as unauthorised. It makes the two calls of
// Diagnose, never the failed one again: if they show that the key works, the shop has not
// enabled the function of the failed call, which is VerdictFunctionNotEnabled. VerdictWorks
// says that the cause is gone, as another key is in force by now, and that the call may be
// made again. DiagnoseError reports false, and asks nobody, for an error that is no matter of
// the licence.
func (c *Client) DiagnoseError(ctx context.Context, err error, opts ...CallOption) (d Diagnosis, ok bool) {
	call, ok := errors.AsType[*Error](err)
	if !ok || !call.concernsLicense() {
		return Diagnosis{}, false
	}
	license, d := c.diagnoseCurrent(ctx, opts...)
	if refused(call) && call.keyID == keyID(license) {
		d.Verdict = d.blame(call, license.settling(c.engine.Now()))
		d.Who, d.What = d.Verdict.Act()
		if d.Verdict == VerdictFunctionNotEnabled {
			d.What = "enable the function of " + call.Method + " " + call.Path + " in RMS" + familyOf(call.operation).needs
		}
	}
	if d.Verdict == VerdictWorks {
		d.What = "make the call again: the key works"
	}
	return d, true
}

// diagnoseCurrent diagnoses the licence that is in force.
func (c *Client) diagnoseCurrent(ctx context.Context, opts ...CallOption) (License, Diagnosis) {
	license, err := c.auth.licenses.License(ctx)
	if err == nil {
		err = license.validate()
	}
	if err != nil {
		return license, Diagnosis{
			Verdict: VerdictUnknown, Who: ProviderActs, What: "see to it that there is a licence for this shop, both halves of it",
			Expiry: err, Probe: err,
		}
	}
	at, err := c.Licenses.expiryOf(ctx, license, opts...)
	return license, c.diagnose(ctx, license, at, err, c.engine.Now(), opts...)
}

// diagnose makes the second call and judges both.
func (c *Client) diagnose(ctx context.Context, license License, at time.Time, expiry error, now time.Time, opts ...CallOption) Diagnosis {
	d := Diagnosis{ExpiresAt: license.Expiry(), Expiry: expiry}
	if expiry == nil {
		d.ExpiresAt = at
	}
	probe := api.Request{Method: http.MethodGet, Path: probePath, Auth: c.pinned(license)}
	d.Probe = c.do(ctx, probe, nil, opts...)
	d.Verdict = d.judge(license.settling(now), now)
	d.Who, d.What = d.Verdict.Act()
	return d
}

// The two calls of a diagnosis.
const (
	expiryPath = "/es/1.0/license-management/license-key/expiry-date"
	probePath  = "/es/2.0/navigation/version"
)

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

// blame draws the verdict on a refused call from the one on the key that it was made with.
func (d Diagnosis) blame(call *Error, settling bool) Verdict {
	gateway := errors.Is(call, ErrNotEnabled)
	switch d.Verdict {
	case VerdictWorks, VerdictExpiryNotEnabled:
		switch {
		case call.operation == expiryPath, call.operation == probePath: // tried once more by the diagnosis
			return d.Verdict
		case settling:
			return VerdictSettling
		}
		return VerdictFunctionNotEnabled
	case VerdictUnknown:
		if gateway {
			return VerdictFunctionNotEnabled
		}
	case VerdictWrongPair:
		if gateway {
			return VerdictRefused
		}
	}
	return d.Verdict
}

// concernsLicense tells whether a licence can be the cause. The expiry date of a key that has
// expired may be refused with 403; with that status, other calls have causes of their own.
func (e *Error) concernsLicense() bool {
	switch {
	case errors.Is(e, ErrReauthorize):
		return true
	case !refused(e):
		return false
	}
	return errors.Is(e, ErrUnauthorized) || errors.Is(e, ErrNotEnabled) || e.operation == expiryPath
}

// refused tells a refusal of the licence from a call that failed otherwise. A web page with
// the same status is a word of something on the way.
func refused(err error) bool {
	e, ok := errors.AsType[*Error](err)
	return ok && (errors.Is(e, ErrUnauthorized) || errors.Is(e, ErrForbidden)) && !api.LooksLikeHTML("", e.Body)
}
