package snippets

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"net/http"
	"net/mail"
	"os"
	"slices"
	"time"

	"golang.org/x/oauth2"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/billing"
	"github.com/shotengai/shotengai-go/colorme"
	"github.com/shotengai/shotengai-go/colorme/colormetest"
	"github.com/shotengai/shotengai-go/hooks"
	"github.com/shotengai/shotengai-go/hooks/sqlledger"
	"github.com/shotengai/shotengai-go/makeshop"
	"github.com/shotengai/shotengai-go/oauth"
	"github.com/shotengai/shotengai-go/oauth/sqlstore"
	"github.com/shotengai/shotengai-go/rakuten"
	"github.com/shotengai/shotengai-go/rakuten/licensewatch"
	"github.com/shotengai/shotengai-go/rakuten/licensewatch/sqlwatch"
	"github.com/shotengai/shotengai-go/rakuten/rakutentest"
	"github.com/shotengai/shotengai-go/shotengaitest"
	"github.com/shotengai/shotengai-go/stores"
	"github.com/shotengai/shotengai-go/stores/storestest"
)

// Permission.

func colorMeLogin(mux *http.ServeMux, sealer *oauth.Sealer, grants *oauth.Manager, id, secret string, whichShop func(context.Context, *oauth.Grant) (string, error)) error {
	provider, err := colorme.OAuth(oauth.Client{
		ID: id, Secret: shotengai.Secret(secret), RedirectURL: "https://app.example/callback",
		Scopes: []string{colorme.ScopeReadSales, colorme.ScopeReadProducts},
	})
	if err != nil {
		return err
	}
	login, err := oauth.NewHandler(oauth.HandlerConfig{
		Provider: provider,
		Sealer:   sealer,
		OnGrant: func(ctx context.Context, login *oauth.FinishedLogin) (string, error) {
			shop, err := whichShop(ctx, login.Grant)
			if err != nil {
				return "", err
			}
			return "/welcome", grants.Put(ctx, shop, login.Grant)
		},
	})
	if err != nil {
		return err
	}
	mux.Handle("GET /login", login.LoginHandler())
	mux.Handle("GET /callback", login.CallbackHandler())
	return nil
}

func storesProvider(id string, jwk []byte) (*oauth.Provider, error) {
	return stores.OAuth(oauth.Client{
		ID: id, RedirectURL: "https://app.example/stores/callback",
		Scopes: []string{stores.ScopeRead, stores.ScopeWrite, stores.ScopeOfflineAccess},
	}, jwk)
}

func storesGone(ctx context.Context, client *stores.Client, shop string, erase, askTomorrow func(context.Context, string) error) error {
	presence, err := client.Presence(ctx)
	switch presence {
	case stores.PresenceThere:
		return nil
	case stores.PresenceDisconnected:
		return erase(ctx, shop) // the grant has ended: delete the personal data of the shop's customers
	case stores.PresenceDoubtful:
		return askTomorrow(ctx, shop) // probably withdrawn: stop the jobs, delete nothing yet
	}
	return err // nothing was found out
}

func makeshopClient(config makeshop.Config, installToken func(context.Context, string) (shotengai.Secret, error), shop string) (*makeshop.Client, error) {
	return makeshop.NewClient(config, makeshop.TokenFunc(func(ctx context.Context) (shotengai.Secret, error) {
		return installToken(ctx, shop) // asked for at each attempt: a new installation brings another token
	}))
}

func makeshopLogin(mux *http.ServeMux, config makeshop.Config, provider *oauth.Provider, sealer *oauth.Sealer, grants *oauth.Manager,
	known func(context.Context, string) (bool, error), startSession func(context.Context, string) (string, error),
) error {
	sso, err := makeshop.NewSSO(makeshop.SSOConfig{Config: config, Manager: grants, Known: known})
	if err != nil {
		return err
	}
	login, err := oauth.NewHandler(oauth.HandlerConfig{
		Provider: provider, // makeshop.OAuth(...), that of grants too
		Sealer:   sealer,
		OnGrant: func(ctx context.Context, login *oauth.FinishedLogin) (string, error) {
			visit, err := sso.Finish(ctx, login.Grant) // finds out whose login it was, and saves the grant
			if err != nil {
				return "", err
			}
			return startSession(ctx, visit.ShopID)
		},
	})
	if err != nil {
		return err
	}
	mux.Handle("GET /login", login.LoginHandler())
	mux.Handle("GET /callback", login.CallbackHandler())
	return nil
}

