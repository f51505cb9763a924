package rakuten

import "strings"

// UnreportedParcels is a request that reports parcels to the order, without those that it
// has: a row that would add a parcel is left out when its shipping number stands in that
// package already, or in an earlier row for it, whatever the hyphens. Rows that change a
// parcel or have no shipping number stay. A request without Packages reports nothing and is
// refused; a job that reads its orders before can be repeated.
func (o *Order) UnreportedParcels(baskets ...ShippingBasket) UpdateShippingRequest {
	type parcel struct {
		basket int64
		number string
	}
	known := map[parcel]bool{}
	for _, p := range o.Packages {
		for _, s := range p.Shippings {
			known[parcel{p.BasketID, withoutHyphens(s.ShippingNumber)}] = true
		}
	}
	request := UpdateShippingRequest{OrderNumber: o.OrderNumber}
	for _, b := range baskets {
		open := ShippingBasket{BasketID: b.BasketID}
		for _, row := range b.Rows {
			this := parcel{b.BasketID, withoutHyphens(row.ShippingNumber)}
			if adds := row.ShippingDetailID == nil; adds && this.number != "" && known[this] {
				continue
			}
			known[this] = true
			open.Rows = append(open.Rows, row)
		}
		if len(open.Rows) > 0 {
			request.Packages = append(request.Packages, open)
		}
	}
	return request
}

// withoutHyphens is a shipping number as it is compared. Whether the platform keeps hyphens
// is not established.
func withoutHyphens(number *string) string { return strings.ReplaceAll(value(number), "-", "") }
