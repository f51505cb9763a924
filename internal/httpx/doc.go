// Package httpx has the parts of HTTP that the API clients and the token endpoints share:
// whether a request may have left this machine, reading an answer up to a limit, waiting
// within a context, and masking what was sent as a credential.
package httpx
