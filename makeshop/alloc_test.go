//go:build !race

package makeshop_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/shotengai/shotengai-go/makeshop"
)

func TestSelectDoesNotAllocate(t *testing.T) {
	assert.Zero(t, testing.AllocsPerRun(100, func() { makeshop.Select[chosen]() }))
}
