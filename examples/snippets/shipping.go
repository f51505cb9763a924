package snippets

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/colorme"
	"github.com/shotengai/shotengai-go/rakuten"
	"github.com/shotengai/shotengai-go/stores"
)

func parcels(order *rakuten.Order, tracking map[int64][]string, day shotengai.Date) []rakuten.ShippingBasket {
	var baskets []rakuten.ShippingBasket
	for _, p := range order.Packages { // one for each destination
		basket := rakuten.ShippingBasket{BasketID: p.BasketID}
		for _, number := range tracking[p.BasketID] {
			basket.Rows = append(basket.Rows, rakuten.ShippingRow{
				DeliveryCompany: new(rakuten.CarrierYamato), ShippingNumber: new(number), ShippingDate: rakuten.ShippedOn(day),
			})
		}
		baskets = append(baskets, basket)
	}
	return baskets
}

func shipRakuten(ctx context.Context, client *rakuten.Client, numbers []string, parcels func(*rakuten.Order) []rakuten.ShippingBasket, report func(error)) error {
	orders, err := client.Orders.GetBatch(ctx, numbers)
	if err != nil {
		return err
	}
	for _, missing := range orders.Missing {
		report(missing)
	}
	for i := range orders.Items {
		order := &orders.Items[i]
		request := order.UnreportedParcels(parcels(order)...)
		if len(request.Packages) == 0 {
			continue // an earlier run has reported them
		}
		result, err := client.Orders.UpdateShipping(ctx, request)
		if err != nil {
			return err // run this again, from its beginning
		}
		if err := result.Err(); err != nil {
			report(err) // a cancelled order, for instance: the others go on
		}
	}
	return nil
}

func handIn(ctx context.Context, client *rakuten.Client, requests []rakuten.UpdateShippingRequest, keep, unmark func(string) error, report func(error)) error {
	taken, err := client.Orders.UpdateShippingAsync(ctx, requests)
	if taken.RequestID != "" {
		err = errors.Join(err, keep(taken.RequestID))
	}
	for _, row := range taken.Failed() {
		if row.State != shotengai.RowUnknown { // not taken, for sure
			err = errors.Join(err, unmark(row.Key)) // its order number
		}
	}
	if refused := taken.Err(); refused != nil {
		report(refused)
	}
	return err
}

func takeResult(ctx context.Context, client *rakuten.Client, requestID string, unmark func(orderNumber string) error, report func(error)) error {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Minute)
	defer cancel()
	results, err := client.Orders.Await(ctx, requestID, 10*time.Second)
	if err != nil {
		return err // ErrResultPending: ask again in the next run
	}
	for _, row := range results.RowErrors {
		report(row)
	}
	for _, result := range results.Items {
		for _, m := range result.Messages {
			if m.IsError() {
				report(fmt.Errorf("%s: %s (%s)", result.OrderNumber, m.Message, m.MessageCode))
			}
		}
		if err := unmark(result.OrderNumber); err != nil {
			return err
		}
	}
	return nil
}

func shipColorMe(ctx context.Context, client *colorme.Client, id int64, slips map[int64]string, noteMail func(id int64) (first bool, err error)) error {
	sale, err := client.Sales.Get(ctx, id)
	if err != nil {
		return err
	}
	var request colorme.UpdateSaleRequest
	for _, d := range sale.SaleDeliveries {
		slip, ok := slips[d.ID]
		if !ok {
			return fmt.Errorf("delivery %d of order %d has not been sent yet", d.ID, id)
		}
		request.SaleDeliveries = append(request.SaleDeliveries, colorme.UpdateSaleDelivery{
			ID: d.ID, SlipNumber: shotengai.Set(slip), Delivered: new(true),
		})
	}
	if _, err := client.Sales.Update(ctx, id, request); err != nil {
		return err
	}
	if sale.DeliveredMailState != colorme.MailNotYet {
		return nil
	}
	first, err := noteMail(id) // false: an earlier run has attempted it
	if err != nil || !first {
		return err
	}
	return client.Sales.SendMail(ctx, id, colorme.MailDelivered)
}

func shipStores(ctx context.Context, client *stores.Client, order *stores.Order, number string) error {
	if order.Status() != stores.StatusPending {
		return nil // not paid for, cancelled, or shipped by an earlier run
	}
	if len(order.Deliveries) != 1 || order.Deliveries[0].Type != stores.DeliveryShipping {
		return nil // several deliveries, or nothing to send: left to the dashboard
	}
	_, err := client.Orders.UpdateDeliveries(ctx, order.ID, stores.UpdateDeliveriesRequest{
		DeliveryMethodName: new("ヤマト運輸"), TrackingNumber: new(number),
	})
	if err != nil {
		return err
	}
	_, err = client.Orders.Shipped(ctx, order.ID)
	return err
}

var _ = []any{parcels, shipRakuten, handIn, takeResult, shipColorMe, shipStores}
