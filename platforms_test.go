package shotengai_test

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/oauth2"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/colorme"
	"github.com/shotengai/shotengai-go/makeshop"
	"github.com/shotengai/shotengai-go/rakuten"
	"github.com/shotengai/shotengai-go/stores"
)

// The credentials of all clients here, as a shop would have them.
const (
	shopToken     = "tok3n/with+signs="
	apiKey        = "api-key-of-the-app"
	serviceSecret = "SP400001_secret0123456"
	licenseKey    = "SL400001_key0123456789"
)

// client is a client of one platform, as the rules that all platforms share see it.
type client struct {
	name  string
	value any // the *Client
	// read is a call that changes nothing, write one that does.
	read, write func(ctx context.Context, opts ...shotengai.CallOption) error
	// The operation of read, and the path that it is called at.
	operation, path string
	// credentials are what an answer may quote.
	credentials []string
}

// platform makes a client that talks to an address.
type platform struct {
	name string
	open func(address string, opts ...shotengai.Option) (*client, error)
}

// everywhere are all platforms. A rule that they share is proved by one test over them.
var everywhere = []platform{
	{"colorme", func(address string, opts ...shotengai.Option) (*client, error) {
		c, err := colorme.NewClient(staticToken(), at(address, opts)...)
		if err != nil {
			return nil, err
		}
		return &client{
			name: "colorme", value: c, operation: "GET /v1/sales/{id}", path: "/v1/sales/7",
			read: func(ctx context.Context, opts ...shotengai.CallOption) error {
				_, err := c.Sales.Get(ctx, 7, opts...)
				return err
			},
			write: func(ctx context.Context, opts ...shotengai.CallOption) error {
				_, err := c.Sales.Cancel(ctx, 7, false, opts...)
				return err
			},
			credentials: []string{shopToken},
		}, nil
	}},
	{"makeshop", func(address string, opts ...shotengai.Option) (*client, error) {
		config := makeshop.Config{Endpoint: "https://app-api.makeshop.jp/v1/graphql", APIKey: apiKey}
		if address != "" {
			address += "/graphql"
		}
		c, err := makeshop.NewClient(config, staticToken(), at(address, opts)...)
		if err != nil {
			return nil, err
		}
		return &client{
			name: "makeshop", value: c, operation: "query getThing", path: "/graphql",
			read: func(ctx context.Context, opts ...shotengai.CallOption) error {
				return c.Query(ctx, "query getThing { __typename }", nil, nil, opts...)
			},
			write: func(ctx context.Context, opts ...shotengai.CallOption) error {
				return c.Mutate(ctx, "mutation changeThing { changeThing }", nil, nil, opts...)
			},
			credentials: []string{shopToken, apiKey},
		}, nil
	}},
	{"stores", func(address string, opts ...shotengai.Option) (*client, error) {
		c, err := stores.NewClient(staticToken(), at(address, opts)...)
		if err != nil {
			return nil, err
		}
		return &client{
			name: "stores", value: c, operation: "GET /retail/202211/things/{id}", path: "/retail/202211/things/7",
			read: func(ctx context.Context, opts ...shotengai.CallOption) error {
				return c.Do(ctx, http.MethodGet, "/retail/202211/things/7", nil, nil, opts...)
			},
			write: func(ctx context.Context, opts ...shotengai.CallOption) error {
				_, err := c.Orders.Shipped(ctx, "7", opts...)
				return err
			},
			credentials: []string{shopToken},
		}, nil
	}},
	{"rakuten", func(address string, opts ...shotengai.Option) (*client, error) {
		license := rakuten.License{ServiceSecret: serviceSecret, Key: licenseKey}
		c, err := rakuten.NewClient(rakuten.StaticLicense(license), at(address, opts)...)
		if err != nil {
			return nil, err
		}
		return &client{
			name: "rakuten", value: c, operation: "GET /es/2.0/things/{id}", path: "/es/2.0/things/7",
			read: func(ctx context.Context, opts ...shotengai.CallOption) error {
				return c.Do(ctx, http.MethodGet, "/es/2.0/things/7", nil, nil, opts...)
			},
			write: func(ctx context.Context, opts ...shotengai.CallOption) error {
				return c.Do(ctx, http.MethodPost, "/es/2.0/things/7", nil, nil, opts...)
			},
			credentials: []string{
				serviceSecret, licenseKey, base64.StdEncoding.EncodeToString([]byte(serviceSecret + ":" + licenseKey)),
			},
		}, nil
	}},
}

func staticToken() oauth2.TokenSource {
	return oauth2.StaticTokenSource(&oauth2.Token{AccessToken: shopToken})
}

