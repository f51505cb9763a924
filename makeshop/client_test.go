package makeshop_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/internal/fake"
	"github.com/shotengai/shotengai-go/makeshop"
)

const (
	apiKey = shotengai.Secret("marked-api-key")
	token  = shotengai.Secret("PAT.marked-token")
)

// seen is a request as the server got it.
type seen struct {
	Target string
	Header http.Header
	Body   struct {
		Query         string          `json:"query"`
		Variables     json.RawMessage `json:"variables"`
		OperationName *string         `json:"operationName"`
	}
	Raw string
}

// server answers each request with the next of its answers, the last one for ever.
type server struct {
	*httptest.Server
	mu      sync.Mutex
	answers []answer
	got     []seen
}

type answer struct {
	status int
	kind   string
	body   string
}

func ok(body string) answer { return answer{http.StatusOK, "application/json", body} }

func newServer(t *testing.T, answers ...answer) *server {
	t.Helper()
	s := &server{answers: answers}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		defer s.mu.Unlock()
		raw, _ := io.ReadAll(r.Body)
		request := seen{Target: r.RequestURI, Header: r.Header, Raw: string(raw)}
		_ = json.Unmarshal(raw, &request.Body)
		s.got = append(s.got, request)
		a := s.answers[0]
		if len(s.answers) > 1 {
			s.answers = s.answers[1:]
		}
		if a.status == 0 {
			panic(http.ErrAbortHandler)
		}
		w.Header().Set("Content-Type", a.kind)
		w.WriteHeader(a.status)
		_, _ = io.WriteString(w, a.body)
	}))
	t.Cleanup(s.Close)
	return s
}

func (s *server) requests() []seen {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.got
}

func (s *server) only(t *testing.T) seen {
	t.Helper()
	got := s.requests()
	require.Len(t, got, 1)
	return got[0]
}

// impatient tries three times without a pause.
var impatient = shotengai.WithRetryPolicy(shotengai.RetryPolicy{Attempts: 3})

func newClient(t *testing.T, s *server, opts ...shotengai.Option) *makeshop.Client {
	t.Helper()
	opts = append([]shotengai.Option{shotengai.WithTestServer(s.URL + "/v1/graphql"), impatient}, opts...)
	client, err := makeshop.NewClient(makeshop.Config{Endpoint: "https://app-api.makeshop.jp/v1/graphql", APIKey: apiKey},
		makeshop.PersistentToken(token), opts...)
	require.NoError(t, err)
	return client
}

func TestRequest(t *testing.T) {
	t.Parallel()
	srv := newServer(t, ok(`{"data":{"getShop":{"shop":{"shopId":"s1","shopName":"店"}}}}`))
	at := time.Unix(1790000000, 0)
	client := newClient(t, srv, shotengai.WithClock(func() time.Time { return at }))
	shop, err := client.Shop.Get(t.Context())
	require.NoError(t, err)
	assert.Equal(t, &makeshop.Shop{ShopID: "s1", ShopName: "店"}, shop)

	got := srv.only(t)
	assert.Equal(t, "/v1/graphql", got.Target, "no slash is added")
	assert.Equal(t, []string{"application/json"}, got.Header["Content-Type"])
	assert.Equal(t, []string{"Bearer " + token.Reveal()}, got.Header["Authorization"])
	assert.Equal(t, []string{apiKey.Reveal()}, got.Header["X-Api-Key"])
	assert.Equal(t, []string{"1790000000"}, got.Header["X-Timestamp"])
	assert.Empty(t, got.Header["X-Signature"])
	assert.Equal(t, "getShop", *got.Body.OperationName)
	assert.Nil(t, got.Body.Variables)
	assert.Contains(t, got.Body.Query, "query getShop { getShop { shop { shopId")
}

func TestTimestampIsFreshPerAttempt(t *testing.T) {
	t.Parallel()
	srv := newServer(t, answer{http.StatusBadGateway, "text/html", "<html>"}, ok(`{"data":{"getShop":{"shop":{}}}}`))
	tick := int64(1790000000)
	client := newClient(t, srv, shotengai.WithClock(func() time.Time { tick++; return time.Unix(tick, 0) }))
	_, err := client.Shop.Get(t.Context())
	require.NoError(t, err)
	got := srv.requests()
	require.Len(t, got, 2, "a query is repeated although it is a POST")
	assert.Equal(t, "1790000001", got[0].Header.Get("X-Timestamp"))
	assert.Greater(t, got[1].Header.Get("X-Timestamp"), got[0].Header.Get("X-Timestamp"))
}

