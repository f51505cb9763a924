package rakuten

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"

	"github.com/shotengai/shotengai-go/internal/api"
)

// BaseURL is where the platform lives. It is one host for all shops: the licence key
// decides the shop.
const BaseURL = "https://api.rms.rakuten.co.jp"

// Client calls the API on behalf of one shop. It is safe for concurrent use.
type Client struct {
	engine   *api.Engine
	auth     *esa
	limiters map[RateGroup]Limiter

	// Orders.
	Orders        *OrdersService        // orders: search, details, confirmation, shipping, changes, cancellation
	PurchaseItems *PurchaseItemsService // what was bought, without the rest of the order
	Licenses      *LicensesService      // the licence key itself

	// Items, their stock and their place in the shop.
	Items       *ItemsService       // items and their SKUs
	Inventory   *InventoryService   // stock, version 2.1
	Inventory20 *Inventory20Service // stock, version 2.0
	Categories  *CategoriesService  // the shop's own categories and what is in them
	Navigation  *NavigationService  // Rakuten's genres and their attributes
	ItemBundles *ItemBundlesService // items that are offered together

	// What else the shop has; these families speak XML.
	Cabinet       *CabinetService       // pictures, R-Cabinet
	Coupons       *CouponsService       // coupons
	ThanksCoupons *ThanksCouponsService // coupons that buyers get by themselves
	Products      *ProductsService      // the platform's catalogue of products
	Shop          *ShopService          // the shop's own settings

	// Buyers.
	Inquiries *InquiriesService // what buyers ask the shop
	Reserve   *ReserveService   // subscriptions, buying clubs and pre-orders

	// The shop.
	ShopPages *ShopPageService // pages: navigations, widgets, layouts

	// FAMILIES: each further family is a field here, in the group it belongs to, a line in
	// connect below and a line in the table of families.go.
}

// NewClient makes a client for one shop. The source is asked for the shop's licence at
// each attempt, with the call's context, so a key that was renewed is used at once.
// NewClient sends nothing.
func NewClient(licenses LicenseSource, opts ...Option) (*Client, error) {
	if licenses == nil {
		return nil, errors.New("rakuten: NewClient needs a licence source")
	}
	c := &Client{limiters: defaultLimiters()}
	var o options
	for _, opt := range opts {
		if err := opt(&o); err != nil {
			return nil, fmt.Errorf("rakuten: %w", err)
		}
	}
	maps.Copy(c.limiters, o.limiters)
	c.auth = &esa{licenses: licenses}
	engine, err := api.New(api.Platform{
		Name:    "rakuten",
		BaseURL: BaseURL,
		Hosts:   []string{"api.rms.rakuten.co.jp"},
		Fail:    newError,
	}, c.auth, o.engine...)
	if err != nil {
		return nil, err
	}
	c.engine, c.auth.now = engine, engine.Now
	c.connect()
	return c, nil
}

func (c *Client) connect() {
	s := &service{c}
	c.Orders = (*OrdersService)(s)
	c.PurchaseItems = (*PurchaseItemsService)(s)
	c.Licenses = (*LicensesService)(s)
	c.Items = (*ItemsService)(s)
	c.Inventory = (*InventoryService)(s)
	c.Inventory20 = (*Inventory20Service)(s)
	c.Categories = (*CategoriesService)(s)
	c.Navigation = (*NavigationService)(s)
	c.Inquiries = (*InquiriesService)(s)
	c.Reserve = (*ReserveService)(s)
	c.ShopPages = (*ShopPageService)(s)
	c.ItemBundles = (*ItemBundlesService)(s)
	c.Cabinet = (*CabinetService)(s)
	c.Coupons = (*CouponsService)(s)
	c.ThanksCoupons = (*ThanksCouponsService)(s)
	c.Products = (*ProductsService)(s)
	c.Shop = newShopService(c)
}

// service is what all services are made of.
type service struct{ client *Client }

// do carries out a call in the way of its family, which its path tells: pacing, format,
// and where an answer with status 200 may hide a refusal. What the request says itself
// comes first.
func (c *Client) do(ctx context.Context, r api.Request, out any, opts ...CallOption) error {
	_, err := c.call(ctx, r, out, opts...)
	return err
}

// call is do for operations that need the answer itself as well.
func (c *Client) call(ctx context.Context, r api.Request, out any, opts ...CallOption) (*api.Reply, error) {
	f := familyOf(r.Path)
	if r.Limiter == nil {
		r.Limiter = c.limiters[f.group(r.Method, r.Path)]
	}
	if r.Decode == nil {
		r.Decode = f.codec
	}
	if r.Inspect == nil {
		r.Inspect = f.inspect
	}
	return c.engine.Call(ctx, r, out, opts...)
}

// callRows is do for operations of the order families that report per order or row: the
// messages of a refusal with status 400 are read as those of an answer with 200 are.
func (c *Client) callRows(ctx context.Context, r api.Request, out any, opts ...CallOption) (*api.Reply, error) {
	reply, err := c.call(ctx, r, out, opts...)
	if e, ok := errors.AsType[*Error](err); ok && reply != nil && e.StatusCode == http.StatusBadRequest {
		_ = json.Unmarshal(reply.Body, out) // the call has failed either way
	}
	return reply, err
}

// Do calls an operation that has no method here, with the client's authorisation,
// pacing, retries and errors. The path starts with a slash and is escaped already. For
// GET and DELETE, in is the query: url.Values or a struct with url tags; for all else it
// is the body, as JSON, or as XML where the path belongs to an XML family. Either of in
// and out may be nil.
func (c *Client) Do(ctx context.Context, method, path string, in, out any, opts ...CallOption) error {
	r := api.Request{Method: method, Path: path}
	switch {
	case method == http.MethodGet, method == http.MethodDelete:
		r.Params = in
	case in != nil && familyOf(path).codec == xmlFormat:
		r.Body, r.Check = xmlBody(in)
	default:
		r.Body = in
	}
	return c.do(ctx, r, out, opts...)
}
