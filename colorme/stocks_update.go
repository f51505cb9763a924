package colorme

import (
	"context"
	"errors"
	"fmt"
	"iter"
)

// StockRow is the stock of a product, or of one of its variants.
type StockRow struct {
	ProductID    int64
	Option1Value string // empty: the product itself
	Option2Value string // empty: the product has one axis
	Stocks       StocksUpdate
}

// UpdateMany changes the stock of many products and yields every row with its outcome, nil
// for success, in the order given. Rows of one product travel in one call, however far
// apart they stand, and succeed or fail together; calls are paced by the client's limiter.
// When the token turns out dead or the context ends, the rest is not sent, and its rows
// carry that error. A row whose error is [ErrOutcomeUnknown] may have been applied: read
// its stock before adding again. Scope: write_products.
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
				}
				outcomes[row.ProductID] = err
				if errors.Is(err, ErrReauthorize) || ctx.Err() != nil {
					stop = fmt.Errorf("not sent: %w", err)
				}
			}
			if !yield(row, err) {
				return
			}
		}
	}
}

// update sends all rows of one product.
func (s *StocksService) update(ctx context.Context, productID int64, rows []StockRow, opts []CallOption) error {
	var product UpdateProductRequest
	for _, row := range rows {
		switch {
		case row.Stocks.IsZero():
			return fmt.Errorf("colorme: stock of product %d: %w: a row says neither SetStocks nor AddStocks", productID, ErrInvalid)
		case row.Option1Value == "" && !product.Stocks.IsZero():
			return fmt.Errorf("colorme: stock of product %d: %w: two rows for the same stock", productID, ErrInvalid)
		case row.Option1Value == "":
			product.Stocks = row.Stocks
		default:
			variant := UpdateProductVariant{Option1Value: row.Option1Value, Stocks: row.Stocks}
			if row.Option2Value != "" {
				variant.Option2Value = new(row.Option2Value)
			}
			product.Variants = append(product.Variants, variant)
		}
	}
	_, err := s.client.Products.Update(ctx, productID, product, opts...)
	return err
}