func TestNewClientRefuses(t *testing.T) {
	t.Parallel()
	good := makeshop.Config{Endpoint: "https://app-api.makeshop.jp/v1/graphql", APIKey: apiKey}
	for name, config := range map[string]makeshop.Config{
		"no endpoint":     {APIKey: apiKey},
		"no key":          {Endpoint: good.Endpoint},
		"key with breaks": {Endpoint: good.Endpoint, APIKey: "a\nb"},
		"http":            {Endpoint: "http://app-api.makeshop.jp/v1/graphql", APIKey: apiKey},
		"private address": {Endpoint: "https://169.254.169.254/v1/graphql", APIKey: apiKey},
		"local name":      {Endpoint: "https://localhost/v1/graphql", APIKey: apiKey},
		"user info":       {Endpoint: "https://a:b@app-api.makeshop.jp/", APIKey: apiKey},
		"query":           {Endpoint: good.Endpoint + "?a=b", APIKey: apiKey},
	} {
		_, err := makeshop.NewClient(config, makeshop.PersistentToken(token))
		require.Error(t, err, name)
		assert.NotContains(t, err.Error(), apiKey.Reveal(), name)
	}
	_, err := makeshop.NewClient(good, nil)
	require.EqualError(t, err, "makeshop: NewClient needs a token source")
	_, err = makeshop.NewClient(makeshop.Config{}, makeshop.PersistentToken(" \n"))
	require.EqualError(t, err, "makeshop: no endpoint; it comes by mail when an app is registered\n"+
		"makeshop: the API key is empty, or has characters that no header may carry\n"+
		"makeshop: the persistent token is empty; the install webhook delivers it")
	client, err := makeshop.NewClient(good, makeshop.PersistentToken(token))
	require.NoError(t, err)
	for _, verb := range []string{"%v", "%+v", "%#v", "%s"} {
		text := fmt.Sprintf(verb, client) + fmt.Sprintf(verb, *client) + fmt.Sprintf(verb, good)
		assert.NotContains(t, text, apiKey.Reveal(), verb)
		assert.NotContains(t, text, token.Reveal(), verb)
	}
}

func TestLargeRequestsAreNotSent(t *testing.T) {
	t.Parallel()
	srv := newServer(t, ok(`{"data":{"__typename":"Mutation"}}`))
	client := newClient(t, srv)
	variables := map[string]string{"a": strings.Repeat("あ", makeshop.MaxRequestBytes/3)}
	err := client.Mutate(t.Context(), "mutation m($a: String) { m(a: $a) }", variables, nil)
	require.ErrorIs(t, err, shotengai.ErrInvalid)
	assert.Contains(t, err.Error(), "5000000")
	assert.Empty(t, srv.requests())

	variables["a"] = variables["a"][:makeshop.MaxRequestBytes-120]
	require.NoError(t, client.Mutate(t.Context(), "mutation m($a: String) { m(a: $a) }", variables, nil))
	assert.Less(t, len(srv.only(t).Raw), makeshop.MaxRequestBytes)
}

func TestOneRequestAtATime(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var now, most atomic.Int64
		srv := fake.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			most.Store(max(most.Load(), now.Add(1)))
			<-time.After(time.Second) // whoever does not wait for the answer comes meanwhile
			now.Add(-1)
			_, _ = io.WriteString(w, `{"data":{"a":1}}`)
		}), fake.Config{InMemory: true})
		t.Cleanup(srv.Close)
		client, err := makeshop.NewClient(makeshop.Config{Endpoint: "https://app-api.makeshop.jp/v1/graphql", APIKey: apiKey},
			makeshop.PersistentToken(token), shotengai.WithTestServer(srv.URL), shotengai.WithHTTPClient(srv.HTTPClient()))
		require.NoError(t, err)
		var wg sync.WaitGroup
		for range 20 {
			wg.Go(func() { assert.NoError(t, client.Query(t.Context(), "{ a }", nil, nil)) })
		}
		wg.Wait()
		assert.EqualValues(t, 1, most.Load())
	})
}

func TestDrift(t *testing.T) {
	t.Parallel()
	const body = `{"data":{"getShop":{"shop":{"shopId":"s","plan":"new"}}},"extensions":{"cost":1}}`
	_, err := newClient(t, newServer(t, ok(body)), shotengai.WithStrictDecoding()).Shop.Get(t.Context())
	require.ErrorContains(t, err, "[data.getShop.shop.plan]")
	var reported []string
	report := shotengai.WithDriftReport(func(d shotengai.Drift) { reported = append(reported, d.Platform+" "+d.Operation+": "+d.Path) })
	shop, err := newClient(t, newServer(t, ok(body)), report).Shop.Get(t.Context())
	require.NoError(t, err)
	assert.Equal(t, "s", shop.ShopID)
	assert.Equal(t, []string{"makeshop query getShop: data.getShop.shop.plan"}, reported)
}

func TestCallOptions(t *testing.T) {
	t.Parallel()
	srv := newServer(t, answer{http.StatusServiceUnavailable, "", ""}, ok(`{"data":{"cancelOrder":{"cancelOrderResults":[]}}}`))
	var logged bytes.Buffer
	client := newClient(t, srv, shotengai.WithUserAgent("my-app/1.0"), shotengai.WithTimeout(time.Minute), shotengai.WithLimiter(shotengai.Serial(0)),
		shotengai.WithHTTPClient(srv.Client()), shotengai.WithLogger(slog.New(slog.NewTextHandler(&logged, &slog.HandlerOptions{Level: slog.LevelDebug}))))
	var response shotengai.Response
	_, err := client.Orders.Cancel(t.Context(), []makeshop.CancelOrderRequest{{DisplayOrderNumber: "1"}},
		shotengai.WithRetry(), shotengai.WithResponse(&response), shotengai.WithHeader("X-Trace", "t"))
	require.NoError(t, err, "the caller allowed a second attempt")
	assert.Equal(t, 2, response.Attempts)
	assert.Equal(t, "t", srv.requests()[1].Header.Get("X-Trace"))
	assert.Contains(t, srv.requests()[1].Header.Get("User-Agent"), "my-app/1.0 shotengai-go/")
	for _, secret := range []shotengai.Secret{token, apiKey} {
		assert.NotContains(t, logged.String(), secret.Reveal(), "H22")
	}
	for _, name := range []string{"Authorization", "x-api-key", "X-Timestamp", "Content-Type"} {
		_, err := client.Shop.Get(t.Context(), shotengai.WithHeader(name, "x"))
		require.ErrorIs(t, err, shotengai.ErrInvalid, name)
	}
}
