package colorme_test

import (
	"encoding/json"
	"errors"
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/colorme"
)

// Values outside a set survive reading and writing.
func TestUnknownEnumsSurvive(t *testing.T) {
	t.Parallel()
	const sale = `{"id":1,"accepted_mail_state":"queued","point_state":"frozen","gmo_point_state":"odd","customer":{"sex":"other","pref_id":77}}`
	client := serve(t, func(w http.ResponseWriter, _ *http.Request) { answer(w, 200, `{"sale":`+sale+`}`) })
	got, err := client.Sales.Get(t.Context(), 1)
	require.NoError(t, err)
	assert.Equal(t, colorme.MailState("queued"), got.AcceptedMailState)
	assert.Equal(t, "77", got.Customer.PrefID.String())
	var sent any
	require.NoError(t, json.Unmarshal([]byte(sale), &sent))
	sameJSON(t, sent, got)
}

// Null where the description has none reads as nothing and fails nothing.
func TestNullsEverywhere(t *testing.T) {
	t.Parallel()
	client := serve(t, func(w http.ResponseWriter, r *http.Request) {
		answer(w, 200, map[string]string{
			"/base/v1/sales/1": `{"sale":{"id":1,"account_id":null,"make_date":null,"paid":null,"total_price":null,"customer":null,
				"details":null,"sale_deliveries":[{"id":2,"detail_ids":null,"pref_id":null,"delivery_charge":null}],"segment":null,"totals":null,
				"transaction_date":null,"point_state":null}}`,
			"/base/v1/products/1": `{"product":{"id":1,"name":null,"category":null,"group_ids":null,"options":[{"make_date":null,"values":null}],"variants":null,"images":[null]}}`,
			"/base/v1/shop":       `{"shop":{"id":"PA01234567","pref_id":null,"pref_name":null,"tax":null}}`,
			"/base/v1/payments":   `{"payments":[{"id":1,"cod":{"changeable":true,"fees":null,"fee_max":null},"card":null,"financial":null}]}`,
		}[r.URL.Path])
	})
	sale, err := client.Sales.Get(t.Context(), 1)
	require.NoError(t, err)
	assert.True(t, sale.MakeDate.IsZero())
	assert.JSONEq(t, "null", string(sale.TransactionDate))
	product, err := client.Products.Get(t.Context(), 1)
	require.NoError(t, err)
	assert.True(t, product.Options[0].MakeDate.IsZero())
	shop, err := client.Shop.Get(t.Context())
	require.NoError(t, err)
	assert.Nil(t, shop.PrefID)
	payments, err := client.Payments.List(t.Context())
	require.NoError(t, err)
	assert.Nil(t, payments.Items[0].COD.FeeMax)
}

// Times and error codes may be spelt as strings. An amount may not: reading it as nothing
// would lose it, so that the answer is refused by name, and a write says that it may have
// been carried out.
func TestNumbersAsStrings(t *testing.T) {
	t.Parallel()
	client := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/base/v1/sales/1" {
			answer(w, 200, `{"sale":{"id":1,"make_date":"1767193200"}}`)
			return
		}
		answer(w, 200, `{"sale":{"id":2,"total_price":"5400"}}`)
	}, shotengai.WithRetryPolicy(shotengai.RetryPolicy{Attempts: 1}))
	sale, err := client.Sales.Get(t.Context(), 1)
	require.NoError(t, err)
	assert.EqualValues(t, 1767193200, sale.MakeDate.Unix())
	_, err = client.Sales.Get(t.Context(), 2)
	require.ErrorContains(t, err, "total_price")
	_, err = client.Sales.Cancel(t.Context(), 2, false)
	require.ErrorIs(t, err, shotengai.ErrOutcomeUnknown)
}

// One answer may have several errors; none is lost.
func TestSeveralErrors(t *testing.T) {
	t.Parallel()
	client := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		answer(w, 422, `{"errors":[{"code":422007,"message":"a","status":422,"field":"customer.email"},
			{"code":"422003","message":"b","status":"422","field":"customer.furigana"},{"message":"c","field":"customer.prefecture_id"},null]}`)
	})
	_, err := client.Customers.AddPoints(t.Context(), 1, 1)
	e, ok := errors.AsType[*shotengai.Error](err)
	require.True(t, ok)
	require.ErrorIs(t, err, shotengai.ErrInvalid)
	assert.Equal(t, []shotengai.Detail{
		{Code: "422007", Message: "a", Status: 422, Field: "customer.mail"},
		{Code: "422003", Message: "b", Status: 422, Field: "customer.furigana"},
		{Message: "c", Field: "customer.pref_id"},
		{},
	}, e.Details)
}

// A read that breaks off is asked for again; a write that breaks off is not.
func TestTruncatedJSON(t *testing.T) {
	t.Parallel()
	calls := 0
	client := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		calls++
		answer(w, 200, `{"product":{"id":1,"na`)
	}, shotengai.WithRetryPolicy(shotengai.RetryPolicy{Attempts: 3}))
	_, err := client.Products.Get(t.Context(), 1)
	require.Error(t, err)
	assert.Equal(t, 3, calls)
	_, err = client.Products.Update(t.Context(), 1, colorme.UpdateProductRequest{Stocks: colorme.AddStocks(1)})
	require.ErrorIs(t, err, shotengai.ErrOutcomeUnknown)
	assert.Equal(t, 4, calls)
}

// A web page in place of an answer is no data, whatever its status, and a write behind it
// is unknown.
func TestHTMLInPlaceOfAnAnswer(t *testing.T) {
	t.Parallel()
	for _, status := range []int{200, 502} {
		calls := 0
		client := serve(t, func(w http.ResponseWriter, _ *http.Request) {
			calls++
			w.Header().Set("Content-Type", "text/html")
			w.WriteHeader(status)
			_, _ = w.Write([]byte("<html><h1>Bad Gateway</h1></html>"))
		})
		_, err := client.ApplicationCharges.Create(t.Context(), "F3RN9A")
		require.ErrorIs(t, err, shotengai.ErrUnavailable)
		require.ErrorIs(t, err, shotengai.ErrOutcomeUnknown)
		assert.Equal(t, 1, calls, "a charge is never sent twice")
	}
}

// A refusal of the shop, by either spelling of its path, is a dead token, and no other
// refusal is asked about then.
func TestDeadTokenByEitherPathOfTheShop(t *testing.T) {
	t.Parallel()
	for path, want := range map[string]int{"/v1/shop": 1, "/v1/shop.json": 1, "/v1/sales": 2} {
		calls := 0
		client := serve(t, func(w http.ResponseWriter, _ *http.Request) {
			calls++
			answer(w, 401, `{"errors":[{"code":401010,"message":"no","status":401}]}`)
		})
		err := client.Do(t.Context(), http.MethodGet, path, nil, nil)
		require.ErrorIs(t, err, shotengai.ErrReauthorize, path)
		require.NotErrorIs(t, err, colorme.ErrScope, path)
		assert.Equal(t, want, calls, path)
	}
}
