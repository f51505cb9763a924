package colorme

import (
	"context"
	"errors"
	"sync"
	"time"

	"golang.org/x/oauth2"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/internal/api"
)

// BaseURL is the address of the platform.
const BaseURL = "https://api.shop-pro.jp"

var platform = &api.Platform{
	Name:     "colorme",
	BaseURL:  BaseURL,
	Hosts:    []string{"api.shop-pro.jp"},
	Limiter:  DefaultLimiter,
	Probe:    getShop,
	Classify: classify,
}

// Client calls the API on behalf of one shop. It is safe for concurrent use.
type Client struct {
	engine  *api.Engine
	uploads uploads

	Shop      *ShopService      // the shop itself
	Sales     *SalesService     // orders
	Customers *CustomersService // customers, their points and membership ranks

	Products            *ProductsService            // products
	ProductVariants     *ProductVariantsService     // their variants
	ProductOptions      *ProductOptionsService      // the axes of their variants
	ProductImages       *ProductImagesService       // their images
	ProductPickups      *ProductPickupsService      // featured products
	ProductGroups       *ProductGroupsService       // groups
	ProductCategories   *ProductCategoriesService   // the tree of categories
	ProductAdvertisings *ProductAdvertisingsService // the data of products for shopping feeds
	Stocks              *StocksService              // stock

	Payments   *PaymentsService   // payment methods
	Deliveries *DeliveriesService // delivery methods, and the days and times that customers may choose
	Gift       *GiftService       // gift settings
	Coupons    *CouponsService    // coupons
	Reviews    *ReviewsService    // product reviews
	Templates  *TemplatesService  // design templates

	ApplicationCharges *ApplicationChargesService // App Store: one-off charges inside the app
	UsageCharges       *UsageChargesService       // App Store: metered charges
	Installation       *InstallationService       // App Store: the app's own installation
	ShopScriptTags     *ShopScriptTagsService     // App Store: scripts in the storefront

	// ScriptTags are those of the old App Store API.
	//
	// Deprecated: use ShopScriptTags.
	ScriptTags *ScriptTagsService
	// InlineScriptTags are inline scripts.
	//
	// Deprecated: use ShopScriptTags.
	InlineScriptTags *InlineScriptTagsService
}

// NewClient makes a client that authorises with the tokens of one shop. Tokens are asked
// for at each attempt, with the call's context if the source has TokenContext; the token
// source of an oauth.Manager has, and oauth2.StaticTokenSource serves for a token that
// you keep yourself. NewClient sends nothing.
func NewClient(tokens oauth2.TokenSource, opts ...shotengai.Option) (*Client, error) {
	if tokens == nil {
		return nil, errors.New("colorme: NewClient needs a token source")
	}
	engine, err := api.New(platform, api.Bearer(tokens), opts...)
	if err != nil {
		return nil, err
	}
	c := &Client{engine: engine}
	s := service{c}
	c.Shop = (*ShopService)(&s)
	c.Sales = (*SalesService)(&s)
	c.Customers = (*CustomersService)(&s)
	c.Products = (*ProductsService)(&s)
	c.ProductVariants = (*ProductVariantsService)(&s)
	c.ProductOptions = (*ProductOptionsService)(&s)
	c.ProductImages = (*ProductImagesService)(&s)
	c.ProductPickups = (*ProductPickupsService)(&s)
	c.ProductGroups = (*ProductGroupsService)(&s)
	c.ProductCategories = (*ProductCategoriesService)(&s)
	c.ProductAdvertisings = (*ProductAdvertisingsService)(&s)
	c.Stocks = (*StocksService)(&s)
	c.Payments = (*PaymentsService)(&s)
	c.Deliveries = (*DeliveriesService)(&s)
	c.Gift = (*GiftService)(&s)
	c.Coupons = (*CouponsService)(&s)
	c.Reviews = (*ReviewsService)(&s)
	c.Templates = (*TemplatesService)(&s)

	c.ApplicationCharges = (*ApplicationChargesService)(&s)
	c.UsageCharges = (*UsageChargesService)(&s)
	c.Installation = (*InstallationService)(&s)
	c.ShopScriptTags = (*ShopScriptTagsService)(&s)
	c.ScriptTags = (*ScriptTagsService)(&s)
	c.InlineScriptTags = (*InlineScriptTagsService)(&s)
	return c, nil
}

// DefaultLimiter lets at most 117 requests pass in any 60 seconds, as [shotengai.Window]
// does. The platform's guideline is 120 a minute and token. With [shotengai.WithLimiter](nil)
// all pacing is off; with any other limiter a client still keeps its own image uploads below
// 5 in 10 seconds.
func DefaultLimiter() shotengai.Limiter { return shotengai.Window(120, time.Minute) }

// uploads paces image uploads, besides the client's own limiter. It is made at the first one.
type uploads struct {
	once    sync.Once
	limiter shotengai.Limiter
}

// uploadLimiter is nil where pacing is off.
func (c *Client) uploadLimiter() shotengai.Limiter {
	if !c.engine.Paced() {
		return nil
	}
	c.uploads.once.Do(func() { c.uploads.limiter = shotengai.Window(5, 10*time.Second) })
	return c.uploads.limiter
}

// service is the underlying type of all services.
type service struct{ client *Client }

// Do calls an operation that has no method here, with the client's authorisation,
// pacing, retries and errors. The path starts with a slash and is escaped already. For
// GET and DELETE, in is the query: url.Values or a struct with url tags; for all else it
// is the JSON body. Either of in and out may be nil.
func (c *Client) Do(ctx context.Context, method, path string, in, out any, opts ...shotengai.CallOption) error {
	return c.engine.Do(ctx, api.Raw(method, path, in), out, opts...)
}

// Verify checks the token: the error is nil if it works, [shotengai.ErrReauthorize] if it is
// dead, and another one if that could not be found out. It reads the shop, which needs no
// scope.
func (c *Client) Verify(ctx context.Context, opts ...shotengai.CallOption) error {
	_, err := c.Shop.Get(ctx, opts...)
	return err
}