// rakutenKey is what an app keeps of a shop.
type rakutenKey struct {
	Key       shotengai.Secret
	ExpiresAt time.Time
}

func rakutenClient(shop string, secret shotengai.Secret, load func(ctx context.Context, shop string) (rakutenKey, error)) (*rakuten.Client, error) {
	return rakuten.NewClient(rakuten.LicenseFunc(func(ctx context.Context) (rakuten.License, error) {
		kept, err := load(ctx, shop) // asked for at each attempt, so a renewed key is used at once
		return rakuten.License{
			ServiceSecret: secret, Key: kept.Key,
			ExpiresAt: kept.ExpiresAt, // from client.Licenses.ExpiryDate; without it, an expired key looks like a wrong one
			Shop:      shop,           // an order number of another shop is refused before it is sent
		}, err
	}))
}

func whyRefused(ctx context.Context, client *rakuten.Client, err error) error {
	d, ok := client.DiagnoseError(ctx, err)
	if !ok {
		return err // not about the licence
	}
	who, what := d.Act(shotengai.English) // or in Japanese
	return fmt.Errorf("%w: %s, %s has to act: %s", err, d.Verdict, who, what)
}

// Hooks.

func wire(db *sql.DB, secrets []shotengai.Secret, pathToken shotengai.Secret,
	owner func(context.Context, string, shotengai.Secret) (string, error), save func(context.Context, *hooks.MakeShopInstall) error,
) (http.Handler, error) {
	ledger, err := sqlledger.New(db, sqlledger.PostgreSQL)
	if err != nil {
		return nil, err
	}
	colorMe, err := hooks.NewColorMe(hooks.ColorMeConfig{
		Secrets: secrets,
		Ledger:  ledger,
		OnInstall: func(ctx context.Context, e *hooks.ColorMeInstall) (string, error) {
			return "https://app.example/login", nil // save e.ContractID(): usage charges need it
		},
		OnUninstall: func(ctx context.Context, e *hooks.ColorMeUninstall) error {
			return nil // charge what is left with e.UsageCharge, before its deadline
		},
	})
	if err != nil {
		return nil, err
	}
	makeShop, err := hooks.NewMakeShop(hooks.MakeShopConfig{
		PathToken:   pathToken,
		Ledger:      ledger,
		Confirm:     hooks.ConfirmMakeShop(owner), // asks the API whose token it is
		OnInstall:   save,
		OnUninstall: func(context.Context, *hooks.MakeShopEvent) error { return nil },
	})
	if err != nil {
		return nil, err
	}
	return hooks.NewMux(map[string]http.Handler{
		"/hooks/colorme/install":     colorMe.InstallHandler(),
		"/hooks/colorme/uninstall":   colorMe.UninstallHandler(),
		"/hooks/makeshop/install/":   makeShop.Handler(hooks.MakeShopInstallKind),
		"/hooks/makeshop/uninstall/": makeShop.Handler(hooks.MakeShopUninstallKind),
	})
}

func leave(ledger *sqlledger.Ledger, grants *oauth.Manager) hooks.ColorMeConfig {
	return hooks.ColorMeConfig{
		Ledger: ledger,
		OnUninstall: func(ctx context.Context, e *hooks.ColorMeUninstall) error {
			if err := grants.Forget(ctx, e.AccountID); err != nil {
				return err
			}
			return ledger.Do(ctx, func(ctx context.Context, tx *sql.Tx) error {
				_, err := tx.ExecContext(ctx, "UPDATE shops SET left_at = $1 WHERE id = $2", e.UninstalledAt, e.AccountID)
				return err
			})
		},
	}
}

func ownerOf(config makeshop.Config, kept func(context.Context, string) (shotengai.Secret, error)) (func(context.Context, string, shotengai.Secret) (string, error), error) {
	return makeshop.Owner(config, kept) // kept returns the persistent token that the app keeps of a shop, or ""
}

// Orders.

