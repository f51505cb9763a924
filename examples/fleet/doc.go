// Fleet keeps a copy of the orders of thousands of Color Me shops in step with the platform:
// one job per shop on River, with PostgreSQL as the queue, the store of grants and the place
// of the orders.
//
//	go run ./examples/fleet -demo
//
// With real shops, and as many workers as you like:
//
//	export DATABASE_URL=postgres://… FLEET_SEAL_KEY=$(openssl rand -base64 32)   # keep the key
//	fleet migrate
//	fleet shops add < token.txt
//	fleet work
//	fleet status
//
// The standard input of shops add has the access token that the shop's owner has granted
// (guide permission.md), with the scope read_sales. Workers find new shops by themselves. They
// log what fails to the standard error, and status shows it. River UI (riverqueue.com/riverui)
// shows the jobs in a browser; it finds the tables with ?search_path=fleet in its DATABASE_URL.
// Ctrl-C lets a worker finish what it has in hand; the second one ends it at once, and nothing
// is lost. The exit code is 0 for success, 1 for a failure, 2 for a mistake in the command line.
// Messages are Japanese where LANG or LC_ALL says ja.
//
// The demo needs a PostgreSQL (DATABASE_URL, or one on 127.0.0.1:5432). It starts a fake
// of the platform with 1,000 shops (-shops) and three worker processes (-workers). In three
// rounds the workers copy the orders and then what has changed: orders that are new, paid,
// edited, shipped, split and cancelled. In two of the rounds a worker is killed five times
// (-kills) while it writes the orders of a shop. After each round the demo compares the copy
// with the platform, order by order.
//
// It makes a schema with a name of its own for its tables and drops it at the end. A schema
// that exists, named by -schema, is refused and left as it is. No other command drops a schema
// or a table. The workers of the demo end when the demo does.
//
// The jobs of a killed worker stay behind as running. The demo puts them back into the queue at
// once, since it knows that the worker is dead. In production River does so: after 6 minutes,
// when it looks next, which it does every 30 seconds.
//
// What to copy from here: a job that keeps a shop in step and stores its orders and its cursor
// in one transaction (sync.go), retries by the kind of error (the same), rounds that find new
// shops, grants shared by all processes (worker.go), and a limiter that all processes share
// (limiter.go).
package main
