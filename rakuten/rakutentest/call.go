package rakutentest

import (
	"bytes"
	"encoding/json"
	"io"
	"maps"
	"math"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/shotengai/shotengai-go/internal/fake"
)

// route is one operation of the API.
type route struct {
	pattern string // method and path, without a trailing slash
	name    string // the operation
	rate    string // the name of its limit
	handle  func(*call) reply
}

// call is one request to the API. Its methods run under the server's lock.
type call struct {
	*Server
	r     *http.Request
	name  string // the operation
	id    string // the platform's id of the request
	query url.Values
	body  []byte
	now   time.Time
	shop  *Shop
}

// allRoutes are the operations of all families.
var allRoutes = sync.OnceValue(func() []route {
	return slices.Concat(
		licenseRoutes, orderRoutes, purchaseItemRoutes, inventoryRoutes, itemRoutes, navigationRoutes, categoryRoutes, itemBundleRoutes,
		cabinetRoutes, productRoutes, couponRoutes, thanksCouponRoutes, inquiryRoutes, reserveRoutes, shopRoutes, shopPageRoutes,
	)
})

func (s *Server) routes() {
	for _, rt := range allRoutes() {
		s.mux.HandleFunc(rt.pattern, func(w http.ResponseWriter, r *http.Request) { write(w, s.operate(r, rt)) })
	}
	// What other families than Navigation say of a wrong path is not known; they say the same.
	s.mux.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) {
		write(w, refuse(http.StatusNotFound, codePath, "no such path", ""))
	})
}

// serve takes a path with a trailing slash and one without as the same: orders are
// published with it, all else without, and calls of the other form work.
func (s *Server) serve(w http.ResponseWriter, r *http.Request) {
	if path := r.URL.EscapedPath(); len(path) > 1 && strings.HasSuffix(path, "/") {
		r = r.Clone(r.Context())
		r.URL.Path = strings.TrimSuffix(r.URL.Path, "/")
		r.URL.RawPath = strings.TrimSuffix(r.URL.RawPath, "/")
	}
	s.mux.ServeHTTP(w, r)
}

// operate answers one call of an operation. Answers in JSON carry the request's id in a
// header, those in XML in their body. Timestamp is UTC without an offset in the order family;
// that it is so in all is a guess.
func (s *Server) operate(r *http.Request, rt route) reply {
	body, _ := io.ReadAll(io.LimitReader(r.Body, 64<<20))
	s.mu.Lock()
	defer s.mu.Unlock()
	c := &call{
		Server: s, r: r, name: rt.name, id: "fake-" + strconv.FormatInt(s.newID(), 10), query: r.URL.Query(), body: body, now: s.Now(),
	}
	out := c.run(rt)
	if out.header == nil {
		out.header = http.Header{}
	}
	out.header.Set("Timestamp", c.now.UTC().Format("2006-01-02T15:04:05"))
	if !strings.HasPrefix(out.contentType, xmlType) {
		out.header["RequestId"] = []string{c.id}
	}
	return out
}

// run checks what is common to all operations, then runs one.
func (c *call) run(rt route) reply {
	var key *licenseKey
	if c.shop, key = c.admit(c.r.Header.Get("Authorization")); c.shop == nil {
		return unauthorized()
	}
	if !key.valid(c.now) {
		out := unauthorized()
		if rt.name == expiryOperation {
			out.status = c.config.expiredStatus
		}
		return out
	}
	if as, off := c.shop.refusal(rt.name); off {
		if as == GatewayCode {
			return notEnabled()
		}
		return unauthorized()
	}
	if wait, within := c.limits[rt.rate].Allow(c.shop.ID, c.now); !within {
		return c.tooMany(rt, wait)
	}
	c.settle()
	c.shop.discardStock(c.now)
	c.shop.forgetCategories(c.now)
	return rt.handle(c)
}

// operation is the last part of the operation's name.
func (c *call) operation() string { return c.name[strings.LastIndexByte(c.name, '.')+1:] }

// rates are the calls a second of each limit. Those of orders, items and stock are known;
// for the others, the fake takes what existing clients get away with.
var rates = map[string]int{
	"order": 1, "purchaseItem": 1, "item": 5, "item.write": 20, "item.bulk": 1, "inventory": 1, "inventory.get": 5,
	"category": 2, "navigation": 2, "cabinet": 2, "coupon": 2, "product": 2, "inquiry": 2, "license": 2,
	"itemBundle": 2, "reserve": 2, "shop": 2, "shopPage": 2,
}

// newLimits makes a limiter for each rate, or none. A second is counted as 950 ms, for
// what a network takes away from the pause between two requests.
func newLimits(c config) map[string]*fake.Limiter {
	if c.unpaced {
		return nil
	}
	limits := make(map[string]*fake.Limiter, len(rates))
	for name, calls := range rates {
		limits[name] = &fake.Limiter{Calls: calls, Per: 950 * time.Millisecond}
	}
	return limits
}

// tooMany is the refusal of a call above the limit: 403 in the XML families, 429 in the
// others.
func (c *call) tooMany(rt route, wait time.Duration) reply {
	const code, text = "MAX_QPS_OVER", "too many requests per second"
	switch rt.rate {
	case "cabinet", "product", "coupon":
		return c.refuseXML(http.StatusForbidden, code, text)
	case "shop":
		return c.shopAnswer(http.StatusForbidden, "E403", code, text)
	}
	out := refuse(http.StatusTooManyRequests, "GE0029", text, "")
	if !c.config.noRetryAfter {
		out.header = http.Header{"Retry-After": {strconv.Itoa(max(1, int(math.Ceil(wait.Seconds()))))}}
	}
	return out
}

// read decodes the JSON body into v and reports whether it is such a value.
func (c *call) read(v any) bool {
	decoder := json.NewDecoder(bytes.NewReader(c.body))
	return decoder.Decode(v) == nil && !decoder.More()
}

func write(w http.ResponseWriter, out reply) {
	maps.Copy(w.Header(), out.header)
	if out.contentType != "" {
		w.Header().Set("Content-Type", out.contentType)
	}
	w.WriteHeader(out.status)
	_, _ = w.Write(out.body)
}

// number reads a whole number of the query between two bounds.
func (c *call) number(name string, otherwise, low, high int) (int, bool) {
	v := c.query.Get(name)
	if v == "" {
		return otherwise, true
	}
	n, err := strconv.Atoi(v)
	return n, err == nil && n >= low && n <= high
}
