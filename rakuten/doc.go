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
// Calls for many orders or rows give one result for each; see [RowState]. Amounts of orders
// may not be fixed yet; see [Amount].
package rakuten
