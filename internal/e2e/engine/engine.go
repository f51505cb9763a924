// Package engine opens the databases that the tests of this module use, gives each test
// names of its own in them, and removes what earlier runs have left.
//
// A test whose engine does not answer is skipped. With CI=true it fails.
package engine

import (
	"context"
	"crypto/rand"
	"database/sql"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	_ "github.com/go-sql-driver/mysql" // the driver of MariaDB
	_ "github.com/jackc/pgx/v5/stdlib" // the driver of PostgreSQL
	"github.com/redis/go-redis/v9"
	_ "modernc.org/sqlite" // SQLite itself
)

// Where the engines listen.
const (
	PostgresAddr = "127.0.0.1:5432"
	MariaDBAddr  = "127.0.0.1:3306"
	RedisAddr    = "127.0.0.1:6379"
)

// The names of the drivers.
const (
	PostgresDriver = "pgx"
	MariaDBDriver  = "mysql"
	SQLiteDriver   = "sqlite"
)

// keep is the age at which what a run has left behind is removed.
const keep = time.Hour

// PostgresDSN returns the data source name of the test database behind addr.
func PostgresDSN(addr string, params ...string) string {
	return "postgres://postgres@" + addr + "/test?" + strings.Join(append([]string{"sslmode=disable"}, params...), "&")
}

// MariaDBDSN returns the data source name of the test database behind addr.
func MariaDBDSN(addr string, params ...string) string {
	return "root@tcp(" + addr + ")/test?" + strings.Join(params, "&")
}

// SQLiteDSN returns the data source name of a new file.
func SQLiteDSN(t testing.TB) string {
	t.Helper()
	return "file:" + filepath.Join(t.TempDir(), "test.db") +
		"?_pragma=busy_timeout(10000)&_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)&_txlock=immediate"
}

// Full reports whether the tests run at their full size. By default they are cut to what
// shows the behaviour, so that everything passes in a few minutes on two busy cores.
func Full() bool { return os.Getenv("SHOTENGAI_TEST_SIZE") == "full" }

// Size returns the number of repetitions of a test.
func Size(short, full int) int {
	if Full() {
		return full
	}
	return short
}

// OpenSQL opens a database, which is closed at the end of the test.
func OpenSQL(t testing.TB, driver, dsn string) *sql.DB {
	t.Helper()
	db, err := sql.Open(driver, dsn)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	if err := db.PingContext(t.Context()); err != nil {
		Missing(t, names[driver], err)
	}
	seen.found(names[driver])
	return db
}

// OpenRedis returns a client, which is closed at the end of the test.
func OpenRedis(t testing.TB, addr string) *redis.Client {
	t.Helper()
	client := redis.NewClient(&redis.Options{Addr: addr})
	t.Cleanup(func() { _ = client.Close() })
	if err := client.Ping(t.Context()).Err(); err != nil {
		Missing(t, "Redis", err)
	}
	seen.found("Redis")
	return client
}

var names = map[string]string{PostgresDriver: "PostgreSQL", MariaDBDriver: "MariaDB", SQLiteDriver: "SQLite"}

// Missing skips a test whose engine is not there. With CI=true it fails the test.
func Missing(t testing.TB, engine string, err error) {
	t.Helper()
	if os.Getenv("CI") == "true" {
		t.Fatalf("no %s: %v", engine, err)
	}
	seen.missing(engine)
	t.Skipf("no %s: %v", engine, err)
}

// Found notes an engine that a test starts itself.
func Found(engine string) { seen.found(engine) }

// The names of a test's own tables, functions and keys begin with nameForm, which holds
// the second in which they were made.
const (
	nameStart = "e2e_"
	nameLike  = `e2e\_%`
)

var nameForm = regexp.MustCompile(`^e2e_([0-9a-f]{8})_`)

// Prefix returns what the names of a test's own tables and keys begin with.
func Prefix() string {
	return fmt.Sprintf("%s%08x_%s_", nameStart, time.Now().Unix(), strings.ToLower(rand.Text()[:10]))
}

// DropTables removes tables at the end of the test, also of one that has failed.
func DropTables(t testing.TB, db *sql.DB, tables ...string) {
	t.Helper()
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(t.Context()), 10*time.Second)
		defer cancel()
		for _, table := range tables {
			if _, err := db.ExecContext(ctx, "DROP TABLE IF EXISTS "+table); err != nil {
				t.Errorf("%s is left behind: %v", table, err)
			}
		}
	})
}

