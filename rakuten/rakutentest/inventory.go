package rakutentest

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Limits of stock.
const (
	maxStock        = 99999
	maxStockGet     = 1000
	maxStockUpsert  = 400
	strayStockLives = 24 * time.Hour
)

// sku names a SKU; the manage number is in lower case.
type sku struct{ manageNumber, variantID string }

// stock is the stock of one SKU.
type stock struct {
	quantity         int
	leadTime         *leadTime
	shipFrom         []int
	created, updated time.Time
	stray            bool // of no item; thrown away after a day
}

type leadTime struct {
	Normal    *int `json:"normalDeliveryTimeId"`
	BackOrder *int `json:"backOrderDeliveryTimeId"`
}

var inventoryRoutes = func() []route {
	var routes []route
	for family, base := range map[string]string{"inventory20": "/es/2.0/inventories/", "inventory21": "/es/2.1/inventories/"} {
		one := base + "manage-numbers/{manageNumber}/variants/{variantId}"
		routes = append(routes,
			route{pattern: "GET " + one, name: family + ".variants.get", rate: "inventory", handle: (*call).getStock},
			route{pattern: "PUT " + one, name: family + ".variants.upsert", rate: "inventory", handle: (*call).putStock},
			route{pattern: "DELETE " + one, name: family + ".variants.delete", rate: "inventory", handle: (*call).deleteStock},
			route{pattern: "POST " + base + "bulk-get", name: family + ".bulkGet", rate: "inventory.get", handle: (*call).bulkGetStock},
			route{pattern: "GET " + base + "bulk-get/range", name: family + ".bulkGetRange", rate: "inventory.get", handle: (*call).rangeOfStock},
			route{pattern: "POST " + base + "bulk-upsert", name: family + ".bulkUpsert", rate: "inventory", handle: (*call).bulkUpsertStock},
		)
	}
	return append(routes, route{
		pattern: "GET /es/2.1/inventories/variant-lists/manage-numbers/{manageNumber}", name: "inventory21.variantLists.get", rate: "inventory",
		handle: (*call).listStockedVariants,
	})
}()

// seedStock stocks all SKUs of the seed. Every third has a lead time and a shipping place.
func (shop *Shop) seedStock(now time.Time) {
	n := 0
	for _, g := range goods {
		for _, variant := range g.variants {
			row := &stock{quantity: 5 + 7*n%40, created: now.AddDate(0, -1, 0), updated: now.AddDate(0, 0, -1)}
			if n%3 == 0 {
				row.leadTime, row.shipFrom = &leadTime{Normal: new(1)}, []int{1}
			}
			shop.stock[sku{g.manageNumber, variant}] = row
			n++
		}
	}
}

// SetStock sets the quantity of a SKU, as if it had been registered.
func (shop *Shop) SetStock(manageNumber, variantID string, quantity int) {
	shop.server.mu.Lock()
	defer shop.server.mu.Unlock()
	now := shop.server.Now()
	shop.stock[sku{strings.ToLower(manageNumber), variantID}] = &stock{quantity: quantity, created: now, updated: now}
}

// Stock is the quantity of a SKU, and whether there is any stock of it, 0 included.
func (shop *Shop) Stock(manageNumber, variantID string) (quantity int, registered bool) {
	shop.server.mu.Lock()
	defer shop.server.mu.Unlock()
	shop.discardStock(shop.server.Now())
	if row := shop.stock[sku{strings.ToLower(manageNumber), variantID}]; row != nil {
		return row.quantity, true
	}
	return 0, false
}

// sells reports whether the shop has such a SKU.
func (shop *Shop) sells(k sku) bool {
	return member(shop.items[k.manageNumber], "variants", k.variantID) != nil
}

// discardStock throws stock away that no item has claimed within a day.
func (shop *Shop) discardStock(now time.Time) {
	maps.DeleteFunc(shop.stock, func(_ sku, row *stock) bool { return row.stray && now.Sub(row.created) >= strayStockLives })
}

