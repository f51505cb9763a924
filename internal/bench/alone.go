//go:build !peers

package main

import "net/http"

// Without the peers, which take a minute to compile, the library is compared with the bare standard
// library alone.

var (
	compared     = []string{"oauth2"}
	peerPrograms [][2]string
)

func peerGets() []subject                              { return nil }
func peerPages() []subject                             { return nil }
func peerQuery(*http.Client, func() error) []pair      { return nil }
func peerWebhooks([]byte, string, func() error) []pair { return nil }
func peerIDTokens(signer, string, func() error) []pair { return nil }
func peerClients() []figure                            { return nil }
