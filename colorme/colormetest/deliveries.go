package colormetest

import (
	"net/http"
	"time"
)

type delivery struct {
	ID                    int64          `json:"id"`
	AccountID             string         `json:"account_id"`
	Name                  string         `json:"name"`
	MethodType            string         `json:"method_type"`
	ImageURL              *string        `json:"image_url"`
	ChargeFreeType        string         `json:"charge_free_type"`
	ChargeFreeLimit       *int64         `json:"charge_free_limit"`
	ChargeType            string         `json:"charge_type"`
	Charge                deliveryCharge `json:"charge"`
	TaxIncluded           bool           `json:"tax_included"`
	SlipNumberUse         bool           `json:"slip_number_use"`
	SlipNumberURL         *string        `json:"slip_number_url"`
	Memo                  *string        `json:"memo"`
	Memo2                 *string        `json:"memo2"`
	Sort                  *int64         `json:"sort"`
	DisplayState          string         `json:"display_state"`
	PreferredDateUse      bool           `json:"preferred_date_use"`
	PreferredPeriodUse    bool           `json:"preferred_period_use"`
	UnavailablePaymentIDs []int64        `json:"unavailable_payment_ids"`
	MakeDate              int64          `json:"make_date"`
	UpdateDate            int64          `json:"update_date"`
}

// deliveryCharge holds the tables of all charge types; those not in use are
// empty.
type deliveryCharge struct {
	DeliveryID            int64        `json:"delivery_id"`
	AccountID             string       `json:"account_id"`
	ChargeFixed           *int64       `json:"charge_fixed"`
	ChargeRangesByPrice   [][2]int64   `json:"charge_ranges_by_price"`
	ChargeMaxPrice        *int64       `json:"charge_max_price"`
	ChargeRangesByArea    []areaCharge `json:"charge_ranges_by_area"`
	ChargeRangesByWeight  [][2]any     `json:"charge_ranges_by_weight"`
	ChargeRangesMaxWeight []areaCharge `json:"charge_ranges_max_weight"`
}

type areaCharge struct {
	PrefID   int64  `json:"pref_id"`
	PrefName string `json:"pref_name"`
	Charge   int64  `json:"charge"`
}

type deliveryDateSetting struct {
	AccountID  string        `json:"account_id"`
	Days       deliveryDays  `json:"days"`
	Times      deliveryTimes `json:"times"`
	MakeDate   *int64        `json:"make_date"`
	UpdateDate *int64        `json:"update_date"`
}

type deliveryDays struct {
	Enabled *bool   `json:"enabled"`
	Default *int64  `json:"default"`
	Min     int64   `json:"min"`
	Max     int64   `json:"max"`
	Comment *string `json:"comment"`
}

type deliveryTimes struct {
	Enabled *bool    `json:"enabled"`
	Periods []string `json:"periods"`
	Comment *string  `json:"comment"`
}

type gift struct {
	AccountID  string       `json:"account_id"`
	Enabled    *bool        `json:"enabled"`
	Noshi      giftNoshi    `json:"noshi"`
	Card       giftCard     `json:"card"`
	Wrapping   giftWrapping `json:"wrapping"`
	MakeDate   *int64       `json:"make_date"`
	UpdateDate *int64       `json:"update_date"`
}

type giftNoshi struct {
	Enabled     *bool      `json:"enabled"`
	TextEnabled *bool      `json:"text_enabled"`
	TextCharge  *int64     `json:"text_charge"`
	Types       []giftType `json:"types"`
	Comment     *string    `json:"comment"`
}

type giftCard struct {
	Enabled     *bool      `json:"enabled"`
	TextEnabled *bool      `json:"text_enabled"`
	Types       []giftType `json:"types"`
	Comment     *string    `json:"comment"`
}

type giftWrapping struct {
	Enabled *bool      `json:"enabled"`
	Types   []giftType `json:"types"`
	Comment *string    `json:"comment"`
}

type giftType struct {
	Name   string `json:"name"`
	Charge int64  `json:"charge"`
}

func (c *call) listDeliveries() (int, any) {
	return http.StatusOK, object{"deliveries": c.shop.deliveries}
}

func (c *call) getDeliveryDate() (int, any) {
	return http.StatusOK, object{"delivery_date": c.shop.deliveryDay}
}

func (c *call) getGift() (int, any) {
	return http.StatusOK, object{"gift": c.shop.gift}
}

