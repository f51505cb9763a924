// Package api is the one way by which every call of the library travels: it paces,
// authorises, sends, retries, reads and decodes. The platforms above it hold names,
// types and paths only.
package api
