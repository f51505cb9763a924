// Command mcp lets an AI client work with shops of all four platforms, as a server of the
// Model Context Protocol.
//
//	go run ./examples/mcp -demo
//	go run ./examples/mcp -config shops.json
//	go run ./examples/mcp -config shops.json -http 127.0.0.1:8800
//
// Without -http it speaks on its standard input and output, as desktop clients start it.
// With it, it serves http://ADDRESS/mcp. An address that other machines can reach needs a
// bearer token of at least 32 characters in MCP_TOKEN, and the names by which the server is
// called in -allow-host. Requests for other hosts, and from web pages of other origins, are
// refused.
//
// The tools read: orders of a period, one order, items, stock, the days that a licence key
// has left, what a makeshop plan costs, and why a key does not work. With -allow-writes there
// is update_stock as well. It changes nothing until it is called with a confirmation that
// repeats the change, stock before it included.
//
// Names, addresses, telephone numbers, mail addresses and free texts of buyers are masked
// unless -show-personal-data is given. Secrets come from the environment or from a store of
// grants, and are in no result and in no log. A result has at most 50 rows and 24 KiB, and
// says how to go on.
//
// The program exits with 0 when the client has gone or a signal has ended it, with 1 when it
// failed, and with 2 when the command line or the configuration is wrong.
package main
