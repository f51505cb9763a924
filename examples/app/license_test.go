package main

import (
	"io"
	"mime"
	"mime/quotedprintable"
	"net/http"
	"net/mail"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/rakuten"
	"github.com/shotengai/shotengai-go/rakuten/licensewatch"
	"github.com/shotengai/shotengai-go/rakuten/rakutentest"
)

// enter enters the newest key of a shop on the operator's page.
func (o *owner) enter(shop *rakutentest.Shop, pairs ...string) answer {
	o.t.Helper()
	return o.post("/admin/licenses", "/admin/licenses", append([]string{
		"shop", shop.ID, "key", shop.License().Key.Reveal(), "contacts", "楽田 太郎 <taro@example.jp>, hanako@example.jp",
	}, pairs...)...)
}

// stillDemo is a demo whose timers and web server do not run.
func stillDemo(t *testing.T) *demo {
	t.Helper()
	d, err := startDemo(t.Context(), "127.0.0.1:0", "")
	require.NoError(t, err)
	t.Cleanup(func() {
		assert.NoError(t, d.listener.Close())
		assert.NoError(t, d.app.close(t.Context()))
		assert.NoError(t, d.close())
	})
	return d
}

// A renewed key kills the one before. The page says that and what to do, not how many days the
// dead one had left, and the new one is used without a restart.
func TestDeadLicense(t *testing.T) {
	t.Parallel()
	d := serveDemo(t)
	a := cast(t, d, "rakuten")
	a.do("install")
	healthy := a.get(a.page()).body
	assert.NotContains(t, healthy, `id="license"`)
	assert.Contains(t, healthy, "80 日")
	assert.Contains(t, healthy, texts["ja"]["stage_active"])

	shop := a.renew()
	for _, page := range []answer{a.post(a.page(), a.page()+"/sync"), a.get(a.page() + "?lang=ja")} {
		assert.Equal(t, http.StatusOK, page.status)
		assert.Contains(t, page.body, `id="license"`)
		assert.Contains(t, page.body, texts["ja"]["license_do_refused"])
		assert.Contains(t, page.body, "お預かりしている店舗 "+shop.ID, "the mail")
		assert.Contains(t, page.body, texts["ja"]["stopped"])
		assert.NotContains(t, page.body, "80 日")
		assert.NotContains(t, page.body, `id="trouble"`)
	}
	list := a.get("/admin").body
	assert.Contains(t, list, texts["ja"]["license_refused"])

	back := a.enter(shop)
	assert.Equal(t, a.page(), back.path)
	assert.NotContains(t, back.body, `id="license"`)
	assert.Contains(t, back.body, `id="orders"`)
	assert.Contains(t, back.body, "90 日")
}

// renew issues a new key for the shop of the actor; the one that the app has is dead.
func (a *actor) renew(how ...rakutentest.Renewal) *rakutentest.Shop {
	a.t.Helper()
	a.d.rakuten.RenewKey(a.rakuten, how...)
	return a.rakuten
}

// A function that the shop has not enabled is no dead key.
func TestLicenseWithoutOrders(t *testing.T) {
	t.Parallel()
	d := stillDemo(t)
	folder := t.TempDir()
	d.app.config.Outbox = mailFolder(folder)
	shop := d.rakuten.Shop()
	shop.Disable(rakutentest.GatewayCode, "order")
	sh, err := d.app.store.shop(t.Context(), shopKey{"rakuten", shop.ID})
	require.NoError(t, err)
	for range 2 {
		require.ErrorIs(t, d.app.sync(t.Context(), sh), shotengai.ErrForbidden)
	}
	s, err := d.app.standing(t.Context(), shop.ID, time.Now())
	require.NoError(t, err)
	assert.Equal(t, rakuten.VerdictFunctionNotEnabled, s.Verdict)
	assert.Equal(t, "functions", licenseStateOf(s, time.Now()).Topic)
	require.Len(t, mails(t, folder), 1, "once")
	shop.Enable("order")
	require.NoError(t, d.app.sync(t.Context(), sh))
	s, err = d.app.standing(t.Context(), shop.ID, time.Now())
	require.NoError(t, err)
	assert.Equal(t, rakuten.VerdictWorks, s.Verdict)
}

// Two runs may overlap: the timer's and one that a person asked for. What the first has seen is
// old when it ends after the other.
func TestOverlappingRuns(t *testing.T) {
	t.Parallel()
	d := stillDemo(t)
	shop := d.rakuten.Shop()
	key := shopKey{"rakuten", shop.ID}
	older, err := d.app.store.shop(t.Context(), key)
	require.NoError(t, err)
	judged, err := d.app.judgeLicense(t.Context(), shop.ID)
	require.NoError(t, err)

	shop.ExpireKey()
	require.ErrorIs(t, d.app.sync(t.Context(), older), shotengai.ErrUnauthorized)
	require.NoError(t, judged(t.Context(), nil), "the older run had read all orders before")
	require.NoError(t, d.app.store.noteTrouble(t.Context(), older, ""))
	s, err := d.app.standing(t.Context(), shop.ID, time.Now())
	require.NoError(t, err)
	assert.True(t, s.refused())
	newer, err := d.app.store.shop(t.Context(), key)
	require.NoError(t, err)
	assert.NotEmpty(t, newer.Trouble)
}

