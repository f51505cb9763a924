// Package makeshoptest is an in-process fake of makeshop: the GraphQL API, the
// single sign-on with its token endpoint and key set, and the webhooks.
//
//	srv := makeshoptest.NewServer()
//	defer srv.Close()
//	client, err := srv.Client()
//
// A Server holds one app and any number of shops, each with orders, members,
// products, categories and coupons to work on. Later reads see earlier writes.
// It checks documents against the known schema and refuses what the platform
// refuses: an unknown field is HTTP 422, introspection and operations that the
// app was not granted are FORBIDDEN. It repeats the platform's quirks: pages of
// at most 200 rows, failed rows in three shapes, dates in three spellings.
//
// To log in at the fake, install the app, take the fake's provider, and let it play the
// owner:
//
//	provider, err := srv.Provider("https://app.example/callback")
//	login, err := provider.Begin()
//	query, err := srv.Login(ctx, login.URL)
//	grant, err := provider.Exchange(ctx, login, query)
//
// Much about the platform is not documented. Where its behaviour is not known,
// the comments in this package say what the fake does instead. It needs no
// testing package, so example programs run on it too.
package makeshoptest
