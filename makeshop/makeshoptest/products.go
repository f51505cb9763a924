package makeshoptest

import (
	"fmt"
	"maps"
	"slices"
	"strconv"

	"github.com/shotengai/shotengai-go"
)

// variationStock is the stock of a variation, which searchProduct does not show.
const variationStock = "variationQuantity"

// catalogue is the products of a shop, found by their codes without a search.
type catalogue struct {
	rows   []object
	byCode map[productCode]*product
	looks  int // how many rows were looked at
}

type productCode struct{ field, code string }

// product is a row with its variations by their code.
type product struct {
	row        object
	variations map[string]object
}

// add adds a row. Of several with a code, the first one has it.
func (c *catalogue) add(row object) {
	p := &product{row, map[string]object{}}
	for _, v := range listOf(row["variations"]) {
		variation, _ := v.(object)
		if code := textOf(variation["variationCustomCode"]); p.variations[code] == nil {
			p.variations[code] = variation
		}
	}
	if c.byCode == nil {
		c.byCode = map[productCode]*product{}
	}
	for _, field := range []string{"systemCode", "customCode"} {
		if at := (productCode{field, textOf(row[field])}); c.byCode[at] == nil {
			c.byCode[at] = p
		}
	}
	c.rows = append(c.rows, row)
}

// find returns the product with a code, nil without one.
func (c *catalogue) find(field string, code any) *product {
	c.looks++
	if textOf(code) == "" {
		return nil
	}
	return c.byCode[productCode{field, textOf(code)}]
}

// all returns all rows.
func (c *catalogue) all() []object {
	c.looks += len(c.rows)
	return c.rows
}

// variation returns the one with a code, nil without one.
func (p *product) variation(code any) object {
	if textOf(code) == "" {
		return nil
	}
	return p.variations[textOf(code)]
}

// AddProduct adds a product and returns its systemCode: 12 digits with leading
// zeros. The fields are those of Product in the schema and override the fake's;
// beside them a variation may have a variationQuantity. It panics for others.
func (shop *Shop) AddProduct(fields map[string]any) string {
	shop.server.mu.Lock()
	defer shop.server.mu.Unlock()
	return shop.addProduct(fields)
}

func (shop *Shop) addProduct(fields map[string]any) string {
	s := shop.server
	n := len(shop.products.rows) + 1
	code := fmt.Sprintf("%012d", n)
	now := s.Now().In(shotengai.JST).Format(spaced)
	row := object{
		"uid": strconv.Itoa(n), "systemCode": code, "customCode": fmt.Sprintf("ITEM-%03d", n), "janCode": "",
		"productName": fmt.Sprintf("手ぬぐい %d", n), "productGroupCode": "", "productGroupName": "", "sellPrice": 1000 + 100*n,
		"consumerPrice": 0, "taxRate": 10, "quantity": 10, "display": "Y", "maker": "", "pcContent": "", "pcAddContent": "",
		"mobileContent": "", "mobileAddContent": "", "maxImageUrl": "https://image.example/" + code + ".jpg?20260101",
		"minImageUrl": "", "tinyImageUrl": "", "subImages": []any{}, "variationShowType": 0, "variations": []any{},
		"categories": []any{}, "isSellStart": "N", "isSellEnd": "N", "sellStartDateTime": "", "sellEndDateTime": "",
		"isDisplayOutOfSellPeriod": "N", "createdAt": now, "updatedAt": now, "customCreatedAt": now,
	}
	fields = normal(fields).(object)
	stocks := takeStocks(fields)
	s.merge("Product", row, fields)
	for i, v := range listOf(row["variations"]) {
		variation := object{
			"productSystemCode": row["systemCode"], "variationCustomCode": fmt.Sprintf("V%d", i+1), "variation1ItemName": "",
			"variation2ItemName": nil, "janCode": "", "subImageId": nil, variationStock: 10,
		}
		given, _ := v.(object)
		maps.Copy(variation, given)
		if stocks[i] != nil {
			variation[variationStock] = stocks[i]
		}
		listOf(row["variations"])[i] = variation
	}
	shop.products.add(row)
	return textOf(row["systemCode"])
}

// takeStocks takes the stock out of variations.
func takeStocks(fields object) map[int]any {
	stocks := map[int]any{}
	for i, v := range listOf(fields["variations"]) {
		if variation, ok := v.(object); ok {
			stocks[i] = variation[variationStock]
			delete(variation, variationStock)
		}
	}
	return stocks
}

func listOf(v any) []any {
	list, _ := v.([]any)
	return list
}

// Products returns the shop's products, with the stock of each variation.
func (shop *Shop) Products() []map[string]any { return shop.copyOf(&shop.products.rows) }

// AddCategory adds a category and returns its categoryUid. The fields are those of
// ProductCategory in the schema and override the fake's. It panics for others.
func (shop *Shop) AddCategory(fields map[string]any) int {
	shop.server.mu.Lock()
	defer shop.server.mu.Unlock()
	return shop.addCategory(fields)
}

