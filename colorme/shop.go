package colorme

import (
	"context"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/internal/api"
)

// ShopService reads the shop behind the token.
type ShopService service

// Shop is the shop behind the token.
type Shop struct {
	ID                   string            `json:"id"` // account id: PA and 8 digits
	State                ShopState         `json:"state"`
	DomainPlan           DomainPlan        `json:"domain_plan"`
	ContractPlan         ContractPlan      `json:"contract_plan"`
	ContractStartDate    Time              `json:"contract_start_date"`
	ContractEndDate      Time              `json:"contract_end_date"`
	ContractTerm         *int              `json:"contract_term"` // months; nil when there is none
	LastLoginDate        Time              `json:"last_login_date"`
	SetupDate            Time              `json:"setup_date"`
	MakeDate             Time              `json:"make_date"`
	URL                  string            `json:"url"`
	OpenState            OpenState         `json:"open_state"`
	MobileOpenState      OpenState         `json:"mobile_open_state"`
	LoginID              string            `json:"login_id"`
	Name1                string            `json:"name1"` // family name of the person responsible
	Name2                string            `json:"name2"` // given name
	Name1Kana            string            `json:"name1_kana"`
	Name2Kana            string            `json:"name2_kana"`
	Hojin                *string           `json:"hojin"` // company
	HojinKana            *string           `json:"hojin_kana"`
	UserMail             string            `json:"user_mail"`
	Tel                  string            `json:"tel"`
	Fax                  *string           `json:"fax"`
	Postal               string            `json:"postal"`
	PrefID               *Prefecture       `json:"pref_id"`   // may be null. Provisional.
	PrefName             *string           `json:"pref_name"` // may be null. Provisional.
	Address1             string            `json:"address1"`
	Address2             string            `json:"address2"`
	Title                string            `json:"title"` // the shop's name
	TitleShort           *string           `json:"title_short"`
	ShopMail1            string            `json:"shop_mail_1"`
	ShopMail2            *string           `json:"shop_mail_2"`
	TaxType              TaxType           `json:"tax_type"`
	Tax                  int               `json:"tax"` // percent
	TaxRoundingMethod    TaxRoundingMethod `json:"tax_rounding_method"`
	ReduceTaxRate        int               `json:"reduce_tax_rate"` // percent
	ShopLogoURL          *string           `json:"shop_logo_url"`
	ContractPaymentState *string           `json:"contract_payment_state"` // Provisional.
}

// ShopState is the state of a shop. Open set.
type ShopState string

// States of a shop.
const (
	ShopEnabled   ShopState = "enabled"
	ShopSuspended ShopState = "suspended"
	ShopUnsigned  ShopState = "unsigned" // Provisional.
)

// DomainPlan is how the shop is addressed. Open set.
type DomainPlan string

// Domain plans.
const (
	DomainShopProSub DomainPlan = "cmsp_sub_domain"
	DomainOwn        DomainPlan = "own_domain"
	DomainOwnSub     DomainPlan = "own_sub_domain"
)

// ContractPlan is the plan that the shop pays for. Open set.
type ContractPlan string

// Contract plans.
const (
	PlanUnknown  ContractPlan = "unknown"
	PlanEconomy  ContractPlan = "economy"
	PlanSmall    ContractPlan = "small"
	PlanRegular  ContractPlan = "regular"
	PlanLolipop  ContractPlan = "lolipop"
	PlanHeteml   ContractPlan = "heteml"
	PlanPlatinum ContractPlan = "platinum"
	PlanGoope    ContractPlan = "goope"
	PlanLarge    ContractPlan = "large"
	PlanDormant  ContractPlan = "dormant"
	PlanFree     ContractPlan = "free"
	PlanPremium  ContractPlan = "premium"
)

// OpenState is whether the storefront is open. Open set.
type OpenState string

// States of a storefront.
const (
	StorefrontOpened  OpenState = "opened"
	StorefrontClosed  OpenState = "closed"
	StorefrontPrepare OpenState = "prepare"
	StorefrontPaused  OpenState = "paused"
)

// TaxType is whether the shop shows prices before or including tax. Open set.
type TaxType string

// Tax types.
const (
	TaxExcluded TaxType = "excluded"
	TaxIncluded TaxType = "included"
)

// TaxRoundingMethod is how the shop rounds tax to whole yen. Open set.
type TaxRoundingMethod string

// Rounding methods.
const (
	TaxRoundOff  TaxRoundingMethod = "round_off"
	TaxRoundDown TaxRoundingMethod = "round_down"
	TaxRoundUp   TaxRoundingMethod = "round_up"
)

// Get returns the shop. It needs a token and no scope.
//
// https://developer.shop-pro.jp/docs/colorme-api#tag/shop/operation/getShop
func (s *ShopService) Get(ctx context.Context, opts ...shotengai.CallOption) (*Shop, error) {
	type reply struct {
		Shop Shop `json:"shop"`
	}
	r := api.Request{Operation: getShop}
	return api.Pick(ctx, s.client.engine, r, func(w *reply) *Shop { return &w.Shop }, opts...)
}
