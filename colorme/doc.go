// Package colorme is a client for the Color Me Shop API v1 and the App Store API.
//
//	client, err := colorme.NewClient(oauth2.StaticTokenSource(&oauth2.Token{AccessToken: token}))
//	sale, err := client.Sales.Get(ctx, 12345)
//
// A client serves one shop: the shop of its token. Methods are grouped into services
// by the pages of the platform's documentation, under the platform's own terms: an order
// is a Sale. All methods are safe for concurrent use.
//
// Options, errors, pages, batches and dates are those of package shotengai.
//
// # Values
//
// Amounts are whole yen. Times are instants; the platform works in Japan time. Fields of
// answers are pointers where the platform sends null; what an answer leaves out is zero, and
// is written as zero or null when the value is encoded again. In requests, optional fields
// are pointers (write new(v)), and a field that can be emptied is a [shotengai.Clearable].
// Values of an open set, such as [PointState], may be ones that this version has no constant
// for.
//
// # Lists
//
// A limit that is too large is clamped by the platform (Provisional): Limit of a page is the
// one in force.
// Lists without pages are one page with all rows. An iteration that finds the total smaller
// than before ends with [shotengai.ErrRowsMoved].
//
// # Errors
//
// Every error of a call is a [*shotengai.Error], whether it came from the platform or from
// the network. Code has the platform's six digits, such as "404100"; Field is the field as
// requests spell it, such as "customer.mail", where the platform's own name for it is known
// (Provisional). The kinds of failure that only this platform has are [ErrPlan] and
// [ErrScope].
//
// The platform answers 401 with code 401010 both to a dead token and to a missing scope.
// The client then calls GET /v1/shop, which needs no scope, with the token that was refused:
// if that is refused too, the error matches [shotengai.ErrReauthorize], else [ErrScope]. This
// call is paced, retried and counted like any other. A client remembers the result for an
// hour, for at most 1024 pairs of token and operation: a dead token for all operations, a
// valid one only for the operation that was refused, since the token may be revoked before
// another operation is refused. Concurrent calls share one such call. If it gets no answer,
// the error matches neither of the two, its Cause has the reason, and the next refusal leads to
// another call. Provisional.
//
// # Limits
//
// The platform asks for at most 120 requests a minute and token, and for at most 5 image
// uploads in 10 seconds. Clients keep to both by themselves, as [shotengai.Window] describes;
// clients that share a token have to share a limiter too, see [DefaultLimiter] and
// [shotengai.WithLimiter].
//
// # Sources
//
// This package follows the published descriptions of the two APIs,
// https://api.shop-pro.jp/v1/spec/open_api.json and
// https://api.shop-pro.jp/appstore/v1/open_api.json. The word Provisional marks what they do
// not state, or state differently:
//
//   - Members that are not described: contract_payment_state of a shop, transaction_date of an
//     order, memo of a customer, digital_content and unlisted of a product, branch_number of a
//     bank account, sex of a new customer: answers of test shops, 2026-07 to 2026-09.
//   - Members that may be null, and lists of 47 or 48 prefectures: answers of test shops.
//   - The state unsigned of a shop, and the states of groups: answers of test shops.
//   - The progress of a membership: one report on the description of 2026-09.
//   - The meta of a single customer: described, absent from the answers of test shops; so is
//     the misspelt digital_conent of a product.
//   - What an update changes that it does not name, and what it ignores (address2,
//     receive_mail_magazine and tel_mobile of a customer, texts of a category, meta tags,
//     unlisted, negative prices): trials on test shops.
//   - Code 401010 for a dead token and for a missing scope, and that 401001 does not occur:
//     trials on test shops, in which no token was revoked. That the shop needs no scope: the
//     description.
//   - Limits of tiers are exclusive: the settings screens of shops; the description says "up
//     to".
//   - The total charge of a delivery includes the goods: one order.
//   - What becomes of a limit that is too large, 100 variants a page, the order of orders and
//     of products without a value, the lag of reads, the names of fields in errors, codes
//     401200 and 422014, and the characters of furigana: trials on test shops.
//   - 120 requests a minute: a guideline of 2017; one report of 2026-10 says that more are
//     refused.
//   - Stocks of a filter: its direction is assumed.
//   - The deprecation of script tags and inline scripts: the description of the App Store API,
//     in a copy of 2023. The platform's page for App Store apps marks the scopes of script tags
//     only.
//   - Filters are in Japan time: established for [SalesService.Stat] only.
//   - The spelling "cenceled", and the answer to a new order: described, never tried with
//     success.
//   - State comes back from a login: trials with test apps.
package colorme
