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
// A product that is refused does not stop the others. When the token is refused or the
// context ends, the rest is not sent: the error is the reason, and the rows show which of
// them were carried out. Before adding again to a row whose outcome is unknown, read its
// stock. A run sends one call for each product, at the pace of the limiter: to save progress
// in between, split the rows, but never those of one product. Scope: write_products.
func (s *StocksService) UpdateMany(ctx context.Context, rows []UpdateStockRequest, opts ...shotengai.CallOption) (*shotengai.Results[StockKey], error) {
	results, products := byProduct(rows)
	for _, places := range products {
		together := make([]UpdateStockRequest, len(places))
		for i, place := range places {
			together[i] = rows[place]
		}
		err := s.update(ctx, together, opts)
		for _, place := range places {
			setOutcome(&results.Rows[place], err)
		}
		if endsRun(err) {
			return results, err
		}
	}
	return results, nil
}

// byProduct returns results in which no row is sent, and the places of the rows of each
// product, in the order of their first rows.
func byProduct(rows []UpdateStockRequest) (results *shotengai.Results[StockKey], products [][]int) {
	results = &shotengai.Results[StockKey]{Rows: make([]shotengai.Row[StockKey], len(rows))}
	at := make(map[int64]int)
	for i, row := range rows {
		results.Rows[i] = shotengai.Row[StockKey]{Index: i, Key: row.key(), State: shotengai.RowNotSent, Message: "an earlier call failed"}
		n, known := at[row.ProductID]
		if !known {
			n = len(products)
			at[row.ProductID], products = n, append(products, nil)
		}
		products[n] = append(products[n], i)
	}
	return results, products
}

// setOutcome sets what became of a row whose call ended with err. As the call is about one
// product, its rows have also failed when it was invalid and not sent, and when it was
// forbidden.
func setOutcome(row *shotengai.Row[StockKey], err error) {
	if err == nil {
		row.State, row.Message = shotengai.RowDone, ""
		return
	}
	row.State, row.Code, row.Message = api.RowOutcome(err)
	if row.State == shotengai.RowNotSent && (errors.Is(err, shotengai.ErrInvalid) || errors.Is(err, shotengai.ErrForbidden)) {
		row.State = shotengai.RowFailed
	}
}

// endsRun reports whether no further call makes sense after one that ended with err: the
// token is refused, or the call could not be sent for a reason that is not the row's, such
// as a context that has ended.
func endsRun(err error) bool {
	if errors.Is(err, shotengai.ErrUnauthorized) || errors.Is(err, shotengai.ErrReauthorize) {
		return true
	}
	e, ok := errors.AsType[*shotengai.Error](err)
	return ok && e.Attempts == 0 && e.Kind == nil
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
