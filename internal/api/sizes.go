package api

import "sync"

// maxSizes bounds the operations of which a client remembers a size. A platform has fewer.
const maxSizes = 256

// sizes is how long the last answer of each operation was, in bytes, so that the next one is
// read into a buffer of that size. Its zero value is ready for use.
type sizes struct {
	mu          sync.Mutex
	byOperation map[string]int64
}

func (s *sizes) last(operation string) int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.byOperation[operation]
}

func (s *sizes) note(operation string, size int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.byOperation == nil || len(s.byOperation) >= maxSizes {
		s.byOperation = make(map[string]int64)
	}
	s.byOperation[operation] = int64(size)
}
