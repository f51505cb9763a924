// Package rakuten is a client of the merchant API of Rakuten Ichiba, RMS WEB SERVICE.
//
// The official documents are open to merchants only. What this package knows comes from
// public clients, recorded traffic and posts; see Sources below.
//
// A [Client] serves one shop. It asks its [LicenseSource] for the shop's licence at every
// attempt, so a key that the shop renews is used as soon as the source returns it. A licence
// key lives for 90 days and only a person of the shop can issue the next one:
// [Client.DiagnoseError] finds out why a call was refused and who has to act, and the package
// licensewatch warns before a key ends.
//
// [OrdersService.All] yields the orders of a period of any length. Amounts of orders may not
// be fixed yet; see [Amount].
//
// # Batches
//
// A write of many rows (Confirm, UpdateSubStatus, UpdateShipping, UpdateShippingAsync,
// BulkUpsert, EarlyCommit, MarkRead and its like) returns a [shotengai.Results] with one row
// for each that was asked for, in the order of the request, beside an error too. The rows
// say what became of what was asked; the error says that the call itself failed:
//
//   - A row that is shotengai.RowFailed was refused for what it asks: by the platform, alone
//     or with the whole call, or by this library before sending. Code and Message say why,
//     and there is no error: the other rows were sent.
//   - There is an error when the call failed for any other reason: no right licence, too
//     fast, an outage, no answer, a request without rows. Nothing was sent after it. Its
//     rows, and those that were still to come, are shotengai.RowNotSent and need only
//     another try, or shotengai.RowUnknown when they may have been carried out. A refusal
//     without a reason is an error too, and its rows are RowFailed.
//
// So a job stops at an error, and hands the rows that are RowFailed to a person. Err of the
// results is an error that names each row that is not shotengai.RowDone.
//
// # Sources
//
// "Provisional." in a comment marks what rests on one source:
//
//	whole families       reservations, item bundles, shop pages, thanks coupons: a C# client of 2024
//	shop settings        edits, and readings that say so: the same client
//	orders               social gift, door delivery, payments: a PHP client of 2026
//	limits               items and stock: measurements that others have published
//	stock                what an unknown SKU or a left-out lead time does: notes on the official pages
//	licence              failures in the minutes after a change of key: a report by a vendor
package rakuten
