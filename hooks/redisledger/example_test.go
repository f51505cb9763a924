package redisledger_test

import (
	"context"
	"fmt"
	"log"
	"net/http"
	"os"

	"github.com/redis/go-redis/v9"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/hooks"
	"github.com/shotengai/shotengai-go/hooks/redisledger"
)

// A deployment on Redis: a server that may forget events is found at the start, and all
// instances of the app share the ledger.
func Example() {
	client := redis.NewClient(&redis.Options{Addr: os.Getenv("REDIS_ADDR")})
	ledger, err := redisledger.New(client)
	if err != nil {
		log.Fatal(err)
	}
	if err := ledger.Check(context.Background()); err != nil {
		log.Fatal(err)
	}
	receiver, err := hooks.NewColorMe(hooks.ColorMeConfig{
		Secrets: []shotengai.Secret{shotengai.Secret(os.Getenv("WEBHOOK_SECRET"))},
		Ledger:  ledger,
		OnUninstall: func(ctx context.Context, e *hooks.ColorMeUninstall) error {
			return nil // has to be safe to repeat: see hooks.DeliveryFrom
		},
	})
	if err != nil {
		log.Fatal(err)
	}
	http.Handle("/hooks/colorme/uninstall", receiver.UninstallHandler())
}

// Two apps share a Redis server by prefixes of their own. A prefix with braces, which would
// split the keys of a shop over a cluster, is refused.
func ExampleWithPrefix() {
	client := redis.NewClient(&redis.Options{Addr: "127.0.0.1:6379"})
	defer func() { _ = client.Close() }()
	for _, prefix := range []string{"app1:hooks:", "app{1}:"} {
		_, err := redisledger.New(client, redisledger.WithPrefix(prefix))
		fmt.Println(err)
	}
	// Output:
	// <nil>
	// redisledger: invalid prefix "app{1}:"
}
