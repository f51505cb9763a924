package rakuten_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/rakuten"
)

var january = rakuten.CountInquiriesParams{
	FromDate: rakuten.LocalTime{Time: time.Date(2025, 12, 31, 15, 0, 0, 0, time.UTC)},
	ToDate:   rakuten.LocalTime{Time: time.Date(2026, 1, 31, 23, 59, 59, 0, shotengai.JST)},
}

const sampleInquiry = `{"inquiryNumber":"1","shopId":2,"userName":"山田","message":"いつ?","regDate":"2026-01-02T03:04:05","isCompleted":false,
	"completedDate":null,"readByMerchant":true,"replies":[{"id":1,"message":"はい","regDate":"2026-01-02T03:04:05+09:00","attachments":null}]}`

func TestInquiryCalls(t *testing.T) {
	t.Parallel()
	const period = "fromDate=2026-01-01T00%3A00%3A00&toDate=2026-01-31T23%3A59%3A59" // quirk 1: without an offset
	checkGolden(t, []golden{
		{
			"count", func(ctx context.Context, c *rakuten.Client) error { return only(c.Inquiries.Count(ctx, january)) },
			`{"result":{"count":3}}`, "GET", "/es/1.0/inquirymng-api/inquiries/count?" + period, "",
		},
		{
			"list", func(ctx context.Context, c *rakuten.Client) error {
				return only(c.Inquiries.List(ctx, rakuten.ListInquiriesParams{CountInquiriesParams: january, Limit: 5, Page: 2}))
			}, `{"totalCount":6,"totalPageCount":2,"page":2,"list":[` + sampleInquiry + `]}`, "GET",
			"/es/1.0/inquirymng-api/inquiries?fromDate=2026-01-01T00%3A00%3A00&limit=5&page=2&toDate=2026-01-31T23%3A59%3A59", "",
		},
		{
			"get", func(ctx context.Context, c *rakuten.Client) error { return only(c.Inquiries.Get(ctx, "1")) },
			`{"result":` + sampleInquiry + `}`, "GET", "/es/1.0/inquirymng-api/inquiry/1", "",
		},
		{
			"reply", func(ctx context.Context, c *rakuten.Client) error {
				return only(c.Inquiries.Reply(ctx, rakuten.ReplyInquiryRequest{InquiryNumber: "1", ShopID: "123456", Message: "<はい>"}))
			}, `{"result":{"inquiryNumber":"1","message":"m","regDate":"2026-01-02T03:04:05","replyFrom":"shop"}}`,
			"POST", "/es/1.0/inquirymng-api/inquiry/reply", `{"inquiryNumber":"1","shopId":"123456","message":"<はい>"}`,
		},
		{"read", func(ctx context.Context, c *rakuten.Client) error {
			return only(c.Inquiries.MarkRead(ctx, []string{"1"}))
		}, `{"result":{"ok":["1"],"error":[]}}`, "PATCH", "/es/1.0/inquirymng-api/inquiries/read", `{"inquiryNumbers":["1"]}`},
		{"complete", func(ctx context.Context, c *rakuten.Client) error {
			return only(c.Inquiries.MarkComplete(ctx, []string{"1"}))
		}, `{"result":{}}`, "PATCH", "/es/1.0/inquirymng-api/inquiries/complete", `{"inquiryNumbers":["1"]}`},
		{"incomplete", func(ctx context.Context, c *rakuten.Client) error {
			return only(c.Inquiries.MarkIncomplete(ctx, []string{"1"}))
		}, `{"result":{}}`, "PATCH", "/es/1.0/inquirymng-api/inquiries/incomplete", `{"inquiryNumbers":["1"]}`},
	})
}

func TestInquiriesAreRefusedBeforeSending(t *testing.T) {
	t.Parallel()
	inquiries, ctx := serve(t, refuseAll(t)).Inquiries, t.Context()
	long, backwards := january, january
	long.ToDate.Time = long.FromDate.Add(rakuten.MaxInquiryPeriod + time.Second)
	backwards.ToDate.Time = backwards.FromDate.Add(-time.Second)
	for want, params := range map[string]rakuten.CountInquiriesParams{"longer than 31 days": long, "before fromDate": backwards, "required": {}} {
		_, err := inquiries.Count(ctx, params)
		require.ErrorContains(t, err, want)
	}
	_, err := inquiries.List(ctx, rakuten.ListInquiriesParams{CountInquiriesParams: january, Page: -1})
	require.ErrorContains(t, err, "negative")
	_, err = inquiries.Reply(ctx, rakuten.ReplyInquiryRequest{InquiryNumber: "1", Message: "a"})
	require.ErrorContains(t, err, "shopId")
	_, err = inquiries.Reply(ctx, rakuten.ReplyInquiryRequest{InquiryNumber: "1", ShopID: "2", Message: "a", Attachments: make([]rakuten.InquiryAttachment, 4)})
	require.ErrorContains(t, err, "attachments: 4")
	_, err = inquiries.MarkRead(ctx, nil)
	require.ErrorIs(t, err, shotengai.ErrInvalid)
	marked, err := inquiries.MarkRead(ctx, []string{""})
	require.NoError(t, err)
	assert.Equal(t, outcome(0, shotengai.RowFailed, "", "inquiryNumber is required"), outcomeOf(marked.Rows[0]))
	_, err = inquiries.Upload(ctx, "../a", []byte("x"))
	require.ErrorContains(t, err, "path")
	_, err = inquiries.Upload(ctx, "a", nil)
	require.ErrorContains(t, err, "empty")
	_, err = inquiries.Upload(ctx, "a", make([]byte, rakuten.MaxAttachmentSize+1))
	require.ErrorContains(t, err, "at most")
	_, err = inquiries.Download(ctx, rakuten.InquiryAttachment{Path: "a"})
	require.ErrorContains(t, err, "label")
}

