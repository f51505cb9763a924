package rakuten

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/internal/api"
)

// SearchItemsParams selects items. Fields that are nil or empty select nothing away.
type SearchItemsParams struct {
	Title                     string         `url:"title,omitempty"`   // part of it
	Tagline                   string         `url:"tagline,omitempty"` // part of it
	ManageNumber              string         `url:"manageNumber,omitempty"`
	ItemNumber                string         `url:"itemNumber,omitempty"`
	ArticleNumber             string         `url:"articleNumber,omitempty"`
	VariantID                 string         `url:"variantId,omitempty"`
	MerchantDefinedSKUID      string         `url:"merchantDefinedSkuId,omitempty"`
	GenreID                   string         `url:"genreId,omitempty"`
	CategoryID                string         `url:"categoryId,omitempty"`
	ItemType                  ItemType       `url:"itemType,omitempty"`
	StandardPriceFrom         *int64         `url:"standardPriceFrom,omitempty"` // yen
	StandardPriceTo           *int64         `url:"standardPriceTo,omitempty"`
	BasePriceFrom             *int64         `url:"basePriceFrom,omitempty"` // of subscriptions; yen
	BasePriceTo               *int64         `url:"basePriceTo,omitempty"`
	IsVariantStockout         *bool          `url:"isVariantStockout,omitempty"`
	IsItemStockout            *bool          `url:"isItemStockout,omitempty"`
	PurchasablePeriodFrom     shotengai.Date `url:"purchasablePeriodFrom,omitempty"`
	PurchasablePeriodTo       shotengai.Date `url:"purchasablePeriodTo,omitempty"`
	IsHiddenItem              *bool          `url:"isHiddenItem,omitempty"`
	IsHiddenVariant           *bool          `url:"isHiddenVariant,omitempty"`
	IsSearchable              *bool          `url:"isSearchable,omitempty"`
	IsYamiichi                *bool          `url:"isYamiichi,omitempty"` // sold behind a password
	PointApplicablePeriodFrom shotengai.Date `url:"pointApplicablePeriodFrom,omitempty"`
	PointApplicablePeriodTo   shotengai.Date `url:"pointApplicablePeriodTo,omitempty"`
	IsOptimizedPoint          *bool          `url:"isOptimizedPoint,omitempty"`
	PointRate                 int            `url:"pointRate,omitempty"`    // 1 to 20
	MaxPointRate              int            `url:"maxPointRate,omitempty"` // 2 to 20
	IsBackOrder               *bool          `url:"isBackOrder,omitempty"`
	IsPostageIncluded         *bool          `url:"isPostageIncluded,omitempty"`
	IsSubscription            *bool          `url:"isSubscription,omitempty"`
	CreatedFrom               shotengai.Date `url:"createdFrom,omitempty"`
	CreatedTo                 shotengai.Date `url:"createdTo,omitempty"`
	UpdatedFrom               shotengai.Date `url:"updatedFrom,omitempty"`
	UpdatedTo                 shotengai.Date `url:"updatedTo,omitempty"`

	SortKey    ItemSort      `url:"sortKey,omitempty"`
	SortOrder  ItemSortOrder `url:"sortOrder,omitempty"`
	Offset     int           `url:"offset,omitempty"`     // rows to pass over, 10000 at most
	Hits       int           `url:"hits,omitempty"`       // rows a page, 1 to 100; 10 when 0
	CursorMark string        `url:"cursorMark,omitempty"` // "*" at first, then the NextCursorMark of the page before

	IsCategoryIncluded  *bool `url:"isCategoryIncluded,omitempty"`  // fills FoundItem.Category
	IsReviewIncluded    *bool `url:"isReviewIncluded,omitempty"`    // fills FoundItem.Review
	IsInventoryIncluded *bool `url:"isInventoryIncluded,omitempty"` // fills FoundItem.Inventory

	// IsAsuraku selects by next-day delivery.
	//
	// Deprecated: the platform has ended it.
	IsAsuraku *bool `url:"isAsuraku,omitempty"`
}

// ItemSort is what a search sorts by.
type ItemSort string

// Values of ItemSort.
const (
	SortItemsByUpdated          ItemSort = "updated"
	SortItemsByCreated          ItemSort = "created"
	SortItemsByDisplaySequence  ItemSort = "itemDisplaySequence"
	SortItemsByManageNumber     ItemSort = "manageNumber"
	SortItemsByPurchasableStart ItemSort = "purchasablePeriodStart"
	SortItemsByPurchasableEnd   ItemSort = "purchasablePeriodEnd"
	SortItemsByCampaignStart    ItemSort = "pointCampaignStart"
	SortItemsByCampaignEnd      ItemSort = "pointCampaignEnd"
	SortItemsByPointRate        ItemSort = "pointRate"
	SortItemsByReviewCount      ItemSort = "reviewCount"
	SortItemsByReviewAverage    ItemSort = "reviewAverageRating"
)

