// Package makeshop is a client for the API of makeshop apps, its single sign-on and the
// control of subscriptions that the platform asks of an app.
//
//	client, err := makeshop.NewClient(makeshop.Config{Endpoint: endpoint, APIKey: key}, makeshop.PersistentToken(token))
//	page, err := client.Orders.List(ctx, makeshop.ListOrdersParams{StartOrderDate: makeshop.At(since)})
//
// A client serves one shop: the shop behind its token. Endpoint and key come by mail, one
// pair for the test environment and one for production. All methods are safe for
// concurrent use.
//
// # What is typed and what is not
//
// The API is GraphQL, its schema is published to developers only and cannot be asked for
// in production. Sixteen operations are known well enough to have methods here, grouped
// into services. The platform has twenty more of which only the names are known: they are
// called with [Client.Query] and [Client.Mutate], for which [Select] writes the selection
// of a Go type, so that an app gets the fields it names and no others.
//
// What is here was seen in answers and in code of apps that run, not in a published
// schema. Where only one source has a field or an operation, the comment says so, and the
// platform may answer 422 to it: then the lean selections (Lean, [OrderParts], GetLean)
// or a query of your own serve.
//
// # Values
//
// Amounts are whole yen. Any member of an answer may be null; "", null and "--" all mean
// that there is nothing, and null reads as the zero value but for a few numbers that are
// pointers. Times of answers are kept as they came, see [Timestamp]; values that may come
// as number or string are a [Scalar]. Optional fields of requests are pointers, written
// new(v). Enumerations are open: a value that this version does not know is kept.
//
// # Errors
//
// Every error of a call is an [*Error] and matches the sentinels with errors.Is. An
// answer may bring data and errors at once: then both results of a method are there, and
// the error matches [ErrPartial]. A mutation of rows of which some failed returns its
// result and an error that matches [ErrRows]. A mutation whose outcome is not known is
// [ErrOutcomeUnknown] and has not been sent again.
//
// # Pace
//
// No limit is published. A client lets one request at a time pass, which is what the
// platform's earlier API demanded; [WithLimiter] changes that.
package makeshop