func TestReplyOfAnotherShop(t *testing.T) {
	t.Parallel()
	_, err := serve(t, refuseAll(t)).Inquiries.Reply(t.Context(), rakuten.ReplyInquiryRequest{InquiryNumber: "1", ShopID: "654321", Message: "a"})
	require.ErrorIs(t, err, rakuten.ErrWrongShop)
}

func TestInquiryAttachmentsAreCarriedAsTheyAre(t *testing.T) {
	t.Parallel()
	content := []byte{0xff, 0xd8, 0, '\r', '\n', '<', 'h', 't', 'm', 'l'}
	client := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodGet {
			assert.Equal(t, "label=%E5%86%99%E7%9C%9F+1.jpg&path=%2Fa%2Fb", r.URL.RawQuery)
			assert.Equal(t, "*/*", r.Header.Get("Accept"))
			w.Header().Set("Content-Type", "application/octet-stream")
			_, _ = w.Write(content)
			return
		}
		file, header, err := r.FormFile("file")
		if assert.NoError(t, err) {
			got, _ := io.ReadAll(file)
			assert.Equal(t, content, got)
			assert.Equal(t, "写真 1.jpg", header.Filename)
		}
		_, _ = io.WriteString(w, `{"result":{"label":"写真 1.jpg","path":"/a/b"}}`)
	}, shotengai.WithStrictDecoding())
	file, err := client.Inquiries.Upload(t.Context(), "写真 1.jpg", content)
	require.NoError(t, err)
	got, err := client.Inquiries.Download(t.Context(), *file)
	require.NoError(t, err)
	assert.Equal(t, content, got)
}

// A batch of which rows failed is answered with 200.
func TestQuirk2MarkInquiriesPartialFailure(t *testing.T) {
	t.Parallel()
	var got call
	client := serve(t, record(&got, 200, `{"result":{"ok":["1"],"error":[{"inquiryNumber":"2","errorMessage":"not found"}]}}`))
	results, err := client.Inquiries.MarkComplete(t.Context(), []string{"1", "2", "3"})
	require.NoError(t, err)
	assert.Equal(t, []shotengai.Row[string]{
		row("1", outcome(0, shotengai.RowDone, "", "")), row("2", outcome(1, shotengai.RowFailed, "", "not found")),
		row("3", outcome(2, shotengai.RowUnknown, "", "the platform said nothing of it")),
	}, results.Rows)
	require.ErrorContains(t, results.Err(), "row 1 (2): failed: not found")
	require.ErrorContains(t, results.Err(), "row 2 (3): unknown: the platform said nothing of it")
}

func TestAllInquiries(t *testing.T) {
	t.Parallel()
	broken := true
	client := serve(t, func(w http.ResponseWriter, r *http.Request) {
		page, _ := strconv.Atoi(r.URL.Query().Get("page"))
		if page == 3 && broken {
			w.WriteHeader(http.StatusNotFound)
			return
		}
		_, _ = fmt.Fprintf(w, `{"totalCount":3,"totalPageCount":3,"page":%d,"list":[{"inquiryNumber":"%d","regDate":null,"completedDate":null}]}`, page, page)
	})
	collect := func(page int) (numbers []string, failed error) {
		for inquiry, err := range client.Inquiries.All(t.Context(), rakuten.ListInquiriesParams{CountInquiriesParams: january, Page: page}) {
			if err != nil {
				return numbers, err
			}
			numbers = append(numbers, inquiry.InquiryNumber)
		}
		return numbers, nil
	}
	numbers, err := collect(0)
	require.ErrorIs(t, err, shotengai.ErrNotFound)
	at, ok := errors.AsType[*shotengai.PageError](err)
	require.True(t, ok)
	assert.Equal(t, []string{"1", "2"}, numbers)
	broken = false
	numbers, err = collect(at.Offset)
	require.NoError(t, err)
	assert.Equal(t, []string{"3"}, numbers)
}
