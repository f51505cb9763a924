package oauth_test

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/internal/e2e/engine"
	"github.com/shotengai/shotengai-go/oauth"
	"github.com/shotengai/shotengai-go/oauth/redisstore"
	"github.com/shotengai/shotengai-go/oauth/sqlstore"
)

var rowKey = oauth.Key{Platform: "makeshop", App: "client-id", Shop: "PA01234567"}

func rec(version int64, saveID string) oauth.Record {
	return oauth.Record{Version: version, SaveID: saveID, Status: oauth.StatusActive, Sealed: []byte("grant")}
}

func put(t *testing.T, store oauth.TokenStore) {
	t.Helper()
	_, err := store.Put(t.Context(), rowKey, rec(1, "put"))
	require.NoError(t, err)
}

// sqlEngine is a database whose driver takes settings by session.
type sqlEngine struct {
	driver  string
	dsn     func(params ...string) string
	dialect sqlstore.Dialect
}

var sqlEngines = map[string]sqlEngine{
	"PostgreSQL": {"pgx", func(p ...string) string { return postgresDSN(postgresAddr, p...) }, sqlstore.PostgreSQL},
	"MariaDB":    {"mysql", func(p ...string) string { return mysqlDSN(mysqlAddr, p...) }, sqlstore.MySQL},
}

// again opens the same tables through another pool.
func (e sqlEngine) again(t *testing.T, prefix string, params ...string) (*sqlstore.Store, *sql.DB) {
	t.Helper()
	db := openDB(t, e.driver, e.dsn(params...))
	store, err := sqlstore.New(db, e.dialect, sqlstore.WithPrefix(prefix))
	require.NoError(t, err)
	return store, db
}

// The row is locked for longer than the lock timeout of the store's session: without a
// repetition the save would fail.
func TestS06LockTimeout(t *testing.T) {
	t.Parallel()
	store, prefix := newSQL(t, openDB(t, "pgx", postgresDSN(postgresAddr)), sqlstore.PostgreSQL)
	put(t, store)
	impatient, _ := sqlEngines["PostgreSQL"].again(t, prefix, "lock_timeout=20")
	tx, err := openDB(t, "pgx", postgresDSN(postgresAddr)).BeginTx(t.Context(), nil)
	require.NoError(t, err)
	_, err = tx.ExecContext(t.Context(), "UPDATE "+prefix+"grants SET attempts = attempts")
	require.NoError(t, err)
	done := make(chan error, 1)
	go func() { done <- impatient.Save(context.WithoutCancel(t.Context()), rowKey, 1, rec(2, "late")) }()
	_, err = tx.ExecContext(t.Context(), "SELECT pg_sleep(0.1)")
	require.NoError(t, err)
	require.NoError(t, tx.Commit())
	require.NoError(t, <-done)
}

// Two sessions update the same row at once: in a serializable one the second fails with
// 40001 and is repeated, and must then see that it has lost.
func TestS06Serialization(t *testing.T) {
	t.Parallel()
	store, prefix := newSQL(t, openDB(t, "pgx", postgresDSN(postgresAddr)), sqlstore.PostgreSQL)
	put(t, store)
	strict, _ := sqlEngines["PostgreSQL"].again(t, prefix, "default_transaction_isolation=serializable")
	for version := int64(1); version <= 20; version++ {
		var wg sync.WaitGroup
		results := make([]error, 8)
		for i := range results {
			wg.Go(func() {
				results[i] = strict.Save(t.Context(), rowKey, version, rec(version+1, fmt.Sprint(version, "/", i)))
			})
		}
		wg.Wait()
		won := 0
		for _, err := range results {
			if err == nil {
				won++
				continue
			}
			require.ErrorIs(t, err, shotengai.ErrConflict, "never an error of the database")
		}
		require.Equal(t, 1, won)
	}
}

