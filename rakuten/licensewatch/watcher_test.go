package licensewatch_test

import (
	"context"
	"encoding/base64"
	"fmt"
	"io"
	"net/http"
	"net/mail"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/internal/fake"
	"github.com/shotengai/shotengai-go/rakuten"
	"github.com/shotengai/shotengai-go/rakuten/licensewatch"
)

const unauthorised = `{"errors":[{"code":"GA0001","message":"Un-Authorised"}]}`

// rms is a platform that knows the ends of some keys.
type rms struct {
	mu          sync.Mutex
	ends        map[string]time.Time // by key
	status      int                  // answers everything so unless 0
	noExpiry    bool                 // the expiry function is not enabled
	noProbe     bool                 // the navigation is out of reach
	asked       map[string][]time.Time
	inFlight    int
	mostAtATime int
}

func (p *rms) set(change func(*rms)) {
	p.mu.Lock()
	defer p.mu.Unlock()
	change(p)
}

func (p *rms) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	p.inFlight++
	p.mostAtATime = max(p.mostAtATime, p.inFlight)
	p.mu.Unlock()
	defer p.set(func(p *rms) { p.inFlight-- })
	pair, _ := base64.StdEncoding.DecodeString(strings.TrimPrefix(r.Header.Get("Authorization"), "ESA "))
	_, key, _ := strings.Cut(string(pair), ":")
	p.mu.Lock()
	defer p.mu.Unlock()
	expiry := strings.HasSuffix(r.URL.Path, "/expiry-date")
	if expiry {
		p.asked[key] = append(p.asked[key], time.Now())
	}
	end, known := p.ends[key]
	switch {
	case p.status != 0:
		w.WriteHeader(p.status)
	case p.noProbe && !expiry:
		w.WriteHeader(http.StatusServiceUnavailable)
	case !known || time.Now().After(end) || expiry && p.noExpiry:
		w.WriteHeader(http.StatusUnauthorized)
		_, _ = io.WriteString(w, unauthorised)
	case expiry:
		_, _ = fmt.Fprintf(w, `{"expiryDate":"%s"}`, end.In(shotengai.JST).Format("2006-01-02T15:04:05"))
	}
}

// lastDay is the end of a key in some days.
func lastDay(days int) time.Time {
	now := time.Now().In(shotengai.JST)
	return time.Date(now.Year(), now.Month(), now.Day()+days, 23, 59, 59, 0, shotengai.JST)
}

// watched is a fleet under watch inside a bubble.
type watched struct {
	platform *rms
	config   licensewatch.Config
	store    *licensewatch.MemoryStore

	mu       sync.Mutex
	shops    []string
	licenses map[string]rakuten.License
	clients  map[string]*rakuten.Client
}

// renew hands a new key over for a shop.
func (s *watched) renew(shop string, license rakuten.License) {
	s.mu.Lock()
	defer s.mu.Unlock()
	license.ServiceSecret = "secret"
	s.licenses[shop] = license
}

// watchNone serves a platform without a key.
func watchNone(t *testing.T) *watched {
	t.Helper()
	s := &watched{
		platform: &rms{ends: make(map[string]time.Time), asked: make(map[string][]time.Time)},
		store:    &licensewatch.MemoryStore{}, licenses: make(map[string]rakuten.License), clients: make(map[string]*rakuten.Client),
	}
	srv := fake.NewServer(s.platform, fake.Config{InMemory: true})
	t.Cleanup(srv.Close)
	httpClient := srv.HTTPClient()
	s.config = licensewatch.Config{
		Shops: func(context.Context) ([]string, error) {
			s.mu.Lock()
			defer s.mu.Unlock()
			return s.shops, nil
		},
		Client: func(_ context.Context, shop string) (*rakuten.Client, error) {
			s.mu.Lock()
			defer s.mu.Unlock()
			client, err := s.clients[shop], error(nil)
			if client == nil {
				client, err = rakuten.NewClient(rakuten.LicenseFunc(func(context.Context) (rakuten.License, error) {
					s.mu.Lock()
					defer s.mu.Unlock()
					return s.licenses[shop], nil
				}), shotengai.WithTestServer(srv.URL), shotengai.WithHTTPClient(httpClient), shotengai.WithLimiter(nil))
				s.clients[shop] = client
			}
			return client, err
		},
		Store: s.store,
	}
	return s
}

