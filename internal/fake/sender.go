package fake

import (
	"net/http"
	"time"
)

// outward keeps no connections. Those of http.DefaultTransport break when any
// httptest.Server is closed, be it that of another test.
var outward = &http.Transport{Proxy: http.ProxyFromEnvironment, DisableKeepAlives: true}

// Sender is the client with which a platform calls an app: a copy of the given one, or a
// plain client with a timeout of 30 s. It follows no redirects.
func Sender(client *http.Client) *http.Client {
	sender := http.Client{Transport: outward, Timeout: 30 * time.Second}
	if client != nil {
		sender = *client
	}
	sender.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &sender
}
