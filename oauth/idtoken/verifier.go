package idtoken

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/go-jose/go-jose/v4"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/internal/strictjson"
)

const (
	// MaxSize is how long a token may be, in bytes.
	MaxSize = 16 << 10
	// DefaultLeeway is how far the clocks may be apart.
	DefaultLeeway = 60 * time.Second
	// DefaultMaxAge is how old a token may be at a login.
	DefaultMaxAge = 10 * time.Minute
)

// Config is what a verifier demands of a token.
type Config struct {
	// Issuer is the exact value of iss. It may be empty, and is not compared then, with
	// WithoutSignature.
	Issuer string
	// ClientID is the app that the token has to be for.
	ClientID string
	// Algorithms are the accepted ones: RS256, PS256, ES256 and their longer kin. They
	// come from the platform's documentation, never from the token or a discovery.
	Algorithms []string
	// KeySetURL is where the platform publishes its keys.
	KeySetURL string
	// WithoutSignature decodes tokens and checks what they say, and does not ask who has signed
	// them: Algorithms and KeySetURL have no effect. OpenID Connect allows that for a token
	// that the app has fetched from the token endpoint itself, over TLS. The risk is that
	// nothing but that connection vouches for the claims: whoever answers in the place of the
	// token endpoint, such as a proxy that ends TLS, can name any person and any shop. Never
	// use it for a token that came through a browser.
	WithoutSignature bool
	// WithoutNonce accepts tokens of logins that have none.
	WithoutNonce bool
	// Leeway for clocks that differ; 0 means DefaultLeeway.
	Leeway time.Duration
	// MaxAge of a token at a login; 0 means DefaultMaxAge.
	MaxAge time.Duration
	// HTTPClient fetches the key set; nil means one with the default transport. It is
	// copied; it never follows a redirect to another host or to http.
	HTTPClient *http.Client
}

// Verifier verifies ID tokens of one platform for one client. It is safe for
// concurrent use; share one, since it keeps the key set.
type Verifier struct {
	config Config
	keys   *keySet
}

// families are the algorithms that may be allowed: signatures only, since whoever can
// check a MAC can also make one.
var families = []jose.SignatureAlgorithm{
	jose.RS256, jose.RS384, jose.RS512, jose.PS256, jose.PS384, jose.PS512, jose.ES256, jose.ES384, jose.ES512,
}

// New returns a verifier. It fetches nothing yet.
func New(config Config) (*Verifier, error) {
	v := &Verifier{config: config}
	switch {
	case config.Issuer == "" && !config.WithoutSignature:
		return nil, errors.New("idtoken: no issuer")
	case config.ClientID == "":
		return nil, errors.New("idtoken: no client id")
	case len(config.Algorithms) == 0 && !config.WithoutSignature:
		return nil, errors.New("idtoken: no algorithms")
	case config.Leeway < 0 || config.MaxAge < 0:
		return nil, errors.New("idtoken: negative time")
	}
	for _, name := range config.Algorithms {
		if !slices.Contains(families, jose.SignatureAlgorithm(name)) {
			return nil, fmt.Errorf("idtoken: algorithm %q cannot be allowed", name)
		}
	}
	if config.Leeway == 0 {
		v.config.Leeway = DefaultLeeway
	}
	if config.MaxAge == 0 {
		v.config.MaxAge = DefaultMaxAge
	}
	if config.WithoutSignature {
		return v, nil
	}
	var err error
	if v.keys, err = newKeySet(config.KeySetURL, config.HTTPClient); err != nil {
		return nil, fmt.Errorf("idtoken: key set address: %w", err)
	}
	return v, nil
}

// Verify checks a token of the login that had the given nonce, and returns what it
// says. Nothing is to be believed of a token that it refuses.
func (v *Verifier) Verify(ctx context.Context, token string, nonce shotengai.Secret) (*Token, error) {
	verified, err := v.verify(ctx, token, nonce)
	if err != nil {
		return nil, fmt.Errorf("idtoken: %w", err)
	}
	return verified, nil
}

