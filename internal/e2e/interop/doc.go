// Package interop tests package oauth against oidc-provider, a certified authorisation server
// with rotating refresh tokens, detection of their reuse, PKCE, private_key_jwt and Basic.
//
// It needs Node and, in this directory, "npm ci". Without them its tests are skipped; with
// CI=true they fail.
package interop
