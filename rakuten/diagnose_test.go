package rakuten_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/rakuten"
	"github.com/shotengai/shotengai-go/rakuten/rakutentest"
	"github.com/shotengai/shotengai-go/shotengaitest"
)

// From the call that failed it follows what does not follow from the licence alone: that a function is not enabled.
const aDay = 24 * time.Hour

func TestDiagnoseErrorFindsTheFunctionThatIsNotEnabled(t *testing.T) {
	t.Parallel()
	calls := map[string]struct {
		do   func(context.Context, *rakuten.Client) error
		what string
	}{
		"order.getSubStatusList": {
			func(ctx context.Context, c *rakuten.Client) error { return failureOf(c.Orders.SubStatuses(ctx)) },
			"enable the function of POST /es/2.0/order/getSubStatusList/ in RMS",
		},
		"inventory21": {
			func(ctx context.Context, c *rakuten.Client) error {
				return failureOf(c.Inventory.Get(ctx, rakuten.SKU{ManageNumber: "tea", VariantID: "green"}))
			},
			"enable the function of GET /es/2.1/inventories/manage-numbers/tea/variants/green in RMS",
		},
		"item.get": {
			func(ctx context.Context, c *rakuten.Client) error { return failureOf(c.Items.Get(ctx, "tea")) },
			"enable the function of GET /es/2.0/items/manage-numbers/tea in RMS; but for the search and the stock settings, the shop also needs its paid option of bulk item editing",
		},
		"cabinet": {
			func(ctx context.Context, c *rakuten.Client) error { return failureOf(c.Cabinet.Usage(ctx)) },
			"enable the function of GET /es/1.0/cabinet/usage/get in RMS; R-Cabinet has to be opened there once, too",
		},
	}
	for function, call := range calls {
		for _, as := range []rakutentest.Refusal{rakutentest.LikeAWrongKey, rakutentest.GatewayCode} {
			for _, expiry := range []string{"", "license"} { // the key's date may be refused too
				srv, client := quirkServer(t)
				srv.Advance(time.Hour) // the key is no longer new
				srv.Shop().Disable(as, function)
				if expiry != "" {
					srv.Shop().Disable(rakutentest.LikeAWrongKey, expiry)
				}
				refused := call.do(t.Context(), client)
				require.Error(t, refused)
				d, ok := client.DiagnoseError(t.Context(), refused)
				require.True(t, ok)
				assert.Equal(t, rakuten.VerdictFunctionNotEnabled, d.Verdict, function)
				assert.Equal(t, rakuten.ShopActs, whoActs(d))
				assert.Equal(t, call.what, whatToDo(d))
			}
		}
	}
}

