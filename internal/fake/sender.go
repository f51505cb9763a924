package fake

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"time"
)

// outward keeps no connections. Those of http.DefaultTransport break when any
// httptest.Server is closed, be it that of another test.
var outward = &http.Transport{Proxy: http.ProxyFromEnvironment, DisableKeepAlives: true}

// maxAnswer is how much of an answer is read.
const maxAnswer = 64 << 10

// Answer is what an app answers to a hook.
type Answer struct {
	Status int
	Header http.Header
	// Body is at most 64 KiB of it.
	Body []byte
}

// Post sends a hook as a platform does: once, unchanged, and without following a
// redirect. The client is a copy of the given one, or a plain one with a timeout of 30 s.
// When the answer breaks off, what came of it is returned beside the error.
func Post(ctx context.Context, client *http.Client, address string, header http.Header, body []byte) (Answer, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, address, bytes.NewReader(body))
	if err != nil {
		return Answer{}, err
	}
	req.Header = header.Clone()
	sender := http.Client{Transport: outward, Timeout: 30 * time.Second}
	if client != nil {
		sender = *client
	}
	sender.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	resp, err := sender.Do(req)
	if err != nil {
		return Answer{}, err
	}
	defer func() { _ = resp.Body.Close() }()
	answer := Answer{Status: resp.StatusCode, Header: resp.Header}
	answer.Body, err = io.ReadAll(io.LimitReader(resp.Body, maxAnswer))
	return answer, err
}
