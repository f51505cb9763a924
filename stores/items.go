package stores

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"strings"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/internal/api"
	"github.com/shotengai/shotengai-go/internal/check"
)

// ItemsService works with items and their variations. The API cannot delete an item.
type ItemsService service

// ListItemsParams selects items. There is no way to get one item by its path: use IDs.
type ListItemsParams struct {
	IDs               IDs        `url:"ids,omitempty"`
	Status            ItemStatus `url:"status,omitempty"`
	InStock           *bool      `url:"in_stock,omitempty"`
	OnlyPreorderSales *bool      `url:"only_preorder_sales,omitempty"`
	Keyword           string     `url:"keyword,omitempty"` // part of name, description, barcode or code; at most 100 characters
	Limit             int        `url:"limit,omitempty"`   // rows a page, 1 to 100; 10 when 0
	Offset            int        `url:"offset,omitempty"`
}

func (p ListItemsParams) validate() error {
	return errors.Join(check.OneOf("status", p.Status, ItemShown, ItemHidden, ItemUnlisted), check.AtMost("keyword", p.Keyword, 100), paging(p.Limit, p.Offset))
}

// List returns one page of items in the order of the dashboard, or by relevance with a
// Keyword. Scope: retail.shop.read.
//
// https://github.com/heyinc/retail-api-docs
func (s *ItemsService) List(ctx context.Context, params ListItemsParams, opts ...shotengai.CallOption) (*shotengai.Page[Item], error) {
	r := api.Request{Operation: "GET " + root + "/items", Params: params, Check: params.validate()}
	return list(ctx, s.client, r, "items", (*itemsReply).rows, params.Limit, params.Offset, opts)
}

type itemsReply struct {
	Items []Item `json:"items" rows:"id"`
}

func (r *itemsReply) rows() []Item { return r.Items }

// All yields the items that params selects, 100 a page unless params.Limit sets another number.
// Rows that leave the list meanwhile end it with [shotengai.ErrRowsMoved].
// Scope: retail.shop.read.
func (s *ItemsService) All(ctx context.Context, params ListItemsParams, opts ...shotengai.CallOption) iter.Seq2[*Item, error] {
	params.Limit = walkLimit(params.Limit)
	return walk(ctx, params.Offset, func(i *Item) string { return i.ID }, func(ctx context.Context, offset int) (*shotengai.Page[Item], error) {
		params.Offset = offset
		return s.List(ctx, params, opts...)
	}, opts...)
}

// Create makes an item of type regular. To be shown it needs a price, a description and an
// image. A 423 is [ErrLocked]: not applied, try again later. Scope: retail.shop.write.
//
// https://github.com/heyinc/retail-api-docs
func (s *ItemsService) Create(ctx context.Context, item CreateItemRequest, opts ...shotengai.CallOption) (*Item, error) {
	item.Type = ItemRegular
	r := api.Request{Operation: "POST " + root + "/items", Body: item, Check: item.validate(), Decode: wholeItem}
	return api.Get[Item](ctx, s.client.engine, r, opts...)
}

// CreateItemRequest is an item to be made. DeliveryMethodIDs, LimitedQuantity, SalesPeriod
// and PreorderSales need the matching add-on of the shop.
type CreateItemRequest struct {
	Name              string                   `json:"name"`                  // required
	Description       string                   `json:"description"`           // required; may be empty while hidden
	Status            ItemStatus               `json:"status"`                // required: ItemShown or ItemHidden
	Type              ItemType                 `json:"type"`                  // always ItemRegular; set by Create
	Variations        []CreateVariationRequest `json:"variations"`            // required
	Images            []string                 `json:"images,omitzero"`       // keys of Images.Upload
	CategoryIDs       []string                 `json:"category_ids,omitzero"` // a child category assigns its parent too
	ReducedTax        *bool                    `json:"reduced_tax,omitzero"`
	DeliveryMethodIDs *DeliveryMethodIDs       `json:"delivery_method_ids,omitzero"`
	LimitedQuantity   *int64                   `json:"limited_quantity,omitzero"`
	SalesPeriod       *SalesPeriod             `json:"sales_period,omitzero"`
	PreorderSales     *PreorderSales           `json:"preorder_sales,omitzero"`
}

