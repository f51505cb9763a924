package makeshop_test

import (
	"encoding/json"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/makeshop"
)

type named struct {
	ID string `json:"id"`
}

type chosen struct {
	named      // its fields are the outer one's
	OrderDate  makeshop.Timestamp
	Total      int64             `json:"sumPrice,omitempty"`
	At         time.Time         `json:"at"`
	Loose      *makeshop.Scalar  `json:"loose"`
	Raw        json.RawMessage   `json:"raw"`
	Numbers    []int             `json:"numbers"`
	Map        map[string]string `json:"map"`
	Any        any               `json:"any"`
	One        *named            `json:"one"`
	Many       [][]named         `json:"many"`
	Aliased    named             `json:"mine" graphql:"mine: other(first: 2)"`
	Ignored    string            `json:"-"`
	NotAsked   string            `json:"notAsked" graphql:"-"`
	unexported string
}

type itself struct {
	Name     string
	Children []itself
}

type nothing struct{}

type withNothing struct{ Inner nothing }

func TestSelect(t *testing.T) {
	t.Parallel()
	_ = chosen{unexported: ""}
	const want = "id orderDate sumPrice at loose raw numbers map any one { id } many { id } mine: other(first: 2) { id }"
	assert.Equal(t, want, makeshop.Select[chosen]())
	assert.Equal(t, want, makeshop.Select[*[]chosen]())
	assert.Equal(t, "displayOrderNumber total", makeshop.Select[struct {
		DisplayOrderNumber string
		Total              int
	}]())
}

func TestSelectReportsWhatItCannot(t *testing.T) {
	t.Parallel()
	srv := newServer(t, ok(`{"data":{"a":{}}}`))
	client := newClient(t, srv)
	for text, reason := range map[string]string{
		makeshop.Select[itself]():         "contains itself",
		makeshop.Select[nothing]():        "has no fields",
		makeshop.Select[withNothing]():    "has no fields",
		makeshop.Select[string]():         "has no fields",
		makeshop.Select[map[string]int](): "has no fields",
		makeshop.Select[struct {
			A int `json:"a b"`
		}](): "is no name",
	} {
		err := client.Query(t.Context(), "{ a { "+text+" } }", nil, nil)
		require.ErrorIs(t, err, shotengai.ErrInvalid)
		assert.Contains(t, err.Error(), reason)
		assert.NotContains(t, err.Error(), "\x00")
	}
	assert.Empty(t, srv.requests())
}

func TestSelectIsWrittenOnce(t *testing.T) {
	t.Parallel()
	var wg sync.WaitGroup
	for range 50 {
		wg.Go(func() { assert.Equal(t, "id", makeshop.Select[named]()) })
	}
	wg.Wait()
}

func TestQueryAndMutateKeepTheirKinds(t *testing.T) {
	t.Parallel()
	srv := newServer(t, ok(`{"data":{"a":1}}`))
	client := newClient(t, srv)
	var text string
	for name, call := range map[string]func() error{
		"mutation in Query":   func() error { return client.Query(t.Context(), "mutation m { a }", nil, nil) },
		"query in Mutate":     func() error { return client.Mutate(t.Context(), "query m { a }", nil, nil) },
		"short form":          func() error { return client.Mutate(t.Context(), "{ a }", nil, nil) },
		"subscription":        func() error { return client.Query(t.Context(), "subscription { a }", nil, nil) },
		"two operations":      func() error { return client.Query(t.Context(), "query a { a } query b { a }", nil, nil) },
		"hidden mutation":     func() error { return client.Query(t.Context(), "query a { a } mutation b { a }", nil, nil) },
		"nothing":             func() error { return client.Query(t.Context(), "", nil, nil) },
		"fragment alone":      func() error { return client.Query(t.Context(), "fragment f on T { a }", nil, nil) },
		"breaks off":          func() error { return client.Query(t.Context(), "query a { a ", nil, nil) },
		"too many brackets":   func() error { return client.Query(t.Context(), "query a { a } }", nil, nil) },
		"out is no pointer":   func() error { return client.Query(t.Context(), "{ a }", nil, text) },
		"out is nil":          func() error { return client.Query(t.Context(), "{ a }", nil, (*string)(nil)) },
		"variables not JSON":  func() error { return client.Query(t.Context(), "{ a }", make(chan int), nil) },
		"upload with a query": func() error { return client.Upload(t.Context(), "{ a }", nil, nil, nil) },
	} {
		require.ErrorIs(t, call(), shotengai.ErrInvalid, name)
	}
	assert.Empty(t, srv.requests())

	for document, name := range map[string]string{
		"{ a }":                                  "",
		"query { a }":                            "",
		"query ping { a }":                       "ping",
		"# mutation m {\nquery ping { a }":       "ping",
		"fragment f on T { b } query ping { a }": "ping",
		"\ufeffquery,ping($a: In = {b: [\"}\"]}) @d(a: 1) { a(t: \"\"\"\\\"\"\" } \"\"\") }": "ping",
	} {
		var out struct{ A int }
		require.NoError(t, client.Query(t.Context(), document, nil, &out), document)
		assert.Equal(t, 1, out.A)
		got := srv.requests()
		sent := got[len(got)-1]
		assert.Equal(t, document, sent.Body.Query)
		if name == "" {
			assert.Nil(t, sent.Body.OperationName)
		} else {
			assert.Equal(t, name, *sent.Body.OperationName)
		}
	}
}

func TestVerify(t *testing.T) {
	t.Parallel()
	srv := newServer(t, ok(`{"data":{"__typename":"Query"}}`))
	require.NoError(t, newClient(t, srv).Verify(t.Context()))
	assert.Equal(t, "{ __typename }", srv.only(t).Body.Query)
	require.ErrorIs(t, newClient(t, newServer(t, answer{401, "", ""})).Verify(t.Context()), shotengai.ErrUnauthorized)
}
