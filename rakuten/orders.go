package rakuten

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"
	"unicode/utf8"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/internal/api"
)

// OrderVersion is the version of the order model that this library asks for. Version 10
// brought the social gift; the platform knows none after it.
const OrderVersion = 10

// Limits of the order family.
const (
	MaxOrdersPerCall = 100                 // order numbers in one call
	MaxSearchPeriod  = 63 * 24 * time.Hour // the period of one search
	MaxSearchResults = 15000               // what one search returns in all its pages
	MaxSearchPage    = 1000                // what one page returns
)

// OrdersService works with orders. The platform's guideline is one call a second for
// the whole family, and orders older than 730 days are not returned. Order numbers begin with
// the id of their shop; when the licence names its shop, a number of another one is
// refused with ErrWrongShop, in requests and in answers.
type OrdersService service

// post describes a call of the family: all are POST.
func (s *OrdersService) post(name string, body any) api.Request {
	return api.Request{Operation: "POST /es/2.0/order/" + name + "/", Body: body}
}

// SearchOrdersParams selects orders, for example those of [ProgressAwaitingConfirmation] by
// [DateOrdered]. Times are made by [At]. DateType and the period are required; the period is
// 63 days at most and begins 730 days ago at the earliest. Fields that are nil or empty
// select nothing away.
type SearchOrdersParams struct {
	OrderProgressList []OrderProgress `json:"orderProgressList,omitzero"`
	SubStatusIDList   []int           `json:"subStatusIdList,omitzero"` // -1 alone selects orders without one
	DateType          DateType        `json:"dateType"`
	StartDatetime     OrderTime       `json:"startDatetime"`
	EndDatetime       OrderTime       `json:"endDatetime"`
	OrderTypeList     []OrderType     `json:"orderTypeList,omitzero"`
	SearchKeywordType *KeywordType    `json:"searchKeywordType,omitzero"`
	SearchKeyword     *string         `json:"searchKeyword,omitzero"` // 4000 bytes at most; see KeywordType for the characters
	Pagination        *SearchPage     `json:"PaginationRequestModel,omitzero"`

	SettlementMethod        *SettlementMethod `json:"settlementMethod,omitzero"`
	DeliveryName            *string           `json:"deliveryName,omitzero"`
	ShippingNumberBlankFlag *Flag             `json:"shippingNumberBlankFlag,omitzero"`
	ShippingDateBlankFlag   *Flag             `json:"shippingDateBlankFlag,omitzero"`
	MailSendType            *int              `json:"mailSendType,omitzero"` // 0 to 2; the meanings are not established
	OrdererMailAddress      *string           `json:"ordererMailAddress,omitzero"`
	PhoneNumberType         *PhoneNumberType  `json:"phoneNumberType,omitzero"`
	PhoneNumber             *string           `json:"phoneNumber,omitzero"`
	ReserveNumber           *string           `json:"reserveNumber,omitzero"`
	PurchaseSiteType        *int              `json:"purchaseSiteType,omitzero"` // 0 to 4; the meanings are not established
	AsurakuFlag             *Flag             `json:"asurakuFlag,omitzero"`
	CouponUseFlag           *Flag             `json:"couponUseFlag,omitzero"`
	DrugFlag                *Flag             `json:"drugFlag,omitzero"`
	OneDayOperationFlag     *Flag             `json:"oneDayOperationFlag,omitzero"`

	// OverseasFlag selects nothing since 2020-06.
	//
	// Deprecated: the platform ignores it.
	OverseasFlag *Flag `json:"overseasFlag,omitzero"`
}

// PhoneNumberType is whose telephone number a search looks for.
type PhoneNumberType int

// Values of PhoneNumberType.
const (
	PhoneOfBuyer    PhoneNumberType = 1
	PhoneOfReceiver PhoneNumberType = 2
)