// areas is a charge per prefecture, overseas included when n is 48.
func areas(n int, base int64) []areaCharge {
	out := make([]areaCharge, n)
	for i := range out {
		out[i] = areaCharge{PrefID: int64(i + 1), PrefName: prefectures[i], Charge: base + int64(i%8)*50}
	}
	return out
}

func (shop *Shop) seedSettings(now time.Time) {
	made := now.AddDate(-1, 0, 0).Unix()
	shop.seedPayments(made)
	shop.seedDeliveries(made)
	shop.deliveryDay = deliveryDateSetting{
		AccountID: shop.ID,
		Days:      deliveryDays{Enabled: new(true), Default: new(int64(3)), Min: 3, Max: 30, Comment: new("土日は発送をお休みします。")},
		Times:     deliveryTimes{Enabled: new(true), Periods: []string{"午前中", "14時-16時", "16時-18時", "18時-20時"}},
		MakeDate:  new(made), UpdateDate: new(made),
	}
	shop.gift = gift{
		AccountID: shop.ID, Enabled: new(true),
		Noshi: giftNoshi{
			Enabled: new(true), TextEnabled: new(true), TextCharge: new(int64(100)),
			Types: []giftType{{Name: "御祝", Charge: 0}, {Name: "内祝", Charge: 0}},
		},
		Card:     giftCard{Enabled: new(true), TextEnabled: new(false), Types: []giftType{{Name: "お誕生日", Charge: 110}}, Comment: new("手書きの文字は入りません。")},
		Wrapping: giftWrapping{Enabled: new(false), Types: []giftType{}},
		MakeDate: new(made), UpdateDate: new(made),
	}
}

// seedDeliveries adds to a shop one method of each charge type.
func (shop *Shop) seedDeliveries(at int64) {
	heavy := [][2]any{{2_000, areas(48, 600)}, {10_000, areas(48, 900)}}
	shop.deliveries = []*delivery{
		{Name: "メール便", MethodType: "jp", ChargeFreeType: "not_free", ChargeType: "fixed", Charge: deliveryCharge{ChargeFixed: new(int64(250))}},
		{
			Name: "宅配便（金額別）", MethodType: "sagawa", ChargeFreeType: "free_to_limit", ChargeFreeLimit: new(int64(10_000)), ChargeType: "by_price",
			Charge: deliveryCharge{ChargeRangesByPrice: [][2]int64{{3_000, 700}, {5_000, 500}}, ChargeMaxPrice: new(int64(300))},
		},
		{
			Name: "宅配便（地域別）", MethodType: "yamato", ChargeFreeType: "not_free", ChargeType: "by_area", SlipNumberUse: true,
			SlipNumberURL: new("https://tracking.example.com/"), Charge: deliveryCharge{ChargeRangesByArea: areas(47, 700)},
		},
		{
			Name: "大型便（重量別）", MethodType: "other", ChargeFreeType: "free", ChargeType: "by_weight",
			Charge: deliveryCharge{ChargeRangesByWeight: heavy, ChargeRangesMaxWeight: areas(48, 1500)},
		},
	}
	for i, d := range shop.deliveries {
		d.ID, d.AccountID, d.Sort = shop.server.newID(), shop.ID, new(int64(i+1))
		d.DisplayState, d.PreferredDateUse, d.PreferredPeriodUse = "showing", i > 0, i > 0
		d.TaxIncluded, d.UnavailablePaymentIDs = true, []int64{}
		d.MakeDate, d.UpdateDate = at, at
		d.Charge.DeliveryID, d.Charge.AccountID = d.ID, shop.ID
		d.Charge.fill()
	}
	shop.deliveries[0].UnavailablePaymentIDs = []int64{shop.payments[0].ID}
}

// fill makes the tables that are not in use empty lists.
func (c *deliveryCharge) fill() {
	if c.ChargeRangesByPrice == nil {
		c.ChargeRangesByPrice = [][2]int64{}
	}
	if c.ChargeRangesByArea == nil {
		c.ChargeRangesByArea = []areaCharge{}
	}
	if c.ChargeRangesByWeight == nil {
		c.ChargeRangesByWeight = [][2]any{}
	}
	if c.ChargeRangesMaxWeight == nil {
		c.ChargeRangesMaxWeight = []areaCharge{}
	}
}
