package fake

import (
	"bytes"
	"maps"
	"net"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/shotengai/shotengai-go/shotengaitest"
)

type (
	// Fault is what goes wrong with a call.
	Fault = shotengaitest.Fault
	// Request is one request as the server received it.
	Request = shotengaitest.Request
)

// order is a Fault with the number of calls it still applies to; negative
// means all.
type order struct {
	Fault
	left int
}

// Fail lets the next n calls that match f meet it; a negative n means every
// call until Heal. Faults are used in the order they were given.
func (s *Server) Fail(n int, f Fault) {
	if n == 0 {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = append(s.faults, &order{Fault: f, left: n})
}

// Heal takes back all faults.
func (s *Server) Heal() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = nil
}

// record logs a request and returns the fault it meets, if any.
func (s *Server) record(r Request) *Fault {
	s.mu.Lock()
	s.requests = append(s.requests, r)
	faults := slices.Clone(s.faults)
	s.mu.Unlock()
	for _, f := range faults { // without the lock: Match may ask the server
		if matches(&f.Fault, r) && s.use(f) {
			fault := f.Fault
			return &fault
		}
	}
	return nil
}

// use takes one call off a fault, unless it has none left or was taken back.
func (s *Server) use(f *order) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	i := slices.Index(s.faults, f)
	if i < 0 {
		return false
	}
	if f.left > 0 {
		f.left--
	}
	if f.left == 0 {
		s.faults = slices.Delete(s.faults, i, i+1)
	}
	return true
}

func matches(f *Fault, r Request) bool {
	return (f.Method == "" || f.Method == r.Method) &&
		strings.HasPrefix(r.Path, f.Path) &&
		(f.Match == nil || f.Match(cloned(r)))
}

func serve(f *Fault, w http.ResponseWriter, r *http.Request, next http.Handler) {
	if !pause(r, f.Delay) {
		return
	}
	if f.Reset {
		reset(w)
		return
	}
	own := f.Status == 0 && f.Body == ""
	a := &answer{header: http.Header{}}
	if own || f.AfterEffect || f.ResetAfter {
		next.ServeHTTP(a, r)
	}
	if f.ResetAfter {
		reset(w)
		return
	}
	if !own {
		a = answerOf(f)
	} else if f.Rewrite != nil {
		body := f.Rewrite(bytes.Clone(a.body.Bytes()))
		a.body.Reset()
		a.body.Write(body)
	}
	for k, v := range f.Header {
		a.header[http.CanonicalHeaderKey(k)] = v
	}
	if f.RetryAfter != "" {
		a.header.Set("Retry-After", f.RetryAfter)
	}
	send(f, w, r, a)
}

// answerOf is the reply that the fault itself describes.
func answerOf(f *Fault) *answer {
	a := &answer{header: http.Header{}, status: f.Status}
	a.body.WriteString(f.Body)
	contentType := f.ContentType
	if contentType == "" {
		contentType = "text/html; charset=utf-8"
		if text := strings.TrimSpace(f.Body); strings.HasPrefix(text, "{") || strings.HasPrefix(text, "[") {
			contentType = "application/json; charset=utf-8"
		}
	}
	if f.Body != "" || f.ContentType != "" {
		a.header.Set("Content-Type", contentType)
	}
	return a
}

// send writes a, cut short and slowed down as the fault says.
func send(f *Fault, w http.ResponseWriter, r *http.Request, a *answer) {
	maps.Copy(w.Header(), a.header)
	body := a.body.Bytes()
	if len(body) > 0 {
		w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	}
	w.WriteHeader(a.code())
	cut := f.Truncate < 0 || f.Truncate > 0 && f.Truncate < len(body)
	if cut {
		body = body[:max(f.Truncate, 0)]
	}
	if f.Drip > 0 {
		if !drip(w, r, body, f.Drip) {
			return
		}
	} else {
		_, _ = w.Write(body)
	}
	if cut {
		_ = http.NewResponseController(w).Flush()
		panic(http.ErrAbortHandler)
	}
}

// drip reports whether the client stayed to the end.
func drip(w http.ResponseWriter, r *http.Request, body []byte, every time.Duration) bool {
	controller := http.NewResponseController(w)
	for i := range body {
		if !pause(r, every) {
			return false
		}
		if _, err := w.Write(body[i : i+1]); err != nil {
			return false
		}
		if err := controller.Flush(); err != nil {
			return false
		}
	}
	return true
}

// pause waits for d and reports whether the client is still there.
func pause(r *http.Request, d time.Duration) bool {
	if d <= 0 {
		return true
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-r.Context().Done():
		return false
	}
}

// reset kills the connection of a request; on TCP the peer sees a reset.
func reset(w http.ResponseWriter) {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	if tcp, ok := conn.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0)
	}
	_ = conn.Close()
}

// answer holds a reply back until the fault has had its way with it.
type answer struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func (a *answer) Header() http.Header { return a.header }

func (a *answer) WriteHeader(status int) {
	if a.status == 0 {
		a.status = status
	}
}

func (a *answer) Write(p []byte) (int, error) {
	a.WriteHeader(http.StatusOK)
	return a.body.Write(p)
}

func (a *answer) code() int {
	if a.status == 0 {
		return http.StatusOK
	}
	return a.status
}
