package hooks

import (
	"cmp"
	"fmt"
	"time"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/internal/closing"
)

// ColorMeSignatureHeader carries the signature of a Color Me hook: the standard
// base64 of the HMAC-SHA256 of the body, keyed with the app's webhook_secret.
// Neither a time nor a nonce is signed.
const ColorMeSignatureHeader = "X-Appstore-Signature"

// colorMeKeys are those of the functions; a receiver has its own.
var colorMeKeys keyrings

// VerifyColorMe checks the signature of a Color Me install or uninstall hook over
// the body exactly as received. With several secrets, as during a rotation, one of
// them has to match; [MatchColorMe] returns which. It fails with [ErrSecret],
// [ErrSignatureMissing], [ErrSignatureMalformed] or [ErrSignature].
func VerifyColorMe(body []byte, signature string, secrets ...shotengai.Secret) error {
	_, err := MatchColorMe(body, signature, secrets...)
	return err
}

// MatchColorMe is [VerifyColorMe], and returns the index of the secret that matched.
// A rotation is over when the old secret's index no longer turns up.
func MatchColorMe(body []byte, signature string, secrets ...shotengai.Secret) (int, error) {
	return colorMeKeys.match(secrets, decodeBase64, signature, body)
}

// ColorMeInstall is the hook that Color Me sends when a shop owner installs the app.
// The owner's browser waits for the answer.
type ColorMeInstall struct {
	// AccountID is the owner's account: PA and eight digits.
	AccountID string
	// ApplicationChargeSourceID is the plan, as registered in the developer console: six
	// or more digits and capital letters. It is as sent, and empty when it was not.
	ApplicationChargeSourceID string
	// RecurringApplicationChargeID is the contract on every plan but a one-time
	// purchase, free ones included: six or more digits and capital letters. Keep it:
	// usage charges need it.
	RecurringApplicationChargeID string
	// ApplicationChargeID is the contract of a one-time purchase, of the same form.
	ApplicationChargeID string
	// TrialTerm is nil when the plan has no free trial. Usage charges are refused
	// during a trial.
	TrialTerm *ColorMeTrialTerm
	// Mail reaches the owner, for instance when the login after the install was not
	// finished. The platform allows no other use. It is empty when the platform sent none.
	Mail string
	// Raw is the whole body, with fields that this type does not know.
	Raw Raw
}

// ColorMeTrialTerm is the free trial of a contract, in Japan time. A time that the
// platform did not send is zero. The platform's only sample of one is not JSON, as the colon
// behind trial_term is missing; that the member is an object follows from its table.
type ColorMeTrialTerm struct {
	StartsAt time.Time
	EndsAt   time.Time
}

// ContractID returns the contract, whichever kind the plan has. It is new on every
// install, also when a shop comes back. Where the platform sent both kinds, it is the
// recurring one.
func (e *ColorMeInstall) ContractID() string {
	return cmp.Or(e.RecurringApplicationChargeID, e.ApplicationChargeID)
}

// OneTime reports whether the plan is a one-time purchase.
func (e *ColorMeInstall) OneTime() bool { return e.RecurringApplicationChargeID == "" }

// InTrial reports whether now lies in the free trial, in which usage charges are refused.
func (e *ColorMeInstall) InTrial(now time.Time) bool {
	return e.TrialTerm != nil && !now.Before(e.TrialTerm.StartsAt) && now.Before(e.TrialTerm.EndsAt)
}

// ColorMeReason is why an app was uninstalled.
type ColorMeReason string

// The reasons that the platform documents; others may come.
const (
	// ColorMeByShopOwner is an uninstall by the owner.
	ColorMeByShopOwner ColorMeReason = "by_shop_owner"
	// ColorMeByUnpaid is an uninstall by the platform: the owner's points did not
	// cover the fee.
	ColorMeByUnpaid ColorMeReason = "by_unpaid"
)

