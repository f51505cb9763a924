package main

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"errors"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/modelcontextprotocol/go-sdk/auth"
	"github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/shotengai/shotengai-go"
)

// minToken is the fewest characters of a bearer token.
const minToken = 32

// loopback are the names of this machine for itself.
var loopback = []string{"127.0.0.1", "::1", "localhost"}

// endpoint is how the server is reached over HTTP.
type endpoint struct {
	address string           // host and port to listen on
	hosts   []string         // further names by which clients call it
	token   shotengai.Secret // empty: none is asked for, which only loopback may do
}

// check reports what would let strangers in.
func (e endpoint) check() error {
	host, _, err := net.SplitHostPort(e.address)
	switch {
	case err != nil:
		return errors.New("-http takes a host and a port, as in 127.0.0.1:8800")
	case e.token != "" && len(e.token) < minToken:
		return errors.New("MCP_TOKEN has to have 32 characters or more: openssl rand -hex 32 makes one")
	case e.token == "" && !slices.Contains(loopback, host):
		return errors.New("other machines can reach " + e.address + ": set MCP_TOKEN to 32 characters or more, or listen on 127.0.0.1")
	}
	return nil
}

// handler serves the protocol at /mcp, to those who may.
func (e endpoint) handler(server *mcp.Server) http.Handler {
	var protocol http.Handler = mcp.NewStreamableHTTPHandler(func(*http.Request) *mcp.Server { return server }, &mcp.StreamableHTTPOptions{
		Stateless: true, JSONResponse: true, MaxRequestBodyBytes: 64 << 10, PropagateRequestCancellation: true,
		DisableLocalhostProtection: true, // guard is stricter, and knows the names behind a proxy
	})
	if e.token != "" {
		protocol = auth.RequireBearerToken(e.verify, &auth.RequireBearerTokenOptions{AllowMissingExpiration: true})(protocol)
	}
	mux := http.NewServeMux()
	mux.Handle("/mcp", e.guard(protocol))
	return mux
}

// verify compares in constant time, whatever the lengths are.
func (e endpoint) verify(_ context.Context, token string, _ *http.Request) (*auth.TokenInfo, error) {
	got, want := sha256.Sum256([]byte(token)), sha256.Sum256([]byte(e.token.Reveal()))
	if subtle.ConstantTimeCompare(got[:], want[:]) != 1 {
		return nil, auth.ErrInvalidToken
	}
	return &auth.TokenInfo{}, nil
}

// guard refuses what a web page in somebody's browser could send: requests for a host that
// is not this server's, which a name that was rebound to this machine makes, and requests
// from another origin.
func (e endpoint) guard(next http.Handler) http.Handler {
	own := slices.Concat(loopback, e.hosts)
	if host, _, err := net.SplitHostPort(e.address); err == nil && host != "" {
		own = append(own, host)
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !slices.Contains(own, hostname(r.Host)) {
			http.Error(w, "this host is not served here: name it with -allow-host", http.StatusForbidden)
			return
		}
		for _, origin := range r.Header.Values("Origin") {
			u, err := url.Parse(origin)
			if err != nil || !slices.Contains(own, strings.ToLower(u.Hostname())) {
				http.Error(w, "this origin may not call the server", http.StatusForbidden)
				return
			}
		}
		next.ServeHTTP(w, r)
	})
}

// hostname is a host without its port.
func hostname(host string) string {
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	return strings.ToLower(strings.Trim(host, "[]"))
}

// serve serves until the context ends, and then lets calls finish.
func (e endpoint) serve(ctx context.Context, server *mcp.Server, listening func(net.Addr)) error {
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", e.address)
	if err != nil {
		return err
	}
	listening(listener.Addr())
	web := &http.Server{Handler: e.handler(server), ReadHeaderTimeout: 10 * time.Second, IdleTimeout: 2 * time.Minute}
	ended := make(chan error, 1)
	go func() { ended <- web.Serve(listener) }()
	select {
	case err := <-ended:
		return err
	case <-ctx.Done():
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
	defer cancel()
	return web.Shutdown(ctx)
}