// at puts a test server in front of the options; "" is the platform itself.
func at(address string, opts []shotengai.Option) []shotengai.Option {
	if address == "" {
		return opts
	}
	return append([]shotengai.Option{
		shotengai.WithTestServer(address), shotengai.WithLimiter(nil), shotengai.WithRetryPolicy(shotengai.RetryPolicy{Attempts: 3}),
	}, opts...)
}

func onEachPlatform(t *testing.T, test func(t *testing.T, p platform)) {
	t.Helper()
	for _, p := range everywhere {
		t.Run(p.name, func(t *testing.T) {
			t.Parallel()
			test(t, p)
		})
	}
}

func (p platform) client(t *testing.T, address string, opts ...shotengai.Option) *client {
	t.Helper()
	c, err := p.open(address, opts...)
	require.NoError(t, err)
	return c
}

// serving starts a server that answers all calls in one way.
func serving(t *testing.T, handler http.HandlerFunc) string {
	t.Helper()
	srv := httptest.NewServer(handler)
	t.Cleanup(srv.Close)
	return srv.URL
}

func saying(status int, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}
}

func failure(t *testing.T, err error) *shotengai.Error {
	t.Helper()
	e, ok := errors.AsType[*shotengai.Error](err)
	require.True(t, ok, "%T: %v", err, err)
	return e
}

// Every platform takes the same options, and refuses wrong ones with the reason.
func TestPlatformsTakeTheSameOptions(t *testing.T) {
	t.Parallel()
	fine := map[string]shotengai.Option{
		"WithHTTPClient":     shotengai.WithHTTPClient(&http.Client{}),
		"WithUserAgent":      shotengai.WithUserAgent("my-app/1"),
		"WithLimiter":        shotengai.WithLimiter(shotengai.PerMinute(1, 1)),
		"no limiter":         shotengai.WithLimiter(nil),
		"WithRetryPolicy":    shotengai.WithRetryPolicy(shotengai.RetryPolicy{Attempts: 1}),
		"WithTimeout":        shotengai.WithTimeout(time.Second),
		"WithBodyLimit":      shotengai.WithBodyLimit(1 << 20),
		"WithLogger":         shotengai.WithLogger(slog.New(slog.DiscardHandler)),
		"WithObserver":       shotengai.WithObserver(func(context.Context, shotengai.Call) {}),
		"WithStrictDecoding": shotengai.WithStrictDecoding(),
		"WithDriftReport":    shotengai.WithDriftReport(func(shotengai.Drift) {}),
		"WithClock":          shotengai.WithClock(time.Now),
		"WithTestServer":     shotengai.WithTestServer("http://127.0.0.1:1"),
	}
	wrong := map[string]shotengai.Option{
		"base URL: ":     shotengai.WithBaseURL("https://evil.example"),
		"test server: ":  shotengai.WithTestServer("http://192.0.2.1"),
		"HTTP client: ":  shotengai.WithHTTPClient(nil),
		"user agent: ":   shotengai.WithUserAgent("a\nb"),
		"retry policy: ": shotengai.WithRetryPolicy(shotengai.RetryPolicy{}),
		"timeout: ":      shotengai.WithTimeout(0),
		"body limit: ":   shotengai.WithBodyLimit(0),
		"logger: ":       shotengai.WithLogger(nil),
		"observer: ":     shotengai.WithObserver(nil),
		"drift report: ": shotengai.WithDriftReport(nil),
		"clock: ":        shotengai.WithClock(nil),
		"option is nil":  nil,
	}
	onEachPlatform(t, func(t *testing.T, p platform) {
		for name, option := range fine {
			_, err := p.open("", option)
			require.NoError(t, err, name)
		}
		for reason, option := range wrong {
			_, err := p.open("", option)
			require.ErrorContains(t, err, reason)
			require.ErrorContains(t, err, p.name+": ")
		}
		_, err := p.open("", rakuten.WithGroupLimiter(nil, rakuten.RateOrder))
		if p.name == "rakuten" {
			require.NoError(t, err)
			return
		}
		require.ErrorContains(t, err, "this platform has no rate groups")
	})
}

