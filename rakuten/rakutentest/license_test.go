package rakutentest_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/shotengai/shotengai-go/rakuten/rakutentest"
)

const (
	expiryPath = "/es/1.0/license-management/license-key/expiry-date?licenseKey="
	unlawful   = `{"errors":[{"code":"GA0001","message":"Un-Authorised"}]}`
	stockPath  = "/es/2.1/inventories/bulk-get/range?minQuantity=0"
)

func TestExpiryDate(t *testing.T) {
	t.Parallel()
	srv := newServer(t)
	shop := srv.AddShop(rakutentest.Seed{IssuedAt: time.Date(2026, 10, 31, 16, 0, 0, 0, time.UTC)}) // 1 November in Japan
	c := as(t, srv, shop)

	got := c.get(expiryPath + c.key)
	assert.Equal(t, 200, got.status)
	assert.JSONEq(t, `{"expiryDate":"2027-01-30T23:59:59"}`, string(got.body))
	assert.NotEmpty(t, got.header["Requestid"])
	assert.Equal(t, 400, c.get(expiryPath+"other").status)
}

func TestKeyExpiresEarly(t *testing.T) {
	t.Parallel()
	srv := newServer(t)
	c := as(t, srv, srv.Shop())
	assert.Equal(t, 200, c.get(stockPath).status)
	srv.Shop().ExpireKey()
	assert.Equal(t, 401, c.get(stockPath).status)
	srv.RenewKey(srv.Shop())
	assert.Equal(t, 200, as(t, srv, srv.Shop()).get(stockPath).status)
}

func TestKeyExpires(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name   string
		opts   []rakutentest.Option
		status int
	}{
		{"401", nil, http.StatusUnauthorized},
		{"403", []rakutentest.Option{rakutentest.WithForbiddenExpiry()}, http.StatusForbidden},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			srv := newServer(t, test.opts...)
			c := as(t, srv, srv.AddShop(rakutentest.Seed{IssuedAt: start}))
			srv.Advance(time.Date(2027, 1, 30, 14, 59, 59, 0, time.UTC).Sub(start))
			assert.Equal(t, 200, c.get(expiryPath+c.key).status, "the last second counts")
			srv.Advance(time.Second)
			gone := c.get(expiryPath + c.key)
			assert.Equal(t, test.status, gone.status, "the date cannot be read any more")
			assert.JSONEq(t, unlawful, string(gone.body))
			assert.Equal(t, 401, c.get(stockPath).status)
		})
	}
}

// Quirk 3: all kinds of wrong licences look alike, and are JSON everywhere.
func TestUnauthorizedLooksAlike(t *testing.T) {
	t.Parallel()
	srv := newServer(t)
	mine, other := as(t, srv, srv.Shop()), as(t, srv, srv.AddShop(rakutentest.Seed{}))
	expired := as(t, srv, srv.AddShop(rakutentest.Seed{IssuedAt: start.AddDate(0, 0, -92)}))
	disabled := srv.AddShop(rakutentest.Seed{})
	disabled.Disable(rakutentest.LikeAWrongKey, "inventory21")
	for name, c := range map[string]*caller{
		"wrong key":    {t, srv, mine.secret, "SL_no"},
		"wrong secret": {t, srv, "SP_no", mine.key},
		"mixed":        {t, srv, mine.secret, other.key},
		"empty":        {t, srv, "", ""},
		"expired":      expired,
		"disabled":     as(t, srv, disabled),
	} {
		got := c.get(stockPath)
		assert.Equal(t, 401, got.status, name)
		assert.JSONEq(t, unlawful, string(got.body), name)
		assert.Contains(t, got.header.Get("Content-Type"), "application/json", name)
	}
	assert.Equal(t, 200, mine.get(stockPath).status)
	assert.Equal(t, 200, as(t, srv, disabled).order("getSubStatusList", nil).status, "the other functions work")

	assert.Panics(t, func() { disabled.Disable(rakutentest.GatewayCode, "inventory") }, "there is no such function")
	disabled.Enable("inventory21")
	disabled.Disable(rakutentest.GatewayCode, "inventory21.bulkGetRange")
	got := as(t, srv, disabled).get(stockPath)
	assert.Equal(t, 403, got.status)
	assert.Equal(t, "ES04-01", at(t, got.json(t), "Results", "errorCode"))
}

