package sqlstore_test

import (
	"context"
	"database/sql"
	"fmt"
	"log"
	"os"
	"strings"

	"github.com/shotengai/shotengai-go/oauth"
	"github.com/shotengai/shotengai-go/oauth/sqlstore"
)

// A deployment on PostgreSQL: the table at the start, and a manager that keeps the grants
// of all shops in it, encrypted.
func Example() {
	ctx := context.Background()
	db, err := sql.Open("pgx", os.Getenv("DATABASE_URL")) // with the driver github.com/jackc/pgx/v5/stdlib
	if err != nil {
		log.Fatal(err)
	}
	store, err := sqlstore.New(db, sqlstore.PostgreSQL)
	if err != nil {
		log.Fatal(err)
	}
	if err := store.Migrate(ctx); err != nil {
		log.Fatal(err)
	}
	key, err := oauth.ParseSealKey("2026", os.Getenv("SEAL_KEY")) // openssl rand -base64 32
	if err != nil {
		log.Fatal(err)
	}
	sealer, err := oauth.NewSealer(key)
	if err != nil {
		log.Fatal(err)
	}
	var provider *oauth.Provider // that of the platform's package, such as colorme.OAuth
	manager, err := oauth.NewManager(oauth.ManagerConfig{Provider: provider, Store: store, Sealer: sealer})
	if err != nil {
		log.Fatal(err)
	}
	defer func() { _ = manager.Close(ctx) }()
}

// The tables, for an app that runs its own migrations: here their names.
func ExampleSchema() {
	for line := range strings.Lines(sqlstore.Schema(sqlstore.SQLite, "app_oauth_")) {
		if table, made := strings.CutPrefix(line, "CREATE TABLE IF NOT EXISTS "); made {
			fmt.Println(strings.TrimSuffix(table, " (\n"))
		}
	}
	// Output:
	// app_oauth_grants
	// app_oauth_schema
}
