package rakuten

import (
	"context"

	"github.com/shotengai/shotengai-go"
)

// ShopMaster is who the shop is. Texts have at most 255 characters, names and the address
// at most 382.
type ShopMaster struct {
	ShopName          string `xml:"shopName"`
	URL               string `xml:"url"`
	CompanyName       string `xml:"companyName"`
	PresidentName     string `xml:"presidentName"`
	AddressZip        string `xml:"addressZip"`
	AddressPrefecture string `xml:"addressPrefecture"`
	AddressCity       string `xml:"addressCity"`
	AddressStreet     string `xml:"addressStreet"`
	CompanyTel        string `xml:"companyTel"`
	CompanyFax        string `xml:"companyFax"`
	TantouName        string `xml:"tantouName"` // the person in charge
	TantouPost        string `xml:"tantouPost"`
	TantouTel         string `xml:"tantouTel"`
	TantouFax         string `xml:"tantouFax"`
	SupportTel        string `xml:"supportTel"`
	SupportFax        string `xml:"supportFax"`
	EmergencyTel      string `xml:"emergencyTel"`
	SecName           string `xml:"secName"`
}

// ShopDelvdateMaster is how long an item takes to be delivered, as items show it.
type ShopDelvdateMaster struct {
	DelvdateNumber  string `xml:"delvdateNumber"`
	DelvdateCaption string `xml:"delvdateCaption"`
	AppointDays     int64  `xml:"appointDays"`
}

// ShopDelvAreaMaster is an area that the shop delivers to.
type ShopDelvAreaMaster struct {
	DelvAreaID      int    `xml:"delvAreaId"`
	DelvAreaName    string `xml:"delvAreaName"`
	DelvAreaCaption string `xml:"delvAreaCaption"`
	DelvAreaLimit   string `xml:"delvAreaLimit"`
}

// ShopDeliverySetInfo is a set of delivery methods.
type ShopDeliverySetInfo struct {
	DeliverySetID          int    `xml:"deliverySetId"`
	DeliverySetName        string `xml:"deliverySetName"`
	DeliverySetDefaultFlag int    `xml:"deliverySetDefaultFlag"`
}

// ShopOperationLeadTime is a lead time of the shop. Its id is what stock refers to.
type ShopOperationLeadTime struct {
	OperationLeadTimeID   string `xml:"operationLeadTimeId"`
	Name                  string `xml:"name"`
	NumberOfDays          int    `xml:"numberOfDays"`
	InStockDefaultFlag    int    `xml:"inStockDefaultFlag"`    // 1: for items in stock unless they say otherwise
	OutOfStockDefaultFlag int    `xml:"outOfStockDefaultFlag"` // 1: for items out of stock unless they say otherwise
}

// ShopShipFrom is a place that the shop ships from. Its id is what stock refers to.
type ShopShipFrom struct {
	ShipFromID  string `xml:"shipFromId"`
	Name        string `xml:"name"`
	ZipcodeFrom string `xml:"zipcodeFrom"`
	DefaultFlag string `xml:"defaultFlag"`
}

// ShopSoryoKbnResource reads the classes of shipping fees.
type ShopSoryoKbnResource struct{ shopPart }

// ListSoryoKbnParams selects classes of shipping fees.
type ListSoryoKbnParams struct {
	KbnID *int `url:"kbnId,omitempty"`
	ID    *int `url:"id,omitempty"`
}

// List returns classes of shipping fees, on one page.
func (r ShopSoryoKbnResource) List(ctx context.Context, params ListSoryoKbnParams, opts ...shotengai.CallOption) (*shotengai.Page[ShopSoryoKbn], error) {
	at := resourceOf(r)
	at.rows = at.id
	return shopList[ShopSoryoKbn](ctx, at, params, nil, opts...)
}

// ShopSoryoKbn is a class of shipping fees.
type ShopSoryoKbn struct {
	KbnID int    `xml:"kbnId"`
	ID    int    `xml:"id"`
	Name  string `xml:"name"`
}

// ShopAreaSoryoPattern is a pattern of shipping fees by region.
type ShopAreaSoryoPattern struct {
	PatternID   int                   `xml:"patternId"`
	PatternName string                `xml:"patternName"`
	Charges     []ShopAreaSoryoCharge `xml:"shopAreaSoryoChargeList>shopAreaSoryoCharge"`
}

// ShopAreaSoryoCharge is what shipping to a region costs.
type ShopAreaSoryoCharge struct {
	RegionID int   `xml:"regionId"` // 1 to 13
	Charge   int64 `xml:"charge"`   // yen
}

// ShopStatusKey is a function that shops are moved to. Open set.
type ShopStatusKey string

// Values of ShopStatusKey.
const (
	StatusSKUMigration   ShopStatusKey = "skuMigration"
	StatusPCTopMigration ShopStatusKey = "pcTopMigration"
)

// ShopStatus is how far the shop has moved to a new function.
type ShopStatus struct {
	StatusKey   ShopStatusKey `xml:"statusKey"`
	StatusValue string        `xml:"statusValue"`
}

// ShopStatusResource reads and changes how far the shop has moved to new functions. Provisional.
type ShopStatusResource struct{ shopPart }

// Get returns how far the shop has moved. Provisional.
func (r ShopStatusResource) Get(ctx context.Context, key ShopStatusKey, opts ...shotengai.CallOption) (*ShopStatus, error) {
	model, _, err := shopRead[ShopStatus](ctx, r.at(key, "shopStatus"), nil, nil, opts...)
	return model, err
}

// Update moves the shop. Whether there is a way back is not established. Provisional.
func (r ShopStatusResource) Update(ctx context.Context, status ShopStatus, opts ...shotengai.CallOption) (*ShopResult, error) {
	return shopEdit(ctx, r.at(status.StatusKey, "updateModel"), status, opts...)
}

func (r ShopStatusResource) at(key ShopStatusKey, within string) shopAt {
	return shopAt{client: r.client, name: "shopStatus/{statusKey}", path: []string{string(key)}, within: within, root: "shopStatus"}
}
