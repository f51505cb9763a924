package api

import (
	"slices"

	"github.com/shotengai/shotengai-go/internal/parallel"
)

// Chunks asks for keys size at a time, with up to n calls at once, and returns the answers in the
// order of the keys. After a failure no further call begins: the error is the first in that order, and
// the answers are those before it. It is for reads alone, since what came after it is lost.
func Chunks[K, V any](n, size int, keys []K, ask func(keys []K) (V, error)) ([]V, error) {
	chunks := slices.Collect(slices.Chunk(keys, size))
	answers, errs := make([]V, len(chunks)), make([]error, len(chunks))
	parallel.Run(n, len(chunks), func(i int) bool {
		answers[i], errs[i] = ask(chunks[i])
		return errs[i] == nil
	})
	for i, err := range errs {
		if err != nil {
			return answers[:i], err
		}
	}
	return answers, nil
}
