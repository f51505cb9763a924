package shotengaitest_test

import (
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/shotengai/shotengai-go/shotengaitest"
)

func TestClockAdvance(t *testing.T) {
	t.Parallel()
	base := time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)
	c := shotengaitest.NewClock(func() time.Time { return base })
	defer c.Stop()

	var ran []string
	note := func(name string) func() {
		return func() { ran = append(ran, name+" at "+c.Now().Sub(base).String()) }
	}
	c.AfterFunc(3*time.Hour, note("late"))
	c.AfterFunc(time.Hour, func() {
		note("first")()
		c.AfterFunc(time.Hour, note("again"))
	})
	assert.Equal(t, 2, c.Waiting())

	c.Advance(30 * time.Minute)
	assert.Empty(t, ran)
	c.Advance(90 * time.Minute)
	assert.Equal(t, []string{"first at 1h0m0s", "again at 2h0m0s"}, ran)
	c.Advance(10 * time.Hour)
	assert.Equal(t, "late at 3h0m0s", ran[2])
	assert.Equal(t, base.Add(12*time.Hour), c.Now())
	assert.Zero(t, c.Waiting())
}

func TestClockInBubble(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := shotengaitest.NewClock(nil)
		begin := time.Now()
		var at []time.Duration
		var again func()
		again = func() {
			if at = append(at, time.Since(begin)); len(at) < 3 {
				c.AfterFunc(time.Hour, again)
			}
		}
		c.AfterFunc(time.Hour, again)
		<-time.After(10 * time.Hour)
		synctest.Wait()
		assert.Equal(t, []time.Duration{time.Hour, 2 * time.Hour, 3 * time.Hour}, at)

		c.AfterFunc(time.Hour, again)
		c.Stop()
		<-time.After(10 * time.Hour)
		synctest.Wait()
		assert.Len(t, at, 3)
	})
}

func TestClockFollowsAMovedSource(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)
	c := shotengaitest.NewClock(func() time.Time { return now })
	defer c.Stop()
	ran := false
	c.AfterFunc(time.Hour, func() { ran = true })
	now = now.Add(2 * time.Hour)
	c.Advance(0)
	assert.True(t, ran)
	assert.Equal(t, now, c.Now())
}

// Several fakes can share a clock, so that time passes on all platforms at once.
func ExampleClock() {
	clock := shotengaitest.NewClock(func() time.Time { return time.Date(2030, time.April, 1, 9, 0, 0, 0, time.UTC) })
	defer clock.Stop()
	clock.AfterFunc(time.Hour, func() { fmt.Println("an hour has passed") })
	clock.Advance(2 * time.Hour)
	fmt.Println(clock.Now().Format(time.TimeOnly))
	// Output:
	// an hour has passed
	// 11:00:00
}
