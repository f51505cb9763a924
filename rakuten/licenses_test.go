package rakuten_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/rakuten"
)

const unauthorised = `{"errors":[{"code":"GA0001","message":"Un-Authorised"}]}`

func TestQuirk11ExpiryDate(t *testing.T) {
	t.Parallel()
	var got call
	client := serve(t, record(&got, 200, `{"expiryDate":"2026-11-28T23:59:59"}`))
	at, err := client.Licenses.ExpiryDate(t.Context())
	require.NoError(t, err)
	assert.True(t, at.Equal(time.Date(2026, 11, 28, 23, 59, 59, 0, shotengai.JST)), "Japan time without an offset")
	assert.Equal(t, "GET", got.Method)
	assert.Equal(t, "/es/1.0/license-management/license-key/expiry-date", got.Path)
	assert.Equal(t, "licenseKey=SL123456_key", got.Query)
}

// A platform, a transport and a log that repeat the key do not make it known.
func TestH22KeyReachesNeitherErrorsNorLogs(t *testing.T) {
	t.Parallel()
	const key = "SL123456_k+y/="
	license := pair
	license.Key = key
	var log bytes.Buffer
	logger := slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	chatty := func(r *http.Request) (*http.Response, error) { return nil, fmt.Errorf("cannot reach %s", r.URL) }
	values := func(r *http.Request) (*http.Response, error) {
		return nil, fmt.Errorf("cannot reach %v", r.URL.Query())
	}
	answer := `{"errors":[{"code":"IE0001 ` + key + `","message":"licenseKey=` + key + ` is bad","metadata":{"propertyPath":"` + key + `"}}]}`
	for name, opts := range map[string][]shotengai.Option{
		"platform":  {shotengai.WithLogger(logger)},
		"transport": {shotengai.WithLogger(logger), shotengai.WithHTTPClient(&http.Client{Transport: tripper(chatty)})},
		"values":    {shotengai.WithHTTPClient(&http.Client{Transport: tripper(values)})},
	} {
		var got call
		opts = append(opts, shotengai.WithRetryPolicy(shotengai.RetryPolicy{Attempts: 1}))
		client := serveWith(t, rakuten.StaticLicense(license), record(&got, 400, answer), opts...)
		_, err := client.Licenses.ExpiryDate(t.Context())
		e, ok := errors.AsType[*shotengai.Error](err)
		require.True(t, ok)
		shown := []string{err.Error(), fmt.Sprintf("%+v", err), fmt.Sprintf("%#v", *e), fmt.Sprintf("%+v", e.Details), string(e.Body)}
		for _, cause := range e.Unwrap() {
			shown = append(shown, cause.Error())
		}
		for _, text := range shown {
			assert.NotContains(t, text, key, name)
			assert.NotContains(t, text, "k%2By", name)
		}
	}
	assert.NotEmpty(t, log.String())
	assert.NotContains(t, log.String(), "SL123456")
	assert.NotContains(t, log.String(), "licenseKey")
}

func TestH22LicenceShowsNoSecret(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	slog.New(slog.NewTextHandler(&log, nil)).Info("", "licence", pair, "key", pair.Key)
	slog.New(slog.NewJSONHandler(&log, nil)).Info("", "licence", pair, "pointer", &pair)
	asJSON, err := json.Marshal(pair)
	require.NoError(t, err)
	shown := []string{log.String(), string(asJSON), fmt.Sprint(pair, &pair)}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d"} {
		shown = append(shown, fmt.Sprintf(verb, pair), fmt.Sprintf(verb, &pair), fmt.Sprintf(verb, []rakuten.License{pair}))
	}
	client := serve(t, nil)
	shown = append(shown, fmt.Sprintf("%+v %#v", client, client))
	for _, text := range shown {
		for _, secret := range []string{"SL123456_key", "SP123456_secret", hex.EncodeToString([]byte("SL123456_key"))} {
			assert.NotContains(t, strings.ToLower(text), strings.ToLower(secret))
		}
	}
}