func TestLicenseEntry(t *testing.T) {
	t.Parallel()
	d := serveDemo(t)
	a := cast(t, d, "rakuten")
	a.do("install")
	shop, before := a.rakuten, a.rakuten.License().Key.Reveal()
	for _, tt := range []struct {
		status int
		text   string
		pairs  []string
	}{
		{http.StatusBadRequest, "license_bad_shop", []string{"shop", "12a"}},
		{http.StatusBadRequest, "license_bad_key", []string{"key", "SL 1"}},
		{http.StatusBadRequest, "license_bad_key", []string{"key", "ＳＬ1"}},
		{http.StatusBadRequest, "license_bad_contacts", []string{"contacts", "nobody"}},
		{http.StatusBadRequest, "license_bad_day", []string{"issued", "tomorrow"}},
		{http.StatusBadRequest, "license_bad_day", []string{"issued", "9999-01-01"}},
		{http.StatusConflict, "license_refused_entry", []string{"key", "SLwrong"}},
	} {
		refused := a.enter(shop, tt.pairs...)
		assert.Equal(t, tt.status, refused.status, tt.pairs)
		assert.Contains(t, refused.body, texts["ja"][tt.text], tt.pairs)
	}
	kept, err := d.app.licenses.get(t.Context(), shop.ID)
	require.NoError(t, err)
	assert.Equal(t, before, kept.Key.Reveal())
	assert.Equal(t, []mail.Address{{Name: "楽田 太郎", Address: "taro@example.jp"}, {Address: "hanako@example.jp"}}, kept.Contacts)

	var sealed string
	require.NoError(t, d.app.store.db.QueryRowContext(t.Context(), `SELECT sealed FROM app_licenses WHERE shop = $1`, shop.ID).Scan(&sealed))
	assert.NotContains(t, sealed, before)
	assert.NotContains(t, a.get("/admin/licenses").body, before)
	file := a.get(a.page() + "/data.json").body
	assert.NotContains(t, file, before)
	assert.Contains(t, file, "hanako@example.jp")
	assert.Contains(t, file, `"expires_at"`)

	// A key of today may be refused for a while.
	a.renew(rakutentest.NewKeySettles(time.Hour))
	assert.Equal(t, http.StatusConflict, a.enter(shop).status)
	today := time.Now().In(shotengai.JST).Format(time.DateOnly)
	assert.Contains(t, a.enter(shop, "issued", today).body, texts["ja"]["license_settling"])
	assert.Equal(t, http.StatusNotFound, newOwner(t, d).get("/admin/licenses").status)
}

// mails are the mails in a folder.
func mails(t *testing.T, folder string) (all []*mail.Message) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(folder, "*"))
	require.NoError(t, err)
	for _, file := range files {
		require.Equal(t, ".eml", filepath.Ext(file))
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		message, err := mail.ReadMessage(strings.NewReader(string(text)))
		require.NoError(t, err)
		all = append(all, message)
	}
	return all
}

// A warning that cannot be written comes again, and one that was written does not, whether the
// app was restarted or not.
func TestLicenseMail(t *testing.T) {
	t.Parallel()
	d := stillDemo(t)
	folder := t.TempDir()
	d.app.config.Outbox = mailFolder(filepath.Join(folder, "missing"))
	shop := d.rakuten.AddShop(rakutentest.Seed{ServiceSecret: d.config.Rakuten.ServiceSecret, IssuedAt: time.Now().AddDate(0, 0, -88)})
	require.NoError(t, d.app.enterLicense(t.Context(), shop.License(), []mail.Address{{Name: "楽田 太郎", Address: "taro@example.jp"}}))
	require.NoError(t, d.app.licenses.remove(t.Context(), "400002")) // the other one that ends soon
	check := func(now time.Time) {
		watcher, err := licensewatch.New(licensewatch.Config{
			Shops: d.app.licenses.shops, Client: d.app.licenses.clients.Get, Contacts: d.app.licenses.contacts, Store: d.app.store.watch,
			Now: func() time.Time { return now },
		})
		require.NoError(t, err)
		require.NoError(t, watcher.Check(t.Context(), d.app.onLicense))
	}
	now := time.Now()
	check(now)
	assert.Empty(t, mails(t, folder))
	d.app.config.Outbox = mailFolder(folder)
	check(now.Add(2 * time.Hour))
	check(now.Add(4 * time.Hour))
	written := mails(t, folder)
	require.Len(t, written, 1)
	subject, err := new(mime.WordDecoder).DecodeHeader(written[0].Header.Get("Subject"))
	require.NoError(t, err)
	assert.Contains(t, subject, "楽天ライセンスキーの有効期限")
	to, err := written[0].Header.AddressList("To")
	require.NoError(t, err)
	assert.Equal(t, []*mail.Address{{Name: "楽田 太郎", Address: "taro@example.jp"}}, to)
	body, err := io.ReadAll(quotedprintable.NewReader(written[0].Body))
	require.NoError(t, err)
	assert.Contains(t, string(body), "新しいライセンスキーを発行して")
	assert.NotContains(t, string(body), shop.License().Key.Reveal())

	// Reading the orders finds a dead key first, and the next round of the watch warns of it.
	record, err := d.app.store.watch.Load(t.Context(), shop.ID)
	require.NoError(t, err)
	assert.False(t, record.NextCheck.IsZero())
	d.rakuten.RenewKey(shop)
	sh, err := d.app.store.shop(t.Context(), shopKey{"rakuten", shop.ID})
	require.NoError(t, err)
	require.Error(t, d.app.sync(t.Context(), sh))
	record, err = d.app.store.watch.Load(t.Context(), shop.ID)
	require.NoError(t, err)
	assert.True(t, record.NextCheck.IsZero())
}

