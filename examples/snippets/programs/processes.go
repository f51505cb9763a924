package programs

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"time"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/oauth"
	"github.com/shotengai/shotengai-go/stores"
)

// Instance is one of several processes of an app of STORES that share a store. Its context
// ends with SIGTERM: ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM).
func Instance(ctx context.Context, listener net.Listener, provider *oauth.Provider, store oauth.TokenStore, sealer *oauth.Sealer, opts ...shotengai.Option) error {
	grants, err := oauth.NewManager(oauth.ManagerConfig{Provider: provider, Store: store, Sealer: sealer})
	if err != nil {
		return err
	}
	clients, err := shotengai.NewClients(1000, func(_ context.Context, shop string) (*stores.Client, error) {
		return stores.NewClient(grants.TokenSource(shop), opts...)
	})
	if err != nil {
		return err
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /shops/{id}", func(w http.ResponseWriter, r *http.Request) {
		client, err := clients.Get(r.Context(), r.PathValue("id"))
		if err == nil {
			var store *stores.Store
			if store, err = client.Store.Get(r.Context()); err == nil {
				fmt.Fprintln(w, store.Name)
			}
		}
		switch {
		case errors.Is(err, shotengai.ErrReauthorize):
			http.Error(w, "STORESにもう一度ログインしてください。", http.StatusForbidden)
		case err != nil:
			slog.WarnContext(r.Context(), "STORES did not answer", "error", err)
			http.Error(w, "STORESに接続できませんでした。", http.StatusServiceUnavailable)
		}
	})
	server := &http.Server{Handler: mux, ReadHeaderTimeout: 5 * time.Second}
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()
	hourly := time.NewTicker(time.Hour)
	defer hourly.Stop()
	for {
		select {
		case <-hourly.C:
			_, err = grants.RefreshDue(ctx) // grants that nobody uses end otherwise
		case err = <-failed:
			return errors.Join(err, grants.Close(ctx))
		case <-ctx.Done():
			drain, cancel := context.WithTimeout(context.WithoutCancel(ctx), 50*time.Second)
			defer cancel()
			return errors.Join(server.Shutdown(drain), grants.Close(drain))
		}
		if err != nil {
			slog.WarnContext(ctx, "grants were not refreshed", "error", err)
		}
	}
}
