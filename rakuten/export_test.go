package rakuten

import (
	"context"
	"iter"

	"github.com/shotengai/shotengai-go"
)

// What the tests of the scan over orders reach of it.
type (
	ScanParams = scanParams
	Checkpoint = checkpoint
)

// ScanOrders is the scan that All is made of.
func ScanOrders(ctx context.Context, client *Client, params ScanParams, opts ...shotengai.CallOption) iter.Seq2[*Order, error] {
	return client.Orders.scan(ctx, params, opts...)
}
