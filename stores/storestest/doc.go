// Package storestest is an in-process fake of STORES: the retail API 202211, the storage
// that takes images of items, and STORES ID, the authorisation server.
//
//	srv := storestest.NewServer()
//	defer srv.Close()
//	client, err := srv.Client()
//
// A Server holds one app and any number of shops, each with orders, items, categories and
// payouts to work on. Later reads see earlier writes. It refuses what the platform refuses,
// in the one of the two error shapes that the platform uses there, and repeats its quirks:
// lists without a total, members that are absent, null or empty for the same thing, a web
// page for a caller without a user agent.
//
// To log in at the fake, take its provider, and let it play the owner:
//
//	provider, err := srv.Provider("https://app.example/callback")
//	login, err := provider.Begin()
//	query, err := srv.Login(ctx, login.URL)
//	grant, err := provider.Exchange(ctx, login, query)
//
// Where the platform's behaviour is not known, the comments in this package say what the
// fake does instead. It needs no testing package, so example programs run on it too.
package storestest
