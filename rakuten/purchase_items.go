package rakuten

import (
	"context"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/internal/api"
)

// PurchaseItemsService reads what was bought. It returns the same models as OrdersService,
// limited to the purchase; which fields are left out is not established, so any of them may
// be zero. Existing clients keep to one call a second.
type PurchaseItemsService service

// SearchPurchaseItemsParams selects orders, as [SearchOrdersParams] does. DateType and the
// period are required; the period is 63 days at most and begins 730 days ago at the earliest.
type SearchPurchaseItemsParams struct {
	OrderProgressList []OrderProgress `json:"orderProgressList,omitzero"`
	SubStatusIDList   []int           `json:"subStatusIdList,omitzero"` // -1 alone selects orders without one
	DateType          DateType        `json:"dateType"`
	StartDatetime     OrderTime       `json:"startDatetime"`
	EndDatetime       OrderTime       `json:"endDatetime"`
	OrderTypeList     []OrderType     `json:"orderTypeList,omitzero"`
	SearchKeywordType *KeywordType    `json:"searchKeywordType,omitzero"`
	SearchKeyword     *string         `json:"searchKeyword,omitzero"`
	Pagination        *SearchPage     `json:"PaginationRequestModel,omitzero"`
}

func (p SearchPurchaseItemsParams) validate() error {
	return SearchOrdersParams{
		SubStatusIDList: p.SubStatusIDList, DateType: p.DateType, StartDatetime: p.StartDatetime, EndDatetime: p.EndDatetime,
		SearchKeywordType: p.SearchKeywordType, SearchKeyword: p.SearchKeyword, Pagination: p.Pagination,
	}.validate()
}

// Search returns one page of the numbers of the orders that params selects.
func (s *PurchaseItemsService) Search(ctx context.Context, params SearchPurchaseItemsParams, opts ...shotengai.CallOption) (*shotengai.Page[string], error) {
	r := api.Request{Operation: "POST /es/2.0/purchaseItem/searchOrderItem/", Body: params, Safety: api.Read, Check: params.validate()}
	return s.client.search(ctx, r, opts...)
}

// GetBatch returns what was bought in orders, 100 a call. It answers as
// OrdersService.GetBatch does.
func (s *PurchaseItemsService) GetBatch(ctx context.Context, orderNumbers []string, opts ...shotengai.CallOption) (*Orders, error) {
	type body struct {
		OrderNumberList []string `json:"orderNumberList"`
	}
	r := api.Request{Operation: "POST /es/2.0/purchaseItem/getOrderItem/"}
	return s.client.getAllOrders(ctx, r, func(batch []string) any { return body{batch} }, orderNumbers, opts...)
}
