package main

import (
	"context"
	"strconv"

	"github.com/shotengai/shotengai-go/colorme"
)

type colorMe struct{ client *colorme.Client }

func (c colorMe) orders(ctx context.Context, in period, at window) (rows[order], error) {
	page, err := c.client.Sales.List(ctx, colorme.ListSalesParams{
		MakeDateMin: colorme.At(in.from), MakeDateMax: colorme.At(in.to), Limit: at.size, Offset: at.offset(),
	})
	if err != nil {
		return rows[order]{}, err
	}
	return convert(page, at, colorMeOrder), nil
}

func (c colorMe) order(ctx context.Context, number string, _ period) (*order, error) {
	id, err := colorMeID(number)
	if err != nil {
		return nil, err
	}
	sale, err := c.client.Sales.Get(ctx, id)
	if err != nil {
		return nil, err
	}
	return new(colorMeOrder(sale)), nil
}

func colorMeID(text string) (int64, error) {
	id, err := strconv.ParseInt(text, 10, 64)
	if err != nil || id <= 0 {
		return 0, refusedf("%q is not an id of Color Me Shop: ids of orders and items are whole numbers", text)
	}
	return id, nil
}

func colorMeOrder(s *colorme.Sale) order {
	o := order{
		Number: strconv.FormatInt(s.ID, 10), OrderedAt: s.MakeDate.Time, Status: colorMeStatus(s), Total: &s.TotalPrice,
		Buyer: colorMeBuyer(&s.Customer), Notes: notes(value(s.Memo), value(s.Customer.Other), value(s.Customer.Memo),
			value(s.Customer.AnswerFreeForm1), value(s.Customer.AnswerFreeForm2), value(s.Customer.AnswerFreeForm3)),
	}
	for _, d := range s.Details {
		l := line{
			Item: strconv.FormatInt(d.ProductID, 10), Name: d.ProductName, Quantity: int64(d.ProductNum), Price: d.PriceWithTax,
			Variant: join(" / ", value(d.Option1Value), value(d.Option2Value)),
		}
		for _, c := range d.Customizations {
			l.Choices = append(l.Choices, words(c.Title, c.Value))
		}
		o.Lines = append(o.Lines, l)
	}
	for _, d := range s.SaleDeliveries {
		o.Deliveries = append(o.Deliveries, delivery{
			Status: pick(d.Delivered, "delivered", "not delivered"), Tracking: personal(value(d.SlipNumber)),
			Recipient: person{
				Name: personal(d.Name), Reading: personal(d.Furigana), Postal: personal(value(d.Postal)), Phone: personal(value(d.Tel)),
				Address: words(d.PrefName, value(d.Address1), value(d.Address2)),
			},
		})
		o.Notes = append(o.Notes, notes(value(d.Memo), value(d.NoshiText), value(d.CardText))...)
	}
	return o
}

func colorMeBuyer(c *colorme.Customer) *person {
	return &person{
		Name: personal(value(c.Name)), Reading: personal(value(c.Furigana)), Company: words(value(c.Hojin), value(c.Busho)),
		Postal: personal(value(c.Postal)), Address: words(value(c.PrefName), value(c.Address1), value(c.Address2)),
		Phone: words(value(c.Tel), value(c.TelMobile), value(c.Fax)), Mail: personal(value(c.Mail)),
	}
}

func colorMeStatus(s *colorme.Sale) string {
	if s.Canceled {
		return "canceled"
	}
	return pick(s.Paid, "paid", "unpaid") + ", " + pick(s.Delivered, "delivered", "not delivered")
}

func pick(first bool, a, b string) string {
	if first {
		return a
	}
	return b
}

func (c colorMe) items(ctx context.Context, name string, at window) (rows[item], error) {
	page, err := c.client.Products.List(ctx, colorme.ListProductsParams{Name: name, Limit: at.size, Offset: at.offset()})
	if err != nil {
		return rows[item]{}, err
	}
	return convert(page, at, func(p *colorme.Product) item {
		return item{
			Item: strconv.FormatInt(p.ID, 10), Code: value(p.ModelNumber), Name: p.Name,
			Price: new(p.SalesPriceIncludingTax), Status: string(p.DisplayState),
		}
	}), nil
}

func (c colorMe) stock(ctx context.Context, item string) ([]stock, error) {
	id, err := colorMeID(item)
	if err != nil {
		return nil, err
	}
	var out []stock
	for row, err := range c.client.Stocks.All(ctx, colorme.ListStocksParams{IDs: colorme.IDs{id}, Limit: maxRows}) {
		if err != nil {
			return nil, err
		}
		s := stock{Variant: join(" / ", value(row.Option1Value), value(row.Option2Value)), Name: row.Name, Quantity: row.Stocks}
		if row.Stocks != nil {
			s.set = c.setter(colorme.UpdateStockRequest{ProductID: id, Option1Value: value(row.Option1Value), Option2Value: value(row.Option2Value)})
		}
		out = append(out, s)
	}
	return out, nil
}

func (c colorMe) setter(change colorme.UpdateStockRequest) func(context.Context, int64) error {
	return func(ctx context.Context, quantity int64) error {
		change.Stocks = colorme.SetStocks(quantity)
		results, err := c.client.Stocks.UpdateMany(ctx, []colorme.UpdateStockRequest{change})
		if err != nil {
			return err
		}
		return results.Err()
	}
}

func (c colorMe) diagnose(ctx context.Context) diagnosis { return verdict(c.client.Verify(ctx)) }
