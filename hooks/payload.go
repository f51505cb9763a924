package hooks

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/internal/strictjson"
)

// Raw is a body as it was received. It may hold secrets and personal data, so
// neither fmt nor slog nor encoding/json shows more than its length; convert it to
// []byte to read it. It shares its memory with the bytes that were parsed.
type Raw []byte

// String returns the length.
func (r Raw) String() string { return "[" + strconv.Itoa(len(r)) + " bytes]" }

// Format writes the length, whatever the verb.
func (r Raw) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, r.String()) }

// LogValue returns the length.
func (r Raw) LogValue() slog.Value { return slog.StringValue(r.String()) }

// MarshalJSON returns the length.
func (r Raw) MarshalJSON() ([]byte, error) { return json.Marshal(r.String()) }

// Verified is an event whose origin was checked. Only the functions of this package
// fill one, so a function that takes a Verified cannot be handed an event that
// merely arrived.
//
// T is the type that the parsing function returns, as in Verified[*ColorMeInstall].
type Verified[T any] struct {
	event   T
	matched string
}

// Format writes the name of the secret that matched and no part of the event, whatever the
// verb.
func (v Verified[T]) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, v.String()) }

// String names the secret that matched.
func (v Verified[T]) String() string { return "[verified by the secret " + v.matched + "]" }

// LogValue is what String returns.
func (v Verified[T]) LogValue() slog.Value { return slog.StringValue(v.String()) }

// Event returns the event. It is nil for the zero value.
func (v Verified[T]) Event() T { return v.event }

// verified makes what an Open function returns, from the outcome of the verification and
// of the parsing that follows it.
func verified[T any](matched int, err error, parse func() (T, error)) (Verified[T], error) {
	if err != nil {
		return Verified[T]{}, err
	}
	event, err := parse()
	if err != nil {
		return Verified[T]{}, err
	}
	return Verified[T]{event: event, matched: secretName(matched)}, nil
}

// Secret names the secret that matched: current, previous, previous-2 and so on, in
// the order in which they were given.
func (v Verified[T]) Secret() string { return v.matched }

// checkObject refuses a body that is not one JSON object, or in which two readers could
// understand a member differently that is read into a value.
func checkObject(body []byte, into any) error {
	if err := strictjson.CheckRead(body, into); err != nil {
		return fmt.Errorf("%w: %w", ErrPayload, err)
	}
	return nil
}

// decodeJSON decodes the one object in body after the strict scan.
func decodeJSON(body []byte, into any) error {
	if err := checkObject(body, into); err != nil {
		return err
	}
	if err := json.Unmarshal(body, into); err != nil {
		return payloadError(err)
	}
	return nil
}

// payloadError returns which field could not be decoded, without its value.
func payloadError(err error) error {
	if fieldErr, ok := errors.AsType[*FieldError](err); ok {
		return fieldErr
	}
	if typeErr, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		return fmt.Errorf("%w: %s is not of type %s", ErrPayload, typeErr.Field, typeErr.Type)
	}
	return ErrPayload
}

// fields collects the first thing wrong with an event.
type fields struct{ err error }

func (f *fields) fail(field, problem string) {
	if f.err == nil {
		f.err = &FieldError{Field: field, Problem: problem}
	}
}

// maxText bounds the identifiers of an event.
const maxText = 255

func (f *fields) required(field, value string) {
	switch {
	case value == "":
		f.fail(field, "missing")
	case len(value) > maxText:
		f.fail(field, "too long")
	case strings.ContainsRune(value, utf8.RuneError):
		f.fail(field, "not a text") // two of them could look the same
	}
}

// optionalTime returns the zero time for what is not there or no time.
func optionalTime(seconds *int64) time.Time {
	var f fields
	return f.unixTime("", seconds)
}

// maxUnix is the last second of the year 9999.
const maxUnix = 253402300799

func (f *fields) unixTime(field string, seconds *int64) time.Time {
	switch {
	case seconds == nil:
		f.fail(field, "missing")
	case *seconds <= 0 || *seconds > maxUnix:
		f.fail(field, "not a time in unix seconds")
	default:
		return time.Unix(*seconds, 0).In(shotengai.JST)
	}
	return time.Time{}
}

// colorMeAccount wants PA and eight digits.
func (f *fields) colorMeAccount(value string) {
	const field = "account_id"
	if value == "" {
		f.fail(field, "missing")
		return
	}
	ok := len(value) == 10 && value[:2] == "PA"
	for i := 2; ok && i < len(value); i++ {
		ok = '0' <= value[i] && value[i] <= '9'
	}
	if !ok {
		f.fail(field, "not PA and eight digits")
	}
}

// colorMeContract wants six or more digits and capital letters, or nothing.
func (f *fields) colorMeContract(field, value string) {
	if value == "" {
		return
	}
	if len(value) < 6 || len(value) > maxText {
		f.fail(field, "not six or more digits and capital letters")
		return
	}
	for _, c := range []byte(value) {
		if (c < '0' || c > '9') && (c < 'A' || c > 'Z') {
			f.fail(field, "not six or more digits and capital letters")
			return
		}
	}
}
