package colormetest

import (
	"cmp"
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"
)

// Shop is one shop on the platform.
type Shop struct {
	// ID is the account ID, PA and eight digits.
	ID string

	server  *Server
	profile shopProfile

	sales       []*sale
	customers   []*customer
	products    []*product
	groups      []*group
	categories  []*category
	payments    []*payment
	deliveries  []*delivery
	deliveryDay deliveryDateSetting
	gift        gift
	coupons     []*coupon
	reviews     []*review
	templates   []*template
	ranks       []membershipName
	tags        []*shopScriptTag
	inlineTags  []*inlineScriptTag
	oldTags     []*scriptTag

	installed *Installation
	usage     []Charge
	inApp     []Charge
}

type shopProfile struct {
	ID                   string  `json:"id"`
	State                string  `json:"state"`
	DomainPlan           string  `json:"domain_plan"`
	ContractPlan         string  `json:"contract_plan"`
	ContractStartDate    int64   `json:"contract_start_date"`
	ContractEndDate      int64   `json:"contract_end_date"`
	ContractTerm         *int64  `json:"contract_term"`
	LastLoginDate        int64   `json:"last_login_date"`
	SetupDate            int64   `json:"setup_date"`
	MakeDate             int64   `json:"make_date"`
	URL                  string  `json:"url"`
	OpenState            string  `json:"open_state"`
	MobileOpenState      string  `json:"mobile_open_state"`
	LoginID              string  `json:"login_id"`
	Name1                string  `json:"name1"`
	Name2                string  `json:"name2"`
	Name1Kana            string  `json:"name1_kana"`
	Name2Kana            string  `json:"name2_kana"`
	Hojin                *string `json:"hojin"`
	HojinKana            *string `json:"hojin_kana"`
	UserMail             string  `json:"user_mail"`
	Tel                  string  `json:"tel"`
	Fax                  *string `json:"fax"`
	Postal               string  `json:"postal"`
	PrefID               *int64  `json:"pref_id"`
	PrefName             *string `json:"pref_name"`
	Address1             string  `json:"address1"`
	Address2             string  `json:"address2"`
	Title                string  `json:"title"`
	TitleShort           *string `json:"title_short"`
	ShopMail1            string  `json:"shop_mail_1"`
	ShopMail2            *string `json:"shop_mail_2"`
	TaxType              string  `json:"tax_type"`
	Tax                  int64   `json:"tax"`
	TaxRoundingMethod    string  `json:"tax_rounding_method"`
	ReduceTaxRate        int64   `json:"reduce_tax_rate"`
	ShopLogoURL          *string `json:"shop_logo_url"`
	ContractPaymentState *string `json:"contract_payment_state"`
}

var shopRoutes = []route{
	{pattern: "GET /v1/shop", handle: (*call).getShop},
}

func (c *call) getShop() (int, any) {
	return http.StatusOK, object{"shop": c.shop.profile}
}

// Seed is what a new shop has of its own. The zero Seed makes a complete shop.
type Seed struct {
	// ID is the account ID; the default counts the shops of the server.
	ID string
	// Name is the title of the shop.
	Name string
	// Plan is the contract plan, premium by default. On other plans, order creation and
	// image upload are refused.
	Plan string
	// Profile replaces further members of GET /v1/shop, in the platform's spelling. It
	// does not change the ID.
	Profile map[string]any
}

