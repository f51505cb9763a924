//go:build contract

package rakuten_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/rakuten"
)

func TestContractInquiries(t *testing.T) {
	inquiries, ctx := catalog(t).Inquiries, t.Context()
	period := rakuten.CountInquiriesParams{
		FromDate: rakuten.LocalTime{Time: time.Date(2026, 1, 1, 0, 0, 0, 0, shotengai.JST)},
		ToDate:   rakuten.LocalTime{Time: time.Date(2026, 1, 28, 0, 0, 0, 0, shotengai.JST)}, NoMerchantReply: new(true),
	}
	gave(t)(inquiries.Count(ctx, period))
	gave(t)(inquiries.List(ctx, rakuten.ListInquiriesParams{CountInquiriesParams: period, Page: 1, Limit: 10}))
	gave(t)(inquiries.Get(ctx, "1-2-3"))
	file := rakuten.InquiryAttachment{Label: "a.png", Path: "/b"}
	gave(t)(inquiries.Reply(ctx, rakuten.ReplyInquiryRequest{InquiryNumber: "1", ShopID: "2", Message: "はい", Attachments: []rakuten.InquiryAttachment{file}}))
	gave(t)(inquiries.Upload(ctx, "写真.png", []byte{0x89, 'P', 'N', 'G', 0, 0xff}))
	content, err := inquiries.Download(ctx, file)
	require.NoError(t, err)
	require.NotEmpty(t, content)
	gave(t)(inquiries.MarkRead(ctx, []string{"1", "2"}))
	gave(t)(inquiries.MarkComplete(ctx, []string{"1"}))
	gave(t)(inquiries.MarkIncomplete(ctx, []string{"1"}))
}
