package rakutentest

import (
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
)

// Limits of orders.
const (
	maxPastDays = 730
	maxOrders   = 100
)

var orderRoutes = []route{
	orderRoute("searchOrder", (*call).searchOrder),
	orderRoute("getOrder", (*call).getOrder),
	orderRoute("confirmOrder", (*call).confirmOrder),
	orderRoute("updateOrderShipping", (*call).updateOrderShipping),
	orderRoute("updateOrderShippingAsync", (*call).updateOrderShippingAsync),
	orderRoute("getResultUpdateOrderShippingAsync", (*call).asyncResult),
	orderRoute("getSubStatusList", (*call).getSubStatusList),
	orderRoute("updateOrderSubStatus", (*call).updateOrderSubStatus),
	orderRoute("updateOrderMemo", (*call).updateOrderMemo),
	orderRoute("updateOrderRemarks", (*call).updateOrderRemarks),
	orderRoute("updateOrderDelivery", (*call).updateOrderDelivery),
	orderRoute("updateOrderOrderer", (*call).updateOrderOrderer),
	orderRoute("updateOrderSender", (*call).updateOrderSender),
	orderRoute("updateOrderSenderAfterShipping", (*call).updateOrderSenderAfterShipping),
	orderRoute("simulateCouponAmount", (*call).simulateCouponAmount),
	orderRoute("getPayment", (*call).getPayment),
	orderRoute("cancelOrder", (*call).cancelOrder),
	orderRoute("cancelOrderAfterShipping", (*call).cancelOrderAfterShipping),
}

func orderRoute(name string, handle func(*call) reply) route {
	return route{pattern: "POST /es/2.0/order/" + name, name: "order." + name, rate: "order", handle: handle}
}

// message is what the platform says of an order, or of none.
type message struct {
	Type        string  `json:"messageType"`
	Code        string  `json:"messageCode"`
	Message     string  `json:"message"`
	OrderNumber *string `json:"orderNumber"`
}

// plain is a message of the answers that speak of no order.
type plain struct {
	Type    string `json:"messageType"`
	Code    string `json:"messageCode"`
	Message string `json:"message"`
}

func (c *call) plainInfo(number int, text string) []plain {
	return []plain{{Type: "INFO", Code: c.code("INFO", number), Message: text}}
}

// code spells a message's code as the platform does. Beyond INFO_101 and INFO_102 the
// numbers are the fake's own.
func (c *call) code(kind string, number int) string {
	var name strings.Builder
	for i, r := range c.operation() {
		if i > 0 && r >= 'A' && r <= 'Z' {
			name.WriteByte('_')
		}
		name.WriteRune(r)
	}
	return fmt.Sprintf("ORDER_EXT_API_%s_%s_%03d", strings.ToUpper(name.String()), kind, number)
}

func (c *call) info(order string) message {
	return message{Type: "INFO", Code: c.code("INFO", 101), Message: "処理に成功しました。", OrderNumber: named(order)}
}

func (c *call) failed(number int, text, order string) message {
	return message{Type: "ERROR", Code: c.code("ERROR", number), Message: text, OrderNumber: named(order)}
}

func named(order string) *string {
	if order == "" {
		return nil
	}
	return &order
}

// Numbers of errors.
const (
	errBody     = 1
	errRequired = 2
	errValue    = 3
	errTooMany  = 4
	errPeriod   = 5
	errMissing  = 9
	errProgress = 10
)

// messages is an answer of messages alone.
func messages(list ...message) reply { return ok(object{"MessageModelList": list}) }

// invalid is the answer for a request that breaks a rule; some operations have more
// members, null on a failure.
func (c *call) invalid(number int, text string, more ...string) reply {
	out := object{"MessageModelList": []message{c.failed(number, text, "")}}
	for _, member := range more {
		out[member] = nil
	}
	return answer(http.StatusBadRequest, out)
}

var orderNumber = regexp.MustCompile(`^\d+-\d{8}-\d{8,10}$`)

func or(v *int, otherwise int) int {
	if v == nil {
		return otherwise
	}
	return *v
}

