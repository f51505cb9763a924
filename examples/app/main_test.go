package main

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

func TestServerLimits(t *testing.T) {
	t.Parallel()
	d := serveDemo(t)
	server := d.app.server()
	assert.Equal(t, 90*time.Second, server.WriteTimeout)
	assert.Greater(t, server.WriteTimeout, server.ReadTimeout+8*time.Second+60*time.Second, "the body, the wait for a twin, the function")
	assert.Positive(t, server.ReadHeaderTimeout)
}
