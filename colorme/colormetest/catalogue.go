package colormetest

import (
	"cmp"
	"fmt"
	"slices"
	"time"
)

// seedCatalogue adds categories, groups and n products to a shop.
func (shop *Shop) seedCatalogue(now time.Time, n int) {
	made := now.AddDate(-1, 0, 0).Unix()
	for i, name := range []string{"器", "布もの", "紙もの"} {
		big := &category{
			IDBig: shop.server.newID(), AccountID: shop.ID, Name: name, Sort: new(int64(i + 1)),
			DisplayState: "showing", MakeDate: made, UpdateDate: made, Children: []*category{},
		}
		if i == 0 {
			big.Expl, big.MetaTag = new("毎日使いたい器を集めました。"), &metaTag{Title: new("器 | 商店街の雑貨店")}
			for j, child := range []string{"飯碗", "湯呑み"} {
				big.Children = append(big.Children, &category{
					IDBig: big.IDBig, IDSmall: shop.server.newID(), AccountID: shop.ID, Name: child, Sort: new(int64(j + 1)),
					DisplayState: "showing", MakeDate: made, UpdateDate: made,
				})
			}
		}
		shop.categories = append(shop.categories, big)
	}
	for i, name := range []string{"季節のおすすめ", "贈りもの", "会員限定"} {
		shop.groups = append(shop.groups, &group{
			ID: shop.server.newID(), AccountID: shop.ID, Name: name, Sort: new(int64(i + 1)),
			DisplayState: []string{"showing", "hidden", "members_only"}[i],
		})
	}
	shop.groups[1].ParentGroupID = new(shop.groups[0].ID)
	shop.groups[0].MetaTag = &metaTag{Title: new("季節のおすすめ")}
	// Oldest first: a product every six hours.
	for i := n; i > 0; i-- {
		shop.addProduct(now.Add(-time.Duration(i)*6*time.Hour), nil)
	}
}

func (shop *Shop) newProduct(now time.Time) *product {
	p := &product{
		ID: shop.server.newID(),
		goods: goods{
			AccountID: shop.ID, DisplayState: "showing", MakeDate: now.Unix(), UpdateDate: now.Unix(), Images: []productImage{},
		},
		GroupIDs: []int64{}, UnavailablePaymentIDs: []int64{}, UnavailableDeliveryIDs: []int64{},
		Options: []*option{}, Variants: []*variant{}, Pickups: []*pickup{},
		gallery: make(map[int64]string),
	}
	p.advertising = advertising{AccountID: shop.ID, ProductID: p.ID, Colors: []string{}, Sizes: []string{}}
	return p
}

// AddProduct adds a product and returns its ID. The members of v replace those
// of a realistic seed, as with AddSale. The seed has no variants; AddOption
// makes them.
func (shop *Shop) AddProduct(v any) int64 {
	shop.server.mu.Lock()
	defer shop.server.mu.Unlock()
	p := shop.seedProduct(shop.server.Now())
	overlay(p, v)
	p.settle(shop.profile)
	shop.shelve(p)
	return p.ID
}

// AddOption adds an axis with values to a product, two axes at most, and makes
// its variants anew, each with a stock of 10.
func (shop *Shop) AddOption(productID int64, name string, values ...string) {
	shop.server.mu.Lock()
	defer shop.server.mu.Unlock()
	p := shop.product(productID)
	if p == nil || len(p.Options) >= 2 || len(values) == 0 {
		panic(fmt.Sprintf("colormetest: product %d cannot take the option %q", productID, name))
	}
	now := shop.server.Now()
	shop.addOption(p, now.Unix(), name, values)
	shop.newVariants(p, now, func([]*variantOption) *variant { return nil }, new(int64(10)))
}

func (shop *Shop) seedProduct(now time.Time) *product {
	n := len(shop.products)
	names := [...]string{"くるみ染めの手ぬぐい", "波佐見焼の飯碗", "活版の便箋", "麻のエプロン", "藍の湯呑み", "木版のぽち袋"}
	p := shop.newProduct(now)
	p.Name = fmt.Sprintf("%s No.%d", names[n%len(names)], n+1)
	p.ModelNumber = new(fmt.Sprintf("SG-%05d", n+1))
	p.Category = &categoryRef{IDBig: shop.categories[n%len(shop.categories)].IDBig}
	if n%3 == 0 {
		p.Category.IDSmall = shop.categories[0].Children[n%2].IDSmall
	}
	p.GroupIDs = []int64{shop.groups[n%len(shop.groups)].ID}
	p.StockManaged, p.Stocks, p.FewNum = n%5 != 4, new(int64(n%20)), new(int64(3))
	if !p.StockManaged {
		p.Stocks, p.FewNum = nil, nil
	}
	p.SalesPrice, p.Cost = new(int64(800+n%40*50)), new(int64(400))
	if n%4 == 0 {
		p.Price, p.MembersPrice = new(int64(3000)), new(int64(700+n%40*50))
	}
	p.Unit, p.Weight, p.Sort = new("個"), new(int64(120)), new(int64(n+1))
	p.SimpleExpl, p.Expl = new("手仕事の一品です。"), new("<p>職人がひとつずつ仕上げています。</p>")
	p.TaxReduced, p.SoldoutDisplay = n%6 == 5, true
	p.gallery[0] = fmt.Sprintf("https://img.example.com/%s/product/%d.jpg", shop.ID, p.ID)
	if n%2 == 0 {
		p.gallery[1] = fmt.Sprintf("https://img.example.com/%s/product/%d_1.jpg", shop.ID, p.ID)
	}
	p.advertising.GTIN, p.advertising.MPN = new(fmt.Sprintf("49000000%05d", n%100000)), copyOf(p.ModelNumber)
	p.advertising.Condition, p.advertising.Gender = new("new"), new("unisex")
	p.advertising.Colors, p.advertising.Sizes = []string{"navy", "beige"}, []string{"M", "L"}
	if n%5 == 0 {
		p.Pickups = []*pickup{{PickupType: 0, OrderNum: new(int64(n)), MakeDate: now.Unix(), UpdateDate: now.Unix()}}
	}
	return p
}

// addProduct seeds a product; every third has variants in two sizes, every
// sixth in two sizes and two colours.
func (shop *Shop) addProduct(now time.Time, v any) *product {
	n := len(shop.products)
	p := shop.seedProduct(now)
	if n%3 == 1 {
		shop.addOption(p, now.Unix(), "サイズ", []string{"小", "大"})
		if n%6 == 1 {
			// The platform has options without a date of creation.
			shop.addOption(p, now.Unix(), "色", []string{"藍", "白"}).MakeDate = nil
		}
		stock := new(int64(n%7 + 1))
		if !p.StockManaged {
			stock = nil
		}
		shop.newVariants(p, now, func([]*variantOption) *variant { return nil }, stock)
	}
	overlay(p, v)
	p.settle(shop.profile)
	shop.shelve(p)
	return p
}

// shelve inserts a product by its date.
func (shop *Shop) shelve(p *product) {
	i, _ := slices.BinarySearchFunc(shop.products, p, func(a, b *product) int {
		return cmp.Or(cmp.Compare(a.MakeDate, b.MakeDate), cmp.Compare(a.ID, b.ID))
	})
	shop.products = slices.Insert(shop.products, i, p)
}
