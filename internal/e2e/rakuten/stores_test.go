package rakuten_test

import (
	"context"
	"crypto/rand"
	"database/sql"
	"encoding/json"
	"errors"
	"os"
	"strings"
	"testing"

	_ "github.com/go-sql-driver/mysql"
	_ "github.com/jackc/pgx/v5/stdlib"
	"github.com/redis/go-redis/v9"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go/rakuten"
)

// sqlStore is a WatchStore as an app writes one: a table of shop, version and record.
type sqlStore struct {
	db                      *sql.DB
	selects, insert, update string
}

func (s *sqlStore) Load(ctx context.Context, shop string) (rakuten.WatchRecord, error) {
	record := rakuten.WatchRecord{Shop: shop}
	var text []byte
	err := s.db.QueryRowContext(ctx, s.selects, shop).Scan(&text)
	if errors.Is(err, sql.ErrNoRows) {
		return record, nil
	}
	if err != nil {
		return record, err
	}
	return record, json.Unmarshal(text, &record)
}

func (s *sqlStore) Save(ctx context.Context, record rakuten.WatchRecord) (bool, error) {
	before := record.Version
	record.Version++
	text, err := json.Marshal(record)
	if err != nil {
		return false, err
	}
	var result sql.Result
	if before == 0 {
		result, err = s.db.ExecContext(ctx, s.insert, text, record.Shop)
	} else {
		result, err = s.db.ExecContext(ctx, s.update, text, record.Shop, before)
	}
	if err != nil {
		return false, err
	}
	rows, err := result.RowsAffected()
	return rows == 1, err
}

// missing skips a test whose engine is not there, but not where all have to be.
func missing(t *testing.T, engine string, err error) {
	t.Helper()
	if os.Getenv("CI") == "true" {
		t.Fatalf("no %s: %v", engine, err)
	}
	t.Skipf("no %s: %v", engine, err)
}

// newName names what one test keeps.
func newName() string { return "e2e_" + strings.ToLower(rand.Text()[:12]) + "_licences" }

// newSQL makes a table of the test's own.
func newSQL(t *testing.T, driver, dsn, create string, statements ...string) rakuten.WatchStore {
	t.Helper()
	db, err := sql.Open(driver, dsn)
	require.NoError(t, err)
	t.Cleanup(func() { _ = db.Close() })
	if err := db.PingContext(t.Context()); err != nil {
		missing(t, driver, err)
	}
	name := newName()
	_, err = db.ExecContext(t.Context(), strings.ReplaceAll(create, "licences", name))
	require.NoError(t, err)
	t.Cleanup(func() { _, _ = db.ExecContext(context.WithoutCancel(t.Context()), "DROP TABLE "+name) })
	for i, statement := range statements {
		statements[i] = strings.ReplaceAll(statement, "licences", name)
	}
	return &sqlStore{db, statements[0], statements[1], statements[2]}
}

func newPostgres(t *testing.T) rakuten.WatchStore {
	return newSQL(t, "pgx", "postgres://postgres@127.0.0.1:5432/test?sslmode=disable",
		`CREATE TABLE licences (shop text PRIMARY KEY, version bigint NOT NULL, record text NOT NULL)`,
		`SELECT record FROM licences WHERE shop = $1`,
		`INSERT INTO licences (record, shop, version) VALUES ($1, $2, 1) ON CONFLICT DO NOTHING`,
		`UPDATE licences SET record = $1, version = version + 1 WHERE shop = $2 AND version = $3`)
}

func newMariaDB(t *testing.T) rakuten.WatchStore {
	return newSQL(t, "mysql", "root@tcp(127.0.0.1:3306)/test",
		`CREATE TABLE licences (shop varbinary(255) PRIMARY KEY, version bigint NOT NULL, record longtext NOT NULL)`,
		`SELECT record FROM licences WHERE shop = ?`,
		`INSERT IGNORE INTO licences (record, shop, version) VALUES (?, ?, 1)`,
		`UPDATE licences SET record = ?, version = version + 1 WHERE shop = ? AND version = ?`)
}

// redisStore is the same in Redis: a hash of version and record.
type redisStore struct {
	client *redis.Client
	prefix string
}

var save = redis.NewScript(`
if (redis.call('HGET', KEYS[1], 'version') or '0') ~= ARGV[1] then
  return 0
end
redis.call('HINCRBY', KEYS[1], 'version', 1)
redis.call('HSET', KEYS[1], 'record', ARGV[2])
return 1`)

func (s *redisStore) Load(ctx context.Context, shop string) (rakuten.WatchRecord, error) {
	record := rakuten.WatchRecord{Shop: shop}
	text, err := s.client.HGet(ctx, s.prefix+shop, "record").Bytes()
	if errors.Is(err, redis.Nil) {
		return record, nil
	}
	if err != nil {
		return record, err
	}
	return record, json.Unmarshal(text, &record)
}

func (s *redisStore) Save(ctx context.Context, record rakuten.WatchRecord) (bool, error) {
	before := record.Version
	record.Version++
	text, err := json.Marshal(record)
	if err != nil {
		return false, err
	}
	return save.Run(ctx, s.client, []string{s.prefix + record.Shop}, before, text).Bool()
}

func newRedis(t *testing.T) rakuten.WatchStore {
	client := redis.NewClient(&redis.Options{Addr: "127.0.0.1:6379"})
	t.Cleanup(func() { _ = client.Close() })
	if err := client.Ping(t.Context()).Err(); err != nil {
		missing(t, "Redis", err)
	}
	s := &redisStore{client, newName() + ":"}
	t.Cleanup(func() {
		ctx := context.WithoutCancel(t.Context())
		if keys, err := client.Keys(ctx, s.prefix+"*").Result(); err == nil && len(keys) > 0 {
			client.Del(ctx, keys...)
		}
	})
	return s
}

// engines are all stores, each fresh.
var engines = map[string]func(t *testing.T) rakuten.WatchStore{
	"memory":     func(*testing.T) rakuten.WatchStore { return &rakuten.MemoryWatchStore{} },
	"PostgreSQL": newPostgres,
	"MariaDB":    newMariaDB,
	"Redis":      newRedis,
}