// Call options mean the same everywhere.
func TestPlatformsTakeTheSameCallOptions(t *testing.T) {
	t.Parallel()
	onEachPlatform(t, func(t *testing.T, p platform) {
		var own atomic.Value
		c := p.client(t, serving(t, func(w http.ResponseWriter, r *http.Request) {
			own.Store(r.Header.Get("X-Own"))
			saying(503, `{}`)(w, r)
		}))
		var seen shotengai.Response
		var sent atomic.Int64
		err := c.read(t.Context(), shotengai.WithHeader("X-Own", "yes"), shotengai.WithResponse(&seen), shotengai.WithRequestCount(&sent))
		require.ErrorIs(t, err, shotengai.ErrUnavailable)
		assert.Equal(t, "yes", own.Load())
		assert.Equal(t, 503, seen.StatusCode)
		assert.Equal(t, 3, seen.Attempts)
		assert.EqualValues(t, 3, sent.Load())

		sent.Store(0)
		require.ErrorIs(t, c.write(t.Context(), shotengai.WithRequestCount(&sent)), shotengai.ErrOutcomeUnknown)
		assert.EqualValues(t, 1, sent.Load(), "a write is sent once")
		for _, credential := range []string{"Authorization", "x-api-key", "x-appstore-usage-charge-token"} {
			require.ErrorIs(t, c.read(t.Context(), shotengai.WithHeader(credential, "x")), shotengai.ErrInvalid, credential)
		}
		for name, option := range map[string]shotengai.CallOption{"nil": nil, "no counter": shotengai.WithRequestCount(nil), "no place": shotengai.WithResponse(nil)} {
			require.ErrorIs(t, c.read(t.Context(), option), shotengai.ErrInvalid, name)
			require.ErrorIs(t, c.write(t.Context(), option), shotengai.ErrInvalid, name)
		}
	})
}

// A call whose turn would come after its deadline fails at once, as a call that ran into
// its deadline: also the first one, and also where the limiter has an error of its own.
func TestPlatformsRefuseATurnBeyondTheDeadline(t *testing.T) {
	t.Parallel()
	onEachPlatform(t, func(t *testing.T, p platform) {
		spent := shotengai.PerMinute(1, 1)
		require.NoError(t, spent.Wait(t.Context()))
		for name, limiter := range map[string]shotengai.Limiter{"spent": spent, "own": ownLimiter{}} {
			c := p.client(t, serving(t, func(http.ResponseWriter, *http.Request) { t.Error("was sent") }), shotengai.WithLimiter(limiter))
			for _, call := range []func(context.Context, ...shotengai.CallOption) error{c.read, c.write} {
				ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
				err := call(ctx)
				cancel()
				require.ErrorIs(t, err, context.DeadlineExceeded, name)
				assert.NotErrorIs(t, err, shotengai.ErrOutcomeUnknown)
				assert.Zero(t, failure(t, err).Attempts)
			}
		}
	})
}

// ownLimiter is a program's limiter whose next turn is too far away.
type ownLimiter struct{}

func (ownLimiter) Wait(context.Context) error { return errors.New("the next turn is tomorrow") }

// The error has the same fields, and the same kinds for the same statuses.
func TestPlatformsFailAlike(t *testing.T) {
	t.Parallel()
	kinds := map[int]error{
		400: shotengai.ErrInvalid, 401: shotengai.ErrUnauthorized, 403: shotengai.ErrForbidden, 404: shotengai.ErrNotFound, 409: shotengai.ErrConflict,
		422: shotengai.ErrInvalid, 423: shotengai.ErrUnavailable, 429: shotengai.ErrRateLimited, 500: shotengai.ErrUnavailable, 503: shotengai.ErrUnavailable,
	}
	onEachPlatform(t, func(t *testing.T, p platform) {
		for status, kind := range kinds {
			c := p.client(t, serving(t, saying(status, `{"unknown":"member"}`)))
			err := c.read(t.Context())
			require.ErrorIs(t, err, kind, status)
			e := failure(t, err)
			assert.Equal(t, p.name, e.Platform)
			assert.Equal(t, c.operation, e.Operation)
			assert.Equal(t, c.path, e.Path)
			assert.NotEmpty(t, e.Method)
			assert.Equal(t, status, e.StatusCode)
			assert.JSONEq(t, `{"unknown":"member"}`, string(e.Body))
			assert.Positive(t, e.Attempts)
			assert.True(t, strings.HasPrefix(err.Error(), fmt.Sprintf("%s: %s: %d ", p.name, c.operation, status)), err.Error())
		}
		page := "<!DOCTYPE html><html><body>" + strings.Repeat("Sorry. ", 1000) + "</body></html>"
		e := failure(t, p.client(t, serving(t, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/html")
			_, _ = io.WriteString(w, page)
		})).read(t.Context()))
		require.ErrorIs(t, e, shotengai.ErrUnavailable)
		assert.LessOrEqual(t, len(e.Body), 2<<10)

		e = failure(t, p.client(t, "http://127.0.0.1:1").read(t.Context()))
		require.ErrorIs(t, e, shotengai.ErrUnavailable)
		assert.Zero(t, e.StatusCode)
		assert.Equal(t, 3, e.Attempts)

		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		e = failure(t, p.client(t, "http://127.0.0.1:1").write(ctx))
		require.ErrorIs(t, e, context.Canceled)
		assert.Zero(t, e.Attempts)
		assert.Contains(t, e.Error(), "not sent")
	})
}

