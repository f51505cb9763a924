package stores

import (
	"context"
	"errors"
	"time"

	"golang.org/x/oauth2"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/internal/api"
)

// BaseURL is where the API lives.
const BaseURL = "https://api.stores.dev"

// Version is the version of the API that this package speaks. It is part of every path.
const Version = "202211"

const root = "/retail/" + Version

// platform is the name of the platform in errors.
const platform = "stores"

var retailAPI = &api.Platform{
	Name:     platform,
	BaseURL:  BaseURL,
	Hosts:    []string{"api.stores.dev"},
	Limiter:  DefaultLimiter,
	Classify: classify,
}

// Client calls the API on behalf of one shop. It is safe for concurrent use.
type Client struct {
	engine *api.Engine
	auth   api.Auth

	Orders        *OrdersService        // orders of the online shop and the registers
	Items         *ItemsService         // items and their variations
	Images        *ImagesService        // images of items
	Inventories   *InventoriesService   // stock of the online shop
	Categories    *CategoriesService    // categories of items
	ShippingFees  *ShippingFeesService  // shipping fee settings
	SalesChannels *SalesChannelsService // the shops with registers
	Remittances   *RemittancesService   // payouts
	Coupons       *CouponsService       // coupons
	Store         *StoreService         // the shop itself
}

// NewClient makes a client that authorises with the tokens of one shop: those of an
// oauth.Manager, or the credential of a private app in an oauth2.StaticTokenSource. A
// credential is opaque: pass it on as it was issued, "=" and all. NewClient sends nothing.
func NewClient(tokens oauth2.TokenSource, opts ...shotengai.Option) (*Client, error) {
	if tokens == nil {
		return nil, errors.New("stores: NewClient needs a token source")
	}
	auth := api.Bearer(tokens)
	engine, err := api.New(retailAPI, auth, opts...)
	if err != nil {
		return nil, err
	}
	c := &Client{engine: engine, auth: auth}
	s := service{c}
	c.Orders = (*OrdersService)(&s)
	c.Items = (*ItemsService)(&s)
	c.Images = (*ImagesService)(&s)
	c.Inventories = (*InventoriesService)(&s)
	c.Categories = (*CategoriesService)(&s)
	c.ShippingFees = (*ShippingFeesService)(&s)
	c.SalesChannels = (*SalesChannelsService)(&s)
	c.Remittances = (*RemittancesService)(&s)
	c.Coupons = (*CouponsService)(&s)
	c.Store = (*StoreService)(&s)
	return c, nil
}

// DefaultLimiter lets at most 58 requests pass in any 60 seconds, as [shotengai.Window]
// does. The platform counts by token, asks for about 60 a minute and blocks
// the token for an unspecified time beyond that, by its FAQ of April 2025. An older copy of the
// FAQ says that there is no limit for now; the newer one holds here.
func DefaultLimiter() shotengai.Limiter { return shotengai.Window(60, time.Minute) }

// service is what all services are made of.
type service struct{ client *Client }

// Verify reports whether the token works and the shop is there, by reading the shop. Its
// error is that of [StoreService.Get]; [Client.Presence] judges it. Scope: retail.shop.read.
func (c *Client) Verify(ctx context.Context, opts ...shotengai.CallOption) error {
	_, err := c.Store.Get(ctx, opts...)
	return err
}

// Do calls an operation that has no method here, with the client's authorisation,
// pacing, retries and errors. The path starts at the host, with /retail/202211/…, and is
// escaped already. For GET and DELETE, in is the query: url.Values or a struct with url
// tags; for all else it is the JSON body. Either of in and out may be nil.
func (c *Client) Do(ctx context.Context, method, path string, in, out any, opts ...shotengai.CallOption) error {
	return c.engine.Do(ctx, api.Raw(method, path, in), out, opts...)
}
