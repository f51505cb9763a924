package main

import (
	"context"
	"database/sql"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/rivermigrate"

	"github.com/shotengai/shotengai-go/colorme"
	"github.com/shotengai/shotengai-go/oauth"
	"github.com/shotengai/shotengai-go/oauth/sqlstore"
)

// tables are the app's own: what it knows of each shop, its copy of the orders, the orders
// that cannot be read, and what the owners have to know.
const tables = `
CREATE TABLE IF NOT EXISTS shops (
	id      text PRIMARY KEY,
	name    text NOT NULL,
	cursor  text NOT NULL,
	in_step timestamptz, -- the end of the last whole run
	stopped text
);
CREATE TABLE IF NOT EXISTS orders (
	shop       text NOT NULL REFERENCES shops ON DELETE CASCADE,
	id         text NOT NULL,
	ordered_at timestamptz NOT NULL,
	updated_at timestamptz NOT NULL,
	total      bigint NOT NULL,
	paid       boolean NOT NULL,
	shipped    boolean NOT NULL,
	cancelled  boolean NOT NULL,
	PRIMARY KEY (shop, id)
);
CREATE TABLE IF NOT EXISTS unread (
	shop  text NOT NULL REFERENCES shops ON DELETE CASCADE,
	id    text NOT NULL,
	error text NOT NULL,
	PRIMARY KEY (shop, id)
);
CREATE TABLE IF NOT EXISTS notices (
	shop text PRIMARY KEY REFERENCES shops ON DELETE CASCADE,
	said text NOT NULL
);`

// database is the pool of one process. All its tables are in one schema.
type database struct {
	pool   *pgxpool.Pool
	schema string
}

func open(ctx context.Context, o *options) (*database, error) {
	config, err := pgxpool.ParseConfig(o.database)
	if err != nil {
		return nil, failf("the database address cannot be read")
	}
	config.ConnConfig.RuntimeParams["search_path"] = o.schema
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return nil, err
	}
	if err := pool.Ping(ctx); err != nil {
		pool.Close()
		return nil, failf("PostgreSQL cannot be reached at %s: %w", config.ConnConfig.Host, err)
	}
	return &database{pool, o.schema}, nil
}

// openMigrated is open for a database that has its tables.
func openMigrated(ctx context.Context, o *options) (*database, error) {
	db, err := open(ctx, o)
	if err != nil {
		return nil, err
	}
	var migrated bool
	if err = db.pool.QueryRow(ctx, "SELECT to_regclass('pace') IS NOT NULL").Scan(&migrated); err == nil && !migrated {
		err = failf("there are no tables in the schema %s: run migrate first", o.schema)
	}
	if err == nil {
		err = db.checkQueue(ctx)
	}
	if err != nil {
		db.pool.Close()
		return nil, err
	}
	return db, nil
}

// checkQueue finds out whether River needs newer tables than there are.
func (d *database) checkQueue(ctx context.Context) error {
	migrator, err := d.migrator()
	if err != nil {
		return err
	}
	result, err := migrator.Validate(ctx, nil)
	if err == nil && !result.OK {
		err = failf("the tables of the queue in the schema %s are old: run migrate", d.schema)
	}
	return err
}

func (d *database) migrator() (*rivermigrate.Migrator[pgx.Tx], error) {
	return rivermigrate.New(riverpgxv5.New(d.pool), &rivermigrate.Config{Schema: d.schema})
}

// migrate makes what is missing, and changes nothing that is there. The app's own tables come
// last: where they are, all are.
func (d *database) migrate(ctx context.Context) error {
	if _, err := d.pool.Exec(ctx, "CREATE SCHEMA IF NOT EXISTS "+pgx.Identifier{d.schema}.Sanitize()); err != nil {
		return err
	}
	migrator, err := d.migrator()
	if err != nil {
		return err
	}
	if _, err := migrator.Migrate(ctx, rivermigrate.DirectionUp, nil); err != nil {
		return err
	}
	store, db, err := d.store()
	if err != nil {
		return err
	}
	defer func() { _ = db.Close() }() // the pool stays open
	if err := store.Migrate(ctx); err != nil {
		return err
	}
	_, err = d.pool.Exec(ctx, tables+paceTable)
	return err
}

func (d *database) store() (*sqlstore.Store, *sql.DB, error) {
	db := stdlib.OpenDBFromPool(d.pool)
	store, err := sqlstore.New(db, sqlstore.PostgreSQL)
	return store, db, err
}

// grants opens the shops' grants, which all processes share.
func (d *database) grants(sealKey string) (*oauth.Manager, error) {
	if sealKey == "" {
		return nil, failf("FLEET_SEAL_KEY has to hold a key for the grants: openssl rand -base64 32")
	}
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
