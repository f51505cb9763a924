// Package stores is a client for the STORES retail API, version 202211: the online shops
// and the registers (STORES Regi) of STORES, Inc.
//
//	client, err := stores.NewClient(oauth2.StaticTokenSource(&oauth2.Token{AccessToken: credential}))
//	for order, err := range client.Orders.All(ctx, stores.ListOrdersParams{PaidStatus: stores.Paid}) { … }
//
// A private app has a credential for one shop, which does not expire: give it as a static
// token. A public app logs in by OAuth, see [OAuth]; its access token lives an hour, and
// its refresh token 35 days and for one use, so that grants belong into an oauth.Manager.
//
// STORES has no hooks: poll [OrdersService.Changed]. It has no test environment either:
// package storestest is a fake to test against.
//
// # Values
//
// Amounts are whole yen, rates are fractions such as 0.1. Order ids and order numbers are
// different types, because they look alike and are not. A field that is absent for some
// kinds of rows, and null for others, is an [Optional].
//
// # Errors
//
// Every error of a call is an [*Error] and matches the sentinels with errors.Is. The
// platform gives no codes, only messages in Japanese. The facts behind this package are
// its published description and sample data; what was inferred says so.
package stores
