package makeshop

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"strings"

	"golang.org/x/oauth2"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/internal/api"
)

// Config is what the platform mails to the developer: once for the test environment and
// once for production, with other values.
type Config struct {
	// Endpoint is the one address of the API. It is used exactly as it stands.
	Endpoint string
	// APIKey is the key of the app. It goes with each call beside the shop's token.
	APIKey shotengai.Secret
}

// Client calls the API on behalf of one shop. It is safe for concurrent use.
type Client struct {
	engine *api.Engine

	Shop              *ShopService              // the shop itself and its delivery methods
	AccessTags        *AccessTagsService        // tags for analytics in the storefront
	ProductCategories *ProductCategoriesService // the tree of categories
	Products          *ProductsService          // products
	ProductQuantities *ProductQuantitiesService // stock of products and variations
	Orders            *OrdersService            // orders
	Members           *MembersService           // members and their points
	Coupons           *CouponsService           // coupons
}

// knownHosts are those that are known to serve the API. An endpoint elsewhere is called
// at public addresses only.
var knownHosts = []string{"app-api.makeshop.jp", "stg-app-api.makeshop.jp"}

// DefaultLimiter lets one request at a time pass. The platform documents no rate for this
// API; its earlier one blocked shops whose requests overlapped.
func DefaultLimiter() shotengai.Limiter { return shotengai.Serial(0) }

// NewClient makes a client that authorises with the tokens of one shop: persistent ones
// (see [PersistentToken] and [TokenFunc]) or temporary ones of the SSO (the token source of
// an oauth.Manager). Tokens are asked for at each attempt, with the call's context if the
// source has TokenContext. NewClient sends nothing.
func NewClient(config Config, tokens oauth2.TokenSource, opts ...shotengai.Option) (*Client, error) {
	if err := errors.Join(config.check(), checkTokens(tokens)); err != nil {
		return nil, err
	}
	auth := &credentials{tokens: api.Bearer(tokens), key: config.APIKey}
	engine, err := api.New(&api.Platform{
		Name:     "makeshop",
		BaseURL:  config.Endpoint,
		Hosts:    knownHosts,
		AnyHost:  true,
		Endpoint: true,
		Limiter:  DefaultLimiter,
		Classify: classify,
	}, auth, opts...)
	if err != nil {
		return nil, err
	}
	auth.engine = engine
	c := &Client{engine: engine}
	s := service{c}
	c.Shop = (*ShopService)(&s)
	c.AccessTags = (*AccessTagsService)(&s)
	c.ProductCategories = (*ProductCategoriesService)(&s)
	c.Products = (*ProductsService)(&s)
	c.ProductQuantities = (*ProductQuantitiesService)(&s)
	c.Orders = (*OrdersService)(&s)
	c.Members = (*MembersService)(&s)
	c.Coupons = (*CouponsService)(&s)
	return c, nil
}

// check reports everything that is wrong with the configuration.
func (c *Config) check() error {
	var wrong []error
	if c.Endpoint == "" {
		wrong = append(wrong, errors.New("makeshop: no endpoint; it comes by mail when an app is registered"))
	}
	unfit := func(r rune) bool { return r <= ' ' || r > '~' }
	if key := c.APIKey.Reveal(); key == "" || strings.ContainsFunc(key, unfit) {
		wrong = append(wrong, errors.New("makeshop: the API key is empty, or has characters that no header may carry"))
	}
	return errors.Join(wrong...)
}

// checkTokens refuses a source that has no token for sure.
func checkTokens(tokens oauth2.TokenSource) error {
	if tokens == nil {
		return errors.New("makeshop: NewClient needs a token source")
	}
	if fixed, ok := tokens.(fixedToken); ok && fixed().AccessToken == "" {
		return errors.New("makeshop: the persistent token is empty; the install webhook delivers it")
	}
	return nil
}

// service is what all services are made of.
type service struct{ client *Client }

// credentials are the three header fields of a call.
type credentials struct {
	tokens api.Auth
	key    shotengai.Secret
	engine *api.Engine
}

// Authorize writes the time last: waiting for a token may take a while, and the platform
// takes a time for one hour.
func (c *credentials) Authorize(ctx context.Context, h http.Header) (any, error) {
	token, err := c.tokens.Authorize(ctx, h)
	if err != nil {
		return nil, err
	}
	values := []string{c.key.Reveal(), strconv.FormatInt(c.engine.Now().Unix(), 10)}
	h["X-Api-Key"], h["X-Timestamp"] = values[0:1:1], values[1:2:2]
	return token, nil
}

// Renew leaves a refused token to its source.
func (c *credentials) Renew(ctx context.Context, credential any) (bool, error) {
	return c.tokens.Renew(ctx, credential)
}

// Verify reports whether endpoint, key and token work: nil if they do, and an error that
// matches [shotengai.ErrUnauthorized] if the platform refuses them. It asks for nothing
// that needs a scope.
func (c *Client) Verify(ctx context.Context, opts ...shotengai.CallOption) error {
	return c.Query(ctx, "{ __typename }", nil, nil, opts...)
}
