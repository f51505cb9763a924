// Package rakuten is a client of the merchant API of Rakuten Ichiba, RMS WEB SERVICE.
//
// The official documents are open to merchants only. What this package knows comes from
// public clients, recorded traffic and posts; where one source alone speaks for an
// operation, its doc comment says so.
package rakuten
