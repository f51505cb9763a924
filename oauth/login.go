package oauth

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"errors"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"
	"time"

	"golang.org/x/oauth2"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/internal/text"
)

// LoginLifetime is how long a login may take from Begin to Exchange.
const LoginLifetime = 10 * time.Minute

// A state is what [rand.Text] makes: platforms differ in what they bring back unchanged,
// letters and digits pass everywhere.
const (
	stateLength   = 26
	stateAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
)

// Login is one attempt to get a shop's permission. It belongs to the browser that it
// was begun for: keep it where only that browser's callback finds it, use it once, and
// pass it on unchanged. [Handler] does all of this.
type Login struct {
	// URL is where to send the owner.
	URL string
	// State comes back with the redirect: letters and digits, 26 of them.
	State string
	// Verifier is the PKCE code verifier; empty where PKCE is off.
	Verifier shotengai.Secret
	// Nonce comes back in the ID token; empty where it is off.
	Nonce shotengai.Secret
	// ExpiresAt ends the login, LoginLifetime after its begin.
	ExpiresAt time.Time
}

// LoginOption changes a single login.
type LoginOption func(*loginOptions) error

type loginOptions struct {
	scopes []string
	params url.Values
}

// WithScopes asks for other permissions than the client's usual ones.
func WithScopes(scopes ...string) LoginOption {
	return func(o *loginOptions) error {
		o.scopes = scopes
		return nil
	}
}

// WithParam adds a parameter to the login address, in place of one of the same name in
// the provider's AuthParams.
func WithParam(name, value string) LoginOption {
	return func(o *loginOptions) error {
		if err := checkParam(name); err != nil {
			return err
		}
		o.params.Set(name, value)
		return nil
	}
}

// loginParams are the parameters of a login address that Begin alone sets.
var loginParams = []string{
	"response_type", "client_id", "redirect_uri", "scope", "state", "nonce",
	"code_challenge", "code_challenge_method", "client_secret",
}

func checkParam(name string) error {
	if name == "" || slices.Contains(loginParams, name) {
		return fmt.Errorf("login parameter %q cannot be set", name)
	}
	return nil
}

// Begin starts a login: fresh state, verifier and nonce, and the address that carries
// them. It sends nothing.
func (p *Provider) Begin(opts ...LoginOption) (Login, error) {
	if err := p.Validate(); err != nil {
		return Login{}, err
	}
	o := loginOptions{scopes: p.Client.Scopes, params: url.Values{}}
	maps.Copy(o.params, p.AuthParams)
	for _, opt := range opts {
		if err := opt(&o); err != nil {
			return Login{}, fmt.Errorf("oauth: %s: %w", p.Name, err)
		}
	}
	login := Login{State: rand.Text(), ExpiresAt: now().Add(LoginLifetime)}
	o.params.Set("response_type", "code")
	o.params.Set("client_id", p.Client.ID)
	o.params.Set("redirect_uri", p.Client.RedirectURL)
	o.params.Set("state", login.State)
	if len(o.scopes) > 0 {
		o.params.Set("scope", strings.Join(o.scopes, " "))
	}
	if p.PKCE {
		verifier := oauth2.GenerateVerifier()
		login.Verifier = shotengai.Secret(verifier)
		o.params.Set("code_challenge", oauth2.S256ChallengeFromVerifier(verifier))
		o.params.Set("code_challenge_method", "S256")
	}
	if p.Nonce {
		nonce := rand.Text()
		login.Nonce = shotengai.Secret(nonce)
		o.params.Set("nonce", nonce)
	}
	login.URL = withQuery(p.AuthURL, o.params)
	return login, nil
}

// now is the wall clock alone: a monotonic reading would not see a machine sleep.
func now() time.Time { return time.Now().Round(0).UTC() }

func withQuery(address string, params url.Values) string {
	separator := "?"
	if strings.Contains(address, "?") {
		separator = "&"
	}
	return address + separator + params.Encode()
}

