//go:build peers

package main

import (
	"bytes"
	"crypto"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/Khan/genqlient/graphql"
	goshopify "github.com/bold-commerce/go-shopify/v4"
	"github.com/coreos/go-oidc/v3/oidc"
	"github.com/digitalocean/godo"
	"github.com/google/go-github/v71/github"
	"github.com/line/line-bot-sdk-go/v8/linebot/messaging_api"
	line "github.com/line/line-bot-sdk-go/v8/linebot/webhook"
	"github.com/stripe/stripe-go/v84"
	stripehook "github.com/stripe/stripe-go/v84/webhook"
)

// compared are the modules of the peers, without the versions in their paths.
var compared = []string{"go-github", "godo", "stripe-go", "go-shopify", "line-bot-sdk-go", "genqlient", "oauth2", "go-oidc"}

// peerPrograms make one call each through a peer.
var peerPrograms = [][2]string{
	{"go-github", "github"},
	{"godo", "godo"},
	{"stripe-go", "stripe"},
	{"go-shopify", "shopify"},
	{"line-bot-sdk", "line"},
	{"genqlient", "genqlient"},
}

// What the peers' calls are measured with are answers as their platforms document them.

const (
	issueJSON = `{"id":1,"node_id":"MDU6SXNzdWUx","url":"https://api.github.com/repos/octocat/Hello-World/issues/1347",` +
		`"html_url":"https://github.com/octocat/Hello-World/issues/1347","number":1347,"state":"open","title":"Found a bug",` +
		`"body":"I'm having a problem with this.","user":{"login":"octocat","id":1,"node_id":"MDQ6VXNlcjE=",` +
		`"avatar_url":"https://github.com/images/error/octocat_happy.gif","url":"https://api.github.com/users/octocat","type":"User","site_admin":false},` +
		`"labels":[{"id":208045946,"url":"https://api.github.com/repos/octocat/Hello-World/labels/bug","name":"bug","color":"f29513","default":true}],` +
		`"locked":true,"comments":0,"created_at":"2011-04-22T13:33:48Z","updated_at":"2011-04-22T13:33:48Z","author_association":"COLLABORATOR"}`

	dropletJSON = `{"id":3164494,"name":"example.com","memory":1024,"vcpus":1,"disk":25,"locked":false,"status":"active","created_at":"2020-07-21T18:37:44Z",` +
		`"features":["backups","private_networking","ipv6"],"backup_ids":[53893572],"snapshot_ids":[67512819],` +
		`"image":{"id":63663980,"name":"20.04 (LTS) x64","distribution":"Ubuntu","slug":"ubuntu-20-04-x64","public":true,"regions":["ams2","nyc1"],"min_disk_size":15,"type":"base"},` +
		`"size_slug":"s-1vcpu-1gb","size":{"slug":"s-1vcpu-1gb","memory":1024,"vcpus":1,"disk":25,"transfer":1,"price_monthly":5,"price_hourly":0.00743999984115362,"regions":["ams2"],"available":true},` +
		`"networks":{"v4":[{"ip_address":"10.128.192.124","netmask":"255.255.0.0","gateway":"nil","type":"private"}],"v6":[]},` +
		`"region":{"name":"New York 3","slug":"nyc3","features":["ipv6"],"available":true,"sizes":["s-1vcpu-1gb"]},"tags":["web","env:prod"],"vpc_uuid":"760e09ef-dc84-11e8-981e-3cfdfeaae000"}`

	customerJSON = `{"id":"cus_NffrFeUfNV2Hib","object":"customer","address":{"city":"渋谷区","country":"JP","line1":"神宮前1-1-1","line2":null,"postal_code":"1500001","state":"東京都"},` +
		`"balance":0,"created":1680893993,"currency":"jpy","default_source":null,"delinquent":false,"description":null,"discount":null,"email":"jennyrosen@example.com",` +
		`"invoice_prefix":"0759376C","invoice_settings":{"custom_fields":null,"default_payment_method":null,"footer":null,"rendering_options":null},"livemode":false,` +
		`"metadata":{},"name":"Jenny Rosen","next_invoice_sequence":1,"phone":null,"preferred_locales":["ja"],"shipping":null,"tax_exempt":"none","test_clock":null}`

	orderJSON = `{"id":450789469,"name":"#1001","email":"bob@example.com","created_at":"2008-01-10T11:00:00-05:00","updated_at":"2008-01-10T11:00:00-05:00","currency":"JPY",` +
		`"total_price":"5980","subtotal_price":"5480","total_tax":"498","taxes_included":false,"financial_status":"paid","order_number":1001,"number":1,"note":null,"test":false,` +
		`"customer":{"id":207119551,"email":"bob@example.com","first_name":"Bob","last_name":"Norman","orders_count":1,"state":"disabled"},` +
		`"billing_address":{"first_name":"Bob","last_name":"Norman","address1":"Chestnut Street 92","city":"Louisville","zip":"40202","country":"United States","phone":"555-625-1199"},` +
		`"line_items":[{"id":466157049,"variant_id":39072856,"title":"IPod Nano - 8gb","quantity":1,"price":"1990","sku":"IPOD2008GREEN","grams":200},` +
		`{"id":518995019,"variant_id":49148385,"title":"IPod Nano - 8gb","quantity":1,"price":"1990","sku":"IPOD2008RED","grams":200}]}`

	profileJSON = `{"displayName":"LINE taro","userId":"U4af4980629","language":"ja","pictureUrl":"https://profile.line-scdn.net/abc","statusMessage":"Hello, LINE!"}`
)

