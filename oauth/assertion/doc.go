// Package assertion proves an app to a token endpoint by a signed statement in place
// of a shared secret (private_key_jwt, RFC 7523).
package assertion
