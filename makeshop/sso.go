package makeshop

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"golang.org/x/oauth2"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/oauth"
)

// SSOConfig is what an app's single sign-on works with.
type SSOConfig struct {
	// Config is that of the API; required.
	Config Config
	// Manager keeps the grants; required. Its provider is that of [OAuth].
	Manager *oauth.Manager
	// Known reports whether the app has seen a shop before; required. The platform asks
	// apps to identify shops by their id, also over re-installs, and leaves to the app
	// whether old data is used again.
	Known func(ctx context.Context, shopID string) (bool, error)
	// ShopIDClaims are the names of claims of the ID token that hold the shop's id, the
	// first one that is there counts. They are not documented: without any, the API is
	// asked, which is the sure way and needs the scope of getShop. Name a claim only if
	// you have seen that it has the id that webhooks name: sub may well be the person.
	ShopIDClaims []string
	// Options are for the clients.
	Options []shotengai.Option
}

// SSO answers the two questions of an app that a shop's owner opens: may I go on with the
// token I have, and whose login was that? It is safe for concurrent use.
type SSO struct {
	config  SSOConfig
	clients *shotengai.Clients[Client]
}

// ssoClients is how many clients a SSO keeps. Those in use count besides.
const ssoClients = 1000

// NewSSO checks the configuration. It sends nothing.
func NewSSO(config SSOConfig) (*SSO, error) {
	switch {
	case config.Manager == nil:
		return nil, errors.New("makeshop: SSO without a manager")
	case config.Known == nil:
		return nil, errors.New("makeshop: SSO without Known")
	}
	s := &SSO{config: config}
	if _, err := s.newClient(oauth2.StaticTokenSource(nil)); err != nil {
		return nil, err
	}
	var err error
	s.clients, err = shotengai.NewClients(ssoClients, func(_ context.Context, shopID string) (*Client, error) {
		return s.newClient(config.Manager.TokenSource(shopID))
	})
	return s, err
}

func (s *SSO) newClient(tokens oauth2.TokenSource) (*Client, error) {
	return NewClient(s.config.Config, tokens, s.config.Options...)
}

// Login is the first step of the platform's sequence in one call. A shop with a valid
// temporary token gets its client, one whose token has expired gets it after a refresh,
// and one without a token, or whose refresh token is dead, gets an error that matches
// [shotengai.ErrReauthorize]: send the browser to the login then. Any other error will pass,
// or something has to be set right.
//
// Send a browser without a session to the login without calling Login. An empty shopID is an
// error that does not match [shotengai.ErrReauthorize]: an app whose sessions do not name the
// shop would send its visitors to the login again after each login.
//
// The shop's client is kept by [shotengai.Clients], so that all its logins share one limiter.
func (s *SSO) Login(ctx context.Context, shopID string) (*Client, error) {
	if strings.TrimSpace(shopID) == "" {
		return nil, errNoShopID
	}
	if _, err := s.config.Manager.Login(ctx, shopID); err != nil {
		return nil, err
	}
	return s.clients.Get(ctx, shopID)
}

var errNoShopID = errors.New("makeshop: the id of the shop is empty: send a browser without a session to the login instead of calling Login")

// Visit is who has logged in.
type Visit struct {
	// ShopID is the id that webhooks name.
	ShopID string
	// New reports that the app has not seen the shop before.
	New bool
	// Shop has the name too, if the API was asked; nil if a claim has the id.
	Shop *Shop
}

// ErrUnknownShop is a login whose shop neither the ID token nor the API names.
var ErrUnknownShop = errors.New("makeshop: neither the ID token nor the API says which shop has logged in")

// Finish finds out whose login brought a grant and whether the shop is new, and has the
// manager keep the grant. It is what OnGrant of an oauth.Handler calls. It may be repeated with
// the same grant while its temporary token lives.
func (s *SSO) Finish(ctx context.Context, grant *oauth.Grant) (*Visit, error) {
	if grant == nil {
		return nil, errors.New("makeshop: no grant")
	}
	visit, err := s.identify(ctx, grant)
	if err != nil {
		return nil, err
	}
	known, err := s.config.Known(ctx, visit.ShopID)
	if err != nil {
		return nil, fmt.Errorf("makeshop: is shop %q known: %w", visit.ShopID, err)
	}
	visit.New = !known
	if err := s.config.Manager.Put(ctx, visit.ShopID, grant); err != nil {
		return nil, err
	}
	return visit, nil
}

func (s *SSO) identify(ctx context.Context, grant *oauth.Grant) (*Visit, error) {
	var claims map[string]json.RawMessage
	_ = json.Unmarshal(grant.Claims, &claims) // none where the ID token is not verified
	for _, name := range s.config.ShopIDClaims {
		var id Scalar
		if raw, there := claims[name]; there && json.Unmarshal(raw, &id) == nil && !id.IsZero() {
			return &Visit{ShopID: id.String()}, nil
		}
	}
	client, err := s.newClient(oauth2.StaticTokenSource(grant.Token()))
	if err != nil {
		return nil, err
	}
	shop, err := client.Shop.GetLean(ctx)
	switch {
	case errors.Is(err, errNoShop), err == nil && shop.ShopID == "":
		return nil, ErrUnknownShop
	case err != nil:
		return nil, err
	}
	return &Visit{ShopID: shop.ShopID, Shop: shop}, nil
}
