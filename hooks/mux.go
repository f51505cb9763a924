package hooks

import (
	"fmt"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"slices"
	"strings"
)

// Mux holds all hooks of an app under their paths. Nothing can be reached through it
// that does not verify what it receives: it takes only the handlers of this package's
// receivers. It is safe for concurrent use.
type Mux struct {
	routes map[string]*endpoint
}

// NewMux returns a Mux of handlers by path. A path is matched exactly; one that ends
// in a slash also matches with one more segment, which is where makeshop's path token
// goes. It fails with [ErrConfig] for a handler that is not of a receiver of this
// package, for one without a function of the application's, for a path that does not
// begin with a slash or holds a pattern, and for one that leaves no place for a path token.
func NewMux(routes map[string]http.Handler) (*Mux, error) {
	m := &Mux{routes: make(map[string]*endpoint, len(routes))}
	for path, handler := range routes {
		e, ok := handler.(*endpoint)
		switch {
		case !ok:
			return nil, fmt.Errorf("%w: %s: the handler does not verify what it receives", ErrConfig, path)
		case !e.handled:
			return nil, fmt.Errorf("%w: %s: no function for %s", ErrConfig, path, e.kind)
		case !strings.HasPrefix(path, "/") || strings.ContainsAny(path, "{} ?#"):
			return nil, fmt.Errorf("%w: %q is not a plain path", ErrConfig, path)
		case e.pathToken != "" && !strings.HasSuffix(path, "/") && !strings.HasSuffix(path, "/"+e.pathToken.Reveal()):
			return nil, fmt.Errorf("%w: the path for %s has to end in a slash: the path token follows it", ErrConfig, e.kind)
		}
		m.routes[path] = e
	}
	if len(m.routes) == 0 {
		return nil, fmt.Errorf("%w: no routes", ErrConfig)
	}
	return m, nil
}

// Format writes the paths alone, whatever the verb.
func (m Mux) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, m.String()) }

// String names the paths.
func (m Mux) String() string {
	return "[hooks at " + strings.Join(slices.Sorted(maps.Keys(m.routes)), " ") + "]"
}

// LogValue is what String returns.
func (m Mux) LogValue() slog.Value { return slog.StringValue(m.String()) }

// ServeHTTP hands the request to the handler of its path, or answers 404.
func (m *Mux) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	path := r.URL.Path
	e, ok := m.routes[path]
	if !ok {
		e, ok = m.routes[path[:strings.LastIndexByte(path, '/')+1]]
	}
	if !ok {
		http.NotFound(w, r)
		return
	}
	e.ServeHTTP(w, r)
}
