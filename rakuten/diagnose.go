package rakuten

import (
	"context"
	"errors"
	"time"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/internal/api"
	"github.com/shotengai/shotengai-go/internal/text"
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
	VerdictRefused            Verdict = "refused"              // refused, and no more is known: a wrong pair, an expired key, or functions that are not enabled
	VerdictUnknown            Verdict = "unknown"              // the platform could not be asked, or only half
)

// Explain returns what a verdict means, in a sentence without a full stop.
func (v Verdict) Explain(in shotengai.Language) string {
	switch v {
	case VerdictWorks:
		return in.Pick("キーは有効です", "the key works")
	case VerdictExpiryNotEnabled:
		return in.Pick("キーは有効ですが、有効期限を取得する機能の利用が許可されていません", "the key works, but the function that returns its end is not enabled")
	case VerdictFunctionNotEnabled:
		return in.Pick("利用が許可されていない機能です", "the function is not enabled")
	case VerdictExpired:
		return in.Pick("キーの有効期限が切れています", "the key has expired")
	case VerdictSettling:
		return in.Pick("発行されたばかりのキーで、まだ有効になっていません", "the key was issued a short time ago and is not in force yet")
	case VerdictWrongPair:
		return in.Pick("有効期限前のキーが拒否されました。サービスシークレットとの組み合わせの誤りか、新しいキーの発行による失効が考えられます",
			"the key is refused before its end: the pair does not fit, or a newer key has replaced it")
	case VerdictRefused:
		return in.Pick("キーが拒否されました。原因は特定できません", "the key is refused, and the cause is not known")
	}
	return in.Pick("楽天に確認できませんでした", "the platform could not be asked")
}

// Act returns who has to act on a verdict, and what they have to do.
func (v Verdict) Act(in shotengai.Language) (who Actor, what string) { return v.advice().in(in) }

func (v Verdict) advice() advice {
	switch v {
	case VerdictWorks:
		return advice{NobodyActs, "対応は不要です", "nothing: the key works"}
	case VerdictExpiryNotEnabled:
		return advice{ShopActs, "RMSで、ライセンスキーの有効期限を取得する機能の利用を許可してください", "enable the function that returns the end of a licence key in RMS"}
	case VerdictFunctionNotEnabled:
		return advice{ShopActs, "RMSで、不足している機能の利用を許可してください", "enable the missing functions in RMS"}
	case VerdictExpired:
		return LicenseExpired.advice()
	case VerdictSettling:
		return advice{NobodyActs, "有効になるまでお待ちください", "wait: the key was issued a short time ago"}
	case VerdictWrongPair:
		return advice{ProviderActs, "サービスシークレットとキーの組み合わせを確認するか、最新のキーを店舗に確認してください", "find the pair that fits, or ask the shop for its newest key"}
	case VerdictRefused:
		return advice{
			ProviderActs, "サービスシークレットとキーの組み合わせを確認し、最新のキーと、利用を許可した機能を店舗に確認してください",
			"check the pair, then ask the shop for its newest key and for the functions that it has enabled",
		}
	}
	return advice{NobodyActs, "時間をおいて、もう一度確認してください", "ask again later"}
}

// advice is who has to act, and what they have to do, in both languages.
type advice struct {
	who    Actor
	ja, en string
}

func (a advice) in(language shotengai.Language) (who Actor, what string) {
	return a.who, language.Pick(a.ja, a.en)
}

// Diagnosis is why a licence works or does not.
type Diagnosis struct {
	Verdict   Verdict
	ExpiresAt time.Time // as the platform says, else as the licence does; zero when not known
	Expiry    error     // what the expiry endpoint failed with, nil if it answered
	Probe     error     // what the second call failed with, or why it was not made; nil if it succeeded or was not needed

	advice advice // other than that of the verdict
}

// Act returns who has to act, and what they have to do. It is the advice of the verdict, or a
// nearer one: for a function that is not enabled, which one it is.
func (d Diagnosis) Act(in shotengai.Language) (who Actor, what string) {
	if d.advice != (advice{}) {
		return d.advice.in(in)
	}
	return d.Verdict.Act(in)
}