// The platform refuses the end of a key that is over in two ways, and all else in one.
func TestT39KeyPastItsEnd(t *testing.T) {
	t.Parallel()
	end := time.Date(2026, 6, 1, 23, 59, 59, 0, shotengai.JST)
	license := pair
	license.ExpiresAt = end
	for _, status := range []int{http.StatusUnauthorized, http.StatusForbidden} {
		for _, test := range []struct {
			now     time.Time
			expired bool
		}{
			{end.Add(999 * time.Millisecond), false},
			{end.Add(time.Second), true},
		} {
			client := serveWith(t, rakuten.StaticLicense(license), func(w http.ResponseWriter, _ *http.Request) {
				w.WriteHeader(status)
				_, _ = io.WriteString(w, unauthorised)
			}, shotengai.WithClock(func() time.Time { return test.now }))
			_, err := client.Licenses.ExpiryDate(t.Context())
			assert.Equal(t, test.expired, errors.Is(err, rakuten.ErrKeyExpired), "%d at %s", status, test.now)
			assert.Equal(t, test.expired, errors.Is(err, shotengai.ErrReauthorize))
			if status == http.StatusUnauthorized {
				require.ErrorIs(t, err, shotengai.ErrUnauthorized)
				_, err = client.Orders.SubStatuses(t.Context())
				assert.Equal(t, test.expired, errors.Is(err, rakuten.ErrKeyExpired))
				require.ErrorIs(t, err, shotengai.ErrUnauthorized)
			}
		}
	}
}

// A key that is renewed between two attempts is used by the second.
func TestLicenceIsAskedAtEachAttempt(t *testing.T) {
	t.Parallel()
	for _, status := range []int{http.StatusUnauthorized, http.StatusServiceUnavailable} {
		var asked, calls int
		source := rakuten.LicenseFunc(func(context.Context) (rakuten.License, error) {
			asked++
			if calls > 0 {
				return rakuten.License{ServiceSecret: "s", Key: "new"}, nil
			}
			return rakuten.License{ServiceSecret: "s", Key: "old"}, nil
		})
		client := serveWith(t, source, func(w http.ResponseWriter, r *http.Request) {
			calls++
			if r.Header.Get("Authorization") != "ESA "+base64.StdEncoding.EncodeToString([]byte("s:new")) {
				w.WriteHeader(status)
				return
			}
			_, _ = io.WriteString(w, `{}`)
		}, shotengai.WithRetryPolicy(shotengai.RetryPolicy{Attempts: 2, MinDelay: 1, MaxDelay: 1}))
		require.NoError(t, client.Do(t.Context(), http.MethodGet, "/es/2.0/items/search", nil, nil), status)
		assert.Equal(t, 2, calls)
		assert.GreaterOrEqual(t, asked, 2)
	}
}

func TestRefusalOfAKeyJustIssued(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 6, 1, 12, 0, 0, 0, shotengai.JST)
	for age, settling := range map[time.Duration]bool{
		-time.Minute: true, 0: true, 29 * time.Minute: true, rakuten.SettlingTime: false, -365 * 24 * time.Hour: false,
	} {
		license := pair
		license.IssuedAt = now.Add(-age)
		client := serveWith(t, rakuten.StaticLicense(license), func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(http.StatusUnauthorized)
		}, shotengai.WithClock(func() time.Time { return now }))
		_, err := client.Orders.SubStatuses(t.Context())
		require.ErrorIs(t, err, shotengai.ErrUnauthorized)
		assert.Equal(t, settling, errors.Is(err, rakuten.ErrKeySettling), age)
		assert.NotErrorIs(t, err, shotengai.ErrReauthorize, "nobody has to issue a key for it")
	}
}

type tripper func(*http.Request) (*http.Response, error)

