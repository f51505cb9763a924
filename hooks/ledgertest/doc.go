// Package ledgertest holds an implementation of hooks.Ledger to what its interface
// promises.
//
//	func TestLedger(t *testing.T) {
//		ledgertest.Run(t, ledgertest.Suite{New: func(t *testing.T) hooks.Ledger { return newLedger(t) }})
//	}
package ledgertest
