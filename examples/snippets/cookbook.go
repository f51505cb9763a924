package snippets

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"sync/atomic"
	"time"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/colorme"
	"github.com/shotengai/shotengai-go/hooks"
	"github.com/shotengai/shotengai-go/makeshop"
	"github.com/shotengai/shotengai-go/oauth"
	"github.com/shotengai/shotengai-go/rakuten"
	"github.com/shotengai/shotengai-go/stores"
)

// FAQ and cookbook: one function for each answer.

func whoseToken(ctx context.Context, client *colorme.Client) error {
	shop, err := client.Shop.Get(ctx) // stores: client.Store.Get, makeshop: client.Shop.Get
	if err != nil {
		return err
	}
	fmt.Println(shop.ID, shop.Title)
	return nil
}

func checkCredential(ctx context.Context, client *rakuten.Client) error {
	return client.Verify(ctx) // one cheap read; on every platform
}

func otherEndpoint(ctx context.Context, client *stores.Client) error {
	var out struct {
		Orders []struct{ ID string }
	}
	return client.Do(ctx, http.MethodGet, "/retail/202211/orders", url.Values{"limit": {"1"}}, &out) // for writes the third is the JSON body
}

func ownFields(ctx context.Context, client *makeshop.Client) error {
	type order struct {
		DisplayOrderNumber string
		Total              int64 `json:"sumPrice"`
	}
	var out struct {
		SearchOrder struct{ Orders []order } `json:"searchOrder"`
	}
	document := "query ($input: SearchOrderRequest!) { searchOrder(input: $input) { orders { " + makeshop.Select[order]() + " } } }"
	return client.Query(ctx, document, map[string]any{"input": map[string]any{"limit": 10}}, &out)
}

func rawAnswer(ctx context.Context, client *colorme.Client, id int64) error {
	var answer shotengai.Response
	_, err := client.Sales.Get(ctx, id, shotengai.WithResponse(&answer))
	fmt.Println(answer.StatusCode, len(answer.Body), answer.Attempts)
	return err
}

func countRequests(ctx context.Context, client *colorme.Client) error {
	var sent atomic.Int64
	for _, err := range client.Products.All(ctx, colorme.ListProductsParams{}, shotengai.WithRequestCount(&sent)) {
		if err != nil {
			return err
		}
	}
	fmt.Println(sent.Load())
	return nil
}

func skipOddRows(ctx context.Context, client *stores.Client) error {
	for order, err := range client.Orders.All(ctx, stores.ListOrdersParams{}) {
		if row, ok := errors.AsType[*shotengai.RowError](err); ok {
			slog.WarnContext(ctx, "an order cannot be read", "id", row.ID, "at", row.Path) // not row.Raw: data of people
			continue
		}
		if err != nil {
			return err
		}
		fmt.Println(order.ID)
	}
	return nil
}

func goOn(ctx context.Context, client *colorme.Client, params colorme.ListProductsParams) (colorme.ListProductsParams, error) {
	for _, err := range client.Products.All(ctx, params) {
		page, ok := errors.AsType[*shotengai.PageError](err)
		switch {
		case ok && errors.Is(err, shotengai.ErrRowsMoved):
			params.Offset = 0 // rows have left the list: read it again
			return params, err
		case ok:
			params.Offset = page.Offset // next time from here
			return params, err
		}
	}
	return params, nil
}

func timeouts(ctx context.Context, client *colorme.Client, id int64) error {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second) // the whole call, waits and retries included
	defer cancel()
	_, err := client.Sales.Get(ctx, id)
	return err
}

func ownTransport(tokens *oauth.Manager, shop string, proxy *url.URL) (*stores.Client, error) {
	transport := &http.Transport{Proxy: http.ProxyURL(proxy), ForceAttemptHTTP2: true, TLSHandshakeTimeout: 10 * time.Second}
	return stores.NewClient(tokens.TokenSource(shop),
		shotengai.WithHTTPClient(&http.Client{Transport: transport}),
		shotengai.WithTimeout(20*time.Second)) // each attempt
}