func text(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

// numbers checks a list of order numbers.
func (c *call) numbers(list []string) (reply, bool) {
	switch {
	case len(list) == 0:
		return c.invalid(errRequired, "orderNumberListは必須です。"), false
	case len(list) > maxOrders:
		return c.invalid(errTooMany, "orderNumberListは100件以内で指定してください。"), false
	case slices.ContainsFunc(list, func(n string) bool { return !orderNumber.MatchString(n) }):
		return c.invalid(errValue, "注文番号の形式が正しくありません。"), false
	}
	return reply{}, true
}

// order finds an order that is not too old.
func (c *call) order(number string) *order {
	o := c.shop.byNumber[number]
	if o == nil || o.OrderDatetime.Before(c.now.AddDate(0, 0, -maxPastDays)) {
		return nil
	}
	return o
}

// Order is an order as getOrder would return it, and nil for one that does not exist.
func (shop *Shop) Order(orderNumber string) map[string]any {
	shop.server.mu.Lock()
	defer shop.server.mu.Unlock()
	o := shop.byNumber[orderNumber]
	if o == nil {
		return nil
	}
	var out object
	overlay(&out, o)
	return out
}

const textMissing = "指定された注文番号は存在しません。"

// getOrder returns the orders that exist, and a message for each that does not.
func (c *call) getOrder() reply {
	var q struct {
		Numbers []string    `json:"orderNumberList"`
		Version json.Number `json:"version"`
	}
	if !c.read(&q) {
		return c.invalid(errBody, "リクエストの形式が正しくありません。")
	}
	version, err := q.Version.Int64()
	if err != nil {
		return c.invalid(errRequired, "versionは必須です。")
	}
	if version < 3 || version > 10 {
		return c.invalid(errValue, "versionが正しくありません。")
	}
	if out, fine := c.numbers(q.Numbers); !fine {
		return out
	}
	list, models := c.find(q.Numbers, int(version))
	out := object{"MessageModelList": list, "OrderModelList": models}
	if version >= 6 {
		out["version"] = version
	}
	return ok(out)
}

// find returns the orders of the numbers. The text of the success is recorded of getOrder.
func (c *call) find(numbers []string, version int) ([]message, []any) {
	list, models := []message{}, []any{}
	for _, number := range numbers {
		if o := c.order(number); o != nil {
			models = append(models, o.inVersion(version))
		} else {
			list = append(list, c.failed(errMissing, textMissing, number))
		}
	}
	if n := len(models); n > 0 {
		said := c.info("")
		said.Message = fmt.Sprintf("受注情報取得に成功しました。(取得件数%d件)", n)
		list = slices.Insert(list, 0, said)
	}
	return list, models
}

// since is the version of the order model that brought a member.
var since = map[string]int{
	"paymentChargeTaxRate": 3, "TaxSummaryModelList": 3, "settlementMethodCode": 3, "couponCapitalCode": 3, "taxRate": 3, "taxPrice": 3,
	"postageTaxRate": 3, "deliveryTaxRate": 3, "priceTaxIncl": 3, "defaultDeliveryCompanyCode": 4, "isSingleItemShipping": 4,
	"receiptIssueCount": 5, "receiptIssueHistoryList": 5, "DueDateModelList": 5, "cautionDisplayDetailType": 6, "SkuModelList": 7,
	"deliveryCertPrgFlag": 8, "oneDayOperationFlag": 8, "dropOffFlag": 9, "dropOffLocation": 9, "socialGiftFlag": 10, "SocialGiftModel": 10,
}

// inVersion is the order as a version of the model shows it.
func (o *order) inVersion(version int) any {
	if version == 10 {
		return o
	}
	var tree object
	overlay(&tree, o)
	prune(tree, func(name string) bool { return since[name] > version })
	if version < 8 {
		tree["isTaxRecalc"], tree["goodsTax"] = 0, 0
		packages, _ := tree["PackageModelList"].([]any)
		for _, p := range packages {
			if p, isObject := p.(object); isObject {
				p["goodsTax"] = 0
			}
		}
	}
	return tree
}

// prune takes members away, wherever they are.
func prune(v any, away func(name string) bool) {
	switch v := v.(type) {
	case object:
		for name, member := range v {
			if away(name) {
				delete(v, name)
				continue
			}
			prune(member, away)
		}
	case []any:
		for _, member := range v {
			prune(member, away)
		}
	}
}