// Exchange finishes a login with the query of the redirect: it compares the state,
// refuses a redirect that brings an error, is late or has a parameter twice, turns the
// code into a grant and, where the platform sends one, has the ID token verified.
//
// It sends one request with the code, which can be used once: after any error but
// [UnverifiedError] the owner has to begin a new login. A grant that is not returned, such as
// one whose ID token was refused, is revoked where the platform can.
func (p *Provider) Exchange(ctx context.Context, login Login, query url.Values) (*Grant, error) {
	if err := p.Validate(); err != nil {
		return nil, err
	}
	if err := p.checkCallback(login, query); err != nil {
		return nil, err
	}
	grant, err := p.exchangeCode(ctx, login, query.Get("code"))
	if err != nil {
		return nil, err
	}
	if granted := query.Get("scope"); grant.Scopes == nil && granted != "" {
		grant.Scopes = strings.Fields(granted)
	}
	return p.finish(ctx, login, grant)
}

// ExchangeCode finishes a login with a code that a person has copied from the
// platform's page, as with [OutOfBand]. There is no state to compare then: take the
// code from the owner of the login and nobody else.
func (p *Provider) ExchangeCode(ctx context.Context, login Login, code string) (*Grant, error) {
	if err := p.Validate(); err != nil {
		return nil, err
	}
	if err := p.checkAge(login); err != nil {
		return nil, err
	}
	code = strings.TrimSpace(code)
	if code == "" || len(code) > maxCode {
		return nil, fmt.Errorf("oauth: %s: %w: no code", p.Name, ErrCallback)
	}
	grant, err := p.exchangeCode(ctx, login, code)
	if err != nil {
		return nil, err
	}
	return p.finish(ctx, login, grant)
}

// maxCode bounds what a browser can make us send on.
const maxCode = 4 << 10

// checkCallback checks first whose redirect it is, so that a stranger learns nothing else.
func (p *Provider) checkCallback(login Login, query url.Values) error {
	for _, name := range []string{"state", "code", "error", "error_description", "scope", "iss"} {
		if len(query[name]) > 1 {
			return fmt.Errorf("oauth: %s: %w: %s is given %d times", p.Name, ErrCallback, name, len(query[name]))
		}
	}
	state := query.Get("state")
	if login.State == "" || subtle.ConstantTimeCompare([]byte(state), []byte(login.State)) != 1 {
		return p.stray(query, ErrStateMismatch)
	}
	if issuer := query.Get("iss"); p.Issuer != "" && issuer != "" && issuer != p.Issuer {
		return fmt.Errorf("oauth: %s: %w: the redirect is from the issuer %q, not from %q",
			p.Name, ErrStateMismatch, text.Excerpt([]byte(issuer), maxErrorCode), p.Issuer)
	}
	if err := p.checkAge(login); err != nil {
		return err
	}
	if query.Get("error") != "" {
		return p.denied(query)
	}
	if code := query.Get("code"); code == "" || len(code) > maxCode {
		return fmt.Errorf("oauth: %s: %w: no code", p.Name, ErrCallback)
	}
	return nil
}

func (p *Provider) checkAge(login Login) error {
	if !now().Before(login.ExpiresAt) {
		return fmt.Errorf("oauth: %s: %w", p.Name, ErrLoginExpired)
	}
	if p.PKCE && login.Verifier == "" {
		return fmt.Errorf("oauth: %s: %w: its PKCE verifier is lost", p.Name, ErrStateMismatch)
	}
	if p.Nonce && login.Nonce == "" {
		return fmt.Errorf("oauth: %s: %w: its nonce is lost", p.Name, ErrStateMismatch)
	}
	return nil
}

func (p *Provider) exchangeCode(ctx context.Context, login Login, code string) (*Grant, error) {
	form := url.Values{
		"grant_type":   {"authorization_code"},
		"code":         {code},
		"redirect_uri": {p.Client.RedirectURL},
	}
	if login.Verifier != "" {
		form.Set("code_verifier", login.Verifier.Reveal())
	}
	grant, err := p.token(ctx, "exchange", form)
	if err != nil && grant != nil {
		err = p.discarded(ctx, grant, err)
	}
	if err != nil {
		return nil, err
	}
	return grant, nil
}

// finish completes a fresh grant with what the token answer leaves to others.
func (p *Provider) finish(ctx context.Context, login Login, grant *Grant) (*Grant, error) {
	if grant.Scopes == nil {
		grant.Scopes = slices.Clone(p.Client.Scopes)
	}
	grant.Nonce = login.Nonce
	grant.RefreshMissing = grant.RefreshToken == "" && (p.Rotates || p.RefreshScope != "")
	if p.VerifyIDToken == nil {
		return grant, nil
	}
	if grant.IDToken == "" {
		return nil, p.discarded(ctx, grant, fmt.Errorf("oauth: %s: %w: the answer has none", p.Name, ErrIDToken))
	}
	return p.verify(ctx, grant)
}

