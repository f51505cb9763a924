// Package shotengai is the root of a library for apps that serve shops on four
// Japanese commerce platforms: Color Me Shop, makeshop, STORES and Rakuten
// Ichiba. A shotengai is a covered street of shops; the library is the street
// that an app walks to serve them.
//
// The root package holds no code. Import the package of the platform you serve
// and nothing else comes along: a program that links one platform links none of
// the others. To see the whole street with no account anywhere, run
//
//	go run ./examples/tour
//
// To start, take the platform's client. It is made by NewClient from a token
// source, sends nothing until it is asked to, and serves one shop from any
// number of goroutines:
//
//	client, err := colorme.NewClient(tokens)
//	for sale, err := range client.Sales.All(ctx, params) { ... }
//
// All clients share one way of pacing, retrying, reading and failing: an error
// is matched by kind with [errors.Is], by detail with [errors.As], and a write
// whose outcome is not known is reported as such and never sent again unasked.
//
// # Platforms
//
// Package colorme is the client of Color Me Shop: the shop API and the App
// Store API, whose charges also work with the token of the uninstall hook.
//
// Package makeshop is the client of the makeshop app API: GraphQL, typed where
// the schema is known and open to any document where it is not.
//
// Package stores is the client of the STORES retail API, with issued
// credentials or with an app's own grant.
//
// Package rakuten is the client of Rakuten RMS: the JSON and the XML families
// of Rakuten Ichiba, and the life of the licence keys that open them.
//
// Packages colormetest, makeshoptest, storestest and rakutentest, one below each
// platform, are fakes with a state: in-process servers that page, limit, refuse
// and fail as the platform does. They need no testing package, so programs can
// use them too.
//
// # Across platforms
//
// Package oauth gets and keeps grants: the login, the token endpoint, sealed
// token stores, and a refresh that many processes share without losing a
// rotated token. Below it are the stores (sqlstore, redisstore), the ID token
// and client assertion (idtoken, assertion), the suite that a store of your own
// has to pass (storetest) and a fake authorisation server (oauthtest).
//
// Package hooks receives what the platforms send: verify, parse, and handle
// each event once. Below it are the ledgers (sqlledger, redisledger), their
// suite (ledgertest) and a sender for tests (hookstest).
//
// Package billing is arithmetic without I/O: proration, tax and closing dates
// of the charges that the platforms collect for an app.
package shotengai
