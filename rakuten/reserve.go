package rakuten

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/internal/api"
	"github.com/shotengai/shotengai-go/internal/check"
)

// Limits of the reservation family.
const (
	MaxReservationsPerPage   = 1000 // rows of one page
	MaxReservationsPerCommit = 500  // keys of one EarlyCommit call
)

// ReserveService works with reservations: subscriptions, buying clubs and pre-orders. The
// whole family is provisional, and what its codes mean is not established where no constant
// says it.
type ReserveService service

// ListReservationsParams selects reservations. DateType, ReserveType and the period are
// required.
type ListReservationsParams struct {
	DateType          int            `url:"dateType"`    // 1 to 3
	ReserveType       []int          `url:"reserveType"` // of 1 to 3
	StartDate         shotengai.Date `url:"startDate"`
	EndDate           shotengai.Date `url:"endDate"`
	KeywordType       int            `url:"keywordType,omitempty"` // 1
	Keyword           string         `url:"keyword,omitempty"`
	ReserveStatusName string         `url:"reserveStatusName,omitempty"`
	DeviceCode        []int          `url:"deviceCode,omitempty"` // of 1 to 4
	SettlementName    string         `url:"settlementName,omitempty"`
	DeliveryName      string         `url:"deliveryName,omitempty"`
	ModifyFlag        *Flag          `url:"modifyFlag,omitempty"`
	Limit             int            `url:"limit,omitempty"`  // rows a page, 1 to 1000; 100 when 0
	Offset            int            `url:"offset,omitempty"` // rows to pass over
}

func (p ListReservationsParams) validate() error {
	errs := []error{check.Between("dateType", p.DateType, 1, 3), check.Between("limit", p.Limit, 0, MaxReservationsPerPage)}
	if len(p.ReserveType) == 0 {
		errs = append(errs, errors.New("reserveType is required"))
	}
	for _, kind := range p.ReserveType {
		errs = append(errs, check.Between("reserveType", kind, 1, 3))
	}
	for _, code := range p.DeviceCode {
		errs = append(errs, check.Between("deviceCode", code, 1, 4))
	}
	if p.StartDate.IsZero() || p.EndDate.IsZero() || p.EndDate.Compare(p.StartDate) < 0 {
		errs = append(errs, errors.New("startDate and endDate are required, in this order"))
	}
	if p.Offset < 0 {
		errs = append(errs, errors.New("offset must not be negative"))
	}
	return errors.Join(errs...)
}

type reservationPage struct {
	ResultCodeInt    int           `json:"resultCodeInt"`
	ResultCode       string        `json:"resultCode"`
	ResultMessage    string        `json:"resultMessage"`
	ResponseDatetime AnyTime       `json:"responseDatetime"`
	TotalCount       int           `json:"totalCount"`
	ResultCount      int           `json:"resultCount"`
	Limit            int           `json:"limit"`
	Offset           int           `json:"offset"`
	Items            []Reservation `json:"publicReserveModelList" rows:"reserveNumber"`
}

func (p *reservationPage) page() *shotengai.Page[Reservation] {
	return &shotengai.Page[Reservation]{Items: p.Items, Total: &p.TotalCount, Limit: p.Limit, Offset: p.Offset}
}

// List returns one page of reservations. Provisional.
func (s *ReserveService) List(ctx context.Context, params ListReservationsParams, opts ...shotengai.CallOption) (*shotengai.Page[Reservation], error) {
	r := api.Request{Operation: "GET /es/1.0/reserve/reserveInfoList", Params: params, Check: params.validate()}
	return api.List(ctx, s.client.engine, r, (*reservationPage).page, opts...)
}

// All yields the reservations that params selects, fetching 1000 at a time unless
// params.Limit says otherwise, and starting at params.Offset. A reservation that cannot be
// read is yielded as a *shotengai.RowError. Any other error ends it, as a PageError that says
// where to go on. Reservations that leave the list end it with
// [shotengai.ErrRowsMoved]. Provisional.
func (s *ReserveService) All(ctx context.Context, params ListReservationsParams, opts ...shotengai.CallOption) iter.Seq2[*Reservation, error] {
	params.Limit = cmp.Or(params.Limit, MaxReservationsPerPage)
	number := func(r *Reservation) string { return r.ReserveNumber }
	return api.Walk(ctx, params.Offset, number, func(ctx context.Context, offset int) (api.Batch[Reservation], error) {
		params := params
		params.Offset = offset
		page, err := s.List(ctx, params, opts...)
		if err != nil {
			return api.Batch[Reservation]{}, err
		}
		batch := batchOf(page)
		batch.Next = offset + batch.Rows()
		batch.Last = batch.Next >= *page.Total || batch.Rows() == 0
		return batch, nil
	}, opts...)
}

// ReserveKey names one delivery of a reservation.
type ReserveKey struct {
	ReserveNumber string `json:"reserveNumber"`
	DetailID      int    `json:"detailId"`
}

// String names the reservation and its delivery.
func (k ReserveKey) String() string {
	return fmt.Sprintf("reservation %s, delivery %d", k.ReserveNumber, k.DetailID)
}

// EarlyCommit turns deliveries of reservations into orders before their day, 500 a call.
// What became of each is in the rows; the package says when there is an error too. A key
// without a number, or that an earlier one repeats, is refused and the others are sent. The
// library never sends a call again. Provisional.
func (s *ReserveService) EarlyCommit(ctx context.Context, keys []ReserveKey, opts ...shotengai.CallOption) (*shotengai.Results[ReserveKey], error) {
	type body struct {
		Keys []ReserveKey `json:"reserveKeyList"`
	}
	r := api.Request{Operation: "POST /es/1.0/reserve/earlyCommitReservations", Safety: api.NeverAgain}
	results, sent := newReserveResults(keys)
	if len(keys) == 0 {
		return results, s.client.engine.Invalid(ctx, r, errors.New("reserveKeyList: no keys"))
	}
	for rows := range slices.Chunk(sent, MaxReservationsPerCommit) {
		var out earlyCommitReply
		r.Body = body{keysOf(rows)}
		if err := out.fill(rows, s.client.engine.Do(ctx, r, &out, opts...)); err != nil {
			abandon(sent)
			return results, err
		}
	}
	return results, nil
}

// newReserveResults has a row for each key. It returns those that can be sent.
func newReserveResults(keys []ReserveKey) (*shotengai.Results[ReserveKey], []*shotengai.Row[ReserveKey]) {
	seen := make(map[ReserveKey]int, len(keys))
	rows, sent := newRows(keys, func(i int, key ReserveKey) error {
		before, twice := seen[key]
		switch {
		case key.ReserveNumber == "":
			return errors.New("reserveNumber is required")
		case twice:
			return fmt.Errorf("the same key as reserveKeyList[%d]", before)
		}
		seen[key] = i
		return nil
	})
	return &shotengai.Results[ReserveKey]{Rows: rows}, sent
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

// fill sets the rows of one call to what the platform says of them. It returns the error of
// a call that failed for another reason than what it asks.
func (reply *earlyCommitReply) fill(rows []*shotengai.Row[ReserveKey], err error) error {
	at := make(map[ReserveKey]*shotengai.Row[ReserveKey], len(rows))
	for _, row := range rows {
		at[row.Key] = row
	}
	for _, said := range reply.UpdateResultList {
		if row, ours := at[said.ReserveKey]; ours {
			take(row, answered(said.ResultCode != reserveOK, said.ResultCode, said.ResultMessage))
		}
	}
	settle(rows, unnamed(outcome{}, false, err))
	return unlessRefused(err)
}