// Claims is [Verifier.Verify] for those who want the payload alone, as JSON.
func (v *Verifier) Claims(ctx context.Context, token string, nonce shotengai.Secret) (json.RawMessage, error) {
	verified, err := v.Verify(ctx, token, nonce)
	if err != nil {
		return nil, err
	}
	return verified.Payload, nil
}

func (v *Verifier) verify(ctx context.Context, token string, nonce shotengai.Secret) (*Token, error) {
	payload, err := v.payload(ctx, token)
	if err != nil {
		return nil, err
	}
	return v.checkClaims(payload, nonce)
}

// payload returns what a token says, as far as its signature is asked for.
func (v *Verifier) payload(ctx context.Context, token string) ([]byte, error) {
	parts, err := split(token)
	if err != nil || v.config.WithoutSignature {
		return parts[1], err
	}
	head, err := v.parseHeader(parts[0])
	if err != nil {
		return nil, err
	}
	input := token[:strings.LastIndexByte(token, '.')]
	return parts[1], v.checkSignature(ctx, head, input, parts[2])
}

// header is what counts of a token's header.
type header struct {
	algorithm jose.SignatureAlgorithm
	keyID     string
}

// split takes a token apart. Only the compact form with its three parts in canonical
// base64url passes.
func split(token string) (decoded [3][]byte, err error) {
	if len(token) > MaxSize {
		return decoded, fmt.Errorf("%w: longer than %d bytes", ErrMalformed, MaxSize)
	}
	if strings.Count(token, ".") != len(decoded)-1 {
		return decoded, fmt.Errorf("%w: not three parts", ErrMalformed)
	}
	i := 0
	for part := range strings.SplitSeq(token, ".") {
		if decoded[i], err = base64url.DecodeString(part); err != nil || strings.ContainsAny(part, "\r\n") {
			return decoded, fmt.Errorf("%w: part %d is not base64url", ErrMalformed, i+1)
		}
		i++
	}
	return decoded, nil
}

func (v *Verifier) parseHeader(raw []byte) (header, error) {
	object, err := strictjson.ReadObject(raw)
	if err != nil {
		return header{}, fmt.Errorf("%w: header: %w", ErrMalformed, err)
	}
	member, _ := object.Member("alg")
	algorithm, ok := textOf(member)
	if !ok {
		return header{}, fmt.Errorf("%w: alg is not a text", ErrMalformed)
	}
	if !slices.Contains(v.config.Algorithms, algorithm) {
		return header{}, fmt.Errorf("%w: %s", ErrAlgorithm, quote(algorithm))
	}
	for _, name := range []string{"crit", "b64"} {
		if _, there := object.Member(name); there {
			return header{}, fmt.Errorf("%w: %s", ErrCritical, name)
		}
	}
	member, named := object.Member("kid")
	keyID, ok := textOf(member)
	if named && !ok {
		return header{}, fmt.Errorf("%w: kid is not a text", ErrMalformed)
	}
	return header{jose.SignatureAlgorithm(algorithm), keyID}, nil
}

// checkSignature finds out whether one of the platform's keys has signed the input. A token
// that names its key is judged by the keys of that name alone.
func (v *Verifier) checkSignature(ctx context.Context, head header, input string, signature []byte) error {
	signed := func(k key) bool { return k.signed(head.algorithm, input, signature) }
	keys, current, err := v.keys.find(ctx, head, false)
	if err != nil {
		return err
	}
	ok := slices.ContainsFunc(keys, signed)
	if !ok && !current && head.keyID == "" {
		// A token without a key's name may be signed by a key that is new.
		if keys, current, err = v.keys.find(ctx, head, true); err != nil {
			return err
		}
		if ok = slices.ContainsFunc(keys, signed); !ok && !current {
			return v.keys.old(head)
		}
	}
	if !ok {
		return ErrSignature
	}
	return nil
}

// Stats returns what the key set has cost so far.
func (v *Verifier) Stats() Stats {
	if v.keys == nil {
		return Stats{}
	}
	return v.keys.stats()
}
