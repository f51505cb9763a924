package makeshoptest

import (
	_ "embed"
	"fmt"
	"maps"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/shotengai/shotengai-go/makeshop/makeshoptest/internal/graphql"
)

// Option changes how a Server runs.
type Option func(*config)

type config struct {
	clock      func() time.Time
	inMemory   bool
	listener   net.Listener
	orders     int
	products   int
	members    int
	pageCap    int
	grace      time.Duration
	freeText   bool
	app        *App
	hookClient *http.Client
	sdl        []string
	handlers   map[string]Handler
}

// WithClock sets the platform's clock; the default is time.Now. A clock that
// stands still until Advance moves it makes a test exact.
func WithClock(now func() time.Time) Option {
	return func(c *config) { c.clock = now }
}

// WithoutRateLimits has no effect on this platform, which publishes no limits. The fakes of
// all platforms have it.
func WithoutRateLimits() Option { return func(*config) {} }

// InMemory serves over net.Pipe in place of a socket, for use inside a
// testing/synctest bubble. Only HTTPClient and Client reach such a server.
func InMemory() Option {
	return func(c *config) { c.inMemory = true }
}

// WithListener serves on a listener in place of a free loopback port, for an address that has to
// be known beforehand. Close closes it.
func WithListener(listener net.Listener) Option {
	return func(c *config) { c.listener = listener }
}

// WithOrders sets the number of orders that each new shop is seeded with, 30 by
// default: one every eight hours, the newest an hour old. Every fifth is that of
// a guest.
func WithOrders(n int) Option {
	return func(c *config) { c.orders = n }
}

// WithProducts sets the number of products that each new shop is seeded with,
// 12 by default. Every third one has variations.
func WithProducts(n int) Option {
	return func(c *config) { c.products = n }
}

// WithMembers sets the number of members that each new shop is seeded with, 15
// by default. The last one has withdrawn.
func WithMembers(n int) Option {
	return func(c *config) { c.members = n }
}

// WithPageCap sets the number of rows that a page has at most, 200 by default,
// whatever was asked for. The platform did so with products; the fake does so
// with all lists.
func WithPageCap(n int) Option {
	return func(c *config) { c.pageCap = n }
}

// WithApp sets the app's registration; see also Server.SetApp.
func WithApp(app App) Option {
	return func(c *config) {
		app = app.clone()
		c.app = &app
	}
}

// WithRefreshGrace lets a refresh token be used again for d after it was
// replaced. By default its second use kills the grant. The platform does not say
// what it does.
func WithRefreshGrace(d time.Duration) Option {
	return func(c *config) { c.grace = d }
}

// WithFreeTextErrors names errors of the token endpoint after their status, such
// as "bad request", as in the one example that the platform prints. By default
// they have the codes of OAuth.
func WithFreeTextErrors() Option {
	return func(c *config) { c.freeText = true }
}

// WithHookClient sets the HTTP client that webhooks are sent with. Redirects are
// not followed, whatever the policy of the client.
func WithHookClient(client *http.Client) Option {
	return func(c *config) { c.hookClient = client }
}

// Upload is a file as a Handler finds it in its input.
type Upload struct {
	Name string
	Type string // of the content
	Data []byte
}

// withUploads puts an Upload in the place of each file in the arguments of a Handler.
func withUploads(value any) any {
	switch value := value.(type) {
	case *graphql.Upload:
		return (*Upload)(value)
	case map[string]any:
		for name, member := range value {
			value[name] = withUploads(member)
		}
	case []any:
		for i, element := range value {
			value[i] = withUploads(element)
		}
	}
	return value
}

// Handler carries out an operation for a shop. It may be called by several
// goroutines at once. What it returns is made of map[string]any, []any and leaves;
// an error becomes one of the answer.
type Handler func(shop *Shop, arguments map[string]any) (any, error)

// WithOperations adds operations to the schema: most of those of the platform are
// known by name only. The text is in GraphQL's schema language; it defines types
// and extends Query or Mutation, and may use the scalar Upload. Arguments come in
// their declared types, whole numbers as int64 and files as *Upload.
//
//	makeshoptest.WithOperations(`
//		extend type Mutation { importProductBulk(file: Upload!): ImportProductBulkResponse! }
//		type ImportProductBulkResponse { message: String }
//	`, map[string]makeshoptest.Handler{"importProductBulk": importProducts})
func WithOperations(schema string, handlers map[string]Handler) Option {
	return func(c *config) {
		c.sdl = append(c.sdl, schema)
		if c.handlers == nil {
			c.handlers = make(map[string]Handler)
		}
		maps.Copy(c.handlers, handlers)
	}
}

//go:embed schema.graphql
var knownSchema string

func (c *config) schema() *graphql.Schema {
	var sdl strings.Builder
	sdl.WriteString(knownSchema)
	for _, more := range c.sdl {
		sdl.WriteString("\n" + more)
	}
	schema, err := graphql.ReadSchema(sdl.String())
	if err != nil {
		panic(fmt.Sprintf("makeshoptest: schema: %v", err))
	}
	for _, root := range []string{"Query", "Mutation"} {
		for _, name := range schema.Operations(root) {
			if operations[name] == nil && c.handlers[name] == nil {
				panic("makeshoptest: no handler for " + name)
			}
		}
	}
	return schema
}
