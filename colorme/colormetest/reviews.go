package colormetest

import "time"

type review struct {
	ID        int64           `json:"id"`
	Nickname  *string         `json:"nickname"`
	Sex       string          `json:"sex"`
	Nendai    string          `json:"nendai"`
	Star      int64           `json:"star"`
	Title     *string         `json:"title"`
	Comment   *string         `json:"comment"`
	Status    string          `json:"status"`
	PointFlg  string          `json:"point_flg"`
	PostedAt  *int64          `json:"posted_at"`
	ProductID int64           `json:"product_id"`
	Customer  *reviewCustomer `json:"customer"`
	Reply     *reviewReply    `json:"reply"`
}

type reviewCustomer struct {
	ID   int64  `json:"id"`
	Mail string `json:"mail"`
}

type reviewReply struct {
	ID        int64  `json:"id"`
	Comment   string `json:"comment"`
	RepliedAt int64  `json:"replied_at"`
}

// listReviews clamps at 100 like the other lists; the platform's behaviour
// there is not known.
func (c *call) listReviews() (int, any) {
	return list(c, "reviews", pageSize{normal: 10, max: 100}, newestFirst(c.shop.reviews), same)
}

// AddReview adds a review and returns its ID. The members of v replace those
// of a realistic seed, as with AddSale.
func (shop *Shop) AddReview(v any) int64 {
	shop.server.mu.Lock()
	defer shop.server.mu.Unlock()
	return shop.addReview(shop.server.Now(), v).ID
}

func (shop *Shop) addReview(now time.Time, v any) *review {
	n := len(shop.reviews)
	r := &review{
		ID:       shop.server.newID(),
		Nickname: new("さくら"), Sex: []string{"female", "male", "no_answer"}[n%3], Nendai: []string{"thirties", "nouse", "sixties_or_over"}[n%3],
		Star: int64(n%10 + 1), Title: new("とても良い品でした"), Comment: new("丁寧に包まれて届きました。\nまた利用します。"),
		Status: []string{"approved", "pending", "rejected"}[n%3], PointFlg: "unassigned",
		PostedAt: new(now.AddDate(0, 0, -n).Unix()),
	}
	if len(shop.products) > 0 {
		r.ProductID = shop.products[n%len(shop.products)].ID
	}
	if len(shop.customers) > 0 && n%2 == 0 {
		cu := shop.customers[n%len(shop.customers)]
		r.Customer = &reviewCustomer{ID: cu.ID, Mail: text(cu.Mail)}
	}
	if n%4 == 0 {
		r.Reply = &reviewReply{ID: shop.server.newID(), Comment: "ありがとうございます。", RepliedAt: now.Unix()}
	}
	overlay(r, v)
	shop.reviews = append(shop.reviews, r)
	return r
}

func (shop *Shop) seedReviews(now time.Time) {
	for range 5 {
		shop.addReview(now, nil)
	}
}
