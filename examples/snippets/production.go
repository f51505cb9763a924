package snippets

import (
	"context"
	"database/sql"
	"errors"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/shotengai/shotengai-go/hooks/sqlledger"
	"github.com/shotengai/shotengai-go/oauth"
	"github.com/shotengai/shotengai-go/oauth/sqlstore"
)

// Production.

func sealers(getenv func(string) string) (*oauth.Sealer, error) {
	current, err := oauth.ParseSealKey("2026-11", getenv("SEAL_KEY")) // openssl rand -base64 32
	if err != nil {
		return nil, err
	}
	earlier, err := oauth.ParseSealKey("2026-04", getenv("SEAL_KEY_BEFORE"))
	if err != nil {
		return nil, err
	}
	return oauth.NewSealer(current, earlier) // the earlier one opens what it has sealed
}

func run(ctx context.Context, server *http.Server, grants *oauth.Manager, db *sql.DB) error {
	ctx, stop := signal.NotifyContext(ctx, os.Interrupt, syscall.SIGTERM)
	defer stop()
	failed := make(chan error, 1)
	go func() { failed <- server.ListenAndServe() }()
	var err error
	select {
	case err = <-failed:
	case <-ctx.Done():
	}
	drain, cancel := context.WithTimeout(context.WithoutCancel(ctx), 50*time.Second)
	defer cancel()
	return errors.Join(err, server.Shutdown(drain), grants.Close(drain), db.Close())
}

func readiness(mux *http.ServeMux, store *sqlstore.Store, ledger *sqlledger.Ledger) {
	mux.HandleFunc("GET /ready", func(w http.ResponseWriter, r *http.Request) {
		if err := errors.Join(store.Check(r.Context()), ledger.Check(r.Context())); err != nil {
			http.Error(w, "not ready", http.StatusServiceUnavailable)
		}
	})
}

var _ = []any{sealers, run, readiness}
