package oauth

import (
	"encoding/json"
	"reflect"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestT43Deadline(t *testing.T) {
	t.Parallel()
	now := time.Now()
	for name, c := range map[string]struct {
		monotonic, wall time.Duration
		want            bool
	}{
		"both clocks have time":        {time.Minute, time.Minute, true},
		"the wall clock was set ahead": {time.Minute, -time.Minute, false}, // or the machine slept
		"the wall clock was set back":  {-time.Minute, time.Minute, false},
		"both are over":                {-time.Minute, -time.Minute, false},
		"in this very moment":          {0, 0, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := deadline{monotonic: now.Add(c.monotonic), wall: now.Add(c.wall).Round(0)}
			assert.Equal(t, c.want, d.after(now))
		})
	}
	d := newDeadline(now, now.Add(time.Minute).Round(0))
	assert.Equal(t, now.Add(time.Minute).Round(0), d.wall)
	assert.InDelta(t, time.Minute, d.monotonic.Sub(now), float64(time.Millisecond), "a stored time has no monotonic part, the deadline has")
}

func TestWindow(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ fixed, lifetime, want time.Duration }{
		"makeshop's 5 minutes": {0, 5 * time.Minute, 2 * time.Minute},
		"an hour of STORES":    {0, time.Hour, 15 * time.Minute},
		"a minute":             {0, time.Minute, 30 * time.Second},
		"half a minute":        {0, 30 * time.Second, 15 * time.Second},
		"the platform's own":   {time.Minute, time.Hour, time.Minute},
		"longer than the life": {time.Hour, time.Minute, 30 * time.Second},
		"no life":              {0, 0, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			assert.Equal(t, c.want, window(c.fixed, c.lifetime))
		})
	}
}

func TestDueAndSkew(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		m := &Manager{provider: &Provider{RefreshLifetime: 12 * time.Hour}, random: func(int64) int64 { return 0 }}
		now := time.Now()
		g := &Grant{AccessToken: "a", RefreshToken: "r", ObtainedAt: now, Expiry: now.Add(5 * time.Minute)}
		s := m.snapshot(1, "", "", false, g)
		assert.Equal(t, now.Add(6*time.Hour), s.due, "half of the refresh token's life")
		assert.Equal(t, now.Add(12*time.Hour), s.ends(m.provider))
		assert.True(t, s.validAt(now.Add(5*time.Minute-11*time.Second)))
		assert.False(t, s.validAt(now.Add(5*time.Minute-10*time.Second)), "10 s before the end it is over")

		g = &Grant{AccessToken: "a", RefreshToken: "r", ObtainedAt: now, Expiry: now.Add(time.Minute), RefreshExpiry: now.Add(35 * 24 * time.Hour)}
		s = m.snapshot(1, "", "", false, g)
		assert.Equal(t, now.Add(35*12*time.Hour), s.due, "what the answer says goes first")
		assert.True(t, s.validAt(now.Add(56*time.Second)), "of a short life a twentieth")
		assert.False(t, s.validAt(now.Add(57*time.Second)))

		m.provider.RefreshLifetime = 0
		s = m.snapshot(1, "", "", false, &Grant{AccessToken: "a", RefreshToken: "r", ObtainedAt: now, Expiry: now.Add(time.Minute)})
		assert.Zero(t, s.due, "not known to end")
		assert.Zero(t, s.ends(m.provider))
		s = m.snapshot(1, "", "", false, &Grant{AccessToken: "a", ObtainedAt: now, Expiry: now.Add(time.Minute)})
		assert.Equal(t, now.Add(time.Minute), s.ends(m.provider), "without a refresh token the grant ends with the access token")
		assert.Equal(t, now.Add(time.Minute), s.due, "which somebody has to notice")
		s = m.snapshot(1, "", "", false, &Grant{AccessToken: "a"})
		assert.True(t, s.freshAt(now.Add(100*365*24*time.Hour)), "never")
	})
}

// Every field of a grant survives sealing, a missing one as missing.
func TestSealKeepsTheGrant(t *testing.T) {
	t.Parallel()
	sealer, err := processSealer()
	require.NoError(t, err)
	m := &Manager{provider: &Provider{Name: "shop"}, sealer: sealer, random: func(int64) int64 { return 0 }}
	key := Key{Platform: "shop", App: "app", Shop: "1"}
	at := time.Date(2026, 10, 10, 3, 4, 5, 6000, time.UTC)
	full := Grant{
		AccessToken: "access", RefreshToken: "refresh", RefreshMissing: true, IDToken: "id", Nonce: "nonce", TokenType: "Bearer", Scopes: []string{"a", "b"},
		Expiry: at.Add(time.Hour), RefreshExpiry: at.Add(24 * time.Hour), ObtainedAt: at, Claims: json.RawMessage(`{"sub":"1"}`),
	}
	fields := reflect.ValueOf(full)
	for i := range fields.NumField() {
		require.False(t, fields.Field(i).IsZero(), "the test lacks %s", fields.Type().Field(i).Name)
	}
	for name, grant := range map[string]Grant{"full": full, "least": {AccessToken: "access"}} {
		for _, forced := range []bool{false, true} {
			snap := m.snapshot(3, "save", "consent", forced, &grant)
			snap.doubt = forced
			rec, err := m.seal(key, snap)
			require.NoError(t, err)
			opened, err := m.open(key, rec)
			require.NoError(t, err)
			assert.Equal(t, &grant, opened.grant, name)
			assert.Equal(t, "consent", opened.consent)
			assert.Equal(t, forced, opened.forced)
			assert.Equal(t, forced, opened.doubt)
			assert.Equal(t, int64(3), opened.version)
			assert.Equal(t, "save", opened.saveID)
		}
	}
}
