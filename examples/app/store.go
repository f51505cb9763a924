package main

import (
	"context"
	"database/sql"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib" // the driver pgx
	_ "modernc.org/sqlite"             // the driver sqlite

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/billing"
	"github.com/shotengai/shotengai-go/hooks/sqlledger"
	"github.com/shotengai/shotengai-go/oauth"
	"github.com/shotengai/shotengai-go/oauth/sqlstore"
	"github.com/shotengai/shotengai-go/rakuten/licensewatch/sqlwatch"
)

// shopKey names a shop.
type shopKey struct{ Platform, ID string }

type shop struct {
	shopKey
	Name         string
	Stage        stage
	Installed    bool                 // says the platform, until it reports the uninstall
	Contract     string               // Color Me
	Subscription billing.Subscription // makeshop
	SyncedAt     time.Time            // zero: never
	Trouble      trouble              // at the last look for orders
	Cursor       shotengai.Cursor     // how far its orders were read; "": not at all
}

type order struct {
	ID     string    `json:"-"` // the platform's
	Number string    `json:"number"`
	At     time.Time `json:"ordered_at"`
	Status string    `json:"status"` // in the platform's words
	Total  *int64    `json:"total"`  // yen; null: not fixed yet

	vanished bool // there is no such order any more
}

// schema: app_installs has the facts of a shop's install, app_shop_data and app_orders the data of
// the shop, see stage.
const schema = `
CREATE TABLE IF NOT EXISTS app_installs (
	platform TEXT NOT NULL, id TEXT NOT NULL, contract TEXT NOT NULL DEFAULT '', subscription TEXT NOT NULL DEFAULT '{}',
	token TEXT NOT NULL DEFAULT '', installed_at BIGINT NOT NULL DEFAULT 0, left_at BIGINT NOT NULL DEFAULT 0,
	PRIMARY KEY (platform, id));
CREATE TABLE IF NOT EXISTS app_shop_data (
	platform TEXT NOT NULL, id TEXT NOT NULL, name TEXT NOT NULL DEFAULT '', stage TEXT NOT NULL,
	synced_at BIGINT NOT NULL DEFAULT 0, read_to TEXT NOT NULL DEFAULT '',
	trouble TEXT NOT NULL DEFAULT '', PRIMARY KEY (platform, id));
CREATE TABLE IF NOT EXISTS app_orders (
	platform TEXT NOT NULL, shop TEXT NOT NULL, id TEXT NOT NULL, number TEXT NOT NULL, ordered_at BIGINT NOT NULL,
	status TEXT NOT NULL, total BIGINT, PRIMARY KEY (platform, shop, id));
CREATE INDEX IF NOT EXISTS app_orders_by_time ON app_orders (platform, shop, ordered_at, id);
CREATE TABLE IF NOT EXISTS app_licenses (
	shop TEXT PRIMARY KEY, sealed TEXT NOT NULL, issued_at BIGINT NOT NULL, expires_at BIGINT NOT NULL, contacts TEXT NOT NULL,
	verdict TEXT NOT NULL DEFAULT '', worked_at BIGINT NOT NULL DEFAULT 0);
CREATE TABLE IF NOT EXISTS app_sessions (
	id TEXT PRIMARY KEY, csrf TEXT NOT NULL, admin BOOLEAN NOT NULL, expires BIGINT NOT NULL);
CREATE TABLE IF NOT EXISTS app_session_shops (
	session TEXT NOT NULL, platform TEXT NOT NULL, shop TEXT NOT NULL, PRIMARY KEY (session, platform, shop));`

// store keeps all that the app knows in one database. Its SQL is understood by SQLite and
// PostgreSQL alike.
type store struct {
	db     *sql.DB
	sealer *oauth.Sealer
	grants *sqlstore.Store
	ledger *sqlledger.Ledger
	watch  *sqlwatch.Store // of the licence keys
}