// H24: no part of what was sent as a credential is shown, wherever an answer quotes it.
func TestPlatformsMaskQuotedCredentials(t *testing.T) {
	t.Parallel()
	onEachPlatform(t, func(t *testing.T, p platform) {
		c := p.client(t, "http://127.0.0.1:1")
		quoted := strings.Join(c.credentials, " | ")
		bodies := []string{
			"request blocked: " + quoted,
			fmt.Sprintf(`{"errors":[{"code":1,"message":%q,"field":%q}],"message":%q}`, quoted, quoted, quoted),
			fmt.Sprintf(`{"MessageModelList":[{"messageType":"ERROR","messageCode":"E","message":%q}]}`, quoted),
			"<html><body>" + quoted + "</body></html>",
		}
		for _, body := range bodies {
			for _, status := range []int{200, 400, 401, 403, 500} {
				c := p.client(t, serving(t, func(w http.ResponseWriter, r *http.Request) {
					w.Header().Set("X-Request-Id", quoted)
					saying(status, body)(w, r)
				}))
				for _, call := range []func(context.Context, ...shotengai.CallOption) error{c.read, c.write} {
					err := call(t.Context())
					if err == nil {
						continue
					}
					e := failure(t, err)
					shown := fmt.Sprintf("%v %+v %#v %s %s %v", err, e, *e, e.Body, e.LogValue(), e.Details)
					for _, secret := range c.credentials {
						assert.NotContains(t, shown, secret, "%d %s", status, body)
					}
				}
			}
		}
	})
}

// H13 and H14: a write that got no connection was not sent, also when the transport looks
// for one twice; a write whose connection broke may have been carried out.
func TestPlatformsKnowWhatWasSent(t *testing.T) {
	t.Parallel()
	onEachPlatform(t, func(t *testing.T, p platform) {
		nobody := &http.Client{Transport: &http.Transport{DialContext: func(context.Context, string, string) (net.Conn, error) {
			return nil, errors.New("nobody listens")
		}}}
		err := p.client(t, "http://127.0.0.1:1", shotengai.WithHTTPClient(nobody)).write(t.Context())
		require.NotErrorIs(t, err, shotengai.ErrOutcomeUnknown)
		require.ErrorContains(t, err, "nobody listens")

		hangUp := func(w http.ResponseWriter, _ *http.Request) {
			conn, _, err := http.NewResponseController(w).Hijack()
			if assert.NoError(t, err) {
				_ = conn.Close()
			}
		}
		var sent atomic.Int64
		err = p.client(t, serving(t, hangUp)).write(t.Context(), shotengai.WithRequestCount(&sent))
		require.ErrorIs(t, err, shotengai.ErrOutcomeUnknown)
		require.ErrorContains(t, err, "look before repeating it")
		assert.EqualValues(t, 1, sent.Load())

		// The first connection is kept, and closed by the server as the write goes out. The
		// transport then looks for another one and gets none: nothing was sent on it.
		var dials atomic.Int32
		once := &http.Client{Transport: &http.Transport{DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
			if dials.Add(1) > 1 {
				return nil, errors.New("nobody listens any more")
			}
			return new(net.Dialer).DialContext(ctx, network, address)
		}}}
		srv := httptest.NewServer(saying(404, `{}`))
		t.Cleanup(srv.Close)
		c := p.client(t, srv.URL, shotengai.WithHTTPClient(once))
		require.ErrorIs(t, c.read(t.Context()), shotengai.ErrNotFound)
		srv.CloseClientConnections()
		once.CloseIdleConnections()
		err = c.write(t.Context())
		require.ErrorContains(t, err, "nobody listens any more")
		require.NotErrorIs(t, err, shotengai.ErrOutcomeUnknown)
	})
}

