package rakutentest

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Limits of inquiries.
const (
	maxInquiryPeriod    = 31 * 24 * time.Hour
	maxReplyAttachments = 3
	maxAttachment       = 5 << 20
	inquiriesAPage      = 30 // without a limit; the platform's number is not known
)

const inquiryBase = "/es/1.0/inquirymng-api/"

var inquiryRoutes = []route{
	inquiryRoute("GET", "inquiries/count", "count", (*call).countInquiries),
	inquiryRoute("GET", "inquiries", "list", (*call).listInquiries),
	inquiryRoute("GET", "inquiry/{inquiryNumber}", "get", (*call).getInquiry),
	inquiryRoute("POST", "inquiry/reply", "reply", (*call).replyInquiry),
	inquiryRoute("POST", "attachment", "attachment.post", (*call).postAttachment),
	inquiryRoute("GET", "attachment", "attachment.get", (*call).getAttachment),
	inquiryRoute("PATCH", "inquiries/read", "markAsRead", (*call).markRead),
	inquiryRoute("PATCH", "inquiries/complete", "markAsComplete", (*call).markComplete),
	inquiryRoute("PATCH", "inquiries/incomplete", "markAsIncomplete", (*call).markIncomplete),
}

func inquiryRoute(method, path, name string, handle func(*call) reply) route {
	return route{pattern: method + " " + inquiryBase + path, name: "inquiry." + name, rate: "inquiry", handle: handle}
}

// localTime is a time in Japan without an offset; zero is null. That inquiries are answered
// in this spelling is a guess: it is known of their queries only.
type localTime struct{ time.Time }

const localLayout = "2006-01-02T15:04:05"

// MarshalJSON writes the time without its offset.
func (t localTime) MarshalJSON() ([]byte, error) {
	return []byte(t.In(jst).Format(`"` + localLayout + `"`)), nil
}

// UnmarshalJSON reads what MarshalJSON writes, and nothing else.
func (t *localTime) UnmarshalJSON(data []byte) (err error) {
	t.Time, err = parseLocal(strings.Trim(string(data), `"`))
	return err
}

// parseLocal reads a time in Japan without an offset, to the letter.
func parseLocal(s string) (time.Time, error) {
	at, err := time.ParseInLocation(localLayout, s, jst)
	if err == nil && at.Format(localLayout) != s {
		err = fmt.Errorf("%q is no time of the form %s", s, localLayout)
	}
	return at, err
}

type inquiry struct {
	Number           string         `json:"inquiryNumber"`
	ShopID           int64          `json:"shopId"`
	UserName         string         `json:"userName"`
	UserMaskEmail    *string        `json:"userMaskEmail"`
	Message          string         `json:"message"`
	RegDate          localTime      `json:"regDate"`
	ItemURL          *string        `json:"itemUrl"`
	ItemName         *string        `json:"itemName"`
	ItemNumber       *string        `json:"itemNumber"`
	IsCompleted      bool           `json:"isCompleted"`
	CompletedDate    *localTime     `json:"completedDate"`
	OrderNumber      *string        `json:"orderNumber"`
	ReadByMerchant   bool           `json:"readByMerchant"`
	Attachments      []attachment   `json:"attachments"`
	Replies          []inquiryReply `json:"replies"`
	Category         *string        `json:"category"`
	Type             *string        `json:"type"`
	IsMessageDeleted bool           `json:"isMessageDeleted"`
	LastUpdateDate   localTime      `json:"lastUpdateDate"`
}

type inquiryReply struct {
	ID               int64        `json:"id"`
	Message          string       `json:"message"`
	RegDate          localTime    `json:"regDate"`
	IsRead           bool         `json:"isRead"`
	IsMessageDeleted bool         `json:"isMessageDeleted"`
	Attachments      []attachment `json:"attachments"`
}

// attachment names a file.
type attachment struct {
	Label string `json:"label"`
	Path  string `json:"path"`
}