func TestDiagnoseErrorJudgesTheKey(t *testing.T) {
	t.Parallel()
	subStatuses := func(ctx context.Context, c *rakuten.Client) error { return failureOf(c.Orders.SubStatuses(ctx)) }
	expiryDate := func(ctx context.Context, c *rakuten.Client) error { return failureOf(c.Licenses.ExpiryDate(ctx)) }
	version := func(ctx context.Context, c *rakuten.Client) error { return failureOf(c.Navigation.Version(ctx)) }
	disable := func(as rakutentest.Refusal, functions ...string) func(*rakutentest.Server) {
		return func(srv *rakutentest.Server) { srv.Shop().Disable(as, functions...) }
	}
	nothing := func(*rakutentest.Server) {}
	tests := []struct {
		name    string
		age     time.Duration // of the key
		before  func(*rakutentest.Server)
		call    func(context.Context, *rakuten.Client) error
		after   func(*rakutentest.Server) // before the question
		verdict rakuten.Verdict
		who     rakuten.Actor
	}{
		{"expired", 91 * aDay, nothing, subStatuses, nothing, rakuten.VerdictExpired, rakuten.ShopActs},
		{
			"expired, and renewed since", 91 * aDay, nothing, subStatuses, func(srv *rakutentest.Server) { srv.RenewKey(srv.Shop()) },
			rakuten.VerdictWorks, rakuten.NobodyActs,
		},
		{"new", time.Minute, disable(rakutentest.LikeAWrongKey, "order"), subStatuses, nothing, rakuten.VerdictSettling, rakuten.NobodyActs},
		{
			"nothing is enabled", aDay, disable(rakutentest.LikeAWrongKey, "order", "license", "navigation"), subStatuses, nothing,
			rakuten.VerdictWrongPair, rakuten.ProviderActs,
		},
		{"nothing is enabled, as the gateway says of one", aDay, func(srv *rakutentest.Server) {
			srv.Shop().Disable(rakutentest.GatewayCode, "order")
			srv.Shop().Disable(rakutentest.LikeAWrongKey, "license", "navigation")
		}, subStatuses, nothing, rakuten.VerdictRefused, rakuten.ProviderActs},
		{
			"the gateway says it, and then nothing answers", aDay, disable(rakutentest.GatewayCode, "order"), subStatuses,
			func(srv *rakutentest.Server) { srv.Fail(9, shotengaitest.Fault{Status: 503}) }, rakuten.VerdictFunctionNotEnabled, rakuten.ShopActs,
		},
		{
			"refused, and then nothing answers", aDay, disable(rakutentest.LikeAWrongKey, "order"), subStatuses,
			func(srv *rakutentest.Server) { srv.Fail(9, shotengaitest.Fault{Status: 503}) }, rakuten.VerdictUnknown, rakuten.NobodyActs,
		},
		{"the expiry date", aDay, disable(rakutentest.LikeAWrongKey, "license"), expiryDate, nothing, rakuten.VerdictExpiryNotEnabled, rakuten.ShopActs},
		{"the expiry date, by the gateway", aDay, disable(rakutentest.GatewayCode, "license"), expiryDate, nothing, rakuten.VerdictExpiryNotEnabled, rakuten.ShopActs},
		{"the navigation", aDay, disable(rakutentest.LikeAWrongKey, "navigation"), version, nothing, rakuten.VerdictFunctionNotEnabled, rakuten.ShopActs},
		{
			"the navigation, enabled since", aDay, disable(rakutentest.LikeAWrongKey, "navigation"), version,
			func(srv *rakutentest.Server) { srv.Shop().Enable("navigation") }, rakuten.VerdictWorks, rakuten.NobodyActs,
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			srv := rakutentest.NewServer(rakutentest.WithOrders(0))
			t.Cleanup(srv.Close)
			srv.RenewKey(srv.Shop())
			srv.Advance(test.age)
			client, err := srv.Client(shotengai.WithRetryPolicy(shotengai.RetryPolicy{Attempts: 1}))
			require.NoError(t, err)
			test.before(srv)
			refused := test.call(t.Context(), client)
			require.Error(t, refused)
			test.after(srv)
			d, ok := client.DiagnoseError(t.Context(), fmt.Errorf("the app's own words: %w", refused))
			require.True(t, ok)
			assert.Equal(t, test.verdict, d.Verdict)
			inBothLanguages(t, test.who, d.Act)
		})
	}
}

