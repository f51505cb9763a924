package rakutentest

import (
	"encoding/base64"
	"net/http"
	"slices"
	"strings"
	"time"
)

// licenseLife is the days that a key lives.
const licenseLife = 90

type licenseKey struct {
	value   string
	issued  time.Time
	expires time.Time // 23:59:59 in Japan of the last day
	works   time.Time // refused before
	dies    time.Time // replaced; zero while it is not
}

// valid reports whether the key opens the shop.
func (k *licenseKey) valid(now time.Time) bool {
	return !now.Before(k.works) && now.Before(k.expires.Add(time.Second)) && (k.dies.IsZero() || now.Before(k.dies))
}

func (shop *Shop) addKey(value string, issued time.Time) *licenseKey {
	year, month, day := issued.In(jst).Date()
	k := &licenseKey{value: value, issued: issued, works: issued, expires: time.Date(year, month, day+licenseLife, 23, 59, 59, 0, jst)}
	shop.keys = append(shop.keys, k)
	return k
}

func (shop *Shop) newestKey() *licenseKey { return shop.keys[len(shop.keys)-1] }

// Renewal is what the platform does around a renewed key. What it really does is described in
// contradictory ways.
type Renewal func(*renewal)

type renewal struct {
	oldStays bool
	oldFor   time.Duration
	settling time.Duration
}

// OldKeyStays leaves the old key valid until its date, as a vendor's manual says. By
// default it dies at once, as a note on shops' own developments says.
func OldKeyStays() Renewal {
	return func(r *renewal) { r.oldStays = true }
}

// OldKeyStaysFor leaves the old key valid for a while.
func OldKeyStaysFor(d time.Duration) Renewal {
	return func(r *renewal) { r.oldFor = d }
}

// NewKeySettles refuses the new key with 401 for so long, as a vendor reports of 10 to 30
// minutes.
func NewKeySettles(d time.Duration) Renewal {
	return func(r *renewal) { r.settling = d }
}

// RenewKey issues a new licence key for the shop, as a person of the shop does in RMS, and
// returns it. It lives for 90 days.
func (s *Server) RenewKey(shop *Shop, how ...Renewal) string {
	var r renewal
	for _, h := range how {
		h(&r)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.Now()
	if !r.oldStays {
		for _, old := range shop.keys {
			if old.dies.IsZero() {
				old.dies = now.Add(r.oldFor)
			}
		}
	}
	k := shop.addKey(newPair("SL", shop.ID), now)
	k.works = now.Add(r.settling)
	return k.value
}

// ExpireKey ends the shop's newest key now, as if its 90 days were over.
func (shop *Shop) ExpireKey() {
	s := shop.server
	s.mu.Lock()
	defer s.mu.Unlock()
	shop.newestKey().expires = s.Now().Add(-time.Second)
}

// Refusal is how a function that the shop has not enabled is answered.
type Refusal int

// Values of Refusal; both have been seen.
const (
	LikeAWrongKey Refusal = iota // 401 with GA0001
	GatewayCode                  // 403 with ES04-01
)

// Disable switches functions off that the shop has in use. A function is an operation of
// the API in its own spelling, such as order.searchOrder, item.patch, inventory21.bulkGet
// or license.licenseKey.expiryDate.get, or the first part of it, which stands for the whole
// family. What a shop has not paid for (item.get, item.upsert, item.patch, item.delete and
// item.bulkGet) or not opened (cabinet) can be switched off in the same way. Disable panics
// when there is no such function.
func (shop *Shop) Disable(as Refusal, functions ...string) {
	shop.server.mu.Lock()
	defer shop.server.mu.Unlock()
	for _, f := range functions {
		if !slices.ContainsFunc(allRoutes(), func(rt route) bool { return rt.name == f || strings.HasPrefix(rt.name, f+".") }) {
			panic("rakutentest: there is no function " + f)
		}
		shop.disabled[f] = as
	}
}

// Enable switches functions on again.
func (shop *Shop) Enable(functions ...string) {
	shop.server.mu.Lock()
	defer shop.server.mu.Unlock()
	for _, f := range functions {
		delete(shop.disabled, f)
	}
}

// refusal reports whether an operation is switched off, and how that is answered. What is
// said of the operation itself counts more than what is said of its family.
func (shop *Shop) refusal(operation string) (Refusal, bool) {
	for name := operation; name != ""; name = name[:max(strings.LastIndexByte(name, '.'), 0)] {
		if as, off := shop.disabled[name]; off {
			return as, true
		}
	}
	return 0, false
}

// admit finds the shop of a pair. It returns nil for a pair that opens none: unknown,
// mixed from two shops, expired, replaced or not in force yet, all alike.
func (s *Server) admit(header string) (*Shop, *licenseKey) {
	encoded, esa := strings.CutPrefix(header, "ESA ")
	pair, err := base64.StdEncoding.DecodeString(encoded)
	if !esa || err != nil {
		return nil, nil
	}
	secret, key, _ := strings.Cut(string(pair), ":")
	for _, shop := range s.shops {
		if shop.serviceSecret != secret {
			continue
		}
		i := slices.IndexFunc(shop.keys, func(k *licenseKey) bool { return k.value == key })
		if i >= 0 {
			return shop, shop.keys[i]
		}
	}
	return nil, nil
}

const expiryOperation = "license.licenseKey.expiryDate.get"

var licenseRoutes = []route{
	{pattern: "GET /es/1.0/license-management/license-key/expiry-date", name: expiryOperation, handle: (*call).expiryDate, rate: "license"},
}

// expiryDate returns the end of the key in the query. What is answered for a key of another
// shop or none is not known; the fake says 400.
func (c *call) expiryDate() reply {
	asked := c.query.Get("licenseKey")
	i := slices.IndexFunc(c.shop.keys, func(k *licenseKey) bool { return k.value == asked })
	if i < 0 {
		return refuse(http.StatusBadRequest, codeParameter, "invalid parameter: licenseKey", "licenseKey")
	}
	if !c.shop.keys[i].valid(c.now) {
		return refuse(c.config.expiredStatus, codeUnauthorized, "Un-Authorised", "")
	}
	return ok(object{"expiryDate": c.shop.keys[i].expires.Format(localLayout)})
}
