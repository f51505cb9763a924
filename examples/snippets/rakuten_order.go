package snippets

import (
	"context"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/rakuten"
)

// The life of a Rakuten order.

func confirmOrders(ctx context.Context, client *rakuten.Client, numbers []string, report func(number, message string)) error {
	results, err := client.Orders.Confirm(ctx, numbers) // any number of orders, 100 a call
	if err != nil {
		return err
	}
	for _, row := range results.Failed() {
		report(row.Key, row.Message)
	}
	return nil
}

func shippable(ctx context.Context, client *rakuten.Client, numbers []string, ship func(*rakuten.Order) error) error {
	orders, err := client.Orders.GetBatch(ctx, numbers) // of the confirmed ones; again every few minutes
	if err != nil {
		return err
	}
	for i := range orders.Items {
		if order := &orders.Items[i]; order.OrderProgress == rakuten.ProgressToShip {
			if err := ship(order); err != nil {
				return err
			}
		}
	}
	return nil
}

func noteOrder(ctx context.Context, client *rakuten.Client, number string) error {
	_, err := client.Orders.UpdateMemo(ctx, rakuten.UpdateOrderMemoRequest{
		OrderNumber: number, Memo: shotengai.Set("在庫確認済み"), Operator: shotengai.Set("山田"),
	})
	return err
}

func cancelOrder(ctx context.Context, client *rakuten.Client, order *rakuten.Order) error {
	request := rakuten.CancelOrderRequest{
		OrderNumber: order.OrderNumber, ChangeReasonDetailApply: rakuten.ReasonOutOfStock, InventoryRestoreType: rakuten.RestoreNothing,
	}
	var err error
	if order.OrderProgress < rakuten.ProgressShipped {
		_, err = client.Orders.Cancel(ctx, request)
	} else {
		_, err = client.Orders.CancelAfterShipping(ctx, request)
	}
	return err
}

var _ = []any{confirmOrders, shippable, noteOrder, cancelOrder}
