// Package colorme is a client for the Color Me Shop API v1 and the App Store API.
//
//	client, err := colorme.NewClient(oauth2.StaticTokenSource(&oauth2.Token{AccessToken: token}))
//	sale, err := client.Sales.Get(ctx, 12345)
//
// A client serves one shop: the shop behind its token. Methods are grouped into services
// by the pages of the platform's documentation, under the platform's own terms: an order
// is a Sale. All methods are safe for concurrent use.
//
// # Values
//
// Amounts are whole yen. Times are instants, whatever zone they are given in; the
// platform thinks in Japan time. Fields of answers are pointers where the platform sends
// null; what an answer leaves out is zero, and is written as zero or null when the value
// is encoded again. In requests, optional fields are pointers (write new(v)), and a field
// that can be emptied is a [Clearable]. Values of an open set, such as [PointState], may
// be ones that this version has no constant for.
//
// # Errors
//
// Every error of a call is an [*Error] and matches the sentinels, [shotengai.ErrNotFound] and so
// on, with errors.Is, whether it came from the platform or from the network. A write
// whose outcome is not known is [shotengai.ErrOutcomeUnknown] and has not been sent again.
//
// # Limits
//
// The platform asks for at most 120 requests a minute and token, and for at most 5 image
// uploads in 10 seconds. Clients keep to both by themselves; clients that share a token
// have to share a limiter too, see [WithLimiter].
//
// The facts behind this package are the platform's published description and what was
// observed on live shops; where the two differ or only one observation exists, the
// comment says so.
package colorme
