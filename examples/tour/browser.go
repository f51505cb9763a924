package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
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

// browse opens an address in the browser of a shop's owner and returns the text of the page
// where it ends.
func (s *site) browse(ctx context.Context, browser *http.Client, address string) (string, error) {
	browser.Transport = s.Client().Transport // trusts the site's certificate
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