func (f tripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func TestLicenseExpiry(t *testing.T) {
	t.Parallel()
	issued := time.Date(2026, 1, 1, 10, 0, 0, 0, shotengai.JST)
	assert.True(t, rakuten.License{IssuedAt: issued}.Expiry().Equal(time.Date(2026, 4, 1, 23, 59, 59, 0, shotengai.JST)))
	known := issued.AddDate(0, 0, 5)
	assert.Equal(t, known, rakuten.License{IssuedAt: issued, ExpiresAt: known}.Expiry())
	assert.True(t, rakuten.License{}.Expiry().IsZero())
	for at, want := range map[string]string{
		"2026-01-01T14:59:59Z": "2026-04-01T23:59:59+09:00",
		"2026-01-01T15:00:00Z": "2026-04-02T23:59:59+09:00", // the next day in Japan
		"2027-12-01T03:00:00Z": "2028-02-29T23:59:59+09:00",
		"2026-12-01T03:00:00Z": "2027-03-01T23:59:59+09:00",
	} {
		issued, err := time.Parse(time.RFC3339, at)
		require.NoError(t, err)
		assert.Equal(t, want, rakuten.License{IssuedAt: issued}.Expiry().Format(time.RFC3339))
	}
}

func TestLicenseIsRefusedBeforeSending(t *testing.T) {
	t.Parallel()
	for _, license := range []rakuten.License{{Key: "k"}, {ServiceSecret: "s"}, {ServiceSecret: "s", Key: "k\n"}} {
		client := serveWith(t, rakuten.StaticLicense(license), func(http.ResponseWriter, *http.Request) { t.Error("was sent") })
		_, err := client.Orders.SubStatuses(t.Context())
		require.ErrorIs(t, err, shotengai.ErrReauthorize)
	}
}

// Both calls may be answered in many ways. They fall into four kinds, which are the rows
// (the expiry date) and the columns (the navigation) of a table for each thing that may be
// known of the key.
func TestDiagnose(t *testing.T) {
	t.Parallel()
	const (
		works, settling, unknown = rakuten.VerdictWorks, rakuten.VerdictSettling, rakuten.VerdictUnknown
		noExpiry, noFunction     = rakuten.VerdictExpiryNotEnabled, rakuten.VerdictFunctionNotEnabled
		expired, wrong, refused  = rakuten.VerdictExpired, rakuten.VerdictWrongPair, rakuten.VerdictRefused
	)
	now := time.Date(2026, 6, 1, 12, 0, 0, 0, shotengai.JST)
	type table [4][4]rakuten.Verdict
	unknownDate := table{
		{works, noFunction, noFunction, works}, // the date was returned
		{noExpiry, noFunction, refused, unknown},
		{noExpiry, refused, refused, unknown},
		{works, unknown, unknown, unknown},
	}
	before := table{
		{works, noFunction, noFunction, works},
		{noExpiry, noFunction, refused, unknown},
		{noExpiry, refused, wrong, unknown},
		{works, unknown, unknown, unknown},
	}
	after := table{
		{works, noFunction, noFunction, works},
		{noExpiry, expired, expired, expired},
		{noExpiry, expired, expired, expired},
		{works, expired, expired, unknown},
	}
	fresh := table{
		{works, settling, settling, works},
		{settling, settling, settling, unknown},
		{settling, settling, settling, unknown},
		{works, unknown, unknown, unknown},
	}
	tests := []struct {
		name   string
		change rakuten.License
		want   table
	}{
		{"nothing is known", rakuten.License{}, unknownDate},
		{"before the end", rakuten.License{ExpiresAt: now.AddDate(0, 0, 9)}, before},
		{"the last second", rakuten.License{ExpiresAt: now.Add(-999 * time.Millisecond)}, before},
		{"after the end", rakuten.License{ExpiresAt: now.Add(-time.Second)}, after},
		{"issued 91 days ago", rakuten.License{IssuedAt: now.AddDate(0, 0, -91)}, after},
		{"issued a minute ago", rakuten.License{IssuedAt: now.Add(-time.Minute)}, fresh},
		{"issued by a clock ahead", rakuten.License{IssuedAt: now.Add(time.Minute)}, fresh},
		{"issued 30 minutes ago", rakuten.License{IssuedAt: now.Add(-rakuten.SettlingTime)}, before},
		{"issued in a year, by a broken clock", rakuten.License{IssuedAt: now.AddDate(1, 0, 0)}, before},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			license := pair
			license.IssuedAt, license.ExpiresAt = test.change.IssuedAt, test.change.ExpiresAt
			platform := &twoAnswers{t: t}
			client := serveWith(t, rakuten.StaticLicense(license), platform.ServeHTTP,
				shotengai.WithClock(func() time.Time { return now }), shotengai.WithRetryPolicy(shotengai.RetryPolicy{Attempts: 1}))
			for row, expiries := range answersOf("2026-08-28T23:59:59") {
				for column, probes := range answersOf("2026-08-28T23:59:59") {
					for _, expiry := range expiries {
						for _, probe := range probes {
							platform.set(expiry, probe)
							d := client.Diagnose(t.Context())
							assert.Equal(t, test.want[row][column], d.Verdict, "%v, %v", expiry, probe)
							assert.Equal(t, expiry.fine(), d.Expiry == nil)
							assert.Equal(t, probe.fine(), d.Probe == nil)
							who, _ := d.Verdict.Act(shotengai.English)
							assert.Equal(t, who, whoActs(d))
						}
					}
				}
			}
		})
	}
}

