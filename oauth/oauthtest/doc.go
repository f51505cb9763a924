// Package oauthtest is an authorisation server to test against: it asks for consent,
// exchanges codes, rotates refresh tokens and ends grants whose spent tokens come
// back, signs ID tokens, and goes wrong in every way that clients have to survive.
//
// [ColorMe], [MakeShop] and [STORES] are configurations that behave like the platforms'
// own servers; change their fields for other cases.
//
//	srv := oauthtest.NewServer(oauthtest.STORES())
//	defer srv.Close()
//	provider.AuthURL, provider.TokenURL, provider.RevokeURL = srv.AuthURL, srv.TokenURL, srv.RevokeURL
//	provider.HTTPClient = srv.HTTPClient()
//	login, _ := provider.Begin()
//	query, _ := srv.Authorize(ctx, login.URL, "shop-1")
//	grant, _ := provider.Exchange(ctx, login, query)
//
// A [Server] stands alone. The fakes of the platforms [Mount] an [Authority] beside their
// API; use those to test a login together with the calls that follow it.
//
// A Server listens on loopback, or in memory so that it runs inside a testing/synctest
// bubble, and it needs no testing package.
package oauthtest
