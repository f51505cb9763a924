package rakuten

// OrderTaxRate is a rate of the consumption tax as orders write it: 0.1 for 10 %.
type OrderTaxRate float64

// Rates of the consumption tax.
const (
	OrderTaxFree     OrderTaxRate = 0
	OrderTaxReduced  OrderTaxRate = 0.08
	OrderTaxStandard OrderTaxRate = 0.1
)

// OrderProgress is how far an order has come, from [ProgressAwaitingConfirmation] to
// [ProgressPaid] or [ProgressCancelled]. Open set.
type OrderProgress int

// Values of OrderProgress. [OrdersService.Confirm] has what brings an order from one to the
// next.
const (
	ProgressAwaitingConfirmation OrderProgress = 100 // ordered; Confirm is next
	ProgressRakutenProcessing    OrderProgress = 200 // confirmed; Rakuten processes it
	ProgressToShip               OrderProgress = 300 // released by Rakuten; UpdateShipping is next
	ProgressChangePending        OrderProgress = 400 // a change has to be settled
	ProgressShipped              OrderProgress = 500 // reported as shipped
	ProgressPaymentInProgress    OrderProgress = 600 // Rakuten collects the payment
	ProgressPaid                 OrderProgress = 700 // paid
	ProgressCancelPending        OrderProgress = 800 // a wish to cancel has to be settled
	ProgressCancelled            OrderProgress = 900 // cancelled
)

// DateType is the date of an order that a search looks at.
type DateType int

// Values of DateType.
const (
	DateOrdered        DateType = 1
	DateConfirmed      DateType = 2
	DateFixed          DateType = 3
	DateShipped        DateType = 4
	DateShippingReport DateType = 5
	DatePaymentFixed   DateType = 6
)

// OrderType is the kind of an order. Open set.
type OrderType int

// Values of OrderType.
const (
	OrderNormal       OrderType = 1
	OrderSubscription OrderType = 4
	OrderBuyingClub   OrderType = 5
	OrderPreOrder     OrderType = 6
)

// KeywordType is where a search looks for its keyword.
type KeywordType int

// Values of KeywordType, with the most characters that a keyword may have.
const (
	KeywordNone        KeywordType = 0
	KeywordItemName    KeywordType = 1 // 1024
	KeywordItemNumber  KeywordType = 2 // 127
	KeywordMemo        KeywordType = 3 // 1000
	KeywordBuyer       KeywordType = 4 // 254
	KeywordBuyerKana   KeywordType = 5 // 254
	KeywordReceiver    KeywordType = 6 // 254
	KeywordSKUNumber   KeywordType = 7 // 40
	KeywordMerchantSKU KeywordType = 8 // 96
	KeywordSKUInfo     KeywordType = 9 // 400
)

// SettlementMethod is a way of paying. Open set.
type SettlementMethod int

// Values of SettlementMethod.
const (
	SettlementCard           SettlementMethod = 1
	SettlementCashOnDelivery SettlementMethod = 2
	SettlementDeferredOld    SettlementMethod = 3
	SettlementShoppingCredit SettlementMethod = 4
	SettlementCarLoan        SettlementMethod = 5
	SettlementLease          SettlementMethod = 6
	SettlementInvoice        SettlementMethod = 7
	SettlementPointsOnly     SettlementMethod = 8
	SettlementBankTransfer   SettlementMethod = 9
	SettlementApplePay       SettlementMethod = 12
	SettlementSevenEleven    SettlementMethod = 13 // prepaid
	SettlementConvenience    SettlementMethod = 14 // prepaid at another convenience store or the post office
	SettlementAlipayOld      SettlementMethod = 16 // no new orders since 2022-10
	SettlementPayPal         SettlementMethod = 17
	SettlementDeferred       SettlementMethod = 21
	SettlementAlipay         SettlementMethod = 27
)

// CardPayType is how a card is charged. Open set.
type CardPayType int

// Values of CardPayType.
const (
	CardOnce        CardPayType = 0
	CardRevolving   CardPayType = 1
	CardInstalments CardPayType = 2
	CardOther       CardPayType = 3
	CardBonus       CardPayType = 4
)

// CardInstallment is the number of instalments: 103 is three, 124 is 24. Open set.
type CardInstallment string

// DeliveryClass is the temperature or class of a delivery. Open set.
type DeliveryClass int

// Values of DeliveryClass; 4 to 8 are the shop's own.
const (
	DeliveryNone    DeliveryClass = 0
	DeliveryNormal  DeliveryClass = 1
	DeliveryChilled DeliveryClass = 2
	DeliveryFrozen  DeliveryClass = 3
	DeliveryOther1  DeliveryClass = 4
	DeliveryOther2  DeliveryClass = 5
	DeliveryOther3  DeliveryClass = 6
	DeliveryOther4  DeliveryClass = 7
	DeliveryOther5  DeliveryClass = 8
)

