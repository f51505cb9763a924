// Command licensewatch shows how long the licence keys of many Rakuten shops are valid,
// who has to act, and writes a calendar with the days on which they end: to licences.ics in
// the working directory, or where -calendar says.
//
//	go run ./examples/licensewatch                     # on a fake of the platform
//	go run ./examples/licensewatch -config shops.json -state state.json
//
// Run it daily. With a state file, each warning is printed once per key, and the end of a key
// is kept when the platform no longer returns it. A warning that could not be printed comes
// again an hour later or after, and the program exits with 1. It exits with 2 when the command
// line or the configuration is wrong. Texts, the calendar's too, are in Japanese where LC_ALL,
// LC_MESSAGES or LANG says so.
package main