// SearchPage asks for one page of a search. The platform sorts by order date only.
type SearchPage struct {
	RequestRecordsAmount int          `json:"requestRecordsAmount,omitzero"` // rows a page, 1 to 1000; 30 when 0
	RequestPage          int          `json:"requestPage,omitzero"`          // from 1
	Sort                 []SearchSort `json:"SortModelList,omitzero"`
}

// SearchSort orders the rows of a search.
type SearchSort struct {
	SortColumn    int           `json:"sortColumn"` // SortByOrderDate
	SortDirection SortDirection `json:"sortDirection"`
}

// SortByOrderDate is the only column to sort by.
const SortByOrderDate = 1

// SortDirection is the direction of a sort.
type SortDirection int

// Values of SortDirection. A recorded search with 1 was ascending; that 2 is the other way
// follows from it.
const (
	SortAscending  SortDirection = 1
	SortDescending SortDirection = 2
)

// orderNumbersReply is one page of a search. All fields of its pagination are null when
// nothing was found.
type orderNumbersReply struct {
	Messages     []searchMessage `json:"MessageModelList"`
	OrderNumbers []string        `json:"orderNumberList"`
	Pagination   *struct {
		TotalRecordsAmount int `json:"totalRecordsAmount"`
		TotalPages         int `json:"totalPages"`
		RequestPage        int `json:"requestPage"`
	} `json:"PaginationResponseModel"`
}

// searchMessage is a message of the platform that names no order.
type searchMessage struct {
	MessageType MessageType `json:"messageType"`
	MessageCode string      `json:"messageCode"`
	Message     string      `json:"message"`
}

func (r *orderNumbersReply) page() *shotengai.Page[string] {
	at := value(r.Pagination)
	return &shotengai.Page[string]{Items: r.OrderNumbers, Total: &at.TotalRecordsAmount, Number: at.RequestPage, Pages: &at.TotalPages}
}

// failed distinguishes a search that failed from one that found nothing, which has an empty
// list.
func (r *orderNumbersReply) failed() bool { return r.OrderNumbers == nil && r.Pagination == nil }

// Search returns one page of the numbers of the orders that params selects. A search
// without a hit is an empty page and no error; one without even a list has failed. All does
// the paging and more.
func (s *OrdersService) Search(ctx context.Context, params SearchOrdersParams, opts ...shotengai.CallOption) (*shotengai.Page[string], error) {
	r := s.post("searchOrder", params)
	r.Safety, r.Check = api.Read, params.validate()
	return s.client.search(ctx, r, opts...)
}

// search is the search of orders or of purchased items.
func (c *Client) search(ctx context.Context, r api.Request, opts ...shotengai.CallOption) (*shotengai.Page[string], error) {
	var out orderNumbersReply
	guard := c.guard()
	r.Auth = guard
	r.Judge = func(*api.Reply) (kind, cause error) {
		if out.failed() {
			return shotengai.ErrInvalid, errors.New("the search failed without saying why")
		}
		return nil, guard.check(out.OrderNumbers...)
	}
	if err := c.engine.Do(ctx, r, &out, opts...); err != nil {
		return nil, err
	}
	return out.page(), nil
}

func (p SearchOrdersParams) validate() error {
	errs := []error{period(p.DateType, p.StartDatetime, p.EndDatetime), keyword(p.SearchKeywordType, p.SearchKeyword), p.Pagination.validate()}
	if slices.Contains(p.SubStatusIDList, -1) && len(p.SubStatusIDList) > 1 {
		errs = append(errs, errors.New("subStatusIdList: -1 selects orders without a sub-status and stands alone"))
	}
	if (p.PhoneNumber == nil) != (p.PhoneNumberType == nil) {
		errs = append(errs, errors.New("phoneNumber and phoneNumberType go together"))
	}
	return errors.Join(errs...)
}

