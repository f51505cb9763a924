package storestest

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"time"
)

// Shop is one shop and all that it has. Its methods are safe for concurrent use.
type Shop struct {
	// ID and Name are what GET /store answers.
	ID, Name string

	server     *Server
	credential string
	withdrawn  bool
	deleted    bool
	addOns     bool
	orders     []object
	asked      map[string]bool // orders whose shipping was asked for by the API
	items      []object
	stored     map[string]bool // variations in the warehouse service
	images     map[string]bool // keys of uploaded files
	categories []object
	channels   []object
	fees       object
	payouts    []*payout
	codes      map[string]bool // of coupons
	coupons    []object
}

// Seed is what a new shop has of its own. The zero Seed makes a complete shop.
type Seed struct {
	// ID and Name are what GET /store answers; by default the server makes them.
	ID, Name string
}

// AddShop adds a seeded shop:
//
//	srv.AddShop(storestest.Seed{Name: "二号店"})
//
// It panics when the ID is taken.
func (s *Server) AddShop(seed Seed) *Shop {
	s.mu.Lock()
	defer s.mu.Unlock()
	shop := &Shop{
		ID:   cmp.Or(seed.ID, s.newID()),
		Name: cmp.Or(seed.Name, fmt.Sprintf("商店街ストア%d", len(s.shops)+1)), server: s, credential: newSecret() + "==", addOns: true,
		asked: make(map[string]bool), stored: make(map[string]bool), images: make(map[string]bool), codes: make(map[string]bool),
	}
	if s.shop(shop.ID) != nil {
		panic("storestest: there is a shop " + shop.ID + " already")
	}
	s.credentials[shop.credential] = shop
	s.shops = append(s.shops, shop)
	shop.seedSettings()
	shop.seedItems(s.config.items)
	shop.seedOrders(s.config.orders)
	shop.seedPayouts()
	return shop
}

// Credential is the token of a private app for the shop. It does not expire, and may have
// "=" in it.
func (shop *Shop) Credential() string { return shop.credential }

// Token makes an access token of an hour with the given scopes, all of them if there are
// none, without a login.
func (shop *Shop) Token(scopes ...string) string {
	if len(scopes) == 0 {
		scopes = Scopes()
	}
	return shop.server.auth.Grant(shop.ID, scopes...).AccessToken
}

// Withdraw closes the shop, or opens it again. The platform then returns no data of it. How
// it refuses is not stated: WithWithdrawal chooses.
func (shop *Shop) Withdraw(withdrawn bool) {
	shop.server.mu.Lock()
	defer shop.server.mu.Unlock()
	shop.withdrawn = withdrawn
}

// ExpireTokens ends the access tokens of the shop before their hour is over. Refresh tokens and
// the credential stay.
func (shop *Shop) ExpireTokens() { shop.server.auth.ExpireShop(shop.ID) }

// Unlink ends all grants of the shop, as its owner can in the dashboard. The app gets no
// notice. The credential stays.
func (shop *Shop) Unlink() { shop.server.auth.RevokeShop(shop.ID) }

// Delete removes the shop for good: its grants and its credential open nothing any more, and
// its owner cannot log in. What the platform answers then is not known; the fake says 401, as
// for any unknown token.
func (shop *Shop) Delete() {
	shop.server.mu.Lock()
	defer shop.server.mu.Unlock()
	shop.deleted = true
	delete(shop.server.credentials, shop.credential)
	shop.server.auth.RevokeShop(shop.ID)
}

// SetAddOns sets whether the shop has the add-ons that delivery methods, limited
// quantities, sales periods and preorders of items need; at first it has all.
func (shop *Shop) SetAddOns(installed bool) {
	shop.server.mu.Lock()
	defer shop.server.mu.Unlock()
	shop.addOns = installed
}

// newID makes a resource ID; the caller holds the lock.
func (s *Server) newID() string {
	s.lastID++
	return fmt.Sprintf("%08x%04x%012x", uint32(idEpoch.Unix())+uint32(s.lastID), 0x5707, s.lastID)
}

var idEpoch = time.Date(2024, time.April, 1, 0, 0, 0, 0, jst)

// newNumber makes an order number: ten digits, with leading zeros now and then.
func (s *Server) newNumber() string {
	s.lastID++
	return fmt.Sprintf("%010d", s.lastID*3_266_489_917%10_000_000_000)
}

// overlay puts the members of over into base. It panics when base has no such member, so
// that a misspelt one does not go unnoticed.
func overlay(kind string, base, over object) object {
	for name := range over {
		if _, known := base[name]; !known {
			panic(fmt.Sprintf("storestest: %s have no member %q", kind, name))
		}
	}
	maps.Copy(base, over)
	return base
}

// byID finds the row with an ID.
func byID(rows []object, id string) object {
	i := slices.IndexFunc(rows, func(o object) bool { return o["id"] == id })
	if i < 0 {
		return nil
	}
	return rows[i]
}
