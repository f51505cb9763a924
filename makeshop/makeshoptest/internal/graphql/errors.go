package graphql

import "fmt"

// Codes of errors, by gqlgen's convention.
const (
	CodeParse      = "GRAPHQL_PARSE_FAILED"
	CodeValidation = "GRAPHQL_VALIDATION_FAILED"
)

// Position is a place in a document; line and column count from 1.
type Position struct {
	Line   int `json:"line"`
	Column int `json:"column"`
}

// Error is one element of the list of errors in an answer.
type Error struct {
	Message    string         `json:"message"`
	Locations  []Position     `json:"locations,omitempty"`
	Path       []any          `json:"path,omitempty"`
	Extensions map[string]any `json:"extensions,omitempty"`
}

// Error is the message.
func (e *Error) Error() string { return e.Message }

// Code is extensions.code, or "".
func (e *Error) Code() string {
	code, _ := e.Extensions["code"].(string)
	return code
}

// Coded returns an error with a code and without a place.
func Coded(code, format string, args ...any) *Error {
	return &Error{Message: fmt.Sprintf(format, args...), Extensions: map[string]any{"code": code}}
}

func parseError(at Position, format string, args ...any) *Error {
	e := Coded(CodeParse, format, args...)
	e.Locations = []Position{at}
	return e
}

func invalid(at Position, format string, args ...any) *Error {
	e := Coded(CodeValidation, format, args...)
	e.Locations = []Position{at}
	return e
}
