//go:build !race

package shotengai_test

import (
	"bytes"
	"context"
	"encoding/json"
	"encoding/xml"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/colorme"
	"github.com/shotengai/shotengai-go/makeshop"
	"github.com/shotengai/shotengai-go/rakuten"
	"github.com/shotengai/shotengai-go/stores"
)

// instant answers at once.
type instant struct {
	kind string
	body []byte
}

func (i instant) RoundTrip(r *http.Request) (*http.Response, error) {
	return &http.Response{
		StatusCode: http.StatusOK, Header: http.Header{"Content-Type": {i.kind}, "Date": {"Tue, 01 Sep 2026 00:00:00 GMT"}}, Request: r,
		Body: io.NopCloser(bytes.NewReader(i.body)), ContentLength: int64(len(i.body)),
	}, nil
}

// bareCall is a call as an app would write it on net/http, a POST if something is sent.
func bareCall(ctx context.Context, client *http.Client, sent string, decode func(data []byte) error) error {
	method, body := http.MethodGet, io.Reader(nil)
	if sent != "" {
		method, body = http.MethodPost, strings.NewReader(sent)
	}
	req, err := http.NewRequestWithContext(ctx, method, "https://api.example.jp/v1/things/7", body)
	if err != nil {
		return err
	}
	req.Header.Set("Authorization", "Bearer token")
	req.Header.Set("Accept", "application/json")
	req.Header.Set("User-Agent", "app")
	resp, err := client.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	data, err := io.ReadAll(resp.Body)
	if err != nil {
		return err
	}
	return decode(data)
}

// into decodes as encoding/json or encoding/xml does.
func into[T any](unmarshal func([]byte, any) error) func([]byte) error {
	return func(data []byte) error { return unmarshal(data, new(T)) }
}

// A call that reads costs at most 15 allocations more than the same one on net/http.
func TestAllocsPerCall(t *testing.T) {
	type reading struct {
		name, kind, sent, body string
		bare                   func(data []byte) error
		call                   func(ctx context.Context, opts ...shotengai.Option) (func() error, error)
		most                   float64 // one more than there are today, and no more than 15
	}
	for _, r := range []reading{
		{
			"colorme", "application/json", "", `{"sale":{"id":7,"total_price":1080,"memo":"","details":[{"id":1,"product_name":"傘"}]}}`,
			into[struct {
				Sale colorme.Sale `json:"sale"`
			}](json.Unmarshal),
			func(ctx context.Context, opts ...shotengai.Option) (func() error, error) {
				c, err := colorme.NewClient(staticToken(), opts...)
				return func() error { _, err := c.Sales.Get(ctx, 7); return err }, err
			}, 10,
		},
		{
			"makeshop", "application/json", `{"query":"query getShop { shop { name } }","operationName":"getShop"}`, `{"data":{"shop":{"name":"傘屋"}}}`,
			into[struct {
				Data struct {
					Shop struct{ Name string }
				}
			}](json.Unmarshal),
			func(ctx context.Context, opts ...shotengai.Option) (func() error, error) {
				c, err := makeshop.NewClient(makeshop.Config{Endpoint: "https://app-api.makeshop.jp/v1/graphql", APIKey: apiKey}, staticToken(), opts...)
				return func() error {
					var out struct{ Shop struct{ Name string } }
					return c.Query(ctx, "query getShop { shop { name } }", nil, &out)
				}, err
			}, 15 + jsonParts,
		},
		{
			"stores", "application/json", "", `{"id":"5f0000000000000000000001","name":"商店街ストア"}`,
			into[stores.Store](json.Unmarshal),
			func(ctx context.Context, opts ...shotengai.Option) (func() error, error) {
				c, err := stores.NewClient(staticToken(), opts...)
				return func() error { _, err := c.Store.Get(ctx); return err }, err
			}, 8,
		},
		{
			"rakuten, JSON", "application/json", "", `{"manageNumber":"kasa-1","title":"傘"}`,
			into[rakuten.Item](json.Unmarshal),
			func(ctx context.Context, opts ...shotengai.Option) (func() error, error) {
				c, err := rakuten.NewClient(rakuten.StaticLicense(rakuten.License{ServiceSecret: serviceSecret, Key: licenseKey}), opts...)
				return func() error { _, err := c.Items.Get(ctx, "kasa-1"); return err }, err
			}, 15,
		},
		{
			"rakuten, XML", "text/xml", "", `<result><status><systemStatus>OK</systemStatus></status><cabinetUsageGetResult><ResultCode>0</ResultCode><MaxSpace>100</MaxSpace></cabinetUsageGetResult></result>`,
			into[struct {
				Usage rakuten.CabinetUsage `xml:"cabinetUsageGetResult"`
			}](xml.Unmarshal),
			func(ctx context.Context, opts ...shotengai.Option) (func() error, error) {
				c, err := rakuten.NewClient(rakuten.StaticLicense(rakuten.License{ServiceSecret: serviceSecret, Key: licenseKey}), opts...)
				return func() error { _, err := c.Cabinet.Usage(ctx); return err }, err
			}, 15,
		},
	} {
		client := &http.Client{Transport: instant{r.kind, []byte(r.body)}}
		call, err := r.call(t.Context(), shotengai.WithHTTPClient(client), shotengai.WithLimiter(nil))
		require.NoError(t, err, r.name)
		bare := testing.AllocsPerRun(200, func() { require.NoError(t, bareCall(t.Context(), client, r.sent, r.bare)) })
		ours := testing.AllocsPerRun(200, func() { require.NoError(t, call()) })
		t.Logf("%s: bare %.0f, %.0f with the client", r.name, bare, ours)
		assert.LessOrEqual(t, ours-bare, r.most, r.name)
	}
}
