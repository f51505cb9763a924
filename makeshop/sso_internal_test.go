package makeshop

import (
	"testing"
	"weak"

	"github.com/stretchr/testify/assert"
)

func TestForget(t *testing.T) {
	t.Parallel()
	old, current := new(Client), new(Client)
	s := &SSO{clients: map[string]weak.Pointer[Client]{"shop-1": weak.Make(current)}}
	s.forget("shop-1", weak.Make(old))
	assert.Len(t, s.clients, 1, "another client has taken its place")
	s.forget("shop-1", weak.Make(current))
	assert.Empty(t, s.clients)
}
