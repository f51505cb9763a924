package main

import (
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, os.Args[1:], os.Getenv, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "app:", err)
		os.Exit(1)
	}
}

// run is the whole program.
func run(ctx context.Context, args []string, getenv func(string) string, out io.Writer) error {
	flags := flag.NewFlagSet("app", flag.ContinueOnError)
	inDemo := flags.Bool("demo", false, "run against fakes on this machine, with nothing to set up")
	database := flags.String("database", "", "file of SQLite (app.db), or the postgres:// address of PostgreSQL")
	listen := flags.String("listen", "127.0.0.1:8443", "address to listen on")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if *inDemo {
		d, err := startDemo(ctx, *listen, *database)
		if err != nil {
			return err
		}
		fmt.Fprintf(out, "Open %s/ (the certificate is self-signed; the password of /admin is %s). Ctrl-C ends it.\n",
			d.config.URL, d.config.AdminPassword.Reveal())
		d.app.config.Outbox = &mailPrinter{out: out}
		d.app.timers.Go(func() { d.install(ctx) })
		return errors.Join(d.app.serve(ctx, d.listener), d.close())
	}
	config, err := settings(getenv)
	if err != nil {
		return err
	}
	config.Database = cmp.Or(*database, "app.db")
	app, err := newApp(ctx, config)
	if err != nil {
		return err
	}
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", *listen)
	if err != nil {
		return errors.Join(err, app.close(ctx))
	}
	if config.Certificate != nil {
		listener = tls.NewListener(listener, &tls.Config{Certificates: []tls.Certificate{*config.Certificate}, MinVersion: tls.VersionTLS12})
	}
	fmt.Fprintf(out, "Listening on %s for %s\n", *listen, config.URL)
	return app.serve(ctx, listener)
}

// stopTimeout is how long requests and refreshes under way may take after SIGTERM.
const stopTimeout = 30 * time.Second

// writeTimeout is longer than a webhook may take: its body 10 s, the wait for a twin 8 s, and
// the longest function 60 s. A shorter one would cut off answers.
const writeTimeout = 90 * time.Second

// server has the limits that net/http leaves open.
func (a *app) server() *http.Server {
	return &http.Server{
		Handler: a.handler, ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 15 * time.Second, WriteTimeout: writeTimeout,
		IdleTimeout: time.Minute, MaxHeaderBytes: 16 << 10, ErrorLog: slog.NewLogLogger(a.log.Handler(), slog.LevelInfo),
	}
}

// serve runs until ctx ends, and leaves nothing half done: requests end first, then
// refreshes, then the database is closed.
func (a *app) serve(ctx context.Context, listener net.Listener) error {
	server := a.server()
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()
	a.start(ctx)
	var err error
	select {
	case err = <-failed:
	case <-ctx.Done():
	}
	drain, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopTimeout)
	defer cancel()
	return errors.Join(err, server.Shutdown(drain), a.close(ctx))
}
