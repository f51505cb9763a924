package rakuten_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/shotengai/shotengai-go/rakuten"
)

func TestUnreportedParcels(t *testing.T) {
	t.Parallel()
	order := rakuten.Order{OrderNumber: order1, Packages: []rakuten.OrderPackage{
		{BasketID: 1, Shippings: []rakuten.OrderShipping{{ShippingDetailID: 10, ShippingNumber: new("1234-5678")}, {ShippingDetailID: 11}}},
		{BasketID: 2},
	}}
	adds := func(number string) rakuten.ShippingRow { return rakuten.ShippingRow{ShippingNumber: new(number)} }
	changes := rakuten.ShippingRow{ShippingDetailID: new(int64(10)), ShippingNumber: new("1234-5678"), ShippingDate: rakuten.NoShipDate()}
	basket := func(id int64, rows ...rakuten.ShippingRow) rakuten.ShippingBasket {
		return rakuten.ShippingBasket{BasketID: id, Rows: rows}
	}
	for name, tt := range map[string]struct{ give, want []rakuten.ShippingBasket }{
		"nothing":                   {nil, nil},
		"all are there":             {[]rakuten.ShippingBasket{basket(1, adds("1234-5678"))}, nil},
		"written without hyphens":   {[]rakuten.ShippingBasket{basket(1, adds("12345678"), adds("9"))}, []rakuten.ShippingBasket{basket(1, adds("9"))}},
		"there in another package":  {[]rakuten.ShippingBasket{basket(2, adds("1234-5678"))}, []rakuten.ShippingBasket{basket(2, adds("1234-5678"))}},
		"a row twice":               {[]rakuten.ShippingBasket{basket(2, adds("9"), adds("9")), basket(2, adds("9"))}, []rakuten.ShippingBasket{basket(2, adds("9"))}},
		"rows without a number":     {[]rakuten.ShippingBasket{basket(1, rakuten.ShippingRow{}, adds(""))}, []rakuten.ShippingBasket{basket(1, rakuten.ShippingRow{}, adds(""))}},
		"a change of a parcel":      {[]rakuten.ShippingBasket{basket(1, changes)}, []rakuten.ShippingBasket{basket(1, changes)}},
		"a package that is unknown": {[]rakuten.ShippingBasket{basket(3, adds("9"))}, []rakuten.ShippingBasket{basket(3, adds("9"))}},
	} {
		assert.Equal(t, rakuten.UpdateShippingRequest{OrderNumber: order1, Packages: tt.want}, order.UnreportedParcels(tt.give...), name)
	}
}