func openStore(ctx context.Context, database string, sealer *oauth.Sealer) (*store, error) {
	driver, dialect := "sqlite", sqlstore.SQLite
	source := "file:" + database + "?_pragma=busy_timeout(5000)&_pragma=journal_mode(WAL)&_txlock=immediate"
	if strings.HasPrefix(database, "postgres://") || strings.HasPrefix(database, "postgresql://") {
		driver, dialect, source = "pgx", sqlstore.PostgreSQL, database
	}
	db, err := sql.Open(driver, source)
	if err != nil {
		return nil, errors.New("the database's address cannot be read") // which holds a password
	}
	s := &store{db: db, sealer: sealer}
	if err = db.PingContext(ctx); err == nil {
		_, err = db.ExecContext(ctx, schema)
	}
	if err == nil {
		s.grants, err = sqlstore.New(db, dialect)
	}
	if err == nil {
		s.ledger, err = sqlledger.New(db, sqlledger.Dialect(dialect))
	}
	if err == nil {
		s.watch, err = sqlwatch.New(db, sqlwatch.Dialect(dialect))
	}
	if err == nil {
		err = errors.Join(s.grants.Migrate(ctx), s.ledger.Migrate(ctx), s.watch.Migrate(ctx))
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("the database cannot be used: %w", err), db.Close())
	}
	return s, nil
}

func (s *store) exec(ctx context.Context, query string, args ...any) error {
	_, err := s.db.ExecContext(ctx, query, args...)
	return err
}

// inTx runs a change that takes several statements.
func (s *store) inTx(ctx context.Context, change func(exec func(query string, args ...any) error) error) error {
	tx, err := s.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback() //nolint:errcheck // after Commit there is nothing to roll back
	err = change(func(query string, args ...any) error {
		_, err := tx.ExecContext(ctx, query, args...)
		return err
	})
	if err != nil {
		return err
	}
	return tx.Commit()
}

// appShops joins what is known of each shop. A shop whose data were erased is a new one.
const appShops = `(SELECT i.platform, i.id, i.contract, i.subscription, i.installed_at, i.left_at,
	COALESCE(d.name, '') AS name, CASE WHEN i.left_at > 0 THEN 'left' ELSE COALESCE(d.stage, 'new') END AS stage,
	COALESCE(d.synced_at, 0) AS synced_at, COALESCE(d.read_to, '') AS read_to, COALESCE(d.trouble, '') AS trouble
	FROM app_installs i LEFT JOIN app_shop_data d ON d.platform = i.platform AND d.id = i.id) AS app_shops`

// shops returns the shops that a condition on appShops selects.
func (s *store) shops(ctx context.Context, where string, args ...any) ([]shop, error) {
	query := `SELECT platform, id, name, stage, contract, subscription, installed_at > 0, synced_at, read_to, trouble FROM ` + appShops + ` WHERE ` + where + ` ORDER BY platform, id` //nolint:gosec // conditions are constants
	rows, err := s.db.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var shops []shop
	for rows.Next() {
		var (
			sh           shop
			subscription string
			synced       int64
		)
		if err := rows.Scan(&sh.Platform, &sh.ID, &sh.Name, &sh.Stage, &sh.Contract, &subscription, &sh.Installed, &synced, &sh.Cursor, &sh.Trouble); err != nil {
			return nil, err
		}
		if err := json.Unmarshal([]byte(subscription), &sh.Subscription); err != nil {
			return nil, err
		}
		if synced > 0 {
			sh.SyncedAt = time.Unix(synced, 0)
		}
		shops = append(shops, sh)
	}
	return shops, rows.Err()
}

// shop returns one shop, or sql.ErrNoRows.
func (s *store) shop(ctx context.Context, key shopKey) (shop, error) {
	shops, err := s.shops(ctx, `platform = $1 AND id = $2`, key.Platform, key.ID)
	if err == nil && len(shops) == 0 {
		err = sql.ErrNoRows
	}
	if err != nil {
		return shop{}, err
	}
	return shops[0], nil
}

// subscribe applies an event of the platform to a shop's subscription. Hooks of one shop
// are run one at a time, so that nobody else changes it meanwhile.
func (s *store) subscribe(ctx context.Context, key shopKey, events ...billing.Event) error {
	sh, err := s.shop(ctx, key)
	if err != nil {
		return err
	}
	sub := sh.Subscription
	for _, event := range events {
		if sub, _, err = sub.Apply(event); err != nil {
			return err
		}
	}
	return s.setSubscription(ctx, key, sub)
}

