package clock

import (
	"net"
	"os"
	"testing"
	"testing/synctest"
	"time"
)

// TestClock fails unless the clock was changed as .ci/dates wants it.
func TestClock(t *testing.T) {
	want, err := time.Parse(time.RFC3339, os.Getenv("SHOTENGAI_TEST_NOW"))
	if err != nil {
		t.Fatal(err)
	}
	if late := time.Since(want.Local()); late < 0 || late > time.Minute {
		t.Errorf("the clock says %v, want %v", time.Now(), want)
	}
	if zone := time.Local.String(); zone != os.Getenv("TZ") {
		t.Errorf("the local zone is %s, want %s", zone, os.Getenv("TZ"))
	}
	began := time.Now()
	if d := time.Since(began); d < 0 || d > time.Minute {
		t.Errorf("the monotonic clock went from %v by %v", began, d)
	}
	synctest.Test(t, func(t *testing.T) {
		if now := time.Now().UTC(); !now.Equal(time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)) {
			t.Errorf("a bubble begins at %v", now)
		}
	})
}

// TestLoopback fails unless a connection that leaves the machine ends the test.
func TestLoopback(t *testing.T) {
	defer func() {
		if text, ok := recover().(string); !ok || text != "a test connects to 192.0.2.1:443" {
			t.Errorf("%v", text)
		}
	}()
	conn, err := net.DialTimeout("tcp", "192.0.2.1:443", time.Second)
	t.Errorf("%v, %v", conn, err)
}
