// Fleet keeps the orders of thousands of shops in step with the platform: one job per shop
// on River, with PostgreSQL as the queue, the store of grants and the place of the orders.
//
//	go run ./examples/fleet -demo
//	go run ./examples/fleet -worker -database postgres://…      (as many as you like)
//
// The demo needs a PostgreSQL (DATABASE_URL, or one on 127.0.0.1:5432). It starts a fake
// of the platform with 1,000 shops (-shops) and three worker processes (-workers), kills a
// worker five times (-kills) while it writes the orders of a shop, and counts that no order
// is lost or doubled. It makes a schema with a name of its own for its tables and drops it at
// the end. A schema that exists, named by -schema, is refused and left as it is. The workers
// of the demo end when the demo does.
//
// The jobs of a killed worker stay behind as running. The demo puts them back into the queue at
// once, since it knows that the worker is dead. In production River does so: after 25 seconds,
// when it looks next, which it does every 30 seconds.
//
// What to copy from here: a job that does its work and its completion in one transaction
// (sync.go), retries by the kind of error (the same), and grants shared by all processes
// (worker.go).
package main
