package main

import (
	"context"

	"github.com/shotengai/shotengai-go/stores"
)

type storesShop struct{ client *stores.Client }

func (s storesShop) orders(ctx context.Context, in period, at window) (rows[order], error) {
	page, err := s.client.Orders.List(ctx, stores.ListOrdersParams{
		OrderedAtFrom: stores.At(in.from), OrderedAtTo: stores.At(in.to), Direction: stores.Ascending, Limit: at.size, Offset: at.offset(),
	})
	if err != nil {
		return rows[order]{}, err
	}
	return convert(page, at, storesOrder), nil
}

func (s storesShop) order(ctx context.Context, number string, _ period) (*order, error) {
	page, err := s.client.Orders.List(ctx, stores.ListOrdersParams{Numbers: stores.OrderNumbers{stores.OrderNumber(number)}})
	if err != nil {
		return nil, err
	}
	o, err := only(page, "order "+number)
	if err != nil {
		return nil, err
	}
	return new(storesOrder(o)), nil
}

func storesOrder(s *stores.Order) order {
	o := order{
		Number: string(s.Number), OrderedAt: s.OrderedAt.Time, Status: string(s.Status()), Total: &s.PaymentAmount,
		Buyer: storesPerson(s.BillingAddress), Notes: notes(s.Note, s.Remarks, value(s.ReceiptAddress)),
	}
	o.Buyer.Mail = personal(value(s.Email))
	for _, d := range s.Deliveries {
		out := delivery{Status: "not shipped"}
		switch {
		case !d.CanceledAt.IsZero():
			out.Status = "cancelled"
		case !d.ShippedAt.IsZero():
			out.Status = "shipped"
		}
		if d.Shipping != nil {
			out.Recipient, out.Tracking = *storesPerson(&d.ShippingAddress), personal(value(d.TrackingNumber))
			o.Notes = append(o.Notes, notes(value(d.ShippedMailMessage))...)
		}
		o.Deliveries = append(o.Deliveries, out)
		for _, i := range d.Items {
			variant := []string{i.VariationName}
			for _, option := range i.Option {
				variant = append(variant, option.Name)
			}
			o.Lines = append(o.Lines, line{
				Item: value(i.ItemID), Name: i.Name, Variant: join(" / ", variant...), Quantity: int64(i.Quantity), Price: i.RegularPrice,
			})
		}
	}
	return o
}

func storesPerson(a *stores.Address) *person {
	if a == nil {
		return &person{}
	}
	return &person{
		Name: words(a.LastName, a.FirstName), Postal: personal(a.ZipCode), Address: words(a.Prefecture, a.Address), Phone: personal(a.Tel),
	}
}

func (s storesShop) items(ctx context.Context, name string, at window) (rows[item], error) {
	page, err := s.client.Items.List(ctx, stores.ListItemsParams{Keyword: name, Limit: at.size, Offset: at.offset()})
	if err != nil {
		return rows[item]{}, err
	}
	return convert(page, at, func(i *stores.Item) item {
		out := item{Item: i.ID, Name: i.Name, Price: i.Price, Status: string(i.Status)}
		if len(i.Variations) == 1 {
			out.Code, out.Price = value(i.Variations[0].Code), &i.Variations[0].SalesPrice
		}
		return out
	}), nil
}

func (s storesShop) stock(ctx context.Context, id string) ([]stock, error) {
	page, err := s.client.Items.List(ctx, stores.ListItemsParams{IDs: stores.IDs{id}})
	if err != nil {
		return nil, err
	}
	found, err := only(page, "item "+id)
	if err != nil {
		return nil, err
	}
	var out []stock
	for _, v := range found.Variations {
		out = append(out, stock{Variant: v.ID, Name: join(" / ", found.Name, v.Name), Quantity: v.Quantity, set: func(ctx context.Context, quantity int64) error {
			_, err := s.client.Inventories.SetQuantity(ctx, v.ID, quantity)
			return err
		}})
	}
	return out, nil
}

func (s storesShop) diagnose(ctx context.Context) diagnosis { return verdict(s.client.Verify(ctx)) }
