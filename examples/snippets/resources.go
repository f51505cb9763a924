package snippets

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/colorme"
	"github.com/shotengai/shotengai-go/makeshop"
	"github.com/shotengai/shotengai-go/rakuten"
	"github.com/shotengai/shotengai-go/stores"
)

// Products, customers, coupons, inquiries.

func colorMeProducts(ctx context.Context, client *colorme.Client) error {
	for product, err := range client.Products.All(ctx, colorme.ListProductsParams{}) { // with options, variants and stock
		if err != nil {
			return err
		}
		fmt.Println(product.ID, product.Name, len(product.Variants))
	}
	return nil
}

func colorMePrice(ctx context.Context, client *colorme.Client, id int64) error {
	_, err := client.Products.Update(ctx, id, colorme.UpdateProductRequest{SalesPrice: new(int64(1980))}) // the rest stays
	return err
}

func makeshopProducts(ctx context.Context, client *makeshop.Client) error {
	for product, err := range client.Products.All(ctx, makeshop.ListProductsParams{Lean: true}) {
		if err != nil {
			return err
		}
		fmt.Println(product.SystemCode, product.ProductName, product.SellPrice)
	}
	return nil
}

func storesItem(ctx context.Context, client *stores.Client) error {
	item, err := client.Items.Create(ctx, stores.CreateItemRequest{
		Name: "湯のみ", Description: "益子焼です。", Status: stores.ItemHidden,
		Variations: []stores.CreateVariationRequest{{Name: "青", RegularPrice: 1800, Quantity: new(int64(5))}},
	})
	if err != nil {
		return err
	}
	fmt.Println(item.ID)
	return nil
}

func rakutenItem(ctx context.Context, client *rakuten.Client, manageNumber string) error {
	return client.Items.Patch(ctx, manageNumber, rakuten.PatchItemRequest{
		Title:   "湯のみ 益子焼",
		Tagline: shotengai.Clear[string](),
	})
}

func colorMeCustomers(ctx context.Context, client *colorme.Client) error {
	for customer, err := range client.Customers.All(ctx, colorme.ListCustomersParams{Member: new(true)}) {
		if err != nil {
			return err
		}
		if _, err := client.Customers.AddPoints(ctx, customer.ID, 100); err != nil { // repeating it adds them again
			return err
		}
	}
	return nil
}

func makeshopPoints(ctx context.Context, client *makeshop.Client, member string) error {
	results, err := client.Members.UpdateShopPoints(ctx, []makeshop.UpdateMemberShopPointRequest{{MemberID: member, Point: 500}}) // the new total
	if err != nil {
		return err
	}
	return results.Err() // of the rows that failed
}

func colorMeCoupon(ctx context.Context, client *colorme.Client) error {
	_, err := client.Coupons.Create(ctx, colorme.CreateCouponRequest{
		Code: "SPRING10", CouponType: colorme.CouponRate, DiscountAmount: new(int64(10)),
		StartsAt: shotengai.Date{Year: 2027, Month: time.March, Day: 1}, EndsAt: shotengai.Date{Year: 2027, Month: time.March, Day: 31},
	})
	return err
}

func storesCoupon(ctx context.Context, client *stores.Client) error {
	_, err := client.Coupons.Create(ctx, stores.CreateCouponRequest{
		Name: "春のセール", Code: "SPRING10", Active: true, Detail: stores.PercentDiscount(10), MinAmount: new(int64(3000)),
	})
	return err
}

func rakutenCoupon(ctx context.Context, client *rakuten.Client, start time.Time) error {
	issued, err := client.Coupons.Issue(ctx, rakuten.IssueCouponRequest{
		CouponName: "春のセール", IssueCount: 1000, MemberAvailMaxCount: 1,
		ItemType: rakuten.CouponWholeOrder, DiscountType: rakuten.DiscountYen, DiscountFactor: 300,
		CouponStartDate: rakuten.ItemAt(start), CouponEndDate: rakuten.ItemAt(start.AddDate(0, 0, 7)), // start: 1 hour to 30 days ahead
	})
	if err != nil {
		return err // search by the name before you issue it again
	}
	fmt.Println(issued.CouponCode, issued.PCGetURL)
	return nil
}

func rakutenInquiries(ctx context.Context, client *rakuten.Client, now time.Time, answer func(*rakuten.Inquiry) string) error {
	var params rakuten.ListInquiriesParams
	params.FromDate.Time, params.ToDate.Time = now.AddDate(0, 0, -30), now // 31 days at most
	params.NoMerchantReply = new(true)
	for inquiry, err := range client.Inquiries.All(ctx, params) {
		if err != nil {
			return err
		}
		if _, err := client.Inquiries.Reply(ctx, rakuten.ReplyInquiryRequest{
			InquiryNumber: inquiry.InquiryNumber, ShopID: strconv.FormatInt(inquiry.ShopID, 10), Message: answer(inquiry),
		}); err != nil {
			return err
		}
	}
	return nil
}

var _ = []any{
	colorMeProducts, colorMePrice, makeshopProducts, storesItem, rakutenItem, colorMeCustomers, makeshopPoints,
	colorMeCoupon, storesCoupon, rakutenCoupon, rakutenInquiries,
}
