package colormetest

import (
	"net/http"
	"slices"
)

// pickup features a product. Replies of products show it without the IDs.
type pickup struct {
	PickupType int64  `json:"pickup_type"`
	OrderNum   *int64 `json:"order_num"`
	MakeDate   int64  `json:"make_date"`
	UpdateDate int64  `json:"update_date"`
}

// pickupReply is a pickup as its own operations show it.
type pickupReply struct {
	pickup

	ProductID int64  `json:"product_id"`
	AccountID string `json:"account_id"`
}

// pickupTypes are recommended, best seller, new arrival and top pick; there is
// no 2.
var pickupTypes = []int64{0, 1, 3, 4}

var pickupRules = []rule{
	{key: "pickup_type", kind: numberKind, filled: true},
	{key: "order_num", kind: numberKind, low: new(int64(0))},
}

// pickupInput reads the flat body of a pickup's write.
func (c *call) pickupInput(p *product) (in fields, old *pickup, typ int64, problems []apiError) {
	in, code := c.flat()
	if code != 0 {
		return nil, nil, 0, []apiError{problem(code, "")}
	}
	if problems = check("pickup", in, pickupRules, "pickup_type"); len(problems) > 0 {
		return nil, nil, 0, problems
	}
	typ, _ = looseNumber(in["pickup_type"])
	if !slices.Contains(pickupTypes, typ) {
		return nil, nil, 0, []apiError{problem(codeChoice, "pickup.pickup_type")}
	}
	return in, p.pickup(typ), typ, nil
}

func (p *product) pickup(typ int64) *pickup {
	i := slices.IndexFunc(p.Pickups, func(k *pickup) bool { return k.PickupType == typ })
	if i < 0 {
		return nil
	}
	return p.Pickups[i]
}

func (c *call) showPickup(p *product, k *pickup) (int, any) {
	return http.StatusOK, object{"pickup": pickupReply{pickup: *k, ProductID: p.ID, AccountID: c.shop.ID}}
}

// createPickup features a product; one that is featured already is changed.
func (c *call) createPickup() (int, any) {
	p := c.product()
	if p == nil {
		return notFound()
	}
	in, k, typ, problems := c.pickupInput(p)
	if len(problems) > 0 {
		return refuseAll(problems...)
	}
	if k == nil {
		k = &pickup{PickupType: typ, MakeDate: c.now.Unix()}
		p.Pickups = append(p.Pickups, k)
	}
	apply(k, in, pickupRules)
	k.UpdateDate = c.now.Unix()
	return c.showPickup(p, k)
}

func (c *call) updatePickup() (int, any) {
	p := c.product()
	if p == nil {
		return notFound()
	}
	in, k, _, problems := c.pickupInput(p)
	if len(problems) > 0 {
		return refuseAll(problems...)
	}
	if k == nil {
		return notFound()
	}
	apply(k, in, pickupRules)
	k.UpdateDate = c.now.Unix()
	return c.showPickup(p, k)
}

// deletePickup answers 200 with what it removed.
func (c *call) deletePickup() (int, any) {
	p := c.product()
	typ, ok := looseNumber([]byte(c.r.PathValue("pickup_type")))
	if p == nil || !ok || p.pickup(typ) == nil {
		return notFound()
	}
	k := p.pickup(typ)
	p.Pickups = slices.DeleteFunc(p.Pickups, func(other *pickup) bool { return other == k })
	return c.showPickup(p, k)
}
