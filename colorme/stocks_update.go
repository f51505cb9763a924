package colorme

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/internal/api"
)

// UpdateStockRequest is the stock of a product, or of one of its variants. It only counts where the
// product's StockManaged is on: see [StocksService.UpdateMany].
type UpdateStockRequest struct {
	ProductID    int64
	Option1Value string // empty: the product itself, which has to keep no stock by variant
	Option2Value string // empty: the product has one axis
	Stocks       StocksUpdate
}

// StockKey is what a row of [StocksService.UpdateMany] is about: a product, or one of its
// variants.
type StockKey struct {
	ProductID    int64
	Option1Value string
	Option2Value string
}

// String is the product's id and the values of its options.
func (k StockKey) String() string {
	return strings.TrimRight(fmt.Sprintf("%d %s %s", k.ProductID, k.Option1Value, k.Option2Value), " ")
}

func (r UpdateStockRequest) key() StockKey {
	return StockKey{r.ProductID, r.Option1Value, r.Option2Value}
}

// UpdateMany changes the stock of many products. Rows of one product travel in one call,
// however far apart they stand, and succeed or fail together; calls are paced by the client's
// limiter. Two rows for the same stock are refused, and so is a row for a product beside rows
// for its variants, which the platform would ignore. A row for the product itself is ignored
// where stock is kept by variant; when the answer shows that, the row has failed.
//
// As long as no variant of a product has a stock, the first call that sets one of them sets
// all others to 0: have rows for all variants of such a product. Stock is not switched on by
// a row: where the product's StockManaged is off, the call succeeds and the product stays
// unlimited, so that [ProductsService.Update] has to set StockManaged to true first, and to
// false to make the product unlimited again.
//
// Calls for up to four products are under way at once, in no set order. A product that is refused
// does not stop the others. What would meet all products, as a refused token or the end of the
// context, does, by the rule of [shotengai.Parallel]: the rest is not sent, the error is the
// reason, and the rows show which of them were carried out. Before adding again to a row whose
// outcome is unknown, read its stock. A run sends one call for each product, at the pace of the
// limiter: to save progress in between, split the rows, but never those of one product. Scope:
// write_products.
func (s *StocksService) UpdateMany(ctx context.Context, rows []UpdateStockRequest, opts ...shotengai.CallOption) (*shotengai.Results[StockKey], error) {
	_, calls := shotengai.Parallel(ctx, stockCalls, byProduct(rows), func(ctx context.Context, places []int) (struct{}, error) {
		return struct{}{}, s.update(ctx, pick(rows, places), opts)
	})
	results := &shotengai.Results[StockKey]{Rows: make([]shotengai.Row[StockKey], len(rows))}
	for _, call := range calls.Rows {
		for _, i := range call.Key {
			results.Rows[i] = shotengai.Row[StockKey]{Index: i, Key: rows[i].key(), State: call.State, Code: call.Code, Message: call.Message}
		}
	}
	return results, s.client.engine.Ended(ctx, api.Request{Operation: updateProduct}, calls.Stopped())
}

// stockCalls is how many calls of UpdateMany are under way at once. The platform allows two a
// second, so that they hide the time of answers that take up to two seconds.
const stockCalls = 4

// byProduct returns the places of the rows of each product, in the order of their first rows.
func byProduct(rows []UpdateStockRequest) (products [][]int) {
	at := make(map[int64]int)
	for i, row := range rows {
		n, known := at[row.ProductID]
		if !known {
			n = len(products)
			at[row.ProductID], products = n, append(products, nil)
		}
		products[n] = append(products[n], i)
	}
	return products
}

// pick returns the rows at places.
func pick(rows []UpdateStockRequest, places []int) []UpdateStockRequest {
	picked := make([]UpdateStockRequest, len(places))
	for i, place := range places {
		picked[i] = rows[place]
	}
	return picked
}

const updateProduct = "PUT /v1/products/{id}"

// update sends all rows of one product.
func (s *StocksService) update(ctx context.Context, rows []UpdateStockRequest, opts []shotengai.CallOption) error {
	productID := rows[0].ProductID
	if err := checkRows(rows); err != nil {
		return s.client.engine.Invalid(ctx, api.Request{Operation: updateProduct, Path: api.ID(productID)}, err)
	}
	product := changeOf(rows)
	updated, err := s.client.Products.Update(ctx, productID, product, opts...)
	if err == nil && !product.Stocks.IsZero() && updated.stockByVariant() {
		return fmt.Errorf("product %d keeps its stock by variant, and its row without options was ignored: %w", productID, shotengai.ErrInvalid)
	}
	return err
}

// changeOf is the change of a product that rows make.
func changeOf(rows []UpdateStockRequest) (product UpdateProductRequest) {
	for _, row := range rows {
		if row.Option1Value == "" {
			product.Stocks = row.Stocks
			continue
		}
		variant := UpdateProductVariant{Option1Value: row.Option1Value, Stocks: row.Stocks}
		if row.Option2Value != "" {
			variant.Option2Value = new(row.Option2Value)
		}
		product.Variants = append(product.Variants, variant)
	}
	return product
}

func (p *Product) stockByVariant() bool {
	return slices.ContainsFunc(p.Variants, func(v ProductVariant) bool { return v.Stocks != nil })
}

// checkRows refuses rows of one product that cannot travel together.
func checkRows(rows []UpdateStockRequest) error {
	seen := make(map[StockKey]bool, len(rows))
	for _, row := range rows {
		at := row.key()
		switch {
		case row.Stocks.IsZero():
			return errors.New("a row says neither SetStocks nor AddStocks")
		case at.Option1Value == "" && at.Option2Value != "":
			return fmt.Errorf("a row has the second option %q and no first", at.Option2Value)
		case seen[at]:
			return errors.New("two rows for the same stock")
		}
		seen[at] = true
	}
	if seen[StockKey{ProductID: rows[0].ProductID}] && len(rows) > 1 {
		return errors.New("a row for the product itself beside rows for its variants: the platform would ignore one")
	}
	return nil
}
