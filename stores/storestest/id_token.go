package storestest

import (
	"crypto/ecdsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"math/big"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/shotengai/shotengai-go/internal/fake"
)

const assertionType = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"

// skew is how far the clocks of app and platform may be apart.
const skew = time.Minute

// exchange is the token endpoint. Its error bodies are not documented; they are those of
// RFC 6749.
func (s *Server) exchange(w http.ResponseWriter, r *http.Request) {
	form, ok := s.identify(w, r)
	if !ok {
		return
	}
	switch form.Get("grant_type") {
	case "authorization_code":
		s.redeem(w, form)
	case "refresh_token":
		s.rotate(w, form)
	default:
		oauthError(w, http.StatusBadRequest, "unsupported_grant_type", "The grant type is not supported.")
	}
}

// identify reads the form and checks the app's assertion.
func (s *Server) identify(w http.ResponseWriter, r *http.Request) (url.Values, bool) {
	if err := r.ParseForm(); err != nil || len(r.PostForm) == 0 {
		oauthError(w, http.StatusBadRequest, "invalid_request", "The request has no form.")
		return nil, false
	}
	form := r.PostForm
	if err := s.verify(form); err != nil {
		oauthError(w, http.StatusUnauthorized, "invalid_client", err.Error())
		return nil, false
	}
	return form, true
}

func (s *Server) redeem(w http.ResponseWriter, form url.Values) {
	c := s.codes[form.Get("code")]
	switch {
	case c == nil || c.redirect != form.Get("redirect_uri") || !s.Now().Before(c.until):
		oauthError(w, http.StatusBadRequest, "invalid_grant", "The code is not valid.")
	case c.used:
		c.grant.dead = true
		oauthError(w, http.StatusBadRequest, "invalid_grant", "The code was used before.")
	default:
		c.used = true
		s.issue(w, c.grant)
	}
}

// rotate replaces a refresh token. One that was replaced already ends the whole grant.
func (s *Server) rotate(w http.ResponseWriter, form url.Values) {
	t := s.refresh[form.Get("refresh_token")]
	switch {
	case t == nil || t.grant.dead || t.grant.shop.withdrawn || !s.Now().Before(t.until):
		oauthError(w, http.StatusBadRequest, "invalid_grant", "The refresh token is not valid.")
	case t.used:
		t.grant.dead = true
		oauthError(w, http.StatusBadRequest, "invalid_grant", "The refresh token was used before.")
	default:
		t.used = true
		s.issue(w, t.grant)
	}
}

// issue answers with new tokens. Access tokens of an earlier refresh stay good until their
// own end: the platform does not say.
func (s *Server) issue(w http.ResponseWriter, g *grant) {
	body := object{
		"access_token": newSecret(), "expires_in": int(accessLife / time.Second),
		"scope": strings.Join(g.scopes, " "), "token_type": "bearer",
	}
	s.access[body["access_token"].(string)] = &token{grant: g, until: s.Now().Add(accessLife)}
	if slices.Contains(g.scopes, scopeOffline) {
		value := newSecret()
		s.refresh[value] = &token{grant: g, until: s.Now().Add(refreshLife)}
		body["refresh_token"] = value
	}
	w.Header().Set("Cache-Control", "no-store")
	fake.WriteJSON(w, http.StatusOK, body)
}

// revoke ends a grant by either of its tokens. As RFC 7009 has it, a token that is not
// known is no error.
func (s *Server) revoke(w http.ResponseWriter, r *http.Request) {
	form, ok := s.identify(w, r)
	if !ok {
		return
	}
	value := form.Get("token")
	if value == "" {
		oauthError(w, http.StatusBadRequest, "invalid_request", "There is no token.")
		return
	}
	for _, t := range []*token{s.access[value], s.refresh[value]} {
		if t != nil {
			t.grant.dead = true
		}
	}
	w.WriteHeader(http.StatusOK)
}

func oauthError(w http.ResponseWriter, status int, code, description string) {
	fake.WriteJSON(w, status, object{"error": code, "error_description": description})
}

// verify checks that the app has signed the form's assertion, for this endpoint, in this
// minute, for this one request. The time is the machine's, which Advance does not move:
// the app that signs lives by it too.
func (s *Server) verify(form url.Values) error {
	if form.Get("client_id") != s.app.ClientID || form.Get("client_assertion_type") != assertionType {
		return errors.New("client_id or client_assertion_type is wrong")
	}
	signed, signature, ok := cutLast(form.Get("client_assertion"))
	head, payload, ok2 := strings.Cut(signed, ".")
	var header struct {
		Algorithm string `json:"alg"`
		KeyID     string `json:"kid"`
	}
	var claims claims
	if !ok || !ok2 || !segment(head, &header) || !segment(payload, &claims) {
		return errors.New("client_assertion is not a JWT")
	}
	if header.Algorithm != "ES256" {
		return errors.New("client_assertion is not signed with ES256")
	}
	if !s.signedByApp(signed, signature, header.KeyID) {
		return errors.New("client_assertion is signed with an unknown key")
	}
	return s.checkClaims(claims, time.Now())
}

type claims struct {
	Issuer   string  `json:"iss"`
	Subject  string  `json:"sub"`
	Audience string  `json:"aud"`
	ID       string  `json:"jti"`
	IssuedAt float64 `json:"iat"`
	Expiry   float64 `json:"exp"`
}

func (s *Server) checkClaims(c claims, now time.Time) error {
	expiry := time.Unix(int64(c.Expiry), 0)
	for id, until := range s.jtis {
		if now.After(until.Add(skew)) {
			delete(s.jtis, id)
		}
	}
	_, used := s.jtis[c.ID]
	switch {
	case c.Issuer != s.app.ClientID || c.Subject != s.app.ClientID:
		return errors.New("iss and sub have to be the client id")
	case c.Audience != s.URL+"/oauth2/token":
		return errors.New("aud has to be the token endpoint")
	case c.Expiry == 0 || now.After(expiry.Add(skew)):
		return errors.New("the assertion has expired")
	case expiry.After(now.Add(accessLife + skew)):
		return errors.New("the assertion lives longer than an hour")
	case c.IssuedAt != 0 && time.Unix(int64(c.IssuedAt), 0).After(now.Add(skew)):
		return errors.New("the assertion is from the future")
	case c.ID == "" || used:
		return errors.New("jti is missing or was used before")
	}
	s.jtis[c.ID] = expiry
	return nil
}

// signedByApp tries the key that is named, or all of them if none is.
func (s *Server) signedByApp(signed, signature, kid string) bool {
	raw, err := base64.RawURLEncoding.DecodeString(signature)
	if err != nil || len(raw) != 64 {
		return false
	}
	digest := sha256.Sum256([]byte(signed))
	a, b := new(big.Int).SetBytes(raw[:32]), new(big.Int).SetBytes(raw[32:])
	return slices.ContainsFunc(s.keys, func(k publicKey) bool {
		return (kid == "" || kid == k.id) && ecdsa.Verify(k.key, digest[:], a, b)
	})
}

// segment decodes one part of a JWT.
func segment(text string, v any) bool {
	data, err := base64.RawURLEncoding.DecodeString(text)
	return err == nil && json.Unmarshal(data, v) == nil
}

func cutLast(text string) (before, after string, found bool) {
	i := strings.LastIndexByte(text, '.')
	if i < 0 {
		return "", "", false
	}
	return text[:i], text[i+1:], true
}
