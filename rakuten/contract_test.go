//go:build contract

package rakuten_test

import (
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/rakuten"
)

// contractClient calls a mock of the platform made from its description. The mock refuses
// requests that break the description, and its answers have every member.
func contractClient(t *testing.T) *rakuten.Client {
	t.Helper()
	client, err := rakuten.NewClient(rakuten.StaticLicense(rakuten.License{ServiceSecret: "secret", Key: "key"}),
		shotengai.WithTestServer(os.Getenv("CONTRACT_URL")), shotengai.WithLimiter(nil), shotengai.WithStrictDecoding())
	require.NoError(t, err)
	return client
}

// ok takes the two results of a method.
func ok(t *testing.T) func(any, error) {
	t.Helper()
	return func(_ any, err error) {
		t.Helper()
		require.NoError(t, err)
	}
}

// reached takes the two results of a method that may find its rows missing from the
// mock's answer: the call itself has to have succeeded.
func reached(t *testing.T, err error) {
	t.Helper()
	if e, isError := err.(*shotengai.Error); isError { //nolint:errorlint // the outermost error counts
		require.Equal(t, 200, e.StatusCode, err)
	}
}

const orderNumber = "123456-20260131-0123456789"

var (
	yes  = new(rakuten.Flag(true))
	when = rakuten.At(time.Date(2026, 1, 2, 3, 4, 5, 0, shotengai.JST))
	day  = shotengai.Date{Year: 2026, Month: 1, Day: 2}
)

func TestContractOrderSearch(t *testing.T) {
	orders, ctx := contractClient(t).Orders, t.Context()
	page := &rakuten.SearchPage{RequestRecordsAmount: 1000, RequestPage: 1, Sort: []rakuten.SearchSort{{SortColumn: rakuten.SortByOrderDate, SortDirection: rakuten.SortAscending}}}
	ok(t)(orders.Search(ctx, rakuten.SearchOrdersParams{
		OrderProgressList: []rakuten.OrderProgress{rakuten.ProgressToShip}, SubStatusIDList: []int{-1}, DateType: rakuten.DateOrdered,
		StartDatetime: when, EndDatetime: when, OrderTypeList: []rakuten.OrderType{rakuten.OrderNormal}, SearchKeywordType: new(rakuten.KeywordItemName),
		SearchKeyword: new("傘"), Pagination: page, SettlementMethod: new(rakuten.SettlementCard), DeliveryName: new("宅配便"),
		ShippingNumberBlankFlag: yes, ShippingDateBlankFlag: yes, MailSendType: new(0), OrdererMailAddress: new("a@example.com"),
		PhoneNumberType: new(rakuten.PhoneOfBuyer), PhoneNumber: new("0312345678"), ReserveNumber: new("1"), PurchaseSiteType: new(1),
		AsurakuFlag: yes, CouponUseFlag: yes, DrugFlag: yes, OneDayOperationFlag: yes, OverseasFlag: yes,
	}))
	ok(t)(orders.GetBatch(ctx, []string{orderNumber}))
	ok(t)(orders.SubStatuses(ctx))
	ok(t)(orders.Payment(ctx, orderNumber))
}

func TestContractPurchaseItems(t *testing.T) {
	items, ctx := contractClient(t).PurchaseItems, t.Context()
	ok(t)(items.Search(ctx, rakuten.SearchPurchaseItemsParams{
		OrderProgressList: []rakuten.OrderProgress{rakuten.ProgressToShip}, SubStatusIDList: []int{1}, DateType: rakuten.DateOrdered,
		StartDatetime: when, EndDatetime: when, OrderTypeList: []rakuten.OrderType{rakuten.OrderNormal}, SearchKeywordType: new(rakuten.KeywordSKUInfo),
		SearchKeyword: new("赤"), Pagination: &rakuten.SearchPage{RequestRecordsAmount: 1, RequestPage: 1, Sort: []rakuten.SearchSort{{SortColumn: 1, SortDirection: 2}}},
	}))
	ok(t)(items.GetBatch(ctx, []string{orderNumber}))
}

