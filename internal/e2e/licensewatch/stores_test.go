package licensewatch_test

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/redis/go-redis/v9"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go/internal/e2e/engine"
	"github.com/shotengai/shotengai-go/rakuten/licensewatch"
)

// sqlStore is a WatchStore as an app writes one: a table of shop, version and record.
type sqlStore struct {
	db                      *sql.DB
	selects, insert, update string
}

func (s *sqlStore) Load(ctx context.Context, shop string) (licensewatch.Record, error) {
	record := licensewatch.Record{Shop: shop}
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

func (s *sqlStore) Save(ctx context.Context, record licensewatch.Record) (bool, error) {
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

// newSQL makes a table of the test's own.
func newSQL(t *testing.T, driver, dsn, create string, statements ...string) licensewatch.Store {
	t.Helper()
	db, name := engine.OpenSQL(t, driver, dsn), engine.Prefix()+"licences"
	engine.DropTables(t, db, name)
	_, err := db.ExecContext(t.Context(), strings.ReplaceAll(create, "licences", name))
	require.NoError(t, err)
	for i, statement := range statements {
		statements[i] = strings.ReplaceAll(statement, "licences", name)
	}
	return &sqlStore{db, statements[0], statements[1], statements[2]}
}

func newPostgres(t *testing.T) licensewatch.Store {
	return newSQL(t, engine.PostgresDriver, engine.PostgresDSN(engine.PostgresAddr),
		`CREATE TABLE licences (shop text PRIMARY KEY, version bigint NOT NULL, record text NOT NULL)`,
		`SELECT record FROM licences WHERE shop = $1`,
		`INSERT INTO licences (record, shop, version) VALUES ($1, $2, 1) ON CONFLICT DO NOTHING`,
		`UPDATE licences SET record = $1, version = version + 1 WHERE shop = $2 AND version = $3`)
}

func newMariaDB(t *testing.T) licensewatch.Store {
	return newSQL(t, engine.MariaDBDriver, engine.MariaDBDSN(engine.MariaDBAddr),
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
	"PostgreSQL": newPostgres,
	"MariaDB":    newMariaDB,
	"Redis":      newRedis,
}
