// Package port finds ports for the servers that tests start.
package port

import (
	"context"
	"errors"
	"math/rand/v2"
	"net"
	"strconv"
)

// Ports below those that systems hand out to outgoing connections, so that none of these takes
// the port before the server does.
const first, last = 20_000, 32_000

const attempts = 100

// Free returns a port of 127.0.0.1 that nobody listens on.
func Free(ctx context.Context) (string, error) {
	var config net.ListenConfig
	for range attempts {
		port := strconv.Itoa(first + rand.IntN(last-first))
		listener, err := config.Listen(ctx, "tcp4", net.JoinHostPort("127.0.0.1", port))
		if err == nil {
			return port, listener.Close()
		}
	}
	return "", errors.New("no free port")
}