func TestRenewKey(t *testing.T) {
	t.Parallel()
	const minute = time.Minute
	for _, test := range []struct {
		name     string
		how      []rakutentest.Renewal
		old, new map[time.Duration]int
	}{
		{"old dies at once", nil, map[time.Duration]int{0: 401}, map[time.Duration]int{0: 200}},
		{"old stays", []rakutentest.Renewal{rakutentest.OldKeyStays()}, map[time.Duration]int{0: 200, 79 * 24 * time.Hour: 200, 82 * 24 * time.Hour: 401}, map[time.Duration]int{82 * 24 * time.Hour: 200}},
		{"old stays for a while", []rakutentest.Renewal{rakutentest.OldKeyStaysFor(minute)}, map[time.Duration]int{0: 200, minute: 401}, map[time.Duration]int{0: 200}},
		{"new settles", []rakutentest.Renewal{rakutentest.NewKeySettles(20 * minute)}, map[time.Duration]int{0: 401, 30 * minute: 401}, map[time.Duration]int{0: 401, 19 * minute: 401, 20 * minute: 200}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			check := func(useNew bool, want map[time.Duration]int) {
				for after, status := range want {
					srv := newServer(t)
					c := as(t, srv, srv.Shop())
					if key := srv.RenewKey(srv.Shop(), test.how...); useNew {
						c.key = key
					}
					srv.Advance(after)
					assert.Equal(t, status, c.get(stockPath).status, "new %v after %v", useNew, after)
				}
			}
			check(false, test.old)
			check(true, test.new)
		})
	}
}

func TestLicenseIsTheNewest(t *testing.T) {
	t.Parallel()
	srv := newServer(t)
	before := srv.Shop().License()
	key := srv.RenewKey(srv.Shop())
	after := srv.Shop().License()
	assert.Equal(t, key, after.Key.Reveal())
	assert.NotEqual(t, before.Key, after.Key)
	assert.Equal(t, before.ServiceSecret, after.ServiceSecret)
	assert.Equal(t, "400001", after.Shop)
	assert.True(t, after.ExpiresAt.Equal(time.Date(2027, 1, 30, 14, 59, 59, 0, time.UTC)))
	assert.Panics(t, func() { srv.AddShop(rakutentest.Seed{ID: "400001"}) })
}

func TestRateLimits(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name  string
		opts  []rakutentest.Option
		after string
	}{
		{"with Retry-After", nil, "1"},
		{"without Retry-After", []rakutentest.Option{rakutentest.WithoutRetryAfter()}, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			srv := newPacedServer(t, test.opts...)
			c := as(t, srv, srv.Shop())
			assert.Equal(t, 200, c.order("getSubStatusList", nil).status)
			got := c.order("getSubStatusList", nil)
			assert.Equal(t, 429, got.status)
			assert.Equal(t, test.after, got.header.Get("Retry-After"))
			assert.Equal(t, 200, as(t, srv, srv.AddShop(rakutentest.Seed{})).order("getSubStatusList", nil).status, "each shop has its own count")
			assert.Equal(t, 200, c.get(stockPath).status, "each family has its own count")
			srv.Advance(time.Second)
			assert.Equal(t, 200, c.order("getSubStatusList", nil).status)
		})
	}
}

func TestTrailingSlash(t *testing.T) {
	t.Parallel()
	srv := newServer(t)
	c := as(t, srv, srv.Shop())
	for _, path := range []string{"/es/2.0/order/getSubStatusList", "/es/2.0/order/getSubStatusList/"} {
		assert.Equal(t, 200, c.json(http.MethodPost, path, nil).status, path)
	}
	assert.Equal(t, 200, c.get("/es/2.1/inventories/bulk-get/range/").status)
	assert.Equal(t, 404, c.get("/es/9.9/nothing").status)
}
