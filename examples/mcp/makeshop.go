package main

import (
	"context"
	"strings"

	"github.com/shotengai/shotengai-go/makeshop"
)

type makeShop struct{ client *makeshop.Client }

func (m makeShop) orders(ctx context.Context, in period, at window) (rows[order], error) {
	page, err := m.client.Orders.List(ctx, makeshop.ListOrdersParams{
		StartOrderDate: makeshop.At(in.from), EndOrderDate: makeshop.At(in.to), SortOrder: makeshop.Ascending, Page: at.number, Limit: at.size,
	})
	if err != nil {
		return rows[order]{}, err
	}
	return convert(page, at, makeShopOrder), nil
}

// order looks through the orders of the day, as the platform has no search by number.
func (m makeShop) order(ctx context.Context, number string, on period) (*order, error) {
	if on.from.IsZero() {
		return nil, refusedf("makeshop cannot look up an order by its number: give ordered_on too, the day of the order as list_orders shows it")
	}
	params := makeshop.ListOrdersParams{StartOrderDate: makeshop.At(on.from), EndOrderDate: makeshop.At(on.to), SortOrder: makeshop.Ascending}
	for o, err := range m.client.Orders.All(ctx, params) {
		if err != nil {
			return nil, err
		}
		if o.SystemOrderNumber == number || o.DisplayOrderNumber == number {
			return new(makeShopOrder(o)), nil
		}
	}
	return nil, refusedf("there is no order %q on that day", number)
}

func makeShopOrder(s *makeshop.Order) order {
	o := order{
		Number: s.SystemOrderNumber, Status: makeShopStatus(s.PaymentStatusCode), Total: &s.SumPrice, Notes: notes(s.Message),
		Buyer: &person{Name: personal(s.SenderName), Address: personal(s.SenderPrefecture)},
	}
	if at, err := s.OrderDate.Time(); err == nil {
		o.OrderedAt = at
	}
	for _, d := range s.DeliveryInfos {
		o.Deliveries = append(o.Deliveries, delivery{
			Status: makeShopDelivery(d.DeliveryStatus), Tracking: personal(d.SlipNumber),
			Recipient: person{
				Name: personal(d.ReceiverName), Postal: personal(d.ReceiverPost), Phone: personal(d.ReceiverTel),
				Address: words(d.ReceiverPrefecture, d.ReceiverAddress, d.ReceiverAddress2),
			},
		})
		o.Notes = append(o.Notes, notes(d.DeliveryMessage)...)
		for _, b := range d.BasketInfos {
			l := line{Item: b.ProductCode, Name: b.ProductName, Variant: b.VariationName, Quantity: b.Amount, Price: b.Price}
			for _, c := range b.CustomSelects {
				l.Choices = append(l.Choices, words(c.CustomSelectName, c.SelectedItemName))
			}
			o.Lines = append(o.Lines, l)
		}
	}
	return o
}

func makeShopStatus(code makeshop.PaymentStatus) string {
	switch code {
	case makeshop.PaymentCashOnDelivery:
		return "cash on delivery"
	case makeshop.PaymentCash, makeshop.PaymentPaid, makeshop.PaymentPoints:
		return "paid"
	case makeshop.PaymentCancelled:
		return "payment cancelled"
	case makeshop.PaymentAuthorised:
		return "payment authorised"
	}
	return strings.TrimSpace("unpaid " + string(code))
}

func makeShopDelivery(code makeshop.DeliveryStatus) string {
	switch code {
	case makeshop.DeliveryNotProcessed:
		return "not shipped"
	case makeshop.DeliveryShipped:
		return "shipped"
	case makeshop.DeliveryCancelled:
		return "cancelled"
	case makeshop.DeliveryReturned:
		return "returned"
	}
	return string(code)
}

func (m makeShop) items(ctx context.Context, name string, at window) (rows[item], error) {
	if name != "" {
		return rows[item]{}, refusedf("makeshop cannot search items by name: leave name out and go through the list")
	}
	page, err := m.client.Products.List(ctx, makeshop.ListProductsParams{Page: at.number, Limit: at.size, Lean: true})
	if err != nil {
		return rows[item]{}, err
	}
	return convert(page, at, func(p *makeshop.Product) item {
		return item{Item: p.SystemCode, Code: p.CustomCode, Name: p.ProductName, Price: &p.SellPrice}
	}), nil
}

func (m makeShop) stock(ctx context.Context, item string) ([]stock, error) {
	page, err := m.client.ProductQuantities.List(ctx, makeshop.ListProductQuantitiesParams{SystemCodes: []string{item}, Limit: 1})
	if err != nil {
		return nil, err
	}
	product, err := only(page, "item "+item)
	if err != nil {
		return nil, err
	}
	if len(product.VariationQuantities) == 0 {
		return []stock{{Name: product.ProductName, Quantity: product.Quantity, set: m.productSetter(product)}}, nil
	}
	var out []stock
	for _, v := range product.VariationQuantities {
		out = append(out, stock{
			Variant: v.VariationCustomCode, Name: product.ProductName, Quantity: v.VariationQuantity, set: m.variationSetter(product.SystemCode, v),
		})
	}
	return out, nil
}

// The platform has no way to set stock, only to add to it.

func (m makeShop) productSetter(p *makeshop.ProductQuantity) func(context.Context, int64) error {
	if p.Quantity == nil {
		return nil
	}
	return func(ctx context.Context, quantity int64) error {
		results, err := m.client.ProductQuantities.Update(ctx, []makeshop.UpdateProductQuantityRequest{{
			ProductKeyType: makeshop.BySystemCode, SystemCode: p.SystemCode,
			QuantityCalculationType: makeshop.QuantityAdd, Quantity: quantity - *p.Quantity,
		}})
		if err != nil {
			return err
		}
		return results.Err()
	}
}

func (m makeShop) variationSetter(product string, v makeshop.VariationQuantity) func(context.Context, int64) error {
	if v.VariationQuantity == nil || v.VariationCustomCode == "" {
		return nil
	}
	return func(ctx context.Context, quantity int64) error {
		results, err := m.client.ProductQuantities.UpdateVariations(ctx, []makeshop.UpdateVariationQuantityRequest{{
			ProductKeyType: makeshop.BySystemCode, SystemCode: product,
			VariationQuantityDetails: []makeshop.VariationQuantityDetail{{
				VariationKeyType: makeshop.VariationByCustomCode, VariationCustomCode: v.VariationCustomCode,
				QuantityCalculationType: makeshop.QuantityAdd, Quantity: quantity - *v.VariationQuantity,
			}},
		}})
		if err != nil {
			return err
		}
		return results.Err()
	}
}

func (m makeShop) diagnose(ctx context.Context) diagnosis { return verdict(m.client.Verify(ctx)) }
