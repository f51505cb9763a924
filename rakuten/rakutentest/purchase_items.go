package rakutentest

import "slices"

var purchaseItemRoutes = []route{
	{pattern: "POST /es/2.0/purchaseItem/searchOrderItem", name: "purchaseItem.searchOrderItem", rate: "purchaseItem", handle: (*call).searchOrder},
	{pattern: "POST /es/2.0/purchaseItem/getOrderItem", name: "purchaseItem.getOrderItem", rate: "purchaseItem", handle: (*call).getOrderItem},
}

// personal are the members that getOrderItem leaves out, of the order and of its packages.
// Which ones the platform leaves out is not established; the fake takes those that are about
// persons and of what they wrote and paid with.
var personal = []string{
	"OrdererModel", "remarks", "memo", "operator", "mailPlugSentence", "SettlementModel", "SenderModel", "DeliveryCvsModel", "SocialGiftModel",
}

func (c *call) getOrderItem() reply {
	var q struct {
		Numbers []string `json:"orderNumberList"`
	}
	if !c.read(&q) {
		return c.invalid(errBody, "リクエストの形式が正しくありません。")
	}
	if out, fine := c.numbers(q.Numbers); !fine {
		return out
	}
	list, models := c.find(q.Numbers, 10)
	for i, m := range models {
		var tree object
		overlay(&tree, m)
		prune(tree, func(name string) bool { return slices.Contains(personal, name) })
		models[i] = tree
	}
	return ok(object{"MessageModelList": list, "OrderModelList": models})
}
