package rakuten_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go/rakuten"
)

const unauthorised = `{"errors":[{"code":"GA0001","message":"Un-Authorised"}]}`

func TestQuirk11ExpiryDate(t *testing.T) {
	t.Parallel()
	var got call
	client := serve(t, record(&got, 200, `{"expiryDate":"2026-11-28T23:59:59"}`))
	at, err := client.Licenses.ExpiryDate(t.Context())
	require.NoError(t, err)
	assert.True(t, at.Equal(time.Date(2026, 11, 28, 23, 59, 59, 0, rakuten.JST)), "Japan time without an offset")
	assert.Equal(t, "GET", got.Method)
	assert.Equal(t, "/es/1.0/license-management/license-key/expiry-date", got.Path)
	assert.Equal(t, "licenseKey=SL123456_key", got.Query)
}

// A platform, a transport and a log that repeat the key do not make it known.
func TestH22KeyReachesNeitherErrorsNorLogs(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	var got call
	logger := slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	answer := `{"errors":[{"code":"IE0001","message":"licenseKey=SL123456_key is bad","metadata":{"propertyPath":"SL123456_key"}}]}`
	client := serve(t, record(&got, 400, answer), rakuten.WithLogger(logger))
	_, refusal := client.Licenses.ExpiryDate(t.Context())
	require.ErrorIs(t, refusal, rakuten.ErrInvalid)

	chatty := &http.Client{Transport: tripper(func(r *http.Request) (*http.Response, error) {
		return nil, fmt.Errorf("cannot reach %s", r.URL)
	})}
	client = serve(t, nil, rakuten.WithLogger(logger), rakuten.WithHTTPClient(chatty), rakuten.WithRetryPolicy(rakuten.RetryPolicy{Attempts: 1}))
	_, broken := client.Licenses.ExpiryDate(t.Context())
	require.ErrorIs(t, broken, rakuten.ErrUnavailable)

	for _, err := range []error{refusal, broken} {
		e, ok := errors.AsType[*rakuten.Error](err)
		require.True(t, ok)
		for _, text := range []string{err.Error(), fmt.Sprintf("%+v", err), fmt.Sprintf("%#v", *e), fmt.Sprintf("%+v", e.Errors), string(e.Body)} {
			assert.NotContains(t, text, "SL123456_key")
		}
	}
	assert.NotContains(t, fmt.Sprintf("%+v %#v %v", pair, pair, pair), "SL123456_key")
}

type tripper func(*http.Request) (*http.Response, error)

