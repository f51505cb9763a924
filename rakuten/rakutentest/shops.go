package rakutentest

import (
	"cmp"
	"crypto/rand"
	"fmt"
	"strconv"
	"time"

	"github.com/shotengai/shotengai-go"
)

// firstShop is the id of the shop that a server begins with.
const firstShop = 400001

// Shop is one shop on the platform.
type Shop struct {
	// ID is the shop's number, the first part of its order numbers.
	ID string

	server        *Server
	name          string // on the market
	opened        time.Time
	serviceSecret string
	keys          []*licenseKey // oldest first
	disabled      map[string]Refusal
	orders        []*order
	byNumber      map[string]*order
	subStatuses   []subStatus
	async         map[string]*asyncRequest
	stock         map[sku]*stock
	items         map[string]object // by manageNumber, in lower case
	categories    map[string]*category
	tree          []node
	mappings      map[string]*mapping
	folders       []*folder // the root first
	pictures      []*picture
	coupons       []*coupon
	thanks        []*thanksCoupon
	bundles       []*bundle
	reservations  []*reservation
	settings      *element // by the names that readings use
	navigations   pageParts
	widgets       pageParts
	layouts       map[string]*pageParts // by status
	inquiries     []*inquiry            // oldest first
	files         map[attachment][]byte
	lastNumber    int64
	lastDetail    int64
}

// Seed is what a new shop has of its own. The zero Seed makes a complete shop.
type Seed struct {
	// ID is the shop's number; the default counts the shops of the server.
	ID string
	// Name is what the shop is called on the market.
	Name string
	// ServiceSecret identifies the application. Several shops of one vendor have the same.
	ServiceSecret shotengai.Secret
	// LicenseKey is the shop's first key.
	LicenseKey shotengai.Secret
	// IssuedAt is when that key was issued, by default ten days ago. The key of an
	// IssuedAt more than 90 days ago has expired.
	IssuedAt time.Time
}

// AddShop adds a seeded shop:
//
//	srv.AddShop(rakutentest.Seed{IssuedAt: srv.Now().AddDate(0, 0, -85)})
//
// It panics when the number is taken.
func (s *Server) AddShop(seed Seed) *Shop {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.Now()
	shop := &Shop{
		ID: cmp.Or(seed.ID, strconv.Itoa(firstShop+len(s.shops))), server: s,
		disabled: map[string]Refusal{}, byNumber: map[string]*order{}, async: map[string]*asyncRequest{}, stock: map[sku]*stock{},
		items: map[string]object{}, categories: map[string]*category{}, mappings: map[string]*mapping{},
		files: map[attachment][]byte{}, navigations: pageParts{id: "navigationId"}, widgets: pageParts{id: "widgetId"}, layouts: newLayouts(),
	}
	for _, other := range s.shops {
		if other.ID == shop.ID {
			panic("rakutentest: there is a shop " + shop.ID + " already")
		}
	}
	shop.name = cmp.Or(seed.Name, "商店街 "+shop.ID)
	shop.serviceSecret = cmp.Or(seed.ServiceSecret.Reveal(), newPair("SP", shop.ID))
	issued := seed.IssuedAt
	if issued.IsZero() {
		issued = now.AddDate(0, 0, -10)
	}
	shop.addKey(cmp.Or(seed.LicenseKey.Reveal(), newPair("SL", shop.ID)), issued)
	shop.seedOrders(now)
	shop.seedStock(now)
	shop.seedItems(now)
	shop.seedCategories(now)
	shop.seedCabinet(now)
	shop.seedInquiries(now)
	shop.seedReservations(now)
	shop.seedSettings()
	s.shops = append(s.shops, shop)
	return shop
}

// newPair makes one half of a licence in the form that is seen of it.
func newPair(prefix, shop string) string {
	return fmt.Sprintf("%s%s_%s", prefix, shop, rand.Text()[:16])
}

// url is where the shop is on the market.
func (shop *Shop) url() string { return "shotengai-" + shop.ID }
