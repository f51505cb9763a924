package rakuten_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go/internal/fake"
	"github.com/shotengai/shotengai-go/rakuten"
)

// rms is a platform that knows the end of one key.
type rms struct {
	mu     sync.Mutex
	key    string
	end    time.Time
	status int // answers everything so unless 0
	asked  []time.Time
}

func (p *rms) set(change func(*rms)) {
	p.mu.Lock()
	defer p.mu.Unlock()
	change(p)
}

func (p *rms) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if strings.HasSuffix(r.URL.Path, "/expiry-date") {
		p.asked = append(p.asked, time.Now())
	}
	switch {
	case p.status != 0:
		w.WriteHeader(p.status)
	case r.URL.Query().Get("licenseKey") != p.key || time.Now().After(p.end):
		w.WriteHeader(http.StatusUnauthorized)
		_, _ = io.WriteString(w, unauthorised)
	default:
		_, _ = fmt.Fprintf(w, `{"expiryDate":"%s"}`, p.end.In(rakuten.JST).Format("2006-01-02T15:04:05"))
	}
}

// watched is a shop under watch inside a bubble.
type watched struct {
	platform *rms
	license  rakuten.License
	mu       sync.Mutex
	config   rakuten.WatcherConfig
}

func (s *watched) License(context.Context) (rakuten.License, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.license, nil
}

// watch serves a platform whose key ends in the given days.
func watch(t *testing.T, days int) *watched {
	t.Helper()
	now := time.Now().In(rakuten.JST)
	end := time.Date(now.Year(), now.Month(), now.Day()+days, 23, 59, 59, 0, rakuten.JST)
	s := &watched{platform: &rms{key: "old", end: end}, license: rakuten.License{ServiceSecret: "secret", Key: "old"}}
	srv := fake.NewServer(s.platform, fake.Config{InMemory: true})
	t.Cleanup(srv.Close)
	client, err := rakuten.NewClient(s, rakuten.WithTestServer(srv.URL), rakuten.WithHTTPClient(srv.HTTPClient()), rakuten.WithLimiter(nil))
	require.NoError(t, err)
	s.config = rakuten.WatcherConfig{
		Shops:  func(context.Context) ([]string, error) { return []string{"123456"}, nil },
		Client: func(context.Context, string) (*rakuten.Client, error) { return client, nil },
		Store:  &rakuten.MemoryWatchStore{},
	}
	return s
}

// run watches for some days and returns what was raised.
func (s *watched) run(t *testing.T, days, instances int) []string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Duration(days)*24*time.Hour)
	defer cancel()
	var mu sync.Mutex
	var raised []string
	var wg sync.WaitGroup
	for range instances {
		watcher, err := rakuten.NewWatcher(s.config)
		require.NoError(t, err)
		wg.Go(func() {
			_ = watcher.Run(ctx, func(event rakuten.LicenseEvent, err error) error {
				mu.Lock()
				defer mu.Unlock()
				if !assert.NoError(t, err) {
					return nil
				}
				text := string(event.Kind)
				if event.Kind != rakuten.LicenseUnknown {
					text = fmt.Sprintf("%s %d/%d", event.Kind, event.Threshold, event.DaysLeft)
				} else if event.Diagnosis != nil {
					text += ": " + string(event.Diagnosis.Verdict)
				}
				raised = append(raised, text)
				return nil
			})
		})
	}
	wg.Wait()
	return raised
}

func TestWatcherRaisesEachEventOnce(t *testing.T) {
	t.Parallel()
	for _, instances := range []int{1, 3} {
		synctest.Test(t, func(t *testing.T) {
			s := watch(t, 40)
			assert.Equal(t, []string{"ends 30/30", "ends 14/14", "ends 7/7", "ends 3/3", "ends 1/1", "ends 0/0", "unknown: expired"}, s.run(t, 45, instances))
			assert.InDelta(t, 47, len(s.platform.asked), 4, "once a day, whoever asks")
		})
	}
}

func TestWatcherBeginsAtTheNearestThreshold(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		assert.Equal(t, []string{"ends 7/5", "ends 3/3"}, watch(t, 5).run(t, 3, 1))
	})
}

func TestWatcherChecksARenewedKeyAndToleratesItsFirstMinutes(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := watch(t, 3)
		assert.Equal(t, []string{"ends 3/3"}, s.run(t, 1, 1))
		s.mu.Lock()
		s.license.Key = "new"
		s.mu.Unlock()
		go func() { // the platform takes the new key after 20 minutes
			<-time.After(20 * time.Minute)
			s.platform.set(func(p *rms) { p.key, p.end = "new", p.end.AddDate(0, 0, 3) })
		}()
		assert.Equal(t, []string{"ends 7/5"}, s.run(t, 1, 1), "each event once per key, and no alarm for the refusals")
	})
}

func TestWatcherRaisesUnknown(t *testing.T) {
	t.Parallel()
	t.Run("refused", func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) {
			s := watch(t, 60)
			s.platform.key = "other"
			assert.Equal(t, []string{"unknown: refused"}, s.run(t, 5, 1))
		})
	})
	t.Run("out of reach", func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) {
			s := watch(t, 60)
			s.platform.status = http.StatusServiceUnavailable
			assert.Equal(t, []string{"unknown"}, s.run(t, 5, 1))
		})
	})
	t.Run("out of reach for an hour", func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) {
			s := watch(t, 60)
			s.platform.status = http.StatusServiceUnavailable
			go func() {
				<-time.After(time.Hour)
				s.platform.set(func(p *rms) { p.status = 0 })
			}()
			assert.Empty(t, s.run(t, 5, 1))
		})
	})
}