// The database ends the session that the store has in its pool, as at a restart: what may be
// sent again is sent over another one.
func TestS03EndedSession(t *testing.T) {
	t.Parallel()
	for name, session := range map[string]struct{ id, end string }{
		"PostgreSQL": {"SELECT pg_backend_pid()", "SELECT pg_terminate_backend(%d)"},
		"MariaDB":    {"SELECT CONNECTION_ID()", "KILL %d"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e := sqlEngines[name]
			admin := openDB(t, e.driver, e.dsn())
			store, prefix := newSQL(t, admin, e.dialect)
			put(t, store)
			reader, pool := e.again(t, prefix)
			pool.SetMaxOpenConns(1)
			end := func() {
				var id int64
				require.NoError(t, pool.QueryRowContext(t.Context(), session.id).Scan(&id))
				_, err := admin.ExecContext(t.Context(), fmt.Sprintf(session.end, id))
				require.NoError(t, err)
			}
			for version := int64(1); version <= 3; version++ {
				end()
				got, err := reader.Load(t.Context(), rowKey)
				require.NoError(t, err)
				assert.Equal(t, version, got.Version)
				end()
				lease, err := reader.Acquire(t.Context(), rowKey, version, "owner", time.Hour)
				require.NoError(t, err)
				assert.Equal(t, oauth.Lease{Held: true}, lease)
				end()
				require.NoError(t, reader.Release(t.Context(), rowKey, "owner", 0))
				end()
				require.NoError(t, reader.Save(t.Context(), rowKey, version, rec(version+1, "next")))
			}
		})
	}
}

// The clock of a bubble starts in the year 2000: the app's clock is a quarter of a
// century behind the database's, and leases hold and run out all the same.
func TestS08ClockOfTheAppIsWrong(t *testing.T) {
	t.Parallel()
	for name, e := range sqlEngines {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			store, prefix := newSQL(t, openDB(t, e.driver, e.dsn()), e.dialect)
			put(t, store)
			_, err := store.Acquire(t.Context(), rowKey, 1, "right", time.Hour)
			require.NoError(t, err)
			synctest.Test(t, func(t *testing.T) {
				require.Equal(t, 2000, time.Now().UTC().Year())
				db, err := sql.Open(e.driver, e.dsn())
				require.NoError(t, err)
				defer db.Close()
				wrong, err := sqlstore.New(db, e.dialect, sqlstore.WithPrefix(prefix))
				require.NoError(t, err)
				lease, err := wrong.Acquire(t.Context(), rowKey, 1, "wrong", time.Hour)
				require.NoError(t, err)
				assert.False(t, lease.Held, "the lease of the other holds")
				assert.InDelta(t, time.Hour, lease.Remaining, float64(time.Minute))
				require.NoError(t, wrong.Release(t.Context(), rowKey, "right", 0))
				lease, err = wrong.Acquire(t.Context(), rowKey, 1, "wrong", time.Hour)
				require.NoError(t, err)
				assert.True(t, lease.Held)
			})
			lease, err := store.Acquire(t.Context(), rowKey, 1, "right", time.Hour)
			require.NoError(t, err)
			assert.False(t, lease.Held)
			assert.InDelta(t, time.Hour, lease.Remaining, float64(time.Minute), "and its lease is measured by the database")
		})
	}
}

