package sqlledger_test

import (
	"context"
	"database/sql"
	"fmt"
	"log"
	"net/http"
	"os"
	"strings"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/hooks"
	"github.com/shotengai/shotengai-go/hooks/sqlledger"
)

// A deployment on PostgreSQL: the tables at the start, and each effect once, in the
// transaction that changes the app's own tables.
func Example() {
	db, err := sql.Open("pgx", os.Getenv("DATABASE_URL")) // with the driver github.com/jackc/pgx/v5/stdlib
	if err != nil {
		log.Fatal(err)
	}
	ledger, err := sqlledger.New(db, sqlledger.PostgreSQL)
	if err != nil {
		log.Fatal(err)
	}
	if err := ledger.Migrate(context.Background()); err != nil {
		log.Fatal(err)
	}
	receiver, err := hooks.NewColorMe(hooks.ColorMeConfig{
		Secrets: []shotengai.Secret{shotengai.Secret(os.Getenv("WEBHOOK_SECRET"))},
		Ledger:  ledger,
		OnUninstall: func(ctx context.Context, e *hooks.ColorMeUninstall) error {
			return ledger.Do(ctx, func(ctx context.Context, tx *sql.Tx) error {
				_, err := tx.ExecContext(ctx, "DELETE FROM shops WHERE id = $1", e.AccountID)
				return err
			})
		},
	})
	if err != nil {
		log.Fatal(err)
	}
	http.Handle("/hooks/colorme/uninstall", receiver.UninstallHandler())
}

// The tables, for an app that runs its own migrations: here their names.
func ExampleSchema() {
	for line := range strings.Lines(sqlledger.Schema(sqlledger.SQLite, "app_hook_")) {
		if table, made := strings.CutPrefix(line, "CREATE TABLE IF NOT EXISTS "); made {
			fmt.Println(strings.TrimSuffix(table, " (\n"))
		}
	}
	// Output:
	// app_hook_events
	// app_hook_shops
	// app_hook_gone
	// app_hook_once
	// app_hook_schema
}
