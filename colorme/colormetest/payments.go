package colormetest

import "net/http"

type payment struct {
	ID           int64             `json:"id"`
	AccountID    string            `json:"account_id"`
	Name         string            `json:"name"`
	Fee          *int64            `json:"fee"`
	IPCode       *string           `json:"ip_code"`
	Memo         *string           `json:"memo"`
	OrderEndNote *string           `json:"order_end_note"`
	MemoMobile   *string           `json:"memo_mobile"`
	Sort         *int64            `json:"sort"`
	ImageURL     *string           `json:"image_url"`
	Type         int64             `json:"type"`
	Display      bool              `json:"display"`
	UseMobile    bool              `json:"use_mobile"`
	MakeDate     int64             `json:"make_date"`
	UpdateDate   int64             `json:"update_date"`
	Cod          *paymentCod       `json:"cod,omitempty"`
	Card         *paymentCard      `json:"card,omitempty"`
	Financial    *paymentFinancial `json:"financial,omitempty"`
}

// paymentCod has nothing but changeable when that is false.
type paymentCod struct {
	Changeable        bool       `json:"changeable"`
	Fees              [][2]int64 `json:"fees,omitempty"`
	FeeMax            any        `json:"fee_max,omitempty"`
	ChangeableByTotal *bool      `json:"changeable_by_total,omitempty"`
}

type paymentCard struct {
	Brands []cardBrand `json:"brands"`
}

type cardBrand struct {
	ID   int64  `json:"id"`
	Name string `json:"name"`
}

type paymentFinancial struct {
	Name         string  `json:"name"`
	BranchName   string  `json:"branch_name"`
	KouzaType    string  `json:"kouza_type"`
	KouzaNumber  string  `json:"kouza_number"`
	KouzaName    string  `json:"kouza_name"`
	BranchNumber *string `json:"branch_number"`
}

var settingRoutes = []route{
	{pattern: "GET /v1/payments", handle: (*call).listPayments},
	{pattern: "GET /v1/deliveries", handle: (*call).listDeliveries},
	{pattern: "GET /v1/deliveries/date", handle: (*call).getDeliveryDate},
	{pattern: "GET /v1/gift", handle: (*call).getGift},
}

func (c *call) listPayments() (int, any) {
	return http.StatusOK, object{"payments": c.shop.payments}
}

// seedPayments adds to a shop cash on delivery with a table, with one fee and
// with an open end, a bank transfer, a card and a wallet.
func (shop *Shop) seedPayments(at int64) {
	shop.payments = []*payment{
		{Name: "代金引換", Type: 0, Cod: &paymentCod{
			Changeable: true, Fees: [][2]int64{{10_000, 330}, {30_000, 440}, {100_000, 660}}, FeeMax: 1100, ChangeableByTotal: new(true),
		}},
		{Name: "代金引換（一律）", Type: 0, Fee: new(int64(330)), Cod: &paymentCod{}},
		{Name: "代金引換（上限なし）", Type: 0, Cod: &paymentCod{
			Changeable: true, Fees: [][2]int64{{10_000, 330}}, FeeMax: null, ChangeableByTotal: new(false),
		}},
		{Name: "銀行振込", Type: 1, OrderEndNote: new("7日以内にお振り込みください。"), Financial: &paymentFinancial{
			Name: "さくら信用金庫", BranchName: "中野支店", KouzaType: "saving", KouzaNumber: "0000000", KouzaName: "カ）アーケード",
		}},
		{Name: "クレジットカード", Type: 6, IPCode: new("00000000"), Card: &paymentCard{Brands: []cardBrand{
			{ID: 1, Name: "VISA"}, {ID: 2, Name: "MasterCard"}, {ID: 3, Name: "JCB"},
		}}},
		{Name: "PayPal", Type: 33},
		{Name: "PayPay", Type: 42, Memo: new("スマートフォンでお支払いいただけます。")},
	}
	for i, p := range shop.payments {
		p.ID, p.AccountID, p.Sort = shop.server.newID(), shop.ID, new(int64(i+1))
		p.Display, p.UseMobile, p.MakeDate, p.UpdateDate = true, true, at, at
	}
}

// null is sent where omitempty would leave a key out.
var null = jsonNull{}

type jsonNull struct{}

// MarshalJSON writes null.
func (jsonNull) MarshalJSON() ([]byte, error) { return []byte("null"), nil }
