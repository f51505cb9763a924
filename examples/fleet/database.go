package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/rivermigrate"

	"github.com/shotengai/shotengai-go/colorme"
	"github.com/shotengai/shotengai-go/oauth"
	"github.com/shotengai/shotengai-go/oauth/sqlstore"
)

// tables are the app's own: what it knows of each shop, what it fetched, and what the
// owners have to know.
const tables = `
CREATE TABLE IF NOT EXISTS shops (
	id             text PRIMARY KEY,
	synced_through timestamptz NOT NULL DEFAULT 'epoch',
	stopped        text
);
CREATE TABLE IF NOT EXISTS orders (
	shop       text NOT NULL REFERENCES shops,
	id         bigint NOT NULL,
	ordered_at timestamptz NOT NULL,
	total      bigint NOT NULL,
	writes     int NOT NULL DEFAULT 1,
	PRIMARY KEY (shop, id)
);
CREATE TABLE IF NOT EXISTS notices (
	shop text PRIMARY KEY REFERENCES shops,
	said text NOT NULL
);`

// database is the pool of one process. All its tables are in one schema.
type database struct {
	pool   *pgxpool.Pool
	schema string
}

func open(ctx context.Context, o options) (*database, error) {
	config, err := pgxpool.ParseConfig(o.database)
	if err != nil {
		return nil, errors.New("the database address cannot be read")
	}
	config.ConnConfig.RuntimeParams["search_path"] = o.schema
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return nil, err
	}
	if err := pool.Ping(ctx); err != nil {
		pool.Close()
		return nil, fmt.Errorf("PostgreSQL cannot be reached at %s: %w", config.ConnConfig.Host, err)
	}
	return &database{pool, o.schema}, nil
}

// migrate makes what is missing. It may be run by every process at every start.
func (d *database) migrate(ctx context.Context) error {
	if _, err := d.pool.Exec(ctx, "CREATE SCHEMA IF NOT EXISTS "+pgx.Identifier{d.schema}.Sanitize()); err != nil {
		return err
	}
	migrator, err := rivermigrate.New(riverpgxv5.New(d.pool), &rivermigrate.Config{Schema: d.schema})
	if err != nil {
		return err
	}
	if _, err := migrator.Migrate(ctx, rivermigrate.DirectionUp, nil); err != nil {
		return err
	}
	if _, err := d.pool.Exec(ctx, tables); err != nil {
		return err
	}
	store, db, err := d.store()
	if err != nil {
		return err
	}
	defer func() { _ = db.Close() }() // the pool stays open
	return store.Migrate(ctx)
}

func (d *database) store() (*sqlstore.Store, *sql.DB, error) {
	db := stdlib.OpenDBFromPool(d.pool)
	store, err := sqlstore.New(db, sqlstore.PostgreSQL)
	return store, db, err
}

// grants opens the shops' grants, which all processes share.
func (d *database) grants(sealKey string) (*oauth.Manager, error) {
	key, err := oauth.ParseSealKey("fleet", sealKey)
	if err != nil {
		return nil, err
	}
	sealer, err := oauth.NewSealer(key)
	if err != nil {
		return nil, err
	}
	store, _, err := d.store()
	if err != nil {
		return nil, err
	}
	provider, err := colorme.OAuth(oauth.Client{ID: "fleet", Secret: "set where the owners log in", RedirectURL: "https://app.example/callback"})
	if err != nil {
		return nil, err
	}
	return oauth.NewManager(oauth.ManagerConfig{Provider: provider, Store: store, Sealer: sealer})
}
