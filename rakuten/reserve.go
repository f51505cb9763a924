package rakuten

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"iter"
	"net/http"
	"slices"

	"github.com/shotengai/shotengai-go/internal/api"
)

// Limits of the reservation family.
const (
	MaxReservationsPerPage   = 1000 // rows of one page
	MaxReservationsPerCommit = 500  // keys of one EarlyCommit call
)

// ReserveService works with reservations: subscriptions, buying clubs and pre-orders. The
// whole family rests on a single source, and what its codes mean is not established where
// no constant says it.
type ReserveService service

const reservePath = "/es/1.0/reserve/"

// ListReservationsParams selects reservations. DateType, ReserveType and the period are
// required.
type ListReservationsParams struct {
	DateType          int    `url:"dateType"`    // 1 to 3
	ReserveType       []int  `url:"reserveType"` // of 1 to 3
	StartDate         Date   `url:"startDate"`
	EndDate           Date   `url:"endDate"`
	KeywordType       int    `url:"keywordType,omitempty"` // 1
	Keyword           string `url:"keyword,omitempty"`
	ReserveStatusName string `url:"reserveStatusName,omitempty"`
	DeviceCode        []int  `url:"deviceCode,omitempty"` // of 1 to 4
	SettlementName    string `url:"settlementName,omitempty"`
	DeliveryName      string `url:"deliveryName,omitempty"`
	ModifyFlag        *Flag  `url:"modifyFlag,omitempty"`
	Limit             int    `url:"limit,omitempty"`  // rows a page, 1 to 1000; 100 when 0
	Offset            int    `url:"offset,omitempty"` // rows to pass over
}

func (p ListReservationsParams) validate() error {
	errs := []error{between("dateType", p.DateType, 1, 3), between("limit", p.Limit, 0, MaxReservationsPerPage)}
	if len(p.ReserveType) == 0 {
		errs = append(errs, errors.New("reserveType is required"))
	}
	for _, kind := range p.ReserveType {
		errs = append(errs, between("reserveType", kind, 1, 3))
	}
	for _, code := range p.DeviceCode {
		errs = append(errs, between("deviceCode", code, 1, 4))
	}
	if p.StartDate.IsZero() || p.EndDate.IsZero() || p.EndDate.Compare(p.StartDate) < 0 {
		errs = append(errs, errors.New("startDate and endDate are required, in this order"))
	}
	if p.Offset < 0 {
		errs = append(errs, errors.New("offset must not be negative"))
	}
	return errors.Join(errs...)
}

// ReservationPage is one page of reservations.
type ReservationPage struct {
	ResultCodeInt    int           `json:"resultCodeInt"`
	ResultCode       string        `json:"resultCode"`
	ResultMessage    string        `json:"resultMessage"`
	ResponseDatetime AnyTime       `json:"responseDatetime"`
	TotalCount       int           `json:"totalCount"`
	ResultCount      int           `json:"resultCount"`
	Limit            int           `json:"limit"`
	Offset           int           `json:"offset"`
	Items            []Reservation `json:"publicReserveModelList"`
}

// List returns one page of reservations. Single source.
func (s *ReserveService) List(ctx context.Context, params ListReservationsParams, opts ...CallOption) (*ReservationPage, error) {
	var out ReservationPage
	r := api.Request{Method: http.MethodGet, Path: reservePath + "reserveInfoList", Params: params, Check: params.validate()}
	if err := s.client.do(ctx, r, &out, opts...); err != nil {
		return nil, err
	}
	return &out, nil
}

// All yields the reservations that params selects, fetching 1000 at a time unless
// params.Limit says otherwise, and starting at params.Offset. An error ends it, as a
// PageError that says where to go on. Single source.
func (s *ReserveService) All(ctx context.Context, params ListReservationsParams, opts ...CallOption) iter.Seq2[*Reservation, error] {
	params.Limit = cmp.Or(params.Limit, MaxReservationsPerPage)
	number := func(r *Reservation) string { return r.ReserveNumber }
	return api.Walk(ctx, params.Offset, number, func(ctx context.Context, offset int) (api.Batch[Reservation], error) {
		params := params
		params.Offset = offset
		page, err := s.List(ctx, params, opts...)
		if err != nil {
			return api.Batch[Reservation]{}, err
		}
		next := offset + len(page.Items)
		return api.Batch[Reservation]{Items: page.Items, Next: next, Last: next >= page.TotalCount || len(page.Items) == 0}, nil
	})
}

