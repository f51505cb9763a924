package storestest

import (
	"bytes"
	"cmp"
	"io"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/shotengai/shotengai-go/internal/fake"
	"github.com/shotengai/shotengai-go/stores"
)

const root = "/retail/202211"

// object is a JSON object.
type object = map[string]any

// route is one operation of the API.
type route struct {
	method, path string
	handle       func(*call) (int, any)
	// plain are the statuses, besides 503, whose body is {"message"}.
	plain []int
}

// call is one request to the API. Its methods run under the server's lock.
type call struct {
	*Server
	r     *http.Request
	query url.Values
	now   time.Time
	shop  *Shop
}

var apiRoutes = slices.Concat(orderRoutes, itemRoutes, settingRoutes, remittanceRoutes, couponRoutes)

func (s *Server) routes() {
	for _, rt := range apiRoutes {
		s.mux.HandleFunc(rt.method+" "+root+rt.path, func(w http.ResponseWriter, r *http.Request) { s.operate(w, r, rt) })
	}
	s.mux.HandleFunc("POST "+uploadPath, s.upload)
	s.mux.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) {
		fake.WriteJSON(w, http.StatusNotFound, route{}.shape(http.StatusNotFound, "ページが見つかりません。"))
	})
}

// serve runs a request under the lock and answers after it.
func (s *Server) serve(w http.ResponseWriter, r *http.Request) {
	out := &reply{header: http.Header{}}
	s.run(out, r)
	maps.Copy(w.Header(), out.header)
	w.WriteHeader(cmp.Or(out.status, http.StatusOK))
	_, _ = w.Write(out.body.Bytes())
}

// run holds the lock for one request, also when a handler panics.
func (s *Server) run(out *reply, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.mux.ServeHTTP(out, r)
}

// operate checks what is common to all operations, then runs one.
func (s *Server) operate(w http.ResponseWriter, r *http.Request, rt route) {
	if agent := r.UserAgent(); agent == "" || strings.HasPrefix(agent, "Go-http-client/") {
		w.Header().Set("Content-Type", "text/html; charset=UTF-8")
		w.Header().Set("Server", "cloudflare")
		w.WriteHeader(http.StatusForbidden)
		_, _ = io.WriteString(w, edgePage)
		return
	}
	c := &call{Server: s, r: r, query: r.URL.Query(), now: s.Now()}
	status, body := c.admit()
	if status == 0 {
		status, body = rt.handle(c)
	}
	if message, refused := body.(refusal); refused {
		body = rt.shape(status, string(message))
	}
	fake.WriteJSON(w, status, body)
}

// admit finds the caller's token and returns why it may not call, if so. The platform
// documents neither 401 nor 429 for any operation, and no scopes: that GET reads and all
// else writes is an assumption, and so is the status of a shop that has withdrawn.
func (c *call) admit() (int, any) {
	scheme, value, _ := strings.Cut(c.r.Header.Get("Authorization"), " ")
	if !strings.EqualFold(scheme, "Bearer") || value == "" {
		return http.StatusUnauthorized, refusal("アクセストークンが指定されていません。")
	}
	if _, ok := c.calls.Allow(value, c.now); !ok {
		return http.StatusTooManyRequests, refusal("リクエスト数が上限を超えました。")
	}
	shop, scopes := c.bearer(value)
	if shop == nil {
		return http.StatusUnauthorized, refusal("アクセストークンが無効です。")
	}
	scope := stores.ScopeWrite
	if c.r.Method == http.MethodGet {
		scope = stores.ScopeRead
	}
	switch {
	case shop.withdrawn:
		return cmp.Or(c.config.gone.Status, http.StatusForbidden), refusal("ストアの情報を取得できません。")
	case !slices.Contains(scopes, scope):
		return http.StatusForbidden, refusal("この操作を行う権限がありません。")
	}
	c.shop = shop
	return 0, nil
}

// reply collects an answer while the lock is held.
type reply struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func (r *reply) Header() http.Header    { return r.header }
func (r *reply) WriteHeader(status int) { r.status = cmp.Or(r.status, status) }
func (r *reply) Write(p []byte) (int, error) {
	r.WriteHeader(http.StatusOK)
	return r.body.Write(p)
}
