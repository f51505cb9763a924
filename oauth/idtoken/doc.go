// Package idtoken verifies the ID token that a login brings.
//
// A [Verifier] accepts one form only: a compact JWS, signed with an algorithm of a list
// that is fixed in code, by a key of the platform's own set. Whatever a token says
// about its keys is ignored, but for the name of one.
package idtoken