// hundred is a list of the same row.
func hundred(format, row string) []byte {
	return fmt.Appendf(nil, format, strings.Repeat(row+",", 99)+row)
}

func githubClient(c *http.Client) *github.Client { return github.NewClient(c).WithAuthToken("token") }

func godoClient(c *http.Client) *godo.Client { return godo.NewClient(c) }

func stripeClient(c *http.Client) *stripe.Client {
	config := &stripe.BackendConfig{HTTPClient: c, LeveledLogger: &stripe.LeveledLogger{Level: stripe.LevelNull}, EnableTelemetry: new(false)}
	return stripe.NewClient("sk_test_1", stripe.WithBackends(stripe.NewBackendsWithConfig(config)))
}

func shopifyClient(c *http.Client) *goshopify.Client {
	return got(goshopify.NewClient(goshopify.App{}, "shop", "token", goshopify.WithHTTPClient(c)))
}

func lineClient(c *http.Client) *messaging_api.MessagingApiAPI {
	return got(messaging_api.NewMessagingApiAPI("token", messaging_api.WithHTTPClient(c)))
}

func peerGets() []subject {
	return []subject{
		{
			"go-github", []byte(issueJSON), request[github.Issue]{url: "https://api.github.com/repos/o/r/issues/1", read: json.Unmarshal}.bare,
			func(c *http.Client) func() error {
				client := githubClient(c)
				return func() error { _, _, err := client.Issues.Get(ctx, "o", "r", 1); return err }
			},
		},
		{
			"godo", []byte(`{"droplet":` + dropletJSON + `}`), request[struct{ Droplet godo.Droplet }]{url: "https://api.digitalocean.com/v2/droplets/1", read: json.Unmarshal}.bare,
			func(c *http.Client) func() error {
				client := godoClient(c)
				return func() error { _, _, err := client.Droplets.Get(ctx, 1); return err }
			},
		},
		{
			"stripe-go", []byte(customerJSON), request[stripe.Customer]{url: "https://api.stripe.com/v1/customers/cus_1", read: json.Unmarshal}.bare,
			func(c *http.Client) func() error {
				client := stripeClient(c)
				return func() error { _, err := client.V1Customers.Retrieve(ctx, "cus_1", nil); return err }
			},
		},
		{
			"go-shopify", []byte(`{"order":` + orderJSON + `}`), request[struct{ Order goshopify.Order }]{url: "https://shop.myshopify.com/admin/orders/1.json", read: json.Unmarshal}.bare,
			func(c *http.Client) func() error {
				client := shopifyClient(c)
				return func() error { _, err := client.Order.Get(ctx, 1, nil); return err }
			},
		},
		{
			"line-bot-sdk", []byte(profileJSON), request[messaging_api.UserProfileResponse]{url: "https://api.line.me/v2/bot/profile/U1", read: json.Unmarshal}.bare,
			func(c *http.Client) func() error {
				client := lineClient(c)
				return func() error { _, err := client.GetProfile("U1"); return err }
			},
		},
	}
}

