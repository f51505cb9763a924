// Orders exports the orders of many shops of all four platforms into one file, CSV or
// JSON Lines, with common columns and the raw order.
//
//	go run ./examples/orders -demo
//	go run ./examples/orders -config shops.json -from 2026-01-01 -to 2026-01-31 -out orders.csv
//
// Stopped by Ctrl-C or a crash, the same command goes on where it stopped, without a lost
// or doubled order. Each shop is asked at its platform's pace, shops side by side.
package main
