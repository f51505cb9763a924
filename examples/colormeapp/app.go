package main

import (
	"context"
	"crypto/rand"
	"database/sql"
	_ "embed"
	"errors"
	"html/template"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"time"

	"golang.org/x/oauth2"
	_ "modernc.org/sqlite" // the driver

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/colorme"
	"github.com/shotengai/shotengai-go/hooks"
	"github.com/shotengai/shotengai-go/hooks/sqlledger"
	"github.com/shotengai/shotengai-go/oauth"
	"github.com/shotengai/shotengai-go/oauth/sqlstore"
)

// tables are the app's own. With a shop, its sales and sessions are deleted. Each start deletes
// the sessions that have ended.
const tables = `
CREATE TABLE IF NOT EXISTS shops (id TEXT PRIMARY KEY, contract TEXT NOT NULL, cursor TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS sales (shop TEXT REFERENCES shops ON DELETE CASCADE, id INTEGER, made_at TEXT, total INTEGER, PRIMARY KEY (shop, id));
CREATE TABLE IF NOT EXISTS sessions (id TEXT PRIMARY KEY, shop TEXT REFERENCES shops ON DELETE CASCADE, name TEXT, ends_at INTEGER);
DELETE FROM sessions WHERE ends_at < ?;`

func openDatabase(file string) (*sql.DB, error) {
	return sql.Open("sqlite", "file:"+file+"?_pragma=foreign_keys(1)&_pragma=busy_timeout(5000)&_pragma=journal_mode(WAL)&_txlock=immediate")
}

type app struct {
	config
	db      *sql.DB
	ledger  *sqlledger.Ledger                  // lets each hook take effect once
	grants  *oauth.Manager                     // has the owners' permissions, encrypted
	clients *shotengai.Clients[colorme.Client] // one for each shop, as it keeps to the rate limit
	syncing sync.Map                           // a *sync.Mutex for each shop
	handler http.Handler
}

func newApp(ctx context.Context, config config, db *sql.DB) (*app, error) {
	store, err1 := sqlstore.New(db, sqlstore.SQLite)
	ledger, err2 := sqlledger.New(db, sqlledger.SQLite)
	sealer, err3 := oauth.NewSealer(config.SealKey)
	if err := errors.Join(err1, err2, err3); err != nil {
		return nil, err
	}
	_, err := db.ExecContext(ctx, tables, time.Now().Unix())
	if err := errors.Join(err, store.Migrate(ctx), ledger.Migrate(ctx)); err != nil {
		return nil, err
	}
	a := &app{config: config, db: db, ledger: ledger}
	inDemo := strings.HasPrefix(config.URL, "http://127.0.0.1:")
	a.grants, err1 = oauth.NewManager(oauth.ManagerConfig{Provider: config.Provider, Store: store, Sealer: sealer})
	a.clients, err = shotengai.NewClients(100, func(_ context.Context, shop string) (*colorme.Client, error) {
		return colorme.NewClient(a.grants.TokenSource(shop), config.Options...)
	})
	login, err2 := oauth.NewHandler(oauth.HandlerConfig{
		Provider: config.Provider, Sealer: sealer, OnGrant: a.onGrant, Insecure: inDemo,
		OnError: func(w http.ResponseWriter, _ *http.Request, err error) { show(w, view{}, err) },
	})
	receiver, err3 := hooks.NewColorMe(hooks.ColorMeConfig{
		Secrets: []shotengai.Secret{config.WebhookSecret}, OnInstall: a.onInstall, OnUninstall: a.onUninstall,
		Ledger: ledger, Insecure: inDemo, Options: hooks.Options{Logger: slog.Default()},
	})
	if err := errors.Join(err, err1, err2, err3); err != nil {
		return nil, err
	}
	mux := http.NewServeMux()
	mux.Handle("/hooks/install", receiver.InstallHandler())
	mux.Handle("/hooks/uninstall", receiver.UninstallHandler())
	mux.Handle("/login", login.LoginHandler())
	mux.Handle("/callback", login.CallbackHandler())
	mux.HandleFunc("/{$}", func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithTimeout(r.Context(), 40*time.Second) // the next visit goes on with a longer run
		defer cancel()
		v, err := a.visit(ctx, r)
		show(w, v, err)
	})
	a.handler = http.NewCrossOriginProtection().Handler(mux)
	return a, nil
}

// onInstall notes the shop and sends its owner to the login. The cursor is for the sales of
// the last 30 days, and all to come.
func (a *app) onInstall(ctx context.Context, e *hooks.ColorMeInstall) (string, error) {
	_, err := a.db.ExecContext(ctx, `INSERT INTO shops (id, contract, cursor) VALUES (?, ?, ?)
		ON CONFLICT DO UPDATE SET contract = excluded.contract`,
		e.AccountID, e.ContractID(), shotengai.CursorFrom(time.Now().AddDate(0, 0, -30)))
	return a.URL + "/login", err
}

// onUninstall erases the shop. The platform has ended its access token.
func (a *app) onUninstall(ctx context.Context, e *hooks.ColorMeUninstall) error {
	if err := a.grants.Forget(ctx, e.AccountID); err != nil {
		return err
	}
	return a.ledger.Do(ctx, func(ctx context.Context, tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, "DELETE FROM shops WHERE id = ?", e.AccountID)
		return err
	})
}

