package makeshop_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"time"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/makeshop"
	"github.com/shotengai/shotengai-go/oauth"
)

// shopServer stands in for the platform: two orders, on two pages.
func shopServer() *httptest.Server {
	return httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		order := `{"systemOrderNumber":"1","displayOrderNumber":"A-1","sumPrice":1100,"orderDate":"2026-04-05 21:30:15"}`
		if strings.Contains(string(body), `"page":2`) {
			order = `{"systemOrderNumber":"2","displayOrderNumber":"A-2","sumPrice":550,"orderDate":"2026-04-06 09:00:00"}`
		}
		_, _ = fmt.Fprintf(w, `{"data":{"searchOrder":{"orders":[%s],"searchedCount":2}}}`, order)
	}))
}

func exampleClient(srv *httptest.Server) (*makeshop.Client, error) {
	return makeshop.NewClient(
		makeshop.Config{Endpoint: "https://app-api.makeshop.jp/v1/graphql", APIKey: "api-key"},
		makeshop.PersistentToken("PAT.token"),
		shotengai.WithTestServer(srv.URL),
	)
}

func ExampleOrdersService_All() {
	srv := shopServer()
	defer srv.Close()
	client, err := exampleClient(srv)
	if err != nil {
		panic(err)
	}
	since := time.Date(2026, 4, 1, 0, 0, 0, 0, shotengai.JST)
	params := makeshop.ListOrdersParams{
		StartOrderDate: makeshop.At(since),
		Parts:          makeshop.OrderHead | makeshop.OrderLines,
	}
	for order, err := range client.Orders.All(context.Background(), params) {
		if err != nil {
			panic(err)
		}
		at, err := order.OrderDate.Time()
		fmt.Println(order.DisplayOrderNumber, order.SumPrice, at.Format(time.RFC3339), err)
	}
	// Output:
	// A-1 1100 2026-04-05T21:30:15+09:00 <nil>
	// A-2 550 2026-04-06T09:00:00+09:00 <nil>
}

// Rows that the platform refuses are in the results; the error is that of the call.
func ExampleOrdersService_Cancel() {
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, `{"data":{"cancelOrder":{"cancelOrderResults":[{"displayOrderNumber":"A-2","message":"取消済み"}]}}}`)
	}))
	defer srv.Close()
	client, err := exampleClient(srv)
	if err != nil {
		panic(err)
	}
	results, err := client.Orders.Cancel(context.Background(), []makeshop.CancelOrderRequest{
		{DisplayOrderNumber: "A-1", IsReturnStock: new(true)}, {DisplayOrderNumber: "A-2"},
	})
	if err != nil {
		panic(err)
	}
	for _, row := range results.Rows {
		fmt.Println(row.Key, row.State)
	}
	fmt.Println(results.Err())
	// Output:
	// A-1 done
	// A-2 failed
	// 1 of 2 rows failed: row 1 (A-2): failed: 取消済み
}

func ExampleSelect() {
	srv := shopServer()
	defer srv.Close()
	client, err := exampleClient(srv)
	if err != nil {
		panic(err)
	}
	type order struct {
		Number string `json:"displayOrderNumber"`
		Total  int64  `json:"sumPrice"`
	}
	var out struct {
		SearchOrder struct {
			Orders []order `json:"orders"`
		} `json:"searchOrder"`
	}
	document := "query totals($input: SearchOrderRequest!) { searchOrder(input: $input) { orders { " + makeshop.Select[order]() + " } } }"
	err = client.Query(context.Background(), document, map[string]any{"input": map[string]any{"limit": 200}}, &out)
	fmt.Println(makeshop.Select[order]())
	fmt.Println(out.SearchOrder.Orders, err)
	// Output:
	// displayOrderNumber sumPrice
	// [{A-1 1100}] <nil>
}

// An app that its shops' owners open from the admin screen: the login is two handlers,
// and Login decides whether it is needed.
func ExampleSSO() {
	provider, err := makeshop.OAuth(oauth.Client{ID: "client-id", Secret: "client-secret", RedirectURL: "https://app.example/callback"})
	if err != nil {
		panic(err)
	}
	manager, err := oauth.NewManager(oauth.ManagerConfig{Provider: provider, Store: oauth.NewMemoryStore(oauth.AllowVolatile())})
	if err != nil {
		panic(err)
	}
	sso, err := makeshop.NewSSO(makeshop.SSOConfig{
		Config:  makeshop.Config{Endpoint: "https://app-api.makeshop.jp/v1/graphql", APIKey: "api-key"},
		Manager: manager,
		Known:   func(context.Context, string) (bool, error) { return false, nil }, // look into your own data
	})
	if err != nil {
		panic(err)
	}
	sealer, err := oauth.NewSealer(oauth.SealKey{ID: "2026", Key: "0123456789abcdef0123456789abcdef"})
	if err != nil {
		panic(err)
	}
	login, err := oauth.NewHandler(oauth.HandlerConfig{
		Provider: provider, Sealer: sealer,
		OnGrant: func(ctx context.Context, finished *oauth.FinishedLogin) (string, error) {
			visit, err := sso.Finish(ctx, finished.Grant)
			if err != nil {
				return "", err
			}
			if visit.New {
				return "/welcome", nil
			}
			return "/home", nil
		},
	})
	if err != nil {
		panic(err)
	}
	mux := http.NewServeMux()
	mux.Handle("/login", login.LoginHandler())
	mux.Handle("/callback", login.CallbackHandler())

	_, err = sso.Login(context.Background(), "shop-1")
	fmt.Println(err)
	// Output: oauth: makeshop shop "shop-1": token: no grant kept
}
