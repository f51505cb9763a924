package api

import (
	"cmp"
	"errors"
	"strings"

	"github.com/shotengai/shotengai-go"
)

// RowOutcome is what the failure of a call says of each of its rows. Code and message are the
// platform's where it gave one of them, else the text of the error.
func RowOutcome(err error) (state shotengai.RowState, code, message string) {
	message = strings.ReplaceAll(err.Error(), "\n", "; ")
	e, ok := errors.AsType[*shotengai.Error](err)
	if ok {
		message = strings.TrimPrefix(message, e.Platform+": ")
	}
	if ok && (e.Code != "" || e.Message != "") {
		code, message = e.Code, cmp.Or(e.Message, message)
	}
	switch {
	case errors.Is(err, shotengai.ErrOutcomeUnknown):
		return shotengai.RowUnknown, code, message
	case ok && e.StatusCode != 0 && refusesRows(err):
		return shotengai.RowFailed, code, message
	}
	return shotengai.RowNotSent, code, message
}

// refusesRows reports whether a call was refused for what it asks.
func refusesRows(err error) bool {
	return errors.Is(err, shotengai.ErrInvalid) || errors.Is(err, shotengai.ErrNotFound) || errors.Is(err, shotengai.ErrConflict)
}