// onGrant asks the API whose the permission is, keeps it, and begins a session.
func (a *app) onGrant(ctx context.Context, login *oauth.FinishedLogin) (string, error) {
	client, err := colorme.NewClient(oauth2.StaticTokenSource(login.Grant.Token()), a.Options...)
	if err != nil {
		return "", err
	}
	shop, err := client.Shop.Get(ctx)
	if err != nil {
		return "", err
	}
	cookie := &http.Cookie{ //nolint:gosec // Secure but in the demo
		Name: "session", Value: rand.Text(), Path: "/", Expires: time.Now().Add(12 * time.Hour),
		HttpOnly: true, Secure: strings.HasPrefix(a.URL, "https:"), SameSite: http.SameSiteLaxMode,
	}
	login.SetCookie(cookie)
	_, err = a.db.ExecContext(ctx, "INSERT INTO sessions VALUES (?, ?, ?, ?)", cookie.Value, shop.ID, shop.Title, cookie.Expires.Unix())
	if err != nil {
		return "", err // the shop has not installed the app, for one
	}
	return "/", a.grants.Put(ctx, shop.ID, login.Grant)
}

// view is what the page shows.
type view struct {
	Shop, Problem string
	Sales         []sale // the newest
}

type sale struct {
	ID, Total int64
	MadeAt    string // in Japan
}

// visit brings the copy of the shop's sales up to date and returns what the page shows, also
// beside an error.
func (a *app) visit(ctx context.Context, r *http.Request) (v view, err error) {
	cookie, err := r.Cookie("session")
	if err != nil {
		return v, err
	}
	var id string
	err = a.db.QueryRowContext(ctx, "SELECT shop, name FROM sessions WHERE id = ? AND ends_at > ?", cookie.Value, time.Now().Unix()).Scan(&id, &v.Shop)
	if err != nil {
		return v, err
	}
	err = a.sync(ctx, id)
	rows, unread := a.db.QueryContext(ctx, "SELECT id, total, made_at FROM sales WHERE shop = ? ORDER BY made_at DESC, id DESC LIMIT 20", id)
	if unread != nil {
		return v, errors.Join(err, unread)
	}
	defer rows.Close()
	for rows.Next() {
		var s sale
		err = errors.Join(err, rows.Scan(&s.ID, &s.Total, &s.MadeAt))
		v.Sales = append(v.Sales, s)
	}
	return v, errors.Join(err, rows.Err())
}

// sync takes over the sales that are new or have changed. Each is stored in one transaction
// with the cursor that covers it: a run that is cut off loses nothing.
func (a *app) sync(ctx context.Context, id string) error {
	client, err := a.clients.Get(ctx, id)
	if err != nil {
		return err
	}
	lock, _ := a.syncing.LoadOrStore(id, new(sync.Mutex))
	mutex := lock.(*sync.Mutex) //nolint:errcheck // there is nothing else in the map
	mutex.Lock()
	defer mutex.Unlock()
	var contract string
	var cursor shotengai.Cursor
	if err := a.db.QueryRowContext(ctx, "SELECT contract, cursor FROM shops WHERE id = ?", id).Scan(&contract, &cursor); err != nil {
		return err
	}
	store := func(change string, args ...any) error {
		tx, err := a.db.BeginTx(ctx, nil)
		if err != nil {
			return err
		}
		defer tx.Rollback() //nolint:errcheck // after Commit there is nothing to roll back
		// No row, if the shop has left meanwhile: the contract is new when it comes back.
		var moved bool
		err = tx.QueryRowContext(ctx, "UPDATE shops SET cursor = ? WHERE id = ? AND contract = ? RETURNING TRUE", cursor, id, contract).Scan(&moved)
		if err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, change, args...); err != nil {
			return err
		}
		return tx.Commit()
	}
	for sale, err := range client.Sales.Changes(ctx, &cursor) {
		row, odd := errors.AsType[*shotengai.RowError](err)
		switch {
		case odd && errors.Is(err, shotengai.ErrNotFound): // it was there, and has vanished
			err = store("DELETE FROM sales WHERE shop = ? AND id = ?", id, row.ID)
		case odd: // the cursor remembers it, and the next run asks for it again
			slog.WarnContext(ctx, "a sale cannot be read", "shop", id, "error", err)
			err = nil
		case err == nil && sale.Canceled:
			err = store("DELETE FROM sales WHERE shop = ? AND id = ?", id, sale.ID)
		case err == nil:
			err = store("INSERT INTO sales VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET total = excluded.total",
				id, sale.ID, sale.MakeDate.In(shotengai.JST).Format("2006-01-02 15:04"), sale.TotalPrice)
		}
		if err != nil {
			return err
		}
	}
	return store("") // without news the cursor moves too
}

//go:embed page.html
var pageText string

var page = template.Must(template.New("page").Parse(pageText))

// show writes the page, and on it what the owner can do about an error. The log has the rest.
func show(w http.ResponseWriter, v view, err error) {
	status := http.StatusInternalServerError
	switch {
	case err == nil:
		status = http.StatusOK
	case errors.Is(err, http.ErrNoCookie), errors.Is(err, sql.ErrNoRows):
		status, v.Problem = http.StatusUnauthorized, "ログインしてください。"
	case errors.Is(err, oauth.ErrDenied):
		status, v.Problem = http.StatusForbidden, "連携が許可されませんでした。"
	case errors.Is(err, shotengai.ErrReauthorize):
		status, v.Problem = http.StatusUnauthorized, "連携が切れています。もう一度ログインしてください。"
	case errors.Is(err, shotengai.ErrUnavailable), errors.Is(err, shotengai.ErrRateLimited):
		status, v.Problem = http.StatusServiceUnavailable, "カラーミーショップに接続できません。しばらくしてからもう一度お試しください。"
	default:
		v.Problem = "処理できませんでした。もう一度お試しください。"
	}
	if err != nil {
		slog.Warn("page", "status", status, "error", err)
	}
	w.Header().Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'")
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	_ = page.Execute(w, v)
}