// KeyRefused reports whether the platform refused the licence when it was asked for its
// expiry date. A platform that did not answer has refused nothing.
func (d Diagnosis) KeyRefused() bool { return refused(d.Expiry) }

// Diagnose distinguishes a wrong pair, an expired key and a key that works. It does not
// know whether other functions than the two that it calls are enabled: for a call that was
// refused there is DiagnoseError. It asks for the key's expiry date and then for the version
// of the navigation. The result is an observation, never an error: what the calls failed
// with is in it. An expired key can only be recognised by its date: set one of the times of
// the License.
func (c *Client) Diagnose(ctx context.Context, opts ...shotengai.CallOption) Diagnosis {
	_, d := c.diagnoseCurrent(ctx, opts...)
	return d
}

// DiagnoseLicense is Diagnose for a licence of the caller's choice. It makes the second call
// only when the platform refused the first one.
func (c *Client) DiagnoseLicense(ctx context.Context, license License, opts ...shotengai.CallOption) Diagnosis {
	at, err := c.Licenses.expiryOf(ctx, license, opts...)
	if refused(err) {
		return c.diagnose(ctx, license, at, err, opts...)
	}
	return c.verdict(license, Diagnosis{ExpiresAt: at, Expiry: err, Probe: err})
}

// DiagnoseError finds out why a call was refused as unauthorised. It makes the two calls of
// Diagnose, never the failed one again: if they show that the key works, the shop has not
// enabled the function of the failed call, which is VerdictFunctionNotEnabled. VerdictWorks
// means that the cause is gone, as another key is in force by now, and that the call may be
// made again. DiagnoseError reports false, and asks nobody, for an error that has nothing to
// do with the licence.
func (c *Client) DiagnoseError(ctx context.Context, err error, opts ...shotengai.CallOption) (d Diagnosis, ok bool) {
	call, ok := errors.AsType[*shotengai.Error](err)
	if !ok || !concernsLicense(call) {
		return Diagnosis{}, false
	}
	license, d := c.diagnoseCurrent(ctx, opts...)
	if refused(call) && errors.Is(call, usedKey(license.Fingerprint())) {
		d.Verdict = d.blame(call, license.settling(c.engine.Now()))
		if d.Verdict == VerdictFunctionNotEnabled {
			d.advice = enable(call)
		}
	}
	if d.Verdict == VerdictWorks {
		d.advice = advice{NobodyActs, "キーは有効です。呼び出しをやり直してください", "make the call again: the key works"}
	}
	return d, true
}

// enable is the advice for a call whose function is not enabled.
func enable(call *shotengai.Error) advice {
	function := call.Method + " " + call.Path
	_, path := pathOf(call.Operation)
	needs := familyOf(path).needs
	return advice{ShopActs, "RMSで " + function + " の機能の利用を許可してください" + needs.ja, "enable the function of " + function + " in RMS" + needs.en}
}

// diagnoseCurrent diagnoses the licence that is in force.
func (c *Client) diagnoseCurrent(ctx context.Context, opts ...shotengai.CallOption) (License, Diagnosis) {
	license, err := c.License(ctx)
	if err == nil {
		err = license.validate()
	}
	if err != nil {
		return license, Diagnosis{
			Verdict: VerdictUnknown, Expiry: err, Probe: err,
			advice: advice{
				ProviderActs, "この店舗のサービスシークレットとライセンスキーを両方用意してください",
				"see to it that there is a licence for this shop, both halves of it",
			},
		}
	}
	at, err := c.Licenses.expiryOf(ctx, license, opts...)
	return license, c.diagnose(ctx, license, at, err, opts...)
}

// diagnose makes the second call and judges both.
func (c *Client) diagnose(ctx context.Context, license License, at time.Time, expiry error, opts ...shotengai.CallOption) Diagnosis {
	d := Diagnosis{ExpiresAt: at, Expiry: expiry}
	d.Probe = c.engine.Do(ctx, api.Request{Operation: probeOperation, Auth: c.pinned(license)}, nil, opts...)
	return c.verdict(license, d)
}

