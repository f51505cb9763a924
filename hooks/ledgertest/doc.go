// Package ledgertest checks that an implementation of hooks.Ledger keeps what its interface
// promises.
//
//	func TestLedger(t *testing.T) {
//		ledgertest.Run(t, ledgertest.Suite{New: func(t *testing.T) hooks.Ledger { return newLedger(t) }})
//	}
package ledgertest