// An acquire takes effect and its reply is lost: asked again, the owner still has it.
func TestS12LostReply(t *testing.T) {
	t.Parallel()
	t.Run("Redis", func(t *testing.T) {
		t.Parallel()
		_, prefix := newRedis(t)
		line := newProxy(t, redisAddr)
		client := redis.NewClient(&redis.Options{Addr: line.addr()})
		t.Cleanup(func() { _ = client.Close() })
		store, err := redisstore.New(client, redisstore.WithPrefix(prefix))
		require.NoError(t, err)
		put(t, store)
		_, err = store.Acquire(t.Context(), rowKey, 1, "owner", 1) // loads the script
		require.NoError(t, err)
		require.NoError(t, store.Release(t.Context(), rowKey, "owner", 0))

		line.dropReply() // the client itself sends the script again
		lease, err := store.Acquire(t.Context(), rowKey, 1, "owner", time.Hour)
		require.NoError(t, err)
		assert.Equal(t, oauth.Lease{Held: true}, lease)
		line.dropReply()
		require.NoError(t, store.Save(t.Context(), rowKey, 1, rec(2, "save")))
		line.dropReply()
		require.NoError(t, store.Delete(t.Context(), rowKey))
		got, err := store.Load(t.Context(), rowKey)
		require.NoError(t, err)
		assert.Equal(t, int64(3), got.Version, "deleted once")
	})
	for name, e := range sqlEngines {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			store, prefix := newSQL(t, openDB(t, e.driver, e.dsn()), e.dialect)
			put(t, store)
			target, dsn := postgresAddr, func(addr string) string { return postgresDSN(addr) }
			if e.dialect == sqlstore.MySQL {
				target, dsn = mysqlAddr, func(addr string) string { return mysqlDSN(addr) }
			}
			line := newProxy(t, target)
			flaky, err := sqlstore.New(openDB(t, e.driver, dsn(line.addr())), e.dialect, sqlstore.WithPrefix(prefix))
			require.NoError(t, err)
			line.dropReply()
			until(t, func() error {
				lease, err := flaky.Acquire(t.Context(), rowKey, 1, "owner", time.Hour)
				if err == nil {
					assert.Equal(t, oauth.Lease{Held: true}, lease)
				}
				return err
			})
			line.dropReply()
			until(t, func() error { return flaky.Save(t.Context(), rowKey, 1, rec(2, "save")) })
			got, err := store.Load(t.Context(), rowKey)
			require.NoError(t, err)
			assert.Equal(t, "save", got.SaveID)
			assert.Equal(t, int64(2), got.Version)
		})
	}
}

// until repeats what fails, a few times.
func until(t *testing.T, f func() error) {
	t.Helper()
	var err error
	for range 5 {
		if err = f(); err == nil {
			return
		}
		require.NotErrorIs(t, err, shotengai.ErrConflict)
	}
	require.NoError(t, err)
}

func TestS15ReadOnly(t *testing.T) {
	t.Parallel()
	for name, param := range map[string]string{
		"PostgreSQL": "default_transaction_read_only=on",
		"MariaDB":    "tx_read_only=1",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e := sqlEngines[name]
			store, prefix := newSQL(t, openDB(t, e.driver, e.dsn()), e.dialect)
			put(t, store)
			replica, _ := e.again(t, prefix, param)
			require.ErrorIs(t, replica.Check(t.Context()), oauth.ErrStoreSetup)
			require.ErrorContains(t, replica.Check(t.Context()), "primary")
			_, err := replica.Put(t.Context(), rowKey, rec(1, "a"))
			require.ErrorIs(t, err, oauth.ErrStoreSetup)
			_, err = replica.Acquire(t.Context(), rowKey, 1, "a", time.Hour)
			require.ErrorIs(t, err, oauth.ErrStoreSetup)
			require.ErrorIs(t, replica.Save(t.Context(), rowKey, 1, rec(2, "a")), oauth.ErrStoreSetup)
			require.ErrorIs(t, replica.Release(t.Context(), rowKey, "a", 0), oauth.ErrStoreSetup)
			require.ErrorIs(t, replica.Delete(t.Context(), rowKey), oauth.ErrStoreSetup)
		})
	}
	t.Run("SQLite", func(t *testing.T) {
		t.Parallel()
		dsn := engine.SQLiteDSN(t)
		_, prefix := newSQL(t, openDB(t, "sqlite", dsn), sqlstore.SQLite)
		readOnly, err := sqlstore.New(openDB(t, "sqlite", dsn+"&mode=ro"), sqlstore.SQLite, sqlstore.WithPrefix(prefix))
		require.NoError(t, err)
		require.ErrorIs(t, readOnly.Check(t.Context()), oauth.ErrStoreSetup)
	})
}

