package stores

import (
	"fmt"

	"github.com/shotengai/shotengai-go/internal/api"
)

// needs is the codec of an answer that says nothing without one of its members. An answer
// of another shape must not pass for an empty list or for a row without an id.
func needs(member string, there func() bool) api.Codec { return needing{api.JSON, member, there} }

type needing struct {
	api.Codec
	member string
	there  func() bool
}

func (n needing) Decode(data []byte, out any) error {
	if err := n.Codec.Decode(data, out); err != nil {
		return err
	}
	if !n.there() {
		return fmt.Errorf("it has no %s: %w", n.member, ErrUnavailable)
	}
	return nil
}
