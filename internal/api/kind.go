package api

import (
	"net/http"

	"github.com/shotengai/shotengai-go"
)

// KindOf maps a status to the kind of failure it stands for, nil for 1xx to 3xx.
func KindOf(status int) error {
	switch {
	case status == http.StatusUnauthorized:
		return shotengai.ErrUnauthorized
	case status == http.StatusForbidden:
		return shotengai.ErrForbidden
	case status == http.StatusNotFound, status == http.StatusGone:
		return shotengai.ErrNotFound
	case status == http.StatusConflict:
		return shotengai.ErrConflict
	case status == http.StatusTooManyRequests:
		return shotengai.ErrRateLimited
	case status == http.StatusLocked, status == http.StatusProxyAuthRequired, status == http.StatusRequestTimeout,
		status == http.StatusTooEarly, status >= 500:
		return shotengai.ErrUnavailable
	case status >= 400:
		return shotengai.ErrInvalid
	}
	return nil
}
