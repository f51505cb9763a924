package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"strings"
)

// site is the app's own web server, with TLS as browsers and platforms demand it.
type site struct {
	*httptest.Server

	mux *http.ServeMux
}

func newSite() *site {
	mux := http.NewServeMux()
	return &site{httptest.NewTLSServer(mux), mux}
}

// browse opens an address as the shop owner's browser does: it keeps cookies, follows
// redirects and returns the text of the last page.
func (s *site) browse(ctx context.Context, address string) (string, error) {
	jar, err := cookiejar.New(nil)
	if err != nil {
		return "", err
	}
	browser := *s.Client()
	browser.Jar = jar
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return "", err
	}
	resp, err := browser.Do(req)
	if err != nil {
		return "", err
	}
	defer resp.Body.Close()
	page, err := io.ReadAll(io.LimitReader(resp.Body, 1<<20))
	if err == nil && resp.StatusCode != http.StatusOK {
		err = fmt.Errorf("the browser ended at a page with status %d: %s", resp.StatusCode, page)
	}
	return strings.TrimSpace(string(page)), err
}
