package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"runtime"
	"slices"
	"sync"
)

// control is the fakes of all platforms and the API that tests in any language set them up with.
type control struct {
	stalls map[string]*stall
	text   func(japanese, english string) string
}

// stall is the place of a fake: the address that it keeps when a fresh one takes over.
type stall struct {
	platform string
	site     *site
	limits   bool
	firing   sync.Mutex // held while a hook is sent, whose address is the app's registered one

	mu    sync.Mutex
	fake  *fake
	shops []*shop
}

// openStall starts the fake of a platform on a listener.
func openStall(platform string, listener net.Listener, limits bool) *stall {
	s := &stall{platform: platform, site: newSite(listener), limits: limits}
	s.open()
	return s
}

func (s *stall) open() {
	s.fake = starters[s.platform](s.site.let(), s.limits)
	s.shops = []*shop{s.fake.first}
}

// reset puts a fresh fake in the place of the one that is there.
func (s *stall) reset() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.fake.server.Close()
	s.open()
}

func (s *stall) close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.fake.server.Close()
	s.site.close()
}

// now returns the fake that is there, and its shops.
func (s *stall) now() (*fake, []*shop) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.fake, slices.Clone(s.shops)
}

// handler is the control API and the page. It serves this machine alone, and refuses what pages
// of other sites let a browser send: their Origin, and names that were made to resolve to
// loopback.
func (c *control) handler() http.Handler {
	mux := http.NewServeMux()
	c.pageRoutes(mux)
	for pattern, handle := range map[string]func(*http.Request) (any, error){
		"GET /api":                                                c.showAll,
		"POST /api/reset":                                         c.resetAll,
		"GET /api/{platform}":                                     c.at(showStall),
		"POST /api/{platform}/reset":                              c.at(resetStall),
		"GET /api/{platform}/requests":                            c.at(showRequests),
		"POST /api/{platform}/clock":                              c.at(moveClock),
		"POST /api/{platform}/faults":                             c.at(addFault),
		"DELETE /api/{platform}/faults":                           c.at(heal),
		"POST /api/{platform}/app":                                c.at(registerApp),
		"POST /api/{platform}/shops":                              c.at(addShop),
		"GET /api/{platform}/shops/{shop}":                        c.atShop(showShop),
		"POST /api/{platform}/shops/{shop}/login":                 c.atShop(logIn),
		"POST /api/{platform}/shops/{shop}/orders":                c.atShop(addOrder),
		"POST /api/{platform}/shops/{shop}/orders/{order}/{step}": c.atShop(stepOrder),
		"POST /api/{platform}/shops/{shop}/grants/{change}":       c.atShop(changeGrant),
		"POST /api/{platform}/shops/{shop}/hooks":                 c.atShop(fireHook),
	} {
		mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) { answer(w, r, handle) })
	}
	return onLoopback(http.NewCrossOriginProtection().Handler(mux))
}

// onLoopback serves requests whose Host is a name of loopback.
func onLoopback(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		host, _, err := net.SplitHostPort(r.Host)
		if err != nil {
			host = r.Host
		}
		if ip := net.ParseIP(host); host != "localhost" && (ip == nil || !ip.IsLoopback()) {
			http.Error(w, "the Host has to be 127.0.0.1, [::1] or localhost", http.StatusForbidden)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// answer writes what handle returns as JSON. A panic with a text is a fake's way to refuse.
func answer(w http.ResponseWriter, r *http.Request, handle func(*http.Request) (any, error)) {
	result, err := func() (result any, err error) {
		defer func() {
			switch reason := recover().(type) {
			case nil:
			case runtime.Error:
				err = fmt.Errorf("%w", reason)
			default:
				err = refusedf("%v", reason)
			}
		}()
		return handle(r)
	}()
	status := http.StatusOK
	if err != nil {
		status = http.StatusInternalServerError
		if no, ok := errors.AsType[*refusal](err); ok {
			status = no.status
		}
		if result == nil {
			result = map[string]string{"error": err.Error()}
		}
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	_ = encoder.Encode(result)
}

// at finds the platform that the path names.
func (c *control) at(handle func(*stall, *http.Request) (any, error)) func(*http.Request) (any, error) {
	return func(r *http.Request) (any, error) {
		name := r.PathValue("platform")
		s := c.stalls[name]
		if s == nil {
			return nil, &refusal{http.StatusNotFound, fmt.Sprintf("there is no platform %q: take one of %v", name, platforms)}
		}
		return handle(s, r)
	}
}

// atShop finds the shop that the path names; "first" is the one that the fake began with.
func (c *control) atShop(handle func(*stall, *shop, *http.Request) (any, error)) func(*http.Request) (any, error) {
	return c.at(func(s *stall, r *http.Request) (any, error) {
		_, shops := s.now()
		id := r.PathValue("shop")
		for i, shop := range shops {
			if shop.id == id || i == 0 && id == "first" {
				return handle(s, shop, r)
			}
		}
		return nil, &refusal{http.StatusNotFound, fmt.Sprintf("there is no shop %q of %s", id, s.platform)}
	})
}

// read decodes the JSON body of a request; an empty one leaves into as it is.
func read(r *http.Request, into any) error {
	decoder := json.NewDecoder(http.MaxBytesReader(nil, r.Body, 1<<20))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(into); err != nil && !errors.Is(err, io.EOF) {
		return refusedf("the body: %v", err)
	}
	return nil
}

// choose finds one of the things that can be done, or says which there are.
func choose[T any](of map[string]T, name string) (T, error) {
	if do, ok := of[name]; ok {
		return do, nil
	}
	var none T
	return none, &refusal{http.StatusNotFound, fmt.Sprintf("%q is none of %v", name, slices.Sorted(maps.Keys(of)))}
}