// CreateVariationRequest is a variation to be made. Amounts are yen.
type CreateVariationRequest struct {
	Name         string                      `json:"name"`          // required
	Quantity     *int64                      `json:"quantity"`      // nil: unlimited; documented in words, not in the schema
	RegularPrice int64                       `json:"regular_price"` // required
	Code         *string                     `json:"code,omitzero"`
	Barcode      shotengai.Clearable[string] `json:"barcode,omitzero"`
	DiscountRate Rate                        `json:"discount_rate,omitzero"` // a fraction
}

func (r CreateItemRequest) validate() error {
	errs := []error{
		check.NotEmpty("name", r.Name), check.Exactly("status", r.Status, ItemShown, ItemHidden),
	}
	if r.Status == ItemShown && (strings.TrimSpace(r.Description) == "" || len(r.Images) == 0) {
		errs = append(errs, errors.New("status: an item that is shown needs a description and an image"))
	}
	if len(r.Variations) == 0 {
		errs = append(errs, errors.New("variations: at least one is required"))
	}
	for i, v := range r.Variations {
		errs = append(errs, variation(fmt.Sprintf("variations[%d]", i), v.Quantity, &v.RegularPrice, v.DiscountRate))
	}
	return errors.Join(errs...)
}

// Update changes an item of type regular. What is left out stays, but see
// [UpdateItemRequest.ReplaceVariations]. A 423 is [ErrLocked]: not applied, try again
// later. Scope: retail.shop.write.
//
// https://github.com/heyinc/retail-api-docs
func (s *ItemsService) Update(ctx context.Context, id string, item UpdateItemRequest, opts ...shotengai.CallOption) (*Item, error) {
	r := api.Request{
		Operation: "PATCH " + root + "/items/{id}", Path: []string{id}, Body: item, Check: item.validate(), Decode: wholeItem,
	}
	return api.Get[Item](ctx, s.client.engine, r, opts...)
}

var wholeItem = api.Needs("id", func(i *Item) bool { return i.ID != "" })

// UpdateItemRequest is what can be changed of an item.
type UpdateItemRequest struct {
	Name              *string                            `json:"name,omitzero"`
	Description       *string                            `json:"description,omitzero"`
	Status            ItemStatus                         `json:"status,omitzero"`
	Images            []string                           `json:"images,omitzero"` // keys of Images.Upload; replaces all
	CategoryIDs       []string                           `json:"category_ids,omitzero"`
	ReducedTax        *bool                              `json:"reduced_tax,omitzero"`
	DeliveryMethodIDs *DeliveryMethodIDs                 `json:"delivery_method_ids,omitzero"`
	LimitedQuantity   *int64                             `json:"limited_quantity,omitzero"`
	SalesPeriod       shotengai.Clearable[SalesPeriod]   `json:"sales_period,omitzero"`
	PreorderSales     shotengai.Clearable[PreorderSales] `json:"preorder_sales,omitzero"`

	// ReplaceVariations becomes the item's set of variations: an existing variation whose
	// ID is NOT among them IS DELETED, one without ID is added. Leave it nil to keep
	// variations as they are. Variations in the warehouse service cannot be changed.
	ReplaceVariations []ReplaceVariation `json:"variations,omitzero"`
}

// ReplaceVariation is one variation of the new set. Amounts are yen.
type ReplaceVariation struct {
	ID           string                      `json:"id,omitzero"` // of an existing variation that stays; empty: a new one
	Name         *string                     `json:"name,omitzero"`
	Quantity     shotengai.Clearable[int64]  `json:"quantity,omitzero"` // Clear: unlimited
	RegularPrice *int64                      `json:"regular_price,omitzero"`
	Code         *string                     `json:"code,omitzero"`
	Barcode      shotengai.Clearable[string] `json:"barcode,omitzero"`
	DiscountRate Rate                        `json:"discount_rate,omitzero"` // a fraction
}

func (r UpdateItemRequest) validate() error {
	errs := []error{check.OneOf("status", r.Status, ItemShown, ItemHidden, ItemUnlisted)}
	if r.ReplaceVariations != nil && len(r.ReplaceVariations) == 0 {
		errs = append(errs, errors.New("variations: an empty set would delete all of them"))
	}
	ids := make(map[string]bool)
	for i, v := range r.ReplaceVariations {
		if v.ID != "" && ids[v.ID] {
			errs = append(errs, fmt.Errorf("variations[%d].id: %q is there twice", i, v.ID))
		}
		ids[v.ID] = true
		var quantity *int64
		if n, ok := v.Quantity.Get(); ok {
			quantity = &n
		}
		errs = append(errs, variation(fmt.Sprintf("variations[%d]", i), quantity, v.RegularPrice, v.DiscountRate))
	}
	return errors.Join(errs...)
}