func TestContractOrderWrites(t *testing.T) {
	orders, ctx := contractClient(t).Orders, t.Context()
	ok(t)(orders.Confirm(ctx, []string{orderNumber}))
	ok(t)(orders.UpdateSubStatus(ctx, 1, []string{orderNumber}))
	ok(t)(orders.UpdateMemo(ctx, rakuten.UpdateOrderMemoRequest{
		OrderNumber: orderNumber, SubStatusID: shotengai.Set(1), DeliveryClass: shotengai.Set(rakuten.DeliveryChilled), DeliveryDate: shotengai.Set(day),
		ShippingTerm: shotengai.Set(rakuten.TermMorning), Memo: shotengai.Clear[string](), Operator: shotengai.Set("山田"), MailPlugSentence: shotengai.Set("x"),
	}))
	ok(t)(orders.UpdateRemarks(ctx, rakuten.UpdateOrderRemarksRequest{OrderNumber: orderNumber, GiftCheck: yes, Remarks: new("x")}))
	s := new("x")
	ok(t)(orders.UpdateOrderer(ctx, rakuten.UpdateOrderOrdererRequest{OrderNumber: orderNumber, ReductionReason: new(rakuten.ReasonCancel), Orderer: rakuten.Orderer{
		ZipCode1: s, ZipCode2: s, Prefecture: "東京都", City: "x", SubAddress: s, FamilyName: "山田", FirstName: s, FamilyNameKana: s, FirstNameKana: s,
		PhoneNumber1: s, PhoneNumber2: s, PhoneNumber3: s, EmailAddress: "a@example.com", Sex: s, BirthYear: new(1990), BirthMonth: new(1), BirthDay: new(2),
	}}))
	ok(t)(orders.UpdateDelivery(ctx, orderNumber, "宅配便"))
	cancel := rakuten.CancelOrderRequest{OrderNumber: orderNumber, InventoryRestoreType: rakuten.RestoreStock, ChangeReasonDetailApply: rakuten.ReasonOutOfStock}
	ok(t)(orders.Cancel(ctx, cancel))
	ok(t)(orders.CancelAfterShipping(ctx, cancel))
}

func TestContractOrderSender(t *testing.T) {
	orders, ctx := contractClient(t).Orders, t.Context()
	s, rate := new("x"), new(rakuten.OrderTaxStandard)
	wrapping := &rakuten.UpdateWrapping{Title: new(rakuten.WrappingTitle(1)), Name: s, Price: new(int64(1)), TaxRate: rate, IncludeTaxFlag: yes, DeleteWrappingFlag: yes}
	request := rakuten.UpdateOrderSenderRequest{
		OrderNumber: orderNumber, ReductionReason: new(rakuten.ReasonCancel), Wrapping1: wrapping, Wrapping2: wrapping, TaxRecalcFlag: yes,
		Packages: []rakuten.UpdateOrderPackage{{
			BasketID: 1, PostagePrice: new(int64(1)), PostageTaxRate: rate, DeliveryPrice: new(int64(1)), DeliveryTaxRate: rate, Noshi: s,
			PackageDeleteFlag: yes, GoodsTax: new(int64(1)), DropOffLocation: new(rakuten.DropOffDoor),
			Sender: &rakuten.UpdateReceiver{
				ZipCode1: s, ZipCode2: s, Prefecture: s, City: s, SubAddress: s, FamilyName: s, FirstName: s, FamilyNameKana: s, FirstNameKana: s,
				PhoneNumber1: s, PhoneNumber2: s, PhoneNumber3: s,
			},
			Items: []rakuten.UpdateOrderItem{{
				ItemDetailID: 1, ItemName: s, ItemNumber: s, Price: new(int64(1)), TaxRate: rate, Units: new(int64(1)), IncludePostageFlag: yes,
				IncludeTaxFlag: yes, IncludeCashOnDeliveryPostageFlag: yes, SelectedChoice: s, RestoreInventoryFlag: new(rakuten.RestoreStock),
				DeleteItemFlag: yes, SKUs: []rakuten.UpdateOrderSKU{{VariantID: s, MerchantDefinedSKUID: s, SKUInfo: s}},
			}},
		}},
		Coupons: []rakuten.UpdateOrderCoupon{{CouponCode: "A", ItemID: 1, CouponPrice: 2, CouponUnit: 3}},
	}
	ok(t)(orders.UpdateSenderAfterShipping(ctx, request))
	request.AfterSettlementMethodCode = new(rakuten.SettlementBankTransfer)
	ok(t)(orders.UpdateSender(ctx, request))
	ok(t)(orders.SimulateCouponAmount(ctx, request))
}

func TestContractOrderShipping(t *testing.T) {
	orders, ctx := contractClient(t).Orders, t.Context()
	request := rakuten.UpdateShippingRequest{OrderNumber: orderNumber, Packages: []rakuten.ShippingBasket{{BasketID: 1, Rows: []rakuten.ShippingRow{{
		ShippingDetailID: new(int64(1)), DeliveryCompany: new(rakuten.CarrierYamato), ShippingNumber: new("1234"), ShippingDate: rakuten.ShippedOn(day), ShippingDeleteFlag: yes,
	}}}}}
	_, err := orders.UpdateShipping(ctx, request)
	reached(t, err)
	_, err = orders.UpdateShippingAsync(ctx, []rakuten.UpdateShippingRequest{request})
	reached(t, err)
	_, err = orders.AsyncResult(ctx, "id_20260131123456")
	reached(t, err)
}

func TestContractLicense(t *testing.T) {
	ok(t)(contractClient(t).Licenses.ExpiryDate(t.Context()))
}
