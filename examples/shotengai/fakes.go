package main

import (
	"context"
	"fmt"
	"net"
	"net/url"
	"time"

	"github.com/shotengai/shotengai-go/oauth"
	"github.com/shotengai/shotengai-go/shotengaitest"
)

// starters start the fakes on a listener, with their rate limits or without, by platform.
var starters = map[string]func(listener net.Listener, limits bool) *fake{
	"colorme": startColorMe, "makeshop": startMakeShop, "rakuten": startRakuten, "stores": startStores,
}

// fake is a running fake with what the control API does to it. The functions panic for what
// the fake does not allow.
type fake struct {
	server   server
	url      string
	app      func() map[string]any    // the registration, as the API shows it
	register func(registration) error // nil where there is no login
	addShop  func(seed) *shop
	first    *shop
}

// server is what the fakes of all platforms have.
type server interface {
	Close()
	Fail(n int, f shotengaitest.Fault)
	Heal()
	Requests() []shotengaitest.Request
	Now() time.Time
	Advance(d time.Duration)
}

// shop is a shop of a fake.
type shop struct {
	id          string
	credentials func() credentials // what opens the shop
	addOrder    func(members map[string]any) string
	steps       map[string]func(order string) // what may happen to an order
	grants      map[string]func() credentials // what may happen to the grants of the shop, or its key
	login       func()                        // seats the owner at the login page; nil without one
	fire        func(context.Context, event) (delivery, error)
}

type credentials map[string]string

// then is a change of the grants that brings no new credentials.
func then(change func()) func() credentials {
	return func() credentials { change(); return nil }
}

// seed is a new shop.
type seed struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// registration changes how a fake treats the app.
type registration struct {
	RedirectURI string `json:"redirect_uri"` // to add
	DenyLogins  *bool  `json:"deny_logins"`
}

// loginServer is what the fakes of platforms with a login have.
type loginServer interface {
	Provider(redirectURL string) (*oauth.Provider, error)
	DenyLogins(deny bool)
}

func registerAt(srv loginServer) func(registration) error {
	return func(r registration) error {
		if r.DenyLogins != nil {
			srv.DenyLogins(*r.DenyLogins)
		}
		if r.RedirectURI == "" {
			return nil
		}
		if u, err := url.Parse(r.RedirectURI); err != nil || !u.IsAbs() {
			return refusedf("redirect_uri %q is no address", r.RedirectURI)
		}
		if _, err := srv.Provider(r.RedirectURI); err != nil {
			return refusedf("redirect_uri: %v", err)
		}
		return nil
	}
}

// event is a hook to fire.
type event struct {
	Kind   string            `json:"kind"`
	URL    string            `json:"url"`
	Plan   string            `json:"plan"`
	Reason string            `json:"reason"`
	Orders []string          `json:"orders"`
	Fields map[string]string `json:"fields"`
}

// delivery is a hook as it was sent and answered.
type delivery struct {
	Status      int    `json:"status,omitempty"`
	Answer      string `json:"answer,omitempty"`
	RedirectURL string `json:"redirect_url,omitempty"`
	ResultCode  string `json:"result_code,omitempty"`
	Body        string `json:"body,omitempty"`
	Signature   string `json:"signature,omitempty"`
	Error       string `json:"error,omitempty"`
}

// refusal is a request of the control API that cannot be carried out.
type refusal struct {
	status int
	text   string
}

func (r *refusal) Error() string { return r.text }

// refusedf is a refusal of what the request asks for.
func refusedf(format string, args ...any) error {
	return &refusal{400, fmt.Sprintf(format, args...)}
}
