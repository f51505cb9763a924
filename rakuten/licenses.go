package rakuten

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"time"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/internal/api"
)

// LicensesService asks about the licence key itself.
type LicensesService service

// ExpiryDate returns when the shop's licence key ends: 23:59:59 Japan time of its last
// day. The function has to be enabled for the licence, and answers only as long as the key
// is valid: keep the date, it cannot be asked for afterwards. All attempts of one call are
// about the key that the source returned at its start. The platform takes the key in the
// query; it reaches neither errors nor logs of this library, but a transport of your own
// sees it.
func (s *LicensesService) ExpiryDate(ctx context.Context, opts ...shotengai.CallOption) (time.Time, error) {
	license, err := s.client.License(ctx)
	if err != nil {
		return time.Time{}, fmt.Errorf("rakuten: no licence: %w", err)
	}
	return s.expiryOf(ctx, license, opts...)
}

// expiryOf asks for the very key that it authorises with.
func (s *LicensesService) expiryOf(ctx context.Context, license License, opts ...shotengai.CallOption) (time.Time, error) {
	var out struct {
		ExpiryDate LocalTime `json:"expiryDate"`
	}
	reply, err := s.client.engine.Call(ctx, api.Request{
		Operation: expiryOperation, Params: url.Values{"licenseKey": {license.Key.Reveal()}},
		Check: license.validate(), Auth: s.client.pinned(license),
		Judge: func(*api.Reply) (kind, cause error) {
			if out.ExpiryDate.IsZero() {
				return shotengai.ErrUnavailable, errors.New("the answer has no date")
			}
			return nil, nil
		},
	}, &out, opts...)
	switch {
	case errors.Is(err, shotengai.ErrForbidden) && refused(err) && license.Expired(s.client.engine.Now()):
		return time.Time{}, s.client.engine.Refuse(reply, shotengai.ErrForbidden, ErrKeyExpired)
	case err != nil:
		return time.Time{}, err
	}
	return out.ExpiryDate.Time, nil
}
