package rakuten

import (
	"context"
	"errors"
	"iter"
	"slices"
	"time"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/internal/api"
)

// Limits of the inquiry family.
const (
	MaxInquiryPeriod      = 31 * 24 * time.Hour // the period of one list or count
	MaxInquiryAttachments = 3                   // files of one reply
	MaxAttachmentSize     = 5 << 20             // bytes of one file, in use; no source documents it
)

// InquiriesService works with what buyers ask the shop.
type InquiriesService service

// CountInquiriesParams selects inquiries. The period is required, 31 days at most.
type CountInquiriesParams struct {
	FromDate        LocalTime `url:"fromDate"`
	ToDate          LocalTime `url:"toDate"`
	NoMerchantReply *bool     `url:"noMerchantReply,omitempty"` // those that the shop has not replied to
}

// ListInquiriesParams selects inquiries. The period is required, 31 days at most.
type ListInquiriesParams struct {
	CountInquiriesParams

	Page  int `url:"page,omitempty"`  // from 1
	Limit int `url:"limit,omitempty"` // rows a page
}

func (p CountInquiriesParams) validate() error {
	switch {
	case p.FromDate.IsZero() || p.ToDate.IsZero():
		return errors.New("fromDate and toDate are required")
	case p.ToDate.Before(p.FromDate.Time):
		return errors.New("toDate is before fromDate")
	case p.ToDate.Sub(p.FromDate.Time) > MaxInquiryPeriod:
		return errors.New("the period is longer than 31 days")
	}
	return nil
}

func (p ListInquiriesParams) validate() error {
	if p.Page < 0 || p.Limit < 0 {
		return errors.New("page and limit must not be negative")
	}
	return p.CountInquiriesParams.validate()
}

// Inquiry is what a buyer asked, with the replies. Fields that say so are provisional.
type Inquiry struct {
	InquiryNumber    string              `json:"inquiryNumber"`
	ShopID           int64               `json:"shopId"`
	UserName         string              `json:"userName"`
	UserMaskEmail    *string             `json:"userMaskEmail"` // masked (provisional)
	Message          string              `json:"message"`
	RegDate          AnyTime             `json:"regDate"`
	ItemURL          *string             `json:"itemUrl"` // provisional
	ItemName         *string             `json:"itemName"`
	ItemNumber       *string             `json:"itemNumber"`
	IsCompleted      bool                `json:"isCompleted"`
	CompletedDate    AnyTime             `json:"completedDate"` // provisional
	OrderNumber      *string             `json:"orderNumber"`
	ReadByMerchant   bool                `json:"readByMerchant"`
	Attachments      []InquiryAttachment `json:"attachments"`
	Replies          []InquiryReply      `json:"replies"`
	Category         *string             `json:"category"`                // provisional
	Type             *string             `json:"type"`                    // provisional
	IsMessageDeleted bool                `json:"isMessageDeleted"`        // provisional
	LastUpdateDate   AnyTime             `json:"lastUpdateDate,omitzero"` // provisional
}

// InquiryAttachment names a file. Label and path together are what Download takes.
type InquiryAttachment struct {
	Label string `json:"label"`
	Path  string `json:"path"`
}

// InquiryReply is one reply to an inquiry.
type InquiryReply struct {
	ID               int64               `json:"id"` // provisional
	Message          string              `json:"message"`
	RegDate          AnyTime             `json:"regDate"`
	IsRead           bool                `json:"isRead"`           // provisional
	IsMessageDeleted bool                `json:"isMessageDeleted"` // provisional
	Attachments      []InquiryAttachment `json:"attachments"`
}

type inquiryPage struct {
	TotalCount     int       `json:"totalCount"`
	TotalPageCount int       `json:"totalPageCount"`
	Page           int       `json:"page"`
	Items          []Inquiry `json:"list" rows:"inquiryNumber"`
}

func (p *inquiryPage) page() *shotengai.Page[Inquiry] {
	return &shotengai.Page[Inquiry]{Items: p.Items, Total: &p.TotalCount, Number: p.Page, Pages: &p.TotalPageCount}
}

// Count returns how many inquiries came in during a period.
func (s *InquiriesService) Count(ctx context.Context, params CountInquiriesParams, opts ...shotengai.CallOption) (int, error) {
	r := api.Request{Operation: "GET /es/1.0/inquirymng-api/inquiries/count", Params: params, Check: params.validate()}
	return api.Pick(ctx, s.client.engine, r, func(w *inquiriesCountReply) int { return w.Result.Count }, opts...)
}

type inquiriesCountReply struct {
	Result struct {
		Count int `json:"count"`
	} `json:"result"`
}

// List returns one page of the inquiries of a period.
func (s *InquiriesService) List(ctx context.Context, params ListInquiriesParams, opts ...shotengai.CallOption) (*shotengai.Page[Inquiry], error) {
	r := api.Request{Operation: "GET /es/1.0/inquirymng-api/inquiries", Params: params, Check: params.validate()}
	return api.List(ctx, s.client.engine, r, (*inquiryPage).page, opts...)
}

// All yields the inquiries of a period, starting at params.Page. Inquiries that come in
// while it runs move rows to later pages; rows seen twice that way are yielded once. An
// inquiry that cannot be read is yielded as a *shotengai.RowError. Any other error ends it, as
// a PageError whose Offset is the page to go on at. Inquiries that leave
// the list end it with [shotengai.ErrRowsMoved].
func (s *InquiriesService) All(ctx context.Context, params ListInquiriesParams, opts ...shotengai.CallOption) iter.Seq2[*Inquiry, error] {
	number := func(inquiry *Inquiry) string { return inquiry.InquiryNumber }
	return api.Walk(ctx, max(params.Page, 1), number, func(ctx context.Context, at int) (api.Batch[Inquiry], error) {
		params := params
		params.Page = at
		page, err := s.List(ctx, params, opts...)
		if err != nil {
			return api.Batch[Inquiry]{}, err
		}
		batch := batchOf(page)
		batch.Next, batch.Last = at+1, at >= *page.Pages
		return batch, nil
	}, opts...)
}

