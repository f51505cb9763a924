// Command colormeapp is an app of the Color Me App Store, the one to copy first: app.go is what
// it does for a shop, this file the program around it, demo.go a platform to try it on.
//
//	go run ./examples/colormeapp -demo
//
// runs it against the library's fake, with no account and nothing to set up. For real shops
// the settings come from the environment, see [settings], and a proxy in front speaks TLS.
package main

import (
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/colorme"
	"github.com/shotengai/shotengai-go/oauth"
)

func main() {
	inDemo := flag.Bool("demo", false, "")
	flag.Usage = func() {
		fmt.Fprintln(flag.CommandLine.Output(), text("usage: colormeapp [-demo]   without -demo it is set up by the environment",
			"使い方: colormeapp [-demo]   -demo を付けないときは環境変数で設定します"))
	}
	flag.Parse()
	if flag.NArg() > 0 {
		flag.Usage()
		os.Exit(2)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // the second Ctrl-C ends at once
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", cmp.Or(os.Getenv("APP_LISTEN"), "127.0.0.1:8080"))
	switch {
	case err != nil:
	case *inDemo:
		err = demo(ctx, listener, os.Stdin, os.Stdout)
	default:
		var c config
		if c, err = settings(os.Getenv); err == nil {
			fmt.Printf(text("Listening on %s for %s\n", "%s で待ち受けています（%s）\n"), listener.Addr(), c.URL)
			err = serve(ctx, listener, c)
		}
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "colormeapp:", err)
		os.Exit(1)
	}
}

// text is a message in the language of the environment.
func text(english, japanese string) string {
	if strings.HasPrefix(cmp.Or(os.Getenv("LC_ALL"), os.Getenv("LC_MESSAGES"), os.Getenv("LANG")), "ja") {
		return japanese
	}
	return english
}

// config is what an app works with.
type config struct {
	URL           string             // where the platform and the owners find the app
	Provider      *oauth.Provider    // where the owners log in
	WebhookSecret shotengai.Secret   // signs the hooks
	SealKey       oauth.SealKey      // encrypts the tokens in the database
	Database      string             // a file
	Options       []shotengai.Option // of the API's clients; none for real shops
}

// settings reads the environment:
//
//	APP_URL                 https address of the app; register APP_URL/callback for the login,
//	                        APP_URL/hooks/install and APP_URL/hooks/uninstall for the hooks
//	APP_SEAL_KEY            32 random bytes, to be kept: openssl rand -base64 32
//	APP_DATABASE            file of SQLite, colormeapp.db if not set
//	APP_LISTEN              address to listen on, 127.0.0.1:8080 if not set
//	COLORME_CLIENT_ID       these three as the developer console shows them
//	COLORME_CLIENT_SECRET
//	COLORME_WEBHOOK_SECRET
func settings(getenv func(string) string) (config, error) {
	for _, name := range []string{"APP_URL", "APP_SEAL_KEY", "COLORME_CLIENT_ID", "COLORME_CLIENT_SECRET", "COLORME_WEBHOOK_SECRET"} {
		if getenv(name) == "" {
			return config{}, fmt.Errorf(text("%s is not set in the environment; -demo needs nothing", "環境変数 %s が設定されていません。-demo なら設定は不要です"), name)
		}
	}
	url := strings.TrimSuffix(getenv("APP_URL"), "/")
	key, err := oauth.ParseSealKey("APP_SEAL_KEY", getenv("APP_SEAL_KEY"))
	if err != nil {
		return config{}, err
	}
	provider, err := colorme.OAuth(oauth.Client{
		ID: getenv("COLORME_CLIENT_ID"), Secret: shotengai.Secret(getenv("COLORME_CLIENT_SECRET")),
		RedirectURL: url + "/callback", Scopes: []string{colorme.ScopeReadSales},
	})
	return config{
		URL: url, Provider: provider, WebhookSecret: shotengai.Secret(getenv("COLORME_WEBHOOK_SECRET")),
		SealKey: key, Database: cmp.Or(getenv("APP_DATABASE"), "colormeapp.db"),
	}, err
}

// serve runs the app until ctx ends. Then requests are answered, what is being saved is saved,
// and the database is closed.
func serve(ctx context.Context, listener net.Listener, config config) error {
	db, err := openDatabase(config.Database)
	if err != nil {
		return errors.Join(err, listener.Close())
	}
	a, err := newApp(ctx, config, db)
	if err != nil {
		return errors.Join(err, db.Close(), listener.Close())
	}
	server := &http.Server{
		Handler: a.handler, ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 15 * time.Second,
		WriteTimeout: 90 * time.Second, IdleTimeout: time.Minute, MaxHeaderBytes: 16 << 10,
	}
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()
	select {
	case err = <-failed:
	case <-ctx.Done():
	}
	drain, cancel := context.WithTimeout(context.WithoutCancel(ctx), 50*time.Second)
	defer cancel()
	return errors.Join(err, server.Shutdown(drain), a.grants.Close(drain), db.Close())
}
