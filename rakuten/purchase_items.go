package rakuten

// PurchaseItemsService reads what was bought.
type PurchaseItemsService service