// ItemSortOrder is the direction of a sort.
type ItemSortOrder string

// Values of ItemSortOrder.
const (
	ItemsAscending  ItemSortOrder = "asc"
	ItemsDescending ItemSortOrder = "desc"
)

type itemPage struct {
	NumFound       int         `json:"numFound"` // rows in all pages
	Offset         int         `json:"offset,omitzero"`
	NextCursorMark *string     `json:"nextCursorMark"` // null when the search was not made with a cursor
	Items          []FoundItem `json:"results" rows:"item.manageNumber"`
}

func (p *itemPage) page() *shotengai.Page[FoundItem] {
	return &shotengai.Page[FoundItem]{Items: p.Items, Total: &p.NumFound, Offset: p.Offset, Next: value(p.NextCursorMark)}
}

// FoundItem is one row of a search. What was not asked for is nil.
type FoundItem struct {
	Item     Item            `json:"item"`
	Category *ItemCategories `json:"category"`
	Review   *ItemReview     `json:"review"`

	// Inventory is by variant id, as the platform returns it: its shape is not established.
	// It has settings and no quantities, which InventoryService returns.
	Inventory map[string]json.RawMessage `json:"inventory"`
}

// ItemCategories is the shop's categories of an item.
type ItemCategories struct {
	CategoryIDs []string `json:"categoryIds"`
}

// ItemReview is what buyers say of an item.
type ItemReview struct {
	Count         *int     `json:"count"`
	AverageRating *float64 `json:"averageRating"`
}

// Search returns one page of items.
func (s *ItemsService) Search(ctx context.Context, params SearchItemsParams, opts ...shotengai.CallOption) (*shotengai.Page[FoundItem], error) {
	r := api.Request{Operation: "GET /es/2.0/items/search", Params: params, Check: params.validate()}
	return api.List(ctx, s.client.engine, r, (*itemPage).page, opts...)
}

// All yields the items that params selects, however many there are: it pages by cursor,
// 100 at a time unless params.Hits says otherwise, and starts at params.CursorMark if that
// is set. An offset is refused. An item that cannot be read is yielded as a
// *shotengai.RowError, and the iteration goes on. Any other error ends it, as a
// *shotengai.PageError whose Offset is the number of items that were yielded. In its chain is
// an ItemCursorError with the cursor at which a new iteration can go on. Items that leave the
// selection while it runs end it with [shotengai.ErrRowsMoved].
func (s *ItemsService) All(ctx context.Context, params SearchItemsParams, opts ...shotengai.CallOption) iter.Seq2[*FoundItem, error] {
	offset := params.Offset
	if params.Hits == 0 {
		params.Hits = MaxItemsPerPage
	}
	if params.CursorMark == "" {
		params.CursorMark = firstCursor
	}
	return func(yield func(*FoundItem, error) bool) {
		params, seen, yielded, total := params, map[string]bool{}, 0, 0
		fail := func(cursor string, err error) {
			yield(nil, &shotengai.PageError{Offset: yielded, Err: &ItemCursorError{CursorMark: cursor, Err: err}})
		}
		for {
			page, err := s.page(ctx, params, offset, opts...)
			if err == nil && *page.Total < total {
				err = shotengai.ErrRowsMoved
			}
			if err != nil {
				fail(params.CursorMark, err)
				return
			}
			total = *page.Total
			for item, err := range rowsOf(page) {
				if yielded++; !yield(item, err) {
					return
				}
			}
			next := page.Next
			if next == "" || next == params.CursorMark {
				return
			}
			if seen[params.CursorMark] = true; seen[next] {
				fail(next, shotengai.ErrPageRepeated)
				return
			}
			params.CursorMark = next
		}
	}
}

var errOffsetOfAll = errors.New("offset: All pages by cursor; start at a cursorMark")

func (s *ItemsService) page(ctx context.Context, params SearchItemsParams, offset int, opts ...shotengai.CallOption) (*shotengai.Page[FoundItem], error) {
	if offset != 0 {
		return nil, s.client.engine.Invalid(ctx, api.Request{Operation: "GET /es/2.0/items/search"}, errOffsetOfAll)
	}
	return s.Search(ctx, params, opts...)
}

// ItemCursorError is the cause of the error that ItemsService.All ends with. All items of the
// pages before its cursor have been yielded, so a new iteration may start there.
type ItemCursorError struct {
	CursorMark string
	Err        error
}

// Error is one line.
func (e *ItemCursorError) Error() string {
	return fmt.Sprintf("%v (go on at cursor %q)", e.Err, e.CursorMark)
}

// Unwrap is the error of the page.
func (e *ItemCursorError) Unwrap() error { return e.Err }