// AddShop adds a seeded shop:
//
//	srv.AddShop(colormetest.Seed{Plan: "regular"})
//
// It panics when the ID is taken or the profile does not fit.
func (s *Server) AddShop(seed Seed) *Shop {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := len(s.shops) + 1
	now := s.Now()
	shop := &Shop{ID: cmp.Or(seed.ID, fmt.Sprintf("PA%08d", n)), server: s}
	if s.shop(shop.ID) != nil {
		panic("colormetest: there is a shop " + shop.ID + " already")
	}
	shop.profile = shopProfile{
		ID:    shop.ID,
		State: "enabled", DomainPlan: "cmsp_sub_domain", ContractPlan: cmp.Or(seed.Plan, "premium"),
		ContractStartDate: now.AddDate(0, -14, 0).Unix(), ContractEndDate: now.AddDate(0, 10, 0).Unix(), ContractTerm: new(int64(12)),
		LastLoginDate: now.Add(-3 * time.Hour).Unix(), SetupDate: now.AddDate(0, -14, 2).Unix(), MakeDate: now.AddDate(0, -14, 0).Unix(),
		URL:       fmt.Sprintf("https://shotengai%d.shop-pro.jp", n),
		OpenState: "opened", MobileOpenState: "opened",
		LoginID: fmt.Sprintf("shotengai%d", n),
		Name1:   "中野", Name2: "さくら", Name1Kana: "ナカノ", Name2Kana: "サクラ",
		Hojin: new("株式会社アーケード"), HojinKana: new("カブシキガイシャアーケード"),
		UserMail: fmt.Sprintf("owner%d@example.com", n), Tel: "03-0000-0000",
		Postal: "1640001", PrefID: new(int64(13)), PrefName: new("東京都"),
		Address1: "中野区中野0-0-0", Address2: "アーケードビル2F",
		Title: cmp.Or(seed.Name, "商店街の雑貨店"), TitleShort: new("雑貨店"),
		ShopMail1: fmt.Sprintf("shop%d@example.com", n),
		TaxType:   "excluded", Tax: 10, TaxRoundingMethod: "round_down", ReduceTaxRate: 8,
		ContractPaymentState: new("paid"),
	}
	overlay(&shop.profile, seed.Profile)
	shop.profile.ID = shop.ID
	shop.seed(now)
	s.shops = append(s.shops, shop)
	return shop
}

// seed fills a new shop. The order matters: orders name products, products
// name categories.
func (shop *Shop) seed(now time.Time) {
	config := shop.server.config
	shop.ranks = []membershipName{
		{MembershipID: "REGULAR", Name: "レギュラー"},
		{MembershipID: "SILVER", Name: "シルバー"},
		{MembershipID: "GOLD", Name: "ゴールド"},
	}
	shop.seedSettings(now)
	shop.seedCatalogue(now, config.products)
	for range config.customers {
		shop.addCustomer(now, nil)
	}
	// Oldest first, as a shop grows.
	for i := config.sales; i > 0; i-- {
		shop.addSale(now.Add(-time.Hour-time.Duration(i-1)*8*time.Hour), nil)
	}
	shop.seedCoupons(now)
	shop.seedReviews(now)
	shop.seedTemplates(now)
}

// Token issues an access token for the shop as if its owner had just approved
// the scopes; none means all. It belongs to the installation, if there is one,
// and ends with it.
func (shop *Shop) Token(scopes ...string) string {
	shop.server.mu.Lock()
	defer shop.server.mu.Unlock()
	if len(scopes) == 0 {
		scopes = Scopes()
	}
	return shop.server.auth.Grant(shop.ID, scopes...).AccessToken
}

// Unlink ends all access tokens of the shop, as its owner can. An installation stays, and the
// app gets no notice.
func (shop *Shop) Unlink() { shop.server.auth.RevokeShop(shop.ID) }

// SetMembershipRanks names the ranks of the shop's membership-rank app, ID to
// name. Without any the app is not installed, and membership calls get 403.
func (shop *Shop) SetMembershipRanks(ranks map[string]string) {
	shop.server.mu.Lock()
	defer shop.server.mu.Unlock()
	shop.ranks = nil
	for id, name := range ranks {
		shop.ranks = append(shop.ranks, membershipName{MembershipID: id, Name: name})
	}
	slices.SortFunc(shop.ranks, func(a, b membershipName) int { return strings.Compare(a.MembershipID, b.MembershipID) })
}

// newSecret makes a token or code of 64 characters.
func newSecret() string {
	b := make([]byte, 32)
	_, _ = rand.Read(b)
	return hex.EncodeToString(b)
}

// newChargeID makes an ID as charges and contracts have them: upper-case
// letters and digits.
func newChargeID() string { return rand.Text()[:8] }