// A write is not repeated with the key that came while it was under way, so its refusal says
// nothing of that key.
func TestDiagnoseErrorOfAnotherKeyThanThePresentOne(t *testing.T) {
	t.Parallel()
	license := pair
	var navigation atomic.Bool
	navigation.Store(true)
	source := rakuten.LicenseFunc(func(context.Context) (rakuten.License, error) { return license, nil })
	client := serveWith(t, source, func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPost {
			w.WriteHeader(http.StatusUnauthorized)
			_, _ = io.WriteString(w, unauthorised)
			return
		}
		if r.URL.Path == "/es/2.0/navigation/version" && !navigation.Load() {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		_, _ = io.WriteString(w, `{"expiryDate":"2099-01-01T23:59:59","version":"1"}`)
	})
	_, refused := client.Orders.SubStatuses(t.Context())
	d, _ := client.DiagnoseError(t.Context(), refused)
	assert.Equal(t, rakuten.VerdictFunctionNotEnabled, d.Verdict)
	license.Key = "renewed"
	d, _ = client.DiagnoseError(t.Context(), refused)
	assert.Equal(t, rakuten.VerdictWorks, d.Verdict)
	assert.Equal(t, "make the call again: the key works", whatToDo(d))
	navigation.Store(false)
	d, _ = client.DiagnoseError(t.Context(), refused)
	assert.Equal(t, rakuten.VerdictFunctionNotEnabled, d.Verdict)
	assert.Equal(t, "enable the missing functions in RMS", whatToDo(d), "not that of the call, as far as is known")
}

// The expiry date of an expired key has been refused with 403.
func TestDiagnoseErrorOfAForbiddenExpiryDate(t *testing.T) {
	t.Parallel()
	client := serve(t, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusForbidden) })
	_, refused := client.Licenses.ExpiryDate(t.Context())
	d, ok := client.DiagnoseError(t.Context(), refused)
	require.True(t, ok)
	assert.Equal(t, rakuten.VerdictRefused, d.Verdict)
}

func TestDiagnoseErrorOfHalfAPair(t *testing.T) {
	t.Parallel()
	client := serveWith(t, rakuten.StaticLicense(rakuten.License{Key: "k"}), func(http.ResponseWriter, *http.Request) { t.Error("was sent") })
	_, refused := client.Orders.SubStatuses(t.Context())
	d, ok := client.DiagnoseError(t.Context(), refused)
	require.True(t, ok)
	assert.Equal(t, rakuten.VerdictUnknown, d.Verdict)
	assert.Equal(t, rakuten.ProviderActs, whoActs(d))
	assert.Contains(t, whatToDo(d), "both halves")
}

func TestDiagnoseErrorPassesByWhatIsNoMatterOfTheLicence(t *testing.T) {
	t.Parallel()
	for _, answer := range []cannedAnswer{
		{400, `{"errors":[{"code":"IE0105","message":"no"}]}`},
		{404, ""},
		{429, ""},
		{500, ""},
		{503, ""},
		{0, ""},
		{401, "<html><body>proxy</body></html>"},
		{403, "<html><body>proxy</body></html>"},
		{403, ""},
		{403, `{"errors":[{"code":"IE0001","message":"no"}]}`},
		{403, `{"errors":[{"code":"MAX_QPS_OVER","message":"no"}]}`},
	} {
		var asked atomic.Int32
		client := serve(t, func(w http.ResponseWriter, _ *http.Request) {
			asked.Add(1)
			if answer.status == 0 {
				panic(http.ErrAbortHandler)
			}
			w.WriteHeader(answer.status)
			_, _ = io.WriteString(w, answer.body)
		}, shotengai.WithRetryPolicy(shotengai.RetryPolicy{Attempts: 1}))
		_, err := client.Items.Get(t.Context(), "tea")
		require.Error(t, err)
		d, ok := client.DiagnoseError(t.Context(), err)
		assert.False(t, ok, "%+v", answer)
		assert.Zero(t, d)
		assert.EqualValues(t, 1, asked.Load())
	}
	client := serve(t, func(http.ResponseWriter, *http.Request) { t.Error("was sent") })
	_, invalid := client.Orders.Get(t.Context(), "")
	for _, err := range []error{nil, errors.New("the app's own"), context.Canceled, invalid} {
		_, ok := client.DiagnoseError(t.Context(), err)
		assert.False(t, ok, err)
	}
}

