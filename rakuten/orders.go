package rakuten

// OrdersService works with orders. The platform's guideline is one call a second for
// the whole family.
type OrdersService service