// ColorMeUninstall is the hook that Color Me sends after an uninstall, and again
// every two and a half hours, up to 19 times, until it is answered with 200. By then
// the shop's access token is dead, its script tags are gone and its renewal has
// stopped. An uninstall by API sends no hook.
type ColorMeUninstall struct {
	// AccountID is the owner's account: PA and eight digits.
	AccountID string
	// ApplicationChargeSourceID is the plan, as registered in the developer console.
	ApplicationChargeSourceID string
	// RecurringApplicationChargeID is the contract, as the install named it. It is
	// empty for a one-time purchase.
	RecurringApplicationChargeID string
	// UninstalledAt is the moment of the uninstall, in Japan time, to the second.
	UninstalledAt time.Time
	// Reason is who uninstalled the app. It is empty when the platform sent none.
	Reason ColorMeReason
	// UsageCharge is nil unless the plan is metered.
	UsageCharge *ColorMeUsageCharge
	// Raw is the whole body, with fields that this type does not know.
	Raw Raw
}

// ColorMeUsageCharge is what the last usage charges after an uninstall need.
type ColorMeUsageCharge struct {
	// APIToken takes the place of the access token, in the header
	// X-Appstore-Usage-Charge-Token. It is empty when the app was uninstalled during
	// the free trial: nothing can be charged then.
	APIToken shotengai.Secret
	// ClosingOn is the points closing date as sent, in Japan time. It is a date, whose hour
	// the platform does not state: APIToken is accepted to the end of that day, see
	// [ColorMeUninstall.UsageDeadline]. It is normally the last day of the month in which
	// the contract period in force at the uninstall ends; use this value, do not compute
	// it. It is zero when the platform sent none.
	ClosingOn time.Time
}

// Format writes the charge with its token masked, whatever the verb: fmt shows a
// pointer inside a struct without asking the type of the field behind it.
func (c ColorMeUsageCharge) Format(f fmt.State, _ rune) {
	_, _ = fmt.Fprintf(f, "{APIToken:%v ClosingOn:%v}", c.APIToken, c.ClosingOn)
}

// UsageDeadline returns the first moment at which usage can no longer be charged with the
// hook's token: the end in Japan of the day of ClosingOn, whatever the hour of it. It
// returns false when there is no such token or the platform sent no date.
func (e *ColorMeUninstall) UsageDeadline() (time.Time, bool) {
	if !e.usageToken() || e.UsageCharge.ClosingOn.IsZero() {
		return time.Time{}, false
	}
	return closing.End(e.UsageCharge.ClosingOn), true
}

func (e *ColorMeUninstall) usageToken() bool {
	return e.UsageCharge != nil && e.UsageCharge.APIToken != ""
}

// CanChargeUsage reports whether the hook's token is there and not known to be refused
// at now. The hook may arrive 47.5 hours after the uninstall: ask before charging.
func (e *ColorMeUninstall) CanChargeUsage(now time.Time) bool {
	deadline, known := e.UsageDeadline()
	return e.usageToken() && (!known || now.Before(deadline))
}

// UsageTimeLeft returns how long the hook's token is still accepted at now; zero when
// it is not, or when that is not known.
func (e *ColorMeUninstall) UsageTimeLeft(now time.Time) time.Duration {
	deadline, known := e.UsageDeadline()
	if !known {
		return 0
	}
	return max(0, deadline.Sub(now))
}

type colorMeInstallBody struct {
	AccountID                    string `json:"account_id"`
	ApplicationChargeSourceID    string `json:"application_charge_source_id"`
	RecurringApplicationChargeID string `json:"recurring_application_charge_id"`
	ApplicationChargeID          string `json:"application_charge_id"`
	Mail                         string `json:"mail"`
	TrialTerm                    *struct {
		StartsAt *int64 `json:"starts_at"`
		EndsAt   *int64 `json:"ends_at"`
	} `json:"trial_term"`
}

