package api

import (
	"errors"
	"fmt"

	"github.com/shotengai/shotengai-go"
)

// Needs is the codec of an answer that means nothing without one of its members. An answer
// of another shape must not pass for an empty list or for a row without an id.
func Needs[W any](member string, there func(*W) bool) Codec { return needing[W]{JSON, member, there} }

type needing[W any] struct {
	Codec
	member string
	there  func(*W) bool
}

func (n needing[W]) Decode(data []byte, out any, notes *Notes) error {
	err := n.Codec.Decode(data, out, notes)
	if err != nil && !errors.Is(err, errNothingExpected) {
		return err
	}
	if whole, ok := out.(*W); ok && !n.there(whole) {
		return fmt.Errorf("it has no %s: %w", n.member, shotengai.ErrUnavailable)
	}
	return err
}
