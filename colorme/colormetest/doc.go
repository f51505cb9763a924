// Package colormetest is an in-process fake of Color Me Shop: the API v1, the
// App Store API, the authorisation server, and the install and uninstall hooks.
//
//	srv := colormetest.NewServer()
//	defer srv.Close()
//	client, err := srv.Client()
//
// A Server holds one app and any number of shops, each with orders, customers,
// products, coupons and settings to work on. Later reads see earlier writes.
// It refuses what the platform refuses, with the platform's codes and internal
// field names, and repeats its quirks: limits that are clamped, the window of
// seven days, bad filters that are ignored, replies without a body.
//
// To log in at the fake, take its provider, and let it play the owner:
//
//	provider, err := srv.Provider("https://app.example/callback")
//	login, err := provider.Begin()
//	query, err := srv.Login(ctx, login.URL)
//	grant, err := provider.Exchange(ctx, login, query)
//
// Where the platform's behaviour is not known, the comments in this package
// describe what the fake does instead. It needs no testing package, so example
// programs run on it too.
package colormetest
