package main

import (
	"context"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/modelcontextprotocol/go-sdk/mcp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go"
)

const bearer = "0123456789abcdef0123456789abcdef"

// withToken adds a bearer token to each request.
type withToken string

func (w withToken) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	r.Header.Set("Authorization", "Bearer "+string(w))
	return http.DefaultTransport.RoundTrip(r)
}

func TestStreamableHTTP(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	e := endpoint{address: "127.0.0.1:0", token: bearer}
	require.NoError(t, e.check())
	listening, ended := make(chan net.Addr, 1), make(chan error, 1)
	ctx, stop := context.WithCancel(t.Context())
	go func() { ended <- e.serve(ctx, b.service.server(), func(at net.Addr) { listening <- at }) }()
	address := "http://" + (<-listening).String() + "/mcp"
	session := connect(t, &mcp.StreamableClientTransport{Endpoint: address, HTTPClient: &http.Client{Transport: withToken(bearer)}, DisableStandaloneSSE: true})
	for _, shop := range everyShop {
		result, text := call(t, session, "list_orders", month(shop))
		assert.False(t, result.IsError, text)
	}
	_, err := mcp.NewClient(&mcp.Implementation{Name: "stranger", Version: "1"}, nil).Connect(t.Context(),
		&mcp.StreamableClientTransport{Endpoint: address, HTTPClient: &http.Client{Transport: withToken("wrong")}, MaxRetries: -1}, nil)
	require.Error(t, err)
	require.NoError(t, session.Close())
	stop()
	assert.NoError(t, <-ended)
}

func TestStrangersAreRefused(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	for _, tt := range []struct {
		name   string
		e      endpoint
		host   string
		header map[string]string
		status int
	}{
		{"loopback", endpoint{address: "127.0.0.1:8800"}, "127.0.0.1:8800", nil, http.StatusOK},
		{"localhost", endpoint{address: "127.0.0.1:8800"}, "localhost:8800", nil, http.StatusOK},
		{"version 6", endpoint{address: "[::1]:8800"}, "[::1]:8800", nil, http.StatusOK},
		{"a page of this machine", endpoint{address: "127.0.0.1:8800"}, "localhost:8800", map[string]string{"Origin": "http://localhost:3000"}, http.StatusOK},
		{"a name that was rebound", endpoint{address: "127.0.0.1:8800"}, "evil.example:8800", nil, http.StatusForbidden},
		{"a name that looks like it", endpoint{address: "127.0.0.1:8800"}, "localhost.evil.example", nil, http.StatusForbidden},
		{"another origin", endpoint{address: "127.0.0.1:8800"}, "127.0.0.1:8800", map[string]string{"Origin": "https://evil.example"}, http.StatusForbidden},
		{"no origin at all", endpoint{address: "127.0.0.1:8800"}, "127.0.0.1:8800", map[string]string{"Origin": "null"}, http.StatusForbidden},
		{"no token", endpoint{address: "0.0.0.0:8800", token: bearer, hosts: []string{"mcp.example"}}, "mcp.example", nil, http.StatusUnauthorized},
		{"a wrong token", endpoint{address: ":8800", token: bearer, hosts: []string{"mcp.example"}}, "mcp.example", map[string]string{"Authorization": "Bearer " + bearer[1:]}, http.StatusUnauthorized},
		{"the token", endpoint{address: ":8800", token: bearer, hosts: []string{"mcp.example"}}, "MCP.example", map[string]string{"Authorization": "Bearer " + bearer}, http.StatusOK},
		{"the token, another host", endpoint{address: ":8800", token: bearer}, "mcp.example", map[string]string{"Authorization": "Bearer " + bearer}, http.StatusForbidden},
	} {
		body := `{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-06-18","capabilities":{},"clientInfo":{"name":"t","version":"1"}}}`
		r := httptest.NewRequest(http.MethodPost, "/mcp", strings.NewReader(body))
		r.Host = tt.host
		r.Header.Set("Content-Type", "application/json")
		r.Header.Set("Accept", "application/json, text/event-stream")
		for name, value := range tt.header {
			r.Header.Set(name, value)
		}
		w := httptest.NewRecorder()
		tt.e.handler(b.service.server()).ServeHTTP(w, r)
		assert.Equal(t, tt.status, w.Code, "%s: %s", tt.name, w.Body)
		assert.NotContains(t, w.Body.String(), bearer)
	}
}

func TestOtherMachinesNeedAToken(t *testing.T) {
	t.Parallel()
	for address, token := range map[string]shotengai.Secret{
		":8800": "", "0.0.0.0:8800": "", "[::]:8800": "", "mcp.example:8800": "", "127.0.0.1:8800": "short", "127.0.0.1": "",
	} {
		assert.Error(t, endpoint{address: address, token: token}.check(), address)
	}
	for address, token := range map[string]shotengai.Secret{":8800": bearer, "127.0.0.1:8800": "", "localhost:0": "", "[::1]:8800": ""} {
		assert.NoError(t, endpoint{address: address, token: token}.check(), address)
	}
}

func TestLargeRequestsAreRefused(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	r := httptest.NewRequest(http.MethodPost, "/mcp", strings.NewReader(`{"jsonrpc":"2.0","x":"`+strings.Repeat("x", 100<<10)+`"}`))
	r.Host = "localhost"
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Accept", "application/json, text/event-stream")
	w := httptest.NewRecorder()
	endpoint{address: "127.0.0.1:8800"}.handler(b.service.server()).ServeHTTP(w, r)
	assert.Equal(t, http.StatusRequestEntityTooLarge, w.Code)
}
