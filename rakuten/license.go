package rakuten

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/internal/api"
	"github.com/shotengai/shotengai-go/internal/text"
)

// LicenseLife is how long a licence key lives: 90 days, up to 23:59:59 Japan time of the
// last day. No API issues or extends a key; a person of the shop does.
const LicenseLife = 90 * 24 * time.Hour

// SettlingTime is how long after its issue a licence key may still be refused: a vendor
// reports 10 to 30 minutes of failures after a change (provisional).
const SettlingTime = 30 * time.Minute

// License is the pair of credentials that opens one shop. Neither half has a form to
// rely on. Without IssuedAt and ExpiresAt an expired key is refused like a wrong one, and
// they cannot be distinguished: keep what Licenses.ExpiryDate returns while the key lives.
type License struct {
	ServiceSecret shotengai.Secret // the application
	Key           shotengai.Secret // the shop's consent
	IssuedAt      time.Time        // when the key was issued; zero when not known. A guess that is late makes Expiry late
	ExpiresAt     time.Time        // when the key ends; zero when not known
	Shop          string           // the shop's id, the first part of its order numbers, see ShopOf; "" leaves order numbers unchecked
}

// Expiry returns when the key ends: ExpiresAt, or LicenseLife after IssuedAt, or the zero time
// when neither is known.
func (l License) Expiry() time.Time {
	if !l.ExpiresAt.IsZero() || l.IssuedAt.IsZero() {
		return l.ExpiresAt
	}
	year, month, day := l.IssuedAt.Add(LicenseLife).In(shotengai.JST).Date() // no day in Japan is longer or shorter
	return time.Date(year, month, day, 23, 59, 59, 0, shotengai.JST)
}

// Expired reports whether the key has ended. It is false when it is not known when it ends.
func (l License) Expired(now time.Time) bool { return over(l.Expiry(), now) }

// Fingerprint identifies the pair without revealing it: two licences with the same
// credentials have the same one.
func (l License) Fingerprint() string {
	sum := sha256.Sum256([]byte(l.ServiceSecret.Reveal() + "\x00" + l.Key.Reveal()))
	return hex.EncodeToString(sum[:16])
}

// settling reports whether the key is so new that a refusal may be for the time being.
func (l License) settling(now time.Time) bool {
	return within(SettlingTime, now, l.IssuedAt)
}

// within reports whether two instants are less than d apart, whichever comes first: an
// instant that a wrong clock put into the future is not near for ever.
func within(d time.Duration, a, b time.Time) bool { return a.Sub(b).Abs() < d }

// over reports whether a key that ends at expiry has ended. It lives through the second that
// is its last.
func over(expiry, now time.Time) bool {
	return !expiry.IsZero() && now.Sub(expiry) >= time.Second
}

func (l License) validate() error {
	for name, secret := range map[string]shotengai.Secret{"service secret": l.ServiceSecret, "licence key": l.Key} {
		text := secret.Reveal()
		if text == "" {
			return fmt.Errorf("%w: the %s is empty", shotengai.ErrReauthorize, name)
		}
		if i := strings.IndexFunc(text, foreignToKey); i >= 0 {
			return fmt.Errorf("%w: the %s has %s", shotengai.ErrReauthorize, name, oddity(text, i))
		}
	}
	return nil
}

// foreignToKey reports whether a character is none of those that keys are made of: visible
// ones of ASCII. A key that was copied from a page or a mail may have picked up others, and
// would be refused like a wrong one.
func foreignToKey(r rune) bool { return r <= ' ' || r > '~' }

// oddity names what is wrong with the character at a place of a credential, without showing
// more of it than what cannot be a part of it.
func oddity(text string, at int) string {
	r, _ := utf8.DecodeRuneInString(text[at:])
	switch blank := unicode.IsSpace(r); {
	case blank && (strings.TrimSpace(text[:at]) == "" || strings.TrimSpace(text[at:]) == ""):
		return "white space around it"
	case blank:
		return "white space in it"
	case r >= '！' && r <= '～':
		return "full-width letters in it"
	case r == utf8.RuneError:
		return "bytes in it that are no text"
	case unicode.IsGraphic(r):
		return "letters in it that are not ASCII"
	}
	return fmt.Sprintf("the invisible character %U in it", r)
}

