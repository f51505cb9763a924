// Package shotengai is the root of a library for apps that serve shops on four Japanese
// commerce platforms: Color Me Shop, makeshop, STORES and Rakuten Ichiba. A shotengai is a
// covered street of shops.
//
// The package has what all platforms share: options, the error and its kinds, pages, rows,
// batches, secrets, dates. The four clients are used in the same way. To see the library at
// work without an account, run
//
//	go run ./examples/tour
//
// A program imports the package of each platform that it serves, and links no other. A
// client is made by NewClient from a token source, which sends nothing. It serves one shop,
// and is safe for concurrent use:
//
//	client, err := colorme.NewClient(tokens, shotengai.WithUserAgent("my-app/1.0"))
//	for sale, err := range client.Sales.All(ctx, params) { ... }
//
// # Errors
//
// Every failure of a call is an [*Error]. [errors.Is] matches its kind, such as
// [ErrNotFound], and [errors.As] gives its details. A write whose outcome is not known is
// [ErrOutcomeUnknown] and is not sent again unless [WithRetry] permits it.
//
// # Lists and batches
//
// List returns a [Page], All iterates over all pages. It fetches the next page while the loop
// works on one: see [WithoutReadAhead]. An iteration that cannot go on ends with a
// [*PageError], and one row that cannot be read is a [*RowError]. What changes many things in
// one call returns [Results], a row for each row of the request.
//
// # Orders kept in step
//
// The Changes method of each platform's orders yields those that are new or have changed since
// a [Cursor], which an app stores beside its copy. The contract is at [Cursor].
//
// # Odd answers
//
// Numbers written as text, whole numbers with a decimal point, empty text for nothing and
// booleans as 0 and 1 are read as what they stand for. In a text, invalid bytes and control
// characters become U+FFFD. A value that cannot be read, such as 100.5 for a whole number, is
// never guessed: in a list its row is a [*RowError], anywhere else the call fails. The error
// has the path of the value. An answer in another character set than UTF-8 is refused as a
// whole. [WithDriftReport] reports what was odd.
//
// # Platforms
//
// Package colorme is the client of Color Me Shop: the shop API and the App Store API.
// Package makeshop is the client of the makeshop app API, which is GraphQL. Package stores
// is the client of the STORES retail API. Package rakuten is the client of Rakuten RMS, and
// package licensewatch below it warns before licence keys expire.
//
// Packages colormetest, makeshoptest, storestest and rakutentest, one below each platform,
// are fakes: in-process servers with state, paging, rate limits and errors like those of the
// platform. Package shotengaitest has what they share. They do not import package testing, so
// programs can use them too.
//
// # Across platforms
//
// Package oauth gets and keeps grants: the login, the token endpoint, sealed token stores,
// and a refresh that many processes share without losing a rotated token.
//
// Package hooks receives what the platforms send: it verifies, parses, and handles each
// event once.
//
// Package billing is arithmetic without I/O: proration, tax and closing dates of the charges
// that the platforms collect for an app.
package shotengai