// answersOf is what a call may be answered with, by kind: fine, the gateway's refusal, a
// refusal that says nothing, and no word of the API about the licence.
func answersOf(date string) [4][]cannedAnswer {
	return [4][]cannedAnswer{
		{{200, `{"expiryDate":"` + date + `","version":"1"}`}},
		{{403, `{"Results":{"errorCode":"ES04-01","message":"no"}}`}},
		{{401, unauthorised}, {403, unauthorised}, {403, ""}},
		{{403, "<html><body>Access Denied</body></html>"}, {429, ""}, {503, ""}, {500, "<html></html>"}, {0, ""}},
	}
}

type cannedAnswer struct {
	status int // 0 is a connection that breaks
	body   string
}

func (a cannedAnswer) fine() bool { return a.status == 200 }

// twoAnswers is a platform that knows the two calls of a diagnosis.
type twoAnswers struct {
	t             *testing.T
	mu            sync.Mutex
	expiry, probe cannedAnswer
}

func (p *twoAnswers) set(expiry, probe cannedAnswer) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.expiry, p.probe = expiry, probe
}

func (p *twoAnswers) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	expiry, a := p.expiry, p.probe
	p.mu.Unlock()
	if strings.HasSuffix(r.URL.Path, "/expiry-date") {
		a = expiry
	} else {
		assert.Equal(p.t, "/es/2.0/navigation/version", r.URL.Path)
	}
	if a.status == 0 {
		panic(http.ErrAbortHandler)
	}
	w.WriteHeader(a.status)
	_, _ = io.WriteString(w, a.body)
}

// A key may end between the two calls.
func TestDiagnoseAtMidnight(t *testing.T) {
	t.Parallel()
	end := time.Date(2026, 6, 1, 23, 59, 59, 0, shotengai.JST)
	platform := &twoAnswers{t: t, expiry: cannedAnswer{200, `{"expiryDate":"2026-06-01T23:59:59"}`}, probe: cannedAnswer{401, unauthorised}}
	client := serve(t, platform.ServeHTTP, shotengai.WithClock(func() time.Time { return end.Add(time.Second) }))
	d := client.Diagnose(t.Context())
	assert.Equal(t, rakuten.VerdictExpired, d.Verdict)
	assert.True(t, d.ExpiresAt.Equal(end), "as the platform says")
}

func TestDiagnoseLooksAtOneKey(t *testing.T) {
	t.Parallel()
	var used []string
	keys := 0
	source := rakuten.LicenseFunc(func(context.Context) (rakuten.License, error) {
		keys++
		return rakuten.License{ServiceSecret: "s", Key: shotengai.Secret(fmt.Sprint("key", keys))}, nil
	})
	client := serveWith(t, source, func(w http.ResponseWriter, r *http.Request) {
		used = append(used, r.Header.Get("Authorization"))
		w.WriteHeader(http.StatusUnauthorized)
	})
	client.Diagnose(t.Context())
	require.Len(t, used, 2, "two calls, and none repeated")
	assert.Equal(t, used[0], used[1])
	assert.Equal(t, 1, keys)
}

func TestDiagnoseOfHalfAPairAsksNobody(t *testing.T) {
	t.Parallel()
	for _, license := range []rakuten.License{{Key: "k"}, {ServiceSecret: "s"}} {
		license.ExpiresAt = time.Now().Add(time.Hour)
		client := serveWith(t, rakuten.StaticLicense(license), func(http.ResponseWriter, *http.Request) { t.Error("was sent") })
		d := client.Diagnose(t.Context())
		assert.Equal(t, rakuten.VerdictUnknown, d.Verdict)
		assert.Equal(t, rakuten.ProviderActs, whoActs(d))
		require.ErrorIs(t, d.Expiry, shotengai.ErrReauthorize)
	}
}

var kana = regexp.MustCompile(`\p{Hiragana}|\p{Katakana}`)

