package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http/httptest"
	"os"
	"os/signal"
	"slices"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/colorme/colormetest"
	"github.com/shotengai/shotengai-go/hooks"
	"github.com/shotengai/shotengai-go/hooks/hookstest"
	"github.com/shotengai/shotengai-go/oauth"
	"github.com/shotengai/shotengai-go/shotengaitest"
	"github.com/shotengai/shotengai-go/stores"
	"github.com/shotengai/shotengai-go/stores/storestest"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, os.Stdout, os.Stderr); err != nil {
		fmt.Fprintln(os.Stderr, "observe:", err)
		os.Exit(1)
	}
}

// app is what all clients, grants and hooks of the program share.
type app struct {
	metrics *metrics
	logger  *slog.Logger
	spans   *tracetest.SpanRecorder
	tracer  *sdktrace.TracerProvider
}

// run makes some calls, and writes the page of metrics and the spans to out.
func run(ctx context.Context, out, log io.Writer) error {
	registry, spans := prometheus.NewRegistry(), tracetest.NewSpanRecorder()
	a := &app{
		metrics: newMetrics(registry), logger: slog.New(slog.NewTextHandler(log, nil)),
		spans: spans, tracer: sdktrace.NewTracerProvider(sdktrace.WithSpanProcessor(spans)),
	}
	if err := errors.Join(a.sales(ctx), a.orders(ctx), a.hooks(ctx)); err != nil {
		return err
	}
	page := httptest.NewRecorder()
	promhttp.HandlerFor(registry, promhttp.HandlerOpts{}).ServeHTTP(page, httptest.NewRequestWithContext(ctx, "GET", "/metrics", nil))
	fmt.Fprintf(out, "# /metrics\n%s\n# spans\n", page.Body)
	for _, span := range spans.Ended() {
		fmt.Fprintf(out, "%s %s\n", span.Name(), span.Status().Code)
	}
	return a.tracer.Shutdown(ctx)
}

// options make a client observed by all three.
func (a *app) options() []shotengai.Option {
	return []shotengai.Option{
		shotengai.WithHTTPClient(tracedClient(a.tracer)),
		shotengai.WithObserver(logCalls(a.logger)),
		shotengai.WithObserver(a.metrics.observeCall),
		shotengai.WithObserver(spanCalls),
	}
}

// sales asks Color Me for an order that is there, one that is not, and one while the platform
// is busy for a moment.
func (a *app) sales(ctx context.Context) error {
	srv := colormetest.NewServer()
	defer srv.Close()
	client, err := srv.Client(append(a.options(), shotengai.WithRetryPolicy(shotengai.RetryPolicy{Attempts: 3, MaxDelay: time.Millisecond}))...)
	if err != nil {
		return err
	}
	ctx, span := a.tracer.Tracer("observe").Start(ctx, "read sales")
	defer span.End()
	if _, err := client.Shop.Get(ctx); err != nil {
		return err
	}
	srv.Fail(1, shotengaitest.Fault{Status: 503})
	if _, err := client.Shop.Get(ctx); err != nil {
		return err
	}
	if _, err := client.Sales.Get(ctx, 1); !errors.Is(err, shotengai.ErrNotFound) {
		return fmt.Errorf("an order that is not there: %w", err)
	}
	return nil
}

// orders logs in to STORES, and refreshes the grant because the platform has ended its token.
func (a *app) orders(ctx context.Context) error {
	srv := storestest.NewServer()
	defer srv.Close()
	provider, err := srv.Provider("https://app.example/callback")
	if err != nil {
		return err
	}
	provider.HTTPClient = tracedClient(a.tracer)
	provider.Observe = a.metrics.observeCall
	grants, err := oauth.NewManager(oauth.ManagerConfig{
		Provider: provider, Store: oauth.NewMemoryStore(oauth.AllowVolatile()), OnEvent: a.metrics.observeGrant,
	})
	if err != nil {
		return err
	}
	login, err := provider.Begin()
	if err != nil {
		return err
	}
	query, err := srv.Login(ctx, login.URL)
	if err != nil {
		return err
	}
	grant, err := provider.Exchange(ctx, login, query)
	if err != nil {
		return err
	}
	if err := grants.Put(ctx, "shop", grant); err != nil {
		return err
	}
	client, err := stores.NewClient(grants.TokenSource("shop"), slices.Concat(srv.Options(), a.options())...)
	if err != nil {
		return err
	}
	srv.Shop().ExpireTokens()
	_, err = client.Orders.List(ctx, stores.ListOrdersParams{})
	return errors.Join(err, grants.Close(ctx))
}

// hooks receives a notice of Color Me, the same once more, and one with a wrong signature.
func (a *app) hooks(ctx context.Context) error {
	const secret = shotengai.Secret("webhook-secret")
	receiver, err := hooks.NewColorMe(hooks.ColorMeConfig{
		Secrets:     []shotengai.Secret{secret},
		OnUninstall: func(context.Context, *hooks.ColorMeUninstall) error { return nil },
		Options:     hooks.Options{Logger: a.logger, Observe: a.metrics.observeHook},
	})
	if err != nil {
		return err
	}
	srv := httptest.NewServer(receiver.UninstallHandler())
	defer srv.Close()
	uninstall := hooks.ColorMeUninstall{
		AccountID: "PA00000001", RecurringApplicationChargeID: "F3RN9A",
		UninstalledAt: time.Unix(1552022740, 0), Reason: hooks.ColorMeByShopOwner,
	}
	var platform hookstest.Sender
	for _, key := range []shotengai.Secret{secret, secret, "another"} {
		platform.Send(ctx, srv.URL, hookstest.ColorMeUninstall(uninstall, key))
	}
	return nil
}