// Every list method returns a page of the root package, and every iteration is an
// iter.Seq2 that ends with an error of the root package.
func TestPlatformsListAlike(t *testing.T) {
	t.Parallel()
	onEachPlatform(t, func(t *testing.T, p platform) {
		c := p.client(t, serving(t, saying(500, `{}`)))
		lists, alls := 0, 0
		eachMethod(reflect.ValueOf(c.value), func(name string, method reflect.Value) {
			kind := method.Type()
			switch {
			case strings.HasSuffix(name, ".List"):
				lists++
				require.Equal(t, 2, kind.NumOut(), name)
				require.True(t, isShared(kind.Out(0), "Page[") || isShared(kind.Out(0), "") || kind.Out(0).Kind() == reflect.Slice, "%s returns %s", name, kind.Out(0))
			case strings.HasSuffix(name, ".All") && kind.NumOut() == 1:
				alls++
				require.Equal(t, reflect.Func, kind.Out(0).Kind(), name)
			}
			if kind.IsVariadic() {
				last := kind.In(kind.NumIn() - 1).Elem()
				assert.Equal(t, reflect.TypeFor[shotengai.CallOption](), last, "%s takes %s", name, last)
			}
		})
		t.Logf("%d lists, %d iterations", lists, alls)
	})
}

// isShared reports whether a type is one of the root package with a name that begins so.
func isShared(of reflect.Type, prefix string) bool {
	if of.Kind() == reflect.Pointer {
		of = of.Elem()
	}
	return of.PkgPath() == module && prefix != "" && strings.HasPrefix(of.Name(), prefix)
}

// eachMethod visits the methods of the services of a client, those of services below
// services included.
func eachMethod(client reflect.Value, visit func(name string, method reflect.Value)) {
	for field, value := range reflect.Indirect(client).Fields() {
		if !field.IsExported() || value.Kind() != reflect.Pointer || value.IsNil() || value.Type().Elem().Kind() != reflect.Struct {
			continue
		}
		for i := range value.NumMethod() {
			visit(field.Name+"."+value.Type().Method(i).Name, value.Method(i))
		}
		eachMethod(value, func(name string, method reflect.Value) { visit(field.Name+"."+name, method) })
	}
}

// A zero time has no date, and an empty list that is not nil selects nothing and is refused.
func TestEmptyDatesAndLists(t *testing.T) {
	t.Parallel()
	assert.True(t, shotengai.DateOf(time.Time{}).IsZero())
	assert.True(t, makeshop.DateOf(time.Time{}).IsZero())
	refused := serving(t, saying(200, `{}`))
	for _, p := range everywhere {
		c := p.client(t, refused)
		var err error
		switch c := c.value.(type) {
		case *colorme.Client:
			_, err = c.Products.List(t.Context(), colorme.ListProductsParams{IDs: colorme.IDs{}})
		case *stores.Client:
			_, err = c.Orders.List(t.Context(), stores.ListOrdersParams{IDs: stores.OrderIDs{}})
		default:
			continue
		}
		require.ErrorIs(t, err, shotengai.ErrInvalid, p.name)
		assert.Contains(t, err.Error(), "not sent")
	}
}

// changeFeeds are the Changes methods of a client, by service.
func changeFeeds(client any) map[string]reflect.Value {
	feeds := make(map[string]reflect.Value)
	services := reflect.ValueOf(client).Elem()
	for i := range services.NumField() {
		if field := services.Type().Field(i); field.IsExported() && field.Type.Kind() == reflect.Pointer {
			if feed := services.Field(i).MethodByName("Changes"); feed.IsValid() {
				feeds[field.Name] = feed
			}
		}
	}
	return feeds
}

// Every platform has one feed of its orders. A cursor that it cannot go on from is refused
// before anything is sent.
func TestChangesRefuseForeignCursors(t *testing.T) {
	t.Parallel()
	for _, p := range everywhere {
		c, err := p.open("")
		require.NoError(t, err)
		feeds := changeFeeds(c.value)
		require.Len(t, feeds, 1, p.name)
		others := "stores"
		if p.name == others {
			others = "colorme"
		}
		for name, feed := range feeds {
			for _, text := range []string{"", others + ".1.t6b0w0", p.name + ".2.t6b0w0", p.name + ".0.t6b0w0", p.name + ".1", p.name + ".1.!", p.name + ".1.t0 x", "from.1.x"} {
				cursor := shotengai.Cursor(text)
				rows := feed.Call([]reflect.Value{reflect.ValueOf(t.Context()), reflect.ValueOf(&cursor)})[0]
				for _, err := range rows.Seq2() {
					require.ErrorIs(t, err.Interface().(error), shotengai.ErrInvalid, text)
					require.ErrorContains(t, err.Interface().(error), p.name+": ", name)
					require.ErrorContains(t, err.Interface().(error), "cursor")
				}
				assert.Equal(t, shotengai.Cursor(text), cursor)
			}
		}
	}
}
