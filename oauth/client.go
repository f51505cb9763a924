package oauth

import "github.com/shotengai/shotengai-go"

// OutOfBand is the redirect address of an app without a web server, where a platform
// knows it (Color Me): the owner is shown the code, and the app passes it to
// [Provider.ExchangeCode].
const OutOfBand = "urn:ietf:wg:oauth:2.0:oob"

// Client is an app as it is registered with a platform.
type Client struct {
	// ID is the client id.
	ID string
	// Secret is the client secret; empty where the app proves itself by a signed
	// assertion.
	Secret shotengai.Secret
	// RedirectURL is where the platform sends the owner back to, exactly as it is
	// registered.
	RedirectURL string
	// Scopes are the permissions to ask for.
	Scopes []string
}