// seedInquiries makes one about an order, one about an item, and one that is done with.
func (shop *Shop) seedInquiries(now time.Time) {
	about := shop.newInquiry(now.Add(-2 * time.Hour))
	if n := len(shop.orders); n > 0 {
		about.OrderNumber = &shop.orders[n-1].OrderNumber
	}
	done := shop.newInquiry(now.AddDate(0, 0, -3))
	done.ReadByMerchant, done.IsCompleted, done.CompletedDate = true, true, &localTime{now.AddDate(0, 0, -2)}
	done.Replies = []inquiryReply{{ID: shop.server.newID(), Message: "はい、包みます。", RegDate: *done.CompletedDate, IsRead: true, Attachments: []attachment{}}}
	item := shop.newInquiry(now.AddDate(0, 0, -1))
	item.ItemName, item.ItemNumber, item.ItemURL = &goods[1].name, &goods[1].itemNumber, new("https://item.example.jp/"+goods[1].manageNumber)
	shop.inquiries = []*inquiry{done, item, about}
}

func (shop *Shop) newInquiry(at time.Time) *inquiry {
	id, _ := strconv.ParseInt(shop.ID, 10, 64)
	regDate := localTime{at.Truncate(time.Second)}
	return &inquiry{
		Number: fmt.Sprintf("%s-%s-%d", shop.ID, at.In(jst).Format("20060102"), shop.server.newID()), ShopID: id, UserName: "楽田 花子",
		UserMaskEmail: new("xxxxxx@pc.masked.example.jp"), Message: "贈り物用に包んでもらえますか。", RegDate: regDate, LastUpdateDate: regDate,
		Attachments: []attachment{}, Replies: []inquiryReply{},
	}
}

// AddInquiry lets a buyer ask something now and returns the inquiry's number. The members of
// v replace those of a seed, as with AddOrder; another regDate dates it back.
func (shop *Shop) AddInquiry(v any) string {
	shop.server.mu.Lock()
	defer shop.server.mu.Unlock()
	q := shop.newInquiry(shop.server.Now())
	overlay(q, v)
	shop.inquiries = append(shop.inquiries, q)
	slices.SortStableFunc(shop.inquiries, func(a, b *inquiry) int { return a.RegDate.Compare(b.RegDate.Time) })
	return q.Number
}

// inquiryFails is a refusal of the inquiry family; field is the member that is wrong. Beyond
// IE001 the codes are the fake's own.
func inquiryFails(status int, code, message, field, reason string) reply {
	out := object{"code": code, "message": message}
	if field != "" {
		out["targets"] = object{field: reason}
	}
	return answer(status, object{"error": out})
}

func inquiryInvalid(field, reason string) reply {
	return inquiryFails(http.StatusBadRequest, "IE001", "invalid parameter", field, reason)
}

func noInquiry() reply {
	return inquiryFails(http.StatusNotFound, "IE004", "not found", "", "")
}

func result(v any) reply { return ok(object{"result": v}) }

// period reads the period of the query, both of whose ends are required.
func (c *call) period() (from, to time.Time, refused *reply) {
	from, wrongFrom := parseLocal(c.query.Get("fromDate"))
	to, wrongTo := parseLocal(c.query.Get("toDate"))
	switch {
	case wrongFrom != nil:
		refused = new(inquiryInvalid("fromDate", "must be of the form "+localLayout))
	case wrongTo != nil:
		refused = new(inquiryInvalid("toDate", "must be of the form "+localLayout))
	case to.Before(from), to.Sub(from) > maxInquiryPeriod:
		refused = new(inquiryInvalid("toDate", "must be within 31 days of fromDate"))
	}
	return from, to, refused
}

// foundInquiries are the inquiries of the period, oldest first.
func (c *call) foundInquiries() ([]*inquiry, *reply) {
	from, to, refused := c.period()
	if refused != nil {
		return nil, refused
	}
	found := []*inquiry{}
	for _, q := range c.shop.inquiries {
		inside := !q.RegDate.Before(from) && !q.RegDate.After(to)
		if inside && (c.query.Get("noMerchantReply") != "true" || len(q.Replies) == 0) {
			found = append(found, q)
		}
	}
	return found, nil
}

func (c *call) countInquiries() reply {
	found, refused := c.foundInquiries()
	if refused != nil {
		return *refused
	}
	return result(object{"count": len(found)})
}