func variation(field string, quantity, price *int64, discount Rate) error {
	var errs []error
	if quantity != nil && *quantity < 0 {
		errs = append(errs, fmt.Errorf("%s.quantity: %d is negative", field, *quantity))
	}
	if price != nil && *price < 0 {
		errs = append(errs, fmt.Errorf("%s.regular_price: %d is negative", field, *price))
	}
	if rate, err := discount.Float64(); discount != "" && (err != nil || rate < 0 || rate > 1 || strings.ContainsAny(discount.String(), "xX_")) {
		errs = append(errs, fmt.Errorf("%s.discount_rate: %q is no fraction between 0 and 1", field, discount))
	}
	return errors.Join(errs...)
}

// Item is an item of the shop. Amounts are yen.
type Item struct {
	ID                string            `json:"id"`
	Name              string            `json:"name"`
	CreatedAt         Time              `json:"created_at"`
	Status            ItemStatus        `json:"status"`
	ImageURLs         []string          `json:"image_urls"`
	Price             *int64            `json:"price"` // deprecated by the platform, as RegularPrice, DiscountAmount and DiscountRate: those of the dearest variation
	LimitedQuantity   int64             `json:"limited_quantity"`
	Description       string            `json:"description"`
	RegularPrice      int64             `json:"regular_price"`
	ReducedTax        bool              `json:"reduced_tax"`
	Type              ItemType          `json:"type"`
	DiscountAmount    int64             `json:"discount_amount"`
	DiscountRate      Rate              `json:"discount_rate"`
	PreorderSales     *PreorderSales    `json:"preorder_sales"`
	SalesPeriod       *SalesPeriod      `json:"sales_period"`
	Variations        []ItemVariation   `json:"variations"`
	CategoryIDs       []string          `json:"category_ids"`
	DeliveryMethodIDs DeliveryMethodIDs `json:"delivery_method_ids"`
}

// ItemVariation is a variation of an item. Amounts are yen.
type ItemVariation struct {
	ID             string  `json:"id"`
	Name           string  `json:"name"`
	Quantity       *int64  `json:"quantity"` // nil: unlimited
	Code           *string `json:"code"`
	Barcode        *string `json:"barcode"`
	SalesPrice     int64   `json:"sales_price"`
	RegularPrice   int64   `json:"regular_price"`
	DiscountAmount int64   `json:"discount_amount"`
	DiscountRate   Rate    `json:"discount_rate"` // a fraction
}

// DeliveryMethodIDs are the delivery methods of an item. A key may be absent or null.
type DeliveryMethodIDs struct {
	Domestic shotengai.Clearable[string] `json:"domestic,omitzero"`
	Overseas shotengai.Clearable[string] `json:"overseas,omitzero"`
}

// SalesPeriod is when an item is on sale.
type SalesPeriod struct {
	PeriodStartAt Time `json:"period_start_at"`
	PeriodEndAt   Time `json:"period_end_at"`
}

// PreorderSales is when preordered goods are sent. Months have been seen as 202112 in
// answers and as 2021-12 in requests; the documentation has YYYY-MM-DD, too.
type PreorderSales struct {
	StartMonth  string `json:"start_month"`
	EndMonth    string `json:"end_month"`
	StartPeriod Period `json:"start_period"`
	EndPeriod   Period `json:"end_period"`
}

// ItemStatus is who sees an item. Open set in answers.
type ItemStatus string

// Values of ItemStatus.
const (
	ItemShown    ItemStatus = "shown"
	ItemHidden   ItemStatus = "hidden"
	ItemUnlisted ItemStatus = "unlisted" // who has the link; not for new items
)

// ItemType is the kind of an item. Open set in answers.
type ItemType string

// Kinds of items.
const (
	ItemRegular        ItemType = "regular" // the only one that can be written
	ItemDigitalContent ItemType = "digital_content"
	ItemTicket         ItemType = "ticket"
	ItemSubscription   ItemType = "subscription"
)
