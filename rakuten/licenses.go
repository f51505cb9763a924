package rakuten

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/shotengai/shotengai-go/internal/api"
)

// LicensesService asks about the licence key itself.
type LicensesService service

// ExpiryDate returns when the shop's licence key ends: 23:59:59 Japan time of its last
// day. The function has to be enabled for the licence, and answers only as long as the key
// is valid: keep the date, it cannot be asked for afterwards. All attempts of one call are
// about the key that the source gave at its start. The platform takes the key in the
// query; it reaches neither errors nor logs of this library, but a transport of your own
// sees it.
func (s *LicensesService) ExpiryDate(ctx context.Context, opts ...CallOption) (time.Time, error) {
	license, err := s.client.auth.licenses.License(ctx)
	if err != nil {
		return time.Time{}, fmt.Errorf("rakuten: no licence: %w", err)
	}
	return s.expiryOf(ctx, license, opts...)
}

// expiryOf asks for the very key that it authorises with.
func (s *LicensesService) expiryOf(ctx context.Context, license License, opts ...CallOption) (time.Time, error) {
	var out struct {
		ExpiryDate LocalTime `json:"expiryDate"`
	}
	reply, err := s.client.call(ctx, api.Request{
		Method: http.MethodGet, Path: expiryPath,
		Params: url.Values{"licenseKey": {license.Key.Reveal()}}, Check: license.validate(), Auth: s.client.pinned(license),
	}, &out, opts...)
	if errors.Is(err, ErrForbidden) && over(license.Expiry(), s.client.engine.Now()) {
		err = s.client.engine.Refuse(reply, ErrForbidden, ErrKeyExpired)
	}
	if err != nil {
		return time.Time{}, withoutKey(err, license.Key)
	}
	if out.ExpiryDate.IsZero() {
		return time.Time{}, s.client.engine.Refuse(reply, ErrUnavailable, errors.New("the answer has no date"))
	}
	return out.ExpiryDate.Time, nil
}

// withoutKey takes a key that the platform or a transport repeated out of an error.
func withoutKey(err error, key Secret) error {
	e, ok := errors.AsType[*Error](err)
	if !ok || key == "" {
		return err
	}
	mask := strings.NewReplacer(key.Reveal(), key.String(), url.QueryEscape(key.Reveal()), key.String())
	clean := *e
	clean.text, clean.Message, clean.Body = mask.Replace(e.text), mask.Replace(e.Message), []byte(mask.Replace(string(e.Body)))
	clean.Code, clean.Field = mask.Replace(e.Code), mask.Replace(e.Field)
	clean.Errors = make([]ErrorDetail, len(e.Errors))
	for i, d := range e.Errors {
		d.Code, d.Message, d.Field = mask.Replace(d.Code), mask.Replace(d.Message), mask.Replace(d.Field)
		clean.Errors[i] = d
	}
	clean.chain = nil
	for _, cause := range e.chain {
		if text := cause.Error(); mask.Replace(text) != text {
			cause = errors.New(mask.Replace(text))
		}
		clean.chain = append(clean.chain, cause)
	}
	return &clean
}
