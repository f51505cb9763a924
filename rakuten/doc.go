// Package rakuten is a client of the merchant API of Rakuten Ichiba, RMS WEB SERVICE.
//
// The official documents are open to merchants only. What this package knows comes from
// public clients, recorded traffic and posts; where one source alone speaks for an
// operation, its doc comment says so.
//
// A [Client] serves one shop. It asks its [LicenseSource] for the shop's licence at every
// attempt, so a key that the shop renews is used as soon as the source gives it. A licence
// key lives for 90 days and only a person of the shop can issue the next one: [Watcher]
// warns in time, [Client.DiagnoseError] tells why a call was refused and who has to act.
//
// [OrdersService.All] imports the orders of any period and goes on from a [Checkpoint].
// Amounts of orders may not be fixed yet; see [Amount].
//
// # Batches
//
// A write of many rows (Confirm, UpdateSubStatus, UpdateShipping, UpdateShippingAsync,
// BulkUpsert, EarlyCommit, MarkRead and its like) gives one row for each that was asked
// for, in the order of the request, beside an error too. The rows say what became of what
// was asked; the error says that the call itself failed:
//
//   - A row that is [RowFailed] was refused for what it asks: by the platform, alone or with
//     the whole call, or by this library before sending. Code and Message say why, and
//     there is no error: the other rows were sent.
//   - There is an error when the call failed for any other reason: no right licence, too
//     fast, an outage, no answer, a request without rows. Nothing was sent after it. Its
//     rows, and those that were still to come, are [RowNotSent] and need only another try,
//     or [RowUnknown] when they may have been carried out. A refusal that gives no reason
//     is an error too, and its rows are RowFailed.
//
// So a job stops at an error, and hands the rows that are RowFailed to a person. Err of the
// results is an error that names each row that is not [RowDone].
package rakuten
