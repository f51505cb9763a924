package colormetest

import (
	"bytes"
	"cmp"
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/shotengai/shotengai-go/internal/fake"
)

// route is one operation of the API.
type route struct {
	// pattern is method and path, without .json.
	pattern string
	handle  func(*call) (int, any)
	// scopes are all required.
	scopes []string
	// body names the object that the request's body wraps, where it wraps one.
	body string
	// suffixed operations exist only with .json.
	suffixed bool
	// premium operations are refused on other plans, before the body is read.
	premium bool
	// images counts against the limit of uploads.
	images bool
	// usageToken admits the usage-charge token in place of an access token.
	usageToken bool
}

// call is one request to the API. Its methods run under the server's lock.
type call struct {
	*Server
	r     *http.Request
	query url.Values
	body  []byte
	in    fields // the object in the body, where the operation has one
	now   time.Time
	token *token
	shop  *Shop
}

func (s *Server) routes() {
	for _, group := range [][]route{
		shopRoutes, saleRoutes, customerRoutes, productRoutes, settingRoutes,
		couponRoutes, templateRoutes, chargeRoutes, scriptTagRoutes,
	} {
		for _, rt := range group {
			s.mux.HandleFunc(rt.pattern, func(w http.ResponseWriter, r *http.Request) { s.operate(w, r, rt) })
		}
	}
	s.mux.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) { write(w, codeNotFound/1000, errorBody(codeNotFound)) })
}

// serve runs a request under the lock and answers after it.
func (s *Server) serve(w http.ResponseWriter, r *http.Request) {
	out := &reply{header: http.Header{}}
	r, out.suffixed = withoutSuffix(r)
	s.run(out, r)
	maps.Copy(w.Header(), out.header)
	w.WriteHeader(out.status)
	_, _ = w.Write(out.body.Bytes())
}

// run holds the lock for one request, also when a handler panics.
func (s *Server) run(out *reply, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.mux.ServeHTTP(out, r)
}

// withoutSuffix makes /v1/shop.json and /v1/shop one path.
func withoutSuffix(r *http.Request) (_ *http.Request, had bool) {
	path, had := strings.CutSuffix(r.URL.Path, ".json")
	if had {
		r = r.Clone(r.Context())
		r.URL.Path, r.URL.RawPath = path, ""
	}
	return r, had
}

// operate checks what is common to all operations, then runs one.
func (s *Server) operate(w http.ResponseWriter, r *http.Request, rt route) {
	out, _ := w.(*reply)
	if rt.suffixed && !out.suffixed {
		write(w, http.StatusNotFound, errorBody(codeNotFound))
		return
	}
	c := &call{Server: s, r: r, query: r.URL.Query(), now: s.Now()}
	if c.token = out.as; c.token == nil {
		if code := c.admit(rt); code != 0 {
			write(w, code/1000, errorBody(code))
			return
		}
	}
	c.shop = c.token.shop
	if rt.premium && c.shop.profile.ContractPlan != "premium" {
		write(w, http.StatusUnauthorized, errorBody(codePlan))
		return
	}
	if out.as == nil {
		if old, ok := c.staleRead(); ok {
			write(w, old.status, json.RawMessage(old.body))
			return
		}
		c.rememberOld()
	}
	c.body, _ = io.ReadAll(io.LimitReader(r.Body, 64<<20))
	status, body := c.carryOut(rt)
	write(w, status, body)
}

func (c *call) carryOut(rt route) (int, any) {
	if rt.body != "" {
		if refusal := c.unwrap(rt.body); refusal.Code != 0 {
			return refuseAll(refusal)
		}
	}
	return rt.handle(c)
}

// admit finds the caller's token and returns the code of a refusal, if any.
func (c *call) admit(rt route) int {
	value, bearer := strings.CutPrefix(c.r.Header.Get("Authorization"), "Bearer ")
	usage := c.r.Header.Get("X-Appstore-Usage-Charge-Token")
	if rt.usageToken && !bearer && usage != "" {
		value = usage
	} else if !bearer {
		return codeNoPermission
	}
	if _, ok := c.calls.Allow(value, c.now); !ok {
		return codeTooMany
	}
	t, scopes := c.usageToken(value), rt.scopes
	if bearer {
		t, scopes = c.accessToken(value)
	}
	if t == nil {
		return cmp.Or(c.config.deadTokenCode, codeNoPermission)
	}
	for _, scope := range rt.scopes {
		if !slices.Contains(scopes, scope) {
			return codeNoPermission
		}
	}
	if rt.images {
		if _, ok := c.images.Allow(value, c.now); !ok {
			return codeTooMany
		}
	}
	c.token = t
	return 0
}

// id is a numeric path parameter, 0 when it is not a number.
func (c *call) id(name string) int64 {
	id, _ := strconv.ParseInt(c.r.PathValue(name), 10, 64)
	return id
}

func errorBody(code int) any { return object{"errors": []apiError{problem(code, "")}} }

// write answers; a nil body sends none.
func write(w http.ResponseWriter, status int, body any) {
	if body == nil {
		w.WriteHeader(status)
		return
	}
	fake.WriteJSON(w, status, body)
}

// reply collects an answer while the lock is held.
type reply struct {
	header http.Header
	status int
	body   bytes.Buffer
	// suffixed reports that the path had .json.
	suffixed bool
	// as, when set, answers for the server itself: no limits, no scopes.
	as *token
}

func (r *reply) Header() http.Header    { return r.header }
func (r *reply) WriteHeader(status int) { r.status = status }
func (r *reply) Write(p []byte) (int, error) {
	r.status = cmp.Or(r.status, http.StatusOK)
	return r.body.Write(p)
}

// staleReply is what a GET answers until the write has spread.
type staleReply struct {
	status int
	body   []byte
	until  time.Time
}

// staleRead returns the old value of what is read, while it is still served.
func (c *call) staleRead() (staleReply, bool) {
	if c.r.Method != http.MethodGet {
		return staleReply{}, false
	}
	old, ok := c.stale[c.shop.ID+c.r.URL.Path]
	return old, ok && c.now.Before(old.until)
}

// rememberOld keeps what a GET would have answered before a PUT: of the same
// path, or of the nearest one above that can be read.
func (c *call) rememberOld() {
	if c.config.staleFor <= 0 || c.r.Method != http.MethodPut {
		return
	}
	for path := c.r.URL.Path; path != ""; path = path[:strings.LastIndexByte(path, '/')] {
		get := new(*c.r)
		get.Method, get.URL, get.Body = http.MethodGet, &url.URL{Path: path}, http.NoBody
		if _, pattern := c.mux.Handler(get); !strings.HasPrefix(pattern, http.MethodGet) {
			continue
		}
		out := &reply{header: http.Header{}, suffixed: true, as: c.token}
		c.mux.ServeHTTP(out, get)
		if out.status == http.StatusOK {
			c.stale[c.shop.ID+path] = staleReply{status: out.status, body: out.body.Bytes(), until: c.now.Add(c.config.staleFor)}
		}
		return
	}
}
