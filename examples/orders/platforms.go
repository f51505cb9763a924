package main

import (
	"cmp"
	"context"
	"iter"
	"math"
	"slices"
	"strconv"
	"time"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/colorme"
	"github.com/shotengai/shotengai-go/makeshop"
	"github.com/shotengai/shotengai-go/rakuten"
	"github.com/shotengai/shotengai-go/stores"
)

// The periods below are from the first to the last second of them.

func colorMeShop(name string, client *colorme.Client) shop {
	return shop{name, "colorme", func(ctx context.Context, from, to time.Time) iter.Seq2[order, error] {
		params := colorme.ListSalesParams{MakeDateMin: colorme.At(from), MakeDateMax: colorme.At(to)}
		return convert(client.Sales.All(ctx, params), colorMeOrder)
	}, func(ctx context.Context, cursor *shotengai.Cursor) iter.Seq2[order, error] {
		return convert(client.Sales.Changes(ctx, cursor), colorMeOrder)
	}}
}

func colorMeOrder(s *colorme.Sale) order {
	o := order{Number: strconv.FormatInt(s.ID, 10), Time: s.MakeDate.Time, Status: colorMeStatus(s), Total: &s.TotalPrice}
	normal := int64(10)
	if s.MakeDate.Before(time.Date(2019, 10, 1, 0, 0, 0, 0, shotengai.JST)) {
		normal = 8 // and nothing was reduced
	}
	if t := s.Totals; t != nil {
		*o.at(8) = taxed{&t.TotalPriceWithReducedTax, &t.ReducedTaxAmount, &t.DiscountAmountForReducedTax}
		*o.at(normal) = taxed{&t.TotalPriceWithNormalTax, &t.NormalTaxAmount, &t.DiscountAmountForNormalTax}
	}
	for _, d := range s.Details {
		percent := normal
		if d.TaxReduced {
			percent = 8
		}
		o.Lines = append(o.Lines, line{
			Item: strconv.FormatInt(d.ProductID, 10), SKU: value(d.ProductModelNumber), Variant: join(value(d.Option1Value), value(d.Option2Value)),
			Name: d.PristineProductFullName, Quantity: int64(d.ProductNum), Price: d.PriceWithTax, TaxPercent: &percent,
		})
	}
	return o
}

// colorMeStatus says the three things that an order can be, as each can come late.
func colorMeStatus(s *colorme.Sale) string {
	state := func(is bool, yes, no string) string {
		if is {
			return yes
		}
		return no
	}
	return join(state(s.Paid, "paid", "unpaid"), state(s.Delivered, "delivered", ""), state(s.Canceled, "canceled", ""))
}

func storesShop(name string, client *stores.Client) shop {
	return shop{name, "stores", func(ctx context.Context, from, to time.Time) iter.Seq2[order, error] {
		params := stores.ListOrdersParams{OrderedAtFrom: stores.At(from), OrderedAtTo: stores.At(to), Direction: stores.Ascending}
		return convert(client.Orders.All(ctx, params), storesOrder)
	}, func(ctx context.Context, cursor *shotengai.Cursor) iter.Seq2[order, error] {
		return convert(client.Orders.Changes(ctx, cursor), storesOrder)
	}}
}

func storesOrder(s *stores.Order) order {
	o := order{Number: string(s.Number), Time: s.OrderedAt.Time, Status: string(s.Status()), Total: &s.PaymentAmount}
	for _, t := range s.TaxDetails {
		*o.at(value(percent(t.TaxRate))) = taxed{new(t.SalesAmount - t.CancelAmount), new(t.SalesTax - t.CancelTax), new(t.SalesDiscount - t.CancelDiscount)}
	}
	for _, d := range s.Deliveries {
		for _, i := range d.Items {
			o.Lines = append(o.Lines, line{
				Item: value(i.ItemID), SKU: cmp.Or(value(i.Code), value(i.VariationID)), Variant: i.VariationName,
				Name: i.Name, Quantity: int64(i.Quantity), Price: i.RegularPrice, TaxPercent: percent(i.TaxRate),
			})
		}
	}
	return o
}

// percent is the rate that a fraction such as 0.08 means.
func percent(fraction stores.Rate) *int64 {
	f, err := fraction.Float64()
	if err != nil {
		return nil
	}
	return new(int64(math.Round(f * 100)))
}