// verify judges the ID token of a grant. The grant is kept while that cannot be done.
func (p *Provider) verify(ctx context.Context, grant *Grant) (*Grant, error) {
	claims, err := p.VerifyIDToken(ctx, grant.IDToken.Reveal(), grant.Nonce)
	switch {
	case err == nil:
		verified := *grant
		verified.Claims = claims
		return &verified, nil
	case errors.Is(err, shotengai.ErrUnavailable):
		return nil, p.unverified(grant, err)
	}
	return nil, p.discarded(ctx, grant, fmt.Errorf("oauth: %s: %w: %w", p.Name, ErrIDToken, err))
}

// discardTimeout is how long a grant that nobody wants may hold up the error that says so.
const discardTimeout = 5 * time.Second

// discarded ends a grant at the platform, where that is possible, because of an error, which
// it returns.
func (p *Provider) discarded(ctx context.Context, grant *Grant, err error) error {
	if p.RevokeURL == "" {
		return err
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), discardTimeout)
	defer cancel()
	if failed := p.Revoke(ctx, grant); failed != nil {
		return fmt.Errorf("%w; its grant was not revoked: %s", err, failed.Error()) // as text: it is not why
	}
	return err
}

// Refresh renews a grant. The result is a whole new grant: what the answer leaves out,
// such as the refresh token, the scopes and the claims, is taken over from g, which is
// not changed. The ID token of a refresh is kept but not verified; if it has a nonce, it has to
// be the login's, or the earlier ID token is kept.
//
// It sends at most one request. Where refresh tokens rotate, g is worth nothing after a
// success, and the new grant has to be saved before it is used; the manager of this
// package does that, also when several processes share the grant.
//
// An answer is not judged by its form: if each of the two tokens is in it with one value that
// can be sent, they are taken, whatever else is wrong with it. The manager reports that by
// [EventOddAnswer].
func (p *Provider) Refresh(ctx context.Context, g *Grant) (*Grant, error) {
	renewed, _, err := p.refresh(ctx, g)
	return renewed, err
}

// refresh is Refresh, and returns what was wrong with an answer that has tokens in it.
func (p *Provider) refresh(ctx context.Context, g *Grant) (renewed *Grant, flaw, err error) {
	if err := p.Validate(); err != nil {
		return nil, nil, err
	}
	if g == nil || g.RefreshToken == "" {
		return nil, nil, fmt.Errorf("oauth: %s: refresh: the grant has no refresh token: %w: %w", p.Name, ErrNotSent, shotengai.ErrReauthorize)
	}
	renewed, flaw, err = p.renew(ctx, url.Values{
		"grant_type":    {"refresh_token"},
		"refresh_token": {g.RefreshToken.Reveal()},
	}, g.Nonce)
	if err != nil {
		return nil, nil, err
	}
	renewed.Nonce = g.Nonce
	if renewed.RefreshToken == "" {
		renewed.RefreshToken, renewed.RefreshExpiry = g.RefreshToken, g.RefreshExpiry
	}
	if renewed.IDToken == "" {
		renewed.IDToken = g.IDToken
	}
	if renewed.Scopes == nil {
		renewed.Scopes = slices.Clone(g.Scopes)
	}
	renewed.Claims = slices.Clone(g.Claims)
	return renewed, flaw, nil
}

// Revoke ends a grant at the platform. It names the refresh token, or the access token
// where there is no other; either ends both. A grant that had ended before is no error.
func (p *Provider) Revoke(ctx context.Context, g *Grant) error {
	if err := p.Validate(); err != nil {
		return err
	}
	if p.RevokeURL == "" {
		return fmt.Errorf("oauth: %s: revoke: %w", p.Name, ErrNotSupported)
	}
	form := url.Values{}
	switch {
	case g != nil && g.RefreshToken != "":
		form.Set("token", g.RefreshToken.Reveal())
		form.Set("token_type_hint", "refresh_token")
	case g != nil && g.AccessToken != "":
		form.Set("token", g.AccessToken.Reveal())
		form.Set("token_type_hint", "access_token")
	default:
		return fmt.Errorf("oauth: %s: revoke: the grant has no token: %w", p.Name, ErrNotSent)
	}
	return p.revoke(ctx, form)
}