// ParseColorMeInstall reads the body of an install hook. It does not verify it: see
// [VerifyColorMe], or [OpenColorMeInstall] for both. It fails with [ErrPayload], and
// where the account or the contract is missing or misshapen with a [FieldError]. What
// else is missing is empty in the event: a genuine install is not refused for a detail.
func ParseColorMeInstall(body []byte) (*ColorMeInstall, error) {
	var in colorMeInstallBody
	if err := decodeJSON(body, &in); err != nil {
		return nil, err
	}
	var f fields
	f.colorMeAccount(in.AccountID)
	if in.RecurringApplicationChargeID == "" && in.ApplicationChargeID == "" {
		f.fail("recurring_application_charge_id", "missing, and no application_charge_id either")
	}
	f.colorMeContract("recurring_application_charge_id", in.RecurringApplicationChargeID)
	f.colorMeContract("application_charge_id", in.ApplicationChargeID)
	event := &ColorMeInstall{
		AccountID:                    in.AccountID,
		ApplicationChargeSourceID:    in.ApplicationChargeSourceID,
		RecurringApplicationChargeID: in.RecurringApplicationChargeID,
		ApplicationChargeID:          in.ApplicationChargeID,
		Mail:                         in.Mail,
		Raw:                          body,
	}
	if in.TrialTerm != nil {
		event.TrialTerm = &ColorMeTrialTerm{
			StartsAt: optionalTime(in.TrialTerm.StartsAt),
			EndsAt:   optionalTime(in.TrialTerm.EndsAt),
		}
	}
	if f.err != nil {
		return nil, f.err
	}
	return event, nil
}

type colorMeUninstallBody struct {
	AccountID                    string `json:"account_id"`
	ApplicationChargeSourceID    string `json:"application_charge_source_id"`
	RecurringApplicationChargeID string `json:"recurring_application_charge_id"`
	UninstalledAt                *int64 `json:"uninstalled_at"`
	Reason                       string `json:"reason"`
	UsageCharge                  *struct {
		APIToken  string `json:"api_token"`
		ClosingOn *int64 `json:"closing_on"`
	} `json:"usage_charge"`
}

// ParseColorMeUninstall reads the body of an uninstall hook. It does not verify it:
// see [VerifyColorMe], or [OpenColorMeUninstall] for both. It fails with
// [ErrPayload], and where the account or the time is missing or misshapen, or the
// contract misshapen, with a [FieldError]. What else is missing is empty in the event:
// a genuine uninstall is not refused for a detail, since each resend would be refused too.
func ParseColorMeUninstall(body []byte) (*ColorMeUninstall, error) {
	var in colorMeUninstallBody
	if err := decodeJSON(body, &in); err != nil {
		return nil, err
	}
	var f fields
	f.colorMeAccount(in.AccountID)
	f.colorMeContract("recurring_application_charge_id", in.RecurringApplicationChargeID)
	event := &ColorMeUninstall{
		AccountID:                    in.AccountID,
		ApplicationChargeSourceID:    in.ApplicationChargeSourceID,
		RecurringApplicationChargeID: in.RecurringApplicationChargeID,
		UninstalledAt:                f.unixTime("uninstalled_at", in.UninstalledAt),
		Reason:                       ColorMeReason(in.Reason),
		Raw:                          body,
	}
	if charge := in.UsageCharge; charge != nil {
		event.UsageCharge = &ColorMeUsageCharge{
			APIToken:  shotengai.Secret(charge.APIToken),
			ClosingOn: optionalTime(charge.ClosingOn),
		}
	}
	if f.err != nil {
		return nil, f.err
	}
	return event, nil
}

// OpenColorMeInstall verifies the body of an install hook as [VerifyColorMe] does, and
// then parses it: for an application that takes its hooks from a queue rather than from
// [ColorMe].
func OpenColorMeInstall(body []byte, signature string, secrets ...shotengai.Secret) (Verified[*ColorMeInstall], error) {
	matched, err := MatchColorMe(body, signature, secrets...)
	return verified(matched, err, func() (*ColorMeInstall, error) { return ParseColorMeInstall(body) })
}

// OpenColorMeUninstall verifies the body of an uninstall hook as [VerifyColorMe] does, and
// then parses it.
func OpenColorMeUninstall(body []byte, signature string, secrets ...shotengai.Secret) (Verified[*ColorMeUninstall], error) {
	matched, err := MatchColorMe(body, signature, secrets...)
	return verified(matched, err, func() (*ColorMeUninstall, error) { return ParseColorMeUninstall(body) })
}
