package httpx

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestLoopback(t *testing.T) {
	t.Parallel()
	for host, want := range map[string]bool{
		"localhost": true, "127.0.0.1": true, "127.9.9.9": true, "::1": true, "::ffff:127.0.0.1": true,
		"": false, "example.com": false, "localhost.example": false, "10.0.0.1": false, "0.0.0.0": false, "::": false, "::ffff:10.0.0.1": false,
	} {
		assert.Equal(t, want, Loopback(host), host)
	}
}
