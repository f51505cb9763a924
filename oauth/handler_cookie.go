package oauth

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/shotengai/shotengai-go"
)

// loginRecord is a login as it travels in the cookie, encrypted.
type loginRecord struct {
	Verifier  string `json:"v,omitzero"`
	Nonce     string `json:"n,omitzero"`
	Hint      string `json:"h,omitzero"`
	ExpiresAt int64  `json:"e"` // unix milliseconds
}

// sealKey ties a cookie to the app and the state: it opens for no other.
func (h *Handler) sealKey(state string) Key {
	return Key{Platform: "login:" + h.config.Provider.Name, App: h.config.Provider.Client.ID, Shop: state}
}

func (h *Handler) sealLogin(login Login, hint string) (*http.Cookie, error) {
	plain, err := json.Marshal(loginRecord{
		Verifier:  login.Verifier.Reveal(),
		Nonce:     login.Nonce.Reveal(),
		Hint:      hint,
		ExpiresAt: login.ExpiresAt.UnixMilli(),
	})
	if err != nil {
		return nil, fmt.Errorf("oauth: keep the login: %w", err)
	}
	sealed, err := h.config.Sealer.Seal(h.sealKey(login.State), plain)
	if err != nil {
		return nil, fmt.Errorf("oauth: keep the login: %w", err)
	}
	value := base64.RawURLEncoding.EncodeToString(sealed)
	return h.cookie(login.State, value, int(LoginLifetime/time.Second)), nil
}

// openLogin returns the login that this browser began with the state.
func (h *Handler) openLogin(r *http.Request, state string) (Login, string, error) {
	if len(state) != stateLength || strings.Trim(state, stateAlphabet) != "" {
		return Login{}, "", ErrStateMismatch
	}
	cookies := r.CookiesNamed(h.cookieName(state))
	if len(cookies) != 1 {
		return Login{}, "", fmt.Errorf("%w: this browser has no such login", ErrStateMismatch)
	}
	sealed, err := base64.RawURLEncoding.Strict().DecodeString(cookies[0].Value)
	if err != nil {
		return Login{}, "", fmt.Errorf("%w: the login's cookie was changed", ErrStateMismatch)
	}
	plain, err := h.config.Sealer.Open(h.sealKey(state), sealed)
	if err != nil {
		return Login{}, "", fmt.Errorf("%w: the login's cookie cannot be opened", ErrStateMismatch)
	}
	var record loginRecord
	if err := json.Unmarshal(plain, &record); err != nil {
		return Login{}, "", fmt.Errorf("%w: the login's cookie cannot be read", ErrStateMismatch)
	}
	return Login{
		State:     state,
		Verifier:  shotengai.Secret(record.Verifier),
		Nonce:     shotengai.Secret(record.Nonce),
		ExpiresAt: time.UnixMilli(record.ExpiresAt).UTC(),
	}, record.Hint, nil
}

// cookie is one per login, so that two tabs do not spoil each other's.
func (h *Handler) cookie(state, value string, maxAge int) *http.Cookie {
	return &http.Cookie{ //nolint:gosec // Secure is off on http://localhost alone
		Name:     h.cookieName(state),
		Value:    value,
		Path:     "/",
		MaxAge:   maxAge,
		HttpOnly: true,
		Secure:   !h.config.Insecure,
		SameSite: http.SameSiteLaxMode, // the platform's redirect has to bring it
	}
}

// cookieName carries the prefix that makes browsers refuse the cookie from anything but
// this very host over https.
func (h *Handler) cookieName(state string) string {
	name := "login-" + state[:8]
	if h.config.Insecure {
		return name
	}
	return "__Host-" + name
}

// loginID names a login to those who may not know its state.
func loginID(state string) string {
	sum := sha256.Sum256([]byte(state))
	return hex.EncodeToString(sum[:])
}