// ShippingTerm is a time of day that the buyer wishes. See Hours for the values without a
// name here.
type ShippingTerm int

// Values of ShippingTerm.
const (
	TermNone      ShippingTerm = 0
	TermMorning   ShippingTerm = 1
	TermAfternoon ShippingTerm = 2
	TermOther     ShippingTerm = 9
)

// Hours reads a term that runs two hours together: 1214 is from 12 to 14, 724 from 7 to
// 24. It reports false for the others.
func (t ShippingTerm) Hours() (from, to int, ok bool) {
	from, to = int(t)/100, int(t)%100
	if t < 100 || from > 24 || to > 24 || from >= to {
		return 0, 0, false
	}
	return from, to, true
}

// Carrier is a parcel carrier. The platform writes its code as a string. Open set.
type Carrier string

// Values of Carrier.
const (
	CarrierOther              Carrier = "1000"
	CarrierYamato             Carrier = "1001"
	CarrierSagawa             Carrier = "1002"
	CarrierJapanPost          Carrier = "1003"
	CarrierSeino              Carrier = "1004"
	CarrierSeinoSuperExpress  Carrier = "1005"
	CarrierFukuyama           Carrier = "1006"
	CarrierMeitetsu           Carrier = "1007"
	CarrierTonami             Carrier = "1008"
	CarrierDaiichi            Carrier = "1009"
	CarrierNiigata            Carrier = "1010"
	CarrierChuetsu            Carrier = "1011"
	CarrierOkayama            Carrier = "1012"
	CarrierKurume             Carrier = "1013"
	CarrierSanyo              Carrier = "1014"
	CarrierNXTransport        Carrier = "1015"
	CarrierEcohai             Carrier = "1016"
	CarrierEMS                Carrier = "1017"
	CarrierDHL                Carrier = "1018"
	CarrierFedEx              Carrier = "1019"
	CarrierUPS                Carrier = "1020"
	CarrierNipponExpress      Carrier = "1021"
	CarrierTNT                Carrier = "1022"
	CarrierOCS                Carrier = "1023"
	CarrierUSPS               Carrier = "1024"
	CarrierSF                 Carrier = "1025"
	CarrierAramex             Carrier = "1026"
	CarrierSGHGlobal          Carrier = "1027"
	CarrierRakutenExpress     Carrier = "1028"
	CarrierJapanPostWarehouse Carrier = "1029" // Rakuten's warehouse
	CarrierKuronekoYuPacket   Carrier = "1030"
	CarrierMeitetsuNX         Carrier = "1031"
)

// DropOffLocation is where a parcel may be left, in the words of requests. Open set.
type DropOffLocation string

// Values of DropOffLocation.
const (
	DropOffNone       DropOffLocation = "利用しない"
	DropOffBox        DropOffLocation = "宅配ボックス"
	DropOffDoor       DropOffLocation = "玄関前"
	DropOffDoorLocked DropOffLocation = "玄関前鍵付容器"
	DropOffMeterBox   DropOffLocation = "メーターボックス"
	DropOffShed       DropOffLocation = "物置"
	DropOffGarage     DropOffLocation = "車庫"
)

// DeviceCode is the device that the buyer ordered on, or whose mail address it is. The
// platform calls it the carrier. Open set; 1 to 5 are feature phones.
type DeviceCode int

// Values of DeviceCode.
const (
	DevicePC            DeviceCode = 0
	DeviceIPhone        DeviceCode = 11
	DeviceAndroid       DeviceCode = 12
	DeviceOtherPhone    DeviceCode = 19
	DeviceIPad          DeviceCode = 21
	DeviceAndroidTablet DeviceCode = 22
	DeviceOtherTablet   DeviceCode = 29
	DeviceOther         DeviceCode = 99
)

// CautionDisplay reports whether an order needs attention. Open set.
type CautionDisplay int

// Values of CautionDisplay.
const (
	CautionNone        CautionDisplay = 0
	CautionAttention   CautionDisplay = 1
	CautionCancelFixed CautionDisplay = 2
)

// CautionDetail is why an order needs attention: 101 to 105, whose meanings are not
// established.
type CautionDetail int

// ChangeType is a step of a cancellation or change. Open set.
type ChangeType int

