package oauthtest

import (
	"slices"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/oauth"
)

// Register replaces the registration of the client: its credentials and the addresses that
// a login may return to. [Config.ClientKeys] are set by SetClientKeys.
func (a *Authority) Register(clientID string, clientSecret shotengai.Secret, redirectURLs []string) {
	a.Update(func(c *Config) {
		c.ClientID, c.ClientSecret = clientID, clientSecret
		c.RedirectURLs = append([]string{}, redirectURLs...)
	})
}

// RedirectURLs returns the registered redirect addresses.
func (a *Authority) RedirectURLs() []string {
	a.mu.Lock()
	defer a.mu.Unlock()
	return slices.Clone(a.config.RedirectURLs)
}

// Adopt leads an app's provider to this server: it sets the addresses and the HTTP client,
// and registers the redirect address. It takes what the OAuth functions of the platforms
// return:
//
//	provider, err := a.Adopt(colorme.OAuth(client))
func (a *Authority) Adopt(p *oauth.Provider, err error) (*oauth.Provider, error) {
	if err != nil {
		return nil, err
	}
	p.AuthURL, p.TokenURL, p.RevokeURL, p.HTTPClient = a.AuthURL, a.TokenURL, a.RevokeURL, a.client
	if err := p.Validate(); err != nil {
		return nil, err
	}
	a.Update(func(c *Config) {
		if c.RedirectURLs != nil && !slices.Contains(c.RedirectURLs, p.Client.RedirectURL) {
			c.RedirectURLs = append(slices.Clone(c.RedirectURLs), p.Client.RedirectURL)
		}
	})
	return p, nil
}

// LoginAs decides whose owner is logged in.
func (a *Authority) LoginAs(shop string) {
	a.Update(func(c *Config) { c.Shop = shop })
}

// DenyLogins lets the owner refuse every login at once, or allow it again.
func (a *Authority) DenyLogins(deny bool) {
	a.Update(func(c *Config) {
		c.Consent = Allow
		if deny {
			c.Consent = Deny
		}
	})
}