// lead reports whether a call is of version 2.1, which knows lead times, and not of 2.0.
func (c *call) lead() bool { return strings.HasPrefix(c.r.URL.Path, "/es/2.1/") }

// key is the SKU of the path.
func (c *call) key() sku {
	return sku{strings.ToLower(c.r.PathValue("manageNumber")), c.r.PathValue("variantId")}
}

// show is stock as the version of the call shows it.
func (c *call) show(k sku, row *stock) object {
	out := object{
		"manageNumber": k.manageNumber, "variantId": k.variantID, "quantity": row.quantity,
		"created": colon(row.created), "updated": colon(row.updated),
	}
	if c.lead() {
		out["operationLeadTime"], out["shipFromIds"] = row.leadTime, row.shipFrom
	}
	return out
}

func (c *call) getStock() reply {
	if row := c.shop.stock[c.key()]; row != nil {
		return ok(c.show(c.key(), row))
	}
	return notFound()
}

func (c *call) deleteStock() reply {
	if c.shop.stock[c.key()] == nil {
		return notFound()
	}
	delete(c.shop.stock, c.key())
	return noContent()
}

// stockRow is one row of a change.
type stockRow struct {
	ManageNumber string          `json:"manageNumber"`
	VariantID    string          `json:"variantId"`
	Mode         string          `json:"mode"`
	Quantity     json.RawMessage `json:"quantity"`
	LeadTime     *leadTime       `json:"operationLeadTime"`
	ShipFrom     []int           `json:"shipFromIds"`
}

var keyForm = regexp.MustCompile(`^[A-Za-z0-9_-]+$`)

// checkStock returns what is wrong with a row; path is where it stands.
func (c *call) checkStock(row stockRow, path string) []apiError {
	var problems []apiError
	for _, key := range []struct{ member, v string }{{"manageNumber", row.ManageNumber}, {"variantId", row.VariantID}} {
		switch {
		case len(key.v) > 32:
			problems = append(problems, problem(codeTooLong, key.member+" is too long", path+key.member))
		case !keyForm.MatchString(key.v):
			problems = append(problems, problem(codeParameter, key.member+" is invalid", path+key.member))
		}
	}
	n, err := strconv.Atoi(string(row.Quantity))
	current := c.shop.stock[sku{strings.ToLower(row.ManageNumber), row.VariantID}]
	switch {
	case err != nil:
		problems = append(problems, problem(codeNumber, "quantity is not a number", path+"quantity"))
	case row.Mode == "ABSOLUTE":
	case row.Mode != "RELATIVE":
		problems = append(problems, problem(codeParameter, "mode is invalid", path+"mode"))
	case current == nil:
		problems = append(problems, problem(codeParameter, "the first registration must be ABSOLUTE", path+"mode"))
	default:
		n += current.quantity
	}
	if err == nil && len(problems) == 0 && (n < 0 || n > maxStock) {
		problems = append(problems, problem(codeQuantity, "quantity must be between 0 and 99999", path+"quantity"))
	}
	return problems
}

// setStock carries out a row that has been checked. A call of 2.1 without lead time and
// shipping places empties them.
func (c *call) setStock(row stockRow) {
	k := sku{strings.ToLower(row.ManageNumber), row.VariantID}
	current := c.shop.stock[k]
	if current == nil {
		current = &stock{created: c.now, stray: !c.shop.sells(k)}
		c.shop.stock[k] = current
	}
	n, _ := strconv.Atoi(string(row.Quantity))
	if row.Mode == "RELATIVE" {
		n += current.quantity
	}
	current.quantity, current.updated = n, c.now
	if c.lead() {
		current.leadTime, current.shipFrom = row.LeadTime, row.ShipFrom
	}
}