// Values of ChangeType.
const (
	CancelRequested ChangeType = 0
	CancelFixed     ChangeType = 1
	CancelDone      ChangeType = 2
	CancelWithdrawn ChangeType = 3
	ChangeRequested ChangeType = 4
	ChangeFixed     ChangeType = 5
	ChangeDone      ChangeType = 6
	ChangeWithdrawn ChangeType = 7
	ChangeConfirmed ChangeType = 8 // the order was confirmed
	ChangeResettled ChangeType = 9
)

// ChangeTypeDetail is what a change changes. Open set.
type ChangeTypeDetail int

// Values of ChangeTypeDetail.
const (
	ChangeLess          ChangeTypeDetail = 0
	ChangeMore          ChangeTypeDetail = 1
	ChangeOther         ChangeTypeDetail = 2
	ChangeMethod        ChangeTypeDetail = 10
	ChangeMethodAndLess ChangeTypeDetail = 11
	ChangeMethodAndMore ChangeTypeDetail = 12
)

// ChangeReasonBy is on whose side the reason of a change lies. Open set.
type ChangeReasonBy int

// Values of ChangeReasonBy.
const (
	ChangeByShop  ChangeReasonBy = 0
	ChangeByBuyer ChangeReasonBy = 1
)

// ReasonCode is why an order is cancelled or reduced. Open set; 16 was seen, its meaning is
// not known.
type ReasonCode int

// Values of ReasonCode: 1 to 6 lie with the buyer, the others with the shop.
const (
	ReasonCancel         ReasonCode = 1
	ReasonReturn         ReasonCode = 2
	ReasonLongAbsence    ReasonCode = 3
	ReasonUnpaid         ReasonCode = 4
	ReasonRefusedCOD     ReasonCode = 5
	ReasonBuyerOther     ReasonCode = 6
	ReasonOutOfStock     ReasonCode = 8
	ReasonShopOther      ReasonCode = 10
	ReasonLate           ReasonCode = 13
	ReasonCautionDisplay ReasonCode = 14
	ReasonDamagedOrWrong ReasonCode = 15
)

// InventoryRestore says whether cancelled items go back into the stock. Open set.
type InventoryRestore int

// Values of InventoryRestore.
const (
	RestoreAsItemSays InventoryRestore = 0
	RestoreStock      InventoryRestore = 1
	RestoreNothing    InventoryRestore = 2
)

// CouponCapital is who pays for a coupon. Open set.
type CouponCapital int

// Values of CouponCapital.
const (
	CouponByShop    CouponCapital = 1
	CouponByMaker   CouponCapital = 2
	CouponByRakuten CouponCapital = 3
)

// DueDateType is what a due date is for. Open set.
type DueDateType int

// Values of DueDateType.
const (
	DuePayment        DueDateType = 0
	DueChangeOfMethod DueDateType = 1
	DueRefund         DueDateType = 2
)

// PointType is on what extra points are granted. Open set.
type PointType int

// Values of PointType.
const (
	PointNone  PointType = 0
	PointShop  PointType = 1
	PointItem  PointType = 2
	PointError PointType = -99
)

// InventoryType is how the stock of an item is kept. Open set.
type InventoryType int

// Values of InventoryType.
const (
	InventoryNone        InventoryType = 0
	InventoryNormal      InventoryType = 1
	InventoryByVariation InventoryType = 2
)

// WrappingTitle is the kind of a wrapping: 1 or 2. Which is paper and which is ribbon is
// not established.
type WrappingTitle int

// PaymentStatus is the state of a payment. Provisional. Open set. What distinguishes states with
// a number from those without one apart is not established.
type PaymentStatus int

// Values of PaymentStatus.
const (
	PaymentNone                PaymentStatus = 30000
	PaymentWaiting             PaymentStatus = 30100
	PaymentWaiting2            PaymentStatus = 30110
	PaymentRequested           PaymentStatus = 30200
	PaymentDone                PaymentStatus = 30300
	PaymentFailed              PaymentStatus = 30400
	PaymentSettlementRequested PaymentStatus = 30500
	PaymentSettled             PaymentStatus = 30600
	PaymentSettled2            PaymentStatus = 30610
	PaymentSettlementFailed    PaymentStatus = 30700
	PaymentSettlementFailed2   PaymentStatus = 30710
	PaymentCancelling          PaymentStatus = 31100
	PaymentCancelling2         PaymentStatus = 31110
	PaymentCancelling3         PaymentStatus = 31120
	PaymentCancelled           PaymentStatus = 31200
	PaymentCancelFailed        PaymentStatus = 31300
	SettlementCancelling       PaymentStatus = 31400
	SettlementCancelling2      PaymentStatus = 31410
	SettlementCancelling3      PaymentStatus = 31420
	SettlementCancelled        PaymentStatus = 31500
	SettlementChargeback       PaymentStatus = 31800
)
