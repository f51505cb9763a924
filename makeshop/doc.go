// Package makeshop is a client for the API of makeshop apps and for the single sign-on of
// shop owners.
//
//	client, err := makeshop.NewClient(makeshop.Config{Endpoint: endpoint, APIKey: key}, makeshop.PersistentToken(token))
//	page, err := client.Orders.List(ctx, makeshop.ListOrdersParams{StartOrderDate: makeshop.At(since)})
//
// A client serves one shop: the shop behind its token. Endpoint and key come by mail, one
// pair for the test environment and one for production. All methods are safe for
// concurrent use.
//
// Options, errors, pages, results of rows and dates are those of package shotengai.
//
// # What is typed and what is not
//
// The API is GraphQL. Its schema is published to developers only, and introspection is
// refused in production. Sixteen operations are known well enough to have methods here,
// grouped into services. The platform has twenty more of which only the names are known: call
// them with [Client.Query] and [Client.Mutate], for which [Select] writes the selection
// of a Go type, so that an app gets the fields it names and no others.
//
// The types follow recorded answers and the code of apps that run, not a published
// schema. The platform may answer 422 to what is marked Provisional: then use the lean
// selections (Lean, [OrderParts], GetLean) or a query of your own.
//
// # Values
//
// Amounts are whole yen. Any member of an answer may be null; "", null and "--" all mean
// that there is nothing, and null reads as the zero value but for a few numbers that are
// pointers. Times of answers are kept as they came, see [Timestamp]; values that may come
// as number or string are a [Scalar]. Optional fields of requests are pointers, written
// new(v). Enumerations are open: a value that this version does not know is kept.
//
// # Lists
//
// Pages count from 1: Number and Limit of a [shotengai.Page] are the platform's, and 0
// where the answer has none. The Offset of a [shotengai.PageError] counts pages too. The
// platform returns fewer rows a page than it was asked for. Should it count its pages by the
// limit that was asked for all the same, a walk with a limit ends with an error that says so,
// after one more call: walk again with a smaller limit.
//
// # Errors
//
// Every error of a call is a [*shotengai.Error]. An answer may have data and errors at
// once: then a method returns both, and the error matches [ErrPartial].
// A mutation whose outcome is not known is [shotengai.ErrOutcomeUnknown] and has not been
// sent again.
//
// Mutations of rows return a [shotengai.Results] beside the error: rows that the platform
// refused are in the results, and the error is that of the call as a whole. The platform
// reports rows in three shapes, none of which is documented to be in the order of the
// request, so that rows are matched by what names them. A list of failures means that
// all other rows are done; in a list of all rows, one that is missing is
// [shotengai.RowUnknown].
//
// # Pace
//
// No rate limit is published. A client sends one request at a time, as the platform's earlier
// API required; [shotengai.WithLimiter] changes that.
//
// # Sources
//
// The operations and the codes follow the beginnings of official pages and the code of
// apps that run. The word Provisional marks what rests on one of these alone:
//
//   - All of getShop but the name, getShopDeliverySetting, getProductCategory,
//     searchProduct by one systemCode: single apps of one shop each.
//   - updateOrderAttribute, updateOrderDeliveryStatus, cancelOrder, and the fields of
//     searchProductQuantity, updateProductQuantity and updateVariationQuantity: one
//     published client.
//   - updateMemberShopPoint, where Point is the new total: one client, seen against the
//     test environment.
//   - The member id of a guest, the members of one who has withdrawn, the parts of an address,
//     and what shops write into slip numbers: one app each.
//   - Japan time of all dates: not documented; an app that counted in UTC missed the orders of
//     the current day.
//   - That the refresh token of the SSO works once, and that a refresh restarts its 12
//     hours: assumed. It is documented that a refresh returns another one.
//   - [Client.Upload]: the official pages exclude application/json and name no other type.
package makeshop
