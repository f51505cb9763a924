package rakuten

// ShopService works with the settings of the shop.
type ShopService struct{}

func newShopService(*Client) *ShopService { return &ShopService{} }