func TestWatcherRaisesAgainWhatWasNotHandled(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := watch(t, 20)
		watcher, err := rakuten.NewWatcher(s.config)
		require.NoError(t, err)
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Hour)
		defer cancel()
		tries := 0
		_ = watcher.Run(ctx, func(rakuten.LicenseEvent, error) error {
			if tries++; tries < 3 {
				return errors.New("the mail server is down")
			}
			return nil
		})
		assert.Equal(t, 3, tries)
	})
}

func TestWatcherEvents(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := watch(t, 2)
		watcher, err := rakuten.NewWatcher(s.config)
		require.NoError(t, err)
		for range 2 { // what the loop was left at comes again
			for event, err := range watcher.Events(t.Context()) {
				require.NoError(t, err)
				assert.Equal(t, 3, event.Threshold)
				assert.Equal(t, 2, event.DaysLeft)
				break
			}
			<-time.After(time.Hour)
		}
		statuses, err := watcher.Statuses(t.Context())
		require.NoError(t, err)
		require.Len(t, statuses, 1)
		days, known := statuses[0].DaysLeft(time.Now())
		assert.True(t, known)
		assert.Equal(t, 2, days)
	})
}

func TestWatcherReportsItsOwnTrouble(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := watch(t, 60)
		lost := errors.New("database is down")
		s.config.Client = func(context.Context, string) (*rakuten.Client, error) { return nil, lost }
		watcher, err := rakuten.NewWatcher(s.config)
		require.NoError(t, err)
		for _, err := range watcher.Events(t.Context()) {
			require.ErrorIs(t, err, lost)
			require.ErrorContains(t, err, "shop 123456")
			break
		}
	})
	_, err := rakuten.NewWatcher(rakuten.WatcherConfig{})
	require.ErrorContains(t, err, "Store")
}

func TestMemoryWatchStoreComparesVersions(t *testing.T) {
	t.Parallel()
	var store rakuten.MemoryWatchStore
	record, err := store.Load(t.Context(), "1")
	require.NoError(t, err)
	saved, err := store.Save(t.Context(), record)
	require.NoError(t, err)
	assert.True(t, saved)
	saved, err = store.Save(t.Context(), record)
	require.NoError(t, err)
	assert.False(t, saved, "somebody was faster")
}

func TestDaysLeft(t *testing.T) {
	t.Parallel()
	end := time.Date(2026, 4, 1, 23, 59, 59, 0, rakuten.JST)
	for now, want := range map[time.Time]int{
		time.Date(2026, 4, 1, 0, 0, 0, 0, rakuten.JST):    0,
		time.Date(2026, 4, 1, 23, 59, 59, 0, rakuten.JST): 0,
		time.Date(2026, 4, 1, 15, 0, 0, 0, time.UTC):      -1, // midnight in Japan
		time.Date(2026, 3, 31, 14, 59, 0, 0, time.UTC):    1,
		time.Date(2026, 3, 2, 12, 0, 0, 0, rakuten.JST):   30,
	} {
		days, known := rakuten.LicenseStatus{ExpiresAt: end}.DaysLeft(now)
		assert.True(t, known)
		assert.Equal(t, want, days, now)
	}
}

func TestCalendar(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 2, 12, 0, 0, 0, rakuten.JST)
	end := time.Date(2026, 4, 1, 23, 59, 59, 0, rakuten.JST)
	text := string(rakuten.Calendar(now, rakuten.LicenseStatus{Shop: "12,34", ExpiresAt: end}, rakuten.LicenseStatus{Shop: "5"}))
	for line := range strings.SplitSeq(strings.TrimSuffix(text, "\r\n"), "\r\n") {
		assert.LessOrEqual(t, len(line), 75)
		assert.NotContains(t, line, "\n")
	}
	whole := strings.ReplaceAll(text, "\r\n ", "")
	for _, want := range []string{
		"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n", "DTSTAMP:20260302T030000Z\r\n", "UID:rakuten-licence-12\\,34@shotengai-go\r\n",
		"DTSTART;VALUE=DATE:20260401\r\nDTEND;VALUE=DATE:20260402\r\n", "TRIGGER:-P14D\r\n",
		"DTSTART;VALUE=DATE:20260302\r\n", // the shop of which nothing is known
		"あと30日", "ends in 30 days", "END:VCALENDAR\r\n",
	} {
		assert.Contains(t, whole, want)
	}
	assert.True(t, strings.HasPrefix(text, "BEGIN:VCALENDAR"))
}

func TestNotice(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 2, 12, 0, 0, 0, rakuten.JST)
	in := func(days int) rakuten.LicenseStatus {
		return rakuten.LicenseStatus{Shop: "123456", ExpiresAt: time.Date(2026, 3, 2+days, 23, 59, 59, 0, rakuten.JST)}
	}
	tests := []struct {
		status rakuten.LicenseStatus
		ja, en string
	}{
		{in(14), "あと14日", "ends in 14 days"},
		{in(1), "あと1日", "ends in 1 day"},
		{in(0), "本日まで", "ends today"},
		{in(-3), "切れています", "has expired"},
		{rakuten.LicenseStatus{Shop: "123456"}, "確認できません", "not known"},
	}
	for _, test := range tests {
		ja, en := rakuten.NewNotice(rakuten.Japanese, test.status, now), rakuten.NewNotice(rakuten.English, test.status, now)
		assert.Contains(t, ja.Subject, test.ja)
		assert.Contains(t, en.Subject, test.en)
		assert.Contains(t, ja.Body, "123456")
		assert.Contains(t, en.Body, "123456")
		both := rakuten.NewNotice(rakuten.Bilingual, test.status, now)
		assert.Contains(t, both.Subject, test.ja)
		assert.Contains(t, both.Subject, test.en)
	}
}