// watch serves a platform with a shop whose key ends in the given days.
func watch(t *testing.T, days int) *watched {
	t.Helper()
	s := watchNone(t)
	s.add("123456", "old", days)
	return s
}

func (s *watched) add(shop, key string, days int) {
	s.platform.set(func(p *rms) { p.ends[key] = lastDay(days) })
	s.shops = append(s.shops, shop)
	s.renew(shop, rakuten.License{Key: shotengai.Secret(key)})
}

// describe is an event in a few words.
func describe(event licensewatch.Event) string {
	switch {
	case event.Kind == licensewatch.Unknown && event.Diagnosis != nil:
		return "unknown: " + string(event.Diagnosis.Verdict)
	case event.Kind == licensewatch.Unknown:
		return "unknown"
	}
	return fmt.Sprintf("%s %d/%d", event.Kind, event.Threshold, event.DaysLeft)
}

// log is what several instances raised.
type log struct {
	mu      sync.Mutex
	raised  []string
	at      []time.Time
	trouble []error
}

func (l *log) handle(event licensewatch.Event, err error) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if err != nil {
		l.trouble = append(l.trouble, err)
		return nil
	}
	l.raised, l.at = append(l.raised, describe(event)), append(l.at, time.Now())
	return nil
}

// start runs an instance until the context ends.
func start(ctx context.Context, t *testing.T, wg *sync.WaitGroup, config licensewatch.Config, handle func(licensewatch.Event, error) error) {
	t.Helper()
	watcher, err := licensewatch.New(config)
	require.NoError(t, err)
	wg.Go(func() { _ = watcher.Run(ctx, handle) })
}

const aDay = 24 * time.Hour

// run watches for a while and returns what was raised.
func (s *watched) run(t *testing.T, d time.Duration, instances int) []string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), d)
	defer cancel()
	var l log
	var wg sync.WaitGroup
	for range instances {
		start(ctx, t, &wg, s.config, l.handle)
	}
	wg.Wait()
	assert.Empty(t, l.trouble)
	return l.raised
}

func TestWatcherRaisesEachEventOnce(t *testing.T) {
	t.Parallel()
	for _, instances := range []int{1, 3, 8} {
		synctest.Test(t, func(t *testing.T) {
			s := watch(t, 40)
			assert.Equal(t, []string{"ends 30/30", "ends 14/14", "ends 7/7", "ends 3/3", "ends 1/1", "ends 0/0", "expired 0/-1"}, s.run(t, 60*aDay, instances))
			assert.InDelta(t, 66, len(s.platform.asked["old"]), 5, "once a day and for each event, whoever asks")
		})
	}
}

// An event comes in the first hours of its day in Japan, never a day later.
func TestWatcherRaisesEarlyInTheDay(t *testing.T) {
	t.Parallel()
	for range 20 { // the moment of a check is drawn
		synctest.Test(t, func(t *testing.T) {
			s := watch(t, 31)
			<-time.After(14 * time.Hour) // 23:00 in Japan
			ctx, cancel := context.WithTimeout(t.Context(), 40*aDay)
			defer cancel()
			var l log
			var wg sync.WaitGroup
			start(ctx, t, &wg, s.config, l.handle)
			wg.Wait()
			assert.Equal(t, []string{"ends 30/30", "ends 14/14", "ends 7/7", "ends 3/3", "ends 1/1", "ends 0/0", "expired 0/-1"}, l.raised)
			for _, at := range l.at {
				assert.Less(t, at.In(shotengai.JST).Hour(), 3)
			}
		})
	}
}