// verdict judges what both calls failed with.
func (c *Client) verdict(license License, d Diagnosis) Diagnosis {
	if d.Expiry != nil {
		d.ExpiresAt = license.Expiry()
	}
	now := c.engine.Now()
	d.Verdict = d.judge(license.settling(now), now)
	return d
}

// The two calls of a diagnosis.
const (
	expiryOperation = "GET /es/1.0/license-management/license-key/expiry-date"
	probeOperation  = "GET /es/2.0/navigation/version"
)

// pinned authorises with one licence, so that both calls are about the same key.
func (c *Client) pinned(license License) *esa {
	return &esa{licenses: StaticLicense(license), engine: c.engine}
}

// trial is how one of the two calls ended.
type trial int

const (
	trialWorked  trial = iota
	trialRefused       // the licence was refused
	trialOff           // refused, as the function is not enabled
	trialBroken        // failed for another reason, which says nothing of the licence
)

func trialOf(err error) trial {
	switch {
	case err == nil:
		return trialWorked
	case !refused(err):
		return trialBroken
	case errors.Is(err, ErrNotEnabled):
		return trialOff
	}
	return trialRefused
}

func (t trial) refused() bool { return t == trialRefused || t == trialOff }

// judge draws the verdict from what both calls failed with.
func (d Diagnosis) judge(settling bool, now time.Time) Verdict {
	expiry, probe := trialOf(d.Expiry), trialOf(d.Probe)
	anyOf := func(t trial) bool { return expiry == t || probe == t }
	switch {
	case !expiry.refused() && !probe.refused() && anyOf(trialWorked):
		return VerdictWorks
	case !expiry.refused() && !probe.refused():
		return VerdictUnknown
	case probe != trialWorked && over(d.ExpiresAt, now):
		return VerdictExpired
	case anyOf(trialBroken):
		return VerdictUnknown
	case settling:
		return VerdictSettling
	}
	return d.judgeRefusal(expiry, probe)
}

// judgeRefusal is judge for calls of which at least one was refused, and neither broke. The
// key's date is not past.
func (d Diagnosis) judgeRefusal(expiry, probe trial) Verdict {
	switch {
	case probe == trialWorked:
		return VerdictExpiryNotEnabled
	case expiry == trialWorked, expiry == trialOff && probe == trialOff:
		return VerdictFunctionNotEnabled
	case expiry == trialOff, probe == trialOff, d.ExpiresAt.IsZero():
		return VerdictRefused
	}
	return VerdictWrongPair
}

// blame draws the verdict on a refused call from the one on the key that it was made with.
func (d Diagnosis) blame(call *shotengai.Error, settling bool) Verdict {
	gateway := errors.Is(call, ErrNotEnabled)
	switch d.Verdict {
	case VerdictWorks, VerdictExpiryNotEnabled:
		switch {
		case call.Operation == expiryOperation, call.Operation == probeOperation: // tried once more by the diagnosis
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

// concernsLicense reports whether a licence can be the cause. The expiry date of a key that has
// expired may be refused with 403; with that status, other calls have causes of their own.
func concernsLicense(e *shotengai.Error) bool {
	switch {
	case errors.Is(e, shotengai.ErrReauthorize):
		return true
	case !refused(e):
		return false
	}
	return errors.Is(e, shotengai.ErrUnauthorized) || errors.Is(e, ErrNotEnabled) || e.Operation == expiryOperation
}

// refused reports whether a call failed because the licence was refused. A web page with the
// same status comes from something on the way, and ErrOrderRefused says nothing of the licence.
func refused(err error) bool {
	e, ok := errors.AsType[*shotengai.Error](err)
	return ok && !errors.Is(e, ErrOrderRefused) && (errors.Is(e, shotengai.ErrUnauthorized) || errors.Is(e, shotengai.ErrForbidden)) && !text.LooksLikeHTML("", e.Body)
}