// LicenseSource returns the licence that is in force for one shop. It is asked at each
// attempt and has to be safe for concurrent use: keep a copy in memory if looking it up
// is slow.
type LicenseSource interface {
	License(ctx context.Context) (License, error)
}

// LicenseFunc is a function as a LicenseSource.
type LicenseFunc func(ctx context.Context) (License, error)

// License calls the function.
func (f LicenseFunc) License(ctx context.Context) (License, error) { return f(ctx) }

// StaticLicense is a source that always returns the same licence, for a program that does
// not outlive the key.
func StaticLicense(license License) LicenseSource {
	return LicenseFunc(func(context.Context) (License, error) { return license, nil })
}

// License returns the licence that is in force: what the client's source returns.
func (c *Client) License(ctx context.Context) (License, error) { return c.auth.licenses.License(ctx) }

// esa authorises with the scheme ESA.
type esa struct {
	licenses LicenseSource
	engine   *api.Engine
}

// Authorize asks for the licence that is in force and puts it into the header.
func (a *esa) Authorize(ctx context.Context, h http.Header) (any, error) {
	license, err := a.licenses.License(ctx)
	if err != nil {
		return nil, fmt.Errorf("no licence: %w", err)
	}
	if err := license.validate(); err != nil {
		return nil, err
	}
	var room [2][256]byte // for keys of the usual length
	pair := append(append(append(room[0][:0], license.ServiceSecret.Reveal()...), ':'), license.Key.Reveal()...)
	h["Authorization"] = []string{string(base64.StdEncoding.AppendEncode(append(room[1][:0], "ESA "...), pair))}
	return license, nil
}

// Renew asks whether another key came into force meanwhile. If not, it says what is known
// of the refused one.
func (a *esa) Renew(ctx context.Context, credential any) (bool, error) {
	refused, ok := credential.(License)
	if !ok {
		return false, nil
	}
	current, err := a.licenses.License(ctx)
	if err != nil {
		return false, fmt.Errorf("no licence: %w", err)
	}
	if current.Key != refused.Key || current.ServiceSecret != refused.ServiceSecret {
		return current.validate() == nil, nil
	}
	now := a.engine.Now()
	switch {
	case refused.Expired(now):
		return false, ErrKeyExpired
	case refused.settling(now):
		return false, ErrKeySettling
	}
	return false, nil
}

var (
	// ErrKeyExpired is a refused licence key whose time is over: the shop has to issue a
	// new one. It matches shotengai.ErrReauthorize, and the failed call matches shotengai.ErrUnauthorized too,
	// which is all that it matches for a License with neither IssuedAt nor ExpiresAt.
	ErrKeyExpired = fmt.Errorf("the licence key has expired: %w", shotengai.ErrReauthorize)

	// ErrKeySettling is a refused licence key that was issued within SettlingTime: the
	// platform may take it a little later.
	ErrKeySettling = errors.New("the licence key was issued a short time ago and may not be in force yet")

	// ErrWrongShop is an order number of another shop than the licence's.
	ErrWrongShop = fmt.Errorf("%w: the order number belongs to another shop", shotengai.ErrInvalid)
)

// ShopOf is the id of the shop that an order is of, the first part of its number: the
// License.Shop of its client. System events lead to a shop by it. ShopOf returns "" for what
// is no order number.
func ShopOf(orderNumber string) string {
	if validNumber(orderNumber) != nil {
		return ""
	}
	shop, _, _ := strings.Cut(orderNumber, "-")
	return shop
}

// guard authorises a call about orders, and keeps a licence of one shop from reading or
// changing the orders of another.
type guard struct {
	api.Auth
	orders []string
	shop   string // of the licence that was used last
}

func (c *Client) guard(orders ...string) *guard { return &guard{Auth: &c.auth, orders: orders} }

// Authorize refuses orders of another shop.
func (g *guard) Authorize(ctx context.Context, h http.Header) (any, error) {
	credential, err := g.Auth.Authorize(ctx, h)
	if license, ok := credential.(License); ok && err == nil {
		g.shop = license.Shop
		err = g.check(g.orders...)
	}
	return credential, err
}

// check refuses an order number of another shop than that of the licence.
func (g *guard) check(orders ...string) error {
	for _, order := range orders {
		if shop, _, _ := strings.Cut(order, "-"); g.shop != "" && shop != g.shop {
			return fmt.Errorf("%w: %q is not of shop %s", ErrWrongShop, text.OneLine(order), g.shop)
		}
	}
	return nil
}
