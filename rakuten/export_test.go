package rakuten

import (
	"context"
	"iter"

	"github.com/shotengai/shotengai-go"
)

// ScanOrders is the scan that All is made of.
func ScanOrders(ctx context.Context, client *Client, params SearchOrdersParams, opts ...shotengai.CallOption) iter.Seq2[*Order, error] {
	return client.Orders.scan(ctx, params, opts...)
}