func period(kind DateType, start, end OrderTime) error {
	switch {
	case kind < DateOrdered || kind > DatePaymentFixed:
		return fmt.Errorf("dateType: %d is not between %d and %d", kind, DateOrdered, DatePaymentFixed)
	case start.IsZero() || end.IsZero():
		return errors.New("startDatetime and endDatetime are required")
	case end.Before(start.Time):
		return errors.New("endDatetime is before startDatetime")
	case end.Sub(start.Time) > MaxSearchPeriod:
		return errors.New("the period is longer than 63 days")
	}
	return nil
}

// maxKeyword is the most characters of a keyword, by KeywordType.
var maxKeyword = [...]int{1024, 1024, 127, 1000, 254, 254, 254, 40, 96, 400}

func keyword(kind *KeywordType, text *string) error {
	if text == nil {
		return nil
	}
	if kind == nil || *kind < 0 || int(*kind) >= len(maxKeyword) {
		return errors.New("searchKeyword needs a searchKeywordType")
	}
	if n := utf8.RuneCountInString(*text); n > maxKeyword[*kind] || len(*text) > 4000 {
		return fmt.Errorf("searchKeyword: %d characters in %d bytes, at most %d in 4000 are allowed", n, len(*text), maxKeyword[*kind])
	}
	return nil
}

func (p *SearchPage) validate() error {
	switch {
	case p == nil:
		return nil
	case p.RequestRecordsAmount < 0 || p.RequestRecordsAmount > MaxSearchPage:
		return fmt.Errorf("requestRecordsAmount: %d is not between 1 and %d", p.RequestRecordsAmount, MaxSearchPage)
	case p.RequestPage < 0:
		return errors.New("requestPage must not be negative")
	}
	return nil
}

// Orders is what a call for several orders returned: those that were found, and what the
// platform says of the others. Nothing is left out: an order that was asked for is in one of
// the two.
type Orders struct {
	Items    []Order
	Missing  []*shotengai.RowError // orders that were asked for and not returned, or cannot be read
	Messages []OrderMessage        // all that the platform said, successes included
}

// Get returns one order. An order that does not exist, or is older than 730 days, is a
// *shotengai.RowError, as is what is no order number, and an order that cannot be read, which
// is in its Raw. No source states the code by which the
// platform says that an order does not exist, so the error does not match
// shotengai.ErrNotFound. What is no order number is not asked for and matches
// shotengai.ErrInvalid.
func (s *OrdersService) Get(ctx context.Context, orderNumber string, opts ...shotengai.CallOption) (*Order, error) {
	orders, err := s.GetBatch(ctx, []string{orderNumber}, opts...)
	if err != nil {
		return nil, err
	}
	if len(orders.Missing) > 0 {
		return nil, orders.Missing[0]
	}
	return &orders.Items[0], nil
}

// GetBatch returns orders, 100 a call. Orders that the platform does not return, or that
// cannot be read, are in Missing, as Get returns them, and are no error. After an error, what earlier calls
// returned is returned with it, and the orders that were not asked for any more are neither
// in Items nor in Missing.
func (s *OrdersService) GetBatch(ctx context.Context, orderNumbers []string, opts ...shotengai.CallOption) (*Orders, error) {
	type body struct {
		OrderNumberList []string `json:"orderNumberList"`
		Version         int      `json:"version"`
	}
	return s.client.getAllOrders(ctx, s.post("getOrder", nil), func(batch []string) any { return body{batch, OrderVersion} }, orderNumbers, opts...)
}

// getAllOrders asks for orders or their purchased items, 100 a call.
func (c *Client) getAllOrders(ctx context.Context, r api.Request, body func(batch []string) any, orderNumbers []string, opts ...shotengai.CallOption) (*Orders, error) {
	all := &Orders{}
	if len(orderNumbers) == 0 {
		return all, c.engine.Invalid(ctx, r, errNoNumbers)
	}
	var asked []*shotengai.Row[string]
	for i, number := range orderNumbers {
		if err := validNumber(number); err != nil {
			all.Missing = append(all.Missing, missing(r, i, number, fmt.Errorf("%w: %w", shotengai.ErrInvalid, err)))
			continue
		}
		asked = append(asked, &shotengai.Row[string]{Index: i, Key: number})
	}
	var calls []*Orders
	var failed error
	for batch := range slices.Chunk(asked, MaxOrdersPerCall) {
		r.Body = body(keysOf(batch))
		orders, err := c.getOrders(ctx, r, batch, opts...)
		if failed = err; err != nil {
			break
		}
		calls = append(calls, orders)
	}
	all.Items = join(calls, func(o *Orders) []Order { return o.Items })
	all.Missing = append(all.Missing, join(calls, func(o *Orders) []*shotengai.RowError { return o.Missing })...)
	all.Messages = join(calls, func(o *Orders) []OrderMessage { return o.Messages })
	return all, failed
}

