// Orders exports the orders of many shops of all four platforms into one file, or what has
// changed since its last run.
//
//	go run ./examples/orders -demo
//	go run ./examples/orders -config shops.json -from 2026-01-01 -to 2026-01-31 -out orders.csv
//	go run ./examples/orders -config shops.json -changes -out changes
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
// With -changes, a run writes the orders that are new or have changed since the last run, each
// in its newest state: a late payment, an edit, a cancellation. One that was there and has
// vanished is a row with its number and the status vanished. The file of a run, such as
// changes-000007.csv, appears in the directory -out when the run ends, so that a program that
// waits for it has all of it, and may move it away. Where a shop has to go on is in
// changes.checkpoint beside it, written after the orders that it covers: a run that is killed
// loses nothing, and the next one finishes its file. Keep that file. It is used by one run at
// a time. An order can come again without a change: save by shop and number, and take the
// files in their order.
//
// Texts are in Japanese where LC_ALL, LC_MESSAGES or LANG says so. A bar shows how far a run
// is on a terminal, lines do so elsewhere. No text has colours.
//
// The program exits with 0 when the export is complete, with 1 when it is not, and with 2
// when the command line or the configuration is wrong.
package main
