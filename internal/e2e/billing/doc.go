// Package billing holds properties of package billing, tested on random prices,
// days and lives of subscriptions against two oracles that share no code with it:
// integers without bounds and decimals.
package billing
