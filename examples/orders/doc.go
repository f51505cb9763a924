// Orders exports the orders of many shops of all four platforms into one file.
//
//	go run ./examples/orders -demo
//	go run ./examples/orders -config shops.json -from 2026-01-01 -to 2026-01-31 -out orders.csv
//
// CSV has one row for each line of an order. What concerns the order as a whole, its totals
// and the raw order, is on its first row alone, so that a column can be added up. JSON Lines
// have one row for each order.
//
// A line is known by its order and its place there. No code is a key: the column sku has
// Rakuten's merchantDefinedSkuId, else itemNumber, else manageNumber; the code of the
// variation, else of the product, on makeshop; the code of the variation, else its id, on
// STORES; and the model number on Color Me. Shops leave them empty and give several sizes the
// same one, so the column variant has what the buyer chose in words.
//
// The totals by tax rate and total_other add up to total. total_other is what has neither 10
// nor 8 percent, and what the platform gives no rate for: on makeshop everything, on Color Me
// orders without totals of their own, on STORES the fee of its system, on Rakuten points where
// they are taken off the sums.
//
// Stopped by Ctrl-C or a crash, the same command goes on where it stopped, without a lost
// or doubled order, and with the days of its first run. A second run on the same file is
// refused. Each shop is asked at its platform's pace, shops side by side.
//
// The program exits with 0 when the export is complete, with 1 when it is not, and with 2
// when the command line or the configuration is wrong.
package main
