package main

import (
	"encoding/json"
	"encoding/xml"
	"net/http"
	"strconv"
	"time"

	"golang.org/x/oauth2"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/colorme"
	"github.com/shotengai/shotengai-go/colorme/colormetest"
	"github.com/shotengai/shotengai-go/makeshop"
	"github.com/shotengai/shotengai-go/makeshop/makeshoptest"
	"github.com/shotengai/shotengai-go/rakuten"
	"github.com/shotengai/shotengai-go/rakuten/rakutentest"
	"github.com/shotengai/shotengai-go/stores"
	"github.com/shotengai/shotengai-go/stores/storestest"
)

// What the library's own calls are measured with are answers of the fakes.

const endpoint = "https://app-api.makeshop.jp/v1/graphql"

var token = oauth2.StaticTokenSource(&oauth2.Token{AccessToken: "token"})

func options(client *http.Client) []shotengai.Option {
	return []shotengai.Option{shotengai.WithLimiter(nil), shotengai.WithHTTPClient(client)}
}

func colormeClient(client *http.Client) *colorme.Client {
	return got(colorme.NewClient(token, options(client)...))
}

func makeshopClient(client *http.Client) *makeshop.Client {
	return got(makeshop.NewClient(makeshop.Config{Endpoint: endpoint, APIKey: "key"}, makeshop.PersistentToken("token"), options(client)...))
}

func storesClient(client *http.Client) *stores.Client {
	return got(stores.NewClient(token, options(client)...))
}

func rakutenClient(client *http.Client) *rakuten.Client {
	return got(rakuten.NewClient(rakuten.StaticLicense(rakuten.License{ServiceSecret: "SP", Key: "SL"}), options(client)...))
}

// graphQLBody is a request of makeshop's.
type graphQLBody struct {
	Query     string         `json:"query"`
	Variables map[string]any `json:"variables,omitempty"`
}

func makeshopHead(h http.Header) {
	h.Set("X-Api-Key", "key")
	h.Set("X-Timestamp", strconv.FormatInt(time.Now().Unix(), 10))
	h.Set("Content-Type", "application/json")
}

// answerOf is the body of the answer to a call.
func answerOf(call func(shotengai.CallOption) error) []byte {
	var r shotengai.Response
	must(call(shotengai.WithResponse(&r)))
	return r.Body
}

// own are the calls of one platform: for one resource, and for a page of 100.
type own struct{ one, page subject }

func ownCalls() []own { return []own{colormeCalls(), makeshopCalls(), storesCalls(), rakutenCalls()} }

func ownGets() (all []subject) {
	for _, platform := range ownCalls() {
		all = append(all, platform.one)
	}
	return append(all, xmlCall())
}

func ownPages() (all []subject) {
	for _, platform := range ownCalls() {
		all = append(all, platform.page)
	}
	return all
}

func colormeCalls() own {
	srv := colormetest.NewServer(colormetest.WithoutRateLimits(), colormetest.WithSales(100))
	defer srv.Close()
	client := got(srv.Client(shotengai.WithLimiter(nil)))
	params := colorme.ListSalesParams{MakeDateMin: colorme.At(srv.Now().AddDate(-1, 0, 0)), Limit: 100}
	id := got(client.Sales.List(ctx, params)).Items[0].ID
	return own{
		subject{
			"Color Me", answerOf(func(opt shotengai.CallOption) error { _, err := client.Sales.Get(ctx, id, opt); return err }),
			request[struct{ Sale colorme.Sale }]{url: colorme.BaseURL + "/v1/sales/1", read: json.Unmarshal}.bare,
			func(c *http.Client) func() error {
				client := colormeClient(c)
				return func() error { _, err := client.Sales.Get(ctx, 1); return err }
			},
		},
		subject{
			"Color Me", answerOf(func(opt shotengai.CallOption) error { _, err := client.Sales.List(ctx, params, opt); return err }),
			request[struct {
				Sales []colorme.Sale
				Meta  struct{ Total, Limit, Offset int }
			}]{url: colorme.BaseURL + "/v1/sales?limit=100", read: json.Unmarshal}.bare,
			func(c *http.Client) func() error {
				client := colormeClient(c)
				return func() error { _, err := client.Sales.List(ctx, colorme.ListSalesParams{Limit: 100}); return err }
			},
		},
	}
}

