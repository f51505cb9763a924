package main

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/rakuten"
)

type rakutenShop struct{ client *rakuten.Client }

func (r rakutenShop) orders(ctx context.Context, in period, at window) (rows[order], error) {
	found, err := r.client.Orders.Search(ctx, rakuten.SearchOrdersParams{
		DateType: rakuten.DateOrdered, StartDatetime: rakuten.At(in.from), EndDatetime: rakuten.At(in.to),
		Pagination: &rakuten.SearchPage{
			RequestRecordsAmount: at.size, RequestPage: at.number,
			Sort: []rakuten.SearchSort{{SortColumn: rakuten.SortByOrderDate, SortDirection: rakuten.SortAscending}},
		},
	})
	if err != nil || len(found.Items) == 0 {
		return rows[order]{}, err
	}
	orders, err := r.client.Orders.GetBatch(ctx, found.Items)
	if err != nil {
		return rows[order]{}, err
	}
	// Answers may be in another order than the search.
	slices.SortFunc(orders.Items, func(a, b rakuten.Order) int {
		return slices.Index(found.Items, a.OrderNumber) - slices.Index(found.Items, b.OrderNumber)
	})
	return convert(&shotengai.Page[rakuten.Order]{Items: orders.Items, RowErrors: orders.Missing, Total: found.Total}, at, rakutenOrder), nil
}

func (r rakutenShop) order(ctx context.Context, number string, _ period) (*order, error) {
	o, err := r.client.Orders.Get(ctx, number)
	if err != nil {
		return nil, err
	}
	return new(rakutenOrder(o)), nil
}

func rakutenOrder(s *rakuten.Order) order {
	o := order{
		Number: s.OrderNumber, OrderedAt: s.OrderDatetime.Time, Status: rakutenStatus(s.OrderProgress),
		Buyer: rakutenBuyer(&s.Orderer), Notes: notes(value(s.Remarks), value(s.Memo), value(s.MailPlugSentence)),
	}
	if total, fixed := s.Total(); fixed {
		o.Total = &total
	}
	for _, p := range s.Packages {
		d := delivery{Recipient: rakutenReceiver(&p.Sender)}
		var slips []string
		for _, parcel := range p.Shippings {
			slips = append(slips, value(parcel.ShippingNumber))
		}
		d.Tracking = words(slips...)
		o.Deliveries = append(o.Deliveries, d)
		o.Notes = append(o.Notes, notes(value(p.Noshi), value(p.DropOffLocation))...)
		for _, i := range p.Items {
			o.Lines = append(o.Lines, rakutenLine(i))
		}
	}
	return o
}

func rakutenLine(i rakuten.OrderItem) line {
	l := line{Item: i.ManageNumber, Name: i.ItemName, Quantity: i.Units, Choices: notes(value(i.SelectedChoice))}
	if yen, fixed := i.PriceTaxIncl.Fixed(); fixed {
		l.Price = yen
	}
	var variants []string
	for _, sku := range i.SKUs {
		variants = append(variants, join(" ", value(sku.VariantID), value(sku.SKUInfo)))
	}
	l.Variant = join(" / ", variants...)
	return l
}

func rakutenBuyer(o *rakuten.Orderer) *person {
	return &person{
		Name: words(o.FamilyName, value(o.FirstName)), Reading: words(value(o.FamilyNameKana), value(o.FirstNameKana)),
		Postal: words(value(o.ZipCode1), value(o.ZipCode2)), Address: words(o.Prefecture, o.City, value(o.SubAddress)),
		Phone: words(value(o.PhoneNumber1), value(o.PhoneNumber2), value(o.PhoneNumber3)), Mail: personal(o.EmailAddress),
	}
}

func rakutenReceiver(r *rakuten.Receiver) person {
	return person{
		Name: words(r.FamilyName, value(r.FirstName)), Reading: words(value(r.FamilyNameKana), value(r.FirstNameKana)),
		Postal: words(value(r.ZipCode1), value(r.ZipCode2)), Address: words(r.Prefecture, r.City, value(r.SubAddress)),
		Phone: words(value(r.PhoneNumber1), value(r.PhoneNumber2), value(r.PhoneNumber3)),
	}
}

var rakutenStatuses = map[rakuten.OrderProgress]string{
	rakuten.ProgressAwaitingConfirmation: "awaiting confirmation", rakuten.ProgressRakutenProcessing: "processed by Rakuten",
	rakuten.ProgressToShip: "to ship", rakuten.ProgressChangePending: "change pending", rakuten.ProgressShipped: "shipped",
	rakuten.ProgressPaymentInProgress: "payment in progress", rakuten.ProgressPaid: "paid",
	rakuten.ProgressCancelPending: "cancel pending", rakuten.ProgressCancelled: "cancelled",
}

func rakutenStatus(p rakuten.OrderProgress) string {
	if status, ok := rakutenStatuses[p]; ok {
		return status
	}
	return strconv.Itoa(int(p))
}

func (r rakutenShop) items(ctx context.Context, name string, at window) (rows[item], error) {
	page, err := r.client.Items.Search(ctx, rakuten.SearchItemsParams{Title: name, Hits: at.size, Offset: at.offset()})
	if err != nil {
		return rows[item]{}, err
	}
	return convert(page, at, rakutenItem), nil
}

func rakutenItem(f *rakuten.FoundItem) item {
	code, _ := f.Item.ItemNumber.Get()
	out := item{Item: f.Item.ManageNumber, Code: code, Name: f.Item.Title, Status: pick(value(f.Item.HideItem), "hidden", "shown")}
	if len(f.Item.Variants) == 1 {
		for _, v := range f.Item.Variants {
			if yen, err := v.StandardPrice.Yen(); err == nil {
				out.Price = &yen
			}
		}
	}
	return out
}

func (r rakutenShop) stock(ctx context.Context, item string) ([]stock, error) {
	item = strings.ToLower(item)
	variants, err := r.client.Inventory.Variants(ctx, item)
	if err != nil {
		return nil, err
	}
	skus := make([]rakuten.SKU, 0, len(variants))
	for _, id := range variants {
		skus = append(skus, rakuten.SKU{ManageNumber: item, VariantID: id})
	}
	if len(skus) == 0 {
		return nil, nil
	}
	found, err := r.client.Inventory.BulkGet(ctx, skus)
	if err != nil {
		return nil, err
	}
	if len(found.RowErrors) > 0 {
		return nil, found.RowErrors[0]
	}
	var out []stock
	for _, i := range found.Items {
		out = append(out, stock{Variant: i.VariantID, Quantity: new(int64(i.Quantity)), set: func(ctx context.Context, quantity int64) error {
			return r.client.Inventory.Upsert(ctx, i.Change(rakuten.StockAbsolute, int(quantity)))
		}})
	}
	return out, nil
}

func (r rakutenShop) expiry(ctx context.Context) (time.Time, error) {
	return r.client.Licenses.ExpiryDate(ctx)
}

func (r rakutenShop) diagnose(ctx context.Context) diagnosis {
	d := r.client.Diagnose(ctx)
	works := d.Verdict == rakuten.VerdictWorks || d.Verdict == rakuten.VerdictExpiryNotEnabled
	who, what := d.Verdict.Act(shotengai.English)
	return diagnosis{Works: works, Cause: d.Verdict.Explain(shotengai.English), Who: string(who), What: what, ExpiresAt: d.ExpiresAt}
}
