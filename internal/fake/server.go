package fake

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"slices"
	"sync"
	"time"

	"github.com/shotengai/shotengai-go/shotengaitest"
)

// maxBody is the largest request body that a fake reads, in bytes.
const maxBody = 64 << 20

// Config says how a Server runs. The zero Config listens on a free loopback
// port and takes the time from time.Now.
type Config struct {
	// InMemory serves over net.Pipe in place of a socket, so that the server
	// may run inside a testing/synctest bubble. Only HTTPClient reaches it.
	InMemory bool
	// Listener, when set, serves in place of a free loopback port. Close closes it.
	Listener net.Listener
	// Clock is the platform's clock; nil means time.Now.
	Clock func() time.Time
}

// Server runs a handler as a platform would be seen from outside. It is safe
// for concurrent use.
type Server struct {
	// URL is the base address, without a trailing slash.
	URL string
	// Clock is the platform's clock.
	Clock *shotengaitest.Clock

	handler  http.Handler
	http     *http.Server
	client   *http.Client
	handlers sync.WaitGroup

	mu       sync.Mutex
	closed   bool
	requests []Request
	faults   []*order
}

// NewServer starts a server for handler. It panics when no loopback port can
// be had. Close it after use.
func NewServer(handler http.Handler, cfg Config) *Server {
	s := &Server{handler: handler, Clock: shotengaitest.NewClock(cfg.Clock)}
	transport := &http.Transport{MaxIdleConnsPerHost: 64}
	listener := cfg.Listener
	if cfg.InMemory {
		pipe := newPipeListener()
		transport.DialContext = pipe.dial
		listener = pipe
		// Port 1 is closed on any ordinary machine: a client that is not
		// HTTPClient fails at once.
		s.URL = "http://127.0.0.1:1"
	} else {
		if listener == nil {
			listener = listenLoopback()
		}
		s.URL = "http://" + listener.Addr().String()
	}
	s.client = &http.Client{Transport: transport}
	s.http = &http.Server{Handler: http.HandlerFunc(s.serve), ReadHeaderTimeout: time.Minute}
	go func() {
		if err := s.http.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			panic(fmt.Sprintf("fake: serve: %v", err))
		}
	}()
	return s
}

// HTTPClient returns a client that reaches the server in both modes. It
// follows redirects, as a browser would, and ignores proxy settings.
func (s *Server) HTTPClient() *http.Client {
	c := *s.client
	return &c
}

// Close cuts all connections, stops the clock's timers and waits for running
// handlers. It may be called more than once.
func (s *Server) Close() {
	s.mu.Lock()
	s.closed = true
	s.mu.Unlock()
	s.Clock.Stop()
	_ = s.http.Close()
	s.client.CloseIdleConnections()
	s.handlers.Wait()
}

// Requests returns the requests received so far, oldest first, those that met
// a fault included. What it returns is the caller's.
func (s *Server) Requests() []Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	requests := slices.Clone(s.requests)
	for i := range requests {
		requests[i] = cloned(requests[i])
	}
	return requests
}

func cloned(r Request) Request {
	r.Header = r.Header.Clone()
	r.Body = bytes.Clone(r.Body)
	query := make(url.Values, len(r.Query))
	for k, v := range r.Query {
		query[k] = slices.Clone(v)
	}
	r.Query = query
	return r
}

func (s *Server) serve(w http.ResponseWriter, r *http.Request) {
	if !s.enter() {
		reset(w)
		return
	}
	defer s.handlers.Done()
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if err != nil {
		reset(w)
		return
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	r.ContentLength = int64(len(body))
	fault := s.record(Request{
		Method: r.Method,
		Path:   r.URL.Path,
		Query:  r.URL.Query(),
		Header: r.Header.Clone(),
		Body:   body,
		Time:   s.Clock.Now(),
	})
	w.Header().Set("Date", s.Clock.Now().UTC().Format(http.TimeFormat))
	if fault == nil {
		s.handler.ServeHTTP(w, r)
		return
	}
	serve(fault, w, r, s.handler)
}

// enter counts a handler in, unless the server is closing.
func (s *Server) enter() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return false
	}
	s.handlers.Add(1)
	return true
}

func listenLoopback() net.Listener {
	listener, err := net.ListenTCP("tcp4", &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err == nil {
		return listener
	}
	listener, err = net.ListenTCP("tcp6", &net.TCPAddr{IP: net.IPv6loopback})
	if err != nil {
		panic(fmt.Sprintf("fake: listen on a loopback port: %v", err))
	}
	return listener
}
