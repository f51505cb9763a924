package oauth

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"time"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/internal/httpx"
)

// AuthStyle is how an app proves itself to the token endpoint. It is never guessed:
// trying one style after the other sends a single-use refresh token twice.
type AuthStyle int

const (
	// SecretInBody sends client_id and client_secret in the form (Color Me).
	SecretInBody AuthStyle = iota
	// SecretInHeader sends both as Basic credentials, each form-encoded as RFC 6749 has it,
	// and client_id in the form too (makeshop asks for it in both places). See RawBasic.
	SecretInHeader
	// PrivateKeyJWT sends client_id and an assertion signed with the app's key (STORES).
	PrivateKeyJWT
)

// Provider is a platform's authorisation server as data. The platforms' packages build
// it; its fields may be changed before the first use, after that it is safe for
// concurrent use.
type Provider struct {
	// Name is the platform in lower case, such as "colorme".
	Name string
	// Client is the app.
	Client Client

	// Issuer is the platform's issuer identifier; empty where none is known. A redirect that
	// names another one by iss (RFC 9207) is refused: an app with several platforms could be
	// made to send the code of one to another.
	Issuer string
	// AuthURL is where the owner permits the access.
	AuthURL string
	// TokenURL is where codes and refresh tokens are turned into grants.
	TokenURL string
	// RevokeURL ends a grant; empty where the platform cannot.
	RevokeURL string

	// AuthStyle is how the app proves itself.
	AuthStyle AuthStyle
	// RawBasic sends Basic credentials as they are, for a platform that does not decode them
	// (makeshop, by its documentation). It makes a difference for an id or a secret with other
	// characters than letters, digits and "-_.~".
	RawBasic bool
	// Assert returns a fresh assertion for the given audience, always TokenURL. It is
	// required with PrivateKeyJWT and unused otherwise; package oauth/assertion has one.
	Assert func(ctx context.Context, audience string) (string, error)

	// PKCE binds the code to the login with a verifier; the method is always S256.
	PKCE bool
	// Nonce binds the ID token to the login.
	Nonce bool
	// AuthParams are added to the login address, such as prompt=login.
	AuthParams url.Values
	// VerifyIDToken checks the ID token of a login and returns its payload; nil where
	// the platform sends none. Package oauth/idtoken has one. The nonce is empty unless
	// Nonce is set.
	VerifyIDToken func(ctx context.Context, token string, nonce shotengai.Secret) (json.RawMessage, error)

	// AccessLifetime is how long an access token lives if the answer does not say so;
	// 0 means that it does not expire (Color Me).
	AccessLifetime time.Duration
	// RefreshLifetime is how long an unused refresh token lives; 0 means that it is not
	// known to end.
	RefreshLifetime time.Duration
	// RefreshWindow is how long before its end an access token is renewed; 0 means 40 %
	// of its lifetime, at least 30 s and at most 15 min.
	RefreshWindow time.Duration
	// Rotates is set where each refresh replaces the refresh token: losing an answer may
	// lose the grant, so such grants need a store that survives a restart.
	Rotates bool

	// RefreshScope is the scope without which the platform issues no refresh token, for an
	// app that needs one: Validate demands it of the client. Empty where there is none.
	RefreshScope string

	// InvalidGrantCodes are further values of the member error that mean invalid_grant,
	// for a platform whose codes are free text.
	InvalidGrantCodes []string

	// HTTPClient sends the requests; nil means one with the default transport. It is
	// copied; redirects are never followed and cookies never kept. Each request has a
	// connection of its own, so that no server closes one that it travels on: an
	// [http.Transport] is copied without its keep-alive. Any other RoundTripper is asked by
	// Request.Close to close the connection afterwards; let it rest on a transport of which
	// that is true for all requests.
	HTTPClient *http.Client

	// Observe is called for each request to the token and the revocation endpoint, as
	// [shotengai.WithObserver] describes; nil for none. The operations are "oauth exchange",
	// "oauth refresh" and "oauth revoke". No request is repeated here, so that a call has one
	// attempt, or none if nothing could be sent; a [Manager] that asks once more makes another
	// call.
	Observe func(ctx context.Context, c shotengai.Call)
}

// Validate reports everything that is missing or unsafe, a line each. The methods of a
// Provider call it first.
func (p *Provider) Validate() error {
	wrong := p.checkClient()
	for _, name := range slices.Sorted(maps.Keys(p.AuthParams)) {
		wrong = append(wrong, checkParam(name))
	}
	for _, endpoint := range []struct{ field, address string }{
		{"AuthURL", p.AuthURL}, {"TokenURL", p.TokenURL}, {"RevokeURL", p.RevokeURL},
	} {
		if endpoint.address == "" && endpoint.field == "RevokeURL" {
			continue
		}
		if err := checkEndpoint(endpoint.address); err != nil {
			wrong = append(wrong, fmt.Errorf("%s: %w", endpoint.field, err))
		}
	}
	var errs []error
	for _, err := range wrong {
		if err != nil {
			errs = append(errs, fmt.Errorf("oauth: %s: %w", p.Name, err))
		}
	}
	return errors.Join(errs...)
}

// checkClient returns what is wrong with the app.
func (p *Provider) checkClient() (wrong []error) {
	if p.Client.ID == "" {
		wrong = append(wrong, errors.New("no client id"))
	}
	switch p.AuthStyle {
	case SecretInBody, SecretInHeader:
		if p.Client.Secret == "" {
			wrong = append(wrong, errors.New("no client secret"))
		}
	case PrivateKeyJWT:
		if p.Assert == nil {
			wrong = append(wrong, errors.New("no Assert function"))
		}
	default:
		wrong = append(wrong, fmt.Errorf("unknown auth style %d", p.AuthStyle))
	}
	if p.RefreshScope != "" && !slices.Contains(p.Client.Scopes, p.RefreshScope) {
		wrong = append(wrong, fmt.Errorf("without the scope %s no grant can be refreshed", p.RefreshScope))
	}
	if p.Client.RedirectURL == "" {
		wrong = append(wrong, errors.New("no redirect address"))
	}
	return wrong
}

// checkEndpoint demands https, but for a loopback address, where fakes live.
func checkEndpoint(address string) error {
	u, err := url.Parse(address)
	switch {
	case err != nil:
		return errors.New("not an address")
	case u.Host == "":
		return errors.New("no host")
	case u.User != nil:
		return errors.New("user information is not allowed")
	case u.Fragment != "":
		return errors.New("a fragment is not allowed")
	case u.Scheme == "https":
		return nil
	case u.Scheme == "http" && httpx.Loopback(u.Hostname()):
		return nil
	}
	return errors.New("https is required")
}
