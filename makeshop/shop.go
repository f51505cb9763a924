package makeshop

import (
	"context"
	"errors"

	"github.com/shotengai/shotengai-go"
)

// ShopService reads the shop itself.
type ShopService service

// Shop is the shop behind the token. Provisional, all but the name.
type Shop struct {
	ShopID                string `json:"shopId"` // the id that webhooks name
	ShopName              string `json:"shopName"`
	ShopURL               string `json:"shopUrl"`
	SettingOriginalDomain string `json:"settingOriginalDomain"`
	OpenCondition         string `json:"openCondition"` // values not documented
}

var getShop = operation{
	root: "getShop",
	text: "query getShop { getShop { shop { shopId shopName shopUrl settingOriginalDomain openCondition } } }",
}

// getShopLean asks for what identifies a shop.
var getShopLean = operation{root: "getShop", text: "query getShop { getShop { shop { shopId shopName } } }"}

type getShopResponse struct {
	Shop *Shop `json:"shop"`
}

func (r *getShopResponse) missing() error {
	if r.Shop == nil {
		return errNoShop
	}
	return nil
}

var errNoShop = errors.New("the answer has no shop")

// Get returns the shop (getShop). An answer without one is [shotengai.ErrNotFound].
func (s *ShopService) Get(ctx context.Context, opts ...shotengai.CallOption) (*Shop, error) {
	return s.get(ctx, getShop, opts)
}

// GetLean is Get for the shop's id and name alone.
func (s *ShopService) GetLean(ctx context.Context, opts ...shotengai.CallOption) (*Shop, error) {
	return s.get(ctx, getShopLean, opts)
}

func (s *ShopService) get(ctx context.Context, op operation, opts []shotengai.CallOption) (*Shop, error) {
	return pick(ctx, s.client, op, nil, nil, func(r *getShopResponse) *Shop { return r.Shop }, opts)
}

// ShopDeliverySetting is how the shop delivers. Provisional.
type ShopDeliverySetting struct {
	SettingDeliveryMethods []DeliveryMethod `json:"settingDeliveryMethods"`
}

// DeliveryMethod is one way in which the shop delivers. Fees are yen.
type DeliveryMethod struct {
	SettingName             string    `json:"settingName"`
	SettingDisplay          Scalar    `json:"settingDisplay"`
	SettingShippingFee      Scalar    `json:"settingShippingFee"`
	SettingAreaShippingFees []AreaFee `json:"settingAreaShippingFees"`
}

// AreaFee is what delivery to an area costs, in yen.
type AreaFee struct {
	AreaName  string `json:"areaName"`
	FeeByArea Scalar `json:"feeByArea"`
}

var getShopDeliverySetting = operation{
	root: "getShopDeliverySetting",
	text: "query getShopDeliverySetting { getShopDeliverySetting { delivery { settingDeliveryMethods {" +
		" settingName settingDisplay settingShippingFee settingAreaShippingFees { areaName feeByArea } } } } }",
}

type getShopDeliverySettingResponse struct {
	Delivery *ShopDeliverySetting `json:"delivery"`
}

// DeliverySetting returns the shop's delivery methods and what they cost by area
// (getShopDeliverySetting); nil if there is none.
func (s *ShopService) DeliverySetting(ctx context.Context, opts ...shotengai.CallOption) (*ShopDeliverySetting, error) {
	delivery := func(r *getShopDeliverySettingResponse) *ShopDeliverySetting { return r.Delivery }
	return pick(ctx, s.client, getShopDeliverySetting, nil, nil, delivery, opts)
}