// ReserveKey names one delivery of a reservation.
type ReserveKey struct {
	ReserveNumber string `json:"reserveNumber"`
	DetailID      int    `json:"detailId"`
}

// ReserveResult is what became of one delivery of an EarlyCommit.
type ReserveResult struct {
	ReserveKey

	State   RowState
	Code    string // N00-000 for success; "" when there was none
	Message string
}

// Error is one line.
func (r *ReserveResult) Error() string {
	return fmt.Sprintf("rakuten: reservation %s, delivery %d: %s (%s)", r.ReserveNumber, r.DetailID, cmp.Or(r.Message, string(r.State)), r.Code)
}

// ReserveResults is what became of an EarlyCommit: one row for each delivery, in the order
// of the request.
type ReserveResults struct {
	Rows     []ReserveResult
	Messages []string // what the platform said of each call as a whole
}

// Failed returns the rows that were not carried out or of which that is not known.
func (r *ReserveResults) Failed() []ReserveResult {
	return slices.DeleteFunc(slices.Clone(r.Rows), func(row ReserveResult) bool { return row.State == RowDone })
}

// Err is nil when every row was carried out, else an error that names the other rows.
func (r *ReserveResults) Err() error {
	failed := r.Failed()
	var errs []error
	for i := range failed {
		errs = append(errs, &failed[i])
	}
	return errors.Join(errs...)
}

// EarlyCommit turns deliveries of reservations into orders before their day, 500 a call.
// It returns one row for each: deliveries that were refused are rows of the result and no
// error. After an error, the rows of earlier calls are returned with it. The library
// never sends it again. Single source.
func (s *ReserveService) EarlyCommit(ctx context.Context, keys []ReserveKey, opts ...CallOption) (*ReserveResults, error) {
	type body struct {
		Keys []ReserveKey `json:"reserveKeyList"`
	}
	r := api.Request{Method: http.MethodPost, Path: reservePath + "earlyCommitReservations", Safety: api.NeverAgain}
	if err := validReserveKeys(keys); err != nil {
		return nil, s.client.engine.Invalid(r, err)
	}
	results := &ReserveResults{Rows: make([]ReserveResult, len(keys))}
	for i, key := range keys {
		results.Rows[i] = ReserveResult{ReserveKey: key, State: RowNotSent}
	}
	done := 0
	for batch := range slices.Chunk(keys, MaxReservationsPerCommit) {
		rows := results.Rows[done : done+len(batch)]
		var out earlyCommitReply
		r.Body = body{batch}
		err := s.client.do(ctx, r, &out, opts...)
		out.fill(rows, err)
		if err != nil {
			return results, err
		}
		results.Messages = append(results.Messages, out.SummaryResultMessage)
		done += len(batch)
	}
	return results, nil
}

type earlyCommitReply struct {
	Date                 AnyTime `json:"date"`
	SummaryResultMessage string  `json:"summaryResultMessage"`
	UpdateResultList     []struct {
		ReserveKey

		ResultCode    string `json:"resultCode"`
		ResultMessage string `json:"resultMessage"`
	} `json:"updateResultList"`
}

// fill gives the rows of one call their state.
func (r *earlyCommitReply) fill(rows []ReserveResult, err error) {
	at := make(map[ReserveKey]*ReserveResult, len(rows))
	for i := range rows {
		rows[i].State = RowUnknown
		if err != nil {
			rows[i].State = stateAfter(err)
		}
		at[rows[i].ReserveKey] = &rows[i]
	}
	if err != nil {
		return
	}
	for _, said := range r.UpdateResultList {
		row, ours := at[said.ReserveKey]
		if !ours {
			continue
		}
		row.Code, row.Message, row.State = said.ResultCode, said.ResultMessage, RowFailed
		if said.ResultCode == reserveOK {
			row.State = RowDone
		}
	}
}

func validReserveKeys(keys []ReserveKey) error {
	if len(keys) == 0 {
		return errors.New("reserveKeyList: no keys")
	}
	seen := make(map[ReserveKey]bool, len(keys))
	for i, key := range keys {
		if key.ReserveNumber == "" {
			return fmt.Errorf("reserveKeyList[%d].reserveNumber is required", i)
		}
		if seen[key] {
			return fmt.Errorf("reserveKeyList[%d]: the same key is there twice", i)
		}
		seen[key] = true
	}
	return nil
}