func month(ctx context.Context, client *colorme.Client, until time.Time, save func(*colorme.Sale) error, note func(*shotengai.RowError) error) error {
	params := colorme.ListSalesParams{
		MakeDateMin: colorme.At(time.Date(2026, 10, 1, 0, 0, 0, 0, shotengai.JST)),
		MakeDateMax: colorme.At(until), // October 31, 23:59:59; to resume, the MakeDate of the last order that was saved
	}
	for sale, err := range client.Sales.All(ctx, params) {
		if row, ok := errors.AsType[*shotengai.RowError](err); ok { // one order that cannot be read: row.ID, row.Raw
			if err := note(row); err != nil {
				return err
			}
			continue
		}
		if err != nil {
			return err
		}
		if err := save(sale); err != nil { // by sale.ID: after a stop, orders of the same second come again
			return err
		}
	}
	return nil
}

// copyOfOrders is an app's database with its copy of the orders and its cursor.
type copyOfOrders interface {
	Begin(ctx context.Context) (shotengai.Cursor, shotengai.Notes, error)
	Save(ctx context.Context, order *rakuten.Order, note string, at shotengai.Cursor) error
	Delete(ctx context.Context, number string, at shotengai.Cursor) error
	Report(ctx context.Context, row *shotengai.RowError, note string, at shotengai.Cursor) error
	Keep(ctx context.Context, at shotengai.Cursor) error
}

func keepInStep(ctx context.Context, client *rakuten.Client, db copyOfOrders) error {
	cursor, notes, err := db.Begin(ctx) // at first shotengai.CursorFrom(since) and an empty map
	if err != nil {
		return err
	}
	for order, err := range client.Orders.Changes(ctx, &cursor, shotengai.WithNotes(notes)) {
		row, unread := errors.AsType[*shotengai.RowError](err)
		switch {
		case unread && errors.Is(err, shotengai.ErrNotFound): // it was there, and has vanished
			err = db.Delete(ctx, row.ID, cursor)
		case unread: // it comes again with the next run
			err = db.Report(ctx, row, notes[row.ID], cursor)
		case err == nil: // by its number, with its note and the cursor in one transaction
			err = db.Save(ctx, order, notes[order.OrderNumber], cursor)
		}
		if err != nil {
			return err
		}
	}
	return db.Keep(ctx, cursor)
}

func rakutenOrders(ctx context.Context, client *rakuten.Client, since, until time.Time, save func(*rakuten.Order) error, note func(number string) error) error {
	params := rakuten.SearchOrdersParams{
		DateType:      rakuten.DateOrdered,
		StartDatetime: rakuten.At(since), // to resume, the OrderDatetime of the last order that was saved
		EndDatetime:   rakuten.At(until),
	}
	for order, err := range client.Orders.All(ctx, params) {
		if row, ok := errors.AsType[*shotengai.RowError](err); ok { // found, and not returned or not readable
			if err := note(row.ID); err != nil { // ask for it again with GetBatch
				return err
			}
			continue
		}
		if err != nil {
			return err
		}
		if err := save(order); err != nil { // by order.OrderNumber: after a stop, orders of the same second come again
			return err
		}
	}
	return nil
}

func withoutTotal(ctx context.Context, client *rakuten.Client, numbers []string, save func(*rakuten.Order, sql.Null[int64]) error, report func(error)) error {
	if len(numbers) == 0 {
		return nil
	}
	orders, err := client.Orders.GetBatch(ctx, numbers) // of the orders without a total that are not cancelled
	if err != nil {
		return err
	}
	for _, missing := range orders.Missing {
		report(missing)
	}
	for i := range orders.Items {
		order := &orders.Items[i]
		yen, ok := order.Total()
		if err := save(order, sql.Null[int64]{V: yen, Valid: ok}); err != nil {
			return err
		}
	}
	return nil
}

// Stock.

func stock(ctx context.Context, client *colorme.Client, report func(shotengai.Row[colorme.StockKey])) error {
	rows := []colorme.UpdateStockRequest{
		{ProductID: 1, Stocks: colorme.SetStocks(10)},
		{ProductID: 2, Option1Value: "赤", Option2Value: "S", Stocks: colorme.AddStocks(-1)},
	}
	results, err := client.Stocks.UpdateMany(ctx, rows)
	for _, row := range results.Failed() {
		report(row) // refused, not sent, or unknown: row.State
	}
	return err
}

func manageStock(ctx context.Context, client *colorme.Client, id int64) error {
	_, err := client.Products.Update(ctx, id, colorme.UpdateProductRequest{StockManaged: new(true)}) // false: unlimited again
	return err
}