// listInquiries is the only answer of the family that is not wrapped in a result.
func (c *call) listInquiries() reply {
	found, refused := c.foundInquiries()
	if refused != nil {
		return *refused
	}
	page, fine := c.number("page", 1, 1, 1<<30)
	limit, alsoFine := c.number("limit", inquiriesAPage, 1, 1<<30)
	if !fine || !alsoFine {
		return inquiryInvalid("page", "page and limit begin at 1")
	}
	from := min((page-1)*limit, len(found))
	return ok(object{
		"totalCount": len(found), "totalPageCount": (len(found) + limit - 1) / limit, "page": page, "list": found[from:min(from+limit, len(found))],
	})
}

func (shop *Shop) inquiry(number string) *inquiry {
	i := slices.IndexFunc(shop.inquiries, func(q *inquiry) bool { return q.Number == number })
	if i < 0 {
		return nil
	}
	return shop.inquiries[i]
}

func (c *call) getInquiry() reply {
	if q := c.shop.inquiry(c.r.PathValue("inquiryNumber")); q != nil {
		return result(q)
	}
	return noInquiry()
}

// replyInquiry adds a reply, and a second one when it is called a second time.
func (c *call) replyInquiry() reply {
	var in struct {
		Number      string       `json:"inquiryNumber"`
		ShopID      string       `json:"shopId"`
		Message     string       `json:"message"`
		Attachments []attachment `json:"attachments"`
	}
	switch {
	case !c.read(&in):
		return inquiryInvalid("body", "must be a JSON object")
	case in.Message == "":
		return inquiryInvalid("message", "is required")
	case in.ShopID != c.shop.ID:
		return inquiryInvalid("shopId", "must be that of the shop")
	case len(in.Attachments) > maxReplyAttachments:
		return inquiryInvalid("attachments", "at most 3 are allowed")
	}
	for _, a := range in.Attachments {
		if _, there := c.shop.files[a]; !there {
			return inquiryInvalid("attachments", "must have been uploaded")
		}
	}
	q := c.shop.inquiry(in.Number)
	if q == nil {
		return noInquiry()
	}
	sent := inquiryReply{ID: c.newID(), Message: in.Message, RegDate: localTime{c.now}, Attachments: append([]attachment{}, in.Attachments...)}
	q.Replies, q.LastUpdateDate = append(q.Replies, sent), sent.RegDate
	return result(object{
		"inquiryNumber": q.Number, "message": sent.Message, "regDate": sent.RegDate, "replyFrom": "merchant", "isRead": false, "attachments": sent.Attachments,
	})
}

func (c *call) postAttachment() reply {
	file, there := c.parts()["file"]
	switch {
	case !there || file.name == "" || len(file.data) == 0:
		return inquiryInvalid("file", "is required")
	case len(file.data) > maxAttachment:
		return inquiryInvalid("file", "at most 5 MB are allowed")
	}
	a := attachment{Label: file.name, Path: fmt.Sprintf("/%s/%d", c.shop.ID, c.newID())}
	c.shop.files[a] = file.data
	return result(a)
}

func (c *call) getAttachment() reply {
	data, there := c.shop.files[attachment{c.query.Get("label"), c.query.Get("path")}]
	if !there {
		return noInquiry()
	}
	return reply{status: http.StatusOK, contentType: "application/octet-stream", body: data}
}

func (c *call) markRead() reply {
	return c.mark(func(q *inquiry) { q.ReadByMerchant = true })
}

func (c *call) markComplete() reply {
	return c.mark(func(q *inquiry) { q.IsCompleted, q.CompletedDate = true, &localTime{c.now} })
}

func (c *call) markIncomplete() reply {
	return c.mark(func(q *inquiry) { q.IsCompleted, q.CompletedDate = false, nil })
}

// mark changes inquiries. Those that do not exist are rows of the answer, in HTTP 200.
func (c *call) mark(as func(*inquiry)) reply {
	var in struct {
		Numbers []string `json:"inquiryNumbers"`
	}
	if !c.read(&in) || len(in.Numbers) == 0 {
		return inquiryInvalid("inquiryNumbers", "is required")
	}
	done, failed := []string{}, []object{}
	for _, number := range in.Numbers {
		q := c.shop.inquiry(number)
		if q == nil {
			failed = append(failed, object{"inquiryNumber": number, "errorMessage": "not found"})
			continue
		}
		as(q)
		q.LastUpdateDate = localTime{c.now}
		done = append(done, number)
	}
	return result(object{"ok": done, "error": failed})
}