// Levels that were passed over are not raised, only the most urgent one.
func TestWatcherIsLate(t *testing.T) {
	t.Parallel()
	for late, want := range map[int][]string{
		5:  {"ends 30/25", "ends 14/14"},
		26: {"ends 7/4", "ends 3/3"},
		29: {"ends 1/1", "ends 0/0"},
		33: {"expired 0/-3"},
	} {
		synctest.Test(t, func(t *testing.T) {
			s := watch(t, 30)
			if late > 30 { // what nobody has ever seen alive has no end; the licence knows it
				s.renew("123456", rakuten.License{Key: "old", ExpiresAt: lastDay(30)})
			}
			<-time.After(time.Duration(late) * aDay)
			got := s.run(t, 12*aDay, 1)
			require.GreaterOrEqual(t, len(got), len(want))
			assert.Equal(t, want, got[:len(want)])
		})
		synctest.Test(t, func(t *testing.T) { // the same, after a first look in time
			s := watch(t, 35)
			assert.Empty(t, s.run(t, 3*aDay, 1))
			<-time.After(time.Duration(late+2) * aDay)
			got := s.run(t, 12*aDay, 1)
			require.GreaterOrEqual(t, len(got), len(want))
			assert.Equal(t, want, got[:len(want)])
		})
	}
}

func TestWatcherBeginsAnewForARenewedKey(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := watch(t, 3)
		assert.Equal(t, []string{"ends 3/3"}, s.run(t, 12*time.Hour, 2))
		s.renew("123456", rakuten.License{Key: "new"})
		go func() { // the platform takes the new key after 20 minutes
			<-time.After(20 * time.Minute)
			s.platform.set(func(p *rms) { p.ends = map[string]time.Time{"new": lastDay(5)} })
		}()
		assert.Equal(t, []string{"ends 7/5", "ends 3/3"}, s.run(t, 3*aDay, 2), "each event once per key, and no alarm for the refusals")
	})
}

// A renewed key is looked at within the hour, and one that stays refused is an alarm soon
// after the minutes that it is given.
func TestWatcherAlarmsForARenewedKeyThatIsWrong(t *testing.T) {
	t.Parallel()
	for _, license := range []rakuten.License{
		{Key: "typo"},
		{Key: "typo", IssuedAt: time.Date(2000, 1, 3, 0, 0, 0, 0, time.UTC)}, // in the hour before
		{Key: "typo", IssuedAt: time.Date(2062, 1, 1, 0, 0, 0, 0, time.UTC)}, // by a broken clock
	} {
		synctest.Test(t, func(t *testing.T) {
			s := watch(t, 60)
			assert.Empty(t, s.run(t, 2*aDay, 1))
			s.renew("123456", license)
			got := s.run(t, 2*time.Hour, 1)
			require.Len(t, got, 1)
			assert.Contains(t, got[0], "unknown: ")
		})
	}
}

// An instance that holds the old key for longer than the others raises nothing twice.
func TestWatcherSeesAnOldKeyAgain(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := watch(t, 3)
		s.platform.set(func(p *rms) { p.ends["new"] = lastDay(13) })
		all := s.run(t, time.Hour, 1)
		for _, key := range []shotengai.Secret{"new", "old", "new", "old", "new"} {
			s.renew("123456", rakuten.License{Key: key})
			all = append(all, s.run(t, time.Hour, 1)...)
		}
		assert.Equal(t, []string{"ends 3/3", "ends 14/13"}, all)
	})
}

func TestWatchRecordHoldsNoKey(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := watch(t, 3)
		s.run(t, time.Hour, 1)
		record, err := s.store.Load(t.Context(), "123456")
		require.NoError(t, err)
		text := fmt.Sprintf("%+v", record)
		assert.NotContains(t, text, "old")
		assert.NotContains(t, text, "secret")
		assert.NotEmpty(t, record.KeyID)
		for n := range 50 { // the marks are bounded
			s.renew("123456", rakuten.License{Key: shotengai.Secret(fmt.Sprint("wrong", n))})
			s.run(t, 2*time.Hour, 1)
			s.platform.set(func(p *rms) { p.status = http.StatusForbidden })
		}
		record, err = s.store.Load(t.Context(), "123456")
		require.NoError(t, err)
		assert.LessOrEqual(t, len(record.Raised), 40)
		assert.Equal(t, rakuten.VerdictRefused, record.Verdict)
	})
}