func storesStock(ctx context.Context, client *stores.Client, variation string) error {
	_, err := client.Inventories.SetQuantity(ctx, variation, 10)
	if err == nil {
		_, err = client.Inventories.AddQuantity(ctx, variation, -1)
	}
	if errors.Is(err, shotengai.ErrOutcomeUnknown) {
		return fmt.Errorf("read the stock before taking one again: %w", err)
	}
	return err
}

func rakutenStock(ctx context.Context, client *rakuten.Client, want map[rakuten.SKU]int, report func(error)) error {
	stock, err := client.Inventory.BulkGet(ctx, slices.Collect(maps.Keys(want))) // want: quantities by SKU, manage numbers in lower case
	if err != nil {
		return err
	}
	for _, sku := range stock.Missing {
		report(fmt.Errorf("%s %s: no stock is registered", sku.ManageNumber, sku.VariantID))
	}
	var changes []rakuten.UpsertInventoryRequest
	for _, now := range stock.Items {
		if quantity := want[now.SKU]; quantity != now.Quantity {
			changes = append(changes, now.Change(rakuten.StockAbsolute, quantity)) // with its lead time and shipping places
		}
	}
	if len(changes) == 0 {
		return nil
	}
	results, err := client.Inventory.BulkUpsert(ctx, changes)
	if err != nil {
		return err
	}
	return results.Err() // the rows that were refused, and those whose outcome is unknown
}

func firstStock(ctx context.Context, client *rakuten.Client, sku rakuten.SKU, quantity int) error {
	page, err := client.Items.Search(ctx, rakuten.SearchItemsParams{ManageNumber: sku.ManageNumber, VariantID: sku.VariantID})
	if err != nil {
		return err
	}
	sold := slices.ContainsFunc(page.Items, func(found rakuten.FoundItem) bool {
		_, ok := found.Item.Variants[sku.VariantID]
		return ok && rakuten.SameManageNumber(found.Item.ManageNumber, sku.ManageNumber)
	})
	if !sold {
		return fmt.Errorf("%s %s is not sold in this shop", sku.ManageNumber, sku.VariantID)
	}
	return client.Inventory.Upsert(ctx, rakuten.UpsertInventoryRequest{SKU: sku, Mode: rakuten.StockAbsolute, Quantity: quantity})
}

// Billing.

func bill() error {
	plan := billing.Plan{ID: "standard", Monthly: 1000}
	sub, charges, err := billing.Subscription{}.Apply(billing.Install{On: billing.Date(2026, time.October, 10), Plan: plan})
	if err != nil {
		return err
	}
	charges = append(charges, billing.Forecast(sub, billing.Date(2026, time.December, 31))...)
	for _, c := range charges {
		fmt.Println(billing.Explain(c, shotengai.Japanese))
	}
	return nil
}

func paymentMade(sub billing.Subscription, today time.Time) (billing.Subscription, []billing.Charge, error) {
	year, month, _ := today.In(shotengai.JST).Date()
	due := billing.Date(year, month, 1)
	if sub.Status == billing.StatusPaymentFailed {
		due = billing.NextRenewal(sub.PaidMonth)
	}
	return sub.Apply(billing.Renewal{On: due})
}

func lastCharge(ctx context.Context, client *colorme.Client, e *hooks.ColorMeUninstall, now time.Time) error {
	if !e.CanChargeUsage(now) {
		return errors.New("too late, or the shop left during its trial")
	}
	_, err := client.UsageCharges.CreateAfterUninstall(ctx, e.UsageCharge.APIToken, e.RecurringApplicationChargeID,
		colorme.CreateUsageChargeRequest{Point: 300, Description: "SMS 100通"})
	return err
}

// Testing.

func lostAnswer(ctx context.Context) error {
	srv := colormetest.NewServer()
	defer srv.Close()
	client, err := srv.Client()
	if err != nil {
		return err
	}
	srv.Fail(1, shotengaitest.Fault{ResetAfter: true}) // the call is carried out, its answer is lost
	_, err = client.Customers.AddPoints(ctx, 1, 10)
	if !errors.Is(err, shotengai.ErrOutcomeUnknown) {
		return fmt.Errorf("got %w", err)
	}
	return nil
}

func keyEnds(ctx context.Context) error {
	srv := rakutentest.NewServer()
	defer srv.Close()
	client, err := srv.Client()
	if err != nil {
		return err
	}
	srv.Advance(91 * 24 * time.Hour) // the licence key ends, and nobody has issued the next one
	_, err = client.Orders.SubStatuses(ctx)
	if d, refused := client.DiagnoseError(ctx, err); !refused || d.Verdict != rakuten.VerdictExpired {
		return fmt.Errorf("got %w", err)
	}
	srv.RenewKey(srv.Shop()) // a person of the shop does; the client asks for the newest key at each call
	_, err = client.Orders.SubStatuses(ctx)
	return err
}

