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
// [Handler] is the login as two http.Handlers.
package oauth
