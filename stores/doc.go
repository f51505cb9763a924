// Package stores is a client for the STORES retail API, version 202211: the online shops
// and the registers (STORES Regi) of STORES, Inc.
//
//	client, err := stores.NewClient(oauth2.StaticTokenSource(&oauth2.Token{AccessToken: credential}))
//	for order, err := range client.Orders.All(ctx, stores.ListOrdersParams{PaidStatus: stores.Paid}) { … }
//
// A private app has a credential for one shop, which does not expire: pass it as a static
// token. A public app logs in by OAuth, see [OAuth]; its access token lives an hour, and
// its refresh token 35 days and works once, so keep grants in an oauth.Manager.
//
// Options, errors, pages and dates are those of package shotengai. STORES has no webhooks:
// poll [OrdersService.Changes]. It has no test environment either: package storestest is a
// fake to test against.
//
// # Values
//
// Amounts are whole yen, rates are fractions such as 0.1. Order ids and order numbers are
// different types, because they look alike and are not. A field that is absent for some
// kinds of rows, and null for others, is a [shotengai.Clearable].
//
// # Lists
//
// A list has no total, so that Page.Total is nil: a page with fewer rows than its Limit is
// the last one. An iteration reads each page from the last row of the page before on. Where
// it does not find this row again, the list has moved, and the iteration ends with
// [shotengai.ErrRowsMoved].
//
// # Errors
//
// Every error of a call is a [*shotengai.Error]. STORES has no error codes, only messages in
// Japanese: Code is empty, and each of the Details has a Message alone. RequestID is the id
// that the edge in front of the API assigns (Provisional). An answer 423 is [ErrLocked].
//
// # Sources
//
// This package follows the published description of the API and its sample data, both at
// https://github.com/heyinc/retail-api-docs. The word Provisional marks what they do not
// state:
//
//   - A time in a filter is in Japan time: a published client; the description allows a time
//     without an offset only.
//   - A negative number takes from the stock: inferred from the update type "relative".
//   - A 401 is a credential that is dead: inferred; no operation lists a 401.
//   - A 403 for the shop itself is a shop that has withdrawn: inferred; the description states
//     only that the platform returns no more data of it.
//   - Reads need retail.shop.read and writes retail.shop.write: inferred from the names; no
//     operation states its scope.
//   - The edge refuses the user agents of stock HTTP libraries with a web page, and is one that
//     sends Cf-Ray, the RequestID of an error: authors of clients.
//   - A 401 and a 429 have the shape of other refusals: assumed; the description has neither.
//   - 60 requests a minute: the platform's FAQ of April 2025. An older copy of it says that there
//     is no limit for now.
package stores