func TestWatcherForgetsARemovedShop(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := watch(t, 14)
		s.add("654321", "other", 14)
		assert.Equal(t, []string{"ends 14/14", "ends 14/14"}, s.run(t, aDay, 1))
		s.shops = []string{"654321"}
		asked := len(s.platform.asked["old"])
		assert.Equal(t, []string{"ends 7/7"}, s.run(t, 7*aDay, 1))
		assert.Len(t, s.platform.asked["old"], asked, "nobody asks for a shop that is not watched")
		s.shops = []string{"123456"}
		assert.Equal(t, []string{"ends 7/6"}, s.run(t, 12*time.Hour, 1), "it comes back: the record goes on")
	})
}

func TestWatcherAlarms(t *testing.T) {
	t.Parallel()
	type step struct {
		change func(*watched)
		last   time.Duration
		want   []string
	}
	down := func(s *watched) { s.platform.set(func(p *rms) { p.status = http.StatusServiceUnavailable }) }
	up := func(s *watched) { s.platform.set(func(p *rms) { p.status, p.noExpiry = 0, false }) }
	withdraw := func(s *watched) { s.platform.set(func(p *rms) { delete(p.ends, "old") }) }
	restore := func(s *watched) { s.platform.set(func(p *rms) { p.ends["old"] = lastDay(60) }) }
	noExpiry := func(s *watched) { s.platform.set(func(p *rms) { p.noExpiry = true }) }
	for name, steps := range map[string][]step{
		"a key that never worked": {{withdraw, 5 * aDay, []string{"unknown: refused"}}},
		"a key that is replaced": {
			{nil, aDay, nil},
			{withdraw, 5 * aDay, []string{"unknown: wrong pair"}},
			{restore, 2 * aDay, nil},
			{withdraw, 2 * aDay, []string{"unknown: wrong pair"}}, // not lost because it came before
		},
		"out of reach from the start": {{down, 5 * aDay, []string{"unknown"}}},
		"out of reach for an hour":    {{down, time.Hour, nil}, {up, aDay, nil}},
		"a night of maintenance hides no refusal": {
			{down, 5 * time.Hour, []string{"unknown"}},
			{func(s *watched) { up(s); withdraw(s) }, 2 * aDay, []string{"unknown: refused"}},
		},
		"a long maintenance": {
			{nil, aDay, nil},
			{down, 40 * time.Hour, nil}, // the date of yesterday is good for two days
			{nil, 2 * aDay, []string{"unknown"}},
			{up, 2 * aDay, nil},
			{down, 4 * aDay, []string{"unknown"}},
		},
		"the expiry function is not enabled": {
			{noExpiry, 10 * aDay, []string{"unknown: expiry not enabled"}},
			{down, 30 * time.Hour, nil},
			{func(s *watched) { up(s); noExpiry(s) }, 2 * aDay, nil},
			{withdraw, 2 * aDay, []string{"unknown: refused"}},
			{restore, 2 * aDay, nil},
			{withdraw, 2 * aDay, []string{"unknown: refused"}},
		},
		"refused by the half that can be asked": {
			{nil, aDay, nil},
			{func(s *watched) { withdraw(s); s.platform.set(func(p *rms) { p.noProbe = true }) }, 28 * time.Hour, []string{"unknown: unknown"}},
		},
		"the licence is empty": {
			{func(s *watched) { s.renew("123456", rakuten.License{}) }, 2 * aDay, []string{"unknown"}},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := watch(t, 60)
				for i, step := range steps {
					if step.change != nil {
						step.change(s)
					}
					assert.Equal(t, step.want, s.run(t, step.last, 1), "step %d", i+1)
				}
			})
		})
	}
}