// DropKeys removes the keys with a prefix at the end of the test.
func DropKeys(t testing.TB, client *redis.Client, prefix string) {
	t.Helper()
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(t.Context()), 10*time.Second)
		defer cancel()
		if err := deleteKeys(ctx, client, func(key string) bool { return strings.HasPrefix(key, prefix) }); err != nil {
			t.Errorf("keys of %s are left behind: %v", prefix, err)
		}
	})
}

func deleteKeys(ctx context.Context, client *redis.Client, old func(key string) bool) error {
	keys := client.Scan(ctx, 0, "*"+nameStart+"*", 1000).Iterator()
	for keys.Next(ctx) {
		if !old(keys.Val()) {
			continue
		}
		if err := client.Del(ctx, keys.Val()).Err(); err != nil {
			return err
		}
	}
	return keys.Err()
}

// Main runs the tests of a package. It begins with the removal of what runs of more than
// an hour ago have left, and ends with a line on the engines.
func Main(m *testing.M) {
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	sweep(ctx)
	cancel()
	code := m.Run()
	seen.print()
	os.Exit(code)
}

// leftBehind reports whether a name was made by a run that is over for long.
func leftBehind(name string) bool {
	form := nameForm.FindStringSubmatch(name)
	if form == nil {
		return false
	}
	second, err := strconv.ParseInt(form[1], 16, 64)
	return err == nil && time.Since(time.Unix(second, 0)) > keep
}

// sweep removes what is left behind. An engine that is not there is passed over.
func sweep(ctx context.Context) {
	for _, engine := range []struct{ driver, dsn, list, drop string }{
		{
			PostgresDriver, PostgresDSN(PostgresAddr),
			"SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename LIKE '" + nameLike + "'", "DROP TABLE IF EXISTS ",
		},
		{
			PostgresDriver, PostgresDSN(PostgresAddr),
			"SELECT proname FROM pg_proc WHERE proname LIKE '" + nameLike + "'", "DROP FUNCTION IF EXISTS ",
		},
		{
			MariaDBDriver, MariaDBDSN(MariaDBAddr),
			"SELECT table_name FROM information_schema.tables WHERE table_schema = 'test' AND table_name LIKE '" + nameLike + "'", "DROP TABLE IF EXISTS ",
		},
	} {
		db, err := sql.Open(engine.driver, engine.dsn)
		if err != nil {
			continue
		}
		for _, name := range list(ctx, db, engine.list) {
			if leftBehind(name) {
				_, _ = db.ExecContext(ctx, engine.drop+name)
			}
		}
		_ = db.Close()
	}
	client := redis.NewClient(&redis.Options{Addr: RedisAddr, MaxRetries: -1})
	_ = deleteKeys(ctx, client, leftBehind)
	_ = client.Close()
}

func list(ctx context.Context, db *sql.DB, query string) (found []string) {
	rows, err := db.QueryContext(ctx, query)
	if err != nil {
		return nil
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var name string
		if rows.Scan(&name) == nil {
			found = append(found, name)
		}
	}
	if rows.Err() != nil {
		return nil
	}
	return found
}

// summary counts the engines of a run.
type summary struct {
	mu    sync.Mutex
	there map[string]bool
	gone  map[string]int // tests skipped
}

var seen = summary{there: make(map[string]bool), gone: make(map[string]int)}

func (s *summary) found(engine string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.there[engine] = true
}

func (s *summary) missing(engine string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.gone[engine]++
}

// print writes which engines were found and what was skipped. go test shows the line with
// -v, and of a package that fails. It is appended to the file engines.txt in CI_OUT, too.
func (s *summary) print() {
	line := s.line()
	fmt.Println(line)
	dir := os.Getenv("CI_OUT")
	if dir == "" {
		return
	}
	file, err := os.OpenFile(filepath.Join(dir, "engines.txt"), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return
	}
	defer func() { _ = file.Close() }()
	_, _ = fmt.Fprintln(file, line)
}

func (s *summary) line() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	found := strings.Join(slices.Sorted(maps.Keys(s.there)), ", ")
	if found == "" {
		found = "none"
	}
	var skipped []string
	for _, engine := range slices.Sorted(maps.Keys(s.gone)) {
		skipped = append(skipped, fmt.Sprintf("%d tests without %s", s.gone[engine], engine))
	}
	if skipped == nil {
		skipped = []string{"nothing"}
	}
	name := filepath.Base(strings.TrimSuffix(os.Args[0], ".test"))
	return fmt.Sprintf("%s: engines found: %s; skipped: %s", name, found, strings.Join(skipped, ", "))
}
