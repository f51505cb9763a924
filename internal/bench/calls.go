package main

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"strings"
)

var ctx = context.Background()

// framing is how a server sends a body.
type framing int

const (
	withLength framing = iota
	chunked
	gzipped // and chunked
)

// memory answers every request at once with the same body, as http.Transport hands it on.
type memory struct {
	body    []byte
	framing framing
}

// answering returns a client whose requests are all answered with a body.
func answering(body []byte, as framing) *http.Client {
	if as == gzipped {
		var packed bytes.Buffer
		w := gzip.NewWriter(&packed)
		got(w.Write(body))
		must(w.Close())
		body = packed.Bytes()
	}
	return &http.Client{Transport: memory{body, as}}
}

func (m memory) RoundTrip(r *http.Request) (*http.Response, error) {
	resp := &http.Response{
		StatusCode: 200, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header:        http.Header{"Content-Type": {"application/json; charset=utf-8"}, "Date": {"Mon, 05 Jan 2026 00:00:00 GMT"}},
		ContentLength: int64(len(m.body)),
		Request:       r,
	}
	body := io.Reader(bytes.NewReader(m.body))
	if m.framing != withLength {
		resp.ContentLength = -1
	}
	if m.framing == gzipped {
		var err error
		if body, err = gzip.NewReader(body); err != nil {
			return nil, err
		}
		resp.Uncompressed = true
	}
	resp.Body = io.NopCloser(body)
	return resp, nil
}

// request is a call as an app would write it on net/http.
type request[T any] struct {
	url  string
	post any               // the body, if it is a POST
	head func(http.Header) // what its platform demands besides a token; nil for nothing
	read func([]byte, any) error
}

// bare returns the call, which decodes the answer into a T.
func (q request[T]) bare(client *http.Client) func() error {
	return func() error {
		method, body := http.MethodGet, io.Reader(http.NoBody)
		if q.post != nil {
			data, err := json.Marshal(q.post)
			if err != nil {
				return err
			}
			method, body = http.MethodPost, bytes.NewReader(data)
		}
		req, err := http.NewRequestWithContext(ctx, method, q.url, body)
		if err != nil {
			return err
		}
		req.Header.Set("Authorization", "Bearer token")
		req.Header.Set("Accept", "application/json")
		req.Header.Set("User-Agent", "app")
		if q.head != nil {
			q.head(req.Header)
		}
		resp, err := client.Do(req)
		if err != nil {
			return err
		}
		defer resp.Body.Close()
		data, err := io.ReadAll(resp.Body)
		if err != nil {
			return err
		}
		return q.read(data, new(T))
	}
}

// subject is a call of a client: of the library, or of a peer.
type subject struct {
	who       string
	body      []byte // of the answer
	bare, sdk func(*http.Client) func() error
}

func pairs(subjects []subject, as framing) []pair {
	all := make([]pair, len(subjects))
	for i, s := range subjects {
		client := answering(s.body, as)
		all[i] = pair{s.who, s.bare(client), s.sdk(client)}
	}
	return all
}

func gets(m *meter) []row {
	ours, peers := pairs(ownGets(), withLength), pairs(peerGets(), withLength)
	return []row{
		{what: [2]string{"GET of one resource, time", "1 件の GET、時間"}, ours: m.times(ours), peers: m.times(peers)},
		{
			what: [2]string{"GET of one resource, allocations above bare", "1 件の GET、アロケーションの増分"}, unit: allocsAbove, goal: 15,
			ours: allocationsAbove(ours), peers: allocationsAbove(peers),
		},
	}
}

func pages(m *meter) (rows []row) {
	ours, peers := ownPages(), peerPages()
	for as, name := range []string{withLength: "`Content-Length`", chunked: "`chunked`", gzipped: "`gzip`"} {
		rows = append(rows, row{
			what: [2]string{"page of 100, " + name + ", time", "100 件の 1 ページ、" + name + "、時間"}, goal: 1.05,
			ours: m.times(pairs(ours, framing(as))), peers: m.times(pairs(peers, framing(as))),
		})
	}
	return rows
}

// ownProducts is the data of a query of an app's own.
type ownProducts struct {
	SearchProduct struct {
		Products []struct {
			SystemCode  string `json:"systemCode"`
			ProductName string `json:"productName"`
			SellPrice   int    `json:"sellPrice"`
		} `json:"products"`
	} `json:"searchProduct"`
}

const productsQuery = "query searchProduct { searchProduct(input: {limit: 100}) { products { systemCode productName sellPrice } } }"

func graphQL(m *meter) []row {
	product := `{"systemCode":"000000000001","productName":"桐の下駄","sellPrice":3300},`
	body := []byte(`{"data":{"searchProduct":{"products":[` + strings.Repeat(product, 99) + product[:len(product)-1] + `]}}}`)
	client := answering(body, withLength)
	bare := request[struct{ Data ownProducts }]{url: endpoint, post: graphQLBody{Query: productsQuery}, head: makeshopHead, read: json.Unmarshal}.bare(client)
	shop := makeshopClient(client)
	ours := []pair{{"makeshop", bare, func() error { return shop.Query(ctx, productsQuery, nil, new(ownProducts)) }}}
	peers := peerQuery(client, bare)
	return []row{
		{what: [2]string{"GraphQL query of 100 rows, time", "100 件の GraphQL クエリ、時間"}, ours: m.times(ours), peers: m.times(peers)},
		{
			what: [2]string{"GraphQL query of 100 rows, allocations above bare", "100 件の GraphQL クエリ、アロケーションの増分"}, unit: allocsAbove,
			ours: allocationsAbove(ours), peers: allocationsAbove(peers),
		},
	}
}