func makeShop(name string, client *makeshop.Client) shop {
	return shop{name, "makeshop", func(ctx context.Context, from, to time.Time) iter.Seq2[order, error] {
		params := makeshop.ListOrdersParams{StartOrderDate: makeshop.At(from), EndOrderDate: makeshop.At(to), SortOrder: makeshop.Ascending}
		return convert(client.Orders.All(ctx, params), makeShopOrder)
	}, func(ctx context.Context, cursor *shotengai.Cursor) iter.Seq2[order, error] {
		return convert(client.Orders.Changes(ctx, cursor), makeShopOrder)
	}}
}

func makeShopOrder(s *makeshop.Order) order {
	o := order{Number: s.SystemOrderNumber, Status: makeShopStatus(s), Total: &s.SumPrice}
	if at, err := s.OrderDate.Time(); err == nil {
		o.Time = at
	}
	for _, d := range s.DiscountPerTax {
		o.at(d.TaxRate).Discount = &d.Discount
	}
	for _, d := range s.DeliveryInfos {
		for _, b := range d.BasketInfos {
			variant := []string{b.VariationName}
			for _, c := range b.CustomSelects {
				variant = append(variant, c.CustomSelectName+" : "+c.SelectedItemName)
			}
			o.Lines = append(o.Lines, line{
				Item: b.ProductCode, SKU: cmp.Or(b.VariationCustomCode, b.ProductCustomCode), Variant: join(variant...),
				Name: b.ProductName, Quantity: b.Amount, Price: b.Price,
			})
		}
	}
	return o
}

// makeShopStatus is the state of the payment and those of the deliveries.
func makeShopStatus(s *makeshop.Order) string {
	var deliveries []string
	for _, d := range s.DeliveryInfos {
		deliveries = append(deliveries, string(d.DeliveryStatus))
	}
	slices.Sort(deliveries)
	return join(slices.Concat([]string{string(s.PaymentStatusCode)}, slices.Compact(deliveries))...)
}

func rakutenShop(name string, client *rakuten.Client) shop {
	return shop{name, "rakuten", func(ctx context.Context, from, to time.Time) iter.Seq2[order, error] {
		params := rakuten.SearchOrdersParams{DateType: rakuten.DateOrdered, StartDatetime: rakuten.At(from), EndDatetime: rakuten.At(to)}
		return convert(client.Orders.All(ctx, params), rakutenOrder)
	}, func(ctx context.Context, cursor *shotengai.Cursor) iter.Seq2[order, error] {
		return convert(client.Orders.Changes(ctx, cursor), rakutenOrder)
	}}
}

func rakutenOrder(s *rakuten.Order) order {
	o := order{Number: s.OrderNumber, Time: s.OrderDatetime.Time, Status: strconv.Itoa(int(s.OrderProgress))}
	if total, fixed := s.Total(); fixed {
		o.Total = &total
	}
	for _, t := range s.TaxSummaries {
		*o.at(int64(math.Round(float64(t.TaxRate) * 100))) = taxed{fixed(t.ReqPrice), fixed(t.ReqPriceTax), fixed(t.CouponPrice)}
	}
	for _, p := range s.Packages {
		for _, i := range p.Items {
			o.Lines = append(o.Lines, rakutenLine(i))
		}
	}
	return o
}

func rakutenLine(i rakuten.OrderItem) line {
	l := line{Item: i.ManageNumber, Name: i.ItemName, Quantity: i.Units, Price: value(fixed(i.PriceTaxIncl))}
	if i.TaxRate != nil {
		l.TaxPercent = new(int64(math.Round(float64(*i.TaxRate) * 100)))
	}
	var variants []string
	for _, s := range i.SKUs {
		l.SKU = cmp.Or(l.SKU, value(s.MerchantDefinedSKUID))
		variants = append(variants, cmp.Or(value(s.SKUInfo), value(s.VariantID)))
	}
	l.SKU = cmp.Or(l.SKU, value(i.ItemNumber), i.ManageNumber)
	l.Variant = cmp.Or(join(variants...), value(i.SelectedChoice))
	return l
}

// fixed is an amount, and nil as long as it is not fixed.
func fixed(a rakuten.Amount) *int64 {
	if yen, ok := a.Fixed(); ok {
		return &yen
	}
	return nil
}
