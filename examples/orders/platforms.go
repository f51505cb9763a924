package main

import (
	"context"
	"iter"
	"strconv"
	"time"

	"github.com/shotengai/shotengai-go/colorme"
	"github.com/shotengai/shotengai-go/makeshop"
	"github.com/shotengai/shotengai-go/rakuten"
	"github.com/shotengai/shotengai-go/stores"
)

// The periods below are from the first to the last second of them.

func colorMeShop(name string, client *colorme.Client) shop {
	return shop{name, "colorme", func(ctx context.Context, from, to time.Time) iter.Seq2[order, error] {
		params := colorme.ListSalesParams{MakeDateMin: colorme.At(from), MakeDateMax: colorme.At(to)}
		return convert(client.Sales.All(ctx, params), func(s *colorme.Sale) order {
			o := order{Number: strconv.FormatInt(s.ID, 10), Time: s.MakeDate.Time, Status: colorMeStatus(s), Total: &s.TotalPrice}
			for _, d := range s.Details {
				o.Lines = append(o.Lines, line{d.PristineProductFullName, deref(d.ProductModelNumber), int64(d.ProductNum), d.PriceWithTax})
			}
			return o
		})
	}}
}

func colorMeStatus(s *colorme.Sale) string {
	switch {
	case s.Canceled:
		return "canceled"
	case s.Delivered:
		return "delivered"
	case s.Paid:
		return "paid"
	}
	return "unpaid"
}

func storesShop(name string, client *stores.Client) shop {
	return shop{name, "stores", func(ctx context.Context, from, to time.Time) iter.Seq2[order, error] {
		params := stores.ListOrdersParams{OrderedAtFrom: stores.At(from), OrderedAtTo: stores.At(to), Direction: stores.Ascending}
		return convert(client.Orders.All(ctx, params), func(s *stores.Order) order {
			o := order{Number: string(s.Number), Time: s.OrderedAt.Time, Status: string(s.Status()), Total: &s.PaymentAmount}
			for _, d := range s.Deliveries {
				for _, i := range d.Items {
					o.Lines = append(o.Lines, line{i.Name, deref(i.Code), int64(i.Quantity), i.RegularPrice})
				}
			}
			return o
		})
	}}
}

func makeShop(name string, client *makeshop.Client) shop {
	return shop{name, "makeshop", func(ctx context.Context, from, to time.Time) iter.Seq2[order, error] {
		params := makeshop.ListOrdersParams{StartOrderDate: makeshop.At(from), EndOrderDate: makeshop.At(to), SortOrder: makeshop.Ascending}
		return convert(client.Orders.All(ctx, params), func(s *makeshop.Order) order {
			o := order{Number: s.SystemOrderNumber, Status: string(s.PaymentStatusCode), Total: &s.SumPrice}
			if at, err := s.OrderDate.Time(); err == nil {
				o.Time = at
			}
			for _, d := range s.DeliveryInfos {
				for _, b := range d.BasketInfos {
					o.Lines = append(o.Lines, line{b.ProductName + " " + b.VariationName, b.ProductCustomCode, b.Amount, b.Price})
				}
			}
			return o
		})
	}}
}

func rakutenShop(name string, client *rakuten.Client) shop {
	return shop{name, "rakuten", func(ctx context.Context, from, to time.Time) iter.Seq2[order, error] {
		params := rakuten.SearchOrdersParams{DateType: rakuten.DateOrdered, StartDatetime: rakuten.At(from), EndDatetime: rakuten.At(to)}
		return convert(client.Orders.All(ctx, params), rakutenOrder)
	}}
}

func rakutenOrder(s *rakuten.Order) order {
	o := order{Number: s.OrderNumber, Time: s.OrderDatetime.Time, Status: strconv.Itoa(int(s.OrderProgress))}
	if total, fixed := s.Total(); fixed {
		o.Total = &total
	}
	for _, p := range s.Packages {
		for _, i := range p.Items {
			price, _ := i.PriceTaxIncl.Fixed()
			o.Lines = append(o.Lines, line{i.ItemName, i.ManageNumber, i.Units, price})
		}
	}
	return o
}
