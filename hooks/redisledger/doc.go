// Package redisledger keeps the hooks of an app in Redis.
//
// Every step is one script that answers its owner the same when it is repeated, so a
// reply that is lost costs nothing. All times are those of the Redis server. The keys
// of a shop share a hash tag, so a cluster keeps them in one slot.
//
// What Redis forgets, the ledger forgets: with default persistence it loses the last
// seconds, or everything, when it is killed, and then an event may take effect twice
// and a late uninstall pass for a new one. Use appendonly and a policy that evicts
// nothing, which [Ledger.Check] looks for, and functions that are idempotent; or
// package sqlledger, which can also tie the record to the effect.
package redisledger
