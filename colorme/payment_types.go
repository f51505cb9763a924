package colorme

// PaymentType is the kind of a payment method. Open set: the platform's description has
// no list, this one is from its documentation's prose.
type PaymentType int

// Kinds of payment methods.
const (
	PaymentTypeCashOnDelivery          PaymentType = 0  // cash on delivery
	PaymentTypeBankTransfer            PaymentType = 1  // bank transfer
	PaymentTypePostalTransfer          PaymentType = 2  // postal transfer
	PaymentTypeCardZEUS                PaymentType = 3  // card, ZEUS
	PaymentTypeKuronekoPayment         PaymentType = 4  // Kuroneko @Payment
	PaymentTypeNPLater                 PaymentType = 5  // NP, pay later
	PaymentTypeCardEpsilon             PaymentType = 6  // card, Epsilon
	PaymentTypeConvenienceStoreEpsilon PaymentType = 7  // convenience store, Epsilon
	PaymentTypeColorMeCredit           PaymentType = 8  // Color Me credit
	PaymentTypeOther                   PaymentType = 9  // other
	PaymentTypeWebMoney                PaymentType = 10 // WebMoney
	PaymentTypeEBankDebit              PaymentType = 11 // eBank debit
	PaymentTypeNetBankEpsilon          PaymentType = 12 // net bank, Epsilon
	PaymentTypeEMoneyEpsilon           PaymentType = 13 // electronic money, Epsilon
	PaymentTypePaygent                 PaymentType = 14 // ATM, store and net bank, Paygent
	PaymentTypeDoLinkEpsilon           PaymentType = 15 // Do-Link, Epsilon
	PaymentTypePayEasyEpsilon          PaymentType = 16 // Pay-easy, Epsilon
	PaymentTypeAtobaraiCom             PaymentType = 17 // Atobarai.com
	PaymentTypeJapanNetBankCampaign    PaymentType = 18 // Japan Net Bank campaign
	PaymentTypeKuronekoWebCollect      PaymentType = 19 // Kuroneko web collect
	PaymentTypePayPalEpsilon           PaymentType = 20 // PayPal, Epsilon
	PaymentTypeYahooWalletEpsilon      PaymentType = 21 // Yahoo wallet, Epsilon
	PaymentTypeAllPoints               PaymentType = 22 // points only
	PaymentTypeCarrierBillingEpsilon   PaymentType = 23 // carrier billing, Epsilon
	PaymentTypeCardGMOPG               PaymentType = 24 // card, GMO PG
	PaymentTypeSBISumishinEpsilon      PaymentType = 25 // SBI Sumishin, Epsilon
	PaymentTypeGMOLaterEpsilon         PaymentType = 26 // GMO, pay later, Epsilon
	PaymentTypeGMOLaterGMOPS           PaymentType = 27 // GMO, pay later, GMO-PS
	PaymentTypeUnused28                PaymentType = 28 // not used
	PaymentTypeATMPaygent              PaymentType = 29 // ATM, Paygent
	PaymentTypeCardPaygent             PaymentType = 30 // card, Paygent
	PaymentTypeStorePaygent            PaymentType = 31 // convenience store, Paygent
	PaymentTypeInternetBankingPaygent  PaymentType = 32 // internet banking, Paygent
	PaymentTypePayPal                  PaymentType = 33 // PayPal
	PaymentTypeCardSMBCGMO             PaymentType = 34 // card, SMBC GMO
	PaymentTypeAmazonPayEpsilon        PaymentType = 35 // Amazon Pay, Epsilon
	PaymentTypeRakutenPay              PaymentType = 36 // Rakuten Pay
	PaymentTypeVirtualAccountEpsilon   PaymentType = 37 // transfer to a virtual account, Epsilon
	PaymentTypeAmazonPay               PaymentType = 38 // Amazon Pay
	PaymentTypeCardSGSystems           PaymentType = 39 // card, SG Systems
	PaymentTypeLINEPayEpsilon          PaymentType = 40 // LINE Pay, Epsilon
	PaymentTypePayPalCommercePlatform  PaymentType = 41 // PayPal Commerce Platform
	PaymentTypePayPayEpsilon           PaymentType = 42 // PayPay, Epsilon
	PaymentTypeAmazonPayV2             PaymentType = 43 // Amazon Pay V2
	PaymentTypeAmazonPayV2Epsilon      PaymentType = 44 // Amazon Pay V2, Epsilon
	PaymentTypeSquareInPerson          PaymentType = 45 // Square, in person
)
