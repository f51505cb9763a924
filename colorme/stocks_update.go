package colorme

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"net/http"
	"slices"

	"github.com/shotengai/shotengai-go/internal/api"
)

// StockRow is the stock of a product, or of one of its variants. It only counts where the
// product's StockManaged is on: see [StocksService.UpdateMany].
type StockRow struct {
	ProductID    int64
	Option1Value string // empty: the product itself, which has to keep no stock by variant
	Option2Value string // empty: the product has one axis
	Stocks       StocksUpdate
}

// UpdateMany changes the stock of many products and yields every row with its outcome, nil
// for success, in the order given. Rows of one product travel in one call, however far
// apart they stand, and succeed or fail together; calls are paced by the client's limiter.
// Two rows for the same stock are refused, and so is a row for a product beside rows for
// its variants, which the platform would ignore. A row for the product itself is ignored
// where stock is kept by variant; when the answer shows that, the row gets [ErrInvalid].
//
// As long as no variant of a product has a stock, the first call that gives one to any of
// them sets all others to 0: give rows for all variants of such a product. Stock is not
// switched on by a row: where the product's StockManaged is off, the call succeeds and
// the product stays unlimited, so that [ProductsService.Update] has to set
// StockManaged to true first, and to false to make the product unlimited again.
//
// The call for a product has been made when its first row is yielded, and has changed all
// of its rows. So whoever stops, or keeps how far a run got, does it between
// two products, and goes on with whole products: the rest of a product's rows would add
// again.
//
// When the token turns out dead or without its scope, or the context ends, the rest is not
// sent, and its rows say so. A row whose error is [ErrOutcomeUnknown] may have been
// applied: read its stock before adding again. Scope: write_products.
func (s *StocksService) UpdateMany(ctx context.Context, rows []StockRow, opts ...CallOption) iter.Seq2[StockRow, error] {
	return func(yield func(StockRow, error) bool) {
		products := make(map[int64][]StockRow)
		for _, row := range rows {
			products[row.ProductID] = append(products[row.ProductID], row)
		}
		outcomes := make(map[int64]error, len(products))
		var stop error
		for _, row := range rows {
			err, done := outcomes[row.ProductID]
			if !done {
				err = stop
				if stop == nil {
					err = s.update(ctx, row.ProductID, products[row.ProductID], opts)
					stop = endOf(ctx, err)
				}
				outcomes[row.ProductID] = err
			}
			if !yield(row, err) {
				return
			}
		}
	}
}

// endOf tells why no further call makes sense after one that ended with err; nil if one
// does.
func endOf(ctx context.Context, err error) error {
	switch {
	case ctx.Err() != nil:
		return fmt.Errorf("colorme: stock not sent: %w", ctx.Err())
	case errors.Is(err, ErrUnauthorized), errors.Is(err, ErrReauthorize):
		return fmt.Errorf("colorme: stock not sent: %w", err)
	}
	return nil
}

// update sends all rows of one product.
func (s *StocksService) update(ctx context.Context, productID int64, rows []StockRow, opts []CallOption) error {
	var product UpdateProductRequest
	if err := checkRows(rows); err != nil {
		r := api.Request{Method: http.MethodPut, Path: api.PathID("/v1/products/%s", productID)}
		return s.client.engine.Invalid(r, err)
	}
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
	updated, err := s.client.Products.Update(ctx, productID, product, opts...)
	if err == nil && !product.Stocks.IsZero() && updated.stockByVariant() {
		return fmt.Errorf("colorme: product %d keeps its stock by variant, and its row without options was ignored: %w", productID, ErrInvalid)
	}
	return err
}

func (p *Product) stockByVariant() bool {
	return slices.ContainsFunc(p.Variants, func(v ProductVariant) bool { return v.Stocks != nil })
}

// checkRows refuses rows of one product that cannot travel together.
func checkRows(rows []StockRow) error {
	type place struct{ option1, option2 string }
	seen := make(map[place]bool, len(rows))
	for _, row := range rows {
		at := place{row.Option1Value, row.Option2Value}
		switch {
		case row.Stocks.IsZero():
			return errors.New("a row says neither SetStocks nor AddStocks")
		case at.option1 == "" && at.option2 != "":
			return fmt.Errorf("a row has the second option %q and no first", at.option2)
		case seen[at]:
			return errors.New("two rows for the same stock")
		}
		seen[at] = true
	}
	if seen[place{}] && len(rows) > 1 {
		return errors.New("a row for the product itself beside rows for its variants: the platform would ignore one")
	}
	return nil
}
