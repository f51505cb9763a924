package idtoken

import (
	"bytes"
	"crypto/subtle"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/internal/strictjson"
	"github.com/shotengai/shotengai-go/internal/text"
)

// base64url takes each value in one spelling only.
var base64url = base64.RawURLEncoding.Strict()

// Token is a verified ID token.
type Token struct {
	// Issuer is who issued it.
	Issuer string
	// Subject is whom it is about; empty if it does not say.
	Subject string
	// Audience are the clients that it is for.
	Audience []string
	// IssuedAt and Expiry are its times.
	IssuedAt time.Time
	Expiry   time.Time
	// Payload is all that it says, as JSON.
	Payload json.RawMessage
}

// Decode reads the payload into a struct or a map.
func (t *Token) Decode(out any) error {
	if err := json.Unmarshal(t.Payload, out); err != nil {
		return fmt.Errorf("idtoken: decode the claims: %w", err)
	}
	return nil
}

// quote prints a foreign text in an error.
func quote(foreign string) string { return strconv.Quote(text.Excerpt([]byte(foreign), 200)) }

// checkClaims reads a payload as far as it is checked.
func (v *Verifier) checkClaims(payload []byte, nonce shotengai.Secret) (*Token, error) {
	object, err := strictjson.ReadObject(payload)
	if err != nil {
		return nil, fmt.Errorf("%w: payload: %w", ErrMalformed, err)
	}
	t, c := &Token{Payload: payload}, claimSet{object}
	for _, check := range []func(*Token, claimSet) error{v.checkIssuer, v.checkAudience, v.checkTimes} {
		if err := check(t, c); err != nil {
			return nil, err
		}
	}
	if err := v.checkNonce(c, nonce); err != nil {
		return nil, err
	}
	if t.Subject, _, err = c.text("sub"); err != nil {
		return nil, err
	}
	return t, nil
}

func (v *Verifier) checkIssuer(t *Token, c claimSet) error {
	issuer, _, err := c.text("iss")
	if err != nil {
		return err
	}
	if issuer != v.config.Issuer && v.config.Issuer != "" {
		return fmt.Errorf("%w: %s, not %s", ErrIssuer, quote(issuer), quote(v.config.Issuer))
	}
	t.Issuer = issuer
	return nil
}

// checkAudience wants the client among the audience, and named as the authorised party
// where it is not alone.
func (v *Verifier) checkAudience(t *Token, c claimSet) error {
	audience, err := c.texts("aud")
	if err != nil {
		return err
	}
	if !slices.Contains(audience, v.config.ClientID) {
		return fmt.Errorf("%w: not for client %s", ErrAudience, quote(v.config.ClientID))
	}
	party, named, err := c.text("azp")
	if err != nil {
		return err
	}
	others := slices.ContainsFunc(audience, func(a string) bool { return a != v.config.ClientID })
	if others && !named {
		return fmt.Errorf("%w: for others too, without azp", ErrAudience)
	}
	if named && party != v.config.ClientID {
		return fmt.Errorf("%w: azp is %s", ErrAudience, quote(party))
	}
	t.Audience = audience
	return nil
}

func (v *Verifier) checkTimes(t *Token, c claimSet) error {
	var notBefore time.Time
	for _, claim := range []struct {
		name     string
		into     *time.Time
		required bool
	}{{"exp", &t.Expiry, true}, {"iat", &t.IssuedAt, true}, {"nbf", &notBefore, false}} {
		at, err := c.date(claim.name)
		if err != nil {
			return err
		}
		if claim.required && at.IsZero() {
			return fmt.Errorf("%w: no %s", ErrClaims, claim.name)
		}
		*claim.into = at
	}
	now, leeway := time.Now(), v.config.Leeway
	switch {
	case !now.Before(t.Expiry.Add(leeway)):
		return fmt.Errorf("%w %s ago", ErrExpired, now.Sub(t.Expiry).Round(time.Second))
	case notBefore.After(now.Add(leeway)):
		return fmt.Errorf("%w: nbf is %s ahead", ErrNotYetValid, notBefore.Sub(now).Round(time.Second))
	case t.IssuedAt.After(now.Add(leeway)):
		return fmt.Errorf("%w: iat is %s ahead", ErrNotYetValid, t.IssuedAt.Sub(now).Round(time.Second))
	case now.Sub(t.IssuedAt) > v.config.MaxAge+leeway:
		return fmt.Errorf("%w: %s", ErrTooOld, now.Sub(t.IssuedAt).Round(time.Second))
	}
	return nil
}

func (v *Verifier) checkNonce(c claimSet, want shotengai.Secret) error {
	got, ok, err := c.text("nonce")
	switch {
	case err != nil:
		return err
	case want == "" && v.config.WithoutNonce:
		return nil
	case want == "":
		return fmt.Errorf("%w: the login has none", ErrNonce)
	case !ok:
		return fmt.Errorf("%w: the token has none", ErrNonce)
	case subtle.ConstantTimeCompare([]byte(got), []byte(want.Reveal())) != 1:
		return ErrNonce
	}
	return nil
}

// claimSet reads members by their exact names.
type claimSet struct{ strictjson.Object }

func (c claimSet) text(name string) (text string, ok bool, err error) {
	raw, ok := c.Member(name)
	if !ok {
		return "", false, nil
	}
	if text, ok = textOf(raw); !ok {
		return "", false, fmt.Errorf("%w: %s is not a text", ErrClaims, name)
	}
	return text, true, nil
}

// textOf decodes a text of a document that was checked. One without escapes is as it is
// written.
func textOf(raw []byte) (text string, ok bool) {
	if len(raw) < 2 || raw[0] != '"' {
		return "", false
	}
	if !bytes.ContainsRune(raw, '\\') {
		return string(raw[1 : len(raw)-1]), true
	}
	var unescaped string
	ok = json.Unmarshal(raw, &unescaped) == nil
	return unescaped, ok
}

// texts reads a text or an array of texts.
func (c claimSet) texts(name string) ([]string, error) {
	raw, _ := c.Member(name)
	if len(raw) == 0 || raw[0] != '[' {
		text, ok, err := c.text(name)
		if !ok {
			return nil, err
		}
		return []string{text}, nil
	}
	var elements []*string
	if json.Unmarshal(raw, &elements) != nil || slices.Contains(elements, nil) { // null is no text
		return nil, fmt.Errorf("%w: %s is not a list of texts", ErrClaims, name)
	}
	texts := make([]string, len(elements))
	for i, element := range elements {
		texts[i] = *element
	}
	return texts, nil
}

// lastDate is the end of the year 9999, in unix seconds.
const lastDate = 253402300799

// date reads unix seconds, whole or not. Without the claim it is the zero time, which is no
// unix second that is read.
func (c claimSet) date(name string) (time.Time, error) {
	raw, ok := c.Member(name)
	if !ok {
		return time.Time{}, nil
	}
	seconds, err := strconv.ParseFloat(string(raw), 64) // takes all numbers of JSON, and no other value of it
	if err != nil || seconds < 0 || seconds > lastDate {
		return time.Time{}, fmt.Errorf("%w: %s is not a time", ErrClaims, name)
	}
	whole := int64(seconds)
	return time.Unix(whole, int64((seconds-float64(whole))*1e9)), nil
}