func (s *store) setSubscription(ctx context.Context, key shopKey, sub billing.Subscription) error {
	text, err := json.Marshal(sub)
	if err != nil {
		return err
	}
	return s.exec(ctx, `UPDATE app_installs SET subscription = $3 WHERE platform = $1 AND id = $2`, key.Platform, key.ID, string(text))
}

// sealKey binds a stored token to its shop.
func sealKey(key shopKey) oauth.Key {
	return oauth.Key{Platform: key.Platform, App: "persistent-token", Shop: key.ID}
}

// putToken keeps the persistent token of makeshop, which is delivered only once.
func (s *store) putToken(ctx context.Context, key shopKey, token shotengai.Secret) error {
	sealed, err := s.sealer.Seal(sealKey(key), []byte(token.Reveal()))
	if err != nil {
		return err
	}
	return s.exec(ctx, `UPDATE app_installs SET token = $3 WHERE platform = $1 AND id = $2`,
		key.Platform, key.ID, base64.StdEncoding.EncodeToString(sealed))
}

// token returns the persistent token, or sql.ErrNoRows.
func (s *store) token(ctx context.Context, key shopKey) (string, error) {
	var text string
	row := s.db.QueryRowContext(ctx, `SELECT token FROM app_installs WHERE platform = $1 AND id = $2 AND token <> ''`, key.Platform, key.ID)
	if err := row.Scan(&text); err != nil {
		return "", err
	}
	sealed, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		return "", err
	}
	plain, err := s.sealer.Open(sealKey(key), sealed)
	return string(plain), err
}

// putOrders keeps orders of a shop together with the cursor behind them, and notes when they
// were read. Those of a shop that was erased meanwhile, or that another run has read further,
// are dropped.
func (s *store) putOrders(ctx context.Context, sh shop, orders []order, cursor shotengai.Cursor, at time.Time) error {
	tx, err := s.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback() //nolint:errcheck // after Commit there is nothing to roll back
	result, err := tx.ExecContext(ctx, `UPDATE app_shop_data SET synced_at = $3, read_to = $4 WHERE platform = $1 AND id = $2 AND stage = 'active' AND read_to = $5`,
		sh.Platform, sh.ID, at.Unix(), string(cursor), string(sh.Cursor))
	if err != nil {
		return err
	}
	if there, err := result.RowsAffected(); err != nil || there == 0 {
		return err
	}
	for _, o := range orders {
		if o.vanished {
			_, err = tx.ExecContext(ctx, `DELETE FROM app_orders WHERE platform = $1 AND shop = $2 AND id = $3`, sh.Platform, sh.ID, o.ID)
		} else {
			_, err = tx.ExecContext(ctx, `INSERT INTO app_orders (platform, shop, id, number, ordered_at, status, total) VALUES ($1, $2, $3, $4, $5, $6, $7)
				ON CONFLICT (platform, shop, id) DO UPDATE SET status = excluded.status, total = excluded.total`,
				sh.Platform, sh.ID, o.ID, o.Number, o.At.Unix(), o.Status, o.Total)
		}
		if err != nil {
			return err
		}
	}
	return tx.Commit()
}

// orders returns a shop's orders since a time, newest first.
func (s *store) orders(ctx context.Context, key shopKey, since time.Time) ([]order, error) {
	return s.queryOrders(ctx, `ordered_at >= $3 ORDER BY ordered_at DESC, id DESC`, key.Platform, key.ID, since.Unix())
}

// queryOrders returns the orders of the shop $1, $2 that a condition selects.
func (s *store) queryOrders(ctx context.Context, where string, args ...any) ([]order, error) {
	query := `SELECT id, number, ordered_at, status, total FROM app_orders WHERE platform = $1 AND shop = $2 AND ` + where //nolint:gosec // conditions are constants
	rows, err := s.db.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var orders []order
	for rows.Next() {
		var (
			o  order
			at int64
		)
		if err := rows.Scan(&o.ID, &o.Number, &at, &o.Status, &o.Total); err != nil {
			return nil, err
		}
		o.At = time.Unix(at, 0).In(shotengai.JST)
		orders = append(orders, o)
	}
	return orders, rows.Err()
}
