package api

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"
	"unique"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/internal/httpx"
)

// Defaults of every client.
const (
	DefaultAttemptTimeout = 30 * time.Second
	DefaultBodyLimit      = 10 << 20
)

// config is the settings of a client after they were checked. What many clients have in
// common is in memory once.
type config struct {
	shotengai.Settings

	base      unique.Handle[url.URL]
	client    *http.Client
	userAgent unique.Handle[string]
}

// apply applies the options to the defaults of a platform. Its error has all that is wrong, a
// line each.
func (c *config) apply(p *Platform, opts []shotengai.Option) error {
	c.Settings = shotengai.Settings{
		RetryPolicy: shotengai.DefaultRetryPolicy(),
		Timeout:     DefaultAttemptTimeout,
		BodyLimit:   DefaultBodyLimit,
		Clock:       time.Now,
	}
	if p.Limiter != nil {
		c.Limiter = p.Limiter()
	}
	if p.GroupLimiter != nil {
		c.GroupLimiters = make(map[string]shotengai.Limiter)
	}
	var wrong []error
	note := func(err error) {
		if err != nil {
			wrong = append(wrong, fmt.Errorf("%s: %w", p.Name, err))
		}
	}
	for _, opt := range opts {
		if opt == nil {
			note(errors.New("an option is nil"))
			continue
		}
		note(opt(&c.Settings))
	}
	base, publicOnly, err := c.address(p)
	note(err)
	if len(wrong) > 0 {
		return errors.Join(wrong...)
	}
	if len(c.GroupLimiters) == 0 {
		c.GroupLimiters = nil
	}
	c.base = unique.Make(*base)
	c.userAgent = unique.Make(strings.TrimSpace(c.UserAgent + " shotengai-go/" + shotengai.Version + " (" + p.Name + ")"))
	c.client = c.httpClient(publicOnly)
	return nil
}

// address returns where calls go, and whether that may be at public addresses only.
func (c *config) address(p *Platform) (base *url.URL, publicOnly bool, err error) {
	if c.TestServer != "" {
		base, err := parseBase("test server", c.TestServer)
		if err == nil && !httpx.Loopback(base.Hostname()) {
			err = fmt.Errorf("test server: %q is not on this machine", base.Hostname())
		}
		return base, false, err
	}
	if c.BaseURL != "" && p.AnyHost {
		return nil, false, errors.New("base URL: the address of this platform is part of its configuration")
	}
	address := c.BaseURL
	if address == "" {
		address = p.BaseURL
	}
	base, err = parseBase("base URL", address)
	switch {
	case err != nil:
		return nil, false, err
	case base.Scheme != "https":
		return nil, false, errors.New("base URL: only https is allowed")
	case p.knows(base.Hostname()):
		return base, false, nil
	case !p.AnyHost:
		return nil, false, fmt.Errorf("base URL: %q is no host of this platform", base.Hostname())
	case !publicName(base.Hostname()):
		return nil, false, fmt.Errorf("base URL: %q is not on the public internet", base.Hostname())
	}
	return base, true, nil
}

func parseBase(what, address string) (*url.URL, error) {
	u, err := url.Parse(address)
	if err != nil {
		return nil, errors.New(what + ": not a URL")
	}
	if u.Scheme != "https" && u.Scheme != "http" || u.Hostname() == "" {
		return nil, errors.New(what + ": needs a scheme and a host")
	}
	if u.User != nil || u.RawQuery != "" || u.ForceQuery || u.Fragment != "" || u.Opaque != "" {
		return nil, errors.New(what + ": user info, query and fragment are not allowed")
	}
	return u, nil
}

func (p *Platform) knows(host string) bool {
	host = strings.ToLower(host)
	for _, known := range p.Hosts {
		if host == known || strings.HasPrefix(known, ".") && strings.HasSuffix(host, known) {
			return true
		}
	}
	return false
}