// Get returns one inquiry.
func (s *InquiriesService) Get(ctx context.Context, inquiryNumber string, opts ...shotengai.CallOption) (*Inquiry, error) {
	r := api.Request{Operation: "GET /es/1.0/inquirymng-api/inquiry/{inquiryNumber}", Path: []string{inquiryNumber}}
	return api.Pick(ctx, s.client.engine, r, func(w *inquiriesGetReply) *Inquiry { return &w.Result }, opts...)
}

type inquiriesGetReply struct {
	Result Inquiry `json:"result"`
}

// ReplyInquiryRequest is the shop's reply to an inquiry.
type ReplyInquiryRequest struct {
	InquiryNumber string              `json:"inquiryNumber"`
	ShopID        string              `json:"shopId"`
	Message       string              `json:"message"`
	Attachments   []InquiryAttachment `json:"attachments,omitzero"` // as Upload returned them, 3 at most
}

func (r ReplyInquiryRequest) validate() error {
	if r.InquiryNumber == "" || r.ShopID == "" || r.Message == "" {
		return errors.New("inquiryNumber, shopId and message are required")
	}
	return countedAtMost("attachments", len(r.Attachments), MaxInquiryAttachments)
}

// SentReply is a reply as the platform took it.
type SentReply struct {
	InquiryNumber string              `json:"inquiryNumber"`
	Message       string              `json:"message"`
	RegDate       AnyTime             `json:"regDate"`
	ReplyFrom     string              `json:"replyFrom"` // provisional
	IsRead        bool                `json:"isRead"`    // provisional
	Attachments   []InquiryAttachment `json:"attachments"`
}

// Reply sends the buyer a reply. Sending it again sends another one. When the licence names
// its shop, a reply of another one is refused with ErrWrongShop.
func (s *InquiriesService) Reply(ctx context.Context, reply ReplyInquiryRequest, opts ...shotengai.CallOption) (*SentReply, error) {
	r := api.Request{
		Operation: "POST /es/1.0/inquirymng-api/inquiry/reply", Body: reply, Check: reply.validate(), Auth: s.client.guard(reply.ShopID),
	}
	return api.Pick(ctx, s.client.engine, r, func(w *sentReplyReply) *SentReply { return &w.Result }, opts...)
}

type sentReplyReply struct {
	Result SentReply `json:"result"`
}

// MarkRead marks inquiries as read by the shop. What became of each is in the rows; the
// package says when there is an error too. Provisional.
func (s *InquiriesService) MarkRead(ctx context.Context, inquiryNumbers []string, opts ...shotengai.CallOption) (*shotengai.Results[string], error) {
	return s.mark(ctx, "read", inquiryNumbers, opts...)
}

// MarkComplete marks inquiries as completed, as MarkRead does. Provisional.
func (s *InquiriesService) MarkComplete(ctx context.Context, inquiryNumbers []string, opts ...shotengai.CallOption) (*shotengai.Results[string], error) {
	return s.mark(ctx, "complete", inquiryNumbers, opts...)
}

// MarkIncomplete takes the mark of MarkComplete away. Provisional.
func (s *InquiriesService) MarkIncomplete(ctx context.Context, inquiryNumbers []string, opts ...shotengai.CallOption) (*shotengai.Results[string], error) {
	return s.mark(ctx, "incomplete", inquiryNumbers, opts...)
}

func (s *InquiriesService) mark(ctx context.Context, as string, numbers []string, opts ...shotengai.CallOption) (*shotengai.Results[string], error) {
	r := api.Request{Operation: "PATCH /es/1.0/inquirymng-api/inquiries/" + as}
	rows, sent := newRows(numbers, func(_ int, number string) error {
		if number == "" {
			return errors.New("inquiryNumber is required")
		}
		return nil
	})
	results := &shotengai.Results[string]{Rows: rows}
	switch {
	case len(numbers) == 0:
		return results, s.client.engine.Invalid(ctx, r, errors.New("inquiryNumbers: none"))
	case len(sent) == 0:
		return results, nil
	}
	var out markReply
	r.Body = struct {
		InquiryNumbers []string `json:"inquiryNumbers"`
	}{keysOf(sent)}
	err := s.client.engine.Do(ctx, r, &out, opts...)
	out.fill(sent)
	settle(sent, unnamed(outcome{}, false, err))
	return results, unlessRefused(err)
}

type markReply struct {
	Result struct {
		OK     []string `json:"ok"`
		Errors []struct {
			InquiryNumber string `json:"inquiryNumber"`
			ErrorMessage  string `json:"errorMessage"`
		} `json:"error"`
	} `json:"result"`
}

// fill sets the rows that the answer names.
func (m *markReply) fill(rows []*shotengai.Row[string]) {
	refused := make(map[string]string, len(m.Result.Errors))
	for _, e := range m.Result.Errors {
		refused[e.InquiryNumber] = e.ErrorMessage
	}
	for _, row := range rows {
		message, failed := refused[row.Key]
		if failed || slices.Contains(m.Result.OK, row.Key) {
			take(row, answered(failed, "", message))
		}
	}
}
