// Package storetest has what an [oauth.TokenStore] has to do, as tests to run on an
// implementation:
//
//	func TestStore(t *testing.T) {
//		storetest.Run(t, func(t *testing.T) oauth.TokenStore { return open(t) })
//	}
//
// The cases with many goroutines find most under the race detector.
package storetest