type ordersReply struct {
	Messages []OrderMessage `json:"MessageModelList" rows:"orderNumber"`
	Orders   []Order        `json:"OrderModelList" rows:"orderNumber"`
	Version  *int           `json:"version"`
}

func (w *ordersReply) orders() []string {
	numbers := make([]string, len(w.Orders))
	for i := range w.Orders {
		numbers[i] = w.Orders[i].OrderNumber
	}
	return numbers
}

// getOrders is one call of getAllOrders.
func (c *Client) getOrders(ctx context.Context, r api.Request, asked []*shotengai.Row[string], opts ...shotengai.CallOption) (*Orders, error) {
	var out ordersReply
	guard := c.guard(keysOf(asked)...)
	r.Safety, r.Auth = api.Read, guard
	r.Judge = func(reply *api.Reply) (kind, cause error) {
		others, _ := takeOrders(asked, out.Messages, nil) // for a read, orders that are not returned are no failure
		if len(out.Orders)+len(reply.Notes.Rows) == 0 && slices.ContainsFunc(others, OrderMessage.IsError) {
			kind = shotengai.ErrInvalid
		}
		return kind, guard.check(append(idsOf(reply.Notes.Rows), out.orders()...)...)
	}
	reply, err := c.callRows(ctx, r, &out, opts...)
	if err != nil && !namesRows(err) {
		return nil, err
	}
	if err != nil { // with status 400, which the engine has judged by itself
		if kind, cause := r.Judge(reply); kind != nil || cause != nil {
			return nil, c.engine.Refuse(reply, kind, cause)
		}
	}
	odd := reply.Notes.Rows
	given := make(map[string]bool, len(out.Orders))
	for _, number := range out.orders() {
		given[number] = true
	}
	orders := &Orders{Items: out.Orders, Messages: out.Messages}
	for _, row := range asked {
		if given[row.Key] {
			continue
		}
		row := missing(r, row.Index, row.Key, notGiven(row))
		if i := slices.IndexFunc(odd, func(e *shotengai.RowError) bool { return e.ID == row.ID }); i >= 0 {
			odd[i].Index, row = row.Index, odd[i]
			odd = slices.Delete(odd, i, i+1)
		}
		orders.Missing = append(orders.Missing, row)
	}
	for _, row := range odd {
		if row.ID == "" && row.List == "OrderModelList" { // not even its number can be read
			orders.Missing = append(orders.Missing, row)
		}
	}
	return orders, nil
}

// idsOf are the ids of rows that have one.
func idsOf(rows []*shotengai.RowError) (ids []string) {
	for _, row := range rows {
		if row.ID != "" {
			ids = append(ids, row.ID)
		}
	}
	return ids
}

// missing is an order that was asked for and not returned.
func missing(r api.Request, index int, number string, err error) *shotengai.RowError {
	return &shotengai.RowError{Platform: "rakuten", Operation: r.Operation, Index: index, ID: number, Err: err}
}

// notGiven is why the platform did not return an order.
func notGiven(row *shotengai.Row[string]) error {
	if row.State == shotengai.RowUnknown {
		return errors.New("the platform returned neither the order nor a reason")
	}
	if row.Code == "" {
		return errors.New(row.Message)
	}
	return fmt.Errorf("%s (%s)", row.Message, row.Code)
}