func (shop *Shop) addCategory(fields map[string]any) int {
	s := shop.server
	uid := len(shop.categories) + 1
	row := object{
		"categoryUid": uid, "categoryCode": fmt.Sprintf("ct%d", uid), "categoryName": fmt.Sprintf("カテゴリー %d", uid),
		"categoryDepth": 1, "category1": strconv.Itoa(uid), "category2": "", "category3": "", "category4": "", "category5": "",
		"categoryUrl": fmt.Sprintf("/shopbrand/ct%d/", uid), "addCategoryUrl": "", "display": "Y", "productSortType": "0",
		"memberAccessType": "0", "memberGroupIds": []any{}, "seoInfo": object{"browserTitle": "", "description": ""},
	}
	s.merge("ProductCategory", row, fields)
	shop.categories = append(shop.categories, row)
	return intOf(row["categoryUid"])
}

// searchProduct takes the bounds of lastUpdate in either spelling; which one the
// platform wants is not known.
func searchProduct(shop *Shop, arguments map[string]any) (any, error) {
	input := inputOf(arguments)
	all := filter(shop.products.all(),
		among(input["systemCodes"]),
		equals("systemCode", input["systemCode"]),
		equals("customCode", input["customCode"]),
		between("updatedAt", input["lastUpdateFrom"], input["lastUpdateTo"]),
		shop.inCategory(input["categoryCode"]))
	order(all, "updatedAt", input["sortOrder"] == "DESC")
	return found(shop, "products", all, input, true), nil
}

func among(codes any) func(object) bool {
	wanted := map[any]bool{}
	for _, code := range listOf(codes) {
		wanted[code] = true
	}
	return func(row object) bool { return len(wanted) == 0 || wanted[row["systemCode"]] }
}

func (shop *Shop) inCategory(code any) func(object) bool {
	var uid any
	for _, category := range shop.categories {
		if category["categoryCode"] == code {
			uid = category["categoryUid"]
		}
	}
	return func(row object) bool {
		return code == nil || code == "" || uid != nil && slices.ContainsFunc(listOf(row["categories"]), func(v any) bool {
			summary, _ := v.(object)
			return summary["categoryUID"] == uid
		})
	}
}

// searchProductQuantity does not count.
func searchProductQuantity(shop *Shop, arguments map[string]any) (any, error) {
	input := inputOf(arguments)
	all := []object{}
	for _, product := range filter(shop.products.all(), among(input["systemCodes"])) {
		row := object{}
		for _, name := range []string{"systemCode", "customCode", "productName", "quantity"} {
			row[name] = product[name]
		}
		variations := []any{}
		for _, v := range listOf(product["variations"]) {
			variation, _ := v.(object)
			variations = append(variations, object{
				"variationCustomCode": variation["variationCustomCode"], "variationQuantity": variation[variationStock],
			})
		}
		row["variationQuantities"] = variations
		all = append(all, row)
	}
	return found(shop, "productQuantities", all, input, false), nil
}

// stockTarget finds the product of a stock mutation: by systemCode for a key type of 0,
// by customCode for 1.
func (shop *Shop) stockTarget(in object) *product {
	switch intOf(in["productKeyType"]) {
	case 0:
		return shop.products.find("systemCode", in["systemCode"])
	case 1:
		return shop.products.find("customCode", in["customCode"])
	}
	return nil
}

// changeStock adds for a calculation type of 1. Of all others the meaning is not
// known: 0 sets here, and the rest fail, as does a stock below zero.
func changeStock(row object, field string, in object) any {
	quantity := intOf(in["quantity"])
	switch intOf(in["quantityCalculationType"]) {
	case 0:
	case 1:
		quantity += intOf(row[field])
	default:
		return "数量計算区分が正しくありません。"
	}
	if quantity < 0 {
		return "在庫数が不足しています。"
	}
	row[field] = quantity
	return nil
}

const noProduct = "該当する商品が存在しません。"

// updateProductQuantity lists failed rows alone.
func updateProductQuantity(shop *Shop, arguments map[string]any) (any, error) {
	fails := []any{}
	for _, in := range rows(arguments, "productQuantities") {
		var message any = noProduct
		if product := shop.stockTarget(in); product != nil {
			message = changeStock(product.row, "quantity", in)
		}
		if message != nil {
			fails = append(fails, object{"systemCode": in["systemCode"], "customCode": in["customCode"], "message": message})
		}
	}
	return object{"failResult": fails}, nil
}

// updateVariationQuantity lists failed rows alone. Of the ways to name a variation
// one is known: a key type of 1, by variationCustomCode.
func updateVariationQuantity(shop *Shop, arguments map[string]any) (any, error) {
	fails := []any{}
	for _, in := range rows(arguments, "variationQuantities") {
		product := shop.stockTarget(in)
		for _, v := range listOf(in["variationQuantityDetails"]) {
			detail, _ := v.(object)
			var message any = noProduct
			if product != nil {
				message = "該当するバリエーションが存在しません。"
				if variation := product.variation(detail["variationCustomCode"]); variation != nil && intOf(detail["variationKeyType"]) == 1 {
					message = changeStock(variation, variationStock, detail)
				}
			}
			if message != nil {
				fails = append(fails, object{
					"systemCode": in["systemCode"], "customCode": in["customCode"],
					"variationCustomCode": detail["variationCustomCode"], "message": message,
				})
			}
		}
	}
	return object{"failResult": fails}, nil
}
