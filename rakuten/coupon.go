package rakuten

import (
	"errors"
	"fmt"
	"time"

	"github.com/shotengai/shotengai-go/internal/check"
)

// Limits of coupons.
const (
	MaxCouponPage  = 100  // rows of a page
	MaxCouponItems = 3000 // items that a coupon is for

	couponLead     = 60 * time.Minute    // from issuing to the start, at least
	couponHorizon  = 30 * 24 * time.Hour // from issuing to the start, at most
	couponDuration = 5 * time.Minute     // from the start to the end, at least
)

// CouponItemType is what a coupon is for.
type CouponItemType int

// Values of CouponItemType.
const (
	CouponOneItem      CouponItemType = 1
	CouponItems        CouponItemType = 3
	CouponWholeOrder   CouponItemType = 4
	CouponFreeShipping CouponItemType = 5
)

// CouponDiscountType is what a coupon's factor counts.
type CouponDiscountType int

// Values of CouponDiscountType.
const (
	DiscountYen          CouponDiscountType = 1
	DiscountPercent      CouponDiscountType = 2 // 1 to 99
	DiscountFreeShipping CouponDiscountType = 4
)

// CouponRank is the rank of members that a coupon is for.
type CouponRank int

// Values of CouponRank.
const (
	RankAny      CouponRank = 0
	RankRegular  CouponRank = 1
	RankSilver   CouponRank = 2
	RankGold     CouponRank = 3
	RankPlatinum CouponRank = 4
	RankDiamond  CouponRank = 5
)

// CouponNone is the gender and the prefecture of a coupon for everybody.
const CouponNone = "NONE"

// Codes of the conditions of a coupon.
const (
	ConditionDevice    = "RS001"
	ConditionSalesType = "RS002"
	ConditionAmount    = "RS003" // yen
	ConditionQuantity  = "RS004"
)

// CouponContent is what a coupon is worth, to whom and when. The platform reads its elements in
// this order only, and wants the criteria from PurchaseHistory to Prefectures even
// where they are not used: the library writes those of a coupon for everybody when they are
// left zero.
type CouponContent struct {
	CouponName          string             `xml:"couponName"`              // at most 60 characters
	CouponCaption       string             `xml:"couponCaption,omitempty"` // at most 200 characters
	CouponStartDate     ItemTime           `xml:"couponStartDate"`         // when issuing, 60 minutes to 30 days from now
	CouponEndDate       ItemTime           `xml:"couponEndDate"`           // at least 5 minutes later
	CouponImage         string             `xml:"couponImage,omitempty"`   // an address
	IssueCount          int                `xml:"issueCount"`
	ItemType            CouponItemType     `xml:"itemType"`
	DiscountType        CouponDiscountType `xml:"discountType"`
	DiscountFactor      int64              `xml:"discountFactor"` // yen or percent
	MemberAvailMaxCount int                `xml:"memberAvailMaxCount"`
	PurchaseHistory     int                `xml:"purchaseHistoryCond>type"` // 0 for everybody
	Ranks               []CouponRank       `xml:"multiRankCond>rankCond"`   // RankAny when empty
	Gender              string             `xml:"genderCond"`               // CouponNone when empty
	Ages                CouponAges         `xml:"ageRangeCond"`
	BirthMonth          int                `xml:"birthmonthCond"`                     // 1 to 12, 0 for everybody
	Prefectures         []string           `xml:"multiPrefectureCond>prefectureCond"` // CouponNone when empty
	CombineFlag         Flag               `xml:"combineFlag"`                        // may be used with other coupons
	DisplayFlag         Flag               `xml:"displayFlag"`                        // shown to everybody
	Items               []CouponItem       `xml:"items>item"`                         // at most 3000
	OtherConditions     []CouponCondition  `xml:"otherConditions>otherCondition"`
}

// CouponAges is the range of ages that a coupon is for; zero for everybody.
type CouponAges struct {
	LowerBound int `xml:"lowerBound"`
	UpperBound int `xml:"upperBound"`
}

// CouponItem is an item that a coupon is for.
type CouponItem struct {
	ItemURL string `xml:"itemUrl"`
}

// CouponCondition is a condition that an order has to fulfil.
type CouponCondition struct {
	ConditionTypeCode string `xml:"conditionTypeCode"` // such as ConditionAmount
	StartValue        string `xml:"startValue"`
}

// Coupon is a coupon that was issued.
type Coupon struct {
	CouponCode string `xml:"couponCode"`
	CouponContent
}

// IssuedCoupon is the code of a new coupon and where buyers get it.
type IssuedCoupon struct {
	CouponCode string `xml:"couponCode"`
	PCGetURL   string `xml:"pcGetUrl"` // where buyers get it
}

// filled is the same with the criteria of a coupon for everybody in place of those left
// zero, and times of whole seconds: the platform refuses fractions.
func (t CouponContent) filled() CouponContent {
	t.CouponStartDate.Time = t.CouponStartDate.Truncate(time.Second)
	t.CouponEndDate.Time = t.CouponEndDate.Truncate(time.Second)
	if len(t.Ranks) == 0 {
		t.Ranks = []CouponRank{RankAny}
	}
	if t.Gender == "" {
		t.Gender = CouponNone
	}
	if len(t.Prefectures) == 0 {
		t.Prefectures = []string{CouponNone}
	}
	return t
}

func (t CouponContent) validate() error {
	err := validDiscount(t.CouponName, t.CouponCaption, t.DiscountType, t.DiscountFactor)
	if t.ItemType == 0 {
		err = errors.Join(err, errors.New("itemType: required"))
	}
	if t.CouponStartDate.IsZero() || t.CouponEndDate.IsZero() {
		err = errors.Join(err, errors.New("couponStartDate, couponEndDate: required"))
	} else if t.CouponEndDate.Sub(t.CouponStartDate.Time) < couponDuration {
		err = errors.Join(err, fmt.Errorf("couponEndDate: less than %v after the start", couponDuration))
	}
	if t.BirthMonth < 0 || t.BirthMonth > 12 {
		err = errors.Join(err, fmt.Errorf("birthmonthCond: there is no month %d", t.BirthMonth))
	}
	if len(t.Items) > MaxCouponItems {
		err = errors.Join(err, fmt.Errorf("items: %d, at most %d are allowed", len(t.Items), MaxCouponItems))
	}
	return err
}

// validStart wants a coupon that is issued now to start late enough and soon enough.
func (t CouponContent) validStart(now time.Time) error {
	lead := t.CouponStartDate.Sub(now)
	if !t.CouponStartDate.IsZero() && (lead < couponLead || lead > couponHorizon) {
		return fmt.Errorf("couponStartDate: %v from now, which is not between 60 minutes and 30 days", lead.Round(time.Second))
	}
	return nil
}

// validDiscount judges what coupons and thanks coupons have in common.
func validDiscount(name, caption string, kind CouponDiscountType, factor int64) error {
	var err error
	if name == "" {
		err = errors.New("couponName: required")
	}
	if kind == 0 {
		err = errors.Join(err, errors.New("discountType: required"))
	}
	if kind == DiscountPercent && (factor < 1 || factor > 99) {
		err = errors.Join(err, fmt.Errorf("discountFactor: %d percent is not between 1 and 99", factor))
	}
	if kind == DiscountYen && factor < 1 {
		err = errors.Join(err, fmt.Errorf("discountFactor: %d yen is no discount", factor))
	}
	return errors.Join(err, check.AtMost("couponName", name, 60), check.AtMost("couponCaption", caption, 200))
}
