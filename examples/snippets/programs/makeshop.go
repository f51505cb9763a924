package programs

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"net/http"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/makeshop"
	"github.com/shotengai/shotengai-go/oauth"
	"github.com/shotengai/shotengai-go/oauth/sqlstore"
)

// MakeShopApp shows a shop's owner the newest orders of the shop. Grants, shops and sessions
// are kept in one SQLite database.
type MakeShopApp struct {
	http.Handler
	Grants *oauth.Manager // to be closed at the end

	local bool
	db    *sql.DB
	sso   *makeshop.SSO
}

// order is what the app asks for of an order, and no more.
type order struct {
	Number string `json:"displayOrderNumber"`
	Total  int64  `json:"sumPrice"`
}

// NewMakeShopApp makes the app. Its provider is made by makeshop.OAuth; local is set to try
// the app on http://localhost.
func NewMakeShopApp(ctx context.Context, local bool, db *sql.DB, config makeshop.Config, provider *oauth.Provider, sealer *oauth.Sealer, opts ...shotengai.Option) (*MakeShopApp, error) {
	store, err := sqlstore.New(db, sqlstore.SQLite)
	if err != nil {
		return nil, err
	}
	const tables = "CREATE TABLE IF NOT EXISTS shops (id TEXT PRIMARY KEY); CREATE TABLE IF NOT EXISTS sessions (id TEXT PRIMARY KEY, shop TEXT NOT NULL)"
	_, err = db.ExecContext(ctx, tables)
	if err := errors.Join(err, store.Migrate(ctx)); err != nil {
		return nil, err
	}
	app := &MakeShopApp{local: local, db: db}
	app.Grants, err = oauth.NewManager(oauth.ManagerConfig{Provider: provider, Store: store, Sealer: sealer})
	if err != nil {
		return nil, err
	}
	app.sso, err = makeshop.NewSSO(makeshop.SSOConfig{Config: config, Manager: app.Grants, Known: app.known, Options: opts})
	if err != nil {
		return nil, err
	}
	login, err := oauth.NewHandler(oauth.HandlerConfig{Provider: provider, Sealer: sealer, OnGrant: app.visit, Insecure: local})
	if err != nil {
		return nil, err
	}
	mux := http.NewServeMux()
	mux.Handle("GET /login", login.LoginHandler())
	mux.Handle("GET /callback", login.CallbackHandler())
	mux.HandleFunc("GET /{$}", app.orders)
	app.Handler = mux
	return app, nil
}

func (a *MakeShopApp) known(ctx context.Context, shop string) (known bool, err error) {
	err = a.db.QueryRowContext(ctx, "SELECT EXISTS (SELECT * FROM shops WHERE id = ?)", shop).Scan(&known)
	return known, err
}

// visit begins the session of an owner who has logged in.
func (a *MakeShopApp) visit(ctx context.Context, login *oauth.FinishedLogin) (string, error) {
	visit, err := a.sso.Finish(ctx, login.Grant)
	if err != nil {
		return "", err
	}
	session := rand.Text()
	_, err = a.db.ExecContext(ctx, "INSERT INTO shops VALUES (?) ON CONFLICT DO NOTHING", visit.ShopID)
	if err == nil {
		_, err = a.db.ExecContext(ctx, "INSERT INTO sessions VALUES (?, ?)", session, visit.ShopID)
	}
	login.SetCookie(&http.Cookie{ //nolint:gosec // not Secure on http://localhost alone
		Name: "session", Value: session, Path: "/", HttpOnly: true, Secure: !a.local, SameSite: http.SameSiteLaxMode,
	})
	return "/", err
}

// orders is the page of the shop whose session the browser has.
func (a *MakeShopApp) orders(w http.ResponseWriter, r *http.Request) {
	var shop string
	if cookie, err := r.Cookie("session"); err == nil {
		_ = a.db.QueryRowContext(r.Context(), "SELECT shop FROM sessions WHERE id = ?", cookie.Value).Scan(&shop)
	}
	if shop == "" { // no session
		http.Redirect(w, r, "/login", http.StatusFound)
		return
	}
	client, err := a.sso.Login(r.Context(), shop)
	if errors.Is(err, shotengai.ErrReauthorize) {
		http.Redirect(w, r, "/login", http.StatusFound)
		return
	}
	var found struct {
		SearchOrder struct{ Orders []order } `json:"searchOrder"`
	}
	if err == nil {
		document := "query ($input: SearchOrderRequest!) { searchOrder(input: $input) { orders { " + makeshop.Select[order]() + " } } }"
		err = client.Query(r.Context(), document, map[string]any{"input": makeshop.ListOrdersParams{Limit: 10}}, &found)
	}
	if err != nil {
		slog.WarnContext(r.Context(), "orders were not read", "error", err)
		http.Error(w, "注文を読み込めませんでした。", http.StatusBadGateway)
		return
	}
	for _, o := range found.SearchOrder.Orders {
		fmt.Fprintf(w, "%s %d円\n", o.Number, o.Total)
	}
}
