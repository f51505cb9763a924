// Fleet keeps the orders of thousands of shops in step with the platform: one job per shop
// on River, with PostgreSQL as the queue, the store of grants and the place of the orders.
//
//	go run ./examples/fleet -demo
//	go run ./examples/fleet -worker -database postgres://…      (as many as you like)
//
// The demo needs a PostgreSQL (DATABASE_URL, or one on 127.0.0.1:5432). It starts a fake
// of the platform with 1,000 shops, three worker processes that are killed at random, and
// counts that no order is lost or doubled.
//
// What to copy from here: a job that does its work and its completion in one transaction
// (sync.go), retries by the kind of error (the same), and grants shared by all processes
// (worker.go).
package main