// DiagnoseLicense makes one call where the platform did not refuse the licence: a failure
// that says nothing of the licence is no proof that it works.
func TestDiagnoseLicenseAsksOnceUnlessRefused(t *testing.T) {
	t.Parallel()
	for status, want := range map[int]struct {
		verdict rakuten.Verdict
		calls   int32
	}{
		http.StatusOK:                 {rakuten.VerdictWorks, 1},
		http.StatusServiceUnavailable: {rakuten.VerdictUnknown, 1},
		http.StatusTooManyRequests:    {rakuten.VerdictUnknown, 1},
		http.StatusBadRequest:         {rakuten.VerdictUnknown, 1},
		0:                             {rakuten.VerdictUnknown, 1}, // the connection breaks
		http.StatusUnauthorized:       {rakuten.VerdictRefused, 2},
		http.StatusForbidden:          {rakuten.VerdictRefused, 2},
	} {
		t.Run(strconv.Itoa(status), func(t *testing.T) {
			t.Parallel()
			var calls atomic.Int32
			client := serve(t, func(w http.ResponseWriter, _ *http.Request) {
				calls.Add(1)
				if status == 0 {
					panic(http.ErrAbortHandler)
				}
				w.WriteHeader(status)
				_, _ = io.WriteString(w, `{"expiryDate":"2099-01-01T23:59:59"}`)
			}, shotengai.WithRetryPolicy(shotengai.RetryPolicy{Attempts: 1}))
			d := client.DiagnoseLicense(t.Context(), pair)
			assert.Equal(t, want.verdict, d.Verdict)
			assert.Equal(t, want.calls, calls.Load())
			assert.Equal(t, want.verdict == rakuten.VerdictWorks, d.Probe == nil)
		})
	}
}

// ES01-01 was seen for one order while others were answered. It condemns no key.
func TestOneRefusedOrderSaysNothingOfTheKey(t *testing.T) {
	t.Parallel()
	for _, status := range []int{http.StatusUnauthorized, http.StatusForbidden, http.StatusBadRequest} {
		srv, _ := quirkServer(t)
		one, other := srv.Shop().AddOrder(nil), srv.Shop().AddOrder(nil)
		license := srv.Shop().License()
		license.ExpiresAt = srv.Now().Add(-aDay) // not even one that may have ended
		client, err := rakuten.NewClient(rakuten.StaticLicense(license), append(srv.Options(), shotengai.WithLimiter(nil))...)
		require.NoError(t, err)
		srv.Fail(1, shotengaitest.Fault{
			Path: "/es/2.0/order/getOrder", Status: status, Body: `{"Results":{"errorCode":"ES01-01","message":"Un-Authorised"}}`,
			Match: func(r shotengaitest.Request) bool { return bytes.Contains(r.Body, []byte(one)) },
		})
		_, err = client.Orders.Get(t.Context(), one)
		require.ErrorIs(t, err, rakuten.ErrOrderRefused, "%d", status)
		require.ErrorIs(t, err, shotengai.ErrForbidden)
		require.NotErrorIs(t, err, shotengai.ErrUnauthorized)
		require.NotErrorIs(t, err, shotengai.ErrReauthorize)
		asked := len(srv.Requests())
		_, about := client.DiagnoseError(t.Context(), err)
		assert.False(t, about, "the error is not about the licence")
		assert.Len(t, srv.Requests(), asked, "and nobody is asked")
		_, err = client.Orders.Get(t.Context(), other)
		require.NoError(t, err)

		srv.Fail(-1, shotengaitest.Fault{Path: "/es/1.0/license-management", Status: status, Body: `{"Results":{"errorCode":"ES01-01","message":"x"}}`})
		d := client.Diagnose(t.Context())
		assert.False(t, d.KeyRefused())
		assert.Equal(t, rakuten.VerdictWorks, d.Verdict, "as the second call works")
		d = client.DiagnoseLicense(t.Context(), license)
		assert.False(t, d.KeyRefused())
		assert.Equal(t, rakuten.VerdictUnknown, d.Verdict)
	}
}
