package hookstest

import (
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/hooks"
	"github.com/shotengai/shotengai-go/internal/fake"
)

// ColorMeResend is how Color Me resends an uninstall: every two and a half hours, 19
// times. It does not resend an install.
var ColorMeResend = Every(150*time.Minute, 19)

// SignColorMe returns the value of the X-Appstore-Signature header for a body.
func SignColorMe(body []byte, secret shotengai.Secret) string {
	return fake.HMACSHA256(secret.Reveal(), body)
}

// ColorMe returns a body of any content as a signed event that is sent once.
func ColorMe(kind hooks.Kind, body []byte, secret shotengai.Secret) Event {
	return Event{
		Kind: kind,
		Body: body,
		Header: http.Header{
			"Content-Type":               {"application/json"},
			hooks.ColorMeSignatureHeader: {SignColorMe(body, secret)},
		},
	}
}

// ColorMeInstall returns an install as Color Me sends it: once, and the answer has to
// be 200 with a redirect_url. [RedirectURL] reads it.
func ColorMeInstall(install hooks.ColorMeInstall, secret shotengai.Secret) Event {
	type trial struct {
		StartsAt int64 `json:"starts_at,omitempty"`
		EndsAt   int64 `json:"ends_at,omitempty"`
	}
	body := struct {
		AccountID   string `json:"account_id"`
		Source      string `json:"application_charge_source_id,omitempty"`
		Recurring   string `json:"recurring_application_charge_id,omitempty"`
		Application string `json:"application_charge_id,omitempty"`
		Mail        string `json:"mail,omitempty"`
		Trial       *trial `json:"trial_term,omitempty"`
	}{
		AccountID:   install.AccountID,
		Source:      install.ApplicationChargeSourceID,
		Recurring:   install.RecurringApplicationChargeID,
		Application: install.ApplicationChargeID,
		Mail:        install.Mail,
	}
	if t := install.TrialTerm; t != nil {
		body.Trial = &trial{unix(t.StartsAt), unix(t.EndsAt)}
	}
	event := ColorMe(hooks.ColorMeInstallKind, encode(body), secret)
	event.Accept = func(a Attempt) error {
		_, err := RedirectURL(a)
		return err
	}
	return event
}

// ColorMeUninstall returns an uninstall as Color Me sends it, with its resends.
func ColorMeUninstall(uninstall hooks.ColorMeUninstall, secret shotengai.Secret) Event {
	type charge struct {
		APIToken  string `json:"api_token,omitempty"`
		ClosingOn int64  `json:"closing_on,omitempty"`
	}
	body := struct {
		AccountID     string              `json:"account_id"`
		Source        string              `json:"application_charge_source_id,omitempty"`
		Recurring     string              `json:"recurring_application_charge_id,omitempty"`
		UninstalledAt int64               `json:"uninstalled_at"`
		Reason        hooks.ColorMeReason `json:"reason,omitempty"`
		Charge        *charge             `json:"usage_charge,omitempty"`
	}{
		AccountID:     uninstall.AccountID,
		Source:        uninstall.ApplicationChargeSourceID,
		Recurring:     uninstall.RecurringApplicationChargeID,
		UninstalledAt: uninstall.UninstalledAt.Unix(),
		Reason:        uninstall.Reason,
	}
	if c := uninstall.UsageCharge; c != nil {
		body.Charge = &charge{APIToken: c.APIToken.Reveal(), ClosingOn: unix(c.ClosingOn)}
	}
	event := ColorMe(hooks.ColorMeUninstallKind, encode(body), secret)
	event.Resend = ColorMeResend
	return event
}

// RedirectURL returns the address in the answer to an install, or why there is none: the
// status, for instance. Without one, Color Me aborts the install.
func RedirectURL(a Attempt) (string, error) {
	if a.Err != nil {
		return "", a.Err
	}
	var answer struct {
		RedirectURL string `json:"redirect_url"`
	}
	if err := json.Unmarshal(a.Body, &answer); err != nil {
		return "", fmt.Errorf("%w: the answer is not JSON", ErrRefused)
	}
	if answer.RedirectURL == "" {
		return "", fmt.Errorf("%w: the answer has no redirect_url", ErrRefused)
	}
	return answer.RedirectURL, nil
}

// unix is a time in seconds; zero, and so left out, for none.
func unix(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.Unix()
}

// encode writes the structs of this package, which cannot fail to encode.
func encode(body any) []byte {
	data, _ := json.Marshal(body)
	return data
}
