package closing_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/internal/closing"
)

// Whatever its hour and zone, a closing date ends with its day in Japan.
func TestEnd(t *testing.T) {
	t.Parallel()
	for day := (shotengai.Date{Year: 2027, Month: time.December, Day: 30}); day.Year < 2030; day = day.AddDays(1) {
		midnight, next := day.In(shotengai.JST), day.AddDays(1).In(shotengai.JST)
		for _, at := range []time.Time{midnight, midnight.UTC(), midnight.Add(12 * time.Hour), next.Add(-time.Second), next.Add(-time.Nanosecond).UTC()} {
			assert.Equal(t, next, closing.End(at), at)
		}
	}
}