// putStock sets the stock of one SKU. That of an unknown SKU is taken, and thrown away
// after a day.
func (c *call) putStock() reply {
	var row stockRow
	if !c.read(&row) {
		return refuse(http.StatusBadRequest, codeParameter, "the body is no JSON object", "")
	}
	row.ManageNumber, row.VariantID = c.r.PathValue("manageNumber"), c.r.PathValue("variantId")
	if problems := c.checkStock(row, ""); len(problems) > 0 {
		return refuseAll(http.StatusBadRequest, problems...)
	}
	c.setStock(row)
	return noContent()
}

// bulkUpsertStock sets the stock of many SKUs. Whether the valid rows of a call with wrong
// ones are carried out is not established; the fake carries out none.
func (c *call) bulkUpsertStock() reply {
	var q struct {
		Rows []stockRow `json:"inventories"`
	}
	if !c.read(&q) {
		return refuse(http.StatusBadRequest, codeParameter, "the body is no JSON object", "")
	}
	if n := len(q.Rows); n == 0 || n > maxStockUpsert {
		return refuse(http.StatusBadRequest, codeKeys, "inventories must have 1 to 400 rows", "inventories")
	}
	var problems []apiError
	seen := map[sku]bool{}
	for i, row := range q.Rows {
		path := fmt.Sprintf("inventories[%d].", i)
		k := sku{strings.ToLower(row.ManageNumber), row.VariantID}
		if seen[k] {
			problems = append(problems, problem(codeKeys, "the SKU is there twice", path+"variantId"))
		}
		seen[k] = true
		problems = append(problems, c.checkStock(row, path)...)
	}
	if len(problems) > 0 {
		return refuseAll(http.StatusBadRequest, problems...)
	}
	for _, row := range q.Rows {
		c.setStock(row)
	}
	return noContent()
}

func (c *call) bulkGetStock() reply {
	var q struct {
		Rows []stockRow `json:"inventories"`
	}
	if !c.read(&q) {
		return refuse(http.StatusBadRequest, codeParameter, "the body is no JSON object", "")
	}
	if n := len(q.Rows); n == 0 || n > maxStockGet {
		return refuse(http.StatusBadRequest, codeKeys, "inventories must have 1 to 1000 rows", "inventories")
	}
	rows := []object{}
	for _, asked := range q.Rows {
		k := sku{strings.ToLower(asked.ManageNumber), asked.VariantID}
		if row := c.shop.stock[k]; row != nil {
			rows = append(rows, c.show(k, row))
		}
	}
	return ok(object{"inventories": rows})
}

// rangeOfStock lists SKUs by their quantity; more than 1000 are an error.
func (c *call) rangeOfStock() reply {
	low, high := 0, maxStock
	for name, dst := range map[string]*int{"minQuantity": &low, "maxQuantity": &high} {
		if v := c.query.Get(name); v != "" {
			n, err := strconv.Atoi(v)
			if err != nil || n < 0 || n > maxStock {
				return refuse(http.StatusBadRequest, codeNumber, name+" is invalid", name)
			}
			*dst = n
		}
	}
	rows := []object{}
	for _, k := range c.shop.skus() {
		if row := c.shop.stock[k]; row.quantity >= low && row.quantity <= high {
			rows = append(rows, c.show(k, row))
		}
	}
	if len(rows) > maxStockGet {
		return refuse(http.StatusBadRequest, codeParameter, "more than 1000 results, narrow the range", "")
	}
	return ok(object{"inventories": rows})
}

// skus are all SKUs with stock, sorted.
func (shop *Shop) skus() []sku {
	keys := make([]sku, 0, len(shop.stock))
	for k := range shop.stock {
		keys = append(keys, k)
	}
	slices.SortFunc(keys, func(a, b sku) int {
		return cmp.Or(strings.Compare(a.manageNumber, b.manageNumber), strings.Compare(a.variantID, b.variantID))
	})
	return keys
}

func (c *call) listStockedVariants() reply {
	variants := []string{}
	for _, k := range c.shop.skus() {
		if k.manageNumber == strings.ToLower(c.r.PathValue("manageNumber")) {
			variants = append(variants, k.variantID)
		}
	}
	if len(variants) == 0 {
		return notFound()
	}
	return ok(object{"variantList": variants})
}