func mayBeRepeated(ctx context.Context, client *colorme.Client, id int64) error {
	_, err := client.Products.Update(ctx, id, colorme.UpdateProductRequest{Name: new("湯のみ")}, shotengai.WithRetry())
	return err
}

func lookFirst(ctx context.Context, client *colorme.Client, code string, create colorme.CreateCouponRequest) error {
	_, err := client.Coupons.Create(ctx, create)
	if !errors.Is(err, shotengai.ErrOutcomeUnknown) {
		return err
	}
	coupons, err := client.Coupons.List(ctx)
	if err != nil {
		return err
	}
	for _, coupon := range coupons.Items {
		if coupon.Code == code {
			return nil // it was created
		}
	}
	_, err = client.Coupons.Create(ctx, create)
	return err
}

func leaveOrClear(ctx context.Context, client *colorme.Client, id int64) error {
	_, err := client.Customers.Update(ctx, id, colorme.UpdateCustomerRequest{
		Name: "山田 花子", Address1: "渋谷区桜丘町26-1",
		Address2: shotengai.Set("セルリアンタワー"),
		Fax:      shotengai.Clear[string](), // becomes empty; what is not named stays
		Tel:      new("03-0000-0000"),
	})
	return err
}

func japanTime(ctx context.Context, client *colorme.Client) (*shotengai.Page[colorme.Sale], error) {
	day := time.Date(2026, time.November, 1, 0, 0, 0, 0, shotengai.JST)
	return client.Sales.List(ctx, colorme.ListSalesParams{MakeDateMin: colorme.At(day), MakeDateMax: colorme.At(day.AddDate(0, 0, 1).Add(-time.Second))})
}

func whoHasToLogIn(ctx context.Context, grants *oauth.Manager, mail func(shop string)) error {
	for entry, err := range grants.Grants(ctx) {
		if err != nil {
			return err
		}
		if entry.Status == oauth.StatusReauthorize || entry.Status == oauth.StatusRevoked {
			mail(entry.Shop)
		}
	}
	return nil
}

func daysLeft(ctx context.Context, client *rakuten.Client, now time.Time) (int, error) {
	end, err := client.Licenses.ExpiryDate(ctx) // works only while the key does: keep it
	return int(end.Sub(now).Hours() / 24), err
}

func secretInStruct() {
	config := struct{ Token shotengai.Secret }{"shop-token"}
	fmt.Printf("%+v\n", config)                    // {Token:[redacted]}
	slog.Info("configured", "token", config.Token) // [redacted]
	_ = "Bearer " + config.Token.Reveal()          // where it is needed
}

func fromQueue(body []byte, signature string, secret shotengai.Secret) error {
	event, err := hooks.OpenColorMeInstall(body, signature, secret)
	if err != nil {
		return err // not signed by Color Me
	}
	fmt.Println(event.Event().AccountID)
	return nil
}

func label(err error) string {
	return string(shotengai.KindOf(err)) // "", "not_found", "rate_limited" and so on, for a metric
}

func reportDrift(tokens *oauth.Manager, shop string, logger *slog.Logger) (*colorme.Client, error) {
	return colorme.NewClient(tokens.TokenSource(shop), shotengai.WithDriftReport(func(d shotengai.Drift) {
		logger.Warn("the platform's answer has changed", "operation", d.Operation, "path", d.Path, "kind", d.Kind)
	}))
}

func turnOffPacing(tokens *oauth.Manager, shop string, shared shotengai.Limiter) (*colorme.Client, error) {
	return colorme.NewClient(tokens.TokenSource(shop), shotengai.WithLimiter(shared)) // nil: no pacing, for tests
}

var _ = []any{
	whoseToken, checkCredential, otherEndpoint, ownFields, rawAnswer, countRequests, skipOddRows, goOn, timeouts, ownTransport,
	mayBeRepeated, lookFirst, leaveOrClear, japanTime, whoHasToLogIn, daysLeft, secretInStruct, fromQueue, label, reportDrift, turnOffPacing,
}
