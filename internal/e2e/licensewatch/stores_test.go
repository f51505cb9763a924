package licensewatch_test

import (
	"context"
	"encoding/json"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/internal/e2e/engine"
	"github.com/shotengai/shotengai-go/rakuten/licensewatch"
	"github.com/shotengai/shotengai-go/rakuten/licensewatch/sqlwatch"
)

// newSQL makes tables of the test's own.
func newSQL(dialect sqlwatch.Dialect, driver string, dsn func(testing.TB) string) func(t *testing.T) licensewatch.Store {
	return func(t *testing.T) licensewatch.Store {
		t.Helper()
		db, prefix := engine.OpenSQL(t, driver, dsn(t)), engine.Prefix()
		db.SetMaxOpenConns(4)
		store, err := sqlwatch.New(db, dialect, sqlwatch.WithPrefix(prefix))
		require.NoError(t, err)
		_, err = store.Load(t.Context(), "shop")
		require.ErrorIs(t, err, sqlwatch.ErrSetup)
		engine.DropTables(t, db, prefix+"watch", prefix+"schema")
		require.NoError(t, store.Migrate(t.Context()))
		require.NoError(t, store.Migrate(t.Context()), "again")
		require.NoError(t, store.Check(t.Context()))
		return store
	}
}

func fixed(dsn string) func(testing.TB) string { return func(testing.TB) string { return dsn } }

// redisStore is a Store as an app writes one for Redis: a hash of version and record.
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

func (s *redisStore) Load(ctx context.Context, shop string) (licensewatch.Record, error) {
	record := licensewatch.Record{Shop: shop}
	text, err := s.client.HGet(ctx, s.prefix+shop, "record").Bytes()
	if errors.Is(err, redis.Nil) {
		return record, nil
	}
	if err != nil {
		return record, err
	}
	return record, json.Unmarshal(text, &record)
}

func (s *redisStore) Save(ctx context.Context, record licensewatch.Record) (bool, error) {
	before := record.Version
	record.Version++
	text, err := json.Marshal(record)
	if err != nil {
		return false, err
	}
	return save.Run(ctx, s.client, []string{s.prefix + record.Shop}, before, text).Bool()
}

func newRedis(t *testing.T) licensewatch.Store {
	s := &redisStore{engine.OpenRedis(t, engine.RedisAddr), engine.Prefix() + "licences:"}
	engine.DropKeys(t, s.client, s.prefix)
	return s
}

func TestMain(m *testing.M) { engine.Main(m) }

// engines are all stores, each fresh.
var engines = map[string]func(t *testing.T) licensewatch.Store{
	"memory":     func(*testing.T) licensewatch.Store { return &licensewatch.MemoryStore{} },
	"PostgreSQL": newSQL(sqlwatch.PostgreSQL, engine.PostgresDriver, fixed(engine.PostgresDSN(engine.PostgresAddr))),
	"MariaDB":    newSQL(sqlwatch.MySQL, engine.MariaDBDriver, fixed(engine.MariaDBDSN(engine.MariaDBAddr))),
	"SQLite":     newSQL(sqlwatch.SQLite, engine.SQLiteDriver, engine.SQLiteDSN),
	"Redis":      newRedis,
}

// Of writers who have read the same version, one is saved, and what it wrote is read.
func TestStores(t *testing.T) {
	t.Parallel()
	for name, open := range engines {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			store := open(t)
			now := time.Date(2026, 4, 1, 9, 30, 0, 0, shotengai.JST)
			for version := range int64(3) {
				before, err := store.Load(t.Context(), "店/1")
				require.NoError(t, err)
				require.Equal(t, version, before.Version)
				require.Equal(t, "店/1", before.Shop)
				var saved atomic.Int64
				var writers sync.WaitGroup
				for i := range 4 {
					writers.Go(func() {
						record := before
						record.Failures, record.CheckedAt, record.Raised = i, now, []string{"key 30", "key 14"}
						ok, err := store.Save(t.Context(), record)
						assert.NoError(t, err)
						if ok {
							saved.Add(1)
						}
					})
				}
				writers.Wait()
				require.EqualValues(t, 1, saved.Load(), "version %d", version)
			}
			record, err := store.Load(t.Context(), "店/1")
			require.NoError(t, err)
			assert.EqualValues(t, 3, record.Version)
			assert.True(t, now.Equal(record.CheckedAt))
			assert.Equal(t, []string{"key 30", "key 14"}, record.Raised)
			other, err := store.Load(t.Context(), "2")
			require.NoError(t, err)
			assert.Equal(t, licensewatch.Record{Shop: "2"}, other)
		})
	}
}