func logInAtFake(ctx context.Context) error {
	srv := storestest.NewServer()
	defer srv.Close()
	provider, err := srv.Provider("https://app.example/callback")
	if err != nil {
		return err
	}
	login, err := provider.Begin()
	if err != nil {
		return err
	}
	query, err := srv.Login(ctx, login.URL) // what the owner's browser brings back
	if err != nil {
		return err
	}
	grant, err := provider.Exchange(ctx, login, query)
	if err != nil {
		return err
	}
	client, err := stores.NewClient(oauth2.StaticTokenSource(grant.Token()), srv.Options()...)
	if err != nil {
		return err
	}
	_, err = client.Store.Get(ctx)
	return err
}

// Instances.

func instance(ctx context.Context, db *sql.DB, provider *oauth.Provider, serve func(context.Context, *oauth.Manager) error) error {
	store, err := sqlstore.New(db, sqlstore.PostgreSQL)
	if err != nil {
		return err
	}
	if err := store.Migrate(ctx); err != nil {
		return err
	}
	key, err := oauth.ParseSealKey("2026-04", os.Getenv("SEAL_KEY")) // openssl rand -base64 32
	if err != nil {
		return err
	}
	sealer, err := oauth.NewSealer(key)
	if err != nil {
		return err
	}
	grants, err := oauth.NewManager(oauth.ManagerConfig{Provider: provider, Store: store, Sealer: sealer})
	if err != nil {
		return err
	}
	served := serve(ctx, grants) // returns when the process has to stop
	drain, cancel := context.WithTimeout(context.WithoutCancel(ctx), 30*time.Second)
	defer cancel()
	return errors.Join(served, grants.Close(drain)) // waits for refreshes and their saves
}

func clientsByShop(grants *oauth.Manager) (*shotengai.Clients[colorme.Client], error) {
	return shotengai.NewClients(1000, func(_ context.Context, shop string) (*colorme.Client, error) {
		return colorme.NewClient(grants.TokenSource(shop))
	})
}

func keepAllGrants(ctx context.Context, colorMe, makeShop, ofStores *oauth.Manager, hourly *time.Ticker) error {
	grants, err := oauth.NewGroup(colorMe, makeShop, ofStores)
	if err != nil {
		return err
	}
	for {
		select {
		case <-hourly.C:
			if _, err := grants.RefreshDue(ctx); err != nil {
				slog.WarnContext(ctx, "grants were not refreshed", "error", err)
			}
		case <-ctx.Done():
			drain, cancel := context.WithTimeout(context.WithoutCancel(ctx), 30*time.Second)
			defer cancel()
			return grants.Close(drain)
		}
	}
}

func watchLicences(ctx context.Context, db *sql.DB, shops func(context.Context) ([]string, error), client func(context.Context, string) (*rakuten.Client, error), contacts func(context.Context, string) ([]mail.Address, error), send func(licensewatch.Notice) error) error {
	store, err := sqlwatch.New(db, sqlwatch.PostgreSQL)
	if err != nil {
		return err
	}
	if err := store.Migrate(ctx); err != nil {
		return err
	}
	watcher, err := licensewatch.New(licensewatch.Config{Shops: shops, Client: client, Contacts: contacts, Store: store})
	if err != nil {
		return err
	}
	return watcher.Run(ctx, func(event licensewatch.Event, err error) error {
		if err != nil {
			slog.WarnContext(ctx, "licence keys are not watched as they should", "error", err)
			return nil
		}
		return send(licensewatch.NewNotice(event.Status(), time.Now(), licensewatch.Japanese())) // to all of its To
	})
}

var _ = []any{
	colorMeLogin, storesProvider, storesGone, makeshopClient, makeshopLogin, rakutenClient, whyRefused, wire, leave, ownerOf, hookServer, month, keepInStep, rakutenOrders,
	withoutTotal, stock, manageStock, storesStock, rakutenStock, firstStock, bill, paymentMade, lastCharge, lostAnswer, keyEnds, logInAtFake, instance, clientsByShop, keepAllGrants, watchLicences,
}