// What is known of a key beats its date.
func TestStanding(t *testing.T) {
	t.Parallel()
	d := stillDemo(t)
	id := d.rakuten.Shop().ID
	now := time.Now().Truncate(time.Second)
	found, err := d.app.licenses.get(t.Context(), id)
	require.NoError(t, err)
	record := func(verdict rakuten.Verdict, at time.Time) licensewatch.Record {
		return licensewatch.Record{Shop: id, KeyID: found.Fingerprint(), ExpiresAt: now.AddDate(0, 0, 80), CheckedAt: at, AnsweredAt: at, Verdict: verdict}
	}
	for name, tt := range map[string]struct {
		verdict rakuten.Verdict // of the orders
		worked  time.Time
		expires time.Time
		record  licensewatch.Record
		want    rakuten.Verdict
		topic   string
		days    bool
	}{
		"never asked":                 {expires: now.AddDate(0, 0, 80), topic: "unknown", days: true},
		"works":                       {worked: now, record: record(rakuten.VerdictWorks, now), want: rakuten.VerdictWorks, topic: "works", days: true},
		"ends":                        {worked: now, expires: now.AddDate(0, 0, 30), want: rakuten.VerdictWorks, topic: "ends", days: true},
		"refused by the orders":       {verdict: rakuten.VerdictWrongPair, record: record(rakuten.VerdictWorks, now), want: rakuten.VerdictWrongPair, topic: "refused"},
		"refused by the watch":        {worked: now.Add(-time.Hour), record: record(rakuten.VerdictWrongPair, now), want: rakuten.VerdictWrongPair, topic: "refused"},
		"has worked since":            {worked: now, record: record(rakuten.VerdictWrongPair, now.Add(-time.Hour)), want: rakuten.VerdictWorks, topic: "works", days: true},
		"of the key before":           {worked: now, record: licensewatch.Record{KeyID: "x", AnsweredAt: now.Add(time.Hour), Verdict: rakuten.VerdictRefused}, expires: now.AddDate(0, 0, 80), want: rakuten.VerdictWorks, topic: "works", days: true},
		"expired":                     {worked: now.AddDate(0, 0, -3), expires: now.AddDate(0, 0, -2), want: rakuten.VerdictExpired, topic: "expired"},
		"date was wrong, works":       {worked: now, expires: now.AddDate(0, 0, -2), want: rakuten.VerdictWorks, topic: "ends", days: true},
		"not known when, not enabled": {worked: now.Add(-time.Hour), record: licensewatch.Record{KeyID: found.Fingerprint(), AnsweredAt: now, Verdict: rakuten.VerdictExpiryNotEnabled}, want: rakuten.VerdictExpiryNotEnabled, topic: "no_date"},
	} {
		require.NoError(t, d.app.store.exec(t.Context(), `UPDATE app_licenses SET verdict = $1, worked_at = $2, issued_at = 0, expires_at = $3 WHERE shop = $4`,
			string(tt.verdict), unix(tt.worked), unix(tt.expires), id))
		require.NoError(t, d.app.store.exec(t.Context(), `DELETE FROM `+licenseWatch))
		tt.record.Shop = id
		saved, err := d.app.store.watch.Save(t.Context(), tt.record)
		require.NoError(t, err)
		require.True(t, saved)
		s, err := d.app.standing(t.Context(), id, now)
		require.NoError(t, err)
		state := licenseStateOf(s, now)
		assert.Equal(t, tt.want, s.Verdict, name)
		assert.Equal(t, tt.topic, state.Topic, name)
		assert.Equal(t, tt.days, state.Days(now) != nil, name)
	}
}
