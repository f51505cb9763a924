package rakuten_test

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/rakuten"
)

// H26: rows that have left a list while it is walked are noticed by its total.
func TestH26RowsMoved(t *testing.T) {
	t.Parallel()
	client := serve(t, func(w http.ResponseWriter, r *http.Request) {
		total, page := 6, r.URL.Query().Get("page")
		if page != "1" {
			total = 5
		}
		w.Header().Set("Content-Type", "application/json")
		_, _ = fmt.Fprintf(w, `{"totalCount":%d,"totalPageCount":3,"page":%s,"list":[{"inquiryNumber":"%s-a"},{"inquiryNumber":"%s-b"}]}`, total, page, page, page)
	})
	from := time.Date(2026, time.April, 1, 0, 0, 0, 0, shotengai.JST)
	var seen int
	var last error
	params := rakuten.ListInquiriesParams{CountInquiriesParams: rakuten.CountInquiriesParams{
		FromDate: rakuten.LocalTime{Time: from}, ToDate: rakuten.LocalTime{Time: from.AddDate(0, 0, 7)},
	}}
	for _, err := range client.Inquiries.All(t.Context(), params) {
		if last = err; err == nil {
			seen++
		}
	}
	require.ErrorIs(t, last, shotengai.ErrRowsMoved)
	assert.Equal(t, 2, seen, "those of the first page")
}