// What the platform said, or the licence knows, is counted down while the platform is out
// of reach.
func TestWatcherCountsDownWithoutThePlatform(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := watch(t, 15)
		assert.Equal(t, []string{"ends 30/15"}, s.run(t, 6*time.Hour, 1))
		s.platform.set(func(p *rms) { p.status = http.StatusServiceUnavailable })
		assert.Equal(t, []string{"ends 14/14"}, s.run(t, aDay, 1))
	})
	synctest.Test(t, func(t *testing.T) {
		s := watch(t, 60)
		s.platform.set(func(p *rms) { p.noExpiry = true })
		s.renew("123456", rakuten.License{Key: "old", IssuedAt: lastDay(-80)}) // 10 days left, it seems
		assert.Equal(t, []string{"ends 14/10", "unknown: expiry not enabled"}, s.run(t, aDay, 1))
		s.renew("123456", rakuten.License{Key: "old", ExpiresAt: lastDay(20)}) // somebody looked it up
		got := s.run(t, aDay, 1)
		require.Len(t, got, 1)
		assert.Contains(t, got[0], "ends 30/")
		assert.Equal(t, []string{"ends 14/14"}, s.run(t, 6*aDay, 1), "reached for real: not lost because a wrong date reached it before")
	})
}

func TestWatcherStatuses(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := watch(t, 20)
		s.add("2", "two", 10)
		s.add("3", "three", 10)
		s.platform.set(func(p *rms) { delete(p.ends, "three") })
		s.run(t, 2*time.Hour, 1)
		s.shops = append(s.shops, "4")
		watcher, err := licensewatch.New(s.config)
		require.NoError(t, err)
		statuses, err := watcher.Statuses(t.Context())
		require.NoError(t, err)
		var got []string
		for _, status := range statuses {
			days, known := status.DaysLeft(time.Now())
			got = append(got, fmt.Sprintln(status.Shop, days, known, status.Verdict, !status.CheckedAt.IsZero()))
		}
		assert.Equal(t, []string{"3 0 false refused false\n", "4 0 false  false\n", "2 10 true works true\n", "123456 20 true works true\n"}, got)
	})
}

// Events, statuses and so notices and calendars have the contacts of their shop.
func TestWatcherTellsTheContacts(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := watch(t, 20)
		s.add("2", "two", 60)
		asked := map[string]int{}
		s.config.Contacts = func(_ context.Context, shop string) ([]mail.Address, error) {
			asked[shop]++
			return []mail.Address{{Address: "a@" + shop}, {Address: "b@" + shop}}, nil
		}
		watcher, err := licensewatch.New(s.config)
		require.NoError(t, err)
		var told [][]mail.Address
		require.NoError(t, watcher.Check(t.Context(), func(event licensewatch.Event, err error) error {
			require.NoError(t, err)
			told = append(told, event.Contacts, licensewatch.NewNotice(event.Status(), time.Now()).To)
			return nil
		}))
		want := []mail.Address{{Address: "a@123456"}, {Address: "b@123456"}}
		assert.Equal(t, [][]mail.Address{want, want}, told)
		assert.Equal(t, map[string]int{"123456": 1}, asked, "no one is looked up for a shop without an event")
		statuses, err := watcher.Statuses(t.Context())
		require.NoError(t, err)
		require.Len(t, statuses, 2)
		assert.Equal(t, want, statuses[0].Contacts)

		s.config.Contacts = func(context.Context, string) ([]mail.Address, error) { return nil, errDown }
		watcher, err = licensewatch.New(s.config)
		require.NoError(t, err)
		_, err = watcher.Statuses(t.Context())
		require.ErrorIs(t, err, errDown)
	})
}

// An event whose contacts cannot be found out is not lost.
func TestWatcherCannotFindTheContacts(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := watch(t, 20)
		var tries []time.Time
		s.config.Contacts = func(context.Context, string) ([]mail.Address, error) {
			if tries = append(tries, time.Now()); len(tries) < 3 {
				return nil, errDown
			}
			return []mail.Address{{Address: "a@b"}}, nil
		}
		ctx, cancel := context.WithTimeout(t.Context(), 2*aDay)
		defer cancel()
		var l log
		var wg sync.WaitGroup
		start(ctx, t, &wg, s.config, l.handle)
		wg.Wait()
		assert.Equal(t, []string{"ends 30/20"}, l.raised, "once, and with its contacts")
		require.Len(t, l.trouble, 2)
		require.ErrorIs(t, l.trouble[0], errDown)
		assert.ErrorContains(t, l.trouble[0], "shop 123456")
		require.Len(t, tries, 3)
		for i := range 2 {
			assert.InDelta(t, time.Hour, tries[i+1].Sub(tries[i]), float64(5*time.Minute))
		}
	})
}