func peerPages() []subject {
	return []subject{
		{
			"go-github", hundred("[%s]", issueJSON), request[[]github.Issue]{url: "https://api.github.com/repos/o/r/issues", read: json.Unmarshal}.bare,
			func(c *http.Client) func() error {
				client := githubClient(c)
				return func() error { _, _, err := client.Issues.ListByRepo(ctx, "o", "r", nil); return err }
			},
		},
		{
			"godo", hundred(`{"droplets":[%s],"links":{},"meta":{"total":100}}`, dropletJSON),
			request[struct {
				Droplets []godo.Droplet
				Meta     *godo.Meta
			}]{url: "https://api.digitalocean.com/v2/droplets", read: json.Unmarshal}.bare,
			func(c *http.Client) func() error {
				client := godoClient(c)
				return func() error { _, _, err := client.Droplets.List(ctx, nil); return err }
			},
		},
		{
			"stripe-go", hundred(`{"object":"list","url":"/v1/customers","has_more":false,"data":[%s]}`, customerJSON),
			request[stripe.CustomerList]{url: "https://api.stripe.com/v1/customers", read: json.Unmarshal}.bare,
			func(c *http.Client) func() error {
				client := stripeClient(c)
				return func() error {
					for _, err := range client.V1Customers.List(ctx, nil) {
						if err != nil {
							return err
						}
					}
					return nil
				}
			},
		},
		{
			"go-shopify", hundred(`{"orders":[%s]}`, orderJSON), request[struct{ Orders []goshopify.Order }]{url: "https://shop.myshopify.com/admin/orders.json", read: json.Unmarshal}.bare,
			func(c *http.Client) func() error {
				client := shopifyClient(c)
				return func() error { _, err := client.Order.List(ctx, nil); return err }
			},
		},
	}
}

// authorised adds what the calls of the other clients have too.
type authorised struct{ *http.Client }

func (c authorised) Do(r *http.Request) (*http.Response, error) {
	r.Header.Set("Authorization", "Bearer token")
	r.Header.Set("Accept", "application/json")
	r.Header.Set("User-Agent", "app")
	makeshopHead(r.Header)
	return c.Client.Do(r)
}

func peerQuery(client *http.Client, bare func() error) []pair {
	peer := graphql.NewClient(endpoint, authorised{client})
	return []pair{{"genqlient", bare, func() error {
		return peer.MakeRequest(ctx, &graphql.Request{OpName: "searchProduct", Query: productsQuery}, &graphql.Response{Data: new(ownProducts)})
	}}}
}

func peerWebhooks(body []byte, signature string, sum func() error) []pair {
	delivery := got(http.NewRequestWithContext(ctx, http.MethodPost, "https://app.example/hook", http.NoBody))
	delivery.Header.Set("X-Shopify-Hmac-Sha256", signature)
	shopify := goshopify.App{ApiSecret: secret}
	stamp := strconv.FormatInt(time.Now().Unix(), 10)
	header := "t=" + stamp + ",v1=" + hex.EncodeToString(mac([]byte(stamp+"."), body))
	return []pair{
		{"line-bot-sdk", sum, func() error { return verified(line.ValidateSignature(secret, signature, body)) }},
		{"stripe-go", sum, func() error { return stripehook.ValidatePayloadIgnoringTolerance(body, header, secret) }},
		{"go-shopify", sum, func() error { // which reads the body by itself
			delivery.Body = io.NopCloser(bytes.NewReader(body))
			return verified(shopify.VerifyWebhookRequest(delivery))
		}},
	}
}

func peerIDTokens(s signer, token string, bare func() error) []pair {
	peer := oidc.NewVerifier(issuer, &oidc.StaticKeySet{PublicKeys: []crypto.PublicKey{s.public}}, &oidc.Config{ClientID: "client-id", SupportedSigningAlgs: []string{s.algorithm}})
	return []pair{{"go-oidc", bare, func() error { _, err := peer.Verify(ctx, token); return err }}}
}

// peerClients are idle. All clients of an SDK share what can be shared.
func peerClients() []figure {
	shared := &http.Client{}
	backends := stripe.NewBackendsWithConfig(&stripe.BackendConfig{HTTPClient: shared})
	return []figure{
		{"go-github", 0, heapOf(func() *github.Client { return github.NewClient(shared).WithAuthToken("token") })},
		{"godo", 0, heapOf(func() *godo.Client { return godo.NewClient(shared) })},
		{"stripe-go", 0, heapOf(func() *stripe.Client { return stripe.NewClient("sk_test_1", stripe.WithBackends(backends)) })},
		{"go-shopify", 0, heapOf(func() *goshopify.Client { return shopifyClient(shared) })},
		{"line-bot-sdk", 0, heapOf(func() *messaging_api.MessagingApiAPI { return lineClient(shared) })},
	}
}
