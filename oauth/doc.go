// Package oauth obtains a shop's permission and keeps it.
//
// # Login
//
// A platform's package describes its endpoint as a [Provider]. [Provider.Begin] makes
// the address to send the shop's owner to, [Provider.Exchange] turns the redirect that
// comes back into a [Grant], [Provider.Refresh] and [Provider.Revoke] are the calls of
// its later life. Each sends exactly one request and never repeats it: whether that is
// safe depends on what the platform has done with the first one, and the error says
// what is known of that.
//
// What a failed call means for the grant is one of [ErrInvalidGrant] (it is over, unless
// somebody else has refreshed it), [ErrClientConfig] (the app is set up wrongly),
// [ErrNotSent] and [ErrTemporary] (nothing has happened: repeat later) and
// [ErrOutcomeUnknown] (the platform may have acted). A [TokenError] holds the details.
//
// [Handler] is the login as two http.Handlers. The address that Color Me's install hook
// answers leads to [Handler.LoginHandler]; the registered redirect address to
// [Handler.CallbackHandler]. State, PKCE verifier and nonce travel in an encrypted cookie
// that only the browser of the login has, for 10 minutes and for one callback. An app
// whose makeshop or STORES grant is lost sends the owner through the same login again,
// with a hint that names the shop.
//
// Secrets print as a mask, and no error of this package holds one.
package oauth