func (f tripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func TestLicenseExpiry(t *testing.T) {
	t.Parallel()
	issued := time.Date(2026, 1, 1, 10, 0, 0, 0, rakuten.JST)
	assert.True(t, rakuten.License{IssuedAt: issued}.Expiry().Equal(time.Date(2026, 4, 1, 23, 59, 59, 0, rakuten.JST)))
	known := issued.AddDate(0, 0, 5)
	assert.Equal(t, known, rakuten.License{IssuedAt: issued, ExpiresAt: known}.Expiry())
	assert.True(t, rakuten.License{}.Expiry().IsZero())
}

func TestLicenseIsRefusedBeforeSending(t *testing.T) {
	t.Parallel()
	for _, license := range []rakuten.License{{Key: "k"}, {ServiceSecret: "s"}, {ServiceSecret: "s", Key: "k\n"}} {
		client := serveWith(t, rakuten.StaticLicense(license), func(http.ResponseWriter, *http.Request) { t.Error("was sent") })
		_, err := client.Orders.SubStatuses(t.Context())
		require.ErrorIs(t, err, rakuten.ErrReauthorize)
	}
}

func TestOrdersOfAnotherShopAreRefused(t *testing.T) {
	t.Parallel()
	const foreign = "654321-20260101-0123456789"
	var calls atomic.Int32
	client := serve(t, func(w http.ResponseWriter, r *http.Request) {
		calls.Add(1)
		_, _ = io.WriteString(w, `{"MessageModelList":[],"orderNumberList":["`+foreign+`"],"OrderModelList":[{"orderNumber":"`+foreign+`"}]}`)
	})
	_, err := client.Orders.Confirm(t.Context(), []string{foreign})
	require.ErrorIs(t, err, rakuten.ErrWrongShop)
	_, err = client.Orders.Get(t.Context(), foreign)
	require.ErrorIs(t, err, rakuten.ErrWrongShop)
	_, err = client.Orders.UpdateDelivery(t.Context(), foreign, "宅配便")
	require.ErrorIs(t, err, rakuten.ErrWrongShop)
	assert.Zero(t, calls.Load(), "a request for another shop is not sent")
	_, err = client.Orders.Get(t.Context(), "123456-20260101-0123456789")
	require.ErrorIs(t, err, rakuten.ErrWrongShop, "nor is its answer given")
	at := rakuten.At(time.Date(2026, 1, 1, 0, 0, 0, 0, rakuten.JST))
	_, err = client.Orders.Search(t.Context(), rakuten.SearchOrdersParams{DateType: rakuten.DateOrdered, StartDatetime: at, EndDatetime: at})
	require.ErrorIs(t, err, rakuten.ErrWrongShop)
}

func TestDiagnose(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 6, 1, 12, 0, 0, 0, rakuten.JST)
	const fine, gateway = `{"expiryDate":"2026-08-28T23:59:59"}`, `{"Results":{"errorCode":"ES04-01","message":"no"}}`
	type answer struct {
		status int
		body   string
	}
	yes, version, no := answer{200, fine}, answer{200, `{"version":"1"}`}, answer{401, unauthorised}
	down, disabled := answer{503, ""}, answer{403, gateway}
	tests := []struct {
		name          string
		expiry, probe answer
		change        func(*rakuten.License)
		want          rakuten.Verdict
		who           rakuten.Actor
	}{
		{"all is well", yes, version, nil, rakuten.VerdictWorks, rakuten.NobodyActs},
		{"navigation is not enabled", yes, no, nil, rakuten.VerdictFunctionNotEnabled, rakuten.ShopActs},
		{"expiry is not enabled", no, version, nil, rakuten.VerdictExpiryNotEnabled, rakuten.ShopActs},
		{"the gateway says so", disabled, no, nil, rakuten.VerdictExpiryNotEnabled, rakuten.ShopActs},
		{"both refused, nothing known", no, no, nil, rakuten.VerdictRefused, rakuten.ProviderActs},
		{"both refused, before the end", no, no, func(l *rakuten.License) { l.ExpiresAt = now.AddDate(0, 0, 9) }, rakuten.VerdictWrongPair, rakuten.ProviderActs},
		{"both refused, after the end", no, no, func(l *rakuten.License) { l.ExpiresAt = now.AddDate(0, 0, -1) }, rakuten.VerdictExpired, rakuten.ShopActs},
		{"both refused, just issued", no, no, func(l *rakuten.License) { l.IssuedAt = now.Add(-time.Minute) }, rakuten.VerdictSettling, rakuten.NobodyActs},
		{"maintenance", down, down, nil, rakuten.VerdictUnknown, rakuten.NobodyActs},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			license := pair
			if test.change != nil {
				test.change(&license)
			}
			client := serveWith(t, rakuten.StaticLicense(license), func(w http.ResponseWriter, r *http.Request) {
				a := test.probe
				if strings.HasSuffix(r.URL.Path, "/expiry-date") {
					a = test.expiry
				} else {
					assert.Equal(t, "/es/2.0/navigation/version", r.URL.Path)
				}
				w.WriteHeader(a.status)
				_, _ = io.WriteString(w, a.body)
			}, rakuten.WithClock(func() time.Time { return now }), rakuten.WithRetryPolicy(rakuten.RetryPolicy{Attempts: 1}))
			d := client.Diagnose(t.Context())
			assert.Equal(t, test.want, d.Verdict, "%v / %v", d.Expiry, d.Probe)
			assert.Equal(t, test.who, d.Who)
		})
	}
}

func TestDiagnoseWithoutALicence(t *testing.T) {
	t.Parallel()
	lost := errors.New("no such shop")
	client := serveWith(t, rakuten.LicenseFunc(func(context.Context) (rakuten.License, error) { return rakuten.License{}, lost }), nil)
	d := client.Diagnose(t.Context())
	assert.Equal(t, rakuten.VerdictUnknown, d.Verdict)
	assert.Equal(t, rakuten.ProviderActs, d.Who)
	require.ErrorIs(t, d.Expiry, lost)
}

func TestLicenseStateTellsWhoActs(t *testing.T) {
	t.Parallel()
	for state, want := range map[rakuten.LicenseState]rakuten.Actor{
		rakuten.LicenseAwaitingApproval: rakuten.ShopActs, rakuten.LicenseInUse: rakuten.NobodyActs,
		rakuten.LicenseUpdateOffered: rakuten.ShopActs, rakuten.LicenseExpired: rakuten.ShopActs, "新": rakuten.ProviderActs,
	} {
		who, what := state.Act()
		assert.Equal(t, want, who, state)
		assert.NotEmpty(t, what)
	}
}
