package rakutentest

var purchaseItemRoutes = []route{
	{pattern: "POST /es/2.0/purchaseItem/searchOrderItem", name: "purchaseItem.searchOrderItem", rate: "purchaseItem", handle: (*call).searchOrder},
	{pattern: "POST /es/2.0/purchaseItem/getOrderItem", name: "purchaseItem.getOrderItem", rate: "purchaseItem", handle: (*call).getOrderItem},
}

// personal are the members that getOrderItem leaves out. Which ones the platform leaves
// out is not established; the fake takes those that tell of persons.
var personal = []string{"OrdererModel", "remarks", "memo", "operator", "mailPlugSentence", "SettlementModel"}

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
		for _, name := range personal {
			delete(tree, name)
		}
		models[i] = tree
	}
	return ok(object{"MessageModelList": list, "OrderModelList": models})
}
