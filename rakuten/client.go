package rakuten

import (
	"context"
	"errors"
	"net/http"
	"reflect"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/internal/api"
)

// BaseURL is where the platform lives. It is one host for all shops: the licence key
// decides the shop.
const BaseURL = "https://api.rms.rakuten.co.jp"

var platform = &api.Platform{
	Name:         "rakuten",
	BaseURL:      BaseURL,
	Hosts:        []string{"api.rms.rakuten.co.jp"},
	GroupLimiter: func(group string) shotengai.Limiter { return DefaultLimiter(RateGroup(group)) },
	Prepare:      prepare,
	Classify:     classify,
}

// Client calls the API on behalf of one shop. It is safe for concurrent use.
type Client struct {
	engine *api.Engine
	auth   esa
	common service
	shop   ShopService

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
	// connect below and a line in the table of family.go.
}

// NewClient makes a client for one shop. The source is asked for the shop's licence at
// each attempt, with the call's context, so a key that was renewed is used at once.
// NewClient sends nothing.
func NewClient(licenses LicenseSource, opts ...shotengai.Option) (*Client, error) {
	if licenses == nil {
		return nil, errors.New("rakuten: NewClient needs a licence source")
	}
	c := &Client{auth: esa{licenses: licenses}}
	engine, err := api.New(platform, &c.auth, opts...)
	if err != nil {
		return nil, err
	}
	c.engine, c.auth.engine = engine, engine
	c.connect()
	return c, nil
}

func (c *Client) connect() {
	c.common.client = c
	s := &c.common
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
	c.Shop = &c.shop
	connect(reflect.ValueOf(c.Shop).Elem(), c)
}

// service is what all services but the shop's are made of.
type service struct{ client *Client }

// prepare fills in what all calls of a family have in common: their pacing and format.
func prepare(r *api.Request) {
	method, path := pathOf(r.Operation)
	if r.Raw != "" {
		path = r.Raw
	}
	f := familyOf(path)
	r.Group = string(f.group(method, path))
	if r.Decode == nil {
		r.Decode = f.codec
	}
}

// callRows carries out an operation of the order families that reports per order or row:
// the messages of a refusal with status 400 are read as those of an answer with 200 are.
func (c *Client) callRows(ctx context.Context, r api.Request, out any, opts ...shotengai.CallOption) (*api.Reply, error) {
	reply, err := c.engine.Call(ctx, r, out, opts...)
	if e, ok := errors.AsType[*shotengai.Error](err); ok && reply != nil && e.StatusCode == http.StatusBadRequest {
		c.engine.Salvage(reply, out) // the call has failed either way
	}
	return reply, err
}

// Verify makes the cheapest call that there is, to find out whether the licence works:
// Navigation.Version. The function has to be enabled for the licence, and a licence without
// it fails like a wrong one. [Client.Diagnose] finds out more, in two calls.
func (c *Client) Verify(ctx context.Context, opts ...shotengai.CallOption) error {
	return c.engine.Do(ctx, api.Request{Operation: probeOperation}, nil, opts...)
}

// Do calls an operation that has no method here, with the client's authorisation,
// pacing, retries and errors. The path starts with a slash and is escaped already. For
// GET and DELETE, in is the query: url.Values or a struct with url tags; for all else it
// is the body, as JSON, or as XML where the path belongs to an XML family. Either of in
// and out may be nil.
func (c *Client) Do(ctx context.Context, method, path string, in, out any, opts ...shotengai.CallOption) error {
	r := api.Raw(method, path, in)
	if r.Body != nil && familyOf(path).codec == xmlFormat {
		r.Body, r.Check = xmlBody(in)
	}
	return c.engine.Do(ctx, r, out, opts...)
}
