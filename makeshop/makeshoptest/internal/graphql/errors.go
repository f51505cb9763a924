package graphql

import (
	"errors"

	"github.com/vektah/gqlparser/v2/gqlerror"
)

// Codes of errors, by gqlgen's convention.
const (
	CodeParse      = "GRAPHQL_PARSE_FAILED"
	CodeValidation = "GRAPHQL_VALIDATION_FAILED"
)

// Error is one element of the list of errors in an answer.
type Error = gqlerror.Error

// Coded returns an error with a code and without a place.
func Coded(code, format string, args ...any) *Error {
	return coded(code, gqlerror.Errorf(format, args...))
}

// coded is err with a code.
func coded(code string, err error) *Error {
	e, ok := errors.AsType[*Error](err)
	if !ok {
		e = gqlerror.Wrap(err)
	}
	e.Extensions = map[string]any{"code": code}
	return e
}
