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
	VerdictFunctionNotEnabled Verdict = "function not enabled" // the key is in force, but the shop has not enabled the function that was tried
	VerdictExpired            Verdict = "expired"              // refused, and the key's date is past
	VerdictSettling           Verdict = "settling"             // refused, but issued minutes ago: wait
	VerdictWrongPair          Verdict = "wrong pair"           // refused before its date: the pair does not fit, or a new key has replaced it
	VerdictRefused            Verdict = "refused"              // refused, and no date is known: a wrong pair, an expired key, or neither function enabled
	VerdictUnknown            Verdict = "unknown"              // the platform could not be asked
)

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
// failed with is in it.
func (c *Client) Diagnose(ctx context.Context, opts ...CallOption) Diagnosis {
	license, err := c.auth.licenses.License(ctx)
	if err != nil {
		return Diagnosis{Verdict: VerdictUnknown, Who: ProviderActs, Expiry: err, Probe: err}
	}
	return c.diagnose(ctx, license, opts...)
}

func (c *Client) diagnose(ctx context.Context, license License, opts ...CallOption) Diagnosis {
	d := Diagnosis{ExpiresAt: license.Expiry()}
	var at time.Time
	if at, d.Expiry = c.Licenses.expiryOf(ctx, license, opts...); d.Expiry == nil {
		d.ExpiresAt = at
	}
	probe := api.Request{Method: http.MethodGet, Path: "/es/2.0/navigation/version", Auth: c.pinned(license)}
	d.Probe = c.do(ctx, probe, nil, opts...)
	d.Verdict, d.Who = c.verdict(license, d)
	return d
}

// pinned authorises with one licence, so that both calls speak of the same key.
func (c *Client) pinned(license License) *esa {
	return &esa{licenses: StaticLicense(license), now: c.engine.Now}
}

func (c *Client) verdict(license License, d Diagnosis) (Verdict, Actor) {
	now := c.engine.Now()
	switch {
	case d.Expiry == nil && d.Probe == nil:
		return VerdictWorks, NobodyActs
	case d.Expiry == nil && refused(d.Probe):
		return VerdictFunctionNotEnabled, ShopActs
	case d.Expiry == nil:
		return VerdictWorks, NobodyActs
	case d.Probe == nil && refused(d.Expiry), errors.Is(d.Expiry, ErrNotEnabled):
		return VerdictExpiryNotEnabled, ShopActs
	case errors.Is(d.Probe, ErrNotEnabled):
		return VerdictFunctionNotEnabled, ShopActs
	case !refused(d.Expiry) || !refused(d.Probe):
		return VerdictUnknown, NobodyActs
	case !d.ExpiresAt.IsZero() && now.After(d.ExpiresAt):
		return VerdictExpired, ShopActs
	case license.settling(now):
		return VerdictSettling, NobodyActs
	case !d.ExpiresAt.IsZero():
		return VerdictWrongPair, ProviderActs
	}
	return VerdictRefused, ProviderActs
}

// refused tells a refusal of the licence from a call that failed otherwise.
func refused(err error) bool {
	return errors.Is(err, ErrUnauthorized) || errors.Is(err, ErrForbidden) || errors.Is(err, ErrReauthorize)
}
