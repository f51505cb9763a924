package rakutentest_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go/rakuten/rakutentest"
)

func TestNotify(t *testing.T) {
	t.Parallel()
	var got []string
	app := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		got = append(got, string(body))
		_, _ = io.WriteString(w, "<responseModel><resultCode>N-000-000</resultCode></responseModel>")
	}))
	t.Cleanup(app.Close)
	srv := newServer(t, rakutentest.WithHookClient(app.Client())) // which trusts the app
	to := rakutentest.Receiver{URL: app.URL, ContractID: "c", ShopURL: "s", AuthKey: "k"}
	number := srv.Shop().AddOrder(nil)
	code, err := srv.NotifyOrders(to, srv.Shop(), number)
	require.NoError(t, err)
	assert.Equal(t, "N-000-000", code)
	assert.Contains(t, got[0], "<orderNotifyModel><authModel><contractId>c</contractId><shopUrl>s</shopUrl><authKey>k</authKey></authModel><orderInfoNotifyModel><orderNumber>"+number)
	_, err = srv.Notify(to, 4000, "orderNumber", number)
	require.NoError(t, err)
	assert.Contains(t, got[1], `<serviceId>4000</serviceId><functionId>1100</functionId><value1 name="orderNumber">`+number+`</value1>`)
	_, err = srv.NotifyOrders(to, srv.Shop(), "none")
	require.Error(t, err)
	app.Close()
	_, err = srv.Notify(to, 4000)
	require.Error(t, err)
}
