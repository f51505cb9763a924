// Package oauthtest is an authorisation server to test against: it asks for consent,
// exchanges codes, rotates refresh tokens and kills grants whose spent tokens come
// back, signs ID tokens, and goes wrong in every way that clients have to survive.
//
// [ColorMe], [Makeshop] and [STORES] are configurations that behave like the platforms'
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
// It listens on loopback, or in memory so that it runs inside a testing/synctest
// bubble, and it needs no testing package.
package oauthtest