// inBothLanguages checks that advice is there in both languages, and for the same one.
func inBothLanguages(t *testing.T, want rakuten.Actor, act func(shotengai.Language) (rakuten.Actor, string)) {
	t.Helper()
	who, what := act(shotengai.English)
	assert.Equal(t, want, who, what)
	assert.Regexp(t, `^[ -~]+$`, what)
	who, what = act(shotengai.Japanese)
	assert.Equal(t, want, who, what)
	assert.Regexp(t, kana, what)
}

func whoActs(d rakuten.Diagnosis) rakuten.Actor {
	who, _ := d.Act(shotengai.English)
	return who
}

func whatToDo(d rakuten.Diagnosis) string {
	_, what := d.Act(shotengai.English)
	return what
}

func TestVerdictTellsWhoActs(t *testing.T) {
	t.Parallel()
	for verdict, want := range map[rakuten.Verdict]rakuten.Actor{
		rakuten.VerdictWorks: rakuten.NobodyActs, rakuten.VerdictExpiryNotEnabled: rakuten.ShopActs,
		rakuten.VerdictFunctionNotEnabled: rakuten.ShopActs, rakuten.VerdictExpired: rakuten.ShopActs,
		rakuten.VerdictSettling: rakuten.NobodyActs, rakuten.VerdictWrongPair: rakuten.ProviderActs,
		rakuten.VerdictRefused: rakuten.ProviderActs, rakuten.VerdictUnknown: rakuten.NobodyActs,
	} {
		inBothLanguages(t, want, verdict.Act)
		assert.NotRegexp(t, kana, verdict.Explain(shotengai.English))
		assert.Regexp(t, kana, verdict.Explain(shotengai.Japanese))
	}
}

func TestDiagnoseWithoutALicence(t *testing.T) {
	t.Parallel()
	lost := errors.New("no such shop")
	client := serveWith(t, rakuten.LicenseFunc(func(context.Context) (rakuten.License, error) { return rakuten.License{}, lost }), nil)
	d := client.Diagnose(t.Context())
	assert.Equal(t, rakuten.VerdictUnknown, d.Verdict)
	assert.Equal(t, rakuten.ProviderActs, whoActs(d))
	require.ErrorIs(t, d.Expiry, lost)
}

func TestLicenseStateTellsWhoActs(t *testing.T) {
	t.Parallel()
	for state, want := range map[rakuten.LicenseState]rakuten.Actor{
		rakuten.LicenseAwaitingApproval: rakuten.ShopActs, rakuten.LicenseInUse: rakuten.NobodyActs,
		rakuten.LicenseUpdateOffered: rakuten.ShopActs, rakuten.LicenseExpired: rakuten.ShopActs, "新": rakuten.ProviderActs,
	} {
		inBothLanguages(t, want, state.Act)
	}
}

// The states as people write them: with a full-width blank, with a half-width one, with none.
func TestLicenseStateIsReadWithAnyBlank(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]rakuten.LicenseState{
		"利用中 更新あり": rakuten.LicenseUpdateOffered, "利用中　更新あり": rakuten.LicenseUpdateOffered, "利用中更新あり": rakuten.LicenseUpdateOffered,
		"　利用中\u00a0更新あり\r\n": rakuten.LicenseUpdateOffered, "利用中　　更新あり": rakuten.LicenseUpdateOffered,
		"利用中": rakuten.LicenseInUse, " 利用中　": rakuten.LicenseInUse, "利 用 中": rakuten.LicenseInUse,
		"承認待ち": rakuten.LicenseAwaitingApproval, "承認　待ち": rakuten.LicenseAwaitingApproval,
		"有効期限切れ": rakuten.LicenseExpired, "有効期限 切れ": rakuten.LicenseExpired,
		"": "", " 停止 中 ": "停止 中",
	} {
		assert.Equal(t, want, rakuten.ParseLicenseState(text), "%q", text)
		who, what := rakuten.LicenseState(text).Act(shotengai.English)
		wantWho, wantWhat := want.Act(shotengai.English)
		assert.Equal(t, wantWho, who, "%q", text)
		assert.Equal(t, wantWhat, what, "%q", text)
	}
	who, _ := rakuten.LicenseState("利用中　更新あり").Act(shotengai.English)
	assert.Equal(t, rakuten.ShopActs, who)
}