func makeshopCalls() own {
	srv := makeshoptest.NewServer(makeshoptest.WithoutRateLimits(), makeshoptest.WithProducts(100))
	defer srv.Close()
	client := got(srv.Client())
	params := makeshop.ListProductsParams{Limit: 100}
	shop := answerOf(func(opt shotengai.CallOption) error { _, err := client.Shop.Get(ctx, opt); return err })
	products := answerOf(func(opt shotengai.CallOption) error { _, err := client.Products.List(ctx, params, opt); return err })
	var sent []graphQLBody
	for _, r := range srv.Requests() {
		var body graphQLBody
		must(json.Unmarshal(r.Body, &body))
		sent = append(sent, body)
	}
	return own{
		subject{
			"makeshop", shop,
			request[struct {
				Data struct{ GetShop struct{ Shop makeshop.Shop } }
			}]{url: endpoint, post: sent[0], head: makeshopHead, read: json.Unmarshal}.bare,
			func(c *http.Client) func() error {
				client := makeshopClient(c)
				return func() error { _, err := client.Shop.Get(ctx); return err }
			},
		},
		subject{
			"makeshop", products,
			request[struct {
				Data struct {
					SearchProduct struct {
						Products                   []makeshop.Product
						SearchedCount, Page, Limit int
					}
				}
			}]{url: endpoint, post: sent[1], head: makeshopHead, read: json.Unmarshal}.bare,
			func(c *http.Client) func() error {
				client := makeshopClient(c)
				return func() error { _, err := client.Products.List(ctx, params); return err }
			},
		},
	}
}

func storesCalls() own {
	srv := storestest.NewServer(storestest.WithoutRateLimits(), storestest.WithOrders(100))
	defer srv.Close()
	client := got(srv.Client(shotengai.WithLimiter(nil)))
	params := stores.ListOrdersParams{Limit: 100}
	return own{
		subject{
			"STORES", answerOf(func(opt shotengai.CallOption) error { _, err := client.Store.Get(ctx, opt); return err }),
			request[stores.Store]{url: stores.BaseURL + "/retail/202211/store", read: json.Unmarshal}.bare,
			func(c *http.Client) func() error {
				client := storesClient(c)
				return func() error { _, err := client.Store.Get(ctx); return err }
			},
		},
		subject{
			"STORES", answerOf(func(opt shotengai.CallOption) error { _, err := client.Orders.List(ctx, params, opt); return err }),
			request[struct{ Orders []stores.Order }]{url: stores.BaseURL + "/retail/202211/orders?limit=100", read: json.Unmarshal}.bare,
			func(c *http.Client) func() error {
				client := storesClient(c)
				return func() error { _, err := client.Orders.List(ctx, params); return err }
			},
		},
	}
}

func rakutenCalls() own {
	srv := rakutentest.NewServer(rakutentest.WithoutRateLimits(), rakutentest.WithOrders(100))
	defer srv.Close()
	client := got(srv.Client(shotengai.WithLimiter(nil)))
	found := rakuten.SearchOrdersParams{
		DateType: rakuten.DateOrdered, StartDatetime: rakuten.At(srv.Now().AddDate(0, 0, -60)), EndDatetime: rakuten.At(srv.Now()),
		Pagination: &rakuten.SearchPage{RequestRecordsAmount: 100},
	}
	numbers := got(client.Orders.Search(ctx, found)).Items
	return own{
		subject{
			"Rakuten", answerOf(func(opt shotengai.CallOption) error { _, err := client.Items.Get(ctx, "sensu", opt); return err }),
			request[rakuten.Item]{url: rakuten.BaseURL + "/es/2.0/items/manage-numbers/sensu", read: json.Unmarshal}.bare,
			func(c *http.Client) func() error {
				client := rakutenClient(c)
				return func() error { _, err := client.Items.Get(ctx, "sensu"); return err }
			},
		},
		subject{
			"Rakuten", answerOf(func(opt shotengai.CallOption) error { _, err := client.Orders.GetBatch(ctx, numbers, opt); return err }),
			request[struct {
				MessageModelList []rakuten.OrderMessage
				OrderModelList   []rakuten.Order
			}]{url: rakuten.BaseURL + "/es/2.0/order/getOrder/", post: struct {
				OrderNumberList []string `json:"orderNumberList"`
				Version         int      `json:"version"`
			}{numbers, rakuten.OrderVersion}, read: json.Unmarshal}.bare,
			func(c *http.Client) func() error {
				client := rakutenClient(c)
				return func() error { _, err := client.Orders.GetBatch(ctx, numbers); return err }
			},
		},
	}
}

// xmlCall is a call of a family of Rakuten's that speaks XML.
func xmlCall() subject {
	srv := rakutentest.NewServer(rakutentest.WithoutRateLimits())
	defer srv.Close()
	client := got(srv.Client(shotengai.WithLimiter(nil)))
	return subject{
		"Rakuten XML", answerOf(func(opt shotengai.CallOption) error { _, err := client.Cabinet.Usage(ctx, opt); return err }),
		request[struct {
			Status struct {
				SystemStatus string `xml:"systemStatus"`
			} `xml:"status"`
			Result struct {
				ResultCode string `xml:"resultCode"`
				rakuten.CabinetUsage
			} `xml:"cabinetUsageGetResult"`
		}]{url: rakuten.BaseURL + "/es/1.0/cabinet/usage/get", read: xml.Unmarshal}.bare,
		func(c *http.Client) func() error {
			client := rakutenClient(c)
			return func() error { _, err := client.Cabinet.Usage(ctx); return err }
		},
	}
}