func TestS16Schema(t *testing.T) {
	t.Parallel()
	open := map[string]func(t *testing.T) (*sql.DB, sqlstore.Dialect){
		"PostgreSQL": func(t *testing.T) (*sql.DB, sqlstore.Dialect) {
			return openDB(t, "pgx", postgresDSN(postgresAddr)), sqlstore.PostgreSQL
		},
		"MariaDB": func(t *testing.T) (*sql.DB, sqlstore.Dialect) {
			return openDB(t, "mysql", mysqlDSN(mysqlAddr)), sqlstore.MySQL
		},
		"SQLite": func(t *testing.T) (*sql.DB, sqlstore.Dialect) {
			return openDB(t, "sqlite", engine.SQLiteDSN(t)), sqlstore.SQLite
		},
	}
	for name, open := range open {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			db, dialect := open(t)
			prefix := engine.Prefix()
			store, err := sqlstore.New(db, dialect, sqlstore.WithPrefix(prefix))
			require.NoError(t, err)
			engine.DropTables(t, db, prefix+"grants", prefix+"schema")

			require.ErrorIs(t, store.Check(t.Context()), oauth.ErrStoreSetup)
			require.ErrorContains(t, store.Check(t.Context()), "Migrate")
			_, err = store.Load(t.Context(), rowKey)
			require.ErrorIs(t, err, oauth.ErrStoreSetup, "not as if the shop were not installed")
			require.NotErrorIs(t, err, oauth.ErrNoGrant)

			var wg sync.WaitGroup
			for range 8 {
				wg.Go(func() { assert.NoError(t, store.Migrate(t.Context()), "instances start together") })
			}
			wg.Wait()
			require.NoError(t, store.Check(t.Context()))

			_, err = db.ExecContext(t.Context(), "UPDATE "+prefix+"schema SET version = 2")
			require.NoError(t, err)
			require.ErrorIs(t, store.Check(t.Context()), oauth.ErrStoreSetup)
			require.ErrorContains(t, store.Check(t.Context()), "the schema has version 2, this package works with 1")
			require.ErrorIs(t, store.Migrate(t.Context()), oauth.ErrStoreSetup, "there is no way back from a newer version")
			_, err = db.ExecContext(t.Context(), "DELETE FROM "+prefix+"schema")
			require.NoError(t, err)
			require.ErrorIs(t, store.Check(t.Context()), oauth.ErrStoreSetup)
			require.NoError(t, store.Migrate(t.Context()))
			require.NoError(t, store.Check(t.Context()))
		})
	}
}

func TestSynchronousCommitIsForced(t *testing.T) {
	t.Parallel()
	db := openDB(t, "pgx", postgresDSN(postgresAddr, "synchronous_commit=off"))
	store, prefix := newSQL(t, db, sqlstore.PostgreSQL)
	assertDurable(t, db, store, prefix)
	var after string
	require.NoError(t, db.QueryRowContext(t.Context(), "SHOW synchronous_commit").Scan(&after))
	assert.Equal(t, "off", after, "the session is as it was")
}

// assertDurable writes a grant and looks whether each write was committed to the disk.
func assertDurable(t *testing.T, db *sql.DB, store *sqlstore.Store, prefix string) {
	t.Helper()
	settings := engine.NoteCommits(t, db, prefix, map[string]string{"grant": "INSERT OR UPDATE OF sealed ON " + prefix + "grants FOR EACH ROW"})
	put(t, store)
	require.NoError(t, store.Save(t.Context(), rowKey, 1, rec(2, "save")))
	require.NoError(t, store.Delete(t.Context(), rowKey))
	written := settings("grant")
	assert.Equal(t, slices.Repeat([]string{"on"}, len(written)), written)
	assert.GreaterOrEqual(t, len(written), 3)
}