func TestNewWatcherRefuses(t *testing.T) {
	t.Parallel()
	_, err := licensewatch.New(licensewatch.Config{})
	require.ErrorContains(t, err, "Store")
	s := watch(t, 1)
	s.config.Every = -1
	_, err = licensewatch.New(s.config)
	require.ErrorContains(t, err, "Every")
	s.config.Every = 0
	watcher, err := licensewatch.New(s.config)
	require.NoError(t, err)
	require.ErrorContains(t, watcher.Run(t.Context(), nil), "handler")
	require.ErrorContains(t, watcher.Check(t.Context(), nil), "handler")
}

func TestMemoryWatchStoreComparesVersions(t *testing.T) {
	t.Parallel()
	var store licensewatch.MemoryStore
	record, err := store.Load(t.Context(), "1")
	require.NoError(t, err)
	assert.Equal(t, licensewatch.Record{Shop: "1"}, record)
	saved, err := store.Save(t.Context(), record)
	require.NoError(t, err)
	assert.True(t, saved)
	saved, err = store.Save(t.Context(), record)
	require.NoError(t, err)
	assert.False(t, saved, "somebody was faster")

	record = licensewatch.Record{Shop: "2", Raised: []string{"a"}}
	_, err = store.Save(t.Context(), record)
	require.NoError(t, err)
	record.Raised[0] = "b"
	for range 2 {
		record, err = store.Load(t.Context(), "2")
		require.NoError(t, err)
		assert.Equal(t, []string{"a"}, record.Raised, "what it holds is its own")
		record.Raised[0] = "c"
	}
}

func TestDaysLeft(t *testing.T) {
	t.Parallel()
	at := func(text string) time.Time {
		moment, err := time.Parse(time.RFC3339Nano, text)
		require.NoError(t, err)
		return moment
	}
	tests := []struct {
		end, now string
		want     int
	}{
		{"2026-04-01T23:59:59+09:00", "2026-04-01T00:00:00+09:00", 0},
		{"2026-04-01T23:59:59+09:00", "2026-04-01T23:59:59.999+09:00", 0}, // it lives through its last second
		{"2026-04-01T23:59:59+09:00", "2026-04-01T15:00:00Z", -1},         // midnight in Japan
		{"2026-04-01T23:59:59+09:00", "2026-03-31T14:59:59.999Z", 1},
		{"2026-04-01T23:59:59+09:00", "2026-03-31T15:00:00Z", 0},
		{"2026-04-01T14:59:59Z", "2026-03-02T23:59:59+09:00", 30}, // the same end in UTC
		{"2028-03-01T23:59:59+09:00", "2028-02-28T12:00:00+09:00", 2},
		{"2027-03-01T23:59:59+09:00", "2027-02-28T12:00:00+09:00", 1},
		{"2028-02-29T23:59:59+09:00", "2028-02-29T23:00:00+09:00", 0},
		{"2028-02-29T23:59:59+09:00", "2028-03-01T00:00:00+09:00", -1},
		{"2027-01-01T23:59:59+09:00", "2026-12-31T23:59:59+09:00", 1},
		{"2026-04-30T23:59:59+09:00", "2026-05-31T00:00:00+09:00", -31},
		{"2026-04-01T12:00:00+09:00", "2026-04-01T12:00:01+09:00", -1}, // an end that is not the last second of its day
		{"2026-04-01T12:00:00+09:00", "2026-04-01T11:00:00+09:00", 0},
	}
	for _, test := range tests {
		days, known := licensewatch.Status{ExpiresAt: at(test.end)}.DaysLeft(at(test.now))
		assert.True(t, known)
		assert.Equal(t, test.want, days, "%s at %s", test.end, test.now)
	}
	_, known := licensewatch.Status{}.DaysLeft(at("2026-04-01T00:00:00Z"))
	assert.False(t, known)
}
